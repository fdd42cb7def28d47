"""Simulation-based calibration of the model of a balance, with faults planted in what is refitted."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import xarray as xr

from forecasting.dossier.balances import Scale
from forecasting.inference.sample import Length, sample
from forecasting.inference.sbc_ranks import Calibration, judge_ranks, random_tie_ranks
from forecasting.models.balance.density import bind_balance, compiled_arrays
from forecasting.models.balance.layout import FREE
from forecasting.models.balance.levels import drawn, log_likelihood
from forecasting.models.balance.replicate import replicated

KEPT, LOG_LIKELIHOOD = 15, "log likelihood"
LENGTH = Length(chains=1, draws=16 * KEPT, tune=150, target_accept=0.8)
EARLY = 4  # the month, beside the last, whose levels are ranked

type Fault = Callable[[xr.Dataset], xr.Dataset]


def _turned_round(data: xr.Dataset) -> xr.Dataset:
    """Read every grade for the other actor."""
    values = data["obs_bounds"].values.copy()
    values[:, [0, 1, 2, 3]] = -values[:, [1, 0, 3, 2]]
    return data.assign(obs_bounds=data["obs_bounds"].copy(data=values))


def _next_theatre(data: xr.Dataset) -> xr.Dataset:
    values = data["obs_index"].values.copy()
    values[:, 0] = (values[:, 0] + 1) % data.sizes["field"]
    return data.assign(obs_index=data["obs_index"].copy(data=values))


FAULTS: Mapping[str, Fault] = {
    "likelihood dropped": lambda data: data.assign(weight=0 * data["weight"]),
    "grades turned round": _turned_round,
    "the next theatre read": _next_theatre,
    "starts three times as wide": lambda data: data.assign(start_prior=data["start_prior"] * np.array([1.0, 3.0])),
}


def prior(inputs: xr.Dataset, n: int, seed: int) -> xr.Dataset:
    """Return draws from the prior, on the sampler's own scale: dims (chain, draw, …), one chain."""
    rng = np.random.default_rng(seed)
    return xr.Dataset({
        name: (("chain", "draw", dim), rng.standard_normal((1, n, inputs.sizes[dim]))) for name, dim in FREE.items()
    })  # fmt: skip


def calibrate_balance(
    inputs: xr.Dataset, scale: Scale, n: int, *, random_seed: int = 7, fault: Fault = lambda data: data
) -> Calibration:
    """Draw levels and grades from the prior, refit the grades, and rank: every quantity uniform if all is right.

    Ranked are the scales and spreads, the weights of all theatres but the first, the level of each theatre in `EARLY` and in the
    last month, and the log likelihood, each among 15 posterior draws, every sixteenth of a chain.
    """
    truth, rng = prior(inputs, n, random_seed), np.random.default_rng(random_seed + 1)
    bound, ranks = bind_balance(inputs), []
    for i, data in enumerate(replicated(drawn(truth, inputs), inputs, scale, rng)):
        trace = sample(bound, length=LENGTH, random_seed=i, data=compiled_arrays(fault(data)), cores=1)
        known = _quantities(truth.isel(draw=[i]).copy(deep=True), data)
        found = _quantities(trace["posterior"].to_dataset(), data)
        thinned = np.stack([found[name][:: LENGTH.draws // KEPT][:KEPT] for name in known], axis=1)
        ranks.append(random_tie_ranks(np.array([values[0] for values in known.values()]), thinned, np.random.default_rng([i, 1])))
    return judge_ranks(dict(zip(known, np.stack(ranks).T, strict=True)), KEPT + 1, 0)


def _quantities(posterior: xr.Dataset, inputs: xr.Dataset) -> dict[str, np.ndarray]:
    draws = drawn(posterior, inputs)
    found = {f"scale {name}": draws.scale[:, k] for k, name in enumerate(inputs["scale"].values)}
    found |= {f"weight {name}": draws.weights[:, k] for k, name in enumerate(inputs["theatre"].values[1:], 1)}
    for month, when in ((-1, "at the end"), (EARLY, "early")):
        found |= {f"level {name} {when}": draws.level[:, i, month] for i, name in enumerate(inputs["field"].values)}
    return found | {LOG_LIKELIHOOD: log_likelihood(draws, inputs).sum(axis=1)}
