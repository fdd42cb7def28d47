"""Levels after the as-of date: many futures of standardised steps, shared by all draws, which scale them by their own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import xarray as xr

from forecasting.dossier.balances import Balance
from forecasting.dossier.observed import Observed
from forecasting.models.balance.levels import Drawn, student
from forecasting.paths.curves import chances_by

FUTURES, PER_DRAW = 4096, 16


@dataclass(frozen=True)
class Futures:
    """What simulation leaves for the questions: the draws, and the steps to every day that is asked about.

    ``apart`` (theatre, future, day) sums the steps of deviations with their reversion, ``common`` (future, day) those that
    theatres share; ``used`` (draw, path) says which futures a draw takes; ``seed`` is what they were drawn with.
    ``even`` is how far *even* reaches to either side, in steps. ``chances`` are the curves of events that
    the event network gives, by event: P(happened by a day), day by day; ``sides``, by question, what it says of the sides of an
    index that are events: P(side | draw) and its noise, in its own draws.
    """

    balance: Balance
    draws: Drawn
    phi: float
    even: float
    last: int
    days: tuple[dt.date, ...]
    apart: np.ndarray
    common: np.ndarray
    used: np.ndarray
    seed: int
    as_of: dt.date
    chances: Mapping[str, Sequence[tuple[dt.date, float]]] = field(default_factory=dict)
    sides: Mapping[str, Mapping[str, tuple[np.ndarray, np.ndarray]]] = field(default_factory=dict)

    def chance(self, event: str | None, by: dt.date) -> float | None:
        """Return P(event by a day) by the event network; None where it was not asked."""
        curve = self.chances.get(event or "", ())
        return float(chances_by(curve, [by])[0]) if curve else None

    def level(self, field: str, day: dt.date) -> np.ndarray:
        """Return the level of a field on a day (draw, path); of a day that is past there is one path."""
        fields, ahead = self.balance.fields, self.balance.months_to(day) - self.last
        i, draws = fields.index(field), self.draws
        if ahead <= 0:
            return draws.level[:, i, self.last + ahead, None]
        at = self.days.index(day)
        found = draws.common[:, None] + draws.scale[:, 1:2] * self.common[self.used, at]
        if i == len(fields) - 1:
            steps = sum(w[:, None] * one[self.used, at] for w, one in zip(draws.weights.T, self.apart, strict=True))
        else:
            steps = self.apart[i][self.used, at]
        apart = self.phi**ahead * (draws.level[:, i, self.last] - draws.common)[:, None]
        return found + apart + draws.scale[:, :1] * steps

    def ahead(self, field: str, actor: str, day: dt.date) -> np.ndarray:
        """Return P(an actor is ahead | draw, path) (draw, path)."""
        return beyond_line(self.balance.sign(actor) * self.level(field, day), self.even)


def beyond_line(level: np.ndarray, even: float) -> np.ndarray:
    """Return P(level beyond the line between the two), which runs somewhere in *even*, as likely here as there.

    Who is *somewhat* ahead is ahead. Where *even* ends and *ahead* begins nobody has said, and no grade tells; on every day
    and for both it is the same line.

    Examples
    --------
    >>> beyond_line(np.array([-2.0, -0.5, 0.0, 0.25, 0.5]), 0.5).tolist()
    [0.0, 0.0, 0.5, 0.75, 1.0]
    """
    return np.clip(0.5 + level / (2 * even), 0.0, 1.0)


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
    even = float(inputs["fixed"].sel(constant="even_spread"))
    used = (np.arange(len(draws.level))[:, None] * PER_DRAW + np.arange(PER_DRAW)) % FUTURES
    told = chances or {}, sides or {}
    return Futures(balance, draws, phi, even, last, wanted, apart, common, used, random_seed, seen.as_of, *told)


def _sums(steps: np.ndarray, ahead: Sequence[int], fade: float) -> np.ndarray:
    """Return the sums over months (…, future, day), a step faded by every month after it."""
    return np.stack([steps[..., :n] @ fade ** np.arange(n - 1, -1, -1.0) for n in ahead], axis=-1)
