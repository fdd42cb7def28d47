"""What stands behind an event: its contract, its reference class and rivals, effects, claims and history; from a run."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

from forecasting.dossier.edition import Dossier, EditionDossier
from forecasting.dossier.effects import Effect
from forecasting.dossier.events import Event, HistoryRow
from forecasting.dossier.reference_classes import ReferenceClass
from forecasting.dossier.status import event_status
from forecasting.elicitation.facts import signal_words
from forecasting.elicitation.gamma import JEFFREYS
from forecasting.elicitation.life_tables import counts
from forecasting.elicitation.numbers import Number
from forecasting.elicitation.quantify import quantify, read_occasion
from forecasting.elicitation.wording import Reading, inverse_cloglog
from forecasting.forecasts import percent
from forecasting.runs.store import Run
from forecasting.shown.times import time_words
from forecasting.trace.claim_counts import claim_counts


def event_lines(run: Run, edition: EditionDossier, event: Event, asked: bool) -> Iterator[str]:
    """Yield what stands behind an event in an edition; ``asked``: its question names it, not only an effect."""
    status, numbers = event_status(edition, event.id), quantify(edition)
    yield f"EVENT {event.id}{'' if asked else ' (behind an effect)'}: {event.title}"
    yield f"  {edition.dossier.where('event', event.id)}"
    if not status.is_open:
        yield f"  happened on {status.occurred_on}"
        yield from history_lines(edition.dossier, edition.history, event.id)
        return
    yield f"  open since {event.opens_on}, state known until {status.known_until}"
    for name in (event.reference_class, *event.rivals):
        record = edition.dossier.reference_classes[name]
        yield class_line(run, edition, event, name)
        yield from class_lines(record, numbers.get("reference-class", name), numbers.find("life-table", name))
    yield f"    why: {event.why_class} (fit: {event.class_fit})"
    yield from (f"    {name} is a ceiling: {why}" for name, why in event.ceilings.items())
    yield from (f"    {name} is a floor: {why}" for name, why in event.floors.items())
    yield from (f"  {line}" for line in known_occasions(edition, event.id))
    for row in run.rows("events"):
        if row.event == event.id:
            yield f"    {row.layer:<9} hazard {row.hazard_median:.3g} a year ({row.hazard_low:.2g}-{row.hazard_high:.2g})"
    for effect in edition.effects:
        if effect.to == event.id:
            yield f"  {effect_line(effect)}"
    yield f"  CLAIMS: {claim_counts(edition)[event.id].words()}"
    yield from _conflict_lines(run, event.id)
    yield from history_lines(edition.dossier, edition.history, event.id)


def known_occasions(edition: EditionDossier, event_id: str) -> Iterator[str]:
    """Yield `occasion_lines` of the days that an edition knows of."""
    for event in edition.events:
        if event.id == event_id:
            yield from occasion_lines(edition.dossier, event)


def occasion_lines(dossier: Dossier, event: Event) -> Iterator[str]:
    """Yield the days on which an event can happen besides its rate: its probability there, what it was read from, and why."""
    for occasion in event.occasions:
        number = read_occasion(dossier, event.id, occasion)
        low, high = map(percent, Reading(number.location, number.spread).interval(0.9))
        p = percent(float(inverse_cloglog(number.location)))
        read = f"class {occasion.reference_class}, {number.read}" if occasion.reference_class else number.read
        yield f"OCCASION {occasion.on}: {p} ({low} to {high}) that it happens then, besides its rate; {read}"
        yield f"  why: {occasion.why}" + (f" Beside the class: {occasion.beside_class}" if occasion.beside_class else "")
        yield f"  [{occasion.source}]"


def class_line(run: Run, edition: EditionDossier, event: Event, class_id: str) -> str:
    """Return the count of a class behind an event, its own or a rival's: cases, exposure, what it gives, and its source."""
    record = edition.dossier.reference_classes[class_id]
    bases = [row.base_p for row in run.rows("classes") if (row.event, row.reference_class) == (event.id, class_id)]
    chosen = "base rate" if class_id == event.reference_class else f"{event.bound(class_id) or 'rival':<9}"
    given = f"; {100 * bases[0]:.0f} % within the reference horizon" if bases else ""
    memory = " (unverified)" if record.basis == "unverified" else ""
    return f"  {chosen} {class_id}: {record.events:g} in {record.exposure:g} {record.unit}s{given}{memory} [{record.citation}]"


def class_lines(record: ReferenceClass, counted: Number, ageing: Number | None) -> Iterator[str]:
    """Yield how a class's hazard changes with age, and what it borrows, where it does, from the numbers that models read."""
    if ageing:
        over = time_words(ageing.years or 0.0)
        yield f"    its hazard changes with age: Weibull shape {math.exp(ageing.location):.2f} over {over}"
    if record.borrows and counted.shape:
        events, exposure = counts(record)
        own, (shape, rate) = (events + JEFFREYS) / exposure, counted.shape
        yield f"    borrows from {', '.join(record.borrows)}: {own:.3f} a year alone, {shape / rate:.3f} with them"


def effect_line(effect: Effect, *, out: bool = False) -> str:
    """Return an effect in a line, seen from the event that it changes, or with ``out`` from the one that it leaves."""
    how = f"{effect.sign} it ({effect.grade})" if effect.acts == "multiplies" else effect.acts.replace("_", " ")
    if out:
        how = how.replace(" it ", f" {effect.to} ") if effect.acts == "multiplies" else f"{how} {effect.to}"
    if effect.acts == "leads_to":
        how += f' ("{effect.wording}", after {time_words(effect.lag_years or 0.0)} in the mean)'
    for word, value in (("from", effect.begins_on), ("until", effect.until)):
        how += f" {word} {value}" if value else ""
    how += f", fading by half in {time_words(effect.half_life_years)}" if effect.half_life_years else ""
    cited = f", claims {', '.join(effect.claims)}" if effect.claims else ""
    return f"EFFECT {effect.id}: {effect.from_} {how}{cited}. {effect.why}"


def _conflict_lines(run: Run, event_id: str) -> Iterator[str]:
    yield from (f"  {row.words}" for row in run.rows("conflicts") if row.event == event_id)


def history_lines(dossier: Dossier, history: Iterable[HistoryRow], event_id: str) -> Iterator[str]:
    """Yield what is on record of an event."""
    for row in history:
        if row.event == event_id:
            sign = f" {signal_words(dossier, row)}" if row.what == "signal" else ""
            yield f"  HISTORY {row.on} {row.what}{sign} ({row.status}) {row.note} [{row.source}]"
