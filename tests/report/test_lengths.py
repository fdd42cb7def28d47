"""A report says a thing once: half the words that it had when each question repeated its claims, no sentence four times."""

from __future__ import annotations

import re
from collections import Counter
from contextlib import suppress
from html import unescape
from pathlib import Path

import pytest
from shown_editions import project_dossier, report_of

from forecasting.dossier.edition import Dossier
from forecasting.errors import ForecastingError
from forecasting.report.render import render_report
from forecasting.runs.store import read_run

ROOT = Path(__file__).parents[2]
# Words below page one of the reports of November 2026, before each claim, event and class was described once.
BEFORE = {"2020-11-karabakh": 22_327, "2024-12-syria": 58_426, "2026-02-outlook": 62_104}
BLOCKS = "p|li|td|th|h1|h2|h3|h4|dd|dt|summary|caption|figcaption|div|tr|section|article|ul|ol|table|title|header|nav|body|head"
LEAST = 5  # words of what counts as a sentence
MOST = 3
# Sections that those reports did not have, and their most words: the halving is of what was there before.
NEW = {"watch": 600, "network": 1_200}


def sentences(html: str) -> Counter[str]:
    """Count the sentences of a page, pictures left out: what ends in a mark inside one block."""
    shown = re.sub(r"<(style|svg)\b.*?</\1>", " ", html, flags=re.DOTALL)
    blocks = re.split(rf"</?(?:{BLOCKS})\b[^>]*>", shown)
    texts = (" ".join(unescape(re.sub(r"<[^>]*>", " ", block)).split()) for block in blocks)
    found = (sentence for text in texts for sentence in re.split(r"(?<=[.!?])\s+", text))
    return Counter(one for one in found if len(one.split()) >= LEAST and one.endswith((".", "!", "?")))


def words(html: str) -> int:
    """Count the words of a page from the section of all answers on, those of pictures among them."""
    return len(re.sub(r"<[^>]*>", "", html[html.index('<section id="answers">') :]).split())


def apart(html: str) -> tuple[str, dict[str, int]]:
    """Return a page without its new sections, and how many words each of these has."""
    found = {}
    for name in NEW:
        section = re.search(rf'<section id="{name}".*?</section>', html, re.DOTALL)
        if section:
            found[name] = len(re.sub(r"<[^>]*>", "", section[0]).split())
            html = html.replace(section[0], "")
    return html, found


@pytest.fixture(scope="module")
def dossier() -> Dossier:
    return project_dossier()


def pages(dossier: Dossier, name: str) -> dict[str, str]:
    """Return the report of a made-up run of an edition, and of its own run where there is one of these records."""
    edition = dossier.edition(name)
    found = {"made up": report_of(name)}
    with suppress(ForecastingError):  # no run here, or one of other records
        found["its own"] = render_report(read_run(ROOT / "runs" / name), edition)
    return found


@pytest.mark.slow
@pytest.mark.parametrize("name", BEFORE)
def test_a_report_has_half_its_former_words_and_no_sentence_four_times(dossier: Dossier, name: str) -> None:
    for kind, html in pages(dossier, name).items():
        often = {sentence: n for sentence, n in sentences(html).items() if n > MOST}
        assert often == {}, (name, kind)
        old, new = apart(html)
        assert "network" in new, "every edition has effects"
        assert words(old) <= BEFORE[name] / 2, (name, kind)
        assert all(n <= NEW[section] for section, n in new.items()), (name, kind, new)


def test_what_is_said_four_times_would_be_seen() -> None:
    html = "<p>One two three four five. Six.</p>" * 2 + "<ul><li>One two <b>three</b> four five.</li></ul>" * 2
    assert sentences(html) == {"One two three four five.": 4}
    assert words('<p>zero</p><section id="answers"><p>one <b>two</b></p>\n<p>three</p></section>') == 3
