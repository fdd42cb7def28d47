"""Trace an outcome of any model back to what was read: each claim with its numbers and what it moved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from forecasting.dossier.edition import lookup
from forecasting.inference.noticeable import noticeable

if TYPE_CHECKING:
    import pandas as pd

    from forecasting.fitting.model_fit import ModelFit


def amount(value: float) -> str:
    """Return a number that was read: a whole one whole, another to three digits.

    Examples
    --------
    >>> amount(12345.0), amount(0.3312)
    ('12,345', '0.331')
    """
    return f"{value:,.0f}" if value == round(value) else f"{value:.3g}"


def reading_words(read: Any) -> str:
    """Return what one row of a model's readings says."""
    spread = f" ± {amount(read.spread)}" if read.spread else ""
    return f"on {read.about}: {amount(read.location)}{spread} {read.unit}, {read.reads}"


def moved_words(change: Any) -> str:
    """Return how far one row of `leave_one_out` says that an answer moves."""
    return f"{100 * change.change:+.2f} ± {100 * change.mcse:.2f} points, by {change.how}"


def trace_outcome(fit: ModelFit, outcome: str, influence: pd.DataFrame) -> str:
    """Return an outcome's probability, the gate's verdict, and the claims behind it, those that move it most first.

    Parameters
    ----------
    outcome : str
        ``question:outcome``, as in ``fit.outcomes``.
    influence : DataFrame
        From `forecasting.analysis.leave_one_out.leave_one_out`.

    Raises
    ------
    UsageError
        If the fit has no such outcome; near ones are named.
    """
    row = lookup({one.outcome: one for one in fit.table().itertuples()}, outcome, "outcome of this fit")
    lines = [
        f"{outcome}  {100 * row.p:.1f} %  (90 % interval {100 * row.low:.0f} to {100 * row.high:.0f} %, "
        f"MCSE {100 * row.mcse:.2f} points)",
        f"  model {fit.model.name}, seed {fit.random_seed}; {fit.gate.mark.words}",
    ]
    readings, moved = fit.model.readings(fit.inputs), influence[influence["outcome"] == outcome]
    for change in moved.iloc[moved["change"].abs().argsort()[::-1]].itertuples():
        for read in readings[readings["claim"] == change.claim].itertuples():
            lines.append(f"  {change.claim} {reading_words(read)}")
        by, counts = moved_words(change), noticeable(change.change, change.mcse)
        lines.append(f"    moves the answer by {by}" if counts else f"    moves the answer by nothing noticeable ({by})")
    return "\n".join(lines)
