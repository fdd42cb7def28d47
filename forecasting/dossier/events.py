"""Events, what settles them, on which days they can happen besides their hazard, and the facts of their history."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from forecasting.dossier.claims import SeenIf
from forecasting.dossier.fields import Date, Id, Record, Text


class Checkable(Record):
    """The part of a contract that a program can check: the event has happened once ``metric operator threshold`` holds."""

    metric: Text
    operator: Literal[">=", ">", "<=", "<", "=="]
    threshold: float
    unit: Text
    feed: Text

    def __str__(self) -> str:
        return f"{self.metric} {self.operator} {self.threshold:,g} {self.unit} ({self.feed})"


class Resolution(Record):
    """A resolution contract: what settles an event, and what does not."""

    counts: Text
    does_not_count: Text
    settled_by: Text
    resolver: Text = "the edition's lead analyst"
    status_quo: Text
    void_if: Text
    checkable: Checkable | None = Field(default=None, exclude_if=lambda checkable: checkable is None)


class Occasion(Record):
    """A day on which an event can happen besides its hazard: an election, a treaty's expiry.

    Its probability there is what ``wording`` stands for in ``lexicon``, or the share counted in a ``reference_class`` of trials.
    An edition before ``known_on`` does not know of the day. ``beside_class`` says why the count of the event's class per year
    holds no such days: what it holds already would be counted twice.
    """

    on: Date
    known_on: Date | None = Field(default=None, exclude_if=lambda day: day is None)
    wording: Text | None = None
    lexicon: Id | None = None
    reference_class: Id | None = None
    why: Text
    beside_class: Text | None = Field(default=None, exclude_if=lambda why: why is None)
    source: Text

    @model_validator(mode="after")
    def _one_number(self) -> Occasion:
        worded = self.wording is not None and self.lexicon is not None
        if worded is (self.reference_class is not None) or (self.wording is None) is not (self.lexicon is None):
            fix = "write wording and lexicon, or reference_class with a class counted per trial"
            raise ValueError(f"the occasion of {self.on} has not one probability; {fix}")
        if self.known_on and self.known_on > self.on:
            raise ValueError(f"the occasion of {self.on} was known on {self.known_on} only; write a day up to its own")
        return self


class Event(Record):
    """Something that happens at most once, at a time that the model gives a distribution to.

    ``ceilings`` and ``floors`` name, among the ``rivals``, classes that can only be too high or too low for the event, each with
    the reason. Such a class says how far the answer could go at most; it is no other answer that somebody would give.
    """

    id: Id
    title: Text
    opens_on: Date
    scheduled_on: Date | None = None
    reference_class: Id
    why_class: Text
    rivals: tuple[Id, ...] = ()
    ceilings: dict[Id, Text] = Field(default={}, exclude_if=lambda classes: not classes)
    floors: dict[Id, Text] = Field(default={}, exclude_if=lambda classes: not classes)
    class_fit: Literal["good", "fair", "poor"]
    class_given: dict[Id, bool] = Field(default={}, exclude_if=lambda states: not states)
    reference_years: Annotated[float, Field(gt=0, le=30)] = 1.0
    clock_starts_on: Date | None = Field(default=None, exclude_if=lambda day: day is None)
    occasions: tuple[Occasion, ...] = Field(default=(), exclude_if=lambda days: not days)
    resolution: Resolution

    @model_validator(mode="after")
    def _after_opening(self) -> Event:
        if self.scheduled_on and self.scheduled_on <= self.opens_on:
            raise ValueError(f"scheduled_on {self.scheduled_on} is not after opens_on {self.opens_on}")
        if self.clock_starts_on and self.clock_starts_on > self.opens_on:
            raise ValueError(f"clock_starts_on {self.clock_starts_on} is after opens_on {self.opens_on}")
        return self

    @model_validator(mode="after")
    def _bounds(self) -> Event:
        for field, names in (("ceilings", self.ceilings), ("floors", self.floors)):
            if strange := [name for name in names if name not in self.rivals]:
                raise ValueError(f"{field} names '{strange[0]}', which is not among the rivals; name it there too, or drop it")
        if both := sorted(self.ceilings.keys() & self.floors.keys()):
            raise ValueError(f"'{both[0]}' is among the ceilings and among the floors; keep it where it belongs")
        return self

    @model_validator(mode="after")
    def _occasions(self) -> Event:
        days = [occasion.on for occasion in self.occasions]
        if days and self.scheduled_on:
            raise ValueError("has occasions and scheduled_on; what can only happen on its date has no other occasion")
        if early := [day for day in days if day <= self.opens_on]:
            raise ValueError(f"the occasion of {early[0]} is not after opens_on {self.opens_on}: outside the event's life")
        if len(set(days)) < len(days):
            raise ValueError("has two occasions on one day; write one, with the probability of both")
        return self

    def bound(self, class_id: str) -> Literal["ceiling", "floor", ""]:
        """Return what a class can only be for the event: too high (a ceiling), too low (a floor), or neither."""
        return "ceiling" if class_id in self.ceilings else "floor" if class_id in self.floors else ""


class HistoryRow(Record):
    """One dated fact after an event opened: it occurred, it had not occurred by then, or a signal.

    How strong a signal is stands in ``comes``, ``stays_away`` and ``lexicon``, as in `SeenIf`, or is a typed ratio. It acts for
    the reference horizon of its event, unless ``until`` (the first day without it) or ``half_life_years`` says for how long, as
    in a claim that is a fact. Signals of one ``origin``, a speaker or an actor who shows himself more than once, share most of
    what they say; by default each source is one.
    """

    on: Date
    event: Id
    what: Literal["occurred", "survived", "signal"]
    likelihood_ratio: Annotated[float, Field(ge=0.01, le=100)] | None = None
    comes: Text | None = Field(default=None, exclude_if=lambda words: words is None)
    stays_away: Text | None = Field(default=None, exclude_if=lambda words: words is None)
    lexicon: Id | None = Field(default=None, exclude_if=lambda name: name is None)
    until: Date | None = Field(default=None, exclude_if=lambda day: day is None)
    half_life_years: Annotated[float, Field(gt=0, le=30)] | None = Field(default=None, exclude_if=lambda years: years is None)
    origin: Id | None = Field(default=None, exclude_if=lambda name: name is None)
    source: Text
    status: Literal["confirmed", "partly"]
    note: str = ""

    @model_validator(mode="after")
    def _ratio(self) -> HistoryRow:
        words = [name for name in ("comes", "stays_away", "lexicon") if getattr(self, name) is not None]
        if (self.what == "signal") != (self.likelihood_ratio is not None or bool(words)):
            raise ValueError("likelihood_ratio goes with a signal, and only with it; or comes, stays_away and lexicon")
        if words and (len(words) < 3 or self.likelihood_ratio is not None):
            has = ", ".join([*words, *(["likelihood_ratio"] if self.likelihood_ratio is not None else [])])
            raise ValueError(f"has {has}; write comes, stays_away and lexicon, or likelihood_ratio alone")
        if self.likelihood_ratio == 1:
            raise ValueError("has likelihood_ratio 1, which tells nothing of which world it is; write another, or drop the row")
        if self.comes is not None and self.comes == self.stays_away:
            raise ValueError(f"says '{self.comes}' of both worlds; write two wordings that differ, or drop the row")
        return self

    @model_validator(mode="after")
    def _lasting(self) -> HistoryRow:
        given = [name for name in ("until", "half_life_years", "origin") if getattr(self, name) is not None]
        if given and self.what != "signal":
            raise ValueError(f"has {' and '.join(given)}, which only a signal has; leave it out of '{self.what}'")
        if self.until and self.until <= self.on:
            raise ValueError(f"until {self.until} is not after {self.on}; it is the first day on which the signal acts no longer")
        return self

    @property
    def seen_if(self) -> SeenIf | None:
        """The two wordings of a signal, or None if it has a typed ratio or is none."""
        return SeenIf(comes=self.comes, stays_away=self.stays_away) if self.comes and self.stays_away else None
