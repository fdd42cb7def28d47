"""Levels and likelihood of posterior draws, draws chain by chain."""

from __future__ import annotations

import weakref
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import xarray as xr
from scipy.special import ndtr

from forecasting.models.balance.fused import every_draw
from forecasting.models.balance.inputs import ALONE, ANCHOR, NONE
from forecasting.models.balance.layout import FREE


@dataclass(frozen=True)
class Drawn:
    """What draws say: levels (draw, field, month), scales (draw, scale), offsets (draw, group) with *nobody* first.

    ``weights`` (draw, theatre) say how much each theatre counts in the balance at large, the last of the fields. ``common``
    (draw,) is what the theatres share in the last month. ``kept`` holds what is computed once of the draws: leaving one
    observation out after another asks for the same things again.
    """

    level: np.ndarray
    common: np.ndarray
    scale: np.ndarray
    speaker: np.ndarray
    origin: np.ndarray
    weights: np.ndarray
    kept: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)


_known: dict[int, tuple[weakref.ref[np.ndarray], Drawn]] = {}  # by the array of the draws, as long as somebody holds it


def drawn(posterior: xr.Dataset, inputs: xr.Dataset) -> Drawn:
    """Return levels and scales of all draws, from the variables on the sampler's own scale; of the same draws once."""
    values = posterior["step_unit"].values
    found = _known.get(id(values))
    if found is None or found[0]() is not values:
        key = id(values)
        found = weakref.ref(values, lambda _: _known.pop(key, None)), _drawn(posterior, inputs)
        _known[key] = found
    return found[1]


def _drawn(posterior: xr.Dataset, inputs: xr.Dataset) -> Drawn:
    n = posterior.sizes["chain"] * posterior.sizes["draw"]
    points = np.concatenate([posterior[name].values.reshape(n, -1) for name in FREE], axis=1)
    kinds, scales, starts, fixed = (inputs[name].values for name in ("step_kind", "scale_prior", "start_prior", "fixed"))
    level, shared, scale, weights = every_draw(points, kinds, scales, starts, fixed, inputs.sizes["month"])
    speaker, origin = (posterior[f"{name}_offset"].values.reshape(n, -1) for name in ("speaker", "origin"))
    return Drawn(level, shared, scale, speaker, origin, weights)


def student(unit: np.ndarray, tail: float) -> np.ndarray:
    """Return Student's variates at the quantiles of normal ones, as `forecasting.models.balance.build.student`."""
    return np.sign(unit) * np.sqrt(tail * np.expm1(((8 * tail + 3) / (8 * tail + 1) * unit) ** 2 / tail))


def log_likelihood(draws: Drawn, inputs: xr.Dataset) -> np.ndarray:
    """Return log p(grades | draw) (draw, observation), zero for those that are left out."""
    if "log_likelihood" not in draws.kept:
        draws.kept["log_likelihood"] = _of_all(draws, inputs)
    return inputs["weight"].values * draws.kept["log_likelihood"]


def _of_all(draws: Drawn, inputs: xr.Dataset) -> np.ndarray:
    bounds, slip = inputs["obs_bounds"].values, float(inputs["fixed"].values[2])
    field, hit = inputs["obs_index"].values[:, 0], np.zeros((len(draws.level), len(bounds)))
    at_large = field == draws.weights.shape[1]
    for i, weight in enumerate(draws.weights.T):
        at = np.flatnonzero(at_large | (field == i))
        some = inputs.isel(observation=at)
        mean, sd = readings_of(draws, some, np.full(len(at), i))
        inside = sum(0.5 * (ndtr((some_high - mean) / sd) - ndtr((some_low - mean) / sd))
                     for some_low, some_high in (bounds[at, :2].T, bounds[at, 2:4].T))  # fmt: skip
        hit[:, at] += np.where(at_large[at], weight[:, None], 1.0) * inside
    return np.log((1 - slip) * hit + slip / bounds[:, 5])


def readings_of(draws: Drawn, inputs: xr.Dataset, theatre: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return mean and standard deviation of the latent reading of every observation (draw, observation).

    ``theatre`` says which theatre each of them is of, in all draws or draw by draw.
    """
    _, month, start, kind, speaker, origin = inputs["obs_index"].values.T
    draw = np.arange(len(draws.level))[:, None]
    mean = draws.level[draw, theatre, month] - np.where(start == NONE, 0.0, draws.level[draw, theatre, np.maximum(start, 0)])
    variance = np.broadcast_to(inputs["obs_bounds"].values[:, 4], mean.shape).copy()
    for group, offset, k in ((speaker, draws.speaker, 5), (origin, draws.origin, 6)):
        spread = draws.scale[:, k : k + 1]
        mean = mean + np.where(group >= 0, spread * offset[:, np.maximum(group, -1) + 1], 0.0)
        variance += np.where(group == ALONE, spread**2, 0.0)
    base = np.where(kind == ANCHOR, inputs["fixed"].values[3], draws.scale[:, 3 + np.minimum(kind, 1)])
    return mean, np.sqrt(variance + base**2)
