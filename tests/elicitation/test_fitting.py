"""Answers become priors through PreliZ; closed forms and a second optimiser say what should come out."""

from __future__ import annotations

import datetime as dt
import math
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy import optimize, stats

from forecasting.elicitation.fitting import dirichlet, maxent, quartile, roulette
from forecasting.errors import UsageError

WHO = {"id": "deal-a", "about": "P(a deal within a year)", "analyst": "A. Analyst", "made_on": "2024-12-13"}
OUTCOMES = ("talks", "open border", "relations")


def test_the_normal_of_maximum_entropy_is_centred_on_its_interval() -> None:
    # entropy rises with σ, and for a given mass σ is largest when μ is the middle: μ = −0.75, σ = 1.25/z(0.9) = 0.975380
    got = maxent("Normal", -2, 0.5, 0.8, **WHO)
    assert dict(got.parameters) == pytest.approx({"mu": -0.75, "sigma": 1.25 / 1.2815516}, abs=2e-6)


def test_the_beta_of_maximum_entropy_is_what_a_search_along_the_constraint_finds() -> None:
    # a second implementation: for each mean the concentration α + β that gives the mass, then the mean of highest entropy
    def shape(mean: float) -> tuple[float, float]:
        def excess(k: float) -> float:
            return stats.beta.cdf(0.4, mean * k, (1 - mean) * k) - stats.beta.cdf(0.1, mean * k, (1 - mean) * k) - 0.8

        k = optimize.brentq(excess, 3, 200)
        return mean * k, (1 - mean) * k

    found = optimize.minimize_scalar(
        lambda mean: -stats.beta(*shape(mean)).entropy(), bounds=(0.2, 0.33), method="bounded", options={"xatol": 1e-9}
    )
    got = maxent("Beta", 0.1, 0.4, 0.8, **WHO).parameters
    assert (got["alpha"], got["beta"]) == pytest.approx(shape(found.x), rel=2e-3)


def test_a_middle_that_is_zero_but_for_rounding_is_zero() -> None:
    assert maxent("Normal", -1, 1, 0.8, **WHO).parameters["mu"] == 0
    assert quartile("Normal", -1, 0, 1, **WHO).parameters["mu"] == 0


@pytest.mark.parametrize(
    ("family", "lower", "upper"), [("Beta", 0.05, 0.2), ("LogitNormal", 0.3, 0.6), ("Gamma", 2, 9), ("LogNormal", 2, 9)]
)
def test_the_interval_holds_the_mass_asked_for_and_ninety_per_cent_by_default(family: str, lower: float, upper: float) -> None:
    got = maxent(family, lower, upper, **WHO)
    assert got.asked["mass"] == 0.9
    assert float(got.cdf(upper) - got.cdf(lower)) == pytest.approx(0.9, abs=1e-4)
    assert got.miss <= 1e-4


def test_the_quartiles_of_a_normal_are_met_exactly() -> None:
    # σ = (q3 − q1)/(2·0.674490) = 3/1.348980 = 2.223902
    got = quartile("Normal", -1.0, 0.5, 2.0, **WHO)
    assert dict(got.parameters) == pytest.approx({"mu": 0.5, "sigma": 2.223902}, abs=6e-6)
    assert got.miss < 1e-5


def test_the_quartiles_of_a_log_normal_are_met_where_they_rise_by_one_factor() -> None:
    # 2, 4, 8: μ = log 4, σ = log 2/0.674490 = 1.027663
    got = quartile("LogNormal", 2, 4, 8, **WHO)
    assert dict(got.parameters) == pytest.approx({"mu": math.log(4), "sigma": 1.027663}, abs=6e-6)


def test_three_quartiles_on_two_parameters_are_met_in_the_least_squares_sense() -> None:
    # a second implementation by another optimiser, on the same criterion
    def loss(x: np.ndarray) -> float:
        return float(np.sum((stats.beta.cdf([0.1, 0.2, 0.4], *np.exp(x)) - [0.25, 0.5, 0.75]) ** 2))

    best = np.exp(optimize.minimize(loss, [0.0, 1.0], method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-14}).x)
    got = quartile("Beta", 0.1, 0.2, 0.4, **WHO)
    assert (got.parameters["alpha"], got.parameters["beta"]) == pytest.approx(tuple(best), rel=1e-3)
    # the record shows how far off it is: F(0.1) = 0.275 against 0.25
    assert got.miss == pytest.approx(0.0250, abs=5e-4)


@pytest.mark.parametrize(
    ("family", "lower", "upper", "truth"),
    [
        ("Beta", 0, 1, stats.beta(3, 7)),
        ("Beta", 0, 0.5, stats.beta(5, 28)),
        ("Normal", -10, 30, stats.norm(8, 6)),
        ("Gamma", 0, 20, stats.gamma(4, scale=1.5)),
        ("LogNormal", 0, 40, stats.lognorm(0.6, scale=8)),
    ],
)
def test_chips_laid_by_a_known_distribution_give_it_back_whatever_the_unit(
    family: str, lower: float, upper: float, truth: Any
) -> None:
    # 1,000 chips on 20 bins; what is left is the density at a bin's middle against its mass
    share = np.diff(truth.cdf(np.linspace(lower, upper, 21)))
    got = roulette(family, lower, upper, [round(1000 * x) for x in share], **WHO)
    levels = [0.05, 0.25, 0.5, 0.75, 0.95]
    assert truth.cdf(got.quantile(levels)) == pytest.approx(levels, abs=0.02)
    assert got.miss < 0.01


def test_the_middle_of_the_row_moves_with_the_chips() -> None:
    left = roulette("Beta", 0, 1, [1, 3, 4, 2, 0, 0, 0, 0, 0, 0], **WHO)
    right = roulette("Beta", 0, 1, [0, 0, 0, 0, 0, 0, 2, 4, 3, 1], **WHO)
    # mirrored chips, mirrored prior
    assert float(right.quantile(0.5)) == pytest.approx(1 - float(left.quantile(0.5)), abs=1e-4)
    assert (left.parameters["alpha"], left.parameters["beta"]) == pytest.approx(
        (right.parameters["beta"], right.parameters["alpha"]), rel=1e-3
    )


def test_the_shares_of_a_set_are_as_firm_as_asked() -> None:
    # α = 1 + τ·mode, so (α_k − 1)/(Σα − 3) is the mode; τ makes the lower tails average (1 − 0.9)/2
    got = dirichlet([0.5, 0.3, 0.2], 0.1, **WHO, outcomes=OUTCOMES)
    alpha = np.array(got.parameters["alpha"])
    assert (alpha - 1) / (alpha.sum() - 3) == pytest.approx([0.5, 0.3, 0.2], abs=1e-5)
    tails = [stats.beta.cdf(m - 0.1, a, alpha.sum() - a) for m, a in zip((0.5, 0.3, 0.2), alpha, strict=True)]
    assert np.mean(tails) == pytest.approx(0.05, abs=2e-4)
    firmer = dirichlet([0.5, 0.3, 0.2], 0.05, **WHO, outcomes=OUTCOMES)
    assert sum(firmer.parameters["alpha"]) > 2 * alpha.sum()
    assert got.outcomes == OUTCOMES


def test_parameters_have_six_digits_and_the_answers_all_of_theirs() -> None:
    got = maxent("Beta", 0.123456789012, 0.4, 0.8, **WHO, years=2, note="asked by telephone")
    assert all(float(f"{x:.6g}") == x for x in got.parameters.values())
    assert got.asked["lower"] == 0.123456789012
    assert (got.years, got.note, got.made_on) == (2, "asked by telephone", dt.date(2024, 12, 13))
    assert (got.method, got.family, got.analyst) == ("maxent", "Beta", "A. Analyst")


def test_nothing_that_was_handed_in_is_changed_and_the_fit_can_be_repeated() -> None:
    chips, mode, who = [1, 3, 4, 2], [0.5, 0.3, 0.2], dict(WHO)
    assert roulette("Beta", 0, 1, chips, **who) == roulette("Beta", 0, 1, tuple(chips), **who)
    dirichlet(mode, 0.1, **who, outcomes=list(OUTCOMES))
    assert (chips, mode, who) == ([1, 3, 4, 2], [0.5, 0.3, 0.2], WHO)


def test_a_fit_says_nothing_aloud_but_in_its_record() -> None:
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        assert "met to within 0.025" in repr(quartile("Beta", 0.1, 0.2, 0.4, **WHO))
    assert said == []


@pytest.mark.parametrize(
    ("method", "answers", "message"),
    [
        (maxent, ("Beta", 0.4, 0.1), r"maxent: lower 0.4 is not below upper 0.1; write the smaller number as lower"),
        (maxent, ("Beta", 0.1, 1.2), r"upper is 1.2; write a number between 0 and 1"),
        (maxent, ("Beta", 0, 0.3), r"lower is 0; write a number between 0 and 1"),
        (maxent, ("Gamma", -1, 0.3), r"lower is -1; write a number above 0"),
        (maxent, ("Beta", 0.1, 0.4, 90), r"mass is 90; write how sure you are as a share between 0 and 1, such as 0.9"),
        (maxent, ("Beta", 0.1, 0.4, 1.0), r"mass is 1; write how sure"),
        (maxent, ("Beta", math.nan, 0.4), r"lower is nan; write a number between 1e-12 and 1e12 in size"),
        (maxent, ("Normal", -math.inf, 0.4), r"lower is -inf; write a number between"),
        (maxent, ("Beta", "0.1", 0.4), r"lower is '0.1'; write a plain number such as 12 or 0.5"),
        (maxent, ("Beta", True, 0.4), r"lower is True; write a plain number"),
        (maxent, ("Beta", [0.1], 0.4), r"lower is \(0.1,\); write one number"),
        (maxent, ("Beta", 1 / 3, 0.4), r"lower is 0.3333333333333333; write at most 12 significant digits"),
        (maxent, ("Bta", 0.1, 0.4), r"cannot be fitted to a Bta; write one of Beta, LogitNormal, Gamma, LogNormal, Normal"),
        (quartile, ("Beta", 0.3, 0.2, 0.4), r"quartiles 0.3, 0.2, 0.4 are out of order; write them rising: q1 < q2 < q3"),
        (quartile, ("Beta", 0.2, 0.2, 0.4), r"are out of order"),
        (quartile, ("Beta", 0.2, 0.3, 1.0), r"q3 is 1; write a number between 0 and 1"),
        (quartile, ("Beta", 0.1, 0.11, 0.9), r"is off what was asked by 0.12.* \(at most 0.05\)\n  choose another family"),
        (roulette, ("Beta", 1, 0, [1, 2, 1, 0]), r"lower 1 is not below upper 0"),
        (roulette, ("Beta", 0, 1.5, [1, 2, 1, 0]), r"the grid from 0 to 1.5 leaves the range; write numbers between 0 and 1"),
        (roulette, ("Beta", 0, 1, [1, 2, -1, 0]), r"chips \[1, 2, -1, 0\] are not counts; write whole numbers from 0 up"),
        (roulette, ("Beta", 0, 1, [1, 2, 0.5, 0]), r"are not counts"),
        (roulette, ("Beta", 0, 1, [0, 7, 0, 0]), r"say too little; write at least 4 bins, with chips in two or more"),
        (roulette, ("Beta", 0, 1, [1, 7]), r"say too little"),
        (roulette, ("Beta", 0, 1, 7), r"chips is 7.0; write a list of numbers: \[1, 2\]"),
        (roulette, ("LogitNormal", 0, 1, [1, 2, 1, 0]), r"cannot be fitted to a LogitNormal"),
        (roulette, ("Beta", 0, 1, [5, 0, 0, 0, 0, 5]), r"(?s)at most 0.15.*two heaps, keep them as two priors in a Mixture"),
        (dirichlet, ([0.5, 0.3, 0.17], 0.1), r"mode \[0.5, 0.3, 0.17\] sums to 0.97; write shares that sum to 1"),
        (dirichlet, ([1.2, -0.2], 0.1), r"mode \[1.2, -0.2\] is no set of shares; write two or more numbers"),
        (dirichlet, ([0.5, 0.3, 0.2], 0.2), r"bound is 0.2; write a number above 0 and below the smallest share, 0.2"),
        (dirichlet, ([0.5, 0.3, 0.2], 0.0), r"bound is 0; write"),
        (dirichlet, ([0.5, 0.3, 0.2], 0.1, 0.0), r"mass is 0; write how sure"),
        (dirichlet, ([0.5, 0.5], 0.4, 0.3), r"mass is 0.3, less than ignorance gives; write a higher mass or a smaller"),
    ],
)
def test_answers_that_make_no_sense_are_refused_with_what_to_write(method: Callable, answers: tuple, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        method(*answers, **WHO)


def test_a_signature_that_is_incomplete_is_refused_before_anything_is_fitted() -> None:
    with pytest.raises(UsageError, match=r"(?s)'analyst' is missing.*'made_on' is missing"):
        maxent("Beta", 0.1, 0.4, id="deal-a", about="P(a deal)")
    with pytest.raises(UsageError, match=r"(?s)unknown field 'analist'\n  did you mean 'analyst'\?"):
        maxent("Beta", 0.1, 0.4, **WHO, analist="B. Analyst")
    with pytest.raises(UsageError, match=r"names 0 outcomes, not 3\n  name each outcome of the set once"):
        dirichlet([0.5, 0.3, 0.2], 0.1, **WHO)
