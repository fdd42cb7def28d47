"""A sentence is said to bear on the events whose telling words it shares."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from builders import write_dossier

from forecasting.coding.bearing import EventWords, event_words
from forecasting.coding.suggest import suggest_claims
from forecasting.dossier.load import read_dossier


def test_nearness_adds_the_weights_of_shared_words_over_the_root_of_their_number():
    events = EventWords({"a": frozenset({"toll", "ferry", "x", "y"})}, {"toll": 2.0, "ferry": 1.1, "x": 9.0, "y": 9.0})
    assert events.near("The ferry raised its toll.") == ("a",)  # (2.0 + 1.1) / √4 = 1.55, above 1.5
    assert events.near("The toll is old.") == ()  # 2.0 / √4 = 1.0


def test_a_word_that_every_event_has_tells_little(tmp_path: Path, project_dir: Path):
    events = event_words(read_dossier(write_dossier(tmp_path, project_dir))[0].events.values())
    # both contracts begin with "Both governments announce"; one title alone says toll: N = 2
    assert events.weights["govern"] == pytest.approx(math.log(3 / 2))
    assert events.weights["toll"] == pytest.approx(math.log(3 / 1))


def test_three_events_are_named_at_the_most_the_nearest_first():
    events = EventWords({name: frozenset({"toll"}) for name in "dcba"}, {"toll": 2.0})
    assert events.near("A toll.") == ("a", "b", "c")
    assert EventWords({"a": frozenset()}, {}).near("A toll.") == ()


def test_what_a_sentence_may_bear_on_is_said_with_it_and_does_not_move_its_score():
    text = "The toll may rise unless aid comes."
    (plain,), (hinted,) = suggest_claims(text), suggest_claims(text, events=EventWords({"a": frozenset({"toll"})}, {"toll": 2.0}))
    assert (plain.events, hinted.events, plain.score) == ((), ("a",), hinted.score)
