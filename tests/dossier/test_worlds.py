"""The worlds of a question are all the ways in which its events can turn out by its dates."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from forecasting.dossier.effects import Effect
from forecasting.dossier.questions import Question
from forecasting.dossier.worlds import count_worlds, true_members, worlds

DAY, EARLY = dt.date(2025, 12, 31), dt.date(2025, 6, 30)


def question(**fields: Any) -> Question:
    return Question.model_validate({"id": "q", "title": "A question", "at": "2025-12-31", **fields})


def scenario(name: str, **fields: Any) -> dict[str, Any]:
    return {"id": name, "title": f"Scenario {name}", **fields}


def test_two_events_at_one_date_can_turn_out_in_four_ways():
    asked = question(asks={"all_of": ({"occurs": "a"}, {"holds": "b"})})
    assert count_worlds(asked) == 4
    assert [str(world) for world in worlds(asked)] == [
        "a occurs, b occurs",
        "a occurs, b does not occur",
        "a does not occur, b occurs",
        "a does not occur, b does not occur",
    ]


def test_an_event_at_two_dates_can_turn_out_in_three_ways():
    asked = question(asks={"all_of": ({"occurs": "a"}, {"holds": "a", "until": "2025-06-30"})})
    assert asked.leaves() == (("a", DAY), ("a", EARLY))
    first, second, never = worlds(asked)
    assert str(second) == "a occurs"
    assert [world.happened("a", EARLY) for world in (first, second, never)] == [True, False, False]
    assert [world.happened("a", DAY) for world in (first, second, never)] == [True, True, False]
    assert asked.asks
    assert [asked.asks.truth(world, DAY) for world in (first, second, never)] == [False, True, False]


# Truth of each statement when a, b happen: (yes, yes), (yes, no), (no, yes), (no, no)
STATEMENTS = {
    "all_of": [True, False, False, False],
    "any_of": [True, True, True, False],
    "one_of": [False, True, True, False],
    "none_of": [False, False, False, True],
}


@pytest.mark.parametrize(("statement", "truth"), STATEMENTS.items())
def test_a_statement_over_two_events_is_true_where_its_name_says(statement: str, truth: list[bool]):
    asked = question(asks={statement: ({"occurs": "a"}, {"occurs": "b"})})
    assert asked.asks
    assert [asked.asks.truth(world, DAY) for world in worlds(asked)] == truth


def test_statements_nest():
    asked = question(asks={"any_of": ({"all_of": ({"occurs": "a"}, {"holds": "b"})}, {"none_of": ({"occurs": "a"},)})})
    assert asked.asks
    assert [asked.asks.truth(world, DAY) for world in worlds(asked)] == [False, True, True, True]


def test_without_a_date_of_its_own_a_question_looks_at_its_last_deadline():
    asks = {"all_of": ({"occurs": "a", "by": "2025-06-30"}, {"holds": "b", "until": "2025-12-31"}, {"occurs": "c"})}
    asked = Question.model_validate({"id": "q", "title": "A question", "asks": asks})
    assert asked.leaves() == (("a", EARLY), ("b", DAY), ("c", DAY))
    assert [str(world) for world, true in true_members(asked) if true] == [
        "a occurs by 2025-06-30, b does not occur, c occurs by 2025-12-31"
    ]


def test_two_dates_are_told_apart_in_words():
    asked = question(asks={"all_of": ({"occurs": "a", "by": "2025-06-30"}, {"occurs": "b"})})
    assert str(next(worlds(asked))) == "a occurs by 2025-06-30, b occurs by 2025-12-31"


def test_stages_are_looked_at_on_the_questions_date():
    assert question(stages=("a", "b")).leaves() == (("a", DAY), ("b", DAY))


def test_scenarios_that_split_a_date_in_two_do_not_overlap():
    asked = question(
        scenarios=(
            scenario("early", occurs="a", by="2025-06-30"),
            scenario("late", all_of=({"holds": "a", "until": "2025-06-30"}, {"occurs": "a"})),
            scenario("never", holds="a"),
        )
    )
    assert [true for _, true in true_members(asked)] == [["early"], ["late"], ["never"]]


def effect(cause: str, target: str, acts: str, **fields: Any) -> Effect:
    return Effect.model_validate({"id": f"{cause}-{target}", "from": cause, "to": target, "acts": acts, "why": "Test.", **fields})


def possible(asked: Question, *effects: Effect) -> list[str]:
    return [str(world) for world in worlds(asked, effects)]


BOTH = "a occurs, b occurs", "a occurs, b does not occur", "a does not occur, b occurs", "a does not occur, b does not occur"


@pytest.mark.parametrize(
    ("acts", "excluded"), [("implies", BOTH[1]), ("enables", BOTH[2]), ("blocks", None), ("multiplies", None), ("leads_to", None)]
)
def test_effects_exclude_what_cannot_be(acts: str, excluded: str | None):
    more = {"multiplies": {"sign": "raises", "grade": "weak"},
            "leads_to": {"wording": "likely", "lexicon": "plain", "lag_years": 1.0}}.get(acts, {})  # fmt: skip
    asked = question(asks={"all_of": ({"occurs": "a"}, {"occurs": "b"})})
    assert possible(asked, effect("a", "b", acts, **more)) == [world for world in BOTH if world != excluded]


def test_what_is_implied_at_one_date_has_happened_by_the_next_at_which_it_is_looked_at():
    # a is looked at in June and December, b in December alone
    asked = question(asks={"all_of": ({"occurs": "a", "by": "2025-06-30"}, {"occurs": "a"}, {"occurs": "b"})})
    left = {(w.happened_by["a"], w.happened_by["b"]) for w in worlds(asked, [effect("a", "b", "implies")])}
    assert left == {(EARLY, DAY), (DAY, DAY), (None, DAY), (None, None)}


def test_what_is_blocked_cannot_come_after_an_earlier_date_but_may_have_come_before_in_the_same_span():
    asked = question(asks={"all_of": ({"occurs": "a", "by": "2025-06-30"}, {"occurs": "b", "by": "2025-06-30"}, {"occurs": "b"})})
    left = {(w.happened_by["a"], w.happened_by["b"]) for w in worlds(asked, [effect("a", "b", "blocks")])}
    assert left == {(EARLY, EARLY), (EARLY, None), (None, EARLY), (None, DAY), (None, None)}
    dated = effect("a", "b", "blocks", until="2025-09-01")
    assert (EARLY, DAY) in {(w.happened_by["a"], w.happened_by["b"]) for w in worlds(asked, [dated])}


def test_the_logic_holds_through_events_that_are_not_named():
    asked = question(asks={"all_of": ({"occurs": "a"}, {"occurs": "b"})})
    assert possible(asked, effect("a", "x", "implies"), effect("x", "b", "implies")) == [BOTH[0], BOTH[2], BOTH[3]]
    # the decision a stands behind x, which enables b: without a no b
    assert possible(asked, effect("x", "a", "implies"), effect("x", "b", "enables")) == [BOTH[0], BOTH[1], BOTH[3]]
