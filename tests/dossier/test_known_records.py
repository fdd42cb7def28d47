"""What of a dossier an edition takes: open events and what leads to them, series that are asked about, what was known by then."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from types import MappingProxyType

import pytest
from tables import CAUSES, effect, with_causes, with_table
from tickets import tickets_dossier, tickets_edition
from toy import EDITION, toy_dossier, toy_edition

from forecasting.dossier.edition import asked_series, known_claims, known_effects, known_occasions
from forecasting.dossier.events import Occasion
from forecasting.dossier.questions import Question
from forecasting.errors import UsageError

DAY = dt.date(2024, 7, 1)
BEFORE, AFTER = DAY - dt.timedelta(days=1), DAY + dt.timedelta(days=1)


def test_events_stand_in_alphabetical_order_however_many_there_are() -> None:
    names = with_causes().edition(EDITION).event_ids
    assert names == tuple(sorted([*CAUSES, *toy_edition().event_ids]))


def test_effects_and_drivers_of_events_that_bear_on_no_question_are_left_out() -> None:
    """The toy's questions take all its events; here one asks about the quay alone, which one driver loads and nothing acts on."""
    record = toy_dossier().editions[EDITION].model_copy(update={"questions": ("quay-by-2025",)})
    seen = with_table(toy_dossier(), "editions", record).edition(EDITION)
    assert seen.event_ids == ("quay-closed",)
    assert seen.effects == ()
    assert [driver.id for driver in seen.drivers] == ["empty-coffers"]  # it loads on the toll, too
    assert {row.event for row in seen.history} == {"quay-closed"}
    assert {row.event for row in toy_edition().history} > {"quay-closed"}


def test_no_edition_is_made_of_an_event_that_opens_later_even_where_no_rule_was_asked() -> None:
    """The rule `edition-events` names the question; here the records come unchecked."""
    late = toy_dossier().events["quay-closed"].model_copy(update={"opens_on": AFTER})
    with pytest.raises(UsageError, match=rf"quay-closed, asked about, opens {AFTER}; leave the question out of the edition"):
        with_table(toy_dossier(), "events", late).edition(EDITION)


@pytest.mark.parametrize(("opens_on", "known"), [(BEFORE, True), (DAY, True), (AFTER, False)])
@pytest.mark.parametrize("end", ["from_", "to"])
def test_an_effect_is_known_once_both_its_events_are_open(opens_on: dt.date, known: bool, end: str) -> None:
    late = toy_dossier().events["quay-closed"].model_copy(update={"id": "late", "opens_on": opens_on})
    dossier = with_table(with_table(toy_dossier(), "events", late), "effects", effect(id="new", claims=(), **{end: "late"}))
    found = known_effects(dossier, dossier.editions[EDITION])
    assert [one.id for one in found] == [*toy_dossier().effects, *(["new"] if known else [])]


@pytest.mark.parametrize(
    ("claims", "known"),
    [((), True), (("n-001",), True), (("n-001", "late"), True), (("late",), False), (("late", "elsewhere"), False)],
)
def test_an_effect_that_rests_on_later_or_unlisted_claims_alone_is_hindsight(claims: tuple[str, ...], known: bool) -> None:
    first = toy_dossier().claims["n-001"]
    late = first.model_copy(update={"id": "late", "made_on": AFTER})
    elsewhere = first.model_copy(update={"id": "elsewhere", "source": "sudland-post"})
    dossier = with_table(with_table(toy_dossier(), "claims", late, elsewhere), "effects", effect(id="new", claims=claims))
    assert ("new" in [one.id for one in known_effects(dossier, dossier.editions[EDITION])]) is known


@pytest.mark.parametrize(
    ("fields", "names"),
    [
        ({}, ["first", "second"]),
        ({"made_on": BEFORE}, ["first", "second"]),
        ({"made_on": AFTER}, ["first"]),
        ({"source": "sudland-post"}, ["first"]),
        ({"supersedes": "first"}, ["second"]),
        ({"supersedes": "first", "made_on": AFTER}, ["first"]),
        ({"supersedes": "first", "source": "sudland-post"}, ["first"]),
    ],
)
def test_claims_are_known_from_their_day_on_if_their_source_is_listed_and_none_corrects_them(
    fields: dict[str, object], names: list[str]
) -> None:
    first = toy_dossier().claims["n-001"].model_copy(update={"id": "first"})
    second = first.model_copy(update={"id": "second", **fields})
    dossier = replace(toy_dossier(), claims=MappingProxyType({"first": first, "second": second}))
    assert [claim.id for claim in known_claims(dossier, dossier.editions[EDITION])] == names


def test_of_an_events_occasions_those_are_known_that_were_known_by_the_day_or_whose_day_of_becoming_known_is_not_said() -> None:
    def occasion(year: int, known_on: dt.date | None) -> Occasion:
        return Occasion(on=dt.date(year, 6, 7), known_on=known_on, wording="likely", lexicon="plain", why="A vote.", source="law")

    always, before, today, later = (occasion(2031 + i, day) for i, day in enumerate((None, BEFORE, DAY, AFTER)))
    event = toy_dossier().events["pact-signed"].model_copy(update={"occasions": (always, later, before, today)})
    assert known_occasions(event, DAY).occasions == (always, before, today)
    known = event.model_copy(update={"occasions": (always, before, today)})
    assert known_occasions(known, DAY) is known
    dossier = with_table(toy_dossier(), "events", event)
    seen = next(one for one in dossier.edition(EDITION).events if one.id == event.id)
    assert seen.occasions == (always, before, today)


def test_the_network_answers_questions_about_events_and_other_models_those_about_quantities() -> None:
    edition = tickets_edition()
    others = ("tickets-2025", "leavers-2025", "islanders-2025")
    names = edition.edition.questions
    assert {name: [one.id for one in own] for name, own in edition.further.items()} == {"counts": list(others)}
    assert [one.id for one in edition.questions] == [name for name in names if name not in others]
    assert [one.id for one in edition.asked] == list(names)  # all of them, in the order in which the edition lists them
    assert toy_edition().asked == toy_edition().questions
    assert not toy_edition().further


def test_each_further_model_gets_its_own_questions_and_models_stand_in_alphabetical_order() -> None:
    asked = {"at": dt.date(2025, 12, 31), "ahead": {"balance": "quay", "actor": "norland"}}
    hand = Question.model_validate({"id": "hand-2025", "title": "Is Norland ahead at the quay?", **asked})
    dossier = with_table(tickets_dossier(), "questions", hand)
    names = ("tickets-2025", "hand-2025", "pact-by-2025", "leavers-2025")
    record = dossier.editions[EDITION].model_copy(update={"questions": names})
    seen = with_table(dossier, "editions", record).edition(EDITION)
    further = [(name, [one.id for one in own]) for name, own in seen.further.items()]
    assert further == [("balance", ["hand-2025"]), ("counts", ["tickets-2025", "leavers-2025"])]
    assert [one.id for one in seen.questions] == ["pact-by-2025"]
    assert [one.id for one in seen.asked] == list(names)


def test_series_are_those_asked_about_with_the_stocks_that_they_leave_and_their_counts_up_to_the_day() -> None:
    edition = tickets_edition()
    assert [one.id for one in edition.series] == ["islanders", "leavers", "tickets"]
    published = {count.id for count in edition.dossier.counts if count.published_on <= DAY}
    assert {count.id for count in edition.counts} == published == {
        "ti-001", "ti-002", "is-001", "is-002", "is-003", "le-001", "le-002", "le-003"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "names"),
    [(("leavers-2025",), ["islanders", "leavers"]), (("tickets-2025",), ["tickets"]), (("pact-by-2025",), []),
     (("tickets-2025", "leavers-2025"), ["islanders", "leavers", "tickets"])],
)  # fmt: skip
def test_a_stock_comes_with_what_leaves_it(asked: tuple[str, ...], names: list[str]) -> None:
    dossier = tickets_dossier()
    assert [one.id for one in asked_series(dossier, [dossier.questions[name] for name in asked])] == names
    record = dossier.editions[EDITION].model_copy(update={"questions": ("pact-by-2025", *asked)})
    seen = with_table(dossier, "editions", record).edition(EDITION)
    assert {count.series for count in seen.counts} == set(names)


def test_series_stand_in_alphabetical_order_and_a_stock_that_is_no_record_is_passed_over() -> None:
    dossier = tickets_dossier()
    series = {name: dossier.series["leavers"].model_copy(update={"id": name, "out_of": "gone"}) for name in CAUSES}
    question = dossier.questions["leavers-2025"]
    asked = [question.model_copy(update={"reaches": question.reaches.model_copy(update={"quantity": name})}) for name in CAUSES]
    assert [one.id for one in asked_series(replace(dossier, series=MappingProxyType(series)), asked)] == sorted(CAUSES)


def test_an_edition_is_held_to_the_assumptions_of_its_own_and_of_every_edition() -> None:
    """The toy's second assumption names this edition, the others none."""
    assert [held.id for held in toy_edition().assumptions] == ["a-001", "a-002", "a-003", "a-004"]
    other = toy_dossier().editions[EDITION].model_copy(update={"id": "2024-08-ferry"})
    seen = with_table(toy_dossier(), "editions", other).edition(other.id)
    assert [held.id for held in seen.assumptions] == ["a-001", "a-003", "a-004"]
