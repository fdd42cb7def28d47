"""Readings beside their class, and the reason of a sign that goes against the words."""

from __future__ import annotations

import dataclasses

import pytest
from toy import toy_dossier, toy_edition

from forecasting.elicitation.base_rates import base_rate
from forecasting.elicitation.quantify import read_claim
from forecasting.forecasts import percent
from forecasting.shown.times import time_words
from forecasting.trace.readings import class_within, effect_reason, judgement_reading, sign_reason

DOSSIER = toy_dossier()
CLAIM = DOSSIER.claims["n-001"]
QUESTIONS = {question.id: question for question in toy_edition().questions}


def test_a_judgement_is_shown_with_its_horizon_its_direction_and_its_class() -> None:
    number = read_claim(DOSSIER, CLAIM)
    counted = DOSSIER.reference_classes["pacts-signed"]
    alone = percent(base_rate(counted, DOSSIER.relatives(counted.id)).probability(1.0))
    # "likely" has a median of 75 %, and the line through its cloglogs 1 − exp(−exp(0.33045)) = 75 %
    assert judgement_reading(DOSSIER, CLAIM, number) == f"“likely” = 75 % within a year, as a level; its class: {alone}"
    ceiling = dataclasses.replace(number, reads="at_most")
    assert "as a ceiling: that or less" in judgement_reading(DOSSIER, CLAIM, ceiling)
    half = CLAIM.model_copy(update={"horizon": CLAIM.horizon.model_copy(update={"years": 0.5})})
    shorter = percent(class_within(DOSSIER, "pact-signed", 0.5))
    assert judgement_reading(DOSSIER, half, number).endswith(f"within half a year, as a level; its class: {shorter}")
    assert shorter != alone


FOR = "its words argue for the event, yet it lowers it:"
AGAINST = "its words argue against the event, yet it raises it:"


@pytest.mark.parametrize(
    ("reads", "change", "said"),
    [
        ("level", 0.1, ""),
        ("level", -0.1, f"{FOR} it is read as about so much, less than the rest of the evidence gives"),
        ("at_least", 0.1, ""),
        ("at_most", -0.1, ""),
        ("at_most", 0.1, f"{AGAINST} errors that it shares with other claims of its source move it"),
    ],
)
def test_a_sign_against_the_words_has_its_reason(reads: str, change: float, said: str) -> None:
    number = dataclasses.replace(read_claim(DOSSIER, CLAIM), reads=reads)  # type: ignore[arg-type]
    assert sign_reason(CLAIM, number, QUESTIONS["pact-by-2025"], change) == said
    # of another event nothing is said: effects may turn a sign
    assert sign_reason(CLAIM, number, QUESTIONS["toll-by-2025"], change) == ""


def test_an_effect_against_its_sign_says_that_it_keeps_the_probability() -> None:
    edition = toy_edition()
    claim, asked = DOSSIER.claims["n-002"], QUESTIONS["toll-by-2025"]  # the pact lowers the toll
    assert effect_reason(edition, claim, asked, -0.02) == ""
    said = effect_reason(edition, claim, asked, 0.02)
    assert said.startswith(f"its effect lowers this where “{DOSSIER.events['pact-signed'].title}” has come")
    assert "over 2 years from its opening" in said
    assert effect_reason(edition, claim, QUESTIONS["pact-by-2025"], 0.02) == ""


def test_times_are_words() -> None:
    assert [time_words(years) for years in (0.25, 0.5, 1.0, 3)] == ["three months", "half a year", "a year", "3 years"]
