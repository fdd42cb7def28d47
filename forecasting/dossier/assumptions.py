"""Assumptions: what an analyst holds before looking at numbers, as a statement that every run is compared with.

They inform no posterior. They tell the reader, and the analyst, where the model and the judgement part.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Annotated

from pydantic import Field, model_validator

from forecasting.dossier.fields import Date, Id, Ids, Record, Text
from forecasting.dossier.statements import Expression


class Held(Record):
    """A probability and where it is held to lie: P(p), P(p | given), or P(p | given) − P(p | than_given).

    ``by`` or ``until`` is the day for all parts of the statements that have none of their own. Bounds count as met on the
    bound.
    """

    p: Expression
    given: Expression | None = None
    than_given: Expression | None = None
    by: Date | None = None
    until: Date | None = None
    at_least: float | None = None
    at_most: float | None = None
    between: tuple[float, float] | None = None

    @model_validator(mode="after")
    def _sound(self) -> Held:
        if self.by and self.until:
            raise ValueError("has by and until; write one of them")
        if self.than_given is not None and self.given is None:
            raise ValueError("has 'than_given' without 'given'; write both conditions that are compared")
        undated = [name for statement in self.statements for name, day in statement.leaves(dt.date.max) if day == dt.date.max]
        if undated and self.day is None:
            raise ValueError(f"has no day for {undated[0]}; write by: YYYY-MM-DD, or until: YYYY-MM-DD")
        bounds = [name for name in ("at_least", "at_most", "between") if getattr(self, name) is not None]
        if len(bounds) != 1:
            raise ValueError(f"has {' and '.join(bounds) or 'no bound'}; write one of at_least, at_most, between")
        low, high = self.bounds
        least = -1.0 if self.than_given else 0.0
        if any(bound is not None and not least < bound < 1 for bound in self.bounds):
            raise ValueError(f"has a bound outside ({least:g}, 1); write for example {bounds[0]}: 0.9")
        if low is not None and high is not None and low >= high:
            raise ValueError(f"lies between {low:g} and {high:g}; write the lower bound first")
        return self

    @property
    def day(self) -> dt.date | None:
        """The day for parts of the statements that have none of their own, if it is written."""
        return self.by or self.until

    @property
    def bounds(self) -> tuple[float | None, float | None]:
        """The lower and the upper bound; one that is not held is None."""
        return self.between or (self.at_least, self.at_most)

    @property
    def statements(self) -> tuple[Expression, ...]:
        """The statement and its conditions."""
        return tuple(statement for statement in (self.p, self.given, self.than_given) if statement is not None)

    def leaves(self) -> tuple[tuple[str, dt.date], ...]:
        """Return every (event, day) that it looks at."""
        return tuple(leaf for statement in self.statements for leaf in statement.leaves(self.day or dt.date.max))

    def events(self) -> tuple[str, ...]:
        """Return the ids of the events it names, in order of appearance."""
        return tuple(dict.fromkeys(name for name, _ in self.leaves()))

    def absent(self, events: Collection[str]) -> str:
        """Return why an edition with these events cannot be asked, or nothing."""
        lacking = [name for name in self.events() if name not in events]
        return f"no question leads to {', '.join(lacking)}" if lacking else ""

    def outside(self, as_of: dt.date, last: dt.date) -> str:
        """Return why paths from the day after one date to another cannot be asked, or nothing."""
        days = [day for _, day in self.leaves() if not as_of < day <= last]
        return f"{days[0]} lies outside {as_of} to {last}, for which there are paths" if days else ""

    @property
    def unit(self) -> str:
        """In what its number is said: a probability in per cent, a difference of two in percentage points."""
        return "points" if self.than_given else "%"

    def __str__(self) -> str:
        low, high = (None if bound is None else f"{100 * bound:g}" for bound in self.bounds)
        bound = f"at most {high}" if low is None else f"at least {low}" if high is None else f"between {low} and {high}"
        return f"{bound} {self.unit}"


class Stricter(Record):
    """That a bound was made stricter once numbers had been seen: what it was, and until which day."""

    was: Annotated[float, Field(gt=0, lt=1)]
    on: Date


class Assumption(Record):
    """One thing that somebody holds of the world, with its formal side, the reason, and what would change it.

    ``editions`` are those of which it is held; of all that can ask it where it names none. An assumption is written before one
    looks at numbers; ``stricter`` says of one whose bound was changed afterwards, which may only be made harder to meet.
    """

    id: Id
    statement: Text
    holds: Held
    held_by: Text
    editions: Ids | None = Field(default=None, exclude_if=lambda names: names is None)
    why: Text
    stricter: Stricter | None = Field(default=None, exclude_if=lambda change: change is None)
    would_change: Text

    @model_validator(mode="after")
    def _stricter(self) -> Assumption:
        low, high = self.holds.bounds
        if self.stricter and (low is None) is (high is None):
            raise ValueError("has 'stricter' with two bounds; write at_least or at_most alone, or leave stricter out")
        if self.stricter and not (self.stricter.was < low if low is not None else self.stricter.was > (high or 0.0)):
            raise ValueError(f"is held to be {self.holds}, no stricter than {100 * self.stricter.was:g} %; write what it was")
        return self

    def is_held_of(self, edition: str) -> bool:
        """Return whether it is held of an edition."""
        return self.editions is None or edition in self.editions
