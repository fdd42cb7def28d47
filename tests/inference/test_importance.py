"""Smoothed importance weights: right way round, summing to one, and honest about when they fail."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from forecasting.inference.importance import smoothed_weights

N = 40_000


def test_weights_turn_draws_of_one_normal_into_draws_of_another() -> None:
    # sampled N(0, 1), wanted N(0.6, 0.8²): a sign error of the log ratio would give −0.6 or so
    x = np.random.default_rng(1).normal(size=N)
    weights = smoothed_weights(stats.norm.logpdf(x, 0.6, 0.8) - stats.norm.logpdf(x))
    mean = weights.values @ x
    error = np.sqrt(np.sum(weights.values**2 * (x - mean) ** 2))
    assert mean == pytest.approx(0.6, abs=4 * error)
    assert error < 0.01
    assert np.sqrt(weights.values @ (x - mean) ** 2) == pytest.approx(0.8, abs=0.02)
    assert weights.reliable


def test_weights_sum_to_one_and_grow_with_the_ratio() -> None:
    ratio = np.random.default_rng(2).normal(0, 0.5, 1000)
    weights = smoothed_weights(ratio)
    assert weights.values.sum() == pytest.approx(1, abs=1e-12)
    assert np.all(np.diff(weights.values[np.argsort(ratio)]) >= 0)
    shifted = smoothed_weights(ratio + 123.0)
    assert shifted.values == pytest.approx(weights.values, rel=1e-9)


def test_a_target_in_the_tail_of_what_was_sampled_is_said_to_be_out_of_reach() -> None:
    x = np.random.default_rng(3).normal(size=4000)
    far = smoothed_weights(stats.norm.logpdf(x, 4, 1) - stats.norm.logpdf(x))
    assert far.k_hat > 0.7
    assert not far.reliable


def test_a_constant_ratio_gives_equal_weights() -> None:
    weights = smoothed_weights(np.full(8, -3.0))
    assert weights.values.tolist() == [0.125] * 8
    assert weights.k_hat == 0


def test_weights_that_stand_for_few_draws_are_not_relied_on_whatever_their_tail() -> None:
    # a light tail (k̂ well below 0.7), yet wanted N(0, 0.05²) from N(0, 1): E[w]²/E[w²] = 0.05·√(2 − 0.0025) = 0.0707
    x = np.random.default_rng(4).normal(size=N)
    weights = smoothed_weights(stats.norm.logpdf(x, 0, 0.05) - stats.norm.logpdf(x))
    assert weights.k_hat < 0.5
    assert weights.share == pytest.approx(0.0707, abs=0.005)
    assert not weights.reliable


def test_equal_weights_stand_for_every_draw() -> None:
    assert smoothed_weights(np.zeros(50)).share == pytest.approx(1.0)
