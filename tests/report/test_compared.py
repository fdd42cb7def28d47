"""A report that compares with another edition than the previous one says so wherever it says what changed, and nowhere else."""

from __future__ import annotations

import json
from dataclasses import replace

import jsonschema
import pandas as pd
import pytest
from page import Page
from sample_runs import sample_run
from shown_editions import made_up, project_edition, report_of

from forecasting.errors import UsageError
from forecasting.report.compared import Compared, compared_in, compared_with, earlier_edition
from forecasting.report.formats.names import Format
from forecasting.report.formats.twin import twin_of
from forecasting.report.formats.twin_records import schema_text
from forecasting.report.formats.write import write_formats
from forecasting.report.formatting import percent, points
from forecasting.report.render import render_brief, render_report, write_brief, write_report

LATEST, PREVIOUS, FIRST = "2026-02-outlook", "2024-12-syria", "2020-11-karabakh"
WARNING = f"{FIRST}: a quick refit for this comparison alone, which was not held to the gate"
ASKED, OTHER = "treaty-signed-2026", "treaty-signed-2027"
OBSERVED = "caucasus-ankara-ahead-2026"  # answered by a model beside the network


@pytest.fixture(scope="module")
def edition():
    return project_edition(LATEST)


@pytest.fixture(scope="module")
def run(edition):
    return made_up(LATEST, whole=True)


@pytest.fixture(scope="module")
def compared(run, edition):
    """Twenty points from time and ten of another part for two questions about events; one answer that is not split."""
    rows = [(name, "yes", part, change, 0.001) for name in (ASKED, OTHER) for part, change in (("time", -0.2), ("news", 0.1))]
    observed = run.forecast(OBSERVED).headline.id
    table = pd.DataFrame([*rows, (OBSERVED, observed, "records", 0.03, 0.001)], columns=list(run.changes.columns))
    before = earlier_edition(edition, FIRST)
    return Compared(before, table, frozenset({ASKED, OBSERVED}), worked_out=True, warning=WARNING)


@pytest.fixture(scope="module")
def page(run, edition, compared):
    return Page(render_report(run, edition, compare=compared))


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        (LATEST, "2020-11-karabak", "no edition '2020-11-karabak'; did you mean '2020-11-karabakh'?"),
        (LATEST, LATEST, f"the edition of the report itself; name an earlier edition: {PREVIOUS} or {FIRST}"),
        (PREVIOUS, LATEST, f"as of 2026-02-28, not before 2024-12-13, the as-of date of {PREVIOUS}; name an earlier"),
        (FIRST, FIRST, "the edition of the report itself; there is no earlier edition to compare with: leave it out"),
    ],
)  # fmt: skip
def test_what_cannot_be_compared_is_refused_with_what_to_write_instead(edition, one: str, other: str, said: str) -> None:
    with pytest.raises(UsageError) as refused:
        earlier_edition(edition.dossier.edition(one), other)
    assert said in str(refused.value)


def test_an_edition_of_the_same_day_and_one_that_could_be_asked_nothing_are_refused(edition) -> None:
    dossier = edition.dossier
    twin = dossier.editions[FIRST].model_copy(update={"id": "twin", "as_of": edition.as_of})
    with pytest.raises(UsageError, match="--compare twin: it is as of 2026-02-28, not before 2026-02-28"):
        earlier_edition(replace(dossier, editions={**dossier.editions, "twin": twin}).edition(LATEST), "twin")
    bases = dossier.editions[LATEST].model_copy(update={"questions": ("khmeimim-held-2026",)})
    late = replace(dossier, editions={**dossier.editions, LATEST: bases}).edition(LATEST)
    found = f"no question of {LATEST} can be asked of {FIRST} (khmeimim-held-2026: khmeimim-lost opened only on 2024-12-08)"
    with pytest.raises(UsageError) as refused:
        earlier_edition(late, FIRST)
    assert str(refused.value) == f"--compare {FIRST}: {found}; name an earlier edition: {PREVIOUS}"


@pytest.mark.slow
def test_the_previous_edition_is_compared_by_the_table_of_the_run_and_gives_the_same_bytes(run, edition, tmp_path) -> None:
    held = compared_with(run, edition, earlier_edition(edition, PREVIOUS))  # with a fit it would take minutes
    assert held.table is run.changes
    assert not held.worked_out
    assert render_report(run, edition, compare=held) == report_of(LATEST, whole=True)
    assert render_brief(run, edition, compare=held) == render_brief(run, edition)
    assert twin_of(run, edition, held).text() == twin_of(run, edition).text()
    assert write_report(run, edition, tmp_path, compare=held).name == f"{LATEST}.html"


@pytest.mark.slow
def test_the_section_names_the_other_edition_its_gate_and_the_command(run, edition, compared, page) -> None:
    section = page.text()
    assert "What changed since 14 November 2020" in section
    assert f"The edition compared with, {compared.before.edition.title}, is as of 14 November 2020." in section
    assert "with a * nobody published it then, or no run of it is at hand, and it was worked out for this report" in section
    assert f"{WARNING[1:]}." in section
    assert f"forecast compare {LATEST} --with {FIRST}" in section
    assert "34 questions could not have been asked then" in section
    assert "opened only on 8 December 2024. Not compared: " in section
    assert "13 December 2024" not in {row[1] for row in page.rows("changes")}


def test_every_row_adds_up_and_an_answer_that_is_not_split_has_a_part_of_its_own(run, page) -> None:
    head, *rows = page.rows("changes")
    assert head == ["Question", "14 November 2020", "Time passing", "News", "Records", "Now"]
    now = {name: run.forecast(name).headline for name in (ASKED, OTHER, OBSERVED)}
    expected = {
        (percent(now[ASKED].p + 0.1), points(-0.2), points(0.1), "–", now[ASKED].percent),
        (percent(now[OTHER].p + 0.1) + "*", points(-0.2), points(0.1), "–", now[OTHER].percent),
        (percent(now[OBSERVED].p - 0.03), "–", "–", points(0.03), now[OBSERVED].percent),
    }
    assert {tuple(row[1:]) for row in rows} == expected


def test_pictures_in_articles_lead_from_the_other_edition(page) -> None:
    ways = [e.attributes["aria-label"] for e in page.all("svg") if e.attributes["aria-label"].startswith("From ")]
    assert len(ways) == 1  # an article for both dates, with the way of the later one
    assert "(14 Nov 2020)" in ways[0]
    assert "time passing −20.0 points, news +10.0 points" in ways[0]


def test_the_brief_says_the_largest_changes_since_then_with_the_gate(run, edition, compared) -> None:
    key = edition.edition.model_copy(update={"key": (OTHER,)})
    text = Page(render_brief(run, replace(edition, edition=key), compare=compared)).text()
    assert "From what was known on 14 November 2020 to what is known now, most of all " in text
    assert f"*Worked out afterwards. {WARNING}." in text
    assert f"{LATEST}-since-{FIRST}.html#q-{OTHER}" in render_brief(run, replace(edition, edition=key), compare=compared)


@pytest.mark.slow
def test_where_no_answer_of_the_brief_was_compared_it_says_that(run, edition, compared) -> None:
    brief = Page(render_brief(run, edition)).all("a")
    shown = {element.attributes["href"].partition("#q-")[2] for element in brief}
    away = next(forecast for forecast in run.forecasts if forecast.question not in shown)
    far = compared.table[compared.table["question"] == OTHER].assign(question=away.question, outcome=away.headline.id)
    told = Page(render_brief(run, edition, compare=replace(compared, table=far))).text()
    assert "can be compared with what was known on 14 November 2020; 1 other in the full report can." in told
    none = replace(compared, table=compared.table[:0])
    text = Page(render_brief(run, edition, compare=none)).text()
    assert "None of these answers can be compared with what was known on 14 November 2020." in text
    assert 'id="changed"' not in render_report(run, edition, compare=none)


def test_the_twin_names_the_other_edition_and_is_valid(run, edition, compared) -> None:
    value = json.loads(twin_of(run, edition, compared).text())
    jsonschema.Draft202012Validator(json.loads(schema_text())).validate(value)
    assert value["previous"] == PREVIOUS
    published = sorted((ASKED, OBSERVED))
    assert value["compared"] == {"edition": FIRST, "as_of": "2020-11-14", "warning": WARNING, "published": published}
    changed = {question["id"]: question["outcomes"][0]["changed"] for question in value["questions"]}
    assert [part["change"] for part in changed[ASKED]] == [-0.2, 0.1]
    assert changed["khmeimim-held-2026"] == []
    assert "compared" not in json.loads(twin_of(run, edition).text())


@pytest.mark.slow
def test_files_say_with_what_they_compare(run, edition, compared, tmp_path) -> None:
    page = write_report(run, edition, tmp_path, public=True, language="de", compare=compared)
    assert page.name == f"{LATEST}-since-{FIRST}-public-de.html"
    assert write_brief(run, edition, tmp_path, compare=compared).name == f"{LATEST}-since-{FIRST}-brief.html"
    files = write_formats(page, run, edition, [Format.json, Format.xlsx], compare=compared)
    assert sorted(path.name for path in files) == [f"{LATEST}-since-{FIRST}.json", f"{LATEST}-since-{FIRST}.xlsx"]


def test_a_run_of_an_edition_that_names_no_previous_one_compares_with_none(edition) -> None:
    first = edition.dossier.edition(FIRST)
    assert compared_in(sample_run(first), first) is None
