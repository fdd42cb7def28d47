"""Whom a dated index of a theatre favours: who hosts, who pays, who leaves, who concedes; it can be looked up."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from forecasting.dossier.fields import Date, Id, Record, Text
from forecasting.dossier.forms.upper_hand import OfBalance
from forecasting.dossier.statements import Truth

SIDES: tuple[Literal["low", "neither", "high"], ...] = ("low", "neither", "high")


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


class Index(Record):
    """An index of a theatre with its contract and its link to the level.

    It comes out for the high side if the level on the day plus a normal error of sd ``spread`` is above ``high_from``, for
    the low side if it is below ``low_to``, else for neither.
    """

    balance: Id
    outcomes: SideTitles
    counts: Text
    settled_by: Text
    low_to: Annotated[float, Field(ge=-10, le=10)]
    high_from: Annotated[float, Field(ge=-10, le=10)]
    spread: Annotated[float, Field(gt=0, le=5)]
    why_link: Text
    result: Result | None = Field(default=None, exclude=True)  # what became of it makes no run stale


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
