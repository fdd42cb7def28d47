"""Facts as likelihood ratios: those that claims report, and the signals of the history."""

from __future__ import annotations

import math

from forecasting.dossier.claims import Claim
from forecasting.dossier.edition import Dossier
from forecasting.dossier.events import HistoryRow
from forecasting.elicitation.both_worlds import BothWorlds, read_both_worlds
from forecasting.elicitation.grades import LogRatio, grade_row, graded, ratio_spread, reported_strength, scale_citation, strength
from forecasting.elicitation.numbers import Number

LIKELIHOOD_RATIO = "log likelihood ratio"


def read_fact(dossier: Dossier, claim: Claim) -> Number:
    """Return the log likelihood ratio of a reported fact, from the words for both worlds or from its grade.

    See `forecasting.elicitation.both_worlds.read_both_worlds` and `forecasting.elicitation.grades.reported_strength`.
    """
    if seen := read_seen_if(dossier, claim):
        fact, said, why = seen.ratio, str(seen), seen.citation
    else:
        fact = strength(dossier.grades, claim.grade or "", claim.direction or "")
        said = f"a {claim.grade} sign (×{math.exp(abs(fact.mean)):g}) that {claim.direction} it"
        why = claim.grade_why or scale_citation(dossier.grades, "strength")
    ratio, truth = reported_strength(dossier.grades, claim, fact), grade_row(dossier.grades, "truth", claim.credibility).value
    read = f"{said}; true with probability {truth:g} → ×{math.exp(ratio.mean):.2g}; {graded(claim)}{lasting_words(claim)}"
    about = claim.target.event or ()
    return Number("fact", claim.id, (claim.id,), about, ratio.mean, ratio.sd, LIKELIHOOD_RATIO, read, why, fact.sd)


def read_seen_if(dossier: Dossier, record: Claim | HistoryRow) -> BothWorlds | None:
    """Return how likely a fact or a signal would be seen in both worlds, or None for one that has a grade or a ratio."""
    if record.seen_if is None or record.lexicon is None:
        return None
    return read_both_worlds(record.seen_if, dossier.lexicons[record.lexicon], record.lexicon)


def read_signal(dossier: Dossier, row: HistoryRow) -> tuple[LogRatio, str]:
    """Return the log likelihood ratio of a signal of the history, and how it is read."""
    if seen := read_seen_if(dossier, row):
        return seen.ratio, f"{seen}{lasting_words(row)}"
    assert row.likelihood_ratio is not None
    read = f"a likelihood ratio of {row.likelihood_ratio:g}, with the spread between the grades beside it{lasting_words(row)}"
    return ratio_spread(dossier.grades, row.likelihood_ratio), read


def signal_words(dossier: Dossier, row: HistoryRow) -> str:
    """Return how strong a signal of the history is, as its table, traces and reports say it."""
    seen = read_seen_if(dossier, row)
    return f"{seen or f'×{row.likelihood_ratio:g}'}{lasting_words(row)}"


def lasting_words(record: Claim | HistoryRow) -> str:
    """Return for how long a fact acts where its record says so; nothing for one that acts for its event's reference horizon."""
    words = f", until {record.until}" if record.until else ""
    return words + (f", half as much every {record.half_life_years:g} years" if record.half_life_years else "")
