"""The balance calibrated by simulation, planted faults found, and its own grades within what its prior predicts."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from town_balance import MANY, town_edition

from forecasting.inference.sample import Length, sample
from forecasting.inference.sbc_ranks import Calibration, judge_ranks, random_tie_ranks
from forecasting.models.balance.density import bind_balance, compiled_arrays
from forecasting.models.balance.layout import FREE
from forecasting.models.balance.levels import drawn, log_likelihood
from forecasting.models.balance.model import BalanceModel
from forecasting.models.balance.replicate import replicated, tail_probabilities
from forecasting.rules.load import load_dossier

KEPT, LOG_LIKELIHOOD = 15, "log likelihood"
LENGTH = Length(chains=1, draws=16 * KEPT, tune=150, target_accept=0.8)
type Fault = Callable[[xr.Dataset], xr.Dataset]
pytestmark = pytest.mark.slow


def prior(inputs: xr.Dataset, n: int, seed: int) -> xr.Dataset:
    rng = np.random.default_rng(seed)
    return xr.Dataset({
        name: (("chain", "draw", dim), rng.standard_normal((1, n, inputs.sizes[dim]))) for name, dim in FREE.items()
    })  # fmt: skip


def quantities(posterior: xr.Dataset, inputs: xr.Dataset) -> dict[str, np.ndarray]:
    draws = drawn(posterior, inputs)
    found = {f"scale {name}": draws.scale[:, k] for k, name in enumerate(inputs["scale"].values)}
    found |= {f"level {name}": draws.level[:, i, -1] for i, name in enumerate(inputs["field"].values)}
    found |= {f"level {name}, May": draws.level[:, i, 4] for i, name in enumerate(inputs["field"].values)}
    return found | {LOG_LIKELIHOOD: log_likelihood(draws, inputs).sum(axis=1)}


def calibrate(inputs: xr.Dataset, scale: object, n: int, fault: Fault) -> Calibration:
    truth, rng = prior(inputs, n, 7), np.random.default_rng(8)
    bound, ranks = bind_balance(inputs), []
    for i, data in enumerate(replicated(drawn(truth, inputs), inputs, scale, rng)):
        trace = sample(bound, length=LENGTH, random_seed=i, data=compiled_arrays(fault(data)), cores=1)
        posterior = trace["posterior"].to_dataset()
        known = quantities(truth.isel(draw=[i]).copy(deep=True), data)
        found = quantities(posterior, data)
        thinned = np.stack([found[name][:: LENGTH.draws // KEPT][:KEPT] for name in known], axis=1)
        ranks.append(random_tie_ranks(np.array([values[0] for values in known.values()]), thinned, np.random.default_rng([i, 1])))
    return judge_ranks(dict(zip(known, np.stack(ranks).T, strict=True)), KEPT + 1, 0)


@cache
def town(folder: Path, project: Path) -> tuple[xr.Dataset, object]:
    edition = town_edition(folder, project, MANY)
    return BalanceModel().inputs(edition).data, edition.dossier.balances["upper-hand"].scale


def turned_round(data: xr.Dataset) -> xr.Dataset:
    """Read every grade for the other actor."""
    values = data["obs_bounds"].values.copy()
    values[:, [0, 1, 2, 3]] = -values[:, [1, 0, 3, 2]]
    return data.assign(obs_bounds=data["obs_bounds"].copy(data=values))


def next_theatre(data: xr.Dataset) -> xr.Dataset:
    values = data["obs_index"].values.copy()
    values[:, 0] = (values[:, 0] + 1) % data.sizes["field"]
    return data.assign(obs_index=data["obs_index"].copy(data=values))


FAULTS: dict[str, Fault] = {
    "likelihood dropped": lambda data: data.assign(weight=0 * data["weight"]),
    "grades turned round": turned_round,
    "the next theatre read": next_theatre,
    "starts three times as wide": lambda data: data.assign(start_prior=data["start_prior"] * np.array([1.0, 3.0])),
}
# as few as find the fault with room to spare: of 30 the least p is below 10⁻⁷ where 0.0007 would do
ENOUGH = {name: 100 if name.startswith("starts") else 30 for name in FAULTS}


def test_refits_rank_every_truth_uniformly(tmp_path_factory: pytest.TempPathFactory, project_dir: Path) -> None:
    got = calibrate(*town(tmp_path_factory.getbasetemp() / "town", project_dir), 150, lambda data: data)
    assert got.uniform, f"{got.worst.quantity}: p = {got.worst.p:.2g}"


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_found(name: str, tmp_path_factory: pytest.TempPathFactory, project_dir: Path) -> None:
    got = calibrate(*town(tmp_path_factory.getbasetemp() / "town", project_dir), ENOUGH[name], FAULTS[name])
    assert not got.uniform, f"least p {got.worst.p:.2g} at {got.worst.quantity}"


def test_no_grade_of_the_dossier_is_next_to_impossible_under_the_prior(project_dir: Path) -> None:
    edition = load_dossier(project_dir / "priors").edition("2026-02-outlook")
    inputs = BalanceModel().inputs(edition)
    draws = drawn(prior(inputs.data, 4000, 1), inputs.data)
    tails = tail_probabilities(draws, inputs.data, inputs.seen.balance.scale, np.random.default_rng(2))
    assert tails.min() > 0.01 / len(tails), inputs.data["observation"].values[tails.argmin()]
