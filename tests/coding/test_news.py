"""News is a verb of political action in the past, of something that is not long past; sentences of our own, one per category."""

from __future__ import annotations

import datetime as dt

import pytest

from forecasting.coding.news import find_news, newest_year
from forecasting.coding.suggest import suggest_claims

NEWS = {
    "Belmar mobilised two brigades.": "mobilised",
    "Astor has moved its guns to the Tarn.": "moved",
    "The colonels took over the port.": "took over",
    "The two signed a pact on water.": "signed",
    "Its fleet withdrew from Lume.": "withdrew",
    "The garrison was driven out in the night.": "driven out",
    "Parliament ratified the treaty.": "ratified",
    "The council lifted the embargo.": "lifted",
    "Astor suspended its dues.": "suspended",
    "Guards clashed at the ford.": "clashed",
    "The cabinet resigned.": "resigned",
    "The truce collapsed within hours.": "collapsed",
    "Rebels freed the hostages.": "freed",
    "The duke was ousted.": "ousted",
}


@pytest.mark.parametrize(("sentence", "verb"), NEWS.items())
def test_an_action_in_the_past_is_news(sentence: str, verb: str):
    assert [(cue.family, cue.words) for cue in find_news(sentence)] == [("news", verb)]


@pytest.mark.parametrize(
    "sentence",
    [
        "Belmar will be mobilised.",
        "The pact is to be signed in May.",
        "The fleet may have withdrawn.",
        "A closed port earns nothing.",
        "The embargo is lifted every winter.",
        "Astor intends to suspend its dues.",
        "The signed copy lies in a drawer.",
        "In 1974 two navies fought over the shoal.",  # counted by base rates
        "Caravans once crossed the ford.",
        "In the war of the eighties the town changed hands.",
        "The last such crisis ended when a bishop mediated.",
    ],
)
def test_what_may_come_or_is_long_past_is_no_news(sentence: str):
    assert list(find_news(sentence, 2031)) == []


def test_the_year_is_that_of_publication_or_the_newest_that_the_text_names():
    text = "In 2019 the port closed. By 2031 it may reopen."
    assert (newest_year(text), newest_year(text, dt.date(2024, 5, 3)), newest_year("No year at all.")) == (2031, 2024, None)
    sentence = "Astor annexed the ford in 2023."
    assert list(find_news(sentence, 2024))
    assert not list(find_news(sentence, 2026))
    assert list(find_news("Astor, independent since 1911, annexed the ford in 2024.", 2024))


def test_news_of_something_that_is_fought_over_is_proposed_as_a_fact():
    (proposal,) = suggest_claims("Guards of Astor seized the garrison. Her predecessor wrote novels. He moved house.")
    assert (proposal.sentence.start, proposal.kind, proposal.families[0]) == (0, "fact", "news")
