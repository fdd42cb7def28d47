"""A dossier, all records under one ``priors/`` folder, and what one edition may see of it.

An edition sees the records that bear on its questions and are not later than its as-of date.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any

from pydantic import Field

from forecasting.arguments import CLASS, ID, KEY, MAYBE, STEP, shown, takes
from forecasting.dossier.assumptions import Assumption
from forecasting.dossier.balances import Balance, Observation
from forecasting.dossier.claims import Claim, Source
from forecasting.dossier.counts import Count, Series, counts_known
from forecasting.dossier.dated_classes import DatedRows, classes_on, every_row, row_key
from forecasting.dossier.defaults import Inherited
from forecasting.dossier.effects import Driver, Effect
from forecasting.dossier.events import Event, HistoryRow
from forecasting.dossier.fields import Date, Id, Ids, Record, Text
from forecasting.dossier.graph import upstream
from forecasting.dossier.learned import LearnedRow
from forecasting.dossier.parse import FieldPath, Parsed
from forecasting.dossier.questions import Question
from forecasting.dossier.reference_classes import Case, LifeTableRow, ReferenceClass
from forecasting.dossier.signatures import Signatures
from forecasting.dossier.unread import NOTHING_UNREAD, Unread
from forecasting.dossier.wordings import GradeRow, Wording
from forecasting.errors import UsageError, Where, near
from forecasting.shown.holders import dossier_html, dossier_text, edition_html, edition_text
from forecasting.standards.tables import DEFAULT, StandardName

MOST_CHAINS, MOST_DRAWS, MOST_KEY = 16, 20_000, 5  # of an edition
NETWORK = "network"  # the model that every edition has
type Chances = Mapping[str, Mapping[str, tuple[tuple[dt.date, float], ...]]]  # layer, event: P(happened by a day), day by day
type Told = Mapping[str, Mapping[str, tuple[Any, Any]]]  # question, side of its index: P(side | draw) and its noise (draw,) each
type Sides = Mapping[str, Told]  # by layer


class Edition(Record):
    """A dated set of forecasts: what is known on ``as_of``, which questions, which sources.

    ``reconstructed`` says why the edition is no forecast made on its day: claims were coded, or classes chosen, afterwards.
    ``standard`` names the standard of the words for its numbers (`forecasting.standards.tables`).
    ``key_questions`` are the ones that its brief begins with, in their order; without them a stated rule chooses.
    ``learned`` names a table of ``learned/`` by which its judgements are read (`forecasting.elicitation.learned`).
    ``coded_by``, ``reviewed_by`` and ``signed_off_by`` move no number, and a run stays current when somebody signs.
    """

    id: Id
    title: Text
    as_of: Date
    as_of_how: Text
    sources: Ids
    questions: Ids
    draws: Annotated[int, Field(ge=100, le=MOST_DRAWS)] = 3000
    chains: Annotated[int, Field(ge=2, le=MOST_CHAINS)] = 4
    paths_per_draw: Annotated[int, Field(ge=2, le=1024)] = 64  # of one path nobody can tell how much is chance
    seed: Annotated[int, Field(ge=0, le=2**32 - 1)]
    previous: Id | None = Field(default=None, exclude_if=lambda name: name is None)
    reconstructed: Text | None = Field(default=None, exclude_if=lambda why: why is None)
    coded_by: Signatures
    reviewed_by: Signatures
    signed_off_by: Signatures
    summary: str = ""
    standard: StandardName = Field(default=DEFAULT, exclude_if=lambda name: name == DEFAULT)
    learned: Id | None = Field(default=None, exclude_if=lambda name: name is None)
    key_questions: Ids | None = Field(default=None, exclude_if=lambda names: names is None)


# where a dossier holds the records that others name, by kind
TABLES = {
    "source": "sources", "claim": "claims", "lexicon": "lexicons", "grade": "grades", "reference_class": "reference_classes",
    "event": "events", "effect": "effects", "driver": "drivers", "question": "questions", "edition": "editions",
    "balance": "balances", "observation": "observations", "series": "series", "learned": "learned",
}  # fmt: skip


@dataclass(frozen=True)
class Dossier:
    """All records under one ``priors/`` folder, by id, with the place of each in its file.

    ``places`` maps ``(kind, id)`` to the parsed file and the path of the record in it; history rows are addressed by
    their position in ``history``, a dated row of a class by `row_key`. ``reference_classes`` holds one row of each
    class, the longest counted one, or in an edition the one it knows; ``dated_rows`` holds all. ``unread`` says what could not
    be read, ``inherited`` of each claim which fields come from the defaults of its source. Mappings are read-only.
    """

    root: Path
    sources: MappingProxyType[str, Source]
    claims: MappingProxyType[str, Claim]
    lexicons: MappingProxyType[str, MappingProxyType[str, Wording]]
    grades: MappingProxyType[tuple[str, str], GradeRow]
    reference_classes: MappingProxyType[str, ReferenceClass]
    dated_rows: DatedRows
    cases: MappingProxyType[str, tuple[Case, ...]]
    life_tables: MappingProxyType[tuple[str, dt.date | None, float], LifeTableRow]
    events: MappingProxyType[str, Event]
    effects: MappingProxyType[str, Effect]
    drivers: MappingProxyType[str, Driver]
    questions: MappingProxyType[str, Question]
    editions: MappingProxyType[str, Edition]
    assumptions: MappingProxyType[str, Assumption]
    history: tuple[HistoryRow, ...]
    places: MappingProxyType[tuple[str, Any], tuple[Parsed, FieldPath]]
    digests: MappingProxyType[str, str]
    unread: Unread = NOTHING_UNREAD
    balances: Mapping[str, Balance] = field(default_factory=lambda: MappingProxyType({}))
    observations: Mapping[str, Observation] = field(default_factory=lambda: MappingProxyType({}))
    series: MappingProxyType[str, Series] = field(default_factory=lambda: MappingProxyType({}))
    counts: tuple[Count, ...] = ()
    inherited: Mapping[str, Mapping[str, Inherited]] = field(default_factory=lambda: MappingProxyType({}))
    learned: Mapping[str, tuple[LearnedRow, ...]] = field(default_factory=lambda: MappingProxyType({}))

    def __repr__(self) -> str:
        return dossier_text(self)

    def _repr_html_(self) -> str:
        return dossier_html(self)

    @takes(kind=ID, name=KEY)
    def lacks(self, kind: str, name: Any) -> bool:
        """Return whether there is no record of a kind under an id; one that is there and could not be read is not lacking.

        A lexicon goes by its name, an entry by (lexicon, wording).
        """
        if kind == "wording":
            return name[1] not in self.lexicons.get(name[0], {}) and not self.unread.may_be(kind, name)
        return name not in getattr(self, lookup(TABLES, kind, "kind of record")) and not self.unread.may_be(kind, name)

    @takes(kind=ID, key=KEY, path=STEP)
    def where(self, kind: str, key: Any, *path: Any) -> Where:
        """Return the file and line of a record, or of one of its fields; of a class, of the row that is held.

        Of a field that a claim inherits it is the place of the default.
        """
        if kind == "claim" and path and (default := self.inherited.get(key, {}).get(path[0])):
            return default.where
        if kind == "reference_class":
            return self.where_counted(self.reference_classes[key], *path)
        try:
            parsed, prefix = self.places[kind, key]
        except (KeyError, TypeError):
            raise UsageError(f"no {shown(kind)} {shown(key)}; write for example where(\"claim\", id, \"wording\")") from None
        return parsed.where(*prefix, *path)

    @takes(row=CLASS, path=STEP)
    def where_counted(self, row: ReferenceClass, *path: Any) -> Where:
        """Return the file and line of a dated row of a class; its day may be one that an analyst tries."""
        here = ("reference_class", row_key(row))
        parsed, prefix = self.places[here if here in self.places else ("reference_class", row_key(self.dated_rows[row.id][-1]))]
        return parsed.where(*prefix, *path)

    @takes(lexicon=MAYBE, wording=MAYBE)
    def wording(self, lexicon: str | None, wording: str | None) -> Wording | None:
        """Return the entry of a lexicon that a claim names, or None if the lexicon or the entry is not there."""
        table = self.lexicons.get(lexicon or "")
        return table.get(wording or "") if table else None

    @takes(class_id=ID)
    def relatives(self, class_id: str) -> tuple[ReferenceClass, ...]:
        """Return the classes from which a reference class borrows."""
        return tuple(self.reference_classes[name] for name in lookup(self.reference_classes, class_id, "reference class").borrows)

    def class_rows(self) -> Iterator[ReferenceClass]:
        """Yield every dated row of every class."""
        return every_row(self.reference_classes, self.dated_rows)

    @takes(edition_id=ID)
    def edition(self, edition_id: str) -> EditionDossier:
        """Return the part of the dossier that one edition may see.

        Raises
        ------
        UsageError
            If no edition has that id; near matches are named.
        """
        return select_edition(self, lookup(self.editions, edition_id, "edition"))


@dataclass(frozen=True, eq=False)
class EditionDossier:
    """The part of a dossier behind one edition, cut at the as-of date.

    ``questions`` are those that the event network answers; ``further`` holds the others by the model that answers them
    (`forecasting.dossier.forms.base.Form.model`), and ``asked`` all of them as the edition lists them. ``series`` are those that
    questions name, with the stocks that totals leave, and ``counts`` what had been published of them. Where another model asks
    for it, ``chances`` holds, by layer and event, what the event network says of open events, and ``sides``, by layer and
    question, what it says of the sides of an index that are events.
    ``events`` are those that the questions name and every event with a chain of effects into them, in a fixed order
    (alphabetical), so that adding an unrelated record changes nothing. Nothing dated after ``edition.as_of`` is here:
    neither claims nor history rows, nor events that open later, nor occasions known later; ``dossier.reference_classes`` holds
    each class as counted up to that day. An edition equals only itself, so that what is made of it
    can be kept.
    """

    dossier: Dossier
    edition: Edition
    questions: tuple[Question, ...]
    events: tuple[Event, ...]
    effects: tuple[Effect, ...]
    drivers: tuple[Driver, ...]
    claims: tuple[Claim, ...]
    history: tuple[HistoryRow, ...]
    further: Mapping[str, tuple[Question, ...]] = field(default_factory=lambda: MappingProxyType({}))
    series: tuple[Series, ...] = ()
    counts: tuple[Count, ...] = ()
    chances: Chances = field(default_factory=lambda: MappingProxyType({}))
    sides: Sides = field(default_factory=lambda: MappingProxyType({}))

    def __repr__(self) -> str:
        return edition_text(self)

    def _repr_html_(self) -> str:
        return edition_html(self)

    @property
    def asked(self) -> tuple[Question, ...]:
        """All questions of the edition, whichever model answers them, in its order."""
        if not self.further:
            return self.questions
        place = {name: i for i, name in enumerate(self.edition.questions)}
        every = (*self.questions, *(question for questions in self.further.values() for question in questions))
        return tuple(sorted(every, key=lambda question: place.get(question.id, len(place))))

    @property
    def as_of(self) -> dt.date:
        """The date on which the edition knows what it knows."""
        return self.edition.as_of

    @property
    def assumptions(self) -> tuple[Assumption, ...]:
        """What is held of it, or of every edition that can be asked."""
        return tuple(held for held in self.dossier.assumptions.values() if held.is_held_of(self.edition.id))

    @property
    def event_ids(self) -> tuple[str, ...]:
        """Ids of the events, in the order of every array over events."""
        return tuple(event.id for event in self.events)


def select_edition(dossier: Dossier, edition: Edition) -> EditionDossier:
    """Cut a dossier to what one edition may see; `UsageError` if it asks about an event that opens after its as-of date."""
    as_of = edition.as_of
    dossier = replace(dossier, reference_classes=classes_on(dossier.reference_classes, dossier.dated_rows, as_of))
    open_events = {event.id: event for event in dossier.events.values() if event.opens_on <= as_of}
    asked = [dossier.questions[name] for name in edition.questions]
    questions = tuple(question for question in asked if question.form.model == NETWORK)
    others = dict.fromkeys(question.form.model for question in asked if question.form.model != NETWORK)
    further = {name: tuple(question for question in asked if question.form.model == name) for name in sorted(others)}
    known = known_effects(dossier, edition)
    needed = upstream(known, {name for question in questions for name in question.events()})
    if later := sorted(needed - open_events.keys()):  # rules say so first, where records are held to them
        opens = dossier.events[later[0]].opens_on if later[0] in dossier.events else "on no day: there is no such event"
        fix = "leave the question out of the edition, or let the event open by its as-of date"
        raise UsageError(f"edition {edition.id}, as of {as_of}: {later[0]}, asked about, opens {opens}; {fix}")
    effects = tuple(effect for effect in known if effect.to in needed)
    drivers = tuple(driver for driver in dossier.drivers.values() if any(loading.event in needed for loading in driver.loadings))
    claims = known_claims(dossier, edition)
    history = tuple(row for row in dossier.history if row.on <= as_of and row.event in needed)
    events = tuple(known_occasions(open_events[name], as_of) for name in sorted(needed))
    series = asked_series(dossier, asked)
    names = {one.id for one in series}
    counts = tuple(count for count in counts_known(dossier.counts, as_of) if count.series in names)
    return EditionDossier(
        dossier, edition, questions, events, effects, drivers, claims, history, MappingProxyType(further), series, counts
    )  # fmt: skip


def asked_series(dossier: Dossier, questions: Iterable[Question]) -> tuple[Series, ...]:
    """Return the series that some questions name, and the stocks that these are out of, by id."""
    named = {name for question in questions for name in question.form.subjects()} & dossier.series.keys()
    stocks = {stock for name in named if (stock := dossier.series[name].out_of) and stock in dossier.series}
    return tuple(dossier.series[name] for name in sorted(named | stocks))


def known_effects(dossier: Dossier, edition: Edition) -> list[Effect]:
    """Return the effects between open events, but for those that cite claims none of which the edition knows.

    Such an effect would be hindsight: it was drawn from what was said later, or from a source that is not listed.
    """
    is_open = {event.id for event in dossier.events.values() if event.opens_on <= edition.as_of}
    known = {claim.id for claim in known_claims(dossier, edition)}
    return [
        effect
        for effect in dossier.effects.values()
        if {effect.from_, effect.to} <= is_open and (not effect.claims or known & set(effect.claims))
    ]


def known_occasions(event: Event, as_of: dt.date) -> Event:
    """Return an event with those of its occasions that were known on a day, which may be all."""
    known = tuple(occasion for occasion in event.occasions if (occasion.known_on or as_of) <= as_of)
    return event if known == event.occasions else event.model_copy(update={"occasions": known})


def known_claims(dossier: Dossier, edition: Edition) -> tuple[Claim, ...]:
    """Return the claims an edition knows: their source is listed, they had been made, and no known one corrects them."""
    made = [c for c in dossier.claims.values() if c.source in edition.sources and c.made_on <= edition.as_of]
    corrected = {claim.supersedes for claim in made}
    return tuple(claim for claim in made if claim.id not in corrected)


def lookup[T](table: Mapping[str, T], key: str, kind: str) -> T:
    """Return ``table[key]`` or raise `UsageError` with the nearest ids."""
    if key in table:
        return table[key]
    raise UsageError(f"no {kind} '{key}'; {near(key, table, 'known ids')}")
