"""Texts are cut at words, lists end where there is no room, and nothing of a record is taken for markup."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from forecasting.lab.reprs import table_html
from forecasting.shown.html import small_table
from forecasting.shown.text import Entry, listing, shorten


def test_a_listing_says_how_many_it_leaves_out_and_stays_within_its_size() -> None:
    entries = [Entry(f"Question {n} with a title of some words?", f"q-{n}", (f"{n} %",)) for n in range(500)]
    text = listing(("p",), entries, more="see .to_string()", most=2000)
    assert len(text.encode()) <= 2000
    shown = text.count("Question")
    assert text.endswith(f"… and {500 - shown} more: see .to_string()")


def test_outcomes_of_a_question_share_its_title_and_numbers_stand_below_each_other() -> None:
    text = listing(("p", "in words"), [Entry("Who?", "a", ("5 %", "unlikely")), Entry("Who?", "bcd", (">99 %", "certain"))])
    assert text == (
        "           p  in words\n"
        "Who?\n"
        "  a      5 %  unlikely\n"
        "  bcd  >99 %  certain"
    )  # fmt: skip


@pytest.mark.parametrize("width", [5, 12, 40])
def test_a_text_is_never_longer_than_it_may_be(width: int) -> None:
    for text in ("short", "x" * 90, "many words " * 9, "a\u202eb" * 30, ""):
        assert len(shorten(text, width)) <= width


class Tags(HTMLParser):
    def __init__(self, html: str):
        super().__init__()
        self.found: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.found.add(tag)


@pytest.mark.parametrize("payload", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "&lt;b&gt;", "a\u202eb"])
def test_every_text_of_a_table_is_shown_literally(payload: str) -> None:
    html = small_table((payload, payload), [((payload, payload), payload)], caption=payload, more=payload)
    assert Tags(html).found <= {"table", "caption", "tr", "th", "td", "br", "code"}
    assert "\u202e" not in html
    assert len(small_table(("a",), [(payload,)] * 2000, caption="c", more=payload).encode()) <= 5000


@pytest.mark.parametrize("payload", ["$x^2$", "from $5 to $6", r"\(x\)", r"$$\frac{1}{0}$$"])
def test_no_text_of_a_table_is_set_as_a_formula(payload: str) -> None:
    assert small_table(("a",), [(payload,)]).startswith('<table class="mathjax_ignore')
    assert small_table(("a",), [("b",)], caption=payload).startswith('<table class="mathjax_ignore')
    assert table_html([{"a": payload}]).startswith('<table class="mathjax_ignore')
    assert small_table(("a",), [("five dollars",)]).startswith("<table>")
