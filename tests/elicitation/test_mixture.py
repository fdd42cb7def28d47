"""Several analysts side by side: the mixture's numbers, and what it shows of their disagreement."""

from __future__ import annotations

import math

import numpy as np
import pytest
from elicited_priors import prior, shares, stated
from hypothesis import given
from hypothesis import strategies as st

from forecasting.elicitation.mixture import Mixture, mixture
from forecasting.elicitation.pooling import linear_pool
from forecasting.errors import UsageError

LOW = stated("Beta", {"alpha": 2, "beta": 6}, id="low", analyst="A. Low")  # mean 0.25, variance 1/48
HIGH = stated("Beta", {"alpha": 6, "beta": 3}, id="high", analyst="B. High")  # mean 2/3, variance 18/(81·10) = 1/45


def test_mean_and_spread_are_worked_by_hand() -> None:
    # weights ¼ and ¾: mean 0.0625 + 0.5 = 0.5625; within ¼/48 + ¾/45 = 0.00520833 + 0.01666667 = 0.021875
    # between ¼·0.3125² + ¾·(2/3 − 0.5625)² = 0.02441406 + 0.00813802 = 0.03255208; share 0.03255208/0.05442708
    got = mixture("both", [LOW, HIGH], [0.25, 0.75])
    found = got.disagreement()
    assert float(got.mean()) == pytest.approx(0.5625)
    assert (float(found.within), float(found.between)) == pytest.approx((math.sqrt(0.021875), math.sqrt(0.03255208)))
    assert float(found.share) == pytest.approx(0.598086, abs=1e-6)
    assert float(got.sd()) == pytest.approx(math.sqrt(0.05442708))
    # weights swapped: mean ¾·0.25 + ¼·2/3
    assert float(mixture("both", [LOW, HIGH], [0.75, 0.25]).mean()) == pytest.approx(0.354167, abs=1e-6)


def test_without_weights_all_priors_count_the_same() -> None:
    assert mixture("both", [LOW, HIGH]).weights == (0.5, 0.5)


@given(st.floats(0.01, 0.99), st.floats(0.02, 0.98))
def test_at_every_threshold_the_mixture_is_the_linear_pool_of_its_members(w: float, x: float) -> None:
    # P(X ≤ x) of the mixture is the pool of the members' P(X ≤ x)
    got = mixture("both", [LOW, HIGH], [w, 1 - w])
    assert float(got.cdf(x)) == pytest.approx(float(linear_pool([float(LOW.cdf(x)), float(HIGH.cdf(x))], [w, 1 - w])), rel=1e-9)


@given(st.floats(0.001, 0.999), st.floats(0, 1))
def test_quantiles_undo_the_distribution_function(q: float, w: float) -> None:
    got = mixture("both", [LOW, HIGH], [w, 1 - w])
    assert float(got.cdf(got.quantile(q))) == pytest.approx(q, abs=1e-9)


def test_moments_agree_with_draws_from_the_members() -> None:
    # a second way: 400,000 draws; standard errors below 4e-4
    rng = np.random.default_rng(20241213)
    n = rng.binomial(400_000, 0.25)
    draws = np.r_[rng.beta(2, 6, n), rng.beta(6, 3, 400_000 - n)]
    got = mixture("both", [LOW, HIGH], [0.25, 0.75])
    assert (float(got.mean()), float(got.sd())) == pytest.approx((draws.mean(), draws.std()), abs=2e-3)
    assert got.quantile([0.05, 0.5, 0.95]) == pytest.approx(np.quantile(draws, [0.05, 0.5, 0.95]), abs=4e-3)


def test_analysts_who_say_the_same_do_not_disagree() -> None:
    twin = stated("Beta", {"alpha": 2, "beta": 6}, id="twin", analyst="C. Twin")
    found = mixture("same", [LOW, twin], [0.3, 0.7]).disagreement()
    assert (float(found.share), float(found.between), found.apart) == (
        pytest.approx(0, abs=1e-15),
        pytest.approx(0, abs=1e-8),
        (),
    )


def test_two_camps_stay_two_camps() -> None:
    # 90 % intervals of Beta(5, 60) and Beta(60, 5) lie on either side of ½; hardly any of the mixture does
    no = stated("Beta", {"alpha": 5, "beta": 60}, id="no", analyst="A. No")
    yes = stated("Beta", {"alpha": 60, "beta": 5}, id="yes", analyst="B. Yes")
    got = mixture("camps", [no, yes])
    assert got.disagreement().apart == (("no", "yes"),)
    assert float(got.disagreement().share) > 0.98
    assert float(got.cdf(0.7) - got.cdf(0.3)) < 0.001  # a normal of the same mean and sd would put 0.37 there
    assert "99 % of the variance lies between the analysts; intervals that do not touch: no and yes" in repr(got)


def test_the_table_shows_every_analyst_and_then_the_mixture() -> None:
    table = mixture("both", [LOW, HIGH], [0.25, 0.75]).table()
    assert table.columns.tolist() == ["prior", "analyst", "weight", "p05", "p50", "p95", "mean", "sd"]
    assert table["analyst"].tolist() == ["A. Low", "B. High", "mixture"]
    assert table["weight"].tolist() == [0.25, 0.75, 1.0]
    assert table["mean"].tolist() == pytest.approx([0.25, 2 / 3, 0.5625])


def test_shares_of_a_set_are_mixed_outcome_by_outcome() -> None:
    other = shares(id="other", analyst="B. Other", asked={"mode": (0.2, 0.3, 0.5), "bound": 0.1, "mass": 0.9},
                   parameters={"alpha": (10.9464, 15.9196, 25.866)})  # fmt: skip
    got = mixture("sets", [shares(), other], [0.25, 0.75])
    # ¼·25.866/52.732 + ¾·10.9464/52.732 = 0.278319; the second outcome is the same in both
    assert got.mean() == pytest.approx([0.278319, 0.301896, 0.419785], abs=1e-6)
    assert got.mean().sum() == pytest.approx(1)
    assert got.disagreement().share[1] == pytest.approx(0, abs=1e-12)
    assert got.quantile([0.05, 0.95]).shape == (3, 2)
    assert got.table().shape == (9, 9)
    assert got.table()["outcome"].tolist() == ["talks", "open border", "relations"] * 3


@pytest.mark.parametrize(
    ("priors", "weights", "message"),
    [
        ([LOW], None, r"has 1 priors\n  give two or more"),
        ([], None, r"has 0 priors"),
        ([LOW, HIGH], [0.5, 0.47], r"has weights that sum to 0.97 or one below 0\n  write shares from 0 to 1 that sum to 1"),
        ([LOW, HIGH], [1.5, -0.5], r"or one below 0"),
        ([LOW, HIGH], [1.0], r"has 1 weights for 2 priors\n  write one for each"),
        ([LOW, HIGH], [math.nan, 1.0], r"weights"),
        ([LOW, LOW], None, r"has the same prior twice"),
        ([LOW, prior(id="x", about="P(another thing)")], None, r"mixes two quantities: about is 'P\(a deal within a year\)'"),
        ([LOW, prior(id="x", years=2)], None, r"mixes two quantities: years is 1.0 and 2.0\n  ask all the same question"),
        ([LOW, stated("Normal", {"mu": 0, "sigma": 1}, id="x")], None, r"mixes two quantities: support"),
    ],
)  # fmt: skip
def test_what_cannot_be_mixed_is_refused(priors: list, weights: list | None, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        mixture("both", priors, weights)


def test_a_mixture_cannot_be_changed() -> None:
    got = mixture("both", [LOW, HIGH])
    assert isinstance(got, Mixture)
    with pytest.raises(ValueError, match="frozen"):
        got.weights = (0.1, 0.9)
