"""Runs at the edge: no claims, no history, one question of one kind, tables without rows."""

from __future__ import annotations

import dataclasses

import pytest
from builders import write_dossier
from page import Page
from sample_runs import sample_run

from forecasting.dossier.load import read_dossier
from forecasting.report.render import render_report


@pytest.fixture(scope="module")
def edition(tmp_path_factory, project_dir):
    dossier, _ = read_dossier(write_dossier(tmp_path_factory.mktemp("ferry"), project_dir))
    return dossier.edition("2024-07-ferry")


def test_a_dossier_without_themes_or_claims_reads_well(edition):
    bare = dataclasses.replace(edition, claims=(), history=())
    run = sample_run(bare)
    tables = {name: getattr(run, name).iloc[:0] for name in ("layers", "curves", "classes")}
    empty = {name: sample_run(edition).influence.iloc[:0] for name in ("influence",)}
    page = Page(render_report(run.with_tables(**tables, **empty), bare))
    assert "Claims for" not in page.text()  # and the head of the section says what an answer comes from then
    assert "No event behind these questions had happened" in page.text()
    assert not page.all("svg")[2:3] or page.all("svg")[0].attributes["role"] == "img"


@pytest.mark.parametrize("kind", ["yes/no", "scenarios"])
def test_a_run_with_one_kind_of_question_reads_well(edition, kind):
    questions = tuple(q for q in edition.questions if bool(q.asks) == (kind == "yes/no"))
    some = dataclasses.replace(edition, questions=questions)
    page = Page(render_report(sample_run(some), some))
    missing = "asks for no scenario set" if kind == "yes/no" else "asks no yes/no question"
    assert missing in page.text()


def test_text_columns_read_back_from_csv_are_understood(edition):
    run = sample_run(edition)
    influence = run.influence.fillna("").astype(str)
    classes = run.classes.assign(chosen=run.classes["chosen"].astype(str), p="")
    gate = run.gate.assign(passed=run.gate["passed"].astype(str))
    read = run.with_tables(influence=influence, classes=classes, gate=gate)
    page = Page(render_report(read, edition))
    assert "Not fit to quote" not in page.text()
    named = {name for event in edition.events for name in (event.reference_class, *event.rivals)}
    assert len(page.rows("classes")) - 1 == len(named)
    assert "With another class" not in page.text()  # no rival's answer could be read
