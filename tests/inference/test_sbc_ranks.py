"""The statistics of calibration: exact p-values against enumeration, bands that hold what they say, ties, refusals."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import numpy as np
import pytest

from forecasting.inference.sbc_ranks import (
    chi_square_p_value,
    counts_below,
    ecdf_band,
    ecdf_p_value,
    judge_ranks,
    pointwise_tails,
    random_tie_ranks,
    stays_inside,
)


def test_a_rank_is_the_number_of_draws_below_the_truth() -> None:
    draws = np.array([[0.1, 5.0], [0.4, 2.0], [0.9, 1.0]])
    assert random_tie_ranks(np.array([0.5, 3.0]), draws, np.random.default_rng(0)).tolist() == [2, 2]
    assert random_tie_ranks(np.array([-1.0, 9.0]), draws, np.random.default_rng(0)).tolist() == [0, 3]


def test_ties_are_broken_evenly() -> None:
    # one draw below and three equal: ranks 1 to 4, each as often; 4,000 tries, so 1,000 ± 27 of each
    draws = np.tile([[0.0], [1.0], [1.0], [1.0], [2.0]], 4000)
    counts = np.bincount(random_tie_ranks(np.ones(4000), draws, np.random.default_rng(1)), minlength=6)
    assert counts[[0, 5]].tolist() == [0, 0]
    assert counts[1:5] == pytest.approx([1000] * 4, abs=110)


def test_counts_below_are_the_steps_of_the_distribution_function() -> None:
    assert counts_below(np.array([0, 2, 2, 3]), 4).tolist() == [1, 1, 3]


N, RANKS = 4, 5
EVERY = [np.array(ranks) for ranks in itertools.product(range(RANKS), repeat=N)]


def test_the_probability_of_staying_inside_is_that_of_counting_every_outcome() -> None:
    inside = np.array([[1, 1, 1, 0, 0], [1, 0, 1, 1, 0], [0, 1, 1, 1, 0], [0, 0, 1, 1, 1]], dtype=bool)
    counted = np.mean([inside[np.arange(RANKS - 1), counts_below(ranks, RANKS)].all() for ranks in EVERY])
    assert 0 < counted < 1
    assert stays_inside(N, RANKS, inside) == pytest.approx(counted, abs=1e-12)
    assert stays_inside(N, RANKS, np.ones_like(inside)) == pytest.approx(1, abs=1e-12)
    assert stays_inside(N, RANKS, np.zeros_like(inside)) == 0


def test_the_ecdf_p_value_is_the_share_of_outcomes_at_least_as_extreme() -> None:
    tails = pointwise_tails(N, RANKS)
    worst = np.array([tails[np.arange(RANKS - 1), counts_below(ranks, RANKS)].min() for ranks in EVERY])
    for i in (0, 7, 100, 333, 624):
        assert ecdf_p_value(EVERY[i], RANKS) == pytest.approx(np.mean(worst <= worst[i] * (1 + 1e-9)), abs=1e-10)


def test_pointwise_tails_are_two_sided_binomial_tails() -> None:
    # i = 2 of 5: share 0.4; P(C ≤ 0) = 0.6⁴ = 0.1296 and P(C ≥ 4) = 0.4⁴ = 0.0256
    tails = pointwise_tails(4, 5)
    assert tails.shape == (4, 5)
    assert tails[1, [0, 4]] == pytest.approx([0.2592, 0.0512])


@pytest.mark.slow
@pytest.mark.parametrize(("test", "n"), [(ecdf_p_value, 400), (chi_square_p_value, 4000)])
def test_p_values_of_uniform_ranks_are_uniform(test: Callable[[np.ndarray, int], float], n: int) -> None:
    p = np.array([test(ranks, 64) for ranks in np.random.default_rng(11).integers(0, 64, (n, 200))])
    for level in (0.05, 0.2, 0.5, 0.8):
        # four and a half standard errors of a share, and a hundredth because p takes steps
        assert np.mean(p <= level) == pytest.approx(level, abs=4.5 * np.sqrt(level * (1 - level) / n) + 0.01)


@pytest.mark.parametrize(("n", "n_ranks"), [(200, 32), (1000, 64)])
def test_the_band_holds_what_it_says(n: int, n_ranks: int) -> None:
    lower, upper = ecdf_band(n, n_ranks, 0.9)
    assert np.all(lower < upper)
    ranks = np.random.default_rng(6).integers(0, n_ranks, (2000, n))
    paths = np.array([counts_below(one, n_ranks) for one in ranks]) / n
    held = ((paths >= lower) & (paths <= upper)).all(axis=1).mean()
    # sd of a share of 2,000 is 0.0067
    assert held == pytest.approx(0.9, abs=0.03)


def test_ranks_of_a_posterior_that_is_too_narrow_or_shifted_are_found() -> None:
    rng = np.random.default_rng(7)
    truth, draws = rng.normal(size=(200, 1)), rng.normal(size=(200, 63))
    for name, wrong in {"narrow": 0.7 * draws, "wide": 1.5 * draws, "shifted": draws + 0.4}.items():
        ranks = (wrong < truth).sum(axis=1)
        got = judge_ranks({"right": (draws < truth).sum(axis=1), name: ranks}, 64)
        assert got.worst.quantity == name
        assert not got.uniform


def test_the_verdict_counts_quantities_and_failed_fits() -> None:
    ranks = {name: np.random.default_rng(i).integers(0, 32, 400) for i, name in enumerate("abcde")}
    got = judge_ranks(ranks, 32, n_failed=4)
    assert (got.n_simulations, got.bound) == (400, 0.002)
    assert got.passed
    # 5 of 400 are more than 1 %
    failing = judge_ranks(ranks, 32, n_failed=5)
    assert failing.uniform
    assert not failing.passed


def test_ranks_that_cannot_be_are_refused() -> None:
    for wrong in ([0, 32], [-1, 3], []):
        with pytest.raises(ValueError, match="ranks of a: wanted whole numbers from 0 to 31, at least one"):
            judge_ranks({"a": np.array(wrong, dtype=int)}, 32)
    with pytest.raises(ValueError, match=r"50 ranks do not fall into 16 equal bins; keep 16·k − 1 draws"):
        judge_ranks({"a": np.array([1, 2])}, 50)
