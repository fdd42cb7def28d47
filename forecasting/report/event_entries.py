"""Every event described once: its contract, its reference class, what acts on it and what was known of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
from markupsafe import Markup

from forecasting.dossier.edition import EditionDossier
from forecasting.dossier.events import Event
from forecasting.elicitation.quantify import read_occasion
from forecasting.elicitation.wording import inverse_cloglog
from forecasting.report.answer_curves import answer_curve
from forecasting.report.evidence import effect_words
from forecasting.report.facts import FactLine, fact_lines, occurred_rows
from forecasting.report.formatting import day, pace, percent
from forecasting.report.names import short
from forecasting.report.said import class_name
from forecasting.report.sensitivity import against
from forecasting.report.svg import inline_svg
from forecasting.runs.store import Run
from forecasting.trace.claim_counts import ClaimCounts, claim_counts

NOTHING = "nothing foreseen"  # how records say that an event cannot become void


@dataclass(frozen=True)
class Acting:
    """An effect into an event; ``anchor`` is of the event that acts."""

    title: str
    anchor: str
    acts: str
    why: str


@dataclass(frozen=True)
class OnDay:
    """A day on which the event can happen besides its rate, and its probability there; ``class_anchor`` may be empty."""

    day: str
    p: str
    read: str
    class_anchor: str
    why: str


@dataclass(frozen=True)
class Pressure:
    """A latent pressure that several events share: (anchor, name, how it acts) for each of them."""

    title: str
    high_means: str
    acts_on: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class EventEntry:
    """One event where it is described; ``void_if`` is empty where nothing is foreseen."""

    event: Event
    happened: str
    void_if: str
    class_anchor: str
    class_title: str
    alone: str
    worth: str
    occasions: tuple[OnDay, ...]
    acting: tuple[Acting, ...]
    facts: tuple[FactLine, ...]
    against: tuple[str, ...]
    curve: Markup | None

    @property
    def anchor(self) -> str:
        """Where it is described."""
        return event_anchor(self.event.id)


def event_anchor(name: str) -> str:
    """Return the anchor of an event's description."""
    return f"event-{name}"


def class_anchor(name: str) -> str:
    """Return the anchor of a class's description."""
    return f"class-{name}"


def event_entries(run: Run, edition: EditionDossier, order: Mapping[str, int], drawn: frozenset[str]) -> tuple[EventEntry, ...]:
    """Return the events of an edition, in the order of the questions that name them first; others follow.

    ``order`` holds the place of the first question about each event, ``drawn`` the events whose curve stands with a question.
    """
    last = len(order)
    events = sorted(edition.events, key=lambda event: (order.get(event.id, last), event.title))
    happened, counts = occurred_rows(edition), claim_counts(edition)
    return tuple(
        EventEntry(
            event=event,
            happened=day(happened[event.id].on) if event.id in happened else "",
            void_if="" if event.resolution.void_if.casefold().startswith(NOTHING) else event.resolution.void_if,
            class_anchor=class_anchor(event.reference_class),
            class_title=class_name(event.reference_class),
            alone=_alone(run, event),
            worth=_worth(counts[event.id]),
            occasions=_occasions(edition, event),
            acting=acting_on(edition, event.id),
            facts=tuple(line for line in fact_lines(edition, event.id) if line.what not in ("happened", "had not happened")),
            against=against(run, event.id),
            curve=_curve(run, event) if event.id not in drawn and event.id not in happened else None,
        )
        for event in events
    )


def _worth(counted: ClaimCounts) -> str:
    """Return how many claims speak of an event, and how many independent ones they are worth."""
    if not counted.n_claims:
        return "no claim"
    return f"{counted.n_claims} claim{'s' if counted.n_claims > 1 else ''}, worth {counted.n_effective:.1f}"


def _alone(run: Run, event: Event) -> str:
    """Return what the chosen class alone gives the event within its reference horizon, as run and report say it."""
    rows = run.classes[(run.classes["event"] == event.id) & (run.classes["reference_class"] == event.reference_class)]
    base = pd.to_numeric(rows["base_p"], errors="coerce").dropna()
    if base.empty:
        return ""
    return f"{percent(base.iloc[0])} " + ("on its date" if event.scheduled_on else f"within {event.reference_years:.2g} years")


def _occasions(edition: EditionDossier, event: Event) -> tuple[OnDay, ...]:
    found = []
    for one in event.occasions:
        p = percent(float(inverse_cloglog(read_occasion(edition.dossier, event.id, one).location)))
        name = one.reference_class or ""
        read = class_name(name) if name else f"“{one.wording}”"
        found.append(OnDay(day(one.on), p, read, class_anchor(name) if name else "", one.why))
    return tuple(found)


def _curve(run: Run, event: Event) -> Markup | None:
    if event.id not in set(run.curves["event"]):
        return None
    return inline_svg(answer_curve(run.curves[run.curves["event"] == event.id], [], title="Has happened by"))


def acting_on(edition: EditionDossier, event_id: str) -> tuple[Acting, ...]:
    """Return the effects into an event, in words."""
    events = edition.dossier.events
    return tuple(
        Acting(short(events[effect.from_].title), event_anchor(effect.from_), effect_words(effect), effect.why)
        for effect in edition.effects
        if effect.to == event_id
    )


def pressures_of(edition: EditionDossier) -> tuple[Pressure, ...]:
    """Return the shared pressures of an edition, each with the events that it acts on and how."""
    events = edition.dossier.events
    return tuple(
        Pressure(
            driver.title,
            driver.high_means,
            tuple(
                (event_anchor(one.event), short(events[one.event].title), pace(one.sign, one.grade))
                for one in driver.loadings
                if one.event in edition.event_ids
            ),
        )
        for driver in edition.drivers
    )


def contract_texts(entry: EventEntry) -> tuple[str, ...]:
    """Return the texts of an event's description, which some events have word for word in common."""
    told = entry.event.resolution
    whys = (one.why for one in entry.acting)
    return (told.counts, told.does_not_count, told.settled_by, entry.void_if, entry.event.why_class, *whys)
