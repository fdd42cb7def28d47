"""The records of a dossier: what was said, about which event, and what would settle it; questions have a module of their own.

All records are frozen. They are built from the files under ``priors/`` by `forecasting.dossier.load`;
``priors/README.md`` explains every field to an analyst.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from forecasting.dossier.fields import Credibility, Date, Grade, Id, Ids, Reads, Record, Reliability, Seal, Sha256, Text


class Source(Record):
    """An article or another document that claims are coded from."""

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

    @model_validator(mode="after")
    def _something(self) -> Target:
        named = [name for name in ("event", "effect", "driver") if getattr(self, name)]
        if len(named) > 1:
            raise ValueError(f"names {' and '.join(named)}; write one of event, effect, driver")
        if self.given and not self.event:
            raise ValueError("has 'given' without 'event'; a condition belongs to a claim about an event")
        return self


class Horizon(Record):
    """The span of time a claim speaks of, in years, and who chose it."""

    years: Annotated[float, Field(gt=0, le=100)]
    stated: bool
    why: str = ""


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
    kind: Literal["judgement", "fact", "effect", "driver", "quantity"]
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
        need: dict[str, tuple[str, ...]] = {
            "judgement": ("wording", "lexicon", "horizon", "direction"),
            "fact": ("lexicon",) if self.seen_if else ("direction", "grade"),
            "effect": (),
            "driver": ("direction", "grade"),
            "quantity": ("value", "unit"),
        }
        pathways = {"judgement": "event", "fact": "event", "effect": "effect", "driver": "driver"}
        if self.moves_nothing:
            return self
        missing = [name for name in need[self.kind] if getattr(self, name) is None]
        pathway = pathways.get(self.kind)
        if pathway and not getattr(self.target, pathway):
            missing.append(f"target.{pathway}")
        if missing:
            fix = "write them, or say in 'moves_nothing' why the claim moves no question"
            raise ValueError(f"a {self.kind} lacks {', '.join(missing)}; {fix}")
        if self.seen_if and (self.kind != "fact" or self.grade):
            found = "a grade beside it: the two wordings are the strength" if self.kind == "fact" else f"a {self.kind}"
            raise ValueError(f"'seen_if' has {found}; leave one of the two out")
        if self.grade_why and not self.grade:
            raise ValueError("has 'grade_why' without a grade; write the remark into note")
        allowed = ("occurs", "does-not-occur") if self.kind == "judgement" else ("raises", "lowers")
        if self.direction is not None and self.direction not in allowed:
            raise ValueError(f"direction {self.direction!r} does not fit a {self.kind}; write {' or '.join(allowed)}")
        return self


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
    """

    on: Date
    wording: Text | None = None
    lexicon: Id | None = None
    reference_class: Id | None = None
    why: Text
    source: Text

    @model_validator(mode="after")
    def _one_number(self) -> Occasion:
        worded = self.wording is not None and self.lexicon is not None
        if worded is (self.reference_class is not None) or (self.wording is None) is not (self.lexicon is None):
            fix = "write wording and lexicon, or reference_class with a class counted per trial"
            raise ValueError(f"the occasion of {self.on} has not one probability; {fix}")
        return self


class Event(Record):
    """Something that happens at most once, at a time that the model gives a distribution to."""

    id: Id
    title: Text
    opens_on: Date
    scheduled_on: Date | None = None
    reference_class: Id
    why_class: Text
    rivals: tuple[Id, ...] = ()
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
    def _occasions(self) -> Event:
        days = [occasion.on for occasion in self.occasions]
        if days and self.scheduled_on:
            raise ValueError("has occasions and scheduled_on; what can only happen on its date has no other occasion")
        if early := [day for day in days if day <= self.opens_on]:
            raise ValueError(f"the occasion of {early[0]} is not after opens_on {self.opens_on}: outside the event's life")
        if len(set(days)) < len(days):
            raise ValueError("has two occasions on one day; write one, with the probability of both")
        return self


class Effect(Record):
    """An effect: once the ``from`` event has happened, the hazard of ``to`` changes, or ``to`` follows.

    ``begins_on`` and ``until`` bound the days on which it acts (``until`` is the first day without it); the logarithm of its
    ratio falls by a half in every ``half_life_years`` after it began. What it leads to follows with the probability that
    ``wording`` stands for in ``lexicon``, after an exponential lag of mean ``lag_years``; what it implies follows at once.
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
    why: Text

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


class HistoryRow(Record):
    """One dated fact after an event opened: it occurred, it had not occurred by then, or a signal.

    How strong a signal is stands in ``comes``, ``stays_away`` and ``lexicon``, as in `SeenIf`, or is a typed ratio.
    """

    on: Date
    event: Id
    what: Literal["occurred", "survived", "signal"]
    likelihood_ratio: Annotated[float, Field(ge=0.01, le=100)] | None = None
    comes: Text | None = Field(default=None, exclude_if=lambda words: words is None)
    stays_away: Text | None = Field(default=None, exclude_if=lambda words: words is None)
    lexicon: Id | None = Field(default=None, exclude_if=lambda name: name is None)
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
        if self.comes is not None and self.comes == self.stays_away:
            raise ValueError(f"says '{self.comes}' of both worlds; write two wordings that differ, or drop the row")
        return self

    @property
    def seen_if(self) -> SeenIf | None:
        """The two wordings of a signal, or None if it has a typed ratio or is none."""
        return SeenIf(comes=self.comes, stays_away=self.stays_away) if self.comes and self.stays_away else None


class Wording(Record):
    """A lexicon entry: quantiles of the probability that readers, or a standard, mean by the words, and how it is read.

    ``reads`` speaks of the probability that the words are said of: *level*, about so much; *at_least*, so much or more
    ("possible" argues that it may happen); *at_most*, so much or less ("unlikely" argues that it may not). A lexicon whose
    file has no such column is read as levels, and `forecast check` says so.

    A wording that no survey asked about may be *placed* among phrases that surveys did ask about: ``at`` one, or a ``share`` of
    the way from there ``towards`` another; its quantiles are then computed (`forecasting.elicitation.hedges`). Where the phrases
    are said of the event and the wording of its absence, both begin with "not ". ``instead`` says what to code where the words
    are no judgement of likelihood at all; claims that are read with them are flagged.

    References
    ----------
    Teigen, K. H. and Brun, W. (1995), *Yes, but it is uncertain: direction and communicative intention of verbal
    probabilistic terms*, Acta Psychologica 88, 233-258.
    """

    wording: Text
    p05: float
    p25: float
    p50: float
    p75: float
    p95: float
    reads: Reads = Field(default="level", exclude_if=lambda reads: reads == "level")
    at: str = Field(default="", exclude_if=lambda phrase: not phrase)
    towards: str = Field(default="", exclude_if=lambda phrase: not phrase)
    share: Annotated[float, Field(gt=0, lt=1)] | None = Field(default=None, exclude_if=lambda share: share is None)
    instead: str = Field(default="", exclude_if=lambda what: not what)
    n: Annotated[int, Field(ge=0)]
    citation: Text

    @property
    def quantiles(self) -> tuple[float, float, float, float, float]:
        """The probabilities at 5, 25, 50, 75 and 95 %."""
        return self.p05, self.p25, self.p50, self.p75, self.p95

    @property
    def phrases(self) -> tuple[str, ...]:
        """The surveyed phrases that the wording is placed at or between, without "not "; none if it is not placed."""
        return tuple(phrase.removeprefix("not ") for phrase in (self.at, self.towards) if phrase)

    @model_validator(mode="after")
    def _placed(self) -> Wording:
        if bool(self.towards) != (self.share is not None) or (self.towards and not self.at):
            raise ValueError("at, towards and share do not fit; write 'at' alone, or all three (share between 0 and 1)")
        if self.towards and self.at.startswith("not ") != self.towards.startswith("not "):
            raise ValueError(f"'{self.at}' and '{self.towards}' are not said of the same; write 'not ' before both or neither")
        return self

    @model_validator(mode="after")
    def _quantiles(self) -> Wording:
        values = self.quantiles
        if values[0] <= 0 or values[-1] >= 1:
            raise ValueError(f"quantiles {values} touch 0 or 1; a wording never means certainty here")
        if list(values) != sorted(values) or values[0] == values[-1]:
            raise ValueError(f"quantiles {values} are out of order; write them rising from p05 to p95")
        return self


class GradeRow(Record):
    """One figure behind a letter, a number or a word of the grading scheme."""

    scale: Literal["reliability", "credibility", "strength", "truth"]
    grade: Annotated[str, Field(min_length=1)]
    value: Annotated[float, Field(gt=0)]
    spread: Annotated[float, Field(ge=0)] | None = None
    citation: Text


class Edition(Record):
    """A dated set of forecasts: what is known on ``as_of``, which questions, which sources.

    ``reconstructed`` says why the edition is no forecast made on its day: claims were coded, or classes chosen, afterwards.
    """

    id: Id
    title: Text
    as_of: Date
    as_of_how: Text
    sources: Ids
    questions: Ids
    draws: Annotated[int, Field(ge=100, le=20_000)] = 3000
    chains: Annotated[int, Field(ge=2, le=16)] = 4
    paths_per_draw: Annotated[int, Field(ge=2, le=1024)] = 64  # of one path nobody can tell how much is chance
    seed: Annotated[int, Field(ge=0)]
    previous: Id | None = Field(default=None, exclude_if=lambda name: name is None)
    reconstructed: Text | None = Field(default=None, exclude_if=lambda why: why is None)
    summary: str = ""
