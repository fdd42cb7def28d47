"""Numbers that are published again and again: series with what is thought of them beforehand, and counts with their source."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import Field, model_validator

from forecasting.dossier.fields import Date, Id, Record, Text

Positive = Annotated[float, Field(gt=0)]


class Around(Record):
    """A log-normal prior: its median, the standard deviation of its logarithm, and why."""

    median: Positive
    spread: Annotated[float, Field(gt=0, le=3)]
    why: Text


class Drift(Record):
    """A normal prior of the change of the logarithm per year; from the as-of date on it is halved every ``half_life_years``."""

    mean: float
    spread: Annotated[float, Field(gt=0, le=2)]
    half_life_years: Positive = 100.0
    why: Text


class Season(Record):
    """What comes back every year: ``spread`` is the standard deviation of what it adds to the logarithm on any day of a year.

    A prior of its size, and none of its course: which months are high and which low is read from the counts.
    """

    spread: Annotated[float, Field(gt=0, le=2)]
    why: Text


class Shift(Record):
    """A dated change of regime: from a day on, or from an event of the network on, the series has another level.

    ``becomes`` is a level of its own, whatever was before; ``times`` multiplies the one before. A change on ``on`` is used by
    editions from ``known_on`` on. One at an ``event`` that is open acts on a share of the paths: its probability by each day is
    that of the event network.
    """

    on: Date | None = None
    event: Id | None = None
    known_on: Date | None = None
    becomes: Around | None = None
    times: Around | None = None

    @model_validator(mode="after")
    def _one_of_each(self) -> Shift:
        if (self.on is None) == (self.event is None):
            raise ValueError("a shift begins on a day or with an event; write one of on, event")
        if (self.becomes is None) == (self.times is None):
            raise ValueError("a shift has one new level; write one of becomes, times")
        if self.event and self.becomes:
            raise ValueError("a shift at an event multiplies the level before it; write times")
        if self.known_on and (self.on is None or self.known_on < self.on):
            raise ValueError("known_on goes with on, and is not before it")
        return self


class Told(Record):
    """A claim of kind *quantity* that is about the series: what its value is multiplied by, and how far it may be off."""

    claim: Id
    scale: Positive = 1.0
    spread: Annotated[float, Field(gt=0, le=3)]
    why: Text


class Register(Record):
    """Another register than the series' own: the standard deviation of what its logarithm differs by throughout."""

    id: Id
    spread: Annotated[float, Field(gt=0, le=2)]
    why: Text


class Series(Record):
    """A quantity in time, on the log scale a local level with a trend and dated changes of regime.

    ``kind`` is *stock* (so many on a day), *volume* (so much in a period; its level is a rate per year) or *total* (so many since
    ``total_since``; its level is the yearly rate at which those ``out_of`` a stock leave it).

    Parameters
    ----------
    level : Around
        The level on ``starts_on``, before any count: of a stock in its unit, of a volume in units per year, of a total as a rate
        per year.
    wander : Around
        Standard deviation of the change of the log level in a year beyond the trend.
    noise : Around
        Standard deviation of the logarithm of a published count, beyond its rounding: revisions, cut-off days.
    season : Season, optional
        What comes back every year, in the level of a stock and in the rate of a volume or a total; without it all months are
        alike.
    capacity : Around, optional
        The most per year that a volume can be.
    """

    id: Id
    title: Text
    unit: Text
    kind: Literal["stock", "volume", "total"]
    counted_by: Id
    registers: tuple[Register, ...] = ()
    starts_on: Date
    out_of: Id | None = None
    total_since: Date | None = None
    level: Around
    drift: Drift
    wander: Around
    noise: Around
    season: Season | None = Field(default=None, exclude_if=lambda season: season is None)
    capacity: Around | None = None
    shifts: tuple[Shift, ...] = ()
    claims: tuple[Told, ...] = ()
    counts_what: Text
    note: str = ""

    @model_validator(mode="after")
    def _kinds(self) -> Series:
        for name, value in (("out_of", self.out_of), ("total_since", self.total_since)):
            if (self.kind == "total") != (value is not None):
                raise ValueError(f"a total counts who left a stock since a day; {name} goes with kind total, and only with it")
        if self.capacity and self.kind != "volume":
            raise ValueError(f"capacity is of a volume, and this is a {self.kind}; leave it out")
        if self.claims and self.kind == "total":
            raise ValueError("a claim about a total is not read; code what it says as a row of counts")
        return self


class Count(Record):
    """One published count: of a stock on ``until``, else of the period from the morning of ``since`` to the evening of ``until``.

    Counts of one register with one ``since`` are sums that grow: the model reads each less the one before it.
    """

    id: Id
    series: Id
    counted_by: Id
    since: Date | None = None
    until: Date
    value: Positive
    rounded_to: Positive = 1.0
    published_on: Date
    status: Literal["confirmed", "partly", "unverified"]
    source: Text
    note: str = ""

    @model_validator(mode="after")
    def _days(self) -> Count:
        if self.since and self.since > self.until:
            raise ValueError(f"since {self.since} is after until {self.until}")
        if self.published_on < self.until:
            raise ValueError(f"published_on {self.published_on} is before until {self.until}; no count is known before its day")
        return self


def counts_known(counts: tuple[Count, ...], day: dt.date) -> tuple[Count, ...]:
    """Return the counts that had been published by a day."""
    return tuple(count for count in counts if count.published_on <= day)


NEAR_DAYS = 31  # a stock that is asked about is the count nearest to its day, if there is one so near


def published_at_least(series: Series, counts: Iterable[Count], value: float, on: dt.date) -> bool | None:
    """Return whether counts say that a series was so large on a day, or None where they leave it open.

    The series' own register alone settles it: a total by any sum up to the day that is so large, or one after it that is not; a
    stock by the count nearest to the day, within a month; a volume by the sum of the year that ends with it.

    Examples
    --------
    >>> from forecasting.dossier.load import read_dossier
    >>> dossier, _ = read_dossier("priors")
    >>> published_at_least(dossier.series["syrian-returns"], dossier.counts, 1e6, dt.date(2025, 12, 31))
    False
    """
    own = [count for count in counts if count.series == series.id and count.counted_by == series.counted_by]
    if series.kind == "stock":
        near = [count for count in own if abs((count.until - on).days) <= NEAR_DAYS]
        return min(near, key=lambda count: abs((count.until - on).days)).value >= value if near else None
    begins = series.total_since if series.kind == "total" else dt.date(on.year, 1, 1)
    sums = [count for count in own if count.since == begins]
    if any(count.until <= on and count.value >= value for count in sums):
        return True
    later = [count for count in sums if (count.until == on if series.kind == "volume" else count.until >= on)]
    return False if any(count.value < value for count in later) else None
