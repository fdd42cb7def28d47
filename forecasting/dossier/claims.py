"""What sources say: sources, where in them a claim stands, and the claim itself, the way from a sentence to a number.

Records are frozen, built from the files under ``priors/`` by `forecasting.dossier.load`; ``priors/README.md`` explains every
field to an analyst. Questions, editions and the other kinds of record have modules of their own beside this one.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from forecasting.dossier.claim_kinds import CLAIM_KINDS, KindName, TargetField
from forecasting.dossier.defaults import Defaults
from forecasting.dossier.fields import Credibility, Date, Grade, Id, Ids, Reads, Record, Reliability, Seal, Sha256, Text

FoundField = Literal["title", "author", "publisher", "published_on"]


class Source(Record):
    """An article or another document that claims are coded from.

    ``text_read_by`` names the library, and its version, that read the text out of its file; ``found_in_file`` the fields that
    were taken from the file and that nobody has held to the page yet. Claims inherit ``defaults`` where they are silent.
    """

    id: Id
    title: Text
    publisher: Text
    author: Text
    published_on: Date
    published_precision: Literal["day", "week", "month", "year"]
    published_how: Text
    retrieved_on: Date | None = None
    language: str = "en"
    licence: Text
    origin_group: Id
    kind: Literal["analysis", "news", "statement", "report"]
    text_file: str | None = None
    text_sha256: Sha256
    text_length: Annotated[int, Field(gt=0)]
    text_read_by: Text | None = Field(default=None, exclude_if=lambda reader: reader is None)
    defaults: Defaults | None = Field(default=None, exclude_if=lambda said: said is None)
    found_in_file: tuple[FoundField, ...] = Field(default=(), exclude_if=lambda names: not names)
    note: str = ""


class Anchor(Record):
    """Where a claim stands: a span of code points ``[start, end)`` of the normalised text, and its digest.

    ``seal`` binds the other fields to the fingerprint of the source's text, so that a slip in any of them shows without
    the text (`forecasting.dossier.anchors.seal_of`).
    """

    start: Annotated[int, Field(ge=0)]
    end: Annotated[int, Field(gt=0)]
    sha256: Sha256
    paragraph: Annotated[int, Field(gt=0)]
    seal: Seal | None = None

    @model_validator(mode="after")
    def _ordered(self) -> Anchor:
        if self.end <= self.start:
            raise ValueError(f"end {self.end} is not after start {self.start}; write the span as start < end")
        return self


class Target(Record):
    """What a claim bears on: events (perhaps under conditions), an effect, or a driver."""

    event: Ids | None = None
    given: dict[Id, bool] = Field(default={})
    effect: Ids | None = None
    driver: Id | None = None

    def of(self, kind: TargetField) -> tuple[str, ...]:
        """Return the ids of what a claim bears on of one kind; none if it has another target."""
        named = getattr(self, kind) or ()
        return (named,) if isinstance(named, str) else named

    @model_validator(mode="after")
    def _something(self) -> Target:
        named = [name for name in ("event", "effect", "driver") if getattr(self, name)]
        if len(named) > 1:
            raise ValueError(f"names {' and '.join(named)}; write one of event, effect, driver")
        if self.given and not self.event:
            raise ValueError("has 'given' without 'event'; a condition belongs to a claim about an event")
        return self


DEFAULT_YEARS = 1.0  # the horizon of a claim whose text gives none


class Horizon(Record):
    """The span of time a claim speaks of, in years, and who chose it.

    ``years`` may be left out where the text gives no term (``stated: false``): then it is `DEFAULT_YEARS`.
    """

    years: Annotated[float, Field(gt=0, le=100)] = DEFAULT_YEARS
    stated: bool
    why: str = ""

    @model_validator(mode="after")
    def _stated(self) -> Horizon:
        if self.stated and "years" not in self.model_fields_set:
            raise ValueError("says that the text states a term and has no years; write years: how many from made_on")
        return self


class SeenIf(Record):
    """How likely a fact is to be seen where its event comes in time, and where it stays away: two wordings of one lexicon."""

    comes: Text
    stays_away: Text

    @model_validator(mode="after")
    def _differ(self) -> SeenIf:
        if self.comes == self.stays_away:
            raise ValueError(
                f"says '{self.comes}' of both worlds, so the fact tells nothing of which it is; "
                "write two wordings that differ, or say in 'moves_nothing' why the claim is kept"
            )
        return self


class Claim(Record):
    """One thing that a source says, coded: the way from a sentence to a number.

    ``kind`` decides the pathway. A *judgement* reads a log hazard through a lexicon; a *fact* is a signal, whose likelihood
    ratio is read from how likely it would be seen in both worlds (``seen_if``) or from a grade; an *effect* sets the strength
    of an effect; a *driver* reads a latent pressure. A *quantity* states a number, which enters no hazard: it moves a
    question only through an effect that cites it.

    ``reads`` says that this sentence uses its wording otherwise than the lexicon has it (`Wording`); ``reads_why`` says why.
    """

    id: Id
    source: Id
    anchor: Anchor
    paraphrase: Text
    speaker: Text
    speaker_role: str = ""
    kind: KindName
    wording: Text | None = None
    lexicon: Id | None = None
    reads: Reads | None = Field(default=None, exclude_if=lambda reads: reads is None)
    reads_why: Text | None = Field(default=None, exclude_if=lambda why: why is None)
    target: Target = Target()
    direction: Literal["occurs", "does-not-occur", "raises", "lowers"] | None = None
    seen_if: SeenIf | None = Field(default=None, exclude_if=lambda seen: seen is None)
    grade: Grade | None = None
    until: Date | None = Field(default=None, exclude_if=lambda day: day is None)
    half_life_years: Annotated[float, Field(gt=0, le=30)] | None = Field(default=None, exclude_if=lambda years: years is None)
    grade_why: str = Field(default="", exclude_if=lambda why: not why)
    horizon: Horizon | None = None
    made_on: Date
    happened_on: Date | None = None
    value: float | None = None
    unit: str | None = None
    reliability: Reliability
    credibility: Credibility
    origin: Id
    supersedes: Id | None = None
    moves_nothing: str = ""
    coded_by: Text | None = Field(default=None, exclude_if=lambda who: who is None)
    note: str = ""

    @model_validator(mode="after")
    def _override(self) -> Claim:
        if (self.reads is None) != (self.reads_why is None):
            given, lacks = ("reads", "reads_why") if self.reads else ("reads_why", "reads")
            fix = "write in 'reads_why' what the sentence says" if self.reads else "write reads: level, at_least or at_most"
            raise ValueError(f"has {given} without {lacks}; {fix}, or leave both to the lexicon")
        if self.reads and self.kind != "judgement":
            raise ValueError(f"reads is of a judgement, and this is a {self.kind}; leave reads and reads_why out")
        return self

    @model_validator(mode="after")
    def _lasting(self) -> Claim:
        given = [name for name in ("until", "half_life_years") if getattr(self, name) is not None]
        if given and self.kind != "fact":
            raise ValueError(f"has {' and '.join(given)}, but only a fact acts for a time; leave it out of this {self.kind}")
        if self.until and self.until <= (self.happened_on or self.made_on):
            raise ValueError(f"until {self.until} is not after the fact; it is the first day on which the fact acts no longer")
        return self

    @model_validator(mode="after")
    def _pathway(self) -> Claim:
        if self.moves_nothing:
            return self
        kind = CLAIM_KINDS[self.kind]
        needs = kind.needs_seen_if if self.seen_if and kind.needs_seen_if is not None else kind.needs
        missing = [name for name in needs if getattr(self, name) is None]
        if kind.target and not getattr(self.target, kind.target):
            missing.append(f"target.{kind.target}")
        if missing:
            fix = "write them, or say in 'moves_nothing' why the claim moves no question"
            raise ValueError(f"a {self.kind} lacks {', '.join(missing)}; {fix}")
        if self.seen_if and (self.kind != "fact" or self.grade):
            found = "a grade beside it: the two wordings are the strength" if self.kind == "fact" else f"a {self.kind}"
            raise ValueError(f"'seen_if' has {found}; leave one of the two out")
        if self.grade_why and not self.grade:
            raise ValueError("has 'grade_why' without a grade; write the remark into note")
        if self.direction is not None and self.direction not in kind.directions:
            raise ValueError(f"direction {self.direction!r} does not fit a {self.kind}; write {' or '.join(kind.directions)}")
        return self
