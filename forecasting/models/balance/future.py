"""Levels after the as-of date: many futures of standardised steps, shared by all draws, which scale them by their own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import xarray as xr
from scipy.special import ndtr

from forecasting.dossier.balances import Balance
from forecasting.dossier.observed import Observed
from forecasting.models.balance.levels import Drawn, student
from forecasting.paths.curves import chances_by

FUTURES, PER_DRAW = 4096, 16


@dataclass(frozen=True)
class Sums:
    """Sums of standardised steps to each day (…, future, day): without the last month's step, and with it."""

    before: np.ndarray
    full: np.ndarray


@dataclass(frozen=True)
class Futures:
    """What simulation leaves for the questions: the draws, and the steps to every day that is asked about.

    ``apart`` (theatre first) sums the steps of deviations with their reversion, ``common`` those that theatres share; ``used``
    (draw, path) says which futures a draw takes; ``seed`` is what they were drawn with. ``chances`` are the curves of events that
    the event network gives, by event: P(happened by a day), day by day; ``sides``, by question, what it says of the sides of an
    index that are events: P(side | draw) and its noise, in its own draws.
    """

    balance: Balance
    draws: Drawn
    phi: float
    tail: float
    last: int
    days: tuple[dt.date, ...]
    apart: Sums
    common: Sums
    used: np.ndarray
    seed: int
    as_of: dt.date
    chances: Mapping[str, Sequence[tuple[dt.date, float]]] = field(default_factory=dict)
    sides: Mapping[str, Mapping[str, tuple[np.ndarray, np.ndarray]]] = field(default_factory=dict)

    def chance(self, event: str | None, by: dt.date) -> float | None:
        """Return P(event by a day) by the event network; None where it was not asked."""
        curve = self.chances.get(event or "", ())
        return float(chances_by(curve, [by])[0]) if curve else None

    def level(self, field: str, day: dt.date, *, before_last: bool = False) -> np.ndarray:
        """Return the level of a field on a day (draw, path), or that without the field's own last step.

        Of the balance at large that is the last step of what its theatres share. Of a day that is past there is one path.
        """
        fields, ahead = self.balance.fields, self.balance.months_to(day) - self.last
        i, draws = fields.index(field), self.draws
        if ahead <= 0:
            return draws.level[:, i, self.last + ahead, None]
        at, at_large = self.days.index(day), i == len(fields) - 1
        common = self.common.before if at_large and before_last else self.common.full
        found = draws.common[:, None] + draws.scale[:, 1:2] * common[self.used, at]
        own = self.apart.before if before_last and not at_large else self.apart.full
        if at_large:
            steps = sum(w[:, None] * one[self.used, at] for w, one in zip(draws.weights.T, own, strict=True))
        else:
            steps = own[i][self.used, at]
        apart = self.phi**ahead * (draws.level[:, i, self.last] - draws.common)[:, None]
        return found + apart + draws.scale[:, :1] * steps

    def above(self, field: str, day: dt.date) -> np.ndarray:
        """Return P(level > 0 | draw, path) (draw, path), the last step integrated; 0 or 1 for a day that is past."""
        level = self.level(field, day, before_last=True)
        if self.balance.months_to(day) <= self.last:
            return (level > 0).astype(float)
        k = 1 if field == self.balance.id else 0
        return ndtr(to_normal(level / self.draws.scale[:, k : k + 1], self.tail))


def to_normal(variate: np.ndarray, tail: float) -> np.ndarray:
    """Return the normal variates that `forecasting.models.balance.levels.student` carries to some of Student's."""
    return np.sign(variate) * np.sqrt(tail * np.log1p(variate**2 / tail)) * (8 * tail + 1) / (8 * tail + 3)


def futures(
    seen: Observed, draws: Drawn, inputs: xr.Dataset, days: Sequence[dt.date], *, random_seed: int,
    chances: Mapping[str, Sequence[tuple[dt.date, float]]] | None = None,
    sides: Mapping[str, Mapping[str, tuple[np.ndarray, np.ndarray]]] | None = None,
) -> Futures:  # fmt: skip
    """Simulate standardised steps of quiet months to every day, and give each draw its paths among them.

    What events will come is not known: the tails of quiet months stand for them.
    """
    balance, (phi, tail) = seen.balance, (float(value) for value in inputs["fixed"].values[:2])
    last, rng = inputs.sizes["month"] - 1, np.random.default_rng(random_seed)
    wanted = tuple(sorted(set(days)))
    ahead = [max(balance.months_to(day) - last, 0) for day in wanted]
    steps = student(rng.standard_normal((len(balance.fields), FUTURES, max([1, *ahead]))), tail)
    apart, common = _sums(steps[:-1], ahead, phi), _sums(steps[-1], ahead, 1.0)
    used = (np.arange(len(draws.level))[:, None] * PER_DRAW + np.arange(PER_DRAW)) % FUTURES
    told = chances or {}, sides or {}
    return Futures(balance, draws, phi, tail, last, wanted, apart, common, used, random_seed, seen.as_of, *told)


def _sums(steps: np.ndarray, ahead: Sequence[int], fade: float) -> Sums:
    """Return the sums over months (…, future, day), a step faded by every month after it."""
    full = np.stack([steps[..., :n] @ fade ** np.arange(n - 1, -1, -1.0) for n in ahead], axis=-1)
    before = np.stack([full[..., j] - (steps[..., n - 1] if n else 0.0) for j, n in enumerate(ahead)], axis=-1)
    return Sums(before, full)
