"""An elicited prior is checked whenever it is built: its form, its numbers, and whether it gives what was asked."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from elicited_priors import BY_HAND, RANGES, any_prior, prior, shares, stated
from hypothesis import given
from pydantic import ValidationError
from scipy import stats

from forecasting.elicitation.elicited import ElicitedPrior, build
from forecasting.elicitation.families import LogitNormal
from forecasting.errors import UsageError


def test_moments_and_quantiles_are_those_of_the_distribution() -> None:
    # Beta(2, 6): mean ¼, variance 12/(64·9) = 1/48
    got = stated("Beta", {"alpha": 2, "beta": 6})
    assert float(got.mean()) == pytest.approx(0.25)
    assert float(got.sd()) == pytest.approx(math.sqrt(1 / 48))
    assert got.cdf(got.quantile([0.05, 0.5, 0.95])) == pytest.approx([0.05, 0.5, 0.95], abs=1e-9)
    # Gamma(4, rate 0.5): mean 8, sd 4; LogNormal(1, 0.5²): mean e^1.125, median e
    assert [
        float(x) for x in (stated("Gamma", {"alpha": 4, "beta": 0.5}).mean(), stated("Gamma", {"alpha": 4, "beta": 0.5}).sd())
    ] == pytest.approx([8, 4])
    log_normal = stated("LogNormal", {"mu": 1, "sigma": 0.5})
    assert (float(log_normal.mean()), float(log_normal.quantile(0.5))) == pytest.approx((math.exp(1.125), math.e))


@pytest.mark.parametrize(("mu", "sigma"), [(-1.3, 0.7), (0.4, 2.5), (2.0, 0.1)])
def test_the_logit_normal_is_a_normal_seen_through_the_logistic_curve(mu: float, sigma: float) -> None:
    # moments again as averages of quantiles at 200,001 midpoints
    q = (np.arange(200_001) + 0.5) / 200_001
    p = 1 / (1 + np.exp(-stats.norm.ppf(q, mu, sigma)))
    got = LogitNormal(mu, sigma)
    assert got.ppf(q) == pytest.approx(p, rel=1e-9)
    assert got.cdf(p[::1000]) == pytest.approx(q[::1000], abs=1e-9)
    assert (got.mean(), got.std()) == pytest.approx((p.mean(), p.std()), abs=1e-5)


def test_a_dirichlet_has_one_distribution_for_each_outcome() -> None:
    # α = (25.866, 15.9196, 10.9464), Σα = 52.732
    got = shares()
    assert got.mean() == pytest.approx([25.866 / 52.732, 15.9196 / 52.732, 10.9464 / 52.732], rel=1e-6)
    assert (got.sd().shape, got.quantile([0.1, 0.5]).shape, got.cdf(0.3).shape) == ((3,), (3, 2), (3,))
    assert "border: median 0.299" in repr(got)


def test_a_prior_shows_what_was_asked_and_what_came_of_it() -> None:
    shown = repr(prior())
    assert shown == str(prior())
    assert "Beta(alpha=3.47199, beta=9.45366), A. Analyst, 2024-12-13" in shown
    assert "median 0.256, 90 % between 0.0956 and 0.484" in shown
    assert "by maxent: lower 0.1, upper 0.4, mass 0.8" in shown


def test_a_prior_cannot_be_changed() -> None:
    got = prior()
    with pytest.raises(ValidationError):
        got.analyst = "B. Analyst"
    with pytest.raises(TypeError):
        got.parameters["alpha"] = 9.0
    with pytest.raises(TypeError):
        got.asked["mass"] = 0.5


def test_what_was_handed_in_does_not_stay_tied_to_the_record() -> None:
    asked = {"lower": 0.1, "upper": 0.4, "mass": 0.8}
    got = prior(asked=asked)
    asked["mass"] = 0.5
    assert got.asked["mass"] == 0.8


def test_equal_answers_are_equal_priors_in_whatever_order_they_were_given() -> None:
    assert prior(asked={"mass": 0.8, "upper": 0.4, "lower": 0.1}) == prior()
    assert prior(parameters={"beta": 9.45366, "alpha": 3.47199}) == prior()
    assert prior(note="by telephone") != prior()


@given(any_prior())
def test_a_distribution_meets_its_own_quartiles(got: ElicitedPrior) -> None:
    assert got.miss < 1e-6
    assert set(got.parameters) == set(RANGES[got.family])


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"parameters": {"alpha": 5.47199, "beta": 9.45366}}, r"is off what was asked by 0.236.* \(at most 0.001\)"),
        ({"parameters": {"alpha": -1, "beta": 9}}, r"parameters alpha is -1.0\n  write a number above 0"),
        ({"family": "Normal", "asked": {"lower": -2, "upper": 1, "mass": 0.8}, "parameters": {"mu": 0, "sigma": 0}},
         r"sigma is 0.0\n  write a number above 0"),
        ({"parameters": {"alpha": math.nan, "beta": 9}}, r"alpha is nan\n  write a number between 1e-12 and 1e12 in size"),
        ({"parameters": {"alpha": 1e-13, "beta": 9}}, r"alpha is 1e-13\n  write a number between 1e-12"),
        ({"parameters": {"alpha": 1 / 3, "beta": 9}}, r"write at most 12 significant digits"),
        ({"parameters": {"alpha": 3.5}}, r"parameters lacks beta\n  write what Beta needs: alpha, beta"),
        ({"parameters": {"alfa": 3.5, "beta": 9}}, r"parameters has 'alfa', which Beta lacks\n  did you mean 'alpha'\?"),
        ({"parameters": {"alpha": [1, 2], "beta": 9}}, r"a Dirichlet has a list, all others one number"),
        ({"parameters": None}, r"'parameters' is still to be filled in\n  write parameters: …"),
        ({"asked": {"lower": 0.1, "upper": 0.4}}, r"asked lacks mass\n  write what method maxent needs: lower, upper, mass"),
        ({"asked": {"lower": 0.1, "upper": 0.4, "mas": 0.8}}, r"has 'mas', which method maxent lacks\n  did you mean 'mass'"),
        ({"asked": {"lower": 0.9, "upper": 0.4, "mass": 0.8}}, r"asked lower 0.9 is not below upper 0.4"),
        ({"asked": "0.1 to 0.4"}, r"asked is '0.1 to 0.4'\n  write lower: …, upper: …, mass: …"),
        ({"method": "guess"}, r"method is 'guess'\n  write one of 'maxent', 'quartile', 'roulette' or 'dirichlet'"),
        ({"family": "Cauchy"}, r"family is 'Cauchy'"),
        ({"years": 0}, r"years is 0"),
        ({"years": "1"}, r"years is '1'\n  write a plain number"),
        ({"outcomes": ["talks", "border"]}, r"names 2 outcomes, not 0\n  name each outcome"),
        ({"id": "Deal A"}, r"id is 'Deal A'\n  write lower-case letters, digits and hyphens"),
        ({"made_on": "13.12.2024"}, r"'13.12.2024' is not a date\n  write YYYY-MM-DD"),
        ({"about": "P(a deal\nwithin a year)"}, r"holds a line break or an invisible character\n  write one line of plain text"),
        ({"about": "P(a deal\u200b)"}, r"holds a line break or an invisible character"),
        ({"analyst": "Zoe\u0301 A."}, r"has letters and accents apart\n  write it in composed form"),
        ({"analyst": "A"}, r"analyst is 'A'\n  write at least 3 characters"),
        ({"analist": "B. Analyst"}, r"unknown field 'analist'\n  did you mean 'analyst'\?"),
    ],
)  # fmt: skip
def test_a_prior_that_is_not_sound_cannot_be_built(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        build(ElicitedPrior, {**BY_HAND, **changes})


def test_a_horizon_goes_with_a_probability_only() -> None:
    with pytest.raises(UsageError, match=r"has 'years' for a Normal\n  they go with the probability of an event"):
        build(ElicitedPrior, {**stated("Normal", {"mu": 0, "sigma": 1}).model_dump(), "years": 1.0})


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"outcomes": ["talks", "open border"]}, r"names 2 outcomes, not 3"),
        ({"outcomes": ["talks", "talks", "relations"]}, r"names 2 outcomes, not 3"),
        ({"parameters": {"alpha": [25.9, 26.8]}}, r"has 2 numbers in alpha for 3 outcomes; fit it again"),
        ({"parameters": {"alpha": 25.9}}, r"a Dirichlet has a list"),
        ({"parameters": {"alpha": [25.9, -1, 3]}}, r"write a number above 0"),
    ],
)
def test_a_dirichlet_needs_a_name_and_a_number_for_each_outcome(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError, match=message.replace("; ", r"\n  ")):
        build(ElicitedPrior, {**shares().model_dump(), **changes})
