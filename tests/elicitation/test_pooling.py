"""Pools against hand-worked values, second implementations, and the properties that define them."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasting.elicitation.pooling import extremize, linear_pool, log_pool
from forecasting.errors import UsageError

POOLS = (linear_pool, log_pool)
GRID = np.linspace(0.01, 0.99, 99)
inside = st.floats(1e-6, 1 - 1e-6)


def shares(rows: int, columns: int) -> st.SearchStrategy[np.ndarray]:
    """Return tables whose rows are shares of a whole, none of them zero."""
    cells = st.lists(st.floats(0.01, 1), min_size=rows * columns, max_size=rows * columns)
    return cells.map(lambda values: np.reshape(values, (rows, columns))).map(lambda x: x / x.sum(1, keepdims=True))


def test_the_linear_pool_is_the_weighted_mean() -> None:
    # 0.5·0.1 + 0.3·0.2 + 0.2·0.7 = 0.05 + 0.06 + 0.14 = 0.25; with the experts' order reversed 0.35 + 0.06 + 0.02 = 0.43
    assert float(linear_pool([0.1, 0.2, 0.7], [0.5, 0.3, 0.2])) == pytest.approx(0.25, abs=1e-12)
    assert float(linear_pool([0.7, 0.2, 0.1], [0.5, 0.3, 0.2])) == pytest.approx(0.43, abs=1e-12)


def test_the_linear_pool_of_a_set_is_the_weighted_mean_of_each_outcome() -> None:
    # ¼·(0.2, 0.3, 0.5) + ¾·(0.6, 0.3, 0.1) = (0.05 + 0.45, 0.075 + 0.225, 0.125 + 0.075)
    got = linear_pool([[0.2, 0.3, 0.5], [0.6, 0.3, 0.1]], [0.25, 0.75])
    assert got == pytest.approx([0.5, 0.3, 0.2], abs=1e-12)


def test_the_log_pool_averages_log_odds() -> None:
    # odds 1/9, 1/4, 7/3: 0.5·(−2.197225) + 0.3·(−1.386294) + 0.2·0.847298 = −1.345041; 1/(1 + e^1.345041) = 0.206682
    # reversed: 0.5·0.847298 + 0.3·(−1.386294) + 0.2·(−2.197225) = −0.431684; 1/(1 + e^0.431684) = 0.393724
    assert float(log_pool([0.1, 0.2, 0.7], [0.5, 0.3, 0.2])) == pytest.approx(0.206682, abs=2e-6)
    assert float(log_pool([0.7, 0.2, 0.1], [0.5, 0.3, 0.2])) == pytest.approx(0.393724, abs=2e-6)


def test_the_log_pool_of_a_set_is_the_normalised_geometric_mean() -> None:
    # equal weights: √(0.2·0.45) = 0.3, √(0.3·0.3) = 0.3, √(0.5·0.25) = 0.353553; sum 0.953553
    got = log_pool([[0.2, 0.3, 0.5], [0.45, 0.3, 0.25]])
    assert got == pytest.approx([0.314613, 0.314613, 0.370774], abs=1e-6)


def test_extremizing_multiplies_log_odds() -> None:
    # odds of 3 squared are 9: 9/10; odds ¼ cubed are 1/64: 1/65; the square root of odds of 9 is 3: ¾
    assert float(extremize(0.75, 2)) == pytest.approx(0.9, abs=1e-12)
    assert float(extremize(0.2, 3)) == pytest.approx(1 / 65, abs=1e-12)
    assert float(extremize(0.9, 0.5)) == pytest.approx(0.75, abs=1e-12)


def test_extremizing_a_set_raises_its_members_to_the_power() -> None:
    # squares 0.04, 0.09, 0.25 sum to 0.38
    assert extremize([0.2, 0.3, 0.5], 2) == pytest.approx([4 / 38, 9 / 38, 25 / 38], abs=1e-12)


def test_extremizing_moves_away_from_one_half_on_both_sides_and_one_leaves_all_as_it_is() -> None:
    assert all(float(extremize(p, 1.7)) < p for p in GRID if p < 0.5)
    assert all(float(extremize(p, 1.7)) > p for p in GRID if p > 0.5)
    assert [float(extremize(p, 1)) for p in GRID] == pytest.approx(list(GRID), rel=1e-12)
    assert float(extremize(0.5, 3.4)) == pytest.approx(0.5, abs=1e-15)


@given(inside, st.floats(0.2, 4))
def test_extremizing_back_by_the_reciprocal_restores_the_probability(p: float, a: float) -> None:
    there = float(extremize(p, a))
    if 1e-12 < there < 1 - 1e-9:  # beyond that a double no longer tells it from 1
        assert float(extremize(there, 1 / a)) == pytest.approx(p, rel=1e-6)


def by_products(p: np.ndarray, w: np.ndarray) -> np.ndarray:
    """Return the log pool by plain powers and products: a second implementation."""
    powers = [math.prod(float(p[i, k]) ** float(w[i]) for i in range(len(w))) for k in range(p.shape[1])]
    return np.array([x / sum(powers) for x in powers])


def by_fractions(p: np.ndarray, w: np.ndarray) -> np.ndarray:
    """Return the linear pool in exact fractions: a second implementation."""
    n, m = p.shape
    return np.array([float(sum(Fraction(float(w[i])) * Fraction(float(p[i, k])) for i in range(n))) for k in range(m)])


@pytest.mark.parametrize(("pool", "second"), [(linear_pool, by_fractions), (log_pool, by_products)])
@given(p=shares(3, 4), w=shares(1, 3))
def test_a_second_implementation_agrees(pool: Callable, second: Callable, p: np.ndarray, w: np.ndarray) -> None:
    assert pool(p, w[0]) == pytest.approx(second(p, w[0]), rel=1e-10)


@pytest.mark.parametrize("pool", POOLS)
@given(p=inside, w=shares(1, 4))
def test_experts_who_agree_are_repeated(pool: Callable, p: float, w: np.ndarray) -> None:
    assert float(pool([p] * 4, w[0])) == pytest.approx(p, rel=1e-9)
    assert pool([[p, 1 - p]] * 4, w[0]) == pytest.approx([p, 1 - p], rel=1e-9)


@pytest.mark.parametrize("pool", POOLS)
@given(p=st.lists(inside, min_size=3, max_size=3), w=shares(1, 3))
def test_a_yes_no_question_is_a_set_of_two(pool: Callable, p: list[float], w: np.ndarray) -> None:
    one = float(pool(p, w[0]))
    assert pool([[x, 1 - x] for x in p], w[0]) == pytest.approx([one, 1 - one], rel=1e-6)
    assert min(p) * (1 - 1e-9) <= one <= max(p) * (1 + 1e-9)


@pytest.mark.parametrize("pool", POOLS)
@given(p=shares(4, 3), w=shares(1, 4))
def test_pooled_sets_sum_to_one_and_the_order_of_experts_is_nothing(pool: Callable, p: np.ndarray, w: np.ndarray) -> None:
    got = pool(p, w[0])
    assert got.sum() == pytest.approx(1, abs=1e-12)
    assert pool(p[::-1], w[0][::-1]) == pytest.approx(got, rel=1e-12)


@pytest.mark.parametrize("pool", POOLS)
def test_without_weights_all_experts_count_the_same(pool: Callable) -> None:
    p = [0.15, 0.4, 0.85]
    assert float(pool(p)) == pytest.approx(float(pool(p, [1 / 3, 1 / 3, 1 / 3])), abs=1e-15)
    assert float(pool(p)) != pytest.approx(float(pool(p, [0.6, 0.2, 0.2])), abs=0.01)


@pytest.mark.parametrize("pool", POOLS)
def test_an_expert_of_weight_zero_is_not_heard_and_one_of_weight_one_alone(pool: Callable) -> None:
    assert float(pool([0.15, 0.4, 0.85], [0.3, 0.7, 0])) == pytest.approx(float(pool([0.15, 0.4], [0.3, 0.7])), abs=1e-15)
    assert float(pool([0.15, 0.4], [0, 1])) == pytest.approx(0.4, abs=1e-15)


@given(p=shares(3, 3), w=shares(1, 3), likelihood=st.lists(st.floats(0.05, 20), min_size=3, max_size=3))
def test_the_log_pool_may_be_updated_before_or_after_pooling(p: np.ndarray, w: np.ndarray, likelihood: list[float]) -> None:
    # external Bayesianity (Genest and Zidek 1986, section 3)
    def updated(q: np.ndarray) -> np.ndarray:
        return q * likelihood / (q * likelihood).sum(axis=-1, keepdims=True)

    assert log_pool(updated(p), w[0]) == pytest.approx(updated(log_pool(p, w[0])), rel=1e-9)


def test_the_linear_pool_may_not() -> None:
    # p = 0.2 and 0.6, likelihood ratio 4: each updated 0.5 and 6/7, mean 0.678571; mean 0.4 updated 1.6/2.2 = 0.727273
    each = linear_pool([0.8 / 1.6, 2.4 / 2.8])
    assert float(each) == pytest.approx(0.678571, abs=1e-6)
    assert float(each) != pytest.approx(1.6 / 2.2, abs=0.04)


@given(p=shares(3, 4), w=shares(1, 3))
def test_the_linear_pool_of_a_coarse_set_is_that_of_the_fine_set_summed(p: np.ndarray, w: np.ndarray) -> None:
    # marginalisation (Stone 1961; Genest and Zidek 1986, section 2)
    coarse = np.c_[p[:, 0] + p[:, 1], p[:, 2:]]
    fine = linear_pool(p, w[0])
    assert linear_pool(coarse, w[0]) == pytest.approx([fine[0] + fine[1], fine[2], fine[3]], rel=1e-10)


def test_the_log_pool_of_a_coarse_set_is_not() -> None:
    # fine: √(0.1·0.4) = 0.2, √(0.4·0.1) = 0.2, √(0.5·0.5) = 0.5, so the first two get 4/9; coarse: ½ and ½
    fine = log_pool([[0.1, 0.4, 0.5], [0.4, 0.1, 0.5]])
    assert fine[0] + fine[1] == pytest.approx(4 / 9, abs=1e-12)
    assert log_pool([[0.5, 0.5], [0.5, 0.5]])[0] == pytest.approx(0.5, abs=1e-12)


def divergence(p: float, q: np.ndarray) -> np.ndarray:
    return p * np.log(p / q) + (1 - p) * np.log((1 - p) / (1 - q))


@pytest.mark.parametrize("pool", POOLS)
def test_each_pool_is_nearest_to_its_experts_in_the_divergence_it_belongs_to(pool: Callable) -> None:
    # linear: argmin Σ w KL(p_i ‖ q); log: argmin Σ w KL(q ‖ p_i). Checked on 99 values of q
    p, w = (0.12, 0.35, 0.8), (0.5, 0.2, 0.3)

    def distance(q: np.ndarray) -> np.ndarray:
        to = (divergence(x, q) if pool is linear_pool else divergence(q, np.asarray(x)) for x in p)
        return sum(share * value for share, value in zip(w, to, strict=True))

    assert pool(p, w) == pytest.approx(GRID[distance(GRID).argmin()], abs=0.005)
    assert np.all(distance(pool(p, w)) <= distance(GRID))


@pytest.mark.parametrize("score", [lambda q, x: (q - x) ** 2, lambda q, x: -np.log(q if x else 1 - q)])
def test_a_pool_scores_no_worse_than_its_experts_do_on_average(score: Callable) -> None:
    # both scores are convex in q (Jensen), so this holds for the linear pool whatever happens; a proper score is in
    # expectation best at the truth: had the pool the probability right, no other value on the grid would score better
    p, w = np.array([0.12, 0.35, 0.8]), np.array([0.5, 0.2, 0.3])
    q = float(linear_pool(p, w))
    for x in (0, 1):
        assert score(q, x) <= sum(share * score(float(value), x) for share, value in zip(w, p, strict=True))
    expected = [q * score(value, 1) + (1 - q) * score(value, 0) for value in GRID]
    assert q * score(q, 1) + (1 - q) * score(q, 0) <= min(expected)


@pytest.mark.parametrize("pool", POOLS)
def test_a_pool_rises_with_each_expert(pool: Callable) -> None:
    pooled = [float(pool([p, 0.3], [0.4, 0.6])) for p in GRID]
    assert all(low < high for low, high in pairwise(pooled))


@pytest.mark.parametrize("pool", POOLS)
def test_arguments_are_left_as_they_were(pool: Callable) -> None:
    p, w = np.array([0.2, 0.7]), np.array([0.6, 0.4])
    pool(p, w)
    extremize(p / p.sum(), 2)
    assert (p.tolist(), w.tolist()) == ([0.2, 0.7], [0.6, 0.4])


@pytest.mark.parametrize("pool", POOLS)
@pytest.mark.parametrize(
    ("p", "weights", "message"),
    [
        ([0.3, 1.2], None, r"p holds 1.2, outside \(0, 1\); write probabilities strictly between"),
        ([0.3, 0.0, 1.0], None, r"p holds 0, 1, outside \(0, 1\)"),
        ([0.3, 1.0000001], None, r"p holds 1.0000001, outside"),
        ([0.3, math.nan], None, r"p holds nan, outside"),
        ([0.3, math.inf], None, r"p holds inf, outside"),
        ([[0.2, 0.8], [0.5, 0.47]], None, r"the set of expert 2 sums to 0.97; write the probabilities of all outcomes"),
        ([0.3, 0.4], [0.5, 0.47], r"weights \[0.5, 0.47\] sum to 0.97; write shares that sum to 1"),
        ([0.3, 0.4], [1.5, -0.5], r"hold a negative number or none at all; write shares from 0 to 1"),
        ([0.3, 0.4], [math.nan, 1], r"hold a negative number or none at all"),
        ([0.3, 0.4], [0.2, 0.3, 0.5], r"3 weights for 2 experts; write one for each"),
        ([0.3, 0.4], 0.5, r"weights is 0.5; write 2, one for each expert"),
        (0.3, None, r"p is 0.3; write \[p of expert 1, p of expert 2, …\]"),
        ([], None, r"p is \[\]; write"),
        (["0.3", "0.4"], None, r"p is \['0.3', '0.4'\]; write"),
        ([True, False], None, r"p is \[True, False\]; write"),
        ([[0.2, 0.8], [0.5]], None, r"p is not a table of numbers; write"),
    ],
)
def test_what_cannot_be_pooled_is_refused_and_never_repaired(pool: Callable, p: object, weights: object, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        pool(p, weights)


@pytest.mark.parametrize(
    ("p", "a", "message"),
    [
        (1.2, 2, r"p holds 1.2, outside \(0, 1\)"),
        (math.nan, 2, r"p holds nan"),
        ([0.2, 0.3, 0.47], 2, r"the set sums to 0.97; write the probabilities of all outcomes, summing to 1"),
        ([[0.2, 0.8]], 2, r"write one pooled probability, or those of one exhaustive set"),
        (0.3, 0, r"a is 0; write a number above 0, such as 1.5, or leave extremizing out"),
        (0.3, -1.5, r"a is -1.5; write"),
        (0.3, math.nan, r"a is nan; write"),
        (0.3, math.inf, r"a is inf; write"),
        (0.3, True, r"a is True; write"),
        (0.3, "2", r"a is '2'; write"),
    ],
)
def test_what_cannot_be_extremized_is_refused(p: object, a: object, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        extremize(p, a)
