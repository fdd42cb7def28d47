"""The shape of every rule over a dossier, and the few questions about a dossier that several rules ask.

A rule is one function that takes a dossier and yields what breaks it. Its name is the rule's id, and its docstring is
its row in ``docs/checks.md``: the first paragraph says what the rule demands, the rest what goes wrong otherwise.
"""

from __future__ import annotations

import datetime as dt
import inspect
import weakref
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from forecasting.dossier.claim_kinds import CLAIM_KINDS
from forecasting.dossier.claims import Claim
from forecasting.dossier.edition import Dossier, Edition, asked_series, known_effects
from forecasting.dossier.effects import Driver, Effect
from forecasting.dossier.events import Event
from forecasting.dossier.graph import upstream
from forecasting.dossier.status import Status, read_status
from forecasting.errors import CheckResult, Where

Finding = tuple[Where, str, str]  # where it is, what was found, what to write instead
Find = Callable[[Dossier], Iterable[Finding]]


@dataclass(frozen=True)
class Rule:
    """One rule: call it with a dossier to get every place that breaks it.

    Parameters
    ----------
    find : callable
        The function that looks; it reports what it finds and never raises over what an analyst wrote.
    status : {"failure", "warning"}
        What breaking the rule is.
    misses : tuple of str
        Kinds of records that it reports on for not being there. It stays quiet while one of them is there and could not be read:
        what it would find may be nothing but that.
    """

    find: Find
    status: str
    misses: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """The rule's name, as it stands behind every result."""
        return self.find.__name__.replace("_", "-")

    @property
    def demands(self) -> str:
        """What must hold, in a sentence."""
        return (inspect.getdoc(self.find) or "").partition("\n\n")[0].replace("\n", " ")

    @property
    def why(self) -> str:
        """What goes wrong otherwise."""
        return (inspect.getdoc(self.find) or "").partition("\n\n")[2].replace("\n", " ")

    def __call__(self, dossier: Dossier) -> Iterator[CheckResult]:
        """Yield one result per place that breaks the rule."""
        for where, found, fix in () if dossier.unread.any_of(self.misses) else self.find(dossier):
            yield CheckResult(self.id, where, found, fix, self.status)


def rule(status: str, *, misses: Collection[str] = ()) -> Callable[[Find], Rule]:
    """Make a rule of a function; ``status`` is what breaking it is, "failure" or "warning", ``misses`` as in `Rule`."""
    return lambda find: Rule(find, status, tuple(misses))


def records(dossier: Dossier) -> Iterator[tuple[str, Any, Any]]:
    """Yield every record with its kind and key, as `Dossier.where` takes them."""
    for kind in ("source", "claim", "event", "effect", "driver", "question", "edition", "assumption", "grade", "balance",
                 "observation"):  # fmt: skip
        yield from ((kind, key, record) for key, record in getattr(dossier, f"{kind}s").items())
    yield from (("series", name, record) for name, record in dossier.series.items())
    yield from (("count", count.id, count) for count in dossier.counts)
    yield from (("reference_class", name, record) for name, record in dossier.reference_classes.items())
    for name, cases in dossier.cases.items():
        yield from (("case", (name, case.case, case.started_on), case) for case in cases)
    for lexicon, wordings in dossier.lexicons.items():
        yield from (("wording", (lexicon, words), record) for words, record in wordings.items())
    yield from (("history", position, row) for position, row in enumerate(dossier.history))


@dataclass(frozen=True, slots=True)
class Written:
    """One text in a record: the record's kind and key, the path of the text in it, and the text."""

    kind: str
    key: Any
    path: tuple[str | int, ...]
    text: str


_walked: list[tuple[weakref.ref[Dossier], tuple[Written, ...]]] = []  # the last dossier alone: many rules look at its texts


def written_texts(dossier: Dossier) -> tuple[Written, ...]:
    """Return every text in a dossier with its place in a record, by the names that fields have in files.

    A record never changes, so that of the same dossier it is the same tuple.
    """
    if _walked and _walked[0][0]() is dossier:
        return _walked[0][1]
    found = tuple(
        Written(kind, key, path, text)
        for kind, key, record in records(dossier)
        for path, text in _texts(record.model_dump(by_alias=True), ())
    )
    _walked[:] = [(weakref.ref(dossier), found)]
    return found


def _texts(value: Any, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    parts = value.items() if isinstance(value, dict) else enumerate(value)
    for name, part in parts:
        if isinstance(part, str):
            yield (*path, name), part
        elif isinstance(part, (dict, list, tuple)):
            yield from _texts(part, (*path, name))


def in_file(dossier: Dossier, name: str) -> Where:
    """Return the place that stands for a whole file, named from the folder above the dossier as all others are."""
    return Where(f"{dossier.root.name or dossier.root.resolve().name}/{name}")


def days_after(day: dt.date, n: int) -> dt.date:
    """Return the day some days after another, at most the last that the calendar has.

    Examples
    --------
    >>> str(days_after(dt.date(2024, 12, 1), 31)), str(days_after(dt.date(9999, 12, 1), 366))
    ('2025-01-01', '9999-12-31')
    """
    return day + min(dt.timedelta(days=n), dt.date.max - day)


@dataclass(frozen=True)
class Reach:
    """What an edition's questions rest on; references to records that do not exist are passed over."""

    asked: frozenset[str]
    events: frozenset[str]
    effects: tuple[Effect, ...]
    drivers: tuple[Driver, ...]
    told: frozenset[str] = frozenset()  # claims that a series reads

    def uses(self, claim: Claim) -> bool:
        """Return whether a claim bears on any of it, by the pathway of its kind or through an effect that cites it."""
        if claim.id in self.told or any(claim.id in effect.claims for effect in self.effects):
            return True
        effects, drivers = {effect.id for effect in self.effects}, {driver.id for driver in self.drivers}
        within = {"event": self.events, "effect": effects, "driver": drivers}
        target = CLAIM_KINDS[claim.kind].target
        return target is not None and not within[target].isdisjoint(claim.target.of(target))


def reach(dossier: Dossier, edition: Edition) -> Reach:
    """Return what an edition's questions rest on, cut as `forecasting.dossier.edition.select_edition` cuts it."""
    is_open = {event.id for event in dossier.events.values() if event.opens_on <= edition.as_of}
    questions = [dossier.questions[name] for name in edition.questions if name in dossier.questions]
    asked = {name for question in questions for name in question.events()} & is_open
    effects = known_effects(dossier, edition)
    needed = upstream(effects, asked)
    drivers = [driver for driver in dossier.drivers.values() if any(load.event in needed for load in driver.loadings)]
    told = {one.claim for series in asked_series(dossier, questions) for one in series.claims}
    return Reach(
        frozenset(asked), needed, tuple(effect for effect in effects if effect.to in needed), tuple(drivers), frozenset(told)
    )


def status_on(dossier: Dossier, event: Event, day: dt.date) -> Status:
    """Return what the history up to a day says of an event."""
    return read_status(event, [row for row in dossier.history if row.event == event.id and row.on <= day])
