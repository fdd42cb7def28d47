"""Simulation-based calibration of the count model, with faults planted in what is refitted."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import xarray as xr

from forecasting.dossier.edition import EditionDossier
from forecasting.inference.sample import Length, sample
from forecasting.inference.sbc_ranks import Calibration, judge_ranks, random_tie_ranks
from forecasting.models.counts.build import reading_log_likelihood
from forecasting.models.counts.design import design_of
from forecasting.models.counts.inputs import PARTS, CountInputs, data_of
from forecasting.models.counts.model import Counts, stacked
from forecasting.models.counts.paths import conditional

type Fault = Callable[[CountInputs], xr.Dataset]
RANKS, LENGTH = 64, Length(chains=1, draws=630, tune=400, target_accept=0.9)
AHEAD = 0.5  # years after the as-of date: where a forecast is ranked


def _changed(part: str, change: Callable[[xr.DataArray], xr.DataArray]) -> Fault:
    """Return the data with one part of every series changed; priors keep their names and values."""
    return lambda inputs: inputs.data.assign({
        name: change(inputs.data[name]) for name in (f"{part}_{k}" for k in range(inputs.data.sizes["series"]))
    })  # fmt: skip


def _without_season(inputs: CountInputs) -> xr.Dataset:
    """Return the same readings for series of which nothing comes back every year."""
    plain = [design.series.model_copy(update={"season": None}) for design in inputs.designs.values()]
    return data_of(inputs.case, list(inputs.readings), {series.id: design_of(series, inputs.case) for series in plain})


FAULTS: Mapping[str, Fault] = {
    "the noise of counts is forgotten": _changed("noisy", lambda values: 0 * values),
    "the wander is four times as wide": _changed("wander", lambda values: 16 * values),
    "levels and registers are held too sure": _changed("known", lambda values: 0.1 * values),
    "the counts are not read at all": _changed("error", lambda values: values + 1e3),
    "the season is forgotten": _without_season,
}


@dataclass(frozen=True)
class Simulated:
    """The inputs of one simulated data set, and the truth behind it."""

    inputs: CountInputs
    values: np.ndarray


def calibrate_counts(
    edition: EditionDossier, n: int, *, random_seed: int,
    fault: Fault = lambda inputs: inputs.data, progress: Callable[[int], None] = lambda done: None,
) -> Calibration:  # fmt: skip
    """Draw wander and noise, readings and a level half a year ahead; refit; rank: every quantity uniform if all is right.

    Ranked are the two parameters of each series, its level ahead, and the joint log likelihood of its readings.
    """
    rng = np.random.default_rng(random_seed)
    base = Counts().inputs(edition)
    compiled = Counts().density(base)
    names = _names(base)
    ranks = np.empty((n, len(names)), dtype=int)
    for i in range(n):
        one = simulate(base, rng)
        data = Counts().arrays(replace(one.inputs, data=fault(one.inputs)))
        trace = sample(compiled, length=LENGTH, random_seed=random_seed + i, data=data, cores=1)
        draws = _quantities(trace["posterior"].to_dataset().isel(draw=slice(0, None, 10)), one.inputs, rng)
        ranks[i] = random_tie_ranks(one.values, draws, rng)
        progress(i + 1)
    return judge_ranks({name: ranks[:, j] for j, name in enumerate(names)}, RANKS)


def simulate(base: CountInputs, rng: np.random.Generator) -> Simulated:
    """Return one data set from the prior: the readings of every series, and the level ahead, drawn together."""
    z = rng.standard_normal((2, base.data.sizes["series"]))
    priors = [[base.data[f"{part}_{what}"].values for what in ("median", "spread")] for part in ("wander", "noise")]
    sigma, noise = (np.exp(median + spread * z[i])[None] for i, (median, spread) in enumerate(priors))
    data, ahead = base.data.copy(deep=True), []
    for k in range(data.sizes["series"]):
        mean, known, wander, error, noisy = (data[f"{part}_{k}"].values for part in PARTS[1:])
        full = known + sigma[0, k] ** 2 * wander + np.diag(error**2 + noisy * noise[0, k] ** 2)
        y = mean + np.linalg.cholesky(full) @ rng.standard_normal(mean.size)
        y[-1] = 0.0  # the filler is always read as nothing
        data[f"y_{k}"].values[:] = y
    readings = [
        type(reading)(**{**vars(reading), "log_level": float(data[f"y_{k}"].values[j])})
        for k, name in enumerate(base.designs) for j, reading in enumerate(base.of(name))
    ]  # fmt: skip
    inputs = CountInputs(base.case, base.layer, base.without, data, tuple(readings), base.designs)
    for k, design in enumerate(base.designs.values()):
        at = np.array([design.bend + AHEAD])
        level, root = conditional(inputs, design, sigma[:, k], noise[:, k], at, at)
        ahead.append(float(level[0, 0] + root[0, 0, 0] * rng.standard_normal()))
    joint = _joint(inputs, sigma, noise)[0]
    return Simulated(inputs, np.concatenate([np.log(sigma[0]), np.log(noise[0]), ahead, joint]))


def _joint(inputs: CountInputs, sigma: np.ndarray, noise: np.ndarray) -> np.ndarray:
    columns = reading_log_likelihood(inputs.data, sigma, noise)
    edges = np.cumsum([0, *(len(inputs.of(name)) for name in inputs.designs)])
    return np.stack([columns[:, low:high].sum(axis=1) for low, high in itertools.pairwise(edges)], axis=1)


def _quantities(posterior: xr.Dataset, inputs: CountInputs, rng: np.random.Generator) -> np.ndarray:
    sigma, noise = stacked(posterior)
    ahead = []
    for k, design in enumerate(inputs.designs.values()):
        at = np.array([design.bend + AHEAD])
        level, root = conditional(inputs, design, sigma[:, k], noise[:, k], at, at)
        ahead.append(level[:, 0] + root[:, 0, 0] * rng.standard_normal(sigma.shape[0]))
    return np.column_stack([np.log(sigma), np.log(noise), *ahead, _joint(inputs, sigma, noise)])


def _names(inputs: CountInputs) -> list[str]:
    what = ("wander of", "noise of", "level ahead of", "log likelihood of")
    return [f"{one} {series}" for one in what for series in inputs.designs]
