"""For readers outside: no note of a coder, no wording of more than eight words, in a file of its own."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from page import Page
from shown_editions import made_up, project_edition, report_of

from forecasting.dossier.edition import EditionDossier
from forecasting.report.render import write_report

EDITIONS = ("2020-11-karabakh", "2024-12-syria", "2026-02-outlook")


@pytest.fixture(scope="module", params=EDITIONS)
def edition(request: pytest.FixtureRequest) -> EditionDossier:
    return project_edition(request.param)


def plain(text: str) -> str:
    """Return a text as it can be found whatever its case and its marks are."""
    return " ".join(re.findall(r"\w+", text.casefold()))


@pytest.mark.slow
def test_no_note_of_a_coder_is_shown(edition: EditionDossier):
    dossier, name = edition.dossier, edition.edition.id
    records = (*edition.asked, *edition.history, *edition.claims, *(dossier.sources[name] for name in edition.edition.sources))
    notes = {plain(record.note) for record in records if len(record.note.split()) > 4}
    full, public = (plain(Page(report_of(name, whole=True, public=public)).text()) for public in (False, True))
    assert {note for note in notes if note in full}
    assert {note for note in notes if note in public} == set()


@pytest.mark.slow
def test_the_file_says_whom_it_is_for(tmp_path: Path):
    name = EDITIONS[0]  # the shortest: how a file is named does not depend on what is asked
    path = write_report(made_up(name), project_edition(name), tmp_path, public=True)
    assert path.name == f"{name}-public.html"


def test_a_long_wording_is_cut(edition: EditionDossier):
    from forecasting.report.said import briefly_quoted

    long = "“one two three four five six seven eight nine” read as 5 %"
    assert briefly_quoted(long) == "“one two three four five six seven eight …” read as 5 %"
    assert briefly_quoted("“likely” read as 60 %, “unless” it fails") == "“likely” read as 60 %, “unless” it fails"
