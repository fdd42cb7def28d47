"""Smoothed weights and their k̂ against ArviZ's, number for number."""

from __future__ import annotations

import numpy as np
import pytest
from arviz_stats.base import array_stats

from forecasting.inference.diagnostics import energy_bfmi
from forecasting.inference.pareto import smoothed_log_weights

rng = np.random.default_rng(8)
RATIOS = {
    "mild": 0.3 * rng.normal(size=1000), "wide": 3.0 * rng.normal(size=4000), "heavy": rng.standard_t(2, 2000),
    "one far out": np.append(np.zeros(999) + 1e-3 * rng.normal(size=999), 40.0), "few": rng.normal(size=120),
    "bounded above": -rng.exponential(size=3000), "rounded": np.round(rng.normal(size=1500), 1),
}  # fmt: skip


@pytest.mark.parametrize("name", RATIOS)
def test_weights_and_k_hat_are_arvizs(name: str) -> None:
    log_weights, k_hat = smoothed_log_weights(RATIOS[name])
    theirs, their_k = array_stats.psislw(-RATIOS[name])
    assert log_weights == pytest.approx(theirs, abs=1e-12)
    assert k_hat == pytest.approx(float(their_k), abs=1e-12, nan_ok=True)
    assert np.exp(log_weights).sum() == pytest.approx(1.0)


def test_too_few_draws_have_no_tail() -> None:
    with pytest.raises(ValueError, match="24 draws have no tail"):
        smoothed_log_weights(rng.normal(size=24))


def test_a_tail_of_one_value_cannot_be_fitted() -> None:
    with pytest.raises(ValueError, match="all ratios of the tail are the same"):
        smoothed_log_weights(np.append(rng.normal(size=100) - 50, np.zeros(900)))


def test_the_fraction_of_missing_information_is_arvizs() -> None:
    energy = rng.normal(size=(4, 500)).cumsum(axis=1)
    assert energy_bfmi(energy) == pytest.approx(np.asarray(array_stats.bfmi(energy)), rel=1e-14)
