"""Every page in a real browser: no rule of accessibility broken, no sideways scroll, in both themes and on paper."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

import pypdfium2
import pytest
from axe import theme, violations
from browser import CHROMIUM, Browser
from builders import write_dossier
from odd_editions import asked_oddly
from refits import BLOCKED, point
from sample_runs import sample_run
from toy import toy_dossier

from forecasting.backtest.scores import Came, daily_scores, question_scores, variant_scores
from forecasting.dossier.load import read_dossier
from forecasting.ledger.store import read_ledger
from forecasting.report.backtest_page import page as backtest_page
from forecasting.report.formats.documents import markdown_of, word_of
from forecasting.report.formats.figures import pictures_of, png_of
from forecasting.report.formats.names import Paper
from forecasting.report.formats.printing import print_page
from forecasting.report.formats.tables import answers_xlsx
from forecasting.report.formats.tagged import finished
from forecasting.report.formats.twin import twin_of
from forecasting.report.record import record_page
from forecasting.report.render import render_brief, render_report
from forecasting.scoring.record import record_of

pytestmark = [
    pytest.mark.skipif(not CHROMIUM, reason="chromium is not installed (Debian: apt-get install chromium)"),
    pytest.mark.slow,
]
ODD = (1, 60)
LETTERS = 20  # that a column of words has room for
NARROWEST = """
[...document.querySelectorAll('tbody th[scope=row]')].filter(cell => cell.textContent.trim().length > 40)
  .map(cell => Math.round(cell.getBoundingClientRect().width / parseFloat(getComputedStyle(cell).fontSize) / 0.5))
  .reduce((least, width) => Math.min(least, width), 999)
"""


@pytest.fixture(scope="module")
def browser():
    with Browser() as opened:
        yield opened


@pytest.fixture(scope="module")
def edition(tmp_path_factory, project_dir):
    dossier, _ = read_dossier(write_dossier(tmp_path_factory.mktemp("ferry"), project_dir))
    return dossier.edition("2024-07-ferry")


@pytest.fixture(scope="module")
def pages(edition, project_dir, tmp_path_factory):
    folder = tmp_path_factory.mktemp("pages")
    run = sample_run(edition)
    real, _ = read_dossier(project_dir / "priors")
    record = record_of(read_ledger(project_dir / "ledger"), real, dt.date(2026, 11, 29))
    texts = {
        "report": render_report(run, edition), "brief": render_brief(run, edition), "record": record_page(record, real, {}),
        "backtest": backtest(),
    }  # fmt: skip
    for n in ODD:
        odd = asked_oddly(edition, n)
        texts[f"odd-{n}"] = render_report(sample_run(odd), odd)
    for name, text in texts.items():
        (folder / f"{name}.html").write_text(text, "utf-8")
    return folder


def backtest():
    dossier = toy_dossier()
    points = [point("2024-07-01", {"pact-by-2025": {"yes": 0.4}})]
    points += [point("2024-08-30", {"pact-by-2025": {"yes": 0.7}}, gate=BLOCKED)]
    points += [replace(one, variant="without-history") for one in points]
    came = {"pact-by-2025": Came("yes", dt.date(2024, 10, 1))}
    scores = question_scores(daily_scores(points, came, dossier), points, dossier)
    return backtest_page(points, dossier, came, scores, variant_scores(scores, points))


def shown(page):
    """Return the words of a page, in small letters, without those of pictures and of its list of contents."""
    body = re.sub(r"<(style|nav|svg)\b.*?</\1>", " ", page[page.index("<body") :], flags=re.DOTALL)
    return re.sub(r"<[^>]+>", "", body).lower()


@pytest.mark.slow
@pytest.mark.parametrize("name", ["report", "brief", "record", "backtest", "odd-1"])
def test_a_page_breaks_no_rule_of_accessibility_and_does_not_scroll_sideways(browser, pages, name):
    for colours, width in (("light", 1280), ("dark", 390)):
        theme(browser, colours)
        browser.open(pages / f"{name}.html", width)
        browser.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
        assert browser.evaluate("document.documentElement.scrollWidth") <= width
        assert violations(browser) == [], (name, colours, width)
    theme(browser, "light")


def test_the_rules_would_find_a_picture_without_words_and_pale_text(browser, tmp_path):
    page = tmp_path / "bad.html"
    page.write_text("<!DOCTYPE html><html lang=en><title>x</title><main><h1>x</h1><svg role=img width=9 height=9></svg>"
                    "<p style='color:#aaa;background:#fff'>pale</p></main>", "utf-8")  # fmt: skip
    browser.open(page)
    found = " ".join(violations(browser))
    assert "svg-img-alt" in found
    assert "color-contrast" in found


@pytest.mark.slow
@pytest.mark.parametrize("name", ["report", "odd-60"])
@pytest.mark.parametrize("paper", list(Paper))
def test_on_paper_no_text_leaves_the_sheet_and_confidence_is_there(pages, name, paper):
    text = (pages / f"{name}.html").read_text("utf-8")
    document = pypdfium2.PdfDocument(print_page(text, paper))
    words = []
    for n in range(len(document)):
        sheet = document[n]
        width, height = sheet.get_size()
        page = sheet.get_textpage()
        for i in range(page.count_rects()):
            left, bottom, right, top = page.get_rect(i)
            assert left >= 20, (n, i)
            assert right <= width - 20, page.get_text_bounded(left, bottom, right, top)
            assert bottom >= 10, (n, i)
            assert top <= height - 10, (n, i)
        words.append(page.get_text_bounded())
    printed = " ".join(words).lower()
    assert printed.count("our confidence") == shown(text).count("our confidence") > 0
    assert "criteria of confidence" in printed


@pytest.mark.parametrize("name", ["report", "odd-60", "record"])
def test_on_paper_no_column_of_words_is_narrower_than_twenty_letters(browser, pages, name):
    browser.open(pages / f"{name}.html", 680)  # what A4 leaves between its margins
    browser.page("Emulation.setEmulatedMedia", media="print")
    narrowest = browser.evaluate(NARROWEST)
    browser.page("Emulation.setEmulatedMedia", media="")
    assert narrowest >= LETTERS


@pytest.mark.slow
def test_odd_titles_break_no_form(edition):
    odd = asked_oddly(edition, 6)
    run = sample_run(odd)
    page = render_report(run, odd)
    twin = twin_of(run, odd)
    assert len(answers_xlsx(twin)) > 5000
    assert [question.title for question in twin.questions] == [question.title for question in odd.questions]
    assert "האם תיחתם האמנה" in markdown_of(page, "figures")
    assert word_of(page, title=odd.edition.title, head=odd.edition.title, warning="", paper=Paper.a4).startswith(b"PK")
    assert all(png_of(picture).startswith(b"\x89PNG") for picture in pictures_of(page)[:2])
    assert finished(print_page(page, Paper.letter), page).startswith(b"%PDF-1.7")
