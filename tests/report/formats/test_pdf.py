"""The PDF: the same bytes, tags that a screen reader needs, drafts and blocked runs marked on each sheet."""

from __future__ import annotations

import dataclasses
import io
import re
from itertools import pairwise

import pikepdf
import pypdfium2
import pytest
from browser import CHROMIUM
from builders import write_dossier
from pdfua import validate
from poison import PAYLOADS, poison
from sample_runs import sample_run

from forecasting.dossier.load import read_dossier
from forecasting.report.formats.artifacts import untagged
from forecasting.report.formats.names import Paper
from forecasting.report.formats.printing import print_page
from forecasting.report.formats.tagged import finished
from forecasting.report.render import render_report

pytestmark = [
    pytest.mark.skipif(not CHROMIUM, reason="chromium is not installed (Debian: apt-get install chromium)"),
    pytest.mark.slow,
]
SIZES = {Paper.a4: (595, 842), Paper.letter: (612, 792)}


@pytest.fixture(scope="module")
def edition(tmp_path_factory, project_dir):
    dossier, _ = read_dossier(write_dossier(tmp_path_factory.mktemp("ferry"), project_dir))
    return dossier.edition("2024-07-ferry")


@pytest.fixture(scope="module")
def page(edition):
    return render_report(sample_run(edition), edition)


@pytest.fixture(scope="module")
def printed(page):
    return print_page(page, Paper.a4)


@pytest.fixture(scope="module")
def pdf(printed, page):
    return finished(printed, page)


def elements(content: bytes):
    def walk(element, path):
        for kid in element.get("/K", []) if isinstance(element.get("/K"), pikepdf.Array) else [element.get("/K")]:
            if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
                yield str(kid.S), kid, path
                yield from walk(kid, (*path, str(kid.S)))

    document = pikepdf.open(io.BytesIO(content))
    return document, list(walk(document.Root.StructTreeRoot, ()))


def kinds_below(element):
    kids = element.get("/K", [])
    several = kids if isinstance(kids, pikepdf.Array) else [kids]
    return [str(kid.get("/S", "")) for kid in several if isinstance(kid, pikepdf.Dictionary)]


@pytest.mark.slow
def test_the_same_page_gives_the_same_bytes_without_a_date_or_a_place(page, pdf):
    assert finished(print_page(page, Paper.a4), page) == pdf
    document = pikepdf.open(io.BytesIO(pdf))
    assert set(document.docinfo.keys()) == {"/Title", "/Producer"}
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        opened.save(plain := io.BytesIO(), stream_decode_level=pikepdf.StreamDecodeLevel.generalized, compress_streams=False,
                    object_stream_mode=pikepdf.ObjectStreamMode.disable)  # fmt: skip
    assert b"/tmp" not in plain.getvalue()
    assert b"file:" not in plain.getvalue()


def test_where_chromium_begins_to_count_its_cells_makes_no_difference(printed, pdf, page):
    later = re.sub(rb"node(\d{8})", lambda found: b"node%08d" % (int(found[1]) + 1), printed)
    assert later != printed
    assert finished(later, page) == pdf


def test_the_rules_of_pdf_ua_that_a_program_can_judge_are_met(pdf, tmp_path):
    path = tmp_path / "report.pdf"
    path.write_bytes(pdf)
    found = [finding.rule_id for finding in validate(path).findings]
    assert found == ["UA-28-004"], "only that the file does not claim PDF/UA, which nobody has certified"


@pytest.mark.slow
def test_the_rules_would_find_what_chromium_leaves_out(printed, tmp_path):
    path = tmp_path / "raw.pdf"
    path.write_bytes(printed)
    assert {finding.rule_id for finding in validate(path).findings} >= {"UA-13-004", "UA-18-005"}


def test_a_screen_reader_gets_headings_tables_with_headers_and_figures_in_words(page, pdf):
    document, found = elements(pdf)
    assert str(document.Root.Lang) == "en"
    assert document.Root.MarkInfo.Marked
    assert document.Root.ViewerPreferences.DisplayDocTitle
    headings = [int(kind[2]) for kind, _, _ in found if re.fullmatch("/H[1-6]", kind)]
    assert len(headings) == len(re.findall("<h[1-6]", page))
    assert headings[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(headings))
    assert sum(kind == "/Table" for kind, _, _ in found) == page.count("<table")
    scopes = {str(part.Scope) for kind, e, _ in found if kind == "/TH" for part in e.A if "/Scope" in part}
    assert scopes == {"/Row", "/Column"}
    ids = {str(e.ID) for kind, e, _ in found if kind == "/TH" and "/ID" in e}
    told = [[str(name) for part in e.A if "/Headers" in part for name in part.Headers] for kind, e, _ in found if kind == "/TD"]
    assert all(headers and set(headers) <= ids for headers in told)
    assert min(ids) == "cell-00000001"
    figures = [e for kind, e, _ in found if kind == "/Figure"]
    shown = page.count("<svg") - page.count('class="chart narrow"')
    assert len(figures) == shown
    assert all(len(str(figure.get("/Alt", ""))) > 20 for figure in figures)
    for kind, element, _ in found:
        if kind == "/LI":
            assert set(kinds_below(element)) <= {"/Lbl", "/LBody"}


def test_links_and_bookmarks_say_where_they_lead(pdf):
    document, _ = elements(pdf)
    links = [a for sheet in document.pages for a in sheet.get("/Annots", []) if a.Subtype == "/Link"]
    assert links
    assert all(str(link.Contents) for link in links)
    with document.open_outline() as outline:
        assert outline.root[0].title == str(document.docinfo.Title).split(" – ")[0]
        assert {item.title for item in outline.root[0].children} >= {"All answers", "Question by question"}


@pytest.mark.parametrize("paper", list(Paper))
def test_every_sheet_has_its_size_a_title_a_day_and_a_number(printed, page, paper):
    document = pypdfium2.PdfDocument(printed if paper is Paper.a4 else print_page(page, paper))
    total = len(document)
    for n in range(total):
        sheet = document[n]
        assert sheet.get_size() == pytest.approx(SIZES[paper], abs=1.5)
        text = sheet.get_textpage().get_text_bounded()
        assert f"Page {n + 1} of {total}" in text
        assert "as of 1 July 2024" in text


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["draft", "blocked"])
def test_each_sheet_of_a_draft_or_a_blocked_run_says_so(edition, kind):
    run = sample_run(edition)
    gate = run.manifest.gate.model_copy(update={"failed": ("R-hat 1.03",)})
    update = {"draft": "stopped by hand"} if kind == "draft" else {"gate": gate}
    run = dataclasses.replace(run, manifest=run.manifest.model_copy(update=update))
    document = pypdfium2.PdfDocument(print_page(render_report(run, edition), Paper.a4))
    word = "DRAFT" if kind == "draft" else "BLOCKED"
    assert all(word in document[n].get_textpage().get_text_bounded() for n in range(len(document)))


@pytest.mark.slow
def test_no_payload_becomes_a_live_part_of_a_pdf(edition):
    page = render_report(*poison(edition, PAYLOADS))
    document, _ = elements(finished(print_page(page, Paper.a4), page))
    for sheet in document.pages:
        for annotation in sheet.get("/Annots", []):
            assert annotation.Subtype == "/Link"
            action = annotation.get("/A", {})
            assert str(action.get("/URI", "https://")).startswith(("http://", "https://"))
            assert str(action.get("/S", "/URI")) in ("/URI", "/GoTo")
    for name in ("/OpenAction", "/AA", "/AcroForm"):
        assert name not in document.Root
    assert "/JavaScript" not in document.Root.get("/Names", {})


def test_what_lies_outside_tags_is_found_a_text_or_a_shape_at_a_time():
    assert untagged(["q", "re", "f", "Q"]) == [(1, 2)]
    assert untagged(["BDC", "re", "f", "EMC", "BT", "Tj", "ET"]) == [(4, 6)]
    assert untagged(["BT", "BDC", "Tj", "EMC", "ET", "Do"]) == [(5, 5)]
