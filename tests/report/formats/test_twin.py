"""The twin for machines: every number of the report, its schema published, drafts and blocked runs marked."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json

import jsonschema
import pytest
from builders import write_dossier
from sample_runs import sample_run

from forecasting.dossier.load import read_dossier
from forecasting.report.context import lines_of, titled
from forecasting.report.formats.twin import twin_of
from forecasting.report.formats.twin_records import NAME, ForecastTwin, schema_text
from forecasting.runs.manifest import GateEntry, OverrideEntry


@pytest.fixture(scope="module")
def edition(tmp_path_factory, project_dir):
    dossier, failures = read_dossier(write_dossier(tmp_path_factory.mktemp("ferry"), project_dir))
    assert not failures
    return dossier.edition("2024-07-ferry")


@pytest.fixture(scope="module")
def twin(edition):
    return twin_of(sample_run(edition), edition)


def blocked(run):
    override = OverrideEntry(by="A. Analyst", on=dt.date(2026, 11, 29), reason="a drill")
    gate = GateEntry(n_criteria=run.mark.n_criteria, failed=("R-hat 1.03 at x, wanted ≤ 1.01",), override=override)
    return dataclasses.replace(run, manifest=run.manifest.model_copy(update={"gate": gate}))


def test_the_published_schema_is_that_of_the_records(project_dir):
    published = (project_dir / "docs" / "schemas" / f"{NAME}.json").read_text("utf-8")
    assert published == schema_text(), "write it anew: python -m tools.docs.schemas"
    jsonschema.Draft202012Validator.check_schema(json.loads(published))


def test_the_twin_is_valid_against_the_schema_and_reads_back(twin):
    value = json.loads(twin.text())
    jsonschema.Draft202012Validator(json.loads(schema_text())).validate(value)
    assert ForecastTwin.model_validate_json(twin.text()) == twin


@pytest.mark.parametrize("name", ["2020-11-karabakh", "2024-12-syria", "2026-02-outlook"])
def test_every_edition_has_a_valid_twin(project_dir, name):
    dossier, _ = read_dossier(project_dir / "priors")
    edition = dossier.edition(name)
    run = sample_run(edition)
    made = twin_of(run, edition)
    assert [question.id for question in made.questions] == [forecast.question for forecast in run.forecasts]
    jsonschema.Draft202012Validator(json.loads(schema_text())).validate(json.loads(made.text()))


def test_every_number_is_that_of_the_report(edition, twin):
    run = sample_run(edition)
    for forecast, question in zip(titled(edition, run.forecasts), twin.questions, strict=True):
        for line, said, one in zip(lines_of(forecast), forecast.outcomes, question.outcomes, strict=True):
            assert (one.p, one.mcse, one.interval_50, one.interval_90) == (
                said.p, said.mcse, (said.low_50, said.high_50), (said.low, said.high))  # fmt: skip
            assert (one.words, one.range_words) == (line.words, line.range_words)
    assert sum(len(outcome.moved_by) for question in twin.questions for outcome in question.outcomes) > 0


def test_what_moves_an_outcome_comes_largest_first(twin):
    for question in twin.questions:
        for outcome in question.outcomes:
            sizes = [abs(move.change) for move in outcome.moved_by]
            assert sizes == sorted(sizes, reverse=True)


def test_a_blocked_run_and_a_draft_say_so(edition):
    run = sample_run(edition)
    marked = twin_of(blocked(run), edition)
    assert marked.warning.startswith("BLOCKED")
    assert not marked.gate.passed
    assert marked.gate.override.by == "A. Analyst"
    draft = dataclasses.replace(run, manifest=run.manifest.model_copy(update={"draft": "stopped by hand"}))
    assert twin_of(draft, edition).draft == "stopped by hand"
    assert twin_of(draft, edition).warning.startswith("DRAFT")


def test_no_path_of_this_machine_is_inside(twin, tmp_path_factory, project_dir):
    assert str(tmp_path_factory.getbasetemp()) not in twin.text()
    assert str(project_dir) not in twin.text()
