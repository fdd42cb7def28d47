"""Grades as the model would make them: new data for draws of the parameters, for calibration and predictive checks."""

from __future__ import annotations

import numpy as np
import xarray as xr

from forecasting.dossier.balances import Scale
from forecasting.models.balance.inputs import FAR, NONE
from forecasting.models.balance.levels import Drawn, readings_of


def edges(cuts: tuple[float, ...]) -> np.ndarray:
    """Return the ends of all grades of a scale, rising, with its far ends.

    Examples
    --------
    >>> edges((0.5, 1.5)).tolist()
    [-1000.0, -1.5, -0.5, 0.5, 1.5, 1000.0]
    """
    return np.array([-FAR, *(-cut for cut in reversed(cuts)), *cuts, FAR])


def replicated(draws: Drawn, inputs: xr.Dataset, scale: Scale, rng: np.random.Generator) -> list[xr.Dataset]:
    """Return inputs with new grades, once for every draw.

    A reading falls into a grade, or, as often as slips occur, any grade is drawn. One of the two coders, nobody knows which,
    writes it down; the other writes any grade. That is what the mean of two likelihoods says.
    """
    mean, sd = readings_of(draws, inputs)
    reading = rng.normal(mean, sd)
    slips = rng.random(reading.shape) < float(inputs["fixed"].values[2])
    is_level = inputs["obs_index"].values[:, 2] == NONE
    bounds = np.repeat(inputs["obs_bounds"].values[None], len(reading), axis=0)
    for n, level in enumerate(is_level):
        ends = edges(scale.level if level else scale.change)
        grades = len(ends) - 1
        hit = np.clip(np.searchsorted(ends, reading[:, n]) - 1, 0, grades - 1)
        hit = np.where(slips[:, n], rng.integers(grades, size=len(hit)), hit)
        other, first = rng.integers(grades, size=len(hit)), rng.random(len(hit)) < 0.5
        for column, grade in ((0, np.where(first, hit, other)), (2, np.where(first, other, hit))):
            bounds[:, n, column], bounds[:, n, column + 1] = ends[grade], ends[grade + 1]
    return [inputs.assign(obs_bounds=inputs["obs_bounds"].copy(data=one)) for one in bounds]


def tail_probabilities(draws: Drawn, inputs: xr.Dataset, scale: Scale, rng: np.random.Generator) -> np.ndarray:
    """Return, per observation, how probable a grade at least as far to its side is: two-sided prior predictive tails.

    Draws are of the prior. Read 0.001 as: one in a thousand worlds of the prior has so extreme a grade.
    """
    many = np.stack([one["obs_bounds"].values for one in replicated(draws, inputs, scale, rng)])
    middle, seen = (np.clip(values, -5, 5)[..., :4].mean(axis=-1) for values in (many, inputs["obs_bounds"].values))
    return np.minimum(1.0, 2 * np.minimum((middle <= seen).mean(axis=0), (middle >= seen).mean(axis=0)))
