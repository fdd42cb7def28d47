"""Every form of question states its outcomes once: on simulated paths, in worlds, and in what is known they are the same."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pytest
from builders import write_dossier
from master_equation import world
from pydantic import ValidationError

from forecasting.dossier import layout, questions
from forecasting.dossier.edition import Dossier
from forecasting.dossier.events import HistoryRow
from forecasting.dossier.fields import Id
from forecasting.dossier.forms.base import Listed
from forecasting.dossier.forms.stages import Stages
from forecasting.dossier.load import read_dossier
from forecasting.dossier.questions import FORMS, Question
from forecasting.dossier.resolution import Known, outcome_of
from forecasting.dossier.statements import Happenings, Truth, negate
from forecasting.dossier.worlds import worlds
from forecasting.paths.questions import answer, outcome_hits
from forecasting.paths.simulate import Paths
from forecasting.rules.check import check_dossier

DAY, KNOWN = dt.date(2025, 12, 31), dt.date(2026, 2, 28)
STATED: dict[str, dict[str, Any]] = {
    "asks": {"asks": {"any_of": ({"occurs": "a"}, {"holds": "b"})}},
    "stages": {"stages": ("a", "b")},
    "first_of": {"first_of": ("a", "b")},
    "scenarios": {
        "scenarios": (
            {"id": "both", "title": "Both happen", "all_of": ({"occurs": "a"}, {"occurs": "b"})},
            {"id": "rest", "title": "Anything else", "other": True},
        )
    },
}
# outcome when a, b happen on these days of 2025, or never
OUTCOMES = {
    (100, 200): {"asks": "yes", "stages": "b", "first_of": "a", "scenarios": "both"},
    (200, 100): {"asks": "yes", "stages": "b", "first_of": "b", "scenarios": "both"},
    (100, None): {"asks": "yes", "stages": "a", "first_of": "a", "scenarios": "rest"},
    (None, 100): {"asks": "no", "stages": "b", "first_of": "b", "scenarios": "rest"},
    (None, None): {"asks": "yes", "stages": "none", "first_of": "none", "scenarios": "rest"},
}


QUANTITIES: dict[str, dict[str, Any]] = {
    "reaches": {"reaches": {"quantity": "tickets", "level": 50.0, "by": DAY}},
    "level": {"level": {"quantity": "tickets", "at": DAY, "edges": (20.0, 50.5)}},
    "between": {"between": {"quantity": "tickets", "low": 20.0, "high": 50.5, "at": DAY}},
}
INDEX = {
    "balance": "river", "outcomes": {"low": "Norland", "neither": "both", "high": "Sudland"}, "counts": "Receipts.",
    "settled_by": "the council", "low_to": -0.5, "high_from": 0.5, "spread": 1.0, "why_link": "A step.",
}  # fmt: skip
UPPER_HAND: dict[str, dict[str, Any]] = {
    "ahead": {"ahead": {"balance": "river", "actor": "sudland"}},
    "turned": {"turned": {"balance": "river", "actor": "sudland", "since": dt.date(2024, 1, 1)}},
    "favours": {"favours": {**INDEX, "result": {"side": "high", "known_on": KNOWN, "source": "the minutes"}}},
}
# outcome where so many tickets were sold
MEASURED = {
    19.9: {"reaches": "no", "level": "below", "between": "no"},
    20.0: {"reaches": "no", "level": "from-20", "between": "yes"},
    50.0: {"reaches": "yes", "level": "from-20", "between": "yes"},
    50.5: {"reaches": "yes", "level": "from-50-5", "between": "no"},
}


class Sold:
    """A world in which a number of tickets has been sold, or one in which nobody knows."""

    def __init__(self, tickets: float | None) -> None:
        self.tickets = tickets

    def at_least(self, series: str, value: float, on: dt.date) -> Known:
        assert (series, on) == ("tickets", DAY)
        return Known(None if self.tickets is None else self.tickets >= value)


def question(**fields: Any) -> Question:
    return Question.model_validate({"id": "q", "title": "A question", "at": DAY, **fields})


def one_path(days: tuple[int | None, int | None]) -> Paths:
    w = replace(world(np.ones((1, 2))), as_of=dt.date(2025, 1, 1))
    times = np.array([[[np.inf if day is None else day / 365.25 for day in days]]], dtype=np.float32)
    return Paths(w, np.array([0.0]), times, np.ones((1, 2, 1)), np.zeros((2, 1)))


def history(dossier: Dossier, days: tuple[int | None, int | None]) -> Dossier:
    """Return a dossier in which two events are called a and b, and happened on some days or by none."""
    first = next(iter(dossier.events.values()))
    events = {name: first.model_copy(update={"id": name, "opens_on": dt.date(2025, 1, 1)}) for name in "ab"}
    rows = []
    for name, day in zip("ab", days, strict=True):
        on, what = (DAY, "survived") if day is None else (dt.date(2025, 1, 1) + dt.timedelta(days=day), "occurred")
        rows.append(HistoryRow.model_validate({"on": on, "event": name, "what": what, "source": "Press", "status": "confirmed"}))
    return replace(dossier, events=MappingProxyType(events), effects=MappingProxyType({}), history=tuple(rows))


@pytest.fixture
def ferry(tmp_path: Path, project_dir: Path) -> Dossier:
    return read_dossier(write_dossier(tmp_path, project_dir))[0]


def test_every_form_is_tried_here() -> None:
    assert {*STATED, *QUANTITIES, *UPPER_HAND} == FORMS.keys()


@pytest.mark.parametrize("form", STATED)
@pytest.mark.parametrize("days", OUTCOMES)
def test_paths_and_history_come_to_the_outcome_worked_by_hand(ferry: Dossier, form: str, days: tuple[Any, Any]) -> None:
    asked, expected = question(**STATED[form]), OUTCOMES[days][form]
    on_path = [name for name, hits in outcome_hits(one_path(days), asked) if hits.all()]
    assert (on_path or [asked.form.complement]) == [expected]
    assert outcome_of(history(ferry, days), asked, KNOWN) == expected


@pytest.mark.parametrize("form", [form for form in STATED if form != "first_of"])  # an order within a date is not enumerated
def test_in_every_world_one_outcome_comes_about_or_the_complement(form: str) -> None:
    asked = question(**STATED[form])
    for way in worlds(asked):
        n = sum(bool(true) for _, true in asked.form.outcomes(way))
        assert n == 1 or (n == 0 and asked.form.complement)


@pytest.mark.parametrize("form", STATED)
def test_what_is_not_known_leaves_a_question_open(ferry: Dossier, form: str) -> None:
    unknown = replace(history(ferry, (None, None)), history=())
    assert outcome_of(unknown, question(**STATED[form]), KNOWN) is None


@pytest.mark.parametrize("form", STATED)
def test_events_and_days_are_those_that_the_record_names(form: str) -> None:
    asked = question(**STATED[form])
    assert (asked.events(), asked.leaves(), asked.deadline) == (("a", "b"), (("a", DAY), ("b", DAY)), DAY)


@pytest.mark.parametrize("form", QUANTITIES)
@pytest.mark.parametrize("tickets", MEASURED)
def test_a_quantity_comes_to_the_outcome_worked_by_hand(form: str, tickets: float) -> None:
    asked = question(**{"at": None, **QUANTITIES[form]})
    came = [name for name, known in asked.form.outcomes(Sold(tickets)) if known.value]
    assert (came or [asked.form.complement]) == [MEASURED[tickets][form]]
    assert all(known.value is None for _, known in asked.form.outcomes(Sold(None)))
    assert (asked.events(), asked.form.subjects(), asked.deadline, asked.form.model) == ((), ("tickets",), DAY, "counts")
    assert DAY.isoformat() not in asked.form.deadline_hint()
    assert "deadline" in asked.form.deadline_hint()


def test_ranges_are_named_in_words_and_edges_have_to_rise() -> None:
    asked = question(**{"at": None, **QUANTITIES["level"]})
    assert list(asked.form.titles().values()) == ["below 20", "20 to 50.5", "50.5 or more"]
    assert [fault for form in QUANTITIES for fault in question(**{"at": None, **QUANTITIES[form]}).form.faults()] == []
    falling = question(at=None, level={"quantity": "tickets", "at": DAY, "edges": (50.0, 20.0)})
    assert list(falling.form.faults()) == [(("level",), "level with 50, 20", "write values that rise")]


def test_a_stage_is_shown_as_the_furthest_that_was_reached_and_keeps_its_id() -> None:
    asked = Stages(("talks", "border", "relations"), dt.date(2025, 12, 31))
    shown = [asked.called(name, f"{name} come") for name in asked.stated]
    assert shown == ["No further than: talks come", "No further than: border come", "relations come"]
    assert asked.titles() == {"none": "no stage"}


@pytest.mark.parametrize("form", UPPER_HAND)
def test_a_question_about_the_upper_hand_names_its_theatre_and_no_event(form: str) -> None:
    asked = question(**UPPER_HAND[form])
    assert (asked.events(), asked.form.subjects(), asked.deadline, asked.form.model) == ((), ("river",), DAY, "balance")


def test_an_index_is_settled_by_its_result_once_that_is_known_and_a_level_never(ferry: Dossier) -> None:
    index = question(**UPPER_HAND["favours"])
    assert outcome_of(ferry, index, KNOWN) == "high"
    assert outcome_of(ferry, index, KNOWN - dt.timedelta(days=1)) is None
    assert [outcome_of(ferry, question(**UPPER_HAND[form]), KNOWN) for form in ("ahead", "turned")] == [None, None]
    assert "result" not in index.model_dump()["favours"]
    backwards = question(turned={"balance": "river", "actor": "sudland", "since": DAY})
    assert list(backwards.form.faults()) == [(("turned", "since"), f"since {DAY} until {DAY}", "write an earlier day in since")]


def test_an_index_has_bounds_that_rise_and_says_once_what_its_sides_are() -> None:
    with pytest.raises(ValidationError, match=r"low_to 0.6 above high_from 0.5; write the lower bound in low_to"):
        question(favours={**INDEX, "low_to": 0.6})
    for stated in ({"side": "high"}, {"side": "high", "is": {"occurs": "a"}, "needs": {"occurs": "b"}}):
        with pytest.raises(ValidationError, match="write one: 'is' if it is the same, 'needs' if it is less"):
            question(favours={**INDEX, "in_network": (stated,)})


class CountOf(Listed):
    """How many of some events have happened by the deadline."""

    name = "count_of"
    kind = "count"

    def outcomes(self, seen: Happenings) -> list[tuple[str, Truth]]:
        first, *others = [seen.happened(event, self.day) for event in self.stated]
        exactly = [negate(first), first]  # by how many of the events so far
        for now in others:
            both = [(n & negate(now)) | (fewer & now) for fewer, n in itertools.pairwise(exactly)]
            exactly = [exactly[0] & negate(now), *both, exactly[-1] & now]
        return [(str(n), true) for n, true in enumerate(exactly)]


@pytest.fixture
def with_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Add a form as a newcomer would: its class, its name in the registry, its field in the record."""
    monkeypatch.setitem(questions.FORMS, "count_of", CountOf)

    class Question(questions.Question):
        count_of: tuple[Id, ...] | None = None

    monkeypatch.setitem(layout.MODELS, "question", Question)


def counting(root: Path, listed: str) -> Path:
    path = next(root.glob("questions/*.yaml"))
    more = f"\n- id: how-many\n  title: How many of the two by the end of 2025?\n  count_of: [{listed}]\n  at: 2025-12-31\n"
    path.write_text(path.read_text("utf-8").rstrip() + more, "utf-8")
    return root


@pytest.mark.usefixtures("with_counts")
def test_a_new_form_is_checked_answered_and_resolved_by_its_class_alone(tmp_path: Path, project_dir: Path) -> None:
    dossier, failures = read_dossier(counting(write_dossier(tmp_path, project_dir), "pact-signed, toll-raised"))
    assert not failures
    assert check_dossier(dossier, warnings=False) == ()
    asked = dossier.questions["how-many"].model_copy(update={"count_of": ("a", "b")})
    for days, n in {(100, 200): "2", (100, None): "1", (None, 100): "1", (None, None): "0"}.items():
        got = answer(one_path(days), asked)
        assert dict(zip(got.outcomes, got.p[0], strict=True)) == {m: float(m == n) for m in ("0", "1", "2")}
        assert outcome_of(history(dossier, days), asked, KNOWN) == n
    assert outcome_of(replace(history(dossier, (100, None)), history=()), asked, KNOWN) is None


@pytest.mark.usefixtures("with_counts")
def test_a_new_form_brings_its_own_faults(tmp_path: Path, project_dir: Path) -> None:
    dossier, _ = read_dossier(counting(write_dossier(tmp_path, project_dir), "pact-signed"))
    (result,) = check_dossier(dossier, warnings=False)
    assert (result.rule, result.found) == ("question-stages", "question how-many: count_of pact-signed")
