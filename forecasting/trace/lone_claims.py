"""Answers that a single claim takes far beyond what counted cases say: a warning, and what an analyst can look at.

A claim is meant to move an answer. It is worth a second look where three things come together (docs/reading-a-report.md argues
the numbers):

- between the answer without it and the answer lie more than 20 points, or more than two bands of ICD 203, their own included;
- with it the odds are more than three times those that the counted class alone gives, or less than a third of them;
- it moves the answer away from the class: one that brings it back is no reason for alarm.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from forecasting.forecasts import likelihood_words, percent
from forecasting.runs.store import Run
from forecasting.runs.tables import number_in
from forecasting.standards.tables import ICD_203

MOST_BANDS, MOST_POINTS, MOST_FACTOR = 2, 0.2, 3.0
TINY = 1e-9  # twenty points are not more than twenty, however a computer writes them
LOOK = "look again at how its sentence is read, at its grades, and whether a second source says the same"


@dataclass(frozen=True)
class LoneClaim:
    """One answer and the claim that takes it far from its class; ``outcome`` is a title, empty of a plain yes."""

    question: str
    title: str
    outcome: str
    claim: str
    p: float
    p_without: float
    base_p: float

    @property
    def numbers(self) -> str:
        """What the claim does, as the end of a sentence."""
        return f"from {percent(self.p_without)} to {percent(self.p)}, where counted cases alone say {percent(self.base_p)}"

    @property
    def line(self) -> str:
        """What a terminal says of it: the answer, the claim, and what to look at."""
        of = f" ({self.outcome})" if self.outcome else ""
        found = f"{self.question}{of}: one claim, {self.claim}, takes it {self.numbers}"
        return f"{found}; {LOOK} (forecast trace {self.claim})"


def lone_claims(run: Run) -> tuple[LoneClaim, ...]:
    """Return the answers of a run that one claim takes far from their class, the furthest moved first; each question once.

    Parameters
    ----------
    run : Run
        What each claim moves stands in its table ``influence``; a run without one, as a draft may be, has none.

    Returns
    -------
    tuple of LoneClaim
        *How to read it:* not that the answer is wrong, but that it is as good as one sentence and one reading of it.
    """
    outcomes = {(one.question, outcome.id): (one, outcome) for one in run.forecasts for outcome in one.outcomes}
    told = [(number_in(row.p), number_in(row.p_without), row) for row in run.rows("influence")]
    rows = [(p, without, row) for p, without, row in told if not math.isnan(p - without)]
    found: dict[str, LoneClaim] = {}
    for p, given, row in sorted(rows, key=lambda one: (-abs(one[0] - one[1]), one[2].claim)):
        forecast, outcome = outcomes[row.question, row.outcome]
        # a number without a claim is the answer less a weighted change, and may end a hair outside of what a probability can be
        without, base = min(max(given, 0.0), 1.0), outcome.base_p
        if forecast.question not in found and carried_far(p, without, base):
            title = "" if forecast.kind == "yes/no" and outcome.id == "yes" else outcome.title
            found[forecast.question] = LoneClaim(forecast.question, forecast.title, title, row.claim, p, without, base)
    return tuple(found.values())


def carried_far(p: float, p_without: float, base_p: float) -> bool:
    """Return whether one claim takes an answer from ``p_without`` to ``p`` and so far from its class (``base_p``).

    Examples
    --------
    From "very unlikely" to "likely", where 8 % of counted cases came out so; and the same change back to the class:

    >>> carried_far(0.60, 0.12, 0.08), carried_far(0.12, 0.60, 0.08)
    (True, False)

    Twenty-one points, but the class allows it: odds of 1.17 to 0.47 are 2.5 times as much.

    >>> carried_far(0.54, 0.33, 0.32)
    False
    """
    moved = abs(p - p_without) > MOST_POINTS + TINY or 1 + abs(band_of(p) - band_of(p_without)) > MOST_BANDS
    high, low = max(p, base_p), min(p, base_p)
    outside = high * (1 - low) > MOST_FACTOR * low * (1 - high)
    return moved and outside and (p - p_without) * (p - base_p) > 0


def band_of(p: float) -> int:
    """Return the place of a probability among the seven bands of ICD 203, whichever standard an edition is told in.

    Examples
    --------
    >>> band_of(0.02), band_of(0.5), band_of(0.97)
    (0, 3, 6)
    """
    return [band.words for band in ICD_203.bands].index(likelihood_words(p, ICD_203.id))
