"""The balance calibrated by simulation, planted faults found, and its own grades within what its prior predicts.

In brief: `python -m benchmarks.balance` does it at length.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from town_balance import MANY, town_edition

from benchmarks.balance_calibration import FAULTS, calibrate_balance, prior
from forecasting.dossier.balances import Scale
from forecasting.models.balance.levels import drawn
from forecasting.models.balance.model import BalanceModel
from forecasting.models.balance.replicate import tail_probabilities
from forecasting.rules.load import load_dossier

pytestmark = pytest.mark.slow
# as few as find the fault with room to spare: of 30 the least p is below 10⁻⁷ where 0.0007 would do
ENOUGH = {name: 300 if name.startswith("starts") else 30 for name in FAULTS}


@cache
def town(folder: Path, project: Path) -> tuple[xr.Dataset, Scale]:
    edition = town_edition(folder, project, MANY)
    return BalanceModel().inputs(edition).data, edition.dossier.balances["upper-hand"].scale


def test_refits_rank_every_truth_uniformly(tmp_path_factory: pytest.TempPathFactory, project_dir: Path) -> None:
    got = calibrate_balance(*town(tmp_path_factory.getbasetemp() / "town", project_dir), 150)
    assert got.uniform, f"{got.worst.quantity}: p = {got.worst.p:.2g}"


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_found(name: str, tmp_path_factory: pytest.TempPathFactory, project_dir: Path) -> None:
    inputs, scale = town(tmp_path_factory.getbasetemp() / "town", project_dir)
    got = calibrate_balance(inputs, scale, ENOUGH[name], fault=FAULTS[name])
    assert not got.uniform, f"least p {got.worst.p:.2g} at {got.worst.quantity}"


def test_no_grade_of_the_dossier_is_next_to_impossible_under_the_prior(project_dir: Path) -> None:
    edition = load_dossier(project_dir / "priors").edition("2026-02-outlook")
    inputs = BalanceModel().inputs(edition)
    draws = drawn(prior(inputs.data, 4000, 1), inputs.data)
    tails = tail_probabilities(draws, inputs.data, inputs.seen.balance.scale, np.random.default_rng(2))
    assert tails.min() > 0.01 / len(tails), inputs.data["observation"].values[tails.argmin()]
