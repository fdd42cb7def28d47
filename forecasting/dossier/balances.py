"""Balances: who of two actors has the upper hand, by theatre, and the dated observations from which that is judged.

``priors/README.md`` explains every field to an analyst, ``docs/codebook.md`` how an observation is graded.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from forecasting.dossier.fields import Credibility, Date, Id, Record, Reliability, Text

NEITHER = "neither"
LEVELS = ("somewhat", "clearly")  # how far ahead, rising
CHANGES = ("slightly", "markedly", "decisively")  # how much is gained, rising
STEPS: Mapping[str, tuple[str, ...]] = MappingProxyType({"level": LEVELS, "change": CHANGES})
MOST_MONTHS = 24

Positive = Annotated[float, Field(gt=0, le=20)]


class Actor(Record):
    """One of the two whose balance is followed, with the name that readers see."""

    id: Id
    name: Text


class Start(Record):
    """Where a theatre is thought to stand when the account begins: who is ahead, by how much, and how surely."""

    ahead: Id
    by: Literal["somewhat", "clearly"] | None = None
    spread: Positive
    why: Text

    @model_validator(mode="after")
    def _graded(self) -> Self:
        if (self.ahead == NEITHER) != (self.by is None):
            fix = f"write by: somewhat or clearly, or ahead: {NEITHER} alone"
            raise ValueError(f"has ahead: {self.ahead} with by: {self.by}; {fix}")
        return self


class Theatre(Record):
    """One field on which the two meet; its level is that of the whole balance and a deviation of its own."""

    id: Id
    title: Text
    starts: Start


class Assumed(Record):
    """A number that no observation settles by itself: its middle, how far it may be off (a factor, log scale), and why."""

    middle: Positive
    log_spread: Annotated[float, Field(gt=0, le=2)]
    why: Text


class Fixed(Record):
    """A number that is set and not estimated, with its reason."""

    value: Annotated[float, Field(gt=0, le=10_000)]
    why: Text


class Weights(Record):
    """How far the weights of theatres in the balance at large may differ: the spread of their logarithms, and why.

    With 0.7 one of two theatres counts more than twice as much as the other in half of all cases.
    """

    log_spread: Annotated[float, Field(gt=0, le=2)]
    why: Text


class BalancePriors(Record):
    """What is assumed of every theatre: how fast levels move and forget, how blurred observations are, how much each counts.

    Without ``weights`` all theatres count alike in the balance at large.

    All are in steps of the level scale, but for the degrees of freedom and the half-life (years).
    """

    step: Assumed
    overall_step: Assumed
    event_step: Assumed
    tail: Fixed
    half_life_years: Fixed
    statement_spread: Assumed
    event_spread: Assumed
    speaker_spread: Assumed
    origin_spread: Assumed
    slip: Annotated[float, Field(gt=0, lt=0.5)]
    anchor_spread: Positive
    weights: Weights | None = Field(default=None, exclude_if=lambda weights: weights is None)


class Scale(Record):
    """Where one grade ends and the next begins, in steps: of a level from even on, and of a change from none on."""

    level: tuple[Positive, Positive]
    change: tuple[Positive, Positive, Positive]
    why: Text

    @model_validator(mode="after")
    def _rising(self) -> Self:
        for name, cuts in (("level", self.level), ("change", self.change)):
            if list(cuts) != sorted(set(cuts)):
                raise ValueError(f"{name} has the bounds {list(cuts)}; write them rising, each once")
        return self


class Balance(Record):
    """Who of two actors has the upper hand: at large and theatre by theatre, month by month from ``starts_on``.

    ``low`` and ``high`` are the ends of the scale: a level above zero says that ``high`` is ahead. A driver of the event network
    may have the same id, if it is about the same thing.
    """

    id: Id
    title: Text
    low: Actor
    high: Actor
    starts_on: Date
    starts: Start
    theatres: Annotated[tuple[Theatre, ...], Field(min_length=1)]
    scale: Scale
    priors: BalancePriors

    @property
    def fields(self) -> tuple[str, ...]:
        """Ids of what has a level: every theatre, and last the balance at large."""
        return (*(theatre.id for theatre in self.theatres), self.id)

    @property
    def titles(self) -> dict[str, str]:
        """Titles of what has a level, by id."""
        return {**{theatre.id: theatre.title for theatre in self.theatres}, self.id: self.title}

    def sign(self, actor: str) -> int:
        """Return on which side of the scale an actor is: −1, +1, or 0 for neither.

        Raises
        ------
        KeyError
            If the balance has no such actor; a rule has refused it before.
        """
        return {self.low.id: -1, self.high.id: 1, NEITHER: 0}[actor]

    def months_to(self, day: dt.date) -> int:
        """Return how many months after its first one a day lies."""
        return 12 * (day.year - self.starts_on.year) + day.month - self.starts_on.month

    @model_validator(mode="after")
    def _two(self) -> Self:
        if self.low.id == self.high.id or NEITHER in (self.low.id, self.high.id):
            raise ValueError(f"has the actors {self.low.id} and {self.high.id}; name two, none of them '{NEITHER}'")
        if len(set(self.fields)) < len(self.fields):
            raise ValueError("has a theatre twice, or one with its own id; give each its own id")
        return self


class Grading(Record):
    """How one coder graded an observation: whom it favours and by how much."""

    coder: Id
    favours: Id
    by: Literal["somewhat", "clearly", "slightly", "markedly", "decisively"] | None = None
    why: str = ""


class Observation(Record):
    """One dated look at a balance: who was ahead (``level``), or who gained by what happened (``change``), as graded.

    It stands on a claim, or on a fact with a citation of its own. It enters an edition if it had happened and was public by the
    as-of date. ``over_months`` is the span of a change, in months that end with ``happened_on``. An ``anchor`` is a case whose
    grade defines the scale; the text says why.
    """

    id: Id
    balance: Id
    kind: Literal["level", "change"]
    what: Text
    happened_on: Date
    published_on: Date
    over_months: Annotated[int, Field(ge=1, le=MOST_MONTHS)] = 1
    claim: Id | None = None
    source: Text | None = None
    speaker: Text | None = None
    origin: Id | None = None
    reliability: Reliability | None = None
    credibility: Credibility | None = None
    anchor: str = ""
    codings: Annotated[tuple[Grading, ...], Field(min_length=1, max_length=2)]

    @model_validator(mode="after")
    def _standing(self) -> Self:
        own = [name for name in ("source", "origin", "reliability", "credibility") if getattr(self, name) is not None]
        if self.claim and (own or self.speaker):
            raise ValueError(f"has claim {self.claim} and {', '.join(own) or 'a speaker'}; leave to the claim what it has")
        if not self.claim and len(own) < 4:
            raise ValueError("lacks source, origin, reliability or credibility; write them, or name the claim that it stands on")
        if self.published_on < self.happened_on:
            raise ValueError(f"was published on {self.published_on}, before it happened; write the day on which it became public")
        return self

    @model_validator(mode="after")
    def _graded(self) -> Self:
        steps = STEPS[self.kind]
        for grading in self.codings:
            if grading.favours != NEITHER and grading.by not in steps:
                found = f"{grading.coder} grades a {self.kind} by '{grading.by}'"
                raise ValueError(f"codings: {found}; write one of {', '.join(steps)}")
            if grading.favours == NEITHER and grading.by:
                raise ValueError(f"codings: {grading.coder} favours neither by '{grading.by}'; leave 'by' out")
        if self.kind == "level" and self.over_months != 1:
            raise ValueError("is a level over several months; leave over_months to changes")
        if len({grading.coder for grading in self.codings}) < len(self.codings):
            raise ValueError("codings: one coder twice; write one grading of each coder")
        return self


def grade_of(balance: Balance, observation: Observation, grading: Grading) -> int:
    """Return a grading as a whole number: below zero for the one actor, above for the other, further for more.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> balance, change = SimpleNamespace(sign={"sea": -1}.get), SimpleNamespace(kind="change")
    >>> grade_of(balance, change, Grading(coder="a", favours="sea", by="markedly"))
    -2
    """
    sign = balance.sign(grading.favours)
    return sign * (1 + STEPS[observation.kind].index(grading.by)) if sign and grading.by else 0
