"""Yes/no statements over events, and the one evaluator of their truth.

A statement is evaluated on whatever can say which events had happened by a day (`Happenings`): simulated paths, enumerated
worlds, or the history that is known.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import reduce
from operator import and_, or_
from typing import Any, Protocol

from pydantic import Field, model_validator

from forecasting.dossier.fields import Date, Id, Record

type Truth = Any  # what &, | and ^ True act on: a bool, an array of bool over paths, or a `Known`


class Happenings(Protocol):
    """Whatever can say what has happened: on each path, in a world, or as far as is known."""

    def happened(self, event: str, by: dt.date) -> Truth:
        """Return whether an event has happened by the end of a day."""

    def before(self, event: str, other: str) -> Truth:
        """Return whether an event happens earlier than another; false if it never happens or both come at one time."""


def negate(truth: Truth) -> Truth:
    """Return the opposite of a truth; ``~True`` is −2, and ``^`` means the same for all kinds.

    Examples
    --------
    >>> negate(True), negate(False)
    (False, True)
    """
    return truth ^ True


STATEMENTS = ("occurs", "holds", "same", "before", "all_of", "any_of", "none_of", "one_of")


def _absent(value: Any) -> bool:
    return value is None


class Expression(Record):
    """A yes/no statement over events: one of the fields is set.

    ``occurs`` is true when the event has happened by the deadline, ``holds`` when it has not; ``same`` when all of some events
    have happened or none has; ``before`` when the first of two has happened and did so earlier than the other, if that
    happens at all.
    """

    occurs: Id | None = None
    holds: Id | None = None
    by: Date | None = None
    until: Date | None = None
    same: tuple[Id, ...] | None = Field(default=None, min_length=2, exclude_if=_absent)
    before: tuple[Id, Id] | None = Field(default=None, exclude_if=_absent)
    all_of: tuple[Expression, ...] | None = None
    any_of: tuple[Expression, ...] | None = None
    none_of: tuple[Expression, ...] | None = None
    one_of: tuple[Expression, ...] | None = None

    def _heads(self) -> list[str]:
        return [name for name in STATEMENTS if getattr(self, name) is not None]

    @model_validator(mode="after")
    def _one(self) -> Expression:
        heads = self._heads()
        if getattr(self, "other", False):
            if heads:
                raise ValueError("'other' is the complement of the named scenarios; leave its statement out")
        elif len(heads) != 1:
            raise ValueError(f"has {heads or 'no statement'}; write exactly one of {', '.join(STATEMENTS)}")
        if (self.by and not (self.occurs or self.same or self.before)) or (self.until and self.holds is None):
            raise ValueError("'by' goes with occurs, same and before, 'until' with holds")
        for name in ("same", "before"):
            named = getattr(self, name) or ()
            if len(set(named)) < len(named):
                raise ValueError(f"{name} names {', '.join(named)}; write events that differ")
        return self

    def _named(self) -> tuple[str, ...]:
        """Return the events that it names itself, and not in a part."""
        single = self.occurs or self.holds
        return (single,) if single else self.same or self.before or ()

    def _parts(self) -> tuple[Expression, ...]:
        return self.all_of or self.any_of or self.none_of or self.one_of or ()

    def events(self) -> tuple[str, ...]:
        """Return the ids of the events it names, in order of appearance."""
        return tuple(dict.fromkeys((*self._named(), *(name for part in self._parts() for name in part.events()))))

    def deadlines(self) -> list[dt.date]:
        """Return the dates that are written in it."""
        here = [day for day in (self.by, self.until) if day]
        return here + [day for part in self._parts() for day in part.deadlines()]

    def leaves(self, default: dt.date) -> Iterator[tuple[str, dt.date]]:
        """Yield every (event, deadline) that it looks at; ``default`` is the question's own deadline."""
        for name in self._named():
            yield name, self.by or self.until or default
        for part in self._parts():
            yield from part.leaves(default)

    def truth(self, seen: Happenings, default: dt.date) -> Truth:
        """Return whether it is true; ``one_of`` means exactly one.

        Parameters
        ----------
        seen : Happenings
            What has happened.
        default : date
            The day by which events are asked about that have no date of their own.
        """
        if self.occurs:
            return seen.happened(self.occurs, self.by or default)
        if self.holds:
            return negate(seen.happened(self.holds, self.until or default))
        if self.before:
            first, other = self.before
            return seen.happened(first, self.by or default) & seen.before(first, other)
        if self.same:
            happened = [seen.happened(name, self.by or default) for name in self.same]
            return reduce(and_, happened) | negate(reduce(or_, happened))
        parts = [part.truth(seen, default) for part in self._parts()]
        if self.all_of is not None:
            return reduce(and_, parts)
        if self.one_of is not None:
            return exactly_one(parts)
        some = reduce(or_, parts)
        return some if self.any_of is not None else negate(some)


def exactly_one(parts: list[Truth]) -> Truth:
    """Return whether one of several is true and the others are not.

    Examples
    --------
    >>> [exactly_one([a, b, c]) for a, b, c in ((1, 0, 0), (1, 0, 1), (0, 0, 0))]
    [1, 0, 0]
    """
    one, two = parts[0], parts[0] & negate(parts[0])
    for part in parts[1:]:
        one, two = one | part, two | (one & part)
    return one & negate(two)
