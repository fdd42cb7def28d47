"""The mutants by which tests are measured: each differs from the module, and the kinds that are meant are there."""

from __future__ import annotations

import ast
import csv

import pytest

from benchmarks.mutant_runs import EQUIVALENT, reached_by, text_of
from benchmarks.mutants import mutants, names
from benchmarks.trust import PROJECT

SOURCE = '''
def least(values, bound=1.0):
    """A text with 3 < 4 in it."""
    found = [value for value in values if value < bound and not value == 0]
    if not found:
        raise ValueError(f"none of {len(values) + 1} below")
    note(found)
    return min(found) - 1
'''


def test_each_mutant_is_another_program_that_can_be_read() -> None:
    found = list(mutants(SOURCE))
    same = ast.unparse(ast.parse(SOURCE))
    assert all(mutant.source != same and ast.parse(mutant.source) for mutant in found)
    assert len({mutant.source for mutant in found}) == len(found)
    assert [(mutant.line, mutant.was, mutant.now) for mutant in found] == list(names(SOURCE))


def test_the_kinds_that_are_meant_are_there_and_texts_stay() -> None:
    changes = {(mutant.was, mutant.now) for mutant in mutants(SOURCE)}
    assert {("value < bound", "value <= bound"), ("value < bound", "value > bound"), ("value == 0", "value != 0"),
            ("not found", "found"), ("note(found)", "pass"), ("min(found)", "max(found)"),
            ("min(found) - 1", "min(found) + 1"), ("0", "1"), ("return min(found) - 1", "return None")} <= changes  # fmt: skip
    assert any(now == "value < bound or not value == 0" for _, now in changes)
    assert not any("len(values)" in was and "if not" not in was for was, _ in changes)
    assert all("A text with 3 < 4 in it." in mutant.source for mutant in mutants(SOURCE))


MODULE = '''
FEWEST = 3

def first(values):
    """A text."""
    return (values[0],
            FEWEST)

def second(values):
    return values[1]
'''


def test_a_constant_is_held_by_every_test_and_a_line_by_those_that_reach_it() -> None:
    lines = {"2": [""], "4": [""], "6": ["t-1", ""], "9": ["", "t-0"], "10": ["t-2", "t-3"]}
    assert reached_by(lines, MODULE, 2) == ["t-0", "t-1", "t-2", "t-3"]
    assert reached_by(lines, MODULE, 6) == ["t-1"]
    assert reached_by(lines, MODULE, 7) == ["t-1"]  # of several lines of one statement only the first is noted
    assert reached_by(lines, MODULE, 10) == ["t-2", "t-3"]
    assert reached_by({"2": [""], "10": [""]}, MODULE, 10) == []
    assert reached_by(lines, MODULE, 2, ["t-4", "t-1"]) == ["t-0", "t-1", "t-2", "t-3", "t-4"]
    assert reached_by(lines, MODULE, 10, ["t-4", "t-1"]) == ["t-2", "t-3"]


with EQUIVALENT.open(encoding="utf-8", newline="") as file:
    NAMED = list(csv.DictReader(file))


@pytest.mark.parametrize("row", NAMED, ids=lambda row: f"{row['module']}: {row['was']} to {row['now']}")
def test_what_is_called_equivalent_is_one_mutant_of_one_line_and_says_why(row: dict[str, str]) -> None:
    path = PROJECT / "forecasting" / row["module"]
    lines = [line for line, was, now in names(path.read_text("utf-8")) if (was, now) == (row["was"], row["now"])]
    assert [text_of(path, line) for line in lines].count(row["line"]) == 1
    assert len(row["why"]) > 20
