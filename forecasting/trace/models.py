"""Trace an outcome of any model back to what was read: each claim with its numbers and what it moved."""

from __future__ import annotations

import numpy as np
import pandas as pd

from forecasting.fitting.model_fit import ModelFit
from forecasting.inference.monte_carlo import mcse


def trace_outcome(fit: ModelFit, outcome: str, influence: pd.DataFrame) -> str:
    """Return an outcome's probability, the gate's verdict, and the claims behind it, those that move it most first.

    Parameters
    ----------
    outcome : str
        ``question:outcome``, as in ``fit.outcomes``.
    influence : DataFrame
        From `forecasting.analysis.leave_one_out.leave_one_out`.
    """
    p = fit.outcomes.sel(outcome=outcome).values
    error = mcse(p.ravel(), fit.length.chains)
    low, high = np.quantile(p, [0.05, 0.95])
    lines = [
        f"{outcome}  {100 * p.mean():.1f} %  (90 % interval {100 * low:.0f} to {100 * high:.0f} %, "
        f"MCSE {100 * error:.2f} points)",
        f"  model {fit.model.name}, seed {fit.random_seed}; {gate_words(fit)}",
    ]
    readings, moved = fit.model.readings(fit.inputs), influence[influence["outcome"] == outcome]
    for row in moved.iloc[moved["change"].abs().argsort()[::-1]].itertuples():
        for read in readings[readings["claim"] == row.claim].itertuples():
            lines.append(f"  {row.claim} on {read.about}: {read.location:.3g} ± {read.spread:.3g} {read.unit}, {read.reads}")
        lines.append(f"    moves the answer by {100 * row.change:+.2f} ± {100 * row.mcse:.2f} points, by {row.how}")
    return "\n".join(lines)


def gate_words(fit: ModelFit) -> str:
    """Return whether the gate lets the numbers of a fit out, and if not, why."""
    failed = [verdict for verdict in fit.gate.verdicts if not verdict.passed]
    said = "; ".join(f"{v.criterion} {v.value:.4g} at {v.worst}, wanted {v.bound}" for v in failed)
    return f"gate BLOCKED: {said}" if failed else "gate passed"
