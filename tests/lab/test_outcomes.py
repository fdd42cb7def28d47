"""What became of a question is what the history says, no more; silence leaves it open."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import replace

import pytest
from builders import write_dossier
from sample_runs import sample_run

from forecasting.dossier.events import HistoryRow
from forecasting.dossier.questions import Question
from forecasting.dossier.resolution import History, Known, outcome_of
from forecasting.dossier.statements import Expression
from forecasting.lab.outcomes import outcome_table
from forecasting.rules.load import load_dossier

KNOWN = dt.date(2026, 2, 28)


@pytest.fixture(scope="module")
def dossier(project_dir):
    return load_dossier(project_dir / "priors")


@pytest.fixture
def ferry(tmp_path, project_dir):
    """Return a function that gives the ferry dossier another history."""
    dossier = load_dossier(write_dossier(tmp_path, project_dir))

    def with_history(*rows):
        history = tuple(
            HistoryRow(on=dt.date.fromisoformat(on), event=event, what=what, source="Test Gazette", status="confirmed")
            for on, event, what in rows
        )
        return replace(dossier, history=history)

    return with_history


def outcomes(dossier, known_on=KNOWN):
    return {name: outcome_of(dossier, dossier.questions[name], known_on) for name in dossier.questions}


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([("2025-03-01", "pact-signed", "occurred")], True),
        ([("2025-12-31", "pact-signed", "occurred")], True),
        ([("2026-01-01", "pact-signed", "occurred")], False),  # later than asked: not by then
        ([("2025-12-31", "pact-signed", "survived")], False),
        ([("2025-12-30", "pact-signed", "survived")], None),  # a day short of the deadline
        ([], None),
        ([("2026-03-01", "pact-signed", "occurred")], None),  # later than what is known
    ],
)
def test_an_event_is_settled_by_a_row_and_by_nothing_else(ferry, rows, expected):
    assert History(ferry(*rows), KNOWN).happened("pact-signed", dt.date(2025, 12, 31)).value is expected


def test_questions_follow_from_their_events(ferry):
    found = outcomes(ferry(("2025-03-01", "pact-signed", "occurred"), ("2026-01-05", "toll-raised", "survived")))
    assert found == {"pact-by-2025": "yes", "toll-by-2025": "no", "ferry-order-2025": "pact-no-toll"}


def test_what_no_scenario_names_is_the_other(ferry):
    both = ferry(("2025-03-01", "pact-signed", "occurred"), ("2025-04-01", "toll-raised", "occurred"))
    assert outcomes(both)["ferry-order-2025"] == "rest"


def test_half_a_history_leaves_a_set_open(ferry):
    half = outcomes(ferry(("2025-03-01", "pact-signed", "occurred")))
    assert half == {"pact-by-2025": "yes", "toll-by-2025": None, "ferry-order-2025": None}


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        # a is true, b false, c not known
        ({"all_of": "ab"}, False), ({"all_of": "ac"}, None), ({"all_of": "bc"}, False), ({"all_of": "a"}, True),
        ({"any_of": "ab"}, True), ({"any_of": "bc"}, None), ({"any_of": "ac"}, True), ({"any_of": "b"}, False),
        ({"none_of": "b"}, True), ({"none_of": "bc"}, None), ({"none_of": "ac"}, False),
        ({"one_of": "ab"}, True), ({"one_of": "ac"}, None), ({"one_of": "aac"}, False), ({"one_of": "bc"}, None),
        ({"one_of": "b"}, False),
    ],
)  # fmt: skip
def test_statements_with_unknown_parts(statement, expected):
    class Partly:
        def happened(self, event, by):
            return Known({"a": True, "b": False, "c": None}[event])

    ((head, names),) = statement.items()
    part = Expression(**{head: tuple(Expression(occurs=name) for name in names)})
    assert part.truth(Partly(), KNOWN).value is expected


def test_karabakh_2020_turned_out_as_the_history_says(dossier):
    found = {name: outcome_of(dossier, dossier.questions[name], KNOWN) for name in dossier.editions["2020-11-karabakh"].questions}
    assert found["ceasefire-holds-2021"] == "yes"
    assert found["ceasefire-holds-2025"] == "no"
    assert found["peacekeepers-leave-2025"] == "yes"
    assert found["mandate-renewed-2025"] == "no"  # no row of its own: what blocks it has happened
    assert found["pashinyan-out-2021"] == "no"
    assert found["karabakh-order-2025"] == "azerbaijan-by-force"
    assert found["turkish-troops-2025"] is None


def test_nothing_is_settled_before_it_happened(dossier):
    names = dossier.editions["2020-11-karabakh"].questions
    assert {outcome_of(dossier, dossier.questions[name], dt.date(2020, 11, 14)) for name in names} == {None}


def test_a_stage_is_the_furthest_only_once_every_later_one_is_known_not_to_have_come(dossier):
    rows = [r for r in dossier.history if r.event not in ("border-opens", "relations-established")]
    closed, none = (
        HistoryRow(on=dt.date(2026, 1, 2), event=event, what="survived", source="x y z", status="confirmed")
        for event in ("border-opens", "relations-established")
    )
    question = dossier.questions["armenia-turkey-normalisation-2025"]
    assert outcome_of(replace(dossier, history=(*rows, closed, none)), question, KNOWN) == "normalisation-talks"
    assert outcome_of(replace(dossier, history=(*rows, none)), question, KNOWN) is None
    assert outcome_of(replace(dossier, history=tuple(rows)), question, KNOWN) is None


def test_the_table_has_a_row_per_outcome(dossier):
    run = sample_run(dossier.edition("2020-11-karabakh"))
    table = outcome_table(dossier, run.forecasts, KNOWN).set_index(["question", "outcome"])
    assert len(table) == 19
    assert table.loc[("ceasefire-holds-2025", "yes"), "happened"] == 0
    assert table.loc[("stepanakert-taken-2025", "yes"), "happened"] == 1
    assert math.isnan(table.loc[("turkish-troops-2025", "yes"), "happened"])
    assert table.loc["karabakh-order-2025", "happened"].to_dict() == dict.fromkeys(
        ("russian-peace", "quiet-without-russians", "war-again", "other"), 0.0
    ) | {"azerbaijan-by-force": 1.0}


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([("2025-03-01", "pact-signed", "occurred"), ("2025-12-31", "toll-raised", "survived")], "pact-signed"),
        ([("2025-03-01", "pact-signed", "occurred"), ("2025-02-01", "toll-raised", "occurred")], "toll-raised"),
        ([("2025-03-01", "pact-signed", "occurred"), ("2025-03-01", "toll-raised", "occurred")], "toll-raised"),  # as listed
        ([("2025-03-01", "pact-signed", "occurred")], None),  # the other may have come before it
        ([("2025-12-31", "pact-signed", "survived"), ("2025-12-31", "toll-raised", "survived")], "none"),
        ([("2025-12-31", "pact-signed", "survived")], None),
    ],
)
def test_of_competing_events_the_first_is_found_only_if_the_others_are_known(ferry, rows, expected):
    question = Question(id="q", title="Which is first?", first_of=("toll-raised", "pact-signed"), at=dt.date(2025, 12, 31))
    assert outcome_of(ferry(*rows), question, KNOWN) == expected
