"""Enumerate how the events of a question can turn out, to see whether its scenarios cover each way exactly once."""

from __future__ import annotations

import datetime as dt
import itertools
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from forecasting.dossier.effects import Effect
from forecasting.dossier.forms.scenarios import Scenarios
from forecasting.dossier.graph import joined, reach
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


def worlds(question: Question, effects: Iterable[Effect] = ()) -> Iterator[World]:
    """Yield every way in which the events of a question can turn out that effects allow.

    What implies an event happens no earlier than that; what is enabled no earlier than its enabler; what is blocked not after
    what blocks it. This holds through events that the question does not name.
    """
    choices, logic = _choices(question), Logic.of(effects)
    for days in itertools.product(*choices.values()):
        world = World(dict(zip(choices, days, strict=True)))
        if logic.allows(world, choices):
            yield world


@dataclass(frozen=True)
class Logic:
    """What the happening of events means for others.

    ``needs`` maps an event to those that have happened once it has; ``excludes`` to those that cannot happen any more.
    """

    needs: Mapping[str, frozenset[str]]
    excludes: Mapping[str, frozenset[str]]

    @classmethod
    def of(cls, effects: Iterable[Effect]) -> Logic:
        """Return the logic of some effects; a block with dates excludes nothing for good."""
        return _logic(tuple((e.from_, e.to, e.acts, bool(e.begins_on or e.until)) for e in effects))

    def allows(self, world: World, choices: Mapping[str, list[dt.date | None]]) -> bool:
        """Return whether a world is possible; ``choices`` are the dates on which it looks at each event."""
        for event, day in world.happened_by.items():
            if day is None:
                continue
            for other in self.needs.get(event, frozenset()) & choices.keys():
                looked = next((on for on in choices[other] if on and on >= day), None)
                if looked and not world.happened(other, looked):
                    return False
            for other in self.excludes.get(event, frozenset()) & choices.keys():
                then = world.happened_by[other]
                if then and any(on and day <= on < then for on in choices[other]):
                    return False
        return True


@lru_cache(maxsize=16)
def _logic(effects: tuple[tuple[str, str, str, bool], ...]) -> Logic:
    """Return the logic of effects given as (from, to, acts, whether they have dates); an edition's questions share it."""
    pairs = [(source, to) for source, to, acts, _ in effects if acts == "implies"]
    pairs += [(to, source) for source, to, acts, _ in effects if acts == "enables"]
    blocks = [(source, to) for source, to, acts, dated in effects if acts == "blocks" and not dated]
    names, nexts = {name for source, to, *_ in effects for name in (source, to)}, joined(pairs)
    needs = {name: reach(nexts, (name,)) for name in names}
    return Logic(needs, {name: frozenset(to for source, to in blocks if source in needs[name]) for name in names})


def _choices(question: Question) -> dict[str, list[dt.date | None]]:
    """Return, per event, the dates by which it may first have happened; ``None`` is not by any of them."""
    dates: dict[str, set[dt.date]] = {}
    for event, day in question.leaves():
        dates.setdefault(event, set()).add(day)
    return {event: [*sorted(days), None] for event, days in dates.items()}


def true_members(question: Question, effects: Iterable[Effect] = ()) -> Iterator[tuple[World, list[str]]]:
    """Yield every world that effects allow with the outcomes of a question that come about in it.

    *Other* among scenarios is left out.
    """
    form = question.form
    for world in worlds(question, effects):
        listed = form.named(world).items() if isinstance(form, Scenarios) else form.outcomes(world)
        yield world, [name for name, true in listed if true]
