"""A likelihood is said with one term, its confidence apart, and no bare "may"; what others said is passed over."""

from __future__ import annotations

import pytest

from forecasting.elicitation.estimates import (
    bare_modals,
    confidence_beside_likelihood,
    foreign_terms,
    sentences,
    terms_in,
    two_terms,
)
from forecasting.standards.tables import ICD_203, KENT, NATO, PHIA


@pytest.mark.parametrize(
    "text",
    [
        "We assess with high confidence that it is likely.",
        "It is very unlikely, with moderate confidence.",
        "Our confidence that this is almost certain is low.",
        "We are confident that a ceasefire is probable.",
        "Much is open. With low confidence: there is a roughly even chance that it ends. More later.",
    ],
)
def test_likelihood_and_confidence_in_one_sentence_are_found(text: str) -> None:
    assert len(list(confidence_beside_likelihood(text))) == 1


@pytest.mark.parametrize(
    "text",
    [
        "It is likely that the base stays. Our confidence in this is high: several independent claims speak of it.",
        "A vote of confidence is likely in May.",
        "Confidence-building measures are unlikely.",
        "A no-confidence vote is very likely.",
        "The source says “we assess with high confidence that it is likely”.",
        "The 90 % confidence interval is likely too narrow.",
    ],
)
def test_sentences_of_their_own_quotations_and_votes_pass(text: str) -> None:
    assert list(confidence_beside_likelihood(text)) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("It is likely, if not very likely, that it ends.", "'likely' and 'very likely'"),
        ("It is unlikely or very unlikely.", "'unlikely' and 'very unlikely'"),
        ("It is likely (probable).", "'likely' and 'probable'"),
        ("It is very likely (64 %).", "'very likely' for 64 %"),
        ("64 %, unlikely", "'unlikely' for 64 %"),
        ("12 % (unlikely)", "'unlikely' for 12 %"),
    ],
)
def test_two_terms_or_a_wrong_one_for_a_number_are_found(text: str, found: str) -> None:
    assert [one for one, _ in two_terms(text, ICD_203) if found in one]


@pytest.mark.parametrize(
    "text",
    [
        "It is likely that it ends and unlikely that it lasts.",
        "90 % 12–81 % (very unlikely to very likely)",
        "likely (unlikely to almost certain)",
        "It lies between unlikely and likely.",
        "It is likely (64 %).",
        "The base is likely to stay, as 64 % of such bases do.",
        "It is far more likely than the border is.",
        "It was likely but is now very unlikely.",
    ],
)
def test_ranges_and_two_things_with_a_term_each_pass(text: str) -> None:
    assert list(two_terms(text, ICD_203)) == []


def test_a_number_is_held_to_the_standard_that_is_followed() -> None:
    assert list(two_terms("It is likely (58 %).", ICD_203)) == []
    assert [found for found, _ in two_terms("It is likely (58 %).", NATO)] == ["'likely' for 58 %"]
    assert list(two_terms("It will probably end (70 %).", KENT)) == []
    (found, fix), = two_terms("It is likely (78 %).", PHIA)
    assert (found, fix) == ("'likely' for 78 %", "write 'between likely and highly likely', as PHIA yardstick calls it")


def test_terms_of_another_standard_are_found() -> None:
    text = "A signature is highly likely."
    assert [found for found, _ in foreign_terms(text, ICD_203)] == ["'highly likely', no term of ICD 203"]
    assert list(foreign_terms(text, PHIA)) == []
    assert list(foreign_terms("It will almost certainly end; he wrote ‘highly likely’.", ICD_203)) == []


def test_bare_modals_are_found_and_the_month_is_not() -> None:
    assert [found.split(",")[0] for found, _ in bare_modals("It may, might or could end in May, perhaps.", ICD_203)] == [
        "'may'", "'might'", "'could'", "'perhaps'"
    ]  # fmt: skip
    assert list(bare_modals("In May the mayor's might-have-beens count for nothing.", ICD_203)) == []


def test_words_inside_others_are_no_terms() -> None:
    assert terms_in("A likelihood, an unlikeliness, in a remote place.") == []
    assert terms_in("It is very unlikely; roughly even chance; almost certainly.") == [
        "very unlikely", "roughly even chance", "almost certainly"
    ]  # fmt: skip


def test_a_text_is_cut_into_sentences_without_what_is_quoted() -> None:
    assert sentences("One. “Two. Three.” Four! 'Five.' It's six.") == ("One.", "Four!", "It's six.")
