"""Markdown and Word files: what the page says, nothing of what a text holds alive, the same bytes, marked where a run is."""

from __future__ import annotations

import io
import re
import zipfile

import pytest
from builders import write_dossier
from docx import Document
from markdown_it import MarkdownIt
from poison import PAYLOADS, poison
from sample_runs import sample_run

from forecasting.dossier.load import read_dossier
from forecasting.report.formats.documents import markdown_of, word_of
from forecasting.report.formats.names import Paper
from forecasting.report.render import render_report

OURS = re.compile(r"report-figures/[a-z0-9-]+\.svg")


@pytest.fixture(scope="module")
def edition(tmp_path_factory, project_dir):
    dossier, _ = read_dossier(write_dossier(tmp_path_factory.mktemp("ferry"), project_dir))
    return dossier.edition("2024-07-ferry")


@pytest.fixture(scope="module")
def page(edition):
    return render_report(sample_run(edition), edition)


@pytest.fixture(scope="module")
def nasty(edition):
    return render_report(*poison(edition, PAYLOADS))


@pytest.fixture(scope="module")
def word(nasty):
    return word_of(nasty, title="Ferry", head="Ferry, as of 1 July 2024", warning="DRAFT, not fit to quote", paper=Paper.letter)


def tokens(markdown):
    def walk(several):
        for token in several:
            yield token
            yield from walk(token.children or [])

    return list(walk(MarkdownIt("commonmark").enable("table").parse(markdown)))


def test_markdown_has_the_headings_tables_and_pictures_of_the_page(page):
    found = tokens(markdown_of(page, "report-figures"))
    assert sum(token.type == "heading_open" for token in found) == len(re.findall("<h[1-6]", page))
    assert sum(token.type == "table_open" for token in found) == page.count("<table")
    images = [token.attrs["src"] for token in found if token.type == "image"]
    assert images
    assert all(OURS.fullmatch(address) for address in images)


def test_nothing_that_a_text_holds_lives_in_markdown(nasty):
    found = tokens(markdown_of(nasty, "report-figures"))
    assert not [token for token in found if token.type.startswith("html_")]
    assert all(OURS.fullmatch(token.attrs["src"]) for token in found if token.type == "image")
    links = [token.attrs["href"] for token in found if token.type == "link_open"]
    assert all(link.startswith(("https://", "http://", "record.html")) for link in links)
    assert "alert(1)" in markdown_of(nasty, "report-figures")


def test_nothing_that_a_text_holds_lives_in_a_word_file(word):
    archive = zipfile.ZipFile(io.BytesIO(word))
    assert not [name for name in archive.namelist() if "vba" in name.lower() or "embeddings" in name]
    relations = archive.read("word/_rels/document.xml.rels").decode("utf-8")
    outside = re.findall(r'Target="([^"]*)"[^>]*TargetMode="External"|TargetMode="External"[^>]*Target="([^"]*)"', relations)
    assert all((one or other).startswith(("https://", "http://")) for one, other in outside)
    fields = set(re.findall(r'w:instr="([^"]*)"|<w:instrText[^>]*>([^<]*)', archive.read("word/document.xml").decode("utf-8")))
    assert fields == set(), "a field of Word in the text"


def test_a_word_file_says_on_each_sheet_what_it_is_and_has_the_size_asked_for(word):
    document = Document(io.BytesIO(word))
    (section,) = document.sections
    assert [paragraph.text for paragraph in section.header.paragraphs] == ["Ferry, as of 1 July 2024", "DRAFT, not fit to quote"]
    assert "PAGE" in section.footer._element.xml
    assert round(section.page_width.mm) == 216
    assert document.core_properties.title == "Ferry"
    assert document.core_properties.author == ""


def test_a_word_file_has_headings_repeated_table_heads_and_words_for_each_picture(page):
    made = word_of(page, title="Ferry", head="Ferry", warning="", paper=Paper.a4)
    assert made == word_of(page, title="Ferry", head="Ferry", warning="", paper=Paper.a4)
    document = Document(io.BytesIO(made))
    assert [p.text for p in document.paragraphs if p.style.name == "Heading 1"]
    assert len(document.tables) == page.count("<table")
    assert all("w:tblHeader" in table.rows[0]._tr.xml for table in document.tables)
    xml = document.element.xml
    messages = re.findall(r'<wp:docPr[^>]*descr="([^"]*)"', xml)
    assert len(messages) == xml.count("<wp:inline") > 0
    assert all(messages)
