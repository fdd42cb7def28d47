"""The phrase model's predictions against closed forms, and the model against a second way to write its likelihood."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit, logit
from scipy.stats import norm

from forecasting.elicitation.meaning import PhraseDraws, Survey, answer_probabilities, meaning_quantiles


def one_draw(
    location=1.0, scale=0.8, skew=0.0, tail=1.0, rounding=(1, 0, 0), beside=0.0, ends=(0.0, 0.0), slip=0.0
) -> PhraseDraws:
    cell = np.array([[float(location)]])
    return PhraseDraws(
        cell, cell * 0 + scale, cell * 0 + skew, np.array([float(tail)]), np.array([[rounding]], dtype=float),
        cell * 0 + beside, np.array([ends]), np.array([slip]),
    )  # fmt: skip


def meaning(u, location, scale, skew, tail):
    """Return the meaning, in logits, of a reader at place u: the model's map itself, of which the package has the inverse."""
    return location + scale * tail * (np.sinh(np.arcsinh(u) / tail + skew) - np.sinh(skew)) / np.cosh(skew)


def test_without_skew_and_with_normal_tails_a_meaning_is_normal_on_the_logit_scale() -> None:
    # Φ⁻¹(0.05) = −1.645: the 5 % quantile is at 1 − 0.8·1.645 = −0.316 logits, so at p = 0.4217
    wanted = expit(1 + 0.8 * norm.ppf([0.05, 0.25, 0.5, 0.75, 0.95]))
    np.testing.assert_allclose(meaning_quantiles(one_draw())[0], wanted, atol=1e-6)
    assert wanted[0] == pytest.approx(0.4217, abs=1e-4)


@pytest.mark.parametrize(("skew", "tail"), [(0.7, 1.0), (-0.4, 0.8), (1.1, 0.6), (-1.0, 1.3)])
def test_quantiles_of_meanings_are_the_models_map_of_normal_quantiles(skew, tail) -> None:
    wanted = expit(meaning(norm.ppf([0.05, 0.25, 0.5, 0.75, 0.95]), 0.3, 0.5, skew, tail))
    np.testing.assert_allclose(meaning_quantiles(one_draw(0.3, 0.5, skew, tail))[0], wanted, atol=1e-6)


@pytest.mark.parametrize(("skew", "tail"), [(0.0, 1.0), (0.9, 0.7), (-0.6, 1.2)])
def test_the_location_is_the_median_and_the_scale_its_spread_nearby_whatever_the_shape(skew, tail) -> None:
    draws = one_draw(-0.7, 0.4, skew, tail)
    below, middle, above = draws.cdf(np.array([[[-0.7 - 1e-4, -0.7, -0.7 + 1e-4]]]))[0, 0]
    assert middle == pytest.approx(0.5)
    # density φ(0)/s = 0.3989/0.4 = 0.9974
    assert (above - below) / 2e-4 == pytest.approx(0.9974, abs=1e-3)


def test_a_positive_skew_stretches_what_lies_above() -> None:
    low, *_, high = meaning_quantiles(one_draw(0.0, 0.5, 0.6))[0]
    assert high - 0.5 > 0.5 - low


def test_exact_answers_are_the_steps_of_the_distribution() -> None:
    row = answer_probabilities(one_draw())[0]
    step = norm.cdf((logit(0.705) - 1) / 0.8) - norm.cdf((logit(0.695) - 1) / 0.8)
    assert row[70] == pytest.approx(step)
    assert row.sum() == pytest.approx(1)


def test_beside_even_and_the_ends_take_from_their_own_places_only() -> None:
    plain, held = (answer_probabilities(one_draw(0.1, rounding=(0, 1, 0), beside=q, ends=e))[0]
                   for q, e in ((0.0, (0.0, 0.0)), (0.25, (0.5, 0.1))))  # fmt: skip
    # of those who mean 47.5 to 52.5 a quarter no longer writes 50; of those who mean 52.5 to 55 a quarter no longer 55
    assert held[50] == pytest.approx(0.75 * plain[50])
    from_above = norm.cdf((logit(0.55) - 0.1) / 0.8) - norm.cdf((0 - 0.1) / 0.8)
    # (the atom 49.5 to 50.5 is cut in two equal halves, which moves one answer in ten thousand)
    assert held[51] == pytest.approx(0.25 * from_above, abs=1e-5)
    np.testing.assert_allclose(held[[1, 2]], plain[[1, 2]] / 2)
    np.testing.assert_allclose(held[[98, 99]], plain[[98, 99]] * 0.9)
    np.testing.assert_allclose(held[[5, 30, 70, 95]], plain[[5, 30, 70, 95]])
    assert held.sum() == pytest.approx(1)


def test_slips_fall_anywhere_and_rounders_never_write_73() -> None:
    assert answer_probabilities(one_draw(rounding=(0, 1, 0), slip=0.101))[0, 73] == pytest.approx(0.001)


def test_beyond_half_a_per_cent_of_the_ends_nothing_is_made_up() -> None:
    quantiles = meaning_quantiles(one_draw(location=8.0, scale=0.1))[0]
    np.testing.assert_array_equal(quantiles, np.full(5, 0.995))


def test_a_survey_of_parts_of_per_cents_is_refused() -> None:
    with pytest.raises(ValueError, match="survey s: answers must be whole numbers from 0 to 100, one column a phrase"):
        Survey("s", ("likely",), np.array([[70.5]]), "c")
    with pytest.raises(ValueError, match="whole numbers from 0 to 100"):
        Survey("s", ("likely",), np.array([[101]]), "c")
