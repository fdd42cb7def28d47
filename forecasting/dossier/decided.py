"""Which outcomes of a question are decided before anything is forecast: by the history, by what effects exclude, or by logic."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from types import MappingProxyType

from forecasting.dossier.edition import Dossier, Edition, EditionDossier, known_effects
from forecasting.dossier.questions import Question
from forecasting.dossier.resolution import History, Known
from forecasting.dossier.worlds import MAX_WORLDS, Logic, World, count_worlds, worlds

Choices = dict[str, list[dt.date]]  # per event the days on which a question looks at it, in order


@dataclass(frozen=True)
class Decided:
    """What is known of a question's outcomes: ``values`` (true, false or None for open) by outcome, and the known ``facts``."""

    values: dict[str, bool | None]
    facts: tuple[str, ...]

    @property
    def answer(self) -> str | None:
        """The outcome that is certain, the word *no* where the one that is listed cannot come about, or None while it is open."""
        if came := [name for name, value in self.values.items() if value]:
            return came[0]
        return "no" if all(value is False for value in self.values.values()) else None

    @property
    def impossible(self) -> tuple[str, ...]:
        """The outcomes that cannot come about any more."""
        return tuple(name for name, value in self.values.items() if value is False)

    @property
    def why(self) -> str:
        """Why, in words."""
        return ", ".join(self.facts) or "whatever the events do"


@dataclass(frozen=True)
class _Seen:
    """One way in which the events turn out, with the order of two events only where it follows from it or from the history."""

    world: World
    choices: Choices
    history: History
    logic: Logic

    def happened(self, event: str, by: dt.date) -> Known:
        return Known(self.world.happened(event, by))

    def before(self, event: str, other: str) -> Known:
        known = self.history.before(event, other)
        if known.value is not None:
            return known
        if other in self.logic.needs.get(event, ()):
            return Known(False)
        first, then = (self._window(name) for name in (event, other))
        return Known(True if first[1] <= then[0] else False if then[1] <= first[0] else None)

    def told(self, on: dt.date | None, value: bool) -> Known:
        return self.history.told(on, value)

    def _window(self, event: str) -> tuple[dt.date, dt.date]:
        """Return the day until which it had not happened and the one by which it had; of what never does both are last."""
        day, looked = self.world.happened_by[event], self.choices[event]
        if day is None:
            return looked[-1], dt.date.max
        return max((one for one in looked if one < day), default=dt.date.min), day


def decided(dossier: Dossier, edition: Edition, question: Question) -> Decided:
    """Return what is decided of a question's outcomes on an edition's as-of date.

    Every way is tried in which its events can turn out that the history and the effects that the edition knows allow; of a set
    with more than 16,384 ways the history alone is asked.

    Examples
    --------
    >>> import forecasting as fc
    >>> dossier = fc.load_dossier("priors")
    >>> edition = dossier.editions["2020-11-karabakh"]
    >>> decided(dossier, edition, dossier.questions["ceasefire-holds-2025"]).answer is None
    True
    """
    effects = known_effects(dossier, edition)
    known = replace(dossier, effects=MappingProxyType({effect.id: effect for effect in effects}))
    history, form = History(known, edition.as_of), question.form
    leaves = {leaf: history.happened(*leaf).value for leaf in question.leaves()}
    values = {name: truth.value for name, truth in ((name, _known(truth)) for name, truth in form.outcomes(history))}
    if leaves and count_worlds(question) <= MAX_WORLDS and None in values.values():
        choices, logic = Choices(), Logic.of(effects)
        for event, day in leaves:
            choices[event] = sorted({*choices.get(event, ()), day})
        found: dict[str, set[bool | None]] = {name: set() for name in values}
        for world in worlds(question, effects):
            if all(value in (None, world.happened(*leaf)) for leaf, value in leaves.items()):
                for name, truth in form.outcomes(_Seen(world, choices, history, logic)):
                    found[name].add(_known(truth).value)
        values = {name: next(iter(seen)) if len(seen) == 1 else None for name, seen in found.items()}
    return Decided(values, tuple(_said(history, *leaf) for leaf, value in leaves.items() if value is not None))


def excluded(edition: EditionDossier, question: Question) -> tuple[str, ...]:
    """Return why an outcome of a question has no probability left, in a sentence for each that cannot come about any more."""
    found, titles = decided(edition.dossier, edition.edition, question), question.form.titles()
    events = edition.dossier.events
    named = [
        titles.get(name) or (question.form.called(name, events[name].title) if name in events else name)
        for name in found.impossible
    ]
    return tuple(f"“{title}” cannot come about any more: {found.why}." for title in named)


def _known(truth: Known | bool) -> Known:
    return truth if isinstance(truth, Known) else Known(truth)  # of a set with *other* alone it is true


def _said(history: History, event: str, day: dt.date) -> str:
    status = history.status(event)
    if status.occurred_on:
        return f"{event} happened on {status.occurred_on}"
    return f"{event} had not happened by {day}" if status.known_until >= day else f"what effects say of {event} by {day}"
