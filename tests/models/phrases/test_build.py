"""The phrase model against a second way to write its likelihood, and against readers whose truth is known."""

from __future__ import annotations

import numpy as np
import pymc as pm
import pytest
from pytensor import function
from pytensor.compile.mode import Mode
from scipy.optimize import brentq, minimize
from scipy.special import expit, logsumexp, softmax
from scipy.stats import norm

from forecasting.elicitation.habits import CUTS, ROUNDING, habit_maps, habit_shares
from forecasting.elicitation.meaning import PhraseDraws, Survey, answer_probabilities, meaning_quantiles
from forecasting.models.phrases.build import NODES, build_phrase_model, node_weights

SURVEY = Survey("s", ("likely", "unlikely"), np.array([[75, 20], [66, 0], [90, 10]]), "c")
SHAPE = {"location": [1.0, -1.4], "scale": [0.5, 0.8], "skew": [0.3, -0.6], "tail": 0.8}
ROUNDERS = np.array([[0.2, 0.5, 0.3], [0.1, 0.3, 0.6]])
BESIDE, ENDS, SLIP = np.array([0.3, 0.1]), np.array([0.2, 0.1]), 0.02


def meaning(u, location, scale, skew, tail):
    return location + scale * tail * (np.sinh(np.arcsinh(u) / tail + skew) - np.sinh(skew)) / np.cosh(skew)


def test_nodes_of_bias_stand_for_a_standard_normal() -> None:
    weights = node_weights()
    # cut at 2.4, so the variance falls a little short of one
    assert weights.sum() == pytest.approx(1)
    assert (weights * NODES).sum() == pytest.approx(0)
    assert 0.93 < (weights * NODES**2).sum() < 1
    np.testing.assert_allclose(weights / weights.max(), norm.pdf(NODES) / norm.pdf(0))


def conditional_answers(bias: np.ndarray, node: float) -> np.ndarray:
    """Return P(answer | bias) by the definition: the share of e on each side of every cut, found by root search."""
    rows = []
    shares = habit_shares(ROUNDERS, BESIDE, ENDS[None])
    for j, rho in enumerate(bias):
        shape = (SHAPE["location"][j], SHAPE["scale"][j], SHAPE["skew"][j], SHAPE["tail"])
        places = [brentq(lambda u, cut=cut, shape=shape: expit(meaning(u, *shape)) - cut / 100, -60, 60) for cut in CUTS]
        cdf = norm.cdf((np.array(places) - rho * node) / np.sqrt(1 - rho**2))
        masses = np.diff(np.concatenate([[0], cdf, [1]]))
        answer = np.einsum("ha,a,haz->z", shares[j], masses, habit_maps())
        rows.append((1 - SLIP) * answer + SLIP / 101)
    return np.array(rows)


@pytest.mark.slow
def test_the_models_likelihood_is_that_of_its_definition() -> None:
    bias = np.array([0.4, 0.7])
    model = build_phrase_model(SURVEY)
    given = {
        "location": SHAPE["location"], "log_scale": np.log(SHAPE["scale"]), "skew": SHAPE["skew"], "bias": bias,
        "log_tail": np.log(SHAPE["tail"]), "rounding_share": ROUNDERS, "beside_even": BESIDE, "pile_up": ENDS, "slip": SLIP,
    }  # fmt: skip
    givens = [(model[name], np.asarray(number, dtype=float)) for name, number in given.items()]
    potential = function([], model.potentials[0], givens=givens, mode=Mode("py", None), on_unused_input="ignore")()
    per_node = []
    for node in NODES:
        table = np.log(conditional_answers(bias, node))
        per_node.append(table[0, SURVEY.answers[:, 0]] + table[1, SURVEY.answers[:, 1]])
    by_hand = logsumexp(np.array(per_node) + np.log(node_weights())[:, None], axis=0).sum()
    assert float(potential.sum()) == pytest.approx(by_hand, rel=1e-9)


def test_over_all_readers_bias_leaves_the_answers_to_a_phrase_as_they_are() -> None:
    draws = PhraseDraws(
        *(np.array([SHAPE[name]]) for name in ("location", "scale", "skew")), np.array([SHAPE["tail"]]), ROUNDERS[None],
        BESIDE[None], ENDS[None], np.array([SLIP]),
    )  # fmt: skip
    mixed = sum(w * conditional_answers(np.array([0.4, 0.7]), node) for node, w in zip(NODES, node_weights(), strict=True))
    # a grid that ends at 2.4 lacks 1.6 % of the readers
    assert np.abs(mixed - answer_probabilities(draws)).sum(axis=1).max() < 0.02


@pytest.mark.slow
def test_before_any_answer_a_phrase_may_mean_nearly_anything_but_no_two_readers_nothing_in_common() -> None:
    model = build_phrase_model(SURVEY)
    names = ("location", "log_scale", "skew", "log_tail", "rounding_share", "beside_even", "pile_up", "slip")
    drawn = dict(zip(names, pm.draw([model[n] for n in names], draws=300, random_seed=3, mode="FAST_COMPILE"), strict=True))
    drawn["scale"], drawn["tail"] = np.exp(drawn.pop("log_scale")), np.exp(drawn.pop("log_tail"))
    drawn["rounding"] = drawn.pop("rounding_share")
    draws = [PhraseDraws(**{name: values[i : i + 1] for name, values in drawn.items()}) for i in range(300)]
    quantiles = np.array([meaning_quantiles(draw)[0] for draw in draws])
    low, high = np.quantile(quantiles[:, 2], [0.05, 0.95])
    width = np.median(quantiles[:, 4] - quantiles[:, 0])
    assert low < 0.06
    assert high > 0.94
    assert 0.2 < width < 0.6
    # exact answers, fives and tens are all to be expected; piling up at the ends is rare
    assert drawn["rounding"].mean(axis=(0, 1)).min() > 0.05
    assert drawn["pile_up"].mean() < 0.15


TRUTH = {
    "location": np.array([-2.0, -0.4, 0.9, 1.8]), "log_scale": np.log([0.8, 0.5, 0.6, 1.0]),
    "skew": np.array([-0.4, -0.1, 0.2, 0.5]), "log_tail": -0.3, "bias": np.array([0.6, 0.5, 0.3, 0.15]),
    "rounding_share": np.array([[0.1, 0.5, 0.4], [0.1, 0.4, 0.5], [0.15, 0.6, 0.25], [0.1, 0.5, 0.4]]),
    "pile_up": np.array([0.1, 0.2]), "slip": 0.015,
}  # fmt: skip


def simulated(n_readers: int, random_seed: int) -> Survey:
    """Return answers of readers made by the definition: bias, own error, meaning, rounding, slips; nobody is beside even."""
    rng = np.random.default_rng(random_seed)
    rho = TRUTH["bias"]
    place = rng.normal(size=(n_readers, 1)) * rho + rng.normal(size=(n_readers, 4)) * np.sqrt(1 - rho**2)
    shape = (TRUTH["location"], np.exp(TRUTH["log_scale"]), TRUTH["skew"], np.exp(TRUTH["log_tail"]))
    percent = 100 * expit(meaning(place, *shape))
    way = (rng.random((n_readers, 4, 1)) > TRUTH["rounding_share"].cumsum(axis=1)).sum(axis=2)
    step = np.choose(way, [1, 5, np.where((percent < 7.5) | (percent > 92.5), 5, 10)])
    step = np.where((percent < 2.5) | (percent > 97.5), 1, step)
    answers = step * np.floor(percent / step + 0.5)
    piles = rng.random(percent.shape)
    answers = np.where((percent < 2.5) & (piles < TRUTH["pile_up"][0]), 0, answers)
    answers = np.where((percent > 97.5) & (piles < TRUTH["pile_up"][1]), 100, answers)
    slips = rng.random(percent.shape) < TRUTH["slip"]
    answers = np.where(slips, rng.integers(0, 101, percent.shape), answers).astype(int)
    return Survey("simulated", ("rare", "could", "likely", "sure"), answers, "made up")


def mode_and_spread(model: pm.Model) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Return the posterior mode and its standard deviations by Laplace's method, by unconstrained variable.

    Seconds instead of the minute that compiling for the sampler takes; with 800 readers the two agree well enough here.
    """
    density = model.logp_dlogp_function(ravel_inputs=True, mode="FAST_COMPILE")
    density.set_extra_values({})
    initial = model.initial_point()

    def negative(x: np.ndarray) -> tuple[float, np.ndarray]:
        value, gradient = density(x)
        return -float(value), -np.asarray(gradient)

    start = np.concatenate([np.ravel(value) for value in initial.values()])
    best = minimize(negative, start, jac=True, method="L-BFGS-B", options={"maxiter": 1000, "ftol": 1e-8})
    assert best.success
    step = 1e-4
    hessian = [(negative(best.x + h)[1] - negative(best.x - h)[1]) / (2 * step) for h in step * np.eye(start.size)]
    spread = np.sqrt(np.diag(np.linalg.inv(np.array(hessian))))
    ends = np.cumsum([np.size(value) for value in initial.values()])[:-1]
    return dict(zip(initial, zip(np.split(best.x, ends), np.split(spread, ends), strict=True), strict=True))


@pytest.mark.slow
def test_what_simulated_readers_meant_and_how_they_rounded_is_recovered() -> None:
    found = mode_and_spread(build_phrase_model(simulated(800, random_seed=5)))
    shape = ("location", "log_scale", "skew", "log_tail")
    off = {name: (found[name][0] - TRUTH[name]) / found[name][1] for name in shape}
    print("\nstandard deviations off:", {name: values.round(1).tolist() for name, values in off.items()})
    every = np.concatenate(list(off.values()))
    assert np.abs(every).max() < 3.5
    assert 0.3 < (every**2).mean() < 2
    # and narrowly: medians to a twentieth of a logit, one point at one half
    assert found["location"][1].max() < 0.05
    # what phrases share is drawn together at the mode, so that these are compared as they are
    odds = np.stack([np.zeros(4), *(found[f"log_{name}"][0] for name in ROUNDING[1:])], axis=1)
    np.testing.assert_allclose(softmax(odds, axis=1), TRUTH["rounding_share"], atol=0.1)
    np.testing.assert_allclose(expit(found["bias_logodds__"][0]), TRUTH["bias"], atol=0.15)
    np.testing.assert_allclose(expit(found["pile_up_logodds__"][0]), TRUTH["pile_up"], atol=0.12)
    assert expit(found["slip_logodds__"][0]) == pytest.approx(TRUTH["slip"], abs=0.008)
