"""One Monte Carlo error: ArviZ's for every number, closed forms for weights, pairs and ratios, and one rule for what counts."""

from __future__ import annotations

import arviz as az
import numpy as np
import pytest
from scipy.signal import lfilter

from forecasting.inference.monte_carlo import mcse, mean_errors, paired_errors, share_error
from forecasting.inference.noticeable import noticeable


def chains(n: int, columns: int, seed: int = 3) -> np.ndarray:
    """Return four AR(1) chains with φ = 0.6, chain by chain (draw, column)."""
    shocks = np.random.default_rng(seed).normal(size=(4, n, columns))
    return lfilter([1.0], [1.0, -0.6], shocks, axis=1).reshape(4 * n, columns)


def test_every_error_is_arvizs() -> None:
    x = chains(700, 3)
    wanted = [float(az.mcse(x[:, k].reshape(4, -1))) for k in range(3)]
    assert mean_errors(x, n_chains=4) == pytest.approx(wanted, rel=1e-9)
    assert [mcse(x[:, k], 4) for k in range(3)] == pytest.approx(wanted, rel=1e-13)


def test_correlated_draws_count_for_less() -> None:
    # AR(1) with φ = 0.6: the variance of a mean is (1 + φ)/(1 − φ) = 4 times that of independent draws, its error twice
    x = chains(10_000, 60)
    ratio = mean_errors(x) / (2 * x.std(axis=0) / np.sqrt(len(x)))
    assert ratio.mean() == pytest.approx(1, abs=0.03)
    shocks = np.random.default_rng(5).normal(size=(40_000, 60))
    assert (mean_errors(shocks) * np.sqrt(40_000)).mean() == pytest.approx(1, abs=0.03)
    assert mean_errors(np.zeros((7, 2))).tolist() == [0, 0]


def test_what_weighted_and_plain_draws_share_cancels() -> None:
    p = chains(3000, 1)
    equal = np.full(len(p), 1 / len(p))
    assert paired_errors(equal, p + 0.3, p) == pytest.approx([0.0], abs=1e-12)
    # independent draws: x under weights ∝ e^{0.5 x} has mean 0.5, and n Var(Σ w x − mean x) = E[(w(x − ½) − x)²], where
    # w = e^{x/2 − 1/8}: e^¼ (1 + ¼) − 2 E[w (x − ½) x] + 1, and under w the variance of x is 1: e^¼ · 1.25 − 2 + 1
    x = np.random.default_rng(8).normal(size=(200_000, 1))
    weights = np.exp(0.5 * x[:, 0] - 0.125)
    found = paired_errors(weights / weights.sum(), x, x)[0] * np.sqrt(len(x))
    assert found == pytest.approx(np.sqrt(1.25 * np.exp(0.25) - 1), rel=0.03)


def test_the_error_of_a_ratio_is_that_of_its_residuals() -> None:
    # of independent draws with 10 paths each and P(A) = 0.4, P(B | A) = 0.25: sd of Σ 1[A](1[B] − ¼) is √(10 · 0.4 · 3/16)
    rng, n = np.random.default_rng(2), 100_000
    seen = rng.binomial(10, 0.4, n).astype(float)
    hits = rng.binomial(seen.astype(int), 0.25).astype(float)
    assert share_error(hits, seen) == pytest.approx(np.sqrt(10 * 0.4 * 3 / 16) / 4 / np.sqrt(n), rel=0.03)


def test_a_change_counts_by_size_and_by_error_and_half_as_much_again_of_both_where_it_is_indirect() -> None:
    change = np.array([0.0004, 0.0006, 0.0011, 0.003, -0.003, -0.007])
    error = np.array([0.0, 0.0, 0.0, 0.0011, 0.0007, 0.0011])
    assert noticeable(change, error).tolist() == [False, True, True, False, True, True]
    assert noticeable(change, error, indirect=True).tolist() == [False, False, True, False, False, True]
    assert noticeable(change, error, indirect=change < 0).tolist() == [False, True, True, False, False, True]
