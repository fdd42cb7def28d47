"""For readers outside: no note of a coder, no wording of more than eight words, in a file of its own."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from page import Page
from sample_runs import sample_run

from forecasting.dossier.edition import EditionDossier
from forecasting.dossier.load import read_dossier
from forecasting.report.render import render_report, write_report

EDITIONS = ("2020-11-karabakh", "2024-12-syria", "2026-02-outlook")


@pytest.fixture(scope="module", params=EDITIONS)
def edition(request: pytest.FixtureRequest, project_dir: Path) -> EditionDossier:
    return read_dossier(project_dir / "priors")[0].edition(request.param)


def plain(text: str) -> str:
    """Return a text as it can be found whatever its case and its marks are."""
    return " ".join(re.findall(r"\w+", text.casefold()))


@pytest.mark.slow
def test_no_note_of_a_coder_is_shown(edition: EditionDossier):
    dossier, run = edition.dossier, sample_run(edition, whole=True)
    records = (*edition.asked, *edition.history, *edition.claims, *(dossier.sources[name] for name in edition.edition.sources))
    notes = {plain(record.note) for record in records if len(record.note.split()) > 4}
    full, public = (plain(Page(render_report(run, edition, public=public)).text()) for public in (False, True))
    assert {note for note in notes if note in full}
    assert {note for note in notes if note in public} == set()


@pytest.mark.slow
def test_the_file_says_whom_it_is_for(edition: EditionDossier, tmp_path: Path):
    path = write_report(sample_run(edition), edition, tmp_path, public=True)
    assert path.name == f"{edition.edition.id}-public.html"


def test_a_long_wording_is_cut(edition: EditionDossier):
    from forecasting.report.said import briefly_quoted

    long = "“one two three four five six seven eight nine” read as 5 %"
    assert briefly_quoted(long) == "“one two three four five six seven eight …” read as 5 %"
    assert briefly_quoted("“likely” read as 60 %, “unless” it fails") == "“likely” read as 60 %, “unless” it fails"
