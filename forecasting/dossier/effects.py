"""What events do to each other, and the latent pressures that several of them share."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from forecasting.dossier.fields import Date, Grade, Id, Record, Text


class Effect(Record):
    """An effect: once the ``from`` event has happened, the hazard of ``to`` changes, or ``to`` follows.

    ``begins_on`` and ``until`` bound the days on which it acts (``until`` is the first day without it); the logarithm of its
    ratio falls by a half in every ``half_life_years`` after it began. What it leads to follows with the probability that
    ``wording`` stands for in ``lexicon``, after an exponential lag of mean ``lag_years``; what it implies follows at once. One
    that ``stands_alone`` has in its ``why`` a reason that none of its claims gives, and stays if these are left out.
    """

    id: Id
    from_: Id = Field(alias="from")
    to: Id
    acts: Literal["multiplies", "enables", "blocks", "leads_to", "implies"] = "multiplies"
    sign: Literal["raises", "lowers"] | None = None
    grade: Grade | None = None
    wording: Text | None = Field(default=None, exclude_if=lambda value: value is None)
    lexicon: Id | None = Field(default=None, exclude_if=lambda value: value is None)
    lag_years: Annotated[float, Field(gt=0, le=30)] | None = Field(default=None, exclude_if=lambda value: value is None)
    begins_on: Date | None = Field(default=None, exclude_if=lambda value: value is None)
    until: Date | None = Field(default=None, exclude_if=lambda value: value is None)
    half_life_years: Annotated[float, Field(gt=0, le=30)] | None = Field(default=None, exclude_if=lambda value: value is None)
    claims: tuple[Id, ...] = ()
    stands_alone: bool = Field(default=False, exclude_if=lambda value: not value)
    why: Text

    @model_validator(mode="after")
    def _argued(self) -> Effect:
        if self.stands_alone and not self.claims:
            raise ValueError("stands_alone, but cites no claim that it could stand without; leave the field out")
        return self

    @model_validator(mode="after")
    def _strength(self) -> Effect:
        if self.acts == "multiplies" and (self.sign is None or self.grade is None):
            raise ValueError("lacks sign or grade; write for example sign: raises, grade: moderate")
        if self.acts == "leads_to" and (self.sign or self.grade):
            raise ValueError("'leads_to' has no sign and no grade; say in wording and lexicon how surely 'to' follows")
        if self.acts != "multiplies" and (self.sign or self.grade):
            raise ValueError(f"'{self.acts}' is exact; leave sign and grade out")
        return self

    @model_validator(mode="after")
    def _following(self) -> Effect:
        following = ("wording", "lexicon", "lag_years")
        if self.acts == "leads_to" and (missing := [name for name in following if getattr(self, name) is None]):
            example = "wording: almost certain, lexicon: icd203, lag_years: 0.25"
            raise ValueError(f"lacks {', '.join(missing)}; write for example {example}")
        if self.acts != "leads_to" and (extra := [name for name in following if getattr(self, name) is not None]):
            raise ValueError(f"has {', '.join(extra)}, which only 'leads_to' has; leave them out of '{self.acts}'")
        return self

    @model_validator(mode="after")
    def _dates(self) -> Effect:
        if self.half_life_years is not None and self.acts != "multiplies":
            raise ValueError(f"has half_life_years, but only what multiplies can fade; leave it out of '{self.acts}'")
        if (self.begins_on or self.until) and self.acts not in ("multiplies", "blocks"):
            raise ValueError(f"has a date, but '{self.acts}' has none; leave begins_on and until to what multiplies or blocks")
        if self.begins_on and self.until and self.until <= self.begins_on:
            raise ValueError(f"until {self.until} is not after begins_on {self.begins_on}; it is the first day without it")
        return self

    @model_validator(mode="after")
    def _two_events(self) -> Effect:
        if self.from_ == self.to:
            raise ValueError(f"{self.to} cannot act on itself; name another event in 'from'")
        return self


class Loading(Record):
    """How a driver shifts the hazard of one event."""

    event: Id
    sign: Literal["raises", "lowers"]
    grade: Grade


class Driver(Record):
    """A latent pressure shared by several events, standard normal before any claim."""

    id: Id
    title: Text
    high_means: Text
    loadings: tuple[Loading, ...] = Field(min_length=1)
    why: Text
