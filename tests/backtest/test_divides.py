"""Where the days of sources, questions, dates and classes divide what can be asked of an edition on another day."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from types import MappingProxyType

import pytest
from refits import DAY, EDITION
from tables import with_causes, with_table
from tickets import tickets_dossier
from toy import toy_dossier, toy_edition

from forecasting.backtest.known_on import known_on
from forecasting.dossier.claims import Target
from forecasting.dossier.edition import Dossier

BEFORE, AFTER = DAY - dt.timedelta(days=1), DAY + dt.timedelta(days=1)


def on(dossier: Dossier, day: dt.date, **fields: object):
    return known_on(dossier, dossier.editions[EDITION].model_copy(update=fields), day)


def test_what_another_model_answers_is_left_out_of_a_backtest() -> None:
    found = on(tickets_dossier(), DAY).left_out
    reason = "it is answered by the model “counts”, and a backtest refits the event network alone"
    assert found == dict.fromkeys(("tickets-2025", "leavers-2025", "islanders-2025"), reason)


@pytest.mark.parametrize(
    ("day", "out"),
    [(dt.date(2024, 6, 19), False), (dt.date(2024, 6, 20), False), (BEFORE, False), (DAY, True), (AFTER, True)],
)
def test_of_a_source_of_a_month_that_the_edition_lists_the_editions_own_day_decides(day: dt.date, out: bool) -> None:
    """It appeared on 20 June at the earliest and on 21 July at the latest."""
    record = toy_dossier().sources["norland-times"]
    vague = record.model_copy(update={"published_on": dt.date(2024, 6, 20), "published_precision": "month"})
    assert on(with_table(toy_dossier(), "sources", vague), day).edition.sources == ((vague.id,) if out else ())


def test_a_source_whose_day_is_known_speaks_from_that_day_on() -> None:
    exact = toy_dossier().sources["norland-times"].model_copy(update={"published_on": dt.date(2024, 6, 20)})
    dossier = with_table(toy_dossier(), "sources", exact)
    assert on(dossier, dt.date(2024, 6, 19)).edition.sources == ()
    assert on(dossier, dt.date(2024, 6, 20)).edition.sources == (exact.id,)
    assert on(dossier, dt.date(2024, 6, 20)).edition.as_of == dt.date(2024, 6, 20)


@pytest.mark.parametrize(
    ("day", "open_"), [(dt.date(2025, 6, 30), True), (dt.date(2025, 12, 30), True), (dt.date(2025, 12, 31), False)]
)
def test_a_question_with_two_dates_is_open_until_the_later_one(day: dt.date, open_: bool) -> None:
    leaves = ({"occurs": "pact-signed", "by": "2025-06-30"}, {"occurs": "toll-raised", "by": "2025-12-31"})
    question = type(toy_dossier().questions["pact-by-2025"]).model_validate(
        {"id": "two-dates", "title": "Will either come in its time?", "asks": {"any_of": leaves}}
    )
    found = on(with_table(toy_dossier(), "questions", question), day, questions=("two-dates",))
    assert found.edition.questions == (("two-dates",) if open_ else ())
    assert found.left_out == ({} if open_ else {"two-dates": "its deadline was 2025-12-31"})


@pytest.mark.parametrize(
    ("day", "reason"), [(BEFORE, "quay-closed opens on 2024-07-01"), (DAY, None), (AFTER, None)]
)  # fmt: skip
def test_a_question_waits_for_the_last_of_its_events_to_open(day: dt.date, reason: str | None) -> None:
    """Of “the toll or the quay” the toll has been open since January."""
    late = toy_dossier().events["quay-closed"].model_copy(update={"opens_on": DAY})
    found = on(with_table(toy_dossier(), "events", late), day)
    assert found.left_out.get("trouble-2025") == reason
    assert ("trouble-2025" in found.edition.questions) is (reason is None)


@pytest.mark.parametrize(("day", "known"), [(dt.date(2025, 3, 30), True), (dt.date(2025, 3, 31), False)])
def test_on_its_own_date_the_outcome_of_a_scheduled_event_must_be_known(day: dt.date, known: bool) -> None:
    found = on(toy_dossier(), day)
    assert ("ferry-stages-2026" not in found.left_out) is known


def late_class(dossier: Dossier, name: str, day: dt.date) -> Dossier:
    """Return a dossier in which every row of a class was counted up to a day."""
    rows = tuple(row.model_copy(update={"counted_until": day}) for row in dossier.dated_rows[name])
    every = MappingProxyType({**dossier.dated_rows, name: rows})
    return replace(with_table(dossier, "reference_classes", rows[-1]), dated_rows=every)


def test_a_class_from_which_another_borrows_must_have_been_counted_too() -> None:
    borrows = toy_dossier().reference_classes["pacts-signed"].model_copy(update={"borrows": ("deadlines-kept",)})
    rows = MappingProxyType({**toy_dossier().dated_rows, "pacts-signed": (borrows,)})
    dossier = replace(with_table(toy_dossier(), "reference_classes", borrows), dated_rows=rows)
    assert "pact-by-2025" not in on(dossier, DAY).left_out
    found = on(late_class(dossier, "deadlines-kept", AFTER), DAY)
    assert found.left_out["pact-by-2025"] == "no row of the class deadlines-kept was counted by 2024-07-01"
    assert on(late_class(dossier, "deadlines-kept", DAY), DAY).left_out == {}


def test_of_many_reasons_the_first_by_the_events_name_is_said() -> None:
    dossier = with_causes(scheduled_on=DAY)
    assert on(dossier, DAY).left_out["pact-by-2025"].startswith("cause-a was due on 2024-07-01")


def test_what_an_edition_was_compared_with_is_no_part_of_it_on_another_day() -> None:
    record = toy_dossier().editions[EDITION].model_copy(update={"previous": "2024-01-ferry"})
    assert on(with_table(toy_dossier(), "editions", record), BEFORE).edition == on(toy_dossier(), BEFORE).edition


@pytest.mark.parametrize(
    ("events", "given", "kept"),
    [
        (("pact-signed",), {}, True),
        (("pact-signed",), {"toll-raised": True}, True),
        (("pact-signed",), {"quay-closed": False}, False),
        (("pact-signed",), {"toll-raised": True, "quay-closed": True}, False),
        (("toll-raised", "ferry-runs"), {"pact-signed": True}, True),
        (("ferry-runs", "toll-raised"), {"quay-closed": True}, False),
        (("ferry-sinks",), {"quay-closed": True}, True),
    ],
)
def test_a_claim_is_read_if_effects_join_every_cause_it_gives_to_every_event_of_it_that_is_seen(
    events: tuple[str, ...], given: dict[str, bool], kept: bool
) -> None:
    """Of the toy's effects into the pact one comes from the toll; into the toll from the pact; into the ferry from all but it."""
    target = Target(event=events, given=given)
    claim = toy_dossier().claims["n-001"].model_copy(update={"id": "given", "target": target})
    dossier = with_table(toy_dossier(), "claims", claim)
    seen = on(dossier, DAY).select(dossier)
    assert seen.claims == (*toy_edition().claims, *([claim] if kept else []))
