"""What a series' log level is made of: levels, trend, steps, season and registers, each a column with a normal prior."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

from forecasting.dossier.counts import Around, Series, Shift
from forecasting.dossier.edition import EditionDossier
from forecasting.models.counts.kernel import SHARES, covariance, season, share_after, trend
from forecasting.models.counts.readings import years


@dataclass(frozen=True)
class Design:
    """The columns of one series, and the moments at which its level is set anew; times in years since it starts.

    Parameters
    ----------
    anew : tuple of float
        When a level of its own begins.
    steps : tuple of float
        When the level is multiplied, one column each.
    mean, sd : ndarray
        Prior of the coefficients: a level for each stretch between moments of ``anew``, the trend, the steps, the waves of a
        season, the registers.
    bend : float
        From when on the trend is damped: the as-of date.
    open_ : tuple of Shift
        Changes at events that have not happened: no reading knows them, and simulation draws them.
    """

    series: Series
    anew: tuple[float, ...]
    steps: tuple[float, ...]
    registers: tuple[str, ...]
    mean: np.ndarray
    sd: np.ndarray
    bend: float
    open_: tuple[Shift, ...]

    def columns(self, a: np.ndarray, b: np.ndarray, registers: tuple[str, ...] = ()) -> np.ndarray:
        """Return the columns for periods, counted by some registers if these are readings (period, coefficient)."""
        edges = np.array([0.0, *self.anew, np.inf])
        stretch = np.searchsorted(edges, (a + b) / 2, side="right") - 1
        levels = (stretch[:, None] == np.arange(len(self.anew) + 1)[None, :]).astype(float)
        course = trend(a, b, self.bend, self.series.drift.half_life_years)
        origin = np.array([0.0, *self.anew])[np.clip(stretch, 0, len(self.anew))]
        steps = [share_after(a, b, moment) for moment in self.steps]
        waves = [season(a, b)] if self.series.season else []
        counted = [np.array([float(one == name) for one in registers]) for name in self.registers] if registers else []
        counted = counted or [np.zeros(a.size) for _ in self.registers]
        return np.column_stack([levels, course - origin, *steps, *waves, *counted])

    def wander(self, a: np.ndarray, b: np.ndarray, c: np.ndarray, d: np.ndarray) -> np.ndarray:
        """Return the covariance of the wander, for σ = 1, between periods."""
        return covariance(a, b, c, d, list(self.anew))


def design_of(series: Series, case: EditionDossier) -> Design:
    """Return the design of a series in an edition: the shifts that are known on its date."""
    anew: list[tuple[float, Around]] = []
    steps: list[tuple[float, Around]] = []
    open_: list[Shift] = []
    for shift in series.shifts:
        if shift.event and not (day := happened_on(case, shift.event)):
            open_ += [shift] if shift.event in case.event_ids else []
            continue
        begins = shift.on or day
        assert begins
        if (shift.known_on or begins) > case.as_of:
            continue
        around = shift.becomes or shift.times
        assert around
        (anew if shift.becomes else steps).append((years(series.starts_on, begins), around))
    anew.sort(key=lambda pair: pair[0])
    levels = [series.level, *(around for _, around in anew)]
    priors = [(np.log(one.median), one.spread) for one in levels] + [(series.drift.mean, series.drift.spread)]
    priors += [(np.log(around.median), around.spread) for _, around in steps]
    if series.season:
        priors += [(0.0, series.season.spread * np.sqrt(share)) for share in SHARES for _ in ("cosine", "sine")]
    priors += [(0.0, one.spread) for one in series.registers]
    mean, sd = (np.array(values, dtype=float) for values in zip(*priors, strict=True))
    return Design(
        series, tuple(moment for moment, _ in anew), tuple(moment for moment, _ in steps),
        tuple(one.id for one in series.registers), mean, sd, years(series.starts_on, case.as_of), tuple(open_),
    )  # fmt: skip


def happened_on(case: EditionDossier, event: str) -> dt.date | None:
    """Return the day on which an event happened, as far as the edition knows."""
    days = [row.on for row in case.dossier.history if row.event == event and row.what == "occurred" and row.on <= case.as_of]
    return min(days) if days else None
