"""Classes that can only be too high or too low for an event: they are shown, marked, and are no other choice of class."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sample_runs import sample_run
from shown_editions import project_dossier
from toy import toy_edition

from forecasting.analysis.rival_draws import counted_as
from forecasting.dossier.events import Event
from forecasting.report.below import below_of
from forecasting.report.context import titled
from forecasting.report.plausibility import plausibility
from forecasting.report.render import render_report
from forecasting.runs.store import Run
from forecasting.trace.confidence import confidence
from forecasting.trace.trace import trace_record

OUTLOOK, FLEET, CEASEFIRE = "2026-02-outlook", "fleet-returns-sevastopol", "long-interstate-war-ceasefire"


def record(**more: object) -> Event:
    fields = toy_edition().dossier.events["pact-signed"].model_dump() | {"rivals": ("tolls-raised", "deadlines-kept")}
    return Event.model_validate(fields | more)


def test_a_bound_is_one_of_the_rivals_and_of_one_kind() -> None:
    event = record(ceilings={"tolls-raised": "It counts more."}, floors={"deadlines-kept": "It counts less."})
    assert [event.bound(name) for name in ("tolls-raised", "deadlines-kept", "pacts-signed")] == ["ceiling", "floor", ""]
    assert "ceilings" not in record().model_dump()
    with pytest.raises(ValueError, match="ceilings names 'pacts-signed', which is not among the rivals; name it there too"):
        record(ceilings={"pacts-signed": "It counts more."})
    with pytest.raises(ValueError, match="'tolls-raised' is among the ceilings and among the floors; keep it where it belongs"):
        record(ceilings={"tolls-raised": "More."}, floors={"tolls-raised": "Less."})


def test_an_event_moved_to_its_ceiling_has_it_no_longer() -> None:
    edition = project_dossier().edition(OUTLOOK)
    event = edition.dossier.events[FLEET]
    moved = counted_as(edition, event, CEASEFIRE)
    assert moved.fields["ceilings"] == {}
    assert event.reference_class in moved.fields["rivals"]
    assert "ceilings" not in counted_as(edition, event, "alliance-with-base").fields


@pytest.fixture(scope="module")
def run() -> Run:
    """A made-up run in which the fleet's ceiling is far above all else."""
    made = sample_run(project_dossier().edition(OUTLOOK))
    far = (made.classes["event"] == FLEET) & (made.classes["reference_class"] == CEASEFIRE)
    near = (made.classes["event"] == FLEET) & ~far
    p = made.classes["p"].mask(near, made.forecast("fleet-returns-2027").headline.p).mask(far, 1.0)
    return made.with_tables(classes=made.classes.assign(p=p))


def test_a_ceiling_is_no_other_choice_of_class(run: Run) -> None:
    edition = project_dossier().edition(OUTLOOK)
    below = below_of(run, edition, titled(edition, run.forecasts))
    assert all("long interstate war" not in line.by_class.name for line in below.robust if line.by_class)
    known = {c.name: c.found for c in confidence(run, edition, edition.dossier.questions["fleet-returns-2027"]).criteria}
    assert known["sensitivity"].startswith("no rival class was tried")  # a ceiling is none


def test_a_ceiling_is_marked_wherever_it_is_shown(run: Run) -> None:
    dossier = project_dossier()
    edition = dossier.edition(OUTLOOK)
    assert f"| {CEASEFIRE} (ceiling) |" in plausibility([run], dossier)
    told = trace_record([run], dossier, "fleet-returns-2027")
    assert f"  ceiling   {CEASEFIRE}: " in told
    assert f"    {CEASEFIRE} is a ceiling: {edition.dossier.events[FLEET].ceilings[CEASEFIRE]}" in told


def test_the_ceiling_of_an_event_is_a_floor_of_the_answer_that_it_does_not_happen() -> None:
    edition = project_dossier().edition(OUTLOOK)
    made = sample_run(edition)
    transit = (made.classes["event"] == "gas-transit-renewed") & (made.classes["reference_class"] == CEASEFIRE)
    p = made.classes["p"].mask(transit & (made.classes["question"] == "turkstream-only-route-2027"), 0.0)
    html = render_report(made.with_tables(classes=made.classes.assign(p=p)), edition)
    assert re.search(r'title="long interstate war ceasefire">&lt;1\s%</a> \(floor\)', html)


def test_every_bound_of_the_project_has_a_sentence_and_lies_on_its_side(project_dir: Path) -> None:
    dossier = project_dossier()
    bounds = [(event, name, why) for event in dossier.events.values() for name, why in (event.ceilings | event.floors).items()]
    assert len(bounds) >= 20
    assert all(why.endswith(".") and len(why.split()) > 5 for _, _, why in bounds)
