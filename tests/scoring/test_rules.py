"""Each score is computed a second time, by another library, by its definition, or by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasting.errors import UsageError
from forecasting.scoring.rules import (
    brier,
    crps_censored,
    crps_of_quantiles,
    crps_of_ranges,
    flip_flop,
    log_score,
    ranked,
    time_weighted,
)

EXACT = 1e-8  # relative
distributions = st.lists(st.floats(0.001, 1), min_size=2, max_size=6).map(lambda ws: (np.array(ws) / sum(ws)).tolist())


@given(p=st.floats(0, 1), yes=st.booleans())
def test_brier_of_yes_and_no_is_that_of_the_library(p, yes):
    scoringrules = pytest.importorskip("scoringrules")
    assert brier([p, 1 - p], 0 if yes else 1) == pytest.approx(float(scoringrules.brier_score(int(yes), p)), abs=1e-12)


@given(p=distributions, data=st.data())
def test_scores_follow_their_definitions(p, data):
    came = data.draw(st.integers(0, len(p) - 1))
    observed = [float(i == came) for i in range(len(p))]
    assert brier(p, came) == pytest.approx(sum((a - b) ** 2 for a, b in zip(p, observed, strict=True)) / 2, rel=EXACT)
    assert log_score(p, came) == pytest.approx(-math.log(p[came]), rel=EXACT)
    steps = (abs(sum(p[: k + 1]) - sum(observed[: k + 1])) ** 2 for k in range(len(p) - 1))
    assert ranked(p, came) == pytest.approx(sum(steps) / (len(p) - 1), abs=1e-9)


@given(p=distributions, q=distributions)
def test_each_score_is_proper(p, q):
    if len(p) != len(q):
        return
    for rule in (brier, log_score, ranked):
        said = sum(p[k] * rule(q, k) for k in range(len(p)))
        believed = sum(p[k] * rule(p, k) for k in range(len(p)))
        assert believed <= said + 1e-9


@pytest.mark.parametrize("rule", [brier, log_score, ranked], ids=lambda rule: rule.__name__)
def test_at_each_of_99_probabilities_what_is_believed_scores_best(rule, measured):
    grid = np.linspace(0.01, 0.99, 99)
    for p in grid:
        expected = [p * rule([q, 1 - q], 0) + (1 - p) * rule([q, 1 - q], 1) for q in grid]
        assert grid[int(np.argmin(expected))] == p
    measured(f"scores: {rule.__name__} is proper at {len(grid)} values of p")


def test_a_near_miss_costs_less_in_order():
    assert ranked([0, 0.9, 0.1], 2) < ranked([0.9, 0, 0.1], 2)
    assert brier([0, 0.9, 0.1], 2) == pytest.approx(brier([0.9, 0, 0.1], 2))


def test_crps_of_many_quantiles_tends_to_that_of_the_distribution():
    from scipy.stats import norm

    levels = (np.arange(2000) + 0.5) / 2000
    exact = 1.3 * (2 * norm.cdf(1.3) - 1) + 2 * norm.pdf(1.3) - 1 / math.sqrt(math.pi)
    assert crps_of_quantiles(levels, norm.ppf(levels), 1.3) == pytest.approx(exact, abs=2e-3)


@given(
    knots=st.lists(st.floats(0, 1), min_size=3, max_size=6), observed=st.one_of(st.none(), st.floats(0, 12)),
)  # fmt: skip
def test_crps_of_a_day_is_the_integral_up_to_the_horizon(knots, observed):
    days, p = np.linspace(0, 10, len(knots)), np.sort(knots)
    t = np.linspace(0, 10, 200_001)
    came = np.zeros_like(t) if observed is None else (t >= observed).astype(float)
    integral = np.trapezoid((np.interp(t, days, p) - came) ** 2, t)
    assert crps_censored(days, p, observed) == pytest.approx(integral, abs=2e-4)


def test_time_weights_and_changes():
    assert time_weighted([0.3], [5]) == pytest.approx(0.3)
    assert time_weighted([1.0, 0.0], [1, 3]) == pytest.approx(0.25)
    assert time_weighted([1.0, 0.2], [0, 3]) == pytest.approx(0.2)  # it stood for no day
    assert flip_flop([[0.1, 0.9], [0.3, 0.7], [0.1, 0.9]]) == pytest.approx(0.2)
    assert flip_flop([[0.2, 0.3, 0.5], [0.5, 0.3, 0.2]]) == pytest.approx(0.3)
    assert flip_flop([[0.3, 0.7]]) == 0


def test_what_was_said_to_be_impossible_or_certain_has_a_score():
    assert log_score([1.0, 0.0], 1) == math.inf
    assert (log_score([1.0, 0.0], 0), brier([1.0, 0.0], 0), brier([1.0, 0.0], 1)) == (0, 0, 1)


def test_what_is_off_by_rounding_is_scored():
    assert crps_censored([0, 1], [1e-9, 0.0], None) == pytest.approx(0, abs=1e-9)
    assert crps_censored([0, 1], [1.0, 1 + 1e-9], 0.0) == pytest.approx(0, abs=1e-9)
    assert crps_of_ranges([10.0, 20.0], [0.5, 0.5000005, 0.0], 10.0) == pytest.approx(10 * 0.25 / 3, abs=1e-5)
    assert crps_of_quantiles([0.4, 0.5], [2.0, 2.0], 3.0) == pytest.approx(0.9)  # two levels at one value


def test_what_came_before_the_first_day_or_on_the_last_is_scored_on_the_days_looked_at():
    assert crps_censored([5, 10], [0.2, 0.4], 3.0) == pytest.approx(crps_censored([5, 10], [0.2, 0.4], 5.0))
    assert crps_censored([5, 10], [0.0, 0.0], 3.0) == pytest.approx(5)
    assert crps_censored([5, 10], [1.0, 1.0], 10.0) == pytest.approx(5)
    assert crps_censored([5, 10], [1.0, 1.0], 12.0) == pytest.approx(5)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: brier([0.5, 0.6], 0), "sum to 1.1"),
        (lambda: brier([0.5], 0), "two or more"),
        (lambda: brier(["a", "b"], 0), "write numbers"),
        (lambda: brier([0.5, 0.5], 2), "no outcome 2"),
        (lambda: brier([float("nan"), 0.5], 0), "two or more"),
        (lambda: ranked([1.2, -0.2], 0), "from 0 to 1"),
        (lambda: crps_of_quantiles([0.5, 0.4], [1, 2], 0), "have to rise"),
        (lambda: crps_of_quantiles([0.5], [1, 2], 0), "1 levels and 2 values"),
        (lambda: crps_of_quantiles([0.5], [1], math.inf), "finite"),
        (lambda: crps_censored([0, 1], [0.5, 0.4], None), "has to rise"),
        (lambda: crps_censored([0, 1], [0.5, 1.1], None), "to 1 or less"),
        (lambda: crps_censored([1, 0], [0.5, 0.6], None), "days that rise"),
        (lambda: crps_of_quantiles([0.5, 0.5], [1, 2], 0), "have to rise"),
        (lambda: crps_of_quantiles([0.0, 0.5], [1, 2], 0), "within"),
        (lambda: crps_of_quantiles([0.5, 1.0], [1, 2], 0), "within"),
        (lambda: crps_of_quantiles([0.4, 0.5], [2, 1], 0), "must not fall"),
        (lambda: crps_of_quantiles([], [], 0), "0 levels"),
        (lambda: crps_of_quantiles([[0.5]], [[1]], 0), "1 levels"),
        (lambda: crps_of_quantiles([0.4, 0.5], [1, math.inf], 0), "finite"),
        (lambda: crps_censored([0, 1], [-0.1, 0.4], None), "from 0 or more"),
        (lambda: crps_censored([1, 1], [0.5, 0.6], None), "days that rise"),
        (lambda: crps_censored([1], [0.5], None), "two or more days"),
        (lambda: crps_censored([0, 1], [0.5], None), "each with its probability"),
        (lambda: crps_censored([0, 1], [0.5, 0.5 - 2e-9], None), "has to rise"),
        (lambda: crps_censored([0, 1], [0.5, 1 + 2e-9], None), "to 1 or less"),
        (lambda: brier([0.5, 0.5], -1), "no outcome -1"),
        (lambda: brier([[0.5, 0.5]], 0), "two or more"),
        (lambda: time_weighted([0.1, 0.2], [-1, 2]), "none negative"),
        (lambda: time_weighted([0.1], [0]), "above 0"),
        (lambda: time_weighted([0.1, 0.2], [1]), "each forecast needs"),
    ],
)
def test_what_cannot_be_scored_is_refused(call, said):
    with pytest.raises(UsageError, match=said):
        call()
