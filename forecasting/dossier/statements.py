"""Enumerate how the events of a question can turn out, to see whether its scenarios cover each way exactly once."""

from __future__ import annotations

import datetime as dt
import itertools
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from forecasting.dossier.records import Expression, Question, Scenario

MAX_WORLDS = 2**14


def leaves(part: Expression, default: dt.date) -> Iterator[tuple[str, dt.date]]:
    """Yield every (event, deadline) that an expression looks at; ``default`` is the question's own deadline."""
    if part.occurs or part.holds:
        yield part.occurs or part.holds or "", part.by or part.until or default
    for inner in _parts(part):
        yield from leaves(inner, default)


def question_leaves(question: Question) -> tuple[tuple[str, dt.date], ...]:
    """Return every (event, deadline) that a question looks at, each once."""
    default = question.at or question.deadline
    parts: list[Expression] = [*(question.scenarios or ()), *([question.asks] if question.asks else [])]
    found = [leaf for part in parts for leaf in leaves(part, default)]
    return tuple(dict.fromkeys([*found, *((name, default) for name in question.stages or question.first_of or ())]))


def _parts(part: Expression) -> tuple[Expression, ...]:
    return part.all_of or part.any_of or part.none_of or part.one_of or ()


@dataclass(frozen=True)
class World:
    """One way in which the events turn out: the first of the question's dates by which each has happened, if any."""

    happened_by: Mapping[str, dt.date | None]

    def occurred(self, event: str, by: dt.date) -> bool:
        """Return whether an event has happened by one of the question's dates."""
        day = self.happened_by[event]
        return day is not None and day <= by

    def __str__(self) -> str:
        days = {day for day in self.happened_by.values() if day}
        words = []
        for event, day in self.happened_by.items():
            when = f" by {day}" if day and len(days) > 1 else ""
            words.append(f"{event} occurs{when}" if day else f"{event} does not occur")
        return ", ".join(words)


def count_worlds(question: Question) -> int:
    """Return in how many ways the events of a question can turn out."""
    return math.prod(len(days) for days in _choices(question).values())


def worlds(question: Question) -> Iterator[World]:
    """Yield every way in which the events of a question can turn out, whether or not the effects allow it."""
    choices = _choices(question)
    for days in itertools.product(*choices.values()):
        yield World(dict(zip(choices, days, strict=True)))


def _choices(question: Question) -> dict[str, list[dt.date | None]]:
    """Return, per event, the dates by which it may first have happened; ``None`` is not by any of them."""
    dates: dict[str, set[dt.date]] = {}
    for event, day in question_leaves(question):
        dates.setdefault(event, set()).add(day)
    return {event: [*sorted(days), None] for event, days in dates.items()}


def is_true(part: Expression, world: World, default: dt.date) -> bool:
    """Return whether an expression is true in a world; ``one_of`` means exactly one."""
    if part.occurs:
        return world.occurred(part.occurs, part.by or default)
    if part.holds:
        return not world.occurred(part.holds, part.until or default)
    true = sum(is_true(inner, world, default) for inner in _parts(part))
    if part.all_of is not None:
        return true == len(part.all_of)
    if part.none_of is not None:
        return true == 0
    return true == 1 if part.one_of is not None else true > 0


def true_members(question: Question) -> Iterator[tuple[World, list[Scenario]]]:
    """Yield every world with the named scenarios that are true in it."""
    default = question.at or question.deadline
    named = [scenario for scenario in question.scenarios or () if not scenario.other]
    for world in worlds(question):
        yield world, [scenario for scenario in named if is_true(scenario, world, default)]
