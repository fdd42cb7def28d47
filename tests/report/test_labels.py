"""Labels in several languages: the table is whole and used, and no heading or column head of a report stands outside it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from page import Page
from shown_editions import made_up, project_edition, report_of

import forecasting.report
from forecasting.dossier.edition import EditionDossier
from forecasting.errors import UsageError
from forecasting.report.formatting import day
from forecasting.report.labels import SOURCE, Labels, languages, table
from forecasting.report.network_drawing import KINDS, WIDTHS
from forecasting.report.render import render_brief, render_report, write_brief, write_report
from forecasting.runs.store import Run

TEMPLATES = Path(forecasting.report.__file__).parent / "templates"
OTHERS = [name for name in languages() if name != SOURCE]


@pytest.fixture(scope="module", params=["2020-11-karabakh", "2026-02-outlook"])
def edition(request: pytest.FixtureRequest) -> EditionDossier:
    return project_edition(request.param)


@pytest.fixture(scope="module")
def run(edition: EditionDossier) -> Run:
    return made_up(edition.edition.id, whole=True)


def plain(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("language", languages())
def test_no_label_lacks_a_text(language: str):
    assert [label for label, text in table()[language].items() if not text.strip()] == []


def test_the_table_holds_the_labels_that_are_used_and_no_others():
    used = {name for path in TEMPLATES.glob("*.j2") for name in re.findall(r'_\("([^"]+)"\)', path.read_text("utf-8"))}
    drawn = {kind.label for kind in KINDS.values()} | {f"{grade} effect" for grade in WIDTHS}
    assert set(table()[SOURCE]) == used | drawn | {"thicker: stronger; shaded box: had happened"}


@pytest.mark.slow
@pytest.mark.parametrize("language", OTHERS)
def test_every_heading_of_a_report_comes_from_the_table(language: str, run: Run, edition: EditionDossier):
    before = edition.dossier.editions.get(edition.edition.previous or "")
    since = {f"{Labels(language)('What changed since')} {day(before.as_of)}"} if before else set()
    known = {plain(text) for text in table()[language].values()} | since | {told.title for told in run.further.values()}
    page = Page(report_of(edition.edition.id, whole=True, language=language))
    assert [plain(one.text) for one in page.all("h2", "h4") if plain(one.text) not in known] == []
    assert [plain(one.text) for one in page.all("a") if "nav" in one.inside and plain(one.text) not in known] == []


@pytest.mark.slow
@pytest.mark.parametrize("language", OTHERS)
def test_no_column_head_stays_in_english(language: str, run: Run, edition: EditionDossier):
    changed = {plain(text) for label, text in table()[SOURCE].items() if text != table()[language][label]}
    report = report_of(edition.edition.id, whole=True, language=language)
    for html in (report, render_brief(run, edition, language=language)):
        heads = [plain(one.text) for one in Page(html).all("th", "caption") if one.attributes.get("scope", "col") == "col"]
        assert heads
        assert changed.intersection(heads) == set()


@pytest.mark.slow
def test_each_language_has_a_file_of_its_own(tmp_path: Path):
    name = "2020-11-karabakh"  # the shortest: how a file is named does not depend on what is asked
    run, edition = made_up(name, whole=True), project_edition(name)
    assert write_report(run, edition, tmp_path, language="de").name == f"{name}-de.html"
    assert write_report(run, edition, tmp_path, public=True, language="de").name == f"{name}-public-de.html"
    brief = write_brief(run, edition, tmp_path, language="de")
    assert brief.name == f"{name}-brief-de.html"
    assert f'href="{name}-de.html#' in brief.read_text("utf-8")


def test_a_language_without_labels_is_refused(run: Run, edition: EditionDossier):
    with pytest.raises(UsageError, match="found --lang fr; there are labels in en, de: write one of them"):
        render_report(run, edition, language="fr")
