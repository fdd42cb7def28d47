"""A judgement never argues against its own direction: leaving out a floor never raises its event, nor a ceiling lowers it.

On 200 events drawn at random the posterior is integrated on a grid, so that not even Monte Carlo error is in the way.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from forecasting.models.network.likelihood import log_reading
from forecasting.models.network.readings import ReadingErrors, Readings

GRID = np.linspace(-9.0, 4.0, 2001)  # of the log cumulative hazard


def chance(log_density: np.ndarray) -> float:
    """Return P(event) under an unnormalised log density of its log cumulative hazard on the grid."""
    weight = np.exp(log_density - log_density.max())
    return float(weight @ -np.expm1(-np.exp(GRID)) / weight.sum())


def test_200_random_events_never_move_against_what_was_said_of_them() -> None:
    rng, against, levels = np.random.default_rng(20241213), 0, 0
    for _ in range(200):
        n = int(rng.integers(1, 6))
        events, exposure = rng.uniform(0.5, 8), rng.uniform(2, 80)
        prior = events * GRID - exposure * np.exp(GRID)  # Gamma of the class, over one year
        side = rng.choice([-1.0, 1.0], n)
        rows = Readings(
            tuple(map(str, range(n))), rng.normal(-1, 1.5, n), rng.uniform(0.2, 1.2, n), side, rng.uniform(0, 6, n),
            np.zeros(n, dtype=int), np.zeros(n, dtype=int),
        )  # fmt: skip
        sds = [np.array([[abs(rng.normal(0, scale))]]) for scale in (0.2, 0.35, 0.4, 0.4)]
        errors = ReadingErrors(*sds, np.zeros((1, 1)), np.zeros((1, 1)))
        expected = np.repeat(GRID[:, None], n, axis=1)
        read, as_levels = (log_reading(replace(rows, side=s), expected, errors) for s in (side, 0 * side))
        full = chance(prior + read.sum(axis=1))
        for i in range(n):
            others = prior + np.delete(read, i, axis=1).sum(axis=1)
            without = chance(others)
            against += (full - without) * side[i] < -1e-9
            levels += (chance(others + as_levels[:, i]) - without) * side[i] < -1e-9
    assert against == 0
    assert levels > 100  # read as levels, many of the same words would: the test can fail
