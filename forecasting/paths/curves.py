"""How the probability that an event has happened rises over time, with its epistemic interval."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from forecasting.paths.questions import epistemic_draws
from forecasting.paths.simulate import Paths


@dataclass(frozen=True)
class Curves:
    """P(T ≤ t) of every event: the mean over draws ``p`` and the bounds ``low`` and ``high`` of an interval.

    All three have dims (event, grid); ``grid`` (grid,) is in years from the as-of date.
    """

    grid: np.ndarray
    p: np.ndarray
    low: np.ndarray
    high: np.ndarray

    def __repr__(self) -> str:
        events, days = self.p.shape
        return f"<Curves of {events} events at {days} days up to {self.grid[-1]:.2f} years; .grid, .p, .low, .high>"


def curves_of(paths: Paths, interval: float) -> Curves:
    """Return the curves of all events, with the central interval of that probability over draws.

    The spread that a finite number of paths adds is taken out, as it is for answers (`epistemic_draws`). An event that has
    happened goes from 0 to 1 on its day.
    """
    world = paths.world
    found = np.empty((3, len(world.event_ids), len(paths.grid)))
    for k, occurred in enumerate(world.occurred):
        if np.isfinite(occurred):
            found[:, k] = occurred <= paths.grid
        else:
            p = 1 - paths.survival[:, k, :]
            found[0, k] = p.mean(axis=0)
            known = np.clip(epistemic_draws(p, paths.survival_noise[None, k]), 0, 1)
            found[1:, k] = np.quantile(known, [(1 - interval) / 2, (1 + interval) / 2], axis=0)
    return Curves(paths.grid, *found)


def chances_by(curve: Sequence[tuple[dt.date, float]], days: Sequence[dt.date]) -> np.ndarray:
    """Return P(an event by each of some days) from the curve that the event network gives, by straight lines between its days.

    Examples
    --------
    >>> begin, end = dt.date(2025, 1, 1), dt.date(2025, 1, 11)
    >>> chances_by([(begin, 0.0), (end, 0.2)], [dt.date(2025, 1, 6), end]).tolist()
    [0.1, 0.2]
    """
    known, p = zip(*curve, strict=True)
    return np.interp([day.toordinal() for day in days], [day.toordinal() for day in known], p)
