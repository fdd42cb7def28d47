"""Rules about what follows from what, and on which days: effects that lead to an event or imply it, and occasions."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator

from forecasting.dossier.edition import Dossier
from forecasting.dossier.effects import Effect
from forecasting.dossier.graph import circles, following
from forecasting.dossier.library.own import missing_class
from forecasting.dossier.unknown_wordings import unknown_wording
from forecasting.errors import near
from forecasting.rules.base import Finding, rule
from forecasting.rules.tables import occurrences

FOLLOWING = ("leads_to", "implies")


def joined(dossier: Dossier, *acts: str) -> list[Effect]:
    """Return the effects of some kinds whose two events exist."""
    return [e for e in dossier.effects.values() if e.acts in acts and {e.from_, e.to} <= dossier.events.keys()]


@rule("failure")
def effect_wording(dossier: Dossier) -> Iterator[Finding]:
    """Require the lexicon that an effect names, and its wording in it, letter by letter.

    How surely an event follows is read from words, and words without an entry have no number.
    """
    for effect in dossier.effects.values():
        lexicon = dossier.lexicons.get(effect.lexicon or "")
        if effect.lexicon and dossier.lacks("lexicon", effect.lexicon):
            fix = near(effect.lexicon, dossier.lexicons, "known lexicons")
            yield dossier.where("effect", effect.id, "lexicon"), f"effect {effect.id}: no lexicon '{effect.lexicon}'", fix
        elif lexicon and effect.wording and dossier.lacks("wording", (effect.lexicon, effect.wording)):
            found = f"effect {effect.id}: lexicon '{effect.lexicon}' has no wording '{effect.wording}'"
            fix = unknown_wording(effect.wording, lexicon, dossier.lexicons)
            yield dossier.where("effect", effect.id, "wording"), found, fix


@rule("failure")
def event_occasion(dossier: Dossier) -> Iterator[Finding]:
    """Require the wording of an occasion in its lexicon, or its class, counted per trial.

    What can happen on a day has a probability there, not a rate per year, and words without an entry have no number.
    """
    for event in dossier.events.values():
        for position, occasion in enumerate(event.occasions):
            at, what = ("occasions", position), f"event {event.id}: the occasion of {occasion.on}"
            counted = dossier.reference_classes.get(occasion.reference_class or "")
            lexicon = dossier.lexicons.get(occasion.lexicon or "")
            if occasion.reference_class and dossier.lacks("reference_class", occasion.reference_class):
                fix = missing_class(occasion.reference_class, dossier.reference_classes)
                yield dossier.where("event", event.id, *at), f"{what} has no class '{occasion.reference_class}'", fix
            elif counted and counted.unit != "trial":
                fix = "name a class whose unit is trial, or write a wording"
                yield dossier.where("event", event.id, *at), f"{what} has the class '{counted.id}', counted per year", fix
            elif occasion.lexicon and dossier.lacks("lexicon", occasion.lexicon):
                fix = near(occasion.lexicon, dossier.lexicons, "known lexicons")
                yield dossier.where("event", event.id, *at), f"{what} has no lexicon '{occasion.lexicon}'", fix
            elif lexicon and dossier.lacks("wording", (occasion.lexicon, occasion.wording)):
                fix = unknown_wording(occasion.wording or "", lexicon, dossier.lexicons)
                found = f"{what}: lexicon '{occasion.lexicon}' has no wording '{occasion.wording}'"
                yield dossier.where("event", event.id, *at), found, fix


@rule("failure")
def effect_follows_circle(dossier: Dossier) -> Iterator[Finding]:
    """Refuse `leads_to` and `implies` effects that run in a circle, with `enables` among them or not.

    Each event would follow from the others, and none from outside; what waits for its own consequence never comes.
    """
    edges = joined(dossier, *FOLLOWING, "enables")
    for circle in circles({cause: [e.to for e in edges if e.from_ == cause] for cause in (e.from_ for e in edges)}):
        steps = [next(e for e in edges if (e.from_, e.to) == pair) for pair in itertools.pairwise(circle)]
        if first := next((e for e in steps if e.acts in FOLLOWING), None):
            found = f"effects by which one event follows another run in a circle: {' → '.join(circle)}"
            yield dossier.where("effect", first.id), found, "drop one of them; two names for one happening are one event"


@rule("failure")
def effect_follows_date(dossier: Dossier) -> Iterator[Finding]:
    """Refuse `leads_to` and `implies` into a scheduled event.

    It happens on its date or not at all, so that it cannot follow at another time.
    """
    for effect in joined(dossier, *FOLLOWING):
        if day := dossier.events[effect.to].scheduled_on:
            found = f"effect {effect.id}: {effect.to} can only happen on {day}, and cannot follow from {effect.from_}"
            fix = "let the effect multiply, or leave scheduled_on out of the event and give it an occasion on that day"
            yield dossier.where("effect", effect.id), found, fix


@rule("failure")
def effect_implies_opening(dossier: Dossier) -> Iterator[Finding]:
    """Require what an event implies to open no later than that event.

    Before it opens it cannot happen, and what implies it could.
    """
    for effect in joined(dossier, "implies"):
        cause, implied = dossier.events[effect.from_], dossier.events[effect.to]
        if implied.opens_on > cause.opens_on:
            found = f"effect {effect.id}: {implied.id} opens on {implied.opens_on}, {cause.id} on {cause.opens_on} already"
            fix = f"let {implied.id} open by {cause.opens_on}, or let {cause.id} lead to it"
            yield dossier.where("effect", effect.id), found, fix


@rule("failure", misses=("effect",))
def effect_implies_possible(dossier: Dossier) -> Iterator[Finding]:
    """Require what enables or blocks an implied event to do the same to the event that implies it.

    Otherwise the one could happen where the other cannot.
    """
    effects = joined(dossier, "implies", "enables", "blocks")
    for effect in (e for e in effects if e.acts == "implies"):
        cause, implied = effect.from_, effect.to
        with_it = following(effects, (cause,), acts=("implies",))
        for other in (e for e in effects if e.to == implied and e.acts != "implies"):
            same = any(e.to == cause and e.from_ == other.from_ and e.acts == other.acts for e in effects)
            if not same and not (other.acts == "enables" and other.from_ in with_it):
                found = f"effect {effect.id}: {cause} implies {implied}, which {other.from_} {other.acts} ({other.id})"
                fix = f"add an effect by which {other.from_} {other.acts} {cause}, or let {cause} lead to {implied}"
                yield dossier.where("effect", effect.id), found, fix


@rule("failure", misses=("history",))
def history_implies(dossier: Dossier) -> Iterator[Finding]:
    """Require what an event implies to have occurred by the day on which that event did.

    The history would contradict the effect.
    """
    days = occurrences(dossier)
    for effect in joined(dossier, "implies"):
        cause, implied = days.get(effect.from_), days.get(effect.to)
        if cause and (implied or dt.date.max) > cause:
            n = next(n for n, row in enumerate(dossier.history) if (row.event, row.on) == (effect.from_, cause))
            state = f"occurred on {implied}" if implied else "has no such row"
            found = f"{effect.from_} occurred on {cause} and implies {effect.to} ({effect.id}), which {state}"
            yield dossier.where("history", n), found, f"add the row 'occurred' of {effect.to}, dated {cause} or earlier"
