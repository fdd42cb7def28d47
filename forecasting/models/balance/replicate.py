"""Grades as the model would make them: new data for draws of the parameters, for calibration and predictive checks."""

from __future__ import annotations

import numpy as np
import xarray as xr

from forecasting.dossier.balances import Scale
from forecasting.models.balance.inputs import NONE, ends_of
from forecasting.models.balance.levels import Drawn, readings_of


def replicated(draws: Drawn, inputs: xr.Dataset, scale: Scale, rng: np.random.Generator) -> list[xr.Dataset]:
    """Return inputs with new grades, once for every draw.

    What an observation at large is of is one of the theatres, by their weights. Of a level a coder writes the grade into which
    the reading falls; of a gain, whether it is as much as he has in mind, which nothing of this tells; of a change to nobody,
    on which side of *neither* it lies, or there. One of the two coders, nobody knows which, writes down what he reads; the other
    writes anything, and of a slip both do. That is what the mean of two likelihoods and a slip's share of all grades say: where
    one coder has fewer things to choose from, the other is the likelier one to read, and slips are as much rarer.
    """
    field, n_theatres = inputs["obs_index"].values[:, 0], draws.weights.shape[1]
    drawn = rng.random((len(draws.level), len(field), 1)) > draws.weights.cumsum(axis=1)[:, None, :-1]
    meant = np.where(field == n_theatres, drawn.sum(axis=2), field)
    mean, sd = readings_of(draws, inputs, meant)
    reading = rng.normal(mean, sd)
    slip = float(inputs["fixed"].values[2])
    is_level = inputs["obs_index"].values[:, 2] == NONE
    bounds = np.repeat(inputs["obs_bounds"].values[None], len(reading), axis=0)
    for n, level in enumerate(is_level):
        written = [ends_of(bounds[0, n, c], bounds[0, n, c + 1], scale.level if level else ()) for c in (0, 2)]
        grades = [len(ends) - 1 for ends in written]
        any_of_both = slip * grades[0] * grades[1] / bounds[0, n, 5]
        slips = rng.random(len(reading)) < any_of_both / (any_of_both + (1 - slip) * sum(grades) / 2)
        first = rng.random(len(reading)) < grades[1] / sum(grades)
        for c, ends in enumerate(written):
            hit = np.clip(np.searchsorted(ends, reading[:, n]) - 1, 0, grades[c] - 1)
            grade = np.where(slips | (first != (c == 0)), rng.integers(grades[c], size=len(hit)), hit)
            bounds[:, n, 2 * c], bounds[:, n, 2 * c + 1] = ends[grade], ends[grade + 1]
    return [inputs.assign(obs_bounds=inputs["obs_bounds"].copy(data=one)) for one in bounds]


def tail_probabilities(draws: Drawn, inputs: xr.Dataset, scale: Scale, rng: np.random.Generator) -> np.ndarray:
    """Return, per observation, how probable a grade at least as far to its side is: two-sided prior predictive tails.

    Draws are of the prior. Read 0.001 as: one in a thousand worlds of the prior has so extreme a grade.
    """
    many = np.stack([one["obs_bounds"].values for one in replicated(draws, inputs, scale, rng)])
    middle, seen = (np.clip(values, -5, 5)[..., :4].mean(axis=-1) for values in (many, inputs["obs_bounds"].values))
    return np.minimum(1.0, 2 * np.minimum((middle <= seen).mean(axis=0), (middle >= seen).mean(axis=0)))
