"""Trace an event, an effect or a reference class to the claims behind it and the answers that stand on it."""

from __future__ import annotations

from forecasting.dossier.claims import Claim
from forecasting.dossier.dated_classes import rows_of
from forecasting.dossier.edition import Dossier, lookup
from forecasting.elicitation.quantify import read_class, read_life_table
from forecasting.runs.store import Run
from forecasting.trace.claims import claim_line, summary
from forecasting.trace.events import class_lines, effect_line, event_lines, history_lines, occasion_lines
from forecasting.trace.questions import reached


def trace_event(runs: list[Run], dossier: Dossier, event_id: str) -> str:
    """Return an event's class, history and effects in every edition that has it, then its claims and the answers on it."""
    event, lines = lookup(dossier.events, event_id, "event"), []
    editions = [dossier.edition(run.manifest.edition) for run in runs]
    having = [(run, edition) for run, edition in zip(runs, editions, strict=True) if event_id in edition.event_ids]
    for run, edition in having:
        lines += [f"edition {edition.edition.id}, as of {edition.edition.as_of}"]
        lines += [*event_lines(run, edition, event, asked=True), ""]
    if not having:
        record = dossier.reference_classes[event.reference_class]
        lines += [f"EVENT {event.id}: {event.title}", f"  {dossier.where('event', event_id)}", "  no run has it yet"]
        lines += [f"  base rate {record.id}: {record.events:g} in {record.exposure:g} {record.unit}s [{record.citation}]"]
        lines += [f"  rivals: {', '.join(event.rivals)}"] if event.rivals else []
        lines += [f"    why: {event.why_class} (fit: {event.class_fit})", *(f"  {o}" for o in occasion_lines(dossier, event))]
        lines += history_lines(dossier, dossier.history, event_id)
        lines += [f"  {effect_line(effect)}" for effect in dossier.effects.values() if effect.to == event_id] + [""]
    out = [f"  {effect_line(effect, out=True)}" for effect in dossier.effects.values() if effect.from_ == event_id]
    lines += ["EFFECTS out of it", *(out or ["  none"]), "", "CLAIMS about it"]
    lines += _claim_lines(runs, dossier, [claim for claim in dossier.claims.values() if event_id in (claim.target.event or ())])
    return "\n".join([*lines, "", *_question_lines(runs, dossier, {event_id})])


def trace_effect(runs: list[Run], dossier: Dossier, effect_id: str) -> str:
    """Return an effect, the two events it joins, the claims that support it, and the answers that it reaches."""
    effect = lookup(dossier.effects, effect_id, "effect")
    lines = [effect_line(effect, out=True), f"  {dossier.where('effect', effect_id)}"]
    for role, event_id in (("from", effect.from_), ("to", effect.to)):
        event = dossier.events[event_id]
        lines += [f"  {role} {event.id}: {event.title} ({dossier.where('event', event.id)})"]
    named = [claim for claim in dossier.claims.values() if claim.id in effect.claims or effect_id in (claim.target.effect or ())]
    lines += ["", "CLAIMS that support it", *_claim_lines(runs, dossier, named), ""]
    runs = [run for run in runs if effect_id in {effect.id for effect in dossier.edition(run.manifest.edition).effects}]
    return "\n".join([*lines, *_question_lines(runs, dossier, {effect.to}, "QUESTIONS that it reaches")])


def trace_class(runs: list[Run], dossier: Dossier, class_id: str) -> str:
    """Return a class's counts and citation, the events that stand on it or weigh it as a rival, and the answers on them."""
    record = lookup(dossier.reference_classes, class_id, "reference class")
    rate = (record.events + 0.5) / (record.exposure + (record.unit == "trial"))
    lines = [
        f"REFERENCE CLASS {record.id}: {record.events:g} events in {record.exposure:g} {record.unit}s, {record.period}",
        f"  {dossier.where('reference_class', class_id)}",
        *(
            f"  {row.events:g} in {row.exposure:g} from {row.counted_until} on ({row.basis}; {dossier.where_counted(row)})"
            for row in rows_of(record, dossier.dated_rows)
        ),
        f"  {rate:.3g} a {record.unit}; members differ by {record.spread:g} (half-normal scale, log hazard)",
        *class_lines(record, read_class(dossier, class_id), read_life_table(dossier, class_id)),
        f"  {record.note} [{record.citation}]",
    ]
    lenders = [other.id for other in dossier.reference_classes.values() if class_id in other.borrows]
    lines += [f"  {', '.join(lenders)} borrow{'s' if len(lenders) == 1 else ''} from it"] if lenders else []
    own = [event for event in dossier.events.values() if event.reference_class == class_id]
    days = [(event, one) for event in dossier.events.values() for one in event.occasions if one.reference_class == class_id]
    rivals = [event for event in dossier.events.values() if class_id in event.rivals]
    lines += ["", "EVENTS that stand on it", *(f"  {event.id}: {event.why_class} (fit: {event.class_fit})" for event in own)]
    lines += [f"  {event.id}, for its occasion on {one.on}: {one.why}" for event, one in days]
    lines += ["  none"] if not own and not days else []
    lines += ["", "EVENTS that it is a rival for"]
    lines += [f"  {event.id}, which stands on {event.reference_class}" for event in rivals]
    lines += ["  none"] if not rivals else []
    return "\n".join([*lines, "", *_question_lines(runs, dossier, {event.id for event in (*own, *(one for one, _ in days))})])


def _claim_lines(runs: list[Run], dossier: Dossier, claims: list[Claim]) -> list[str]:
    lines = []
    for claim in claims:
        lines += [f"  {claim_line(dossier, claim)}"]
        lines += [f"    {run.manifest.edition}: {summary(run.rows('influence'), claim.id)}" for run in runs]
    return lines or ["  none"]


def _question_lines(runs: list[Run], dossier: Dossier, events: set[str], head: str = "QUESTIONS that stand on it") -> list[str]:
    found = list(reached(runs, [dossier.edition(run.manifest.edition) for run in runs], events))
    asked = [q.id for q in dossier.questions.values() if not events.isdisjoint(q.events())]
    return [head, *(found or [f"  {name} (in no run yet)" for name in asked] or ["  none"])]
