"""Plain words: numbers as a reader should meet them, links that cannot bite, and every docstring example."""

from __future__ import annotations

import doctest
import importlib
from dataclasses import replace

import pytest

from forecasting.forecasts import Outcome
from forecasting.report.formatting import GLOSSARY, is_skewed, link_parts, number, percent, skew_note, visible
from forecasting.report.said import class_name


@pytest.mark.parametrize(
    "module",
    [
        "report.formatting",
        "report.alt",
        "report.canvas",
        "report.provenance",
        "report.figures",
        "report.curves",
        "lab.reprs",
    ],
)
def test_docstring_examples_run(module):
    assert doctest.testmod(importlib.import_module(f"forecasting.{module}")).failed == 0


@pytest.mark.parametrize("p", [0.0, 0.0001, 0.0099, 0.01, 0.314, 0.5, 0.985, 0.99, 0.9901, 0.9999, 1.0])
def test_percentages_agree_with_the_forecast_s_own(p):
    assert percent(p) == Outcome("yes", "yes", p, p, p, 0.001, p, p, p, p).percent


def test_nothing_is_shown_as_certain():
    assert [number(p) for p in (0.0, 0.001, 0.999, 1.0)] == ["<1", "<1", ">99", ">99"]


@pytest.mark.parametrize(
    "text",
    [
        "javascript:alert(1)", "file:///etc/passwd", "ftp://example.com/a", "//example.com", "http://", "https://[",
        "data:text/html,x", "JAVASCRIPT:https:alert(1)", "vbscript:x", "http:example.com",
    ],
)  # fmt: skip
def test_what_is_no_web_address_is_no_link(text):
    assert all(not address for _, address in link_parts(text))
    assert "".join(shown for shown, _ in link_parts(text)) == text


def test_an_address_ends_before_what_could_break_out_of_it():
    parts = link_parts('see https://a.example/x?y=1"onclick=alert(1) (and http://b.example/z), <b>')
    assert [address for _, address in parts if address] == ["https://a.example/x?y=1", "http://b.example/z"]
    assert "".join(shown for shown, address in parts if not address) == 'see "onclick=alert(1) (and ), <b>'


def test_what_cannot_be_seen_is_written_out():
    assert visible("a\u202eb\u2069c\u200dd\x07e\u2028f") == "a⟨U+202E⟩b⟨U+2069⟩c⟨U+200D⟩d⟨U+0007⟩e⟨U+2028⟩f"
    assert visible("Türkiye – “כן”") == "Türkiye – “כן”"


def test_the_glossary_has_ten_terms_of_one_line():
    assert len(GLOSSARY) == 10
    assert all(len(meaning) < 120 and "cloglog" not in meaning for _, meaning in GLOSSARY)


def test_a_probability_outside_its_own_half_interval_is_explained_and_no_other() -> None:
    inside = Outcome("yes", "yes", 0.2, 0.05, 0.5, 0.001, 0.2, 0.2, 0.1, 0.3)
    outside = replace(inside, p=0.04, low=0.001, high=0.2, low_50=0.004, high_50=0.03)
    assert (is_skewed(inside), is_skewed(outside)) == (False, True)
    assert not is_skewed(replace(outside, high_50=0.036))  # 4 % of 0.4 to 4 %: as shown it lies inside
    assert skew_note([]) == ""
    assert skew_note(["“A clash”"]).endswith("outside its own 50 % interval, as here: “A clash”.")


def test_a_class_of_the_library_is_called_by_its_title() -> None:
    assert class_name("interstate-onset-1992") == "State enters an interstate armed conflict, since 1992"
    assert class_name("alliance-all") == "alliance all"
