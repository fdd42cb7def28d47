"""Densities and quasi-random points against those of scipy.stats, which take half a second to load."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from forecasting.elicitation.densities import (
    beta_log_density,
    gamma_log_density,
    half_normal_log_density,
    half_normal_quantile,
    normal_log_density,
)
from forecasting.elicitation.sobol import sobol

SHAPES = [(0.5, 3.0), (1.0, 2.0), (6.5, 40.0), (120.5, 0.3)]


@pytest.mark.parametrize("dimensions", [1, 2, 3, 4])
@pytest.mark.parametrize("n", [1, 2, 256, 4096])
@pytest.mark.parametrize("seed", [0, 20201110])
def test_sobol_points_are_those_of_scipy_digit_for_digit(dimensions: int, n: int, seed: int) -> None:
    assert np.array_equal(sobol(dimensions, n, seed), stats.qmc.Sobol(dimensions, scramble=True, rng=seed).random(n))


def test_points_are_shared_and_so_cannot_be_written_to() -> None:
    with pytest.raises(ValueError, match="read-only"):
        sobol(2, 8, 1)[0, 0] = 0.0


def test_normal_densities_are_scipys() -> None:
    x = np.array([-40.0, -1.3, 0.0, 2.5, 40.0])
    assert normal_log_density(x, 0.7, 0.3) == pytest.approx(stats.norm.logpdf(x, 0.7, 0.3), rel=1e-14)
    assert half_normal_log_density(abs(x)) == pytest.approx(stats.halfnorm.logpdf(abs(x)), rel=1e-14)
    u = np.array([1e-9, 0.2, 0.5, 1 - 1e-9])
    assert np.array_equal(half_normal_quantile(u), stats.halfnorm.ppf(u))


@pytest.mark.parametrize(("a", "b"), SHAPES)
def test_gamma_and_beta_densities_are_scipys(a: float, b: float) -> None:
    x = np.array([1e-8, 0.01, 0.5, 0.999])
    assert gamma_log_density(x, a, b) == pytest.approx(stats.gamma.logpdf(x, a, scale=1 / b), rel=1e-11, abs=1e-11)
    assert beta_log_density(x, a, b) == pytest.approx(stats.beta.logpdf(x, a, b), rel=1e-11, abs=1e-11)
