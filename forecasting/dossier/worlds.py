"""Enumerate how the events of a question can turn out, to see whether its scenarios cover each way exactly once."""

from __future__ import annotations

import datetime as dt
import itertools
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from forecasting.dossier.forms.scenarios import Scenarios
from forecasting.dossier.questions import Question

MAX_WORLDS = 2**14


@dataclass(frozen=True)
class World:
    """One way in which the events turn out: the first of the question's dates by which each has happened, if any."""

    happened_by: Mapping[str, dt.date | None]

    def happened(self, event: str, by: dt.date) -> bool:
        """Return whether an event has happened by one of the question's dates."""
        day = self.happened_by[event]
        return day is not None and day <= by

    def before(self, event: str, other: str) -> bool:
        """Return whether an event has happened by an earlier one of the dates than another; within one they are not ordered."""
        first, then = self.happened_by[event], self.happened_by[other]
        return first is not None and (then is None or first < then)

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
    for event, day in question.leaves():
        dates.setdefault(event, set()).add(day)
    return {event: [*sorted(days), None] for event, days in dates.items()}


def true_members(question: Question) -> Iterator[tuple[World, list[str]]]:
    """Yield every world with the outcomes of a question that come about in it, *other* among the scenarios left out."""
    form = question.form
    for world in worlds(question):
        listed = form.named(world).items() if isinstance(form, Scenarios) else form.outcomes(world)
        yield world, [name for name, true in listed if true]
