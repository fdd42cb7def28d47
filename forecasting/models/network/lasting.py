"""How long effects and signals act, and how much of them is left: dates on which they begin and end, and half-lives.

What fades keeps 2^{−n/4} of its log ratio after n quarters of its half-life, and nothing after twenty, as in simulated paths
(`forecasting.paths.following`).
"""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import dataclass

import numpy as np

from forecasting.dossier.effects import Effect
from forecasting.dossier.status import DAYS_PER_YEAR

FADED = 20
LEVELS = 2.0 ** (-np.arange(FADED) / 4)
CAUSES = 64  # times of an unknown cause at which what is left is averaged
NEVER = dt.date.max


@dataclass(frozen=True)
class Lasting:
    """When something acts: not before ``begins_on``, not from ``until`` on, and with what half-life in years, if any."""

    begins_on: dt.date | None = None
    until: dt.date | None = None
    half_life_years: float | None = None

    @property
    def always(self) -> bool:
        """Whether it acts in full from its cause on for good."""
        return self == Lasting()

    def changes(self, cause_on: dt.date) -> list[tuple[dt.date, float]]:
        """Return the days from which on what is left of it holds, in order; before the first it does not act.

        Examples
        --------
        >>> Lasting(until=dt.date(2025, 3, 1), half_life_years=0.5).changes(dt.date(2025, 1, 1))[:2]
        [(datetime.date(2025, 1, 1), 1.0), (datetime.date(2025, 2, 16), 0.8408964152537145)]
        """
        start, end = max(cause_on, self.begins_on or cause_on), self.until or NEVER
        if start >= end:
            return []
        found = [(start, 1.0)]
        if self.half_life_years:
            quarter = self.half_life_years * DAYS_PER_YEAR / 4
            days = [start + dt.timedelta(days=round(n * quarter)) for n in range(1, FADED + 1)]
            found += [(day, 2.0 ** (-n / 4) if n < FADED else 0.0) for n, day in enumerate(days, start=1) if day < end]
        return [*found, (end, 0.0)] if self.until else found

    def left_on(self, cause_on: dt.date, day: dt.date) -> float:
        """Return what is left of it on a day."""
        return next((left for since, left in reversed(self.changes(cause_on)) if since <= day), 0.0)

    def mean(self, cause_on: dt.date, start: dt.date, end: dt.date) -> float:
        """Return what is left of it between two days in the mean.

        Examples
        --------
        Half of a year at full strength, the other half without it:

        >>> day = dt.date
        >>> round(Lasting(until=day(2025, 7, 2)).mean(day(2025, 1, 1), day(2025, 1, 1), day(2026, 1, 1)), 3)
        0.499
        """
        if end <= start:
            return self.left_on(cause_on, start)
        inside = [(max(day, start), left) for day, left in self.changes(cause_on) if day < end]
        days = [*(day for day, _ in inside[1:]), end] if inside else []
        return sum(left * (until - day).days for (day, left), until in zip(inside, days, strict=True)) / (end - start).days


def lasting_of(effect: Effect) -> Lasting:
    """Return when an effect acts."""
    return Lasting(effect.begins_on, effect.until, effect.half_life_years)


def levels_over(
    lasting: Lasting, known_on: dt.date | None, first: dt.date, opens_on: dt.date, years: float
) -> np.ndarray:
    """Return for which shares of the time after its cause, within its target's horizon, an effect has which level (level,).

    The levels are `LEVELS`, from full strength on; what is missing to one is time without the effect.

    Parameters
    ----------
    known_on : date, optional
        The day on which the cause is known to have happened, if it had when the target opened.
    first : date
        Else the first day on which it can; it is taken as equally likely on all days after it.
    opens_on, years
        The target's horizon.
    """
    if lasting.always:
        return np.eye(1, FADED)[0]
    end = opens_on + dt.timedelta(days=round(years * DAYS_PER_YEAR))
    start = opens_on if known_on else max(first, opens_on)
    step = (end - start).days / CAUSES
    days = [known_on] if known_on else [start + dt.timedelta(days=round((i + 0.5) * step)) for i in range(CAUSES)]
    found, whole = np.zeros(FADED), 0
    for day in days:
        begin = max(day, start)
        whole += max((end - begin).days, 0)
        turns = [*lasting.changes(day), (end, 0.0)]
        for (since, left), (until, _) in itertools.pairwise(turns):
            if left > 0:
                found[round(-4 * np.log2(left))] += max((min(until, end) - max(since, begin)).days, 0)
    return found / max(whole, 1)
