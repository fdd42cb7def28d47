"""The worlds of a question are all the ways in which its events can turn out by its dates."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

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
