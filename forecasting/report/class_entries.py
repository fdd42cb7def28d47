"""Every reference class described once: what was counted, and which events take it or might have taken it."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass

from forecasting.dossier.edition import EditionDossier
from forecasting.dossier.reference_classes import ReferenceClass
from forecasting.elicitation.base_rates import base_rate
from forecasting.elicitation.quantify import quantify
from forecasting.forecasts import percent
from forecasting.report.event_entries import class_anchor
from forecasting.report.said import class_name


@dataclass(frozen=True)
class ClassEntry:
    """One reference class where it is described: its name, its count, what it gives, and who takes it."""

    anchor: str
    name: str
    counted: str
    gives: str
    chosen_for: int
    rival_of: int


def class_entries(edition: EditionDossier) -> tuple[ClassEntry, ...]:
    """Return the classes that the events of an edition take or might have taken: those that most events take first."""
    known = edition.dossier.reference_classes
    chosen = Counter(event.reference_class for event in edition.events)
    chosen.update(one.reference_class for event in edition.events for one in event.occasions if one.reference_class)
    rivals = Counter(rival for event in edition.events for rival in event.rivals)
    names = sorted({*chosen, *rivals} & set(known), key=lambda name: (-chosen[name], -rivals[name], name))
    return tuple(_entry(edition, known[name], chosen[name], rivals[name]) for name in names)


def _entry(edition: EditionDossier, record: ReferenceClass, chosen: int, rivals: int) -> ClassEntry:
    unit = "years" if record.unit == "year" else "occasions"
    counted = f"{record.events:g} in {record.exposure:g} {unit}, {record.period}"
    counted += ", from memory" if record.basis == "unverified" else ""
    if ageing := quantify(edition).find("life-table", record.id):
        counted += f"; {'early' if ageing.location < 0 else 'late'} failures (Weibull shape {math.exp(ageing.location):.2f})"
    gives = percent(base_rate(record, edition.dossier.relatives(record.id)).probability(1.0))
    gives += " within a year" if record.unit == "year" else " each time"
    return ClassEntry(class_anchor(record.id), class_name(record.id), counted, gives, chosen, rivals)
