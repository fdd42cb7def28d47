"""Assumptions: for each, what the fit says of it and whether it is met; they move nothing."""

from __future__ import annotations

import pandas as pd

from forecasting.analysis.registry import columns_of
from forecasting.dossier.assumptions import Assumption, Held
from forecasting.dossier.edition import EditionDossier
from forecasting.fitting.fit import EditionFit
from forecasting.forecasts import error_points
from forecasting.inference.noticeable import noticeable
from forecasting.paths.statements import LEAST_PATHS, Measured, measure

MET, NOT_MET, UNCLEAR, NOT_ASKED = "yes", "no", "unclear", "not asked"


def assumption_table(fit: EditionFit) -> pd.DataFrame:
    """Return what the fit says of each assumption that is held of its edition, and whether it is met.

    Returns
    -------
    DataFrame
        ``p`` is P(p), P(p | given), or the difference of P(p | given) and P(p | than_given), on the paths with all evidence;
        ``mcse`` its Monte Carlo error, ``at_least`` and ``at_most`` what is held of it, ``n_paths`` the paths behind it (under a
        condition those on which it comes true; of two the fewer). ``met`` is *yes* or *no*, or *unclear* where the number lies
        within four errors or 0.05 points of a bound, or fewer than 100 paths are behind it. One that the edition cannot be
        asked is *not asked*, which counts neither way. ``words`` says it in a sentence.
    """
    rows = []
    for assumption in fit.edition.assumptions:
        why = not_asked(fit.edition, assumption)
        found = Measured(float("nan"), float("nan"), 0) if why else measure(fit.paths, assumption.holds)
        met = NOT_ASKED if why else verdict(found, assumption.holds)
        low, high = (float("nan") if bound is None else bound for bound in assumption.holds.bounds)
        words = f"not asked: {why}" if why else in_words(found, assumption.holds, met)
        rows.append((fit.edition.edition.id, assumption.id, found.p, found.mcse, low, high, met, found.n_paths, words))
    return pd.DataFrame(rows, columns=list(columns_of("assumptions")))


def not_asked(edition: EditionDossier, assumption: Assumption) -> str:
    """Return why an edition cannot be asked about an assumption, or nothing."""
    last = max((question.deadline for question in edition.questions), default=edition.as_of)
    return assumption.holds.absent(edition.event_ids) or assumption.holds.outside(edition.as_of, last)


def verdict(found: Measured, held: Held) -> str:
    """Return whether a number is within its bounds, as far as its Monte Carlo error lets one say.

    A bound itself is within: what is exactly as likely as held is met.

    Examples
    --------
    >>> held = Held.model_validate({"p": {"occurs": "rain"}, "by": "2030-01-01", "at_least": 0.9})
    >>> [verdict(Measured(p, 0.01, 1000), held) for p in (0.95, 0.91, 0.85)]
    ['yes', 'unclear', 'no']
    """
    if found.n_paths < LEAST_PATHS:
        return UNCLEAR
    low, high = held.bounds
    inside = [*([found.p - low] if low is not None else []), *([high - found.p] if high is not None else [])]
    if any(room < 0 and noticeable(room, found.mcse) for room in inside):
        return NOT_MET
    return MET if all(room == 0 == found.mcse or (room > 0 and noticeable(room, found.mcse)) for room in inside) else UNCLEAR


def in_words(found: Measured, held: Held, met: str) -> str:
    """Return a verdict in a sentence, with the number, its error and what is held of it."""
    head = {MET: "met", NOT_MET: "not met", UNCLEAR: "unclear"}[met]
    if found.n_paths < LEAST_PATHS:
        return f"{head}: its condition comes true on {found.n_paths} of the paths, too few to say; held is {held}"
    under = f", on {found.n_paths:,} paths of the condition" if held.given is not None else ""
    error = f" ± {error_points(found.mcse)}" if found.mcse else ""
    return f"{head}: {100 * found.p:.1f}{error} {held.unit}{under}; held is {held}"
