"""A menu of the classes that an event can be counted in: the one as chosen and its rivals, with what each says alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from forecasting.analysis.rival_draws import counted_as
from forecasting.dossier.edition import EditionDossier
from forecasting.dossier.events import Event
from forecasting.dossier.reference_classes import ReferenceClass
from forecasting.elicitation.base_rates import base_rate
from forecasting.forecasts import percent
from forecasting.lab.panel.controls import Card, Control, Option
from forecasting.lab.parts.text import plain
from forecasting.models.network.clocks import event_horizon
from forecasting.report.said import class_name
from forecasting.shown.times import time_words

CLASS = "reference_class"
RIVALS = "its rivals"


@dataclass(frozen=True)
class InClass:
    """A class that an event is counted in, with what the event's record then says beside it: the other classes as its rivals.

    Examples
    --------
    >>> str(InClass("treaties-signed", (("rivals", ("treaties-agreed",)),)))
    'treaties-signed'
    """

    reference_class: str
    beside: tuple[tuple[str, Any], ...]

    def __str__(self) -> str:
        return self.reference_class

    @property
    def fields(self) -> Mapping[str, Any]:
        """The fields of the event's record."""
        return MappingProxyType({CLASS: self.reference_class, **dict(self.beside)})


def event_card(edition: EditionDossier, event: Event) -> Card:
    """Return the menu of an event's classes, the chosen one first; it has no control where no rival is named."""
    beside = {name: getattr(event, name) for name in ("clock_starts_on", "ceilings", "floors") if getattr(event, name)}
    own = {CLASS: event.reference_class, "rivals": event.rivals, **beside}
    chosen = in_class(own)
    others = [in_class(own | dict(counted_as(edition, event, name).fields)) for name in event.rivals]
    options = [Option(chosen, option_words(edition, event, event.reference_class))]
    options += [Option(other, option_words(edition, event, other.reference_class), RIVALS) for other in others]
    controls = (Control(event.id, CLASS, "Counted in", chosen, tuple(options)),) if others else ()
    within = "on its day" if event.scheduled_on else f"within {time_words(event_horizon(event))}"
    about = f"{event.why_class} Of each class: its count, and what it alone gives {within}."
    return Card(event.id, "events", event.title, f"counted in: {class_name(event.reference_class)}", controls, about)


def in_class(fields: Mapping[str, Any]) -> InClass:
    """Return the fields of an event's record that a class goes with as one value."""
    return InClass(fields[CLASS], tuple((name, value) for name, value in fields.items() if name != CLASS))


def option_words(edition: EditionDossier, event: Event, class_id: str) -> str:
    """Return a class with its count, and the probability that it alone gives an event within its reference horizon.

    That is `forecasting.elicitation.base_rates.BaseRate.probability`, the ``base_p`` of a run's table of classes. Of a class that
    can only be too high or too low it says so.

    Examples
    --------
    >>> import forecasting as fc
    >>> edition = fc.load_dossier("priors").edition("2024-12-syria")
    >>> event = edition.dossier.events["khmeimim-lost"]
    >>> option_words(edition, event, "foreign-base-no-demand")
    'Foreign base no demand (0 in 19.15 years: 4 %)'
    """
    counted, relatives = edition.dossier.reference_classes[class_id], edition.dossier.relatives(class_id)
    p = gives(counted, relatives, 1.0 if event.scheduled_on else event_horizon(event))
    unit, bound = "years" if counted.unit == "year" else "occasions", event.bound(class_id)
    known = f", a {bound}" if bound else ""
    return f"{titled(class_id)} ({plain(counted.events)} in {plain(counted.exposure)} {unit}: {percent(p)}{known})"


def titled(class_id: str) -> str:
    """Return what a class is called, as the beginning of a line.

    Examples
    --------
    >>> titled("foreign-base-after-demand")
    'Foreign base after demand'
    """
    name = class_name(class_id)
    return f"{name[0].upper()}{name[1:]}"


@lru_cache(maxsize=1024)
def gives(counted: ReferenceClass, relatives: tuple[ReferenceClass, ...], years: float) -> float:
    """Return P(T ≤ years) of a member of a class that nothing else is known of; computed once for each class and time."""
    return base_rate(counted, relatives).probability(years)
