"""An observation in a report: what it says, where that is known from and its address, taken from one text apart."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest

from forecasting.report.further import ReadLine, brackets_apart

SEEN = "The ships leave (Ankara gains slightly; Ankara gains slightly, Gazette (imagery); https://example.org/a_(b))"


def line(what: str) -> ReadLine:
    return ReadLine("model-balance-o-1", 1, "O 1", what, "1.0")


@pytest.mark.parametrize(
    ("text", "apart"),
    [
        ("The ships leave", ("The ships leave", "")),
        ("The ships leave (1 May)", ("The ships leave", "1 May")),
        ("The ships (all of them) leave", ("The ships (all of them) leave", "")),
        ("The ships (all) leave (Gazette (imagery))", ("The ships (all) leave", "Gazette (imagery)")),
        ("The ships leave)", ("The ships leave)", "")),  # nothing opens what is closed
        ("", ("", "")),
    ],
)
def test_the_brackets_at_the_end_of_a_text_are_taken_off_whole(text, apart):
    assert brackets_apart(text) == apart


def test_a_fact_has_its_citation_without_the_reading_and_its_address_apart():
    seen = line(SEEN)
    assert seen.text == "The ships leave"
    assert seen.cited == "Ankara gains slightly, Gazette (imagery)"
    assert seen.address == "https://example.org/a_(b)"


def test_what_has_one_part_keeps_it_and_has_no_address():
    assert (line("The ships leave (Gazette)").cited, line("The ships leave (Gazette)").address) == ("Gazette", "")
    assert (line("The ships leave").cited, line("The ships leave").text) == ("", "The ships leave")


def test_of_a_claim_the_reading_alone_is_cited_for_its_source_stands_beside_it():
    claimed = replace(line(SEEN), claim=SimpleNamespace(anchor="claim-n-001"))
    assert claimed.cited == "Ankara gains slightly"
