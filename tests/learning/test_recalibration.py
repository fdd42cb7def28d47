"""Maps that shrink to the identity: none without data, the truth with much, the same as a second way of computing them."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.special import expit, logit

from forecasting.errors import UsageError
from forecasting.learning.pools import fit_factor, pools
from forecasting.learning.recalibration import FORMS, fit_map


@pytest.mark.parametrize("form", FORMS)
def test_without_data_every_map_is_the_identity_with_its_priors_width(form: str):
    found = fit_map(form, [], [], [])
    np.testing.assert_allclose(found([0.03, 0.5, 0.8]), [0.03, 0.5, 0.8])
    np.testing.assert_allclose(found.sd, FORMS[form].sd)
    np.testing.assert_allclose(found.learned, 0, atol=1e-12)


@pytest.mark.parametrize("form", FORMS)
def test_the_mode_is_what_another_minimiser_finds_from_the_formula(form: str):
    rng = np.random.default_rng(4)
    p, clusters = rng.uniform(0.02, 0.98, 60), rng.integers(0, 40, 60)
    came = (rng.random(60) < p**1.4).astype(float)
    weight = 1 / np.bincount(clusters)[clusters]
    shape = FORMS[form]

    def cost(theta: np.ndarray) -> float:
        if any(t < 0 for t, positive in zip(theta, shape.positive, strict=True) if positive):
            return np.inf
        by_name = dict(zip(shape.parameters, theta, strict=True))
        score = by_name.get("shift", 0) + by_name.get("slope", 0) * logit(p) + by_name.get("a", 0) * np.log(p)
        q = expit(score - by_name.get("b", 0) * np.log(1 - p))
        fit = -(weight * np.log(np.where(came == 1, q, 1 - q))).sum()
        return fit + sum(((t - m) / s) ** 2 / 2 for t, m, s in zip(theta, shape.mean, shape.sd, strict=True))

    best = minimize(cost, shape.mean, method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-12, "maxiter": 5000})
    np.testing.assert_allclose(fit_map(form, p, came, clusters).theta, best.x, atol=1e-5)


def test_many_questions_find_the_map_that_made_them_and_few_leave_it_near_the_identity():
    rng = np.random.default_rng(5)
    p = rng.beta(0.7, 1.2, 20_000)
    for form, theta in (("log-odds", (-0.4, 0.6)), ("beta", (-0.3, 0.5, 1.4))):
        shape = FORMS[form]
        came = rng.random(len(p)) < expit(shape.features(p) @ np.array(theta))
        many, few = fit_map(form, p, came, range(len(p))), fit_map(form, p[:12], came[:12], range(12))
        assert np.abs((np.array(many.theta) - theta) / many.sd).max() < 3.5
        assert min(many.learned) > 0.9
        assert max(few.learned) < 0.5
        assert np.abs(np.array(few.theta) - shape.mean).max() < 0.2


def test_a_question_that_is_asked_five_times_counts_once():
    once = fit_map("beta", [0.2, 0.9], [1, 1], ["a", "b"])
    often = fit_map("beta", [0.2] * 5 + [0.9], [1] * 6, ["a"] * 5 + ["b"])
    np.testing.assert_allclose(once.theta, often.theta, atol=1e-6)
    assert often.weight == pytest.approx(2)


def test_a_beta_map_never_turns_the_order_round():
    p = np.linspace(0.05, 0.95, 400)
    found = fit_map("beta", p, p < 0.5, range(400))  # the opposite of what was said came
    assert found.theta[1] >= 0
    assert found.theta[2] >= 0
    assert (np.diff(found(p)) >= -1e-12).all()


def test_a_map_shrinks_to_another_where_it_is_given_one():
    common = fit_map("log-odds", [0.1] * 60, [0] * 30 + [1] * 30, range(60))
    assert fit_map("log-odds", [], [], [], towards=common).theta == pytest.approx(common.theta)


@pytest.mark.parametrize("p", [[0.0], [1.0], [np.nan], [1.2]])
def test_what_has_no_log_odds_is_named(p: list[float]):
    with pytest.raises(UsageError, match="strictly between 0 and 1 have log odds"):
        fit_map("log-odds", p, [1], [1])
    with pytest.raises(UsageError, match="there is no map 'platt'; write one of log-odds, beta, extremising"):
        fit_map("platt", [0.5], [1], [1])
    with pytest.raises(UsageError, match="1 probabilities, 2 outcomes, 1 clusters"):
        fit_map("beta", [0.5], [1, 0], [1])


def test_forecasters_who_know_different_things_are_extremised_and_those_who_know_the_same_are_not():
    # Each of five sees one of five independent signals of the log odds (or all see one): the full log odds are the sum of all.
    rng = np.random.default_rng(6)
    signals = rng.normal(0, 1, (4000, 5))
    apart, alike = expit(signals), expit(np.repeat(signals[:, :1], 5, axis=1))
    came_apart, came_alike = rng.random(4000) < expit(signals.sum(axis=1)), rng.random(4000) < expit(signals[:, 0])
    factor, none = (
        fit_factor(apart[:2000], came_apart[:2000], range(2000)),
        fit_factor(alike[:2000], came_alike[:2000], range(2000)),
    )
    assert factor.theta[0] == pytest.approx(5, abs=0.6)  # the mean of five times five is the sum
    assert none.theta[0] == pytest.approx(1, abs=0.15)
    later, came = pools(apart[2000:], factor), came_apart[2000:]
    brier = {name: float(np.square(p - came).mean()) for name, p in later.p.items()}
    assert brier["extremised"] < brier["log-odds"] < 0.25
    assert brier["extremised"] < brier["linear"] - 0.02
