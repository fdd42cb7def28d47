"""A dated event is a full date with a verb in the past tense, and nothing less."""

from __future__ import annotations

import datetime as dt

import pytest

from forecasting.coding.past import find_dated_events


@pytest.mark.parametrize(
    ("sentence", "verb"),
    [
        ("On February 2, 2025, parliament amended the constitution.", "amended"),
        ("The envoys met on 3 May 2019 in the port.", "met"),
        ("By 2019-05-03 the garrison was gone.", "was"),
        ("On 3 May 2019 two hundred guards of the United Front left.", "left"),
    ],
)
def test_a_full_date_and_a_past_tense_are_an_event(sentence: str, verb: str):
    assert [(cue.family, cue.words) for cue in find_dated_events(sentence)] == [("dated event", verb)]


@pytest.mark.parametrize(
    "sentence",
    [
        "In 1974 two navies fought.",  # a year
        "In May 2019 two navies fought.",  # a month
        "On May 3 two navies fought.",  # no year
        "The lease expires on 3 May 2031.",  # no past tense
        "The lease is to be renewed on 3 May 2031.",  # nor is a participle after "be"
        "They need a hundred guards on 3 May 2031.",  # nor a noun in -ed
    ],
)
def test_less_than_that_is_none(sentence: str):
    assert list(find_dated_events(sentence)) == []


def test_a_day_after_publication_lies_in_the_future():
    sentence = "The lease signed by both ends on 3 May 2031."
    assert list(find_dated_events(sentence, dt.date(2030, 1, 1))) == []
    assert len(list(find_dated_events(sentence, dt.date(2031, 5, 3)))) == 1
