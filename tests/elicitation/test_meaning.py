"""The phrase model's predictions against closed forms, and the model against a second way to write its likelihood."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit, logit, logsumexp
from scipy.stats import norm

from forecasting.elicitation.habits import HABITS
from forecasting.elicitation.meaning import (
    NODES,
    PhraseDraws,
    Survey,
    answer_probabilities,
    meaning_quantiles,
    node_weights,
)


def one_draw(location=1.0, below=0.4, above=0.4, lean=0.0, weights=(1, 0, 0, 0, 0), slip=0.0) -> PhraseDraws:
    cell = np.array([[float(location)]])
    return PhraseDraws(
        cell, cell * 0 + below, cell * 0 + above, cell * 0 + lean, np.array([[weights]], dtype=float), np.array([slip])
    )


def test_without_bias_and_with_equal_sides_a_meaning_is_logistic() -> None:
    # a logistic has quantiles μ + s·logit(q): 5 % at 1 − 0.4·2.944 = −0.178, so at p = 0.4557
    wanted = expit(1 + 0.4 * logit([0.05, 0.25, 0.5, 0.75, 0.95]))
    np.testing.assert_allclose(meaning_quantiles(one_draw())[0], wanted, atol=1e-6)
    assert wanted[0] == pytest.approx(0.4557, abs=1e-4)


def test_the_two_sides_share_the_mass_as_their_spreads() -> None:
    # below : above = 0.9 : 0.3, so three quarters of all readers mean less than the location
    draws = one_draw(location=0.0, below=0.9, above=0.3)
    assert draws.cdf(np.array([[[0.0]]]))[0, 0, 0] == pytest.approx(0.75)


def test_bias_widens_what_a_new_reader_means() -> None:
    narrow, wide = (meaning_quantiles(one_draw(lean=lean))[0] for lean in (0.0, 0.8))
    assert wide[0] < narrow[0]
    assert wide[4] > narrow[4]


def test_nodes_of_bias_stand_for_a_standard_normal() -> None:
    weights = node_weights()
    # cut at 2.4, so the variance falls a little short of one
    assert weights.sum() == pytest.approx(1)
    assert (weights * NODES).sum() == pytest.approx(0)
    assert 0.93 < (weights * NODES**2).sum() < 1
    np.testing.assert_allclose(weights / weights.max(), norm.pdf(NODES) / norm.pdf(0))


def test_exact_answers_are_the_steps_of_the_distribution() -> None:
    row = answer_probabilities(one_draw())[0]
    step = expit((logit(0.705) - 1) / 0.4) - expit((logit(0.695) - 1) / 0.4)
    assert row[70] == pytest.approx(step)
    assert row.sum() == pytest.approx(1)


def test_slips_fall_anywhere_and_rounders_never_write_73() -> None:
    assert answer_probabilities(one_draw(weights=(0, 1, 0, 0, 0), slip=0.101))[0, 73] == pytest.approx(0.001)


def test_beyond_half_a_per_cent_of_the_ends_nothing_is_made_up() -> None:
    quantiles = meaning_quantiles(one_draw(location=8.0, below=0.1, above=0.1))[0]
    np.testing.assert_array_equal(quantiles, np.full(5, 0.995))


def test_a_survey_of_parts_of_per_cents_is_refused() -> None:
    with pytest.raises(ValueError, match="survey s: answers must be whole numbers from 0 to 100, one column a phrase"):
        Survey("s", ("likely",), np.array([[70.5]]), "c")
    with pytest.raises(ValueError, match="whole numbers from 0 to 100"):
        Survey("s", ("likely",), np.array([[101]]), "c")


SURVEY = Survey("s", ("likely", "unlikely"), np.array([[75, 20], [66, 0], [90, 10]]), "c")


@pytest.mark.slow
def test_the_models_likelihood_is_that_of_its_definition() -> None:
    import pymc as pm
    from pytensor import function
    from pytensor.compile.mode import Mode

    from forecasting.models.verbal import build_phrase_model

    model = build_phrase_model(SURVEY)
    weights = np.array([[0.3, 0.3, 0.2, 0.1, 0.1], [0.5, 0.2, 0.2, 0.05, 0.05]])
    odds = np.log(weights / weights[:, :1])
    value = {"location": [1.0, -1.4], "log_below": np.log([0.4, 0.7]), "log_above": np.log([0.3, 0.5]),
             "lean": [0.2, 0.5], "slip": 0.02} | {f"log_{name}": odds[:, 1 + h] for h, name in enumerate(HABITS[1:])}  # fmt: skip
    givens = [(model[name], np.asarray(v, dtype=float)) for name, v in value.items()]
    potential = function([], model.potentials[0], givens=givens, mode=Mode("py", None), on_unused_input="ignore")()
    # second way: for each node of bias shift the location, and read each reader's answers from the table of answers
    per_node = []
    for node in NODES:
        draws = PhraseDraws(
            np.array([[1.0 + 0.2 * node, -1.4 + 0.5 * node]]), np.array([[0.4, 0.7]]), np.array([[0.3, 0.5]]),
            np.zeros((1, 2)), weights[None], np.array([0.02]),
        )  # fmt: skip
        table = np.log(answer_probabilities(draws))
        per_node.append(table[0, SURVEY.answers[:, 0]] + table[1, SURVEY.answers[:, 1]])
    by_hand = logsumexp(np.array(per_node) + np.log(node_weights())[:, None], axis=0).sum()
    assert float(potential) == pytest.approx(by_hand, rel=1e-10)
    assert isinstance(model, pm.Model)


@pytest.mark.slow
def test_before_any_answer_a_phrase_may_mean_nearly_anything_but_no_two_readers_nothing_in_common() -> None:
    import pymc as pm

    from forecasting.models.verbal import build_phrase_model

    model = build_phrase_model(SURVEY)
    names = ("location", "log_below", "log_above", "lean", "habit_weight", "slip")
    drawn = pm.draw([model[name] for name in names], draws=300, random_seed=3, mode="FAST_COMPILE")
    location, below, above, lean, weights, slip = drawn
    draws = [
        PhraseDraws(*(x[i : i + 1] for x in (location, np.exp(below), np.exp(above), lean, weights, slip))) for i in range(300)
    ]  # fmt: skip
    quantiles = np.array([meaning_quantiles(draw)[0] for draw in draws])
    low, high = np.quantile(quantiles[:, 2], [0.05, 0.95])
    width = np.median(quantiles[:, 4] - quantiles[:, 0])
    assert low < 0.06
    assert high > 0.94
    assert 0.2 < width < 0.6
    # exact answers, fives and tens are all to be expected; piling up and stopping beside even are rare
    mean = weights.mean(axis=(0, 1))
    assert min(mean[:3]) > 0.1
    assert max(mean[3:]) < 0.1
