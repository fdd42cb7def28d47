"""Counted base rates: a class, the intervals of its life table, and the cases behind its count."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from forecasting.dossier.fields import Date, Id, Record, Text


class LifeTableRow(Record):
    """One interval of a class's life table: of the cases still at risk at its beginning, how many failed until its end.

    The interval begins where the one before it ends, the first at zero. Cases that are at risk no longer and did not fail
    were censored. Where a class has several dated rows, ``counted_until`` says to which of them the interval belongs.
    """

    reference_class: Id
    until_years: Annotated[float, Field(gt=0, le=100)]
    at_risk: Annotated[int, Field(gt=0)]
    failed: Annotated[int, Field(ge=0)]
    citation: Text
    counted_until: Date | None = Field(default=None, exclude_if=lambda day: day is None)


class ReferenceClass(Record):
    """A counted base rate: events in an exposure, how much members of the class differ, and whom it borrows from.

    Nothing after ``counted_until`` was counted, so an edition may use the row from that day on; a class may have one row per
    day up to which it was counted (`forecasting.dossier.dated_classes`). ``basis`` says what the figures stand on: *cases*
    with a source each (``cases/<id>.csv``), a published *table*, or nothing that was looked up (*unverified*).
    Of each case no more than ``watched_years`` are counted, if given. With a life table (``life_tables.csv``) the
    class's hazard changes with age; without one it is constant.
    """

    id: Id
    borrows: tuple[Id, ...] = ()
    events: Annotated[float, Field(ge=0)]
    exposure: Annotated[float, Field(gt=0)]
    unit: Literal["year", "trial"]
    spread: Annotated[float, Field(ge=0, le=3)]
    counted_from: Date
    counted_until: Date
    basis: Literal["cases", "table", "unverified"] = "unverified"
    watched_years: Annotated[float, Field(gt=0, le=100)] | None = Field(default=None, exclude_if=lambda years: years is None)
    citation: Text
    note: Text
    life_table: tuple[LifeTableRow, ...] = Field(default=(), exclude_if=lambda table: not table)

    @model_validator(mode="after")
    def _ordered(self) -> ReferenceClass:
        if self.counted_until < self.counted_from:
            raise ValueError(f"counted_until {self.counted_until} is before counted_from {self.counted_from}")
        return self

    @property
    def period(self) -> str:
        """From when to when was counted, in whole years where they are whole."""
        first, last = self.counted_from, self.counted_until
        if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31):
            return f"{first.year} to {last.year}"
        return f"{first} to {last}"


class Case(Record):
    """One case of a counted class: from when it could happen, until when it was watched, and whether it happened then.

    Without ``started_on`` the case is an occasion (unit ``trial``), settled on ``ended_on``; without ``ended_on`` it had not
    ended when the class was last counted. The source says where the dates can be looked up; empty, nobody did.
    """

    case: Text
    started_on: Date | None = None
    ended_on: Date | None = None
    happened: Annotated[int, Field(ge=0, le=1)]
    source: str = ""
    note: str = ""

    @model_validator(mode="after")
    def _dates(self) -> Case:
        if self.ended_on is None and (self.happened or self.started_on is None):
            raise ValueError("has no ended_on; write the day on which it happened, or the occasion's day")
        if self.started_on and self.ended_on and self.ended_on < self.started_on:
            raise ValueError(f"ended_on {self.ended_on} is before started_on {self.started_on}")
        return self
