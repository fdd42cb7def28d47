"""Whom a dated index of a theatre favours: who hosts, who pays, who leaves, who concedes; it can be looked up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from forecasting.dossier.fields import Date, Id, Record, Text
from forecasting.dossier.forms.upper_hand import OfBalance
from forecasting.dossier.statements import Expression, Truth

SIDES: tuple[Literal["low", "neither", "high"], ...] = ("low", "neither", "high")
REST = "rest"  # of an index whose sides are events: none of these happens


class SideTitles(Record):
    """What each way in which an index can come out means, in words."""

    low: Text
    neither: Text
    high: Text


class Result(Record):
    """How an index came out, when that was known, and where it can be looked up."""

    side: Literal["low", "neither", "high"]
    known_on: Date
    source: Text


class IndexCase(Record):
    """How an index came out before, or how the like came out elsewhere: a period, its last day, the side, and the source.

    The level that goes with it is the theatre's own on that day; of a case from elsewhere it is the ``level`` that is written,
    with the reason in ``source``. ``occurred`` says whether what a side needs by ``in_network`` had happened in the period: of a
    case in which it had not, only the sides that were left are weighed.
    """

    of: Text
    on: Date
    side: Literal["low", "neither", "high"]
    level: Annotated[float, Field(ge=-10, le=10)] | None = Field(default=None, exclude_if=lambda level: level is None)
    occurred: bool = Field(default=True, exclude_if=lambda occurred: occurred)
    source: Text


class Standing(Record):
    """How the count that decides an index stood on a day of its period: that of the high side less that of the low one."""

    on: Date
    lead: Annotated[int, Field(ge=-1000, le=1000)]
    source: Text


class Margin(Record):
    """By how much the rest of a period is won: a lead of ``median``, its logarithm with an sd of ``spread``, and why."""

    median: Annotated[float, Field(ge=1, le=1000)]
    spread: Annotated[float, Field(gt=0, le=3)]
    why: Text


class InNetwork(Record):
    """What a side of an index is in terms of events, or which event has to happen for it: what the event network knows of it.

    What is the same (``is``) is as likely as the network says, and the balance divides what is left among the other sides. What
    is needed (``needs``, one event) bounds the side: it is as likely as the event by the network, times the side given the event
    by the balance.
    """

    side: Literal["low", "high"]
    is_: Expression | None = Field(default=None, alias="is", exclude_if=lambda stated: stated is None)
    needs: Expression | None = Field(default=None, exclude_if=lambda stated: stated is None)

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.is_ is None) == (self.needs is None):
            raise ValueError("has neither 'is' nor 'needs', or both; write one: 'is' if it is the same, 'needs' if it is less")
        if self.needs and (self.needs.occurs is None or self.needs.by):
            raise ValueError("'needs' names one event and no day; write needs: {occurs: id}")
        return self


class Index(Record):
    """An index of a theatre with its contract and its link to the level.

    It comes out for the high side if the level on the day plus a normal error of sd ``spread`` is above ``high_from``, for
    the low side if it is below ``low_to``, else for neither. ``cases`` move the two bounds to where that would have given what
    was seen (`forecasting.models.balance.link`). ``in_network`` says which sides events of the network stand for: these are as
    likely as the network says. What the balance alone would say of them is kept beside it (`forecasting.analysis.two_models`).
    Of a period that has begun ``so_far`` says how it stood, and ``margin`` by how much the rest is won: the side of the rest, by
    the link, then makes up for the lead or does not (`forecasting.models.balance.link.carried`).
    """

    balance: Id
    outcomes: SideTitles
    counts: Text
    settled_by: Text
    low_to: Annotated[float, Field(ge=-10, le=10)]
    high_from: Annotated[float, Field(ge=-10, le=10)]
    spread: Annotated[float, Field(gt=0, le=5)]
    why_link: Text
    cases: tuple[IndexCase, ...] = Field(default=(), exclude_if=lambda cases: not cases)
    in_network: tuple[InNetwork, ...] = Field(default=(), exclude_if=lambda stated: not stated)
    so_far: tuple[Standing, ...] = Field(default=(), exclude_if=lambda stood: not stood)
    margin: Margin | None = Field(default=None, exclude_if=lambda margin: margin is None)
    result: Result | None = Field(default=None, exclude=True)  # what became of it makes no run stale

    @model_validator(mode="after")
    def _rising(self) -> Self:
        if self.low_to > self.high_from:
            raise ValueError(f"has low_to {self.low_to} above high_from {self.high_from}; write the lower bound in low_to")
        return self

    @model_validator(mode="after")
    def _one_need(self) -> Self:
        needed = sorted({part.needs.occurs for part in self.in_network if part.needs and part.needs.occurs})
        if needed and any(part.is_ for part in self.in_network):
            raise ValueError("one of its sides has 'is' and the other one 'needs'; write one of the two for both")
        if len(needed) > 1:
            raise ValueError(f"its sides need {' and '.join(needed)}; write one event that both need, or an index each")
        for case in self.cases:
            if needed and not case.occurred and case.side not in self.left:
                fix = f"leave occurred out if {needed[0]} had happened, or write another side"
                raise ValueError(f"case {case.of!r} says 'occurred: false', and came out {case.side}, which needs it; {fix}")
            if not case.occurred and not needed:
                fix = "leave it out, or write what the side needs"
                raise ValueError(f"case {case.of!r} says 'occurred: false', and no side needs an event; {fix}")
        return self

    @model_validator(mode="after")
    def _margin(self) -> Self:
        if bool(self.so_far) != (self.margin is not None):
            fix = "write how it stood, and by how much the rest is won"
            raise ValueError(f"has one of 'so_far' and 'margin' without the other; {fix}")
        if self.so_far and any(part.is_ for part in self.in_network):
            raise ValueError("has 'so_far' and a side that 'is' events, which say themselves what has happened; leave one out")
        return self

    def lead_on(self, day: dt.date) -> int | None:
        """Return how it stood by a day, as last told; None if nothing was told."""
        told = [one for one in self.so_far if one.on <= day]
        return max(told, key=lambda one: one.on).lead if told else None

    @property
    def needed(self) -> str | None:
        """The event without which some side cannot be, if any."""
        return next((part.needs.occurs for part in self.in_network if part.needs), None)

    def same(self, known: Collection[str]) -> dict[str, Expression]:
        """Return what each side is in terms of events, where all of these are ``known``; the balance has the others to say."""
        return {part.side: part.is_ for part in self.in_network if part.is_ and set(part.is_.events()) <= set(known)}

    @property
    def left(self) -> tuple[str, ...]:
        """The ways in which it can come out where that event does not happen."""
        gone = {part.side for part in self.in_network if part.needs}
        return tuple(side for side in SIDES if side not in gone)


class Favours(OfBalance):
    """Which side a dated index of a theatre favours on the question's day: low, neither, or high."""

    name = "favours"
    kind = "sides"
    stated: Index

    def outcomes(self, seen: Any) -> list[tuple[str, Truth]]:
        """Return which side it came out for, once that was known."""
        came = self.stated.result
        return [(side, seen.told(came.known_on if came else None, bool(came and came.side == side))) for side in SIDES]

    def titles(self) -> dict[str, str]:
        """Return the three ways in words."""
        return {side: getattr(self.stated.outcomes, side) for side in SIDES}
