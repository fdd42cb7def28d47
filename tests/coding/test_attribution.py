"""Whose words a sentence gives is read from the sentence; nobody is made up."""

from __future__ import annotations

import pytest

from forecasting.coding.attribution import find_attribution


@pytest.mark.parametrize(
    ("sentence", "speaker"),
    [
        ("According to Amara Ode, the dam holds.", "Amara Ode"),
        ("According to diplomats, the dam holds.", "diplomats"),
        ("The dam holds, said Amara Ode, an engineer.", "Amara Ode"),
        ("“The dam holds,” the Ministry of Water said.", "Ministry of Water"),
        ("Amara Ode, director of the Water Fund, said the Finnish presence was a risk.", "Amara Ode"),
        ("Keyra has said the dam holds.", "Keyra"),
        ("Some observers say the dam holds.", "observers"),
        ("The dam holds, said the Finnish envoy.", None),
        ("“The dam holds,” she said.", None),
        ("It said the dam holds.", None),
        ("The dam holds.", None),
    ],
)
def test_the_voice_is_the_one_that_is_named(sentence: str, speaker: str | None):
    assert find_attribution(sentence).speaker == speaker


def test_a_label_in_quotation_marks_is_no_quotation_and_four_words_are():
    assert not find_attribution("They call it a “gas hub” there.").is_quote
    assert find_attribution("“We will never leave,” she said.").n_quoted == 4
    assert find_attribution("“We will never leave,” she said.").is_quote


def test_a_sentence_that_ends_or_goes_on_with_a_quotation_is_one():
    assert find_attribution("There will be no troops here.”").is_quote
    assert find_attribution("“There will be no troops here.").is_quote


def test_a_very_long_name_is_cut_to_eight_words():
    named = find_attribution("The " + " ".join(f"Word{chr(97 + n)}" for n in range(7)) + " of Ab of Cd said no.")
    assert len((named.speaker or "").split()) <= 8
