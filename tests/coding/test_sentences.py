"""An article is cut into sentences that keep their place, and what is no prose is left out."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasting.coding.sentences import is_headline, split_sentences


def texts(article: str) -> list[str]:
    return [sentence.text for sentence in split_sentences(article)]


@pytest.mark.parametrize(
    ("article", "sentences"),
    [
        ("The U.S. Army left on Jan. 5. Gen. Ode stayed.", ["The U.S. Army left on Jan. 5.", "Gen. Ode stayed."]),
        ("They fear the West. Prospective talks ended.", ["They fear the West.", "Prospective talks ended."]),
        ("It fell 3.5 percent (see p. 4). So what?", ["It fell 3.5 percent (see p. 4).", "So what?"]),
        ('"We stay," he said. "You go."', ['"We stay," he said.', '"You go."']),
        ("“It may end. It may not.” She left.", ["“It may end.", "It may not.”", "She left."]),
        ('"Will they stay?" asked Dr. Lee. No.', ['"Will they stay?" asked Dr. Lee.', "No."]),
        ("Nobody knows! The port is shut.", ["Nobody knows!", "The port is shut."]),
    ],
)
def test_boundaries_are_where_a_reader_sees_them(article: str, sentences: list[str]):
    assert texts(article) == sentences


def test_headlines_bylines_and_menus_are_left_out():
    article = "Port reopens after strike\n\nBy A. Writer\n\nThe port reopened.\n\nRelated Articles\n0:00\nDiplo Sings Again\n×"
    assert texts(article) == ["The port reopened."]


def test_a_long_line_without_a_full_stop_is_prose_and_a_short_one_is_not():
    assert is_headline(" ".join(["word"] * 30))
    assert not is_headline(" ".join(["word"] * 31))
    assert not is_headline("He said: “No.”")


def test_a_line_is_wrapped_too_where_a_name_begins_the_next_one():
    text = (
        "The lake rises\n\n"
        "The upper state began to fill the reservoir behind its new dam\non 3 May, without a statement to anybody.\n\n"
        "Diplomats call a clash at the border very unlikely before\nNovember comes, and they add that boats were held."
    )
    assert [s.text.replace("\n", " ") for s in split_sentences(text)] == [
        "The upper state began to fill the reservoir behind its new dam on 3 May, without a statement to anybody.",
        "Diplomats call a clash at the border very unlikely before November comes, and they add that boats were held.",
    ]


def test_a_headline_above_a_line_of_its_own_stays_one_in_a_wrapped_text():
    text = (
        "The upper state began to fill the reservoir behind its new dam\non 3 May, without a statement to anybody.\n\n"
        "Dam Rises Again\nOfficials went home on Thursday and did not come back."
    )
    assert split_sentences(text)[-1].text == "Officials went home on Thursday and did not come back."
    assert not any("Rises" in s.text for s in split_sentences(text))


def test_lines_wrapped_by_an_editor_are_one_paragraph():
    article = "The garrison may leave before\nthe rains begin. Its pay\nhas stopped.\n\nBorders are closed.\n"
    found = split_sentences(article)
    assert [s.text for s in found] == [
        "The garrison may leave before\nthe rains begin.",
        "Its pay\nhas stopped.",
        "Borders are closed.",
    ]
    # a paragraph number counts lines that are not empty: the second sentence begins on the second line
    assert [s.paragraph for s in found] == [1, 2, 4]


@pytest.mark.parametrize("article", ["", "\n\n", "Only a Headline", "...\n!!\n", "\u201d.\n"])
def test_a_text_without_sentences_has_none(article: str):
    assert [s for s in texts(article) if any(c.isalnum() for c in s)] == []


@given(st.text(alphabet="Aa b.\n\"“”'!?…é9,(", max_size=120))
def test_every_sentence_is_its_span_and_none_overlap(article: str):
    found = split_sentences(article)
    assert all(article[s.start : s.end] == s.text == s.text.strip() and s.text for s in found)
    assert all(one.end <= other.start for one, other in pairwise(found))
