"""Rules about questions: their events, their deadlines and their scenarios."""

from __future__ import annotations

from collections.abc import Iterator

from forecasting.dossier.edition import Dossier
from forecasting.dossier.messages import near
from forecasting.dossier.records import Question
from forecasting.dossier.statements import MAX_WORLDS, count_worlds, question_leaves, true_members
from forecasting.rules.base import Finding, rule


@rule("failure")
def question_events(dossier: Dossier) -> Iterator[Finding]:
    """Require the events that a question names.

    A question about an event without a contract cannot be resolved.
    """
    for question in dossier.questions.values():
        for name in question.events():
            if name not in dossier.events:
                hint = near(name, dossier.events, "known events")
                yield dossier.where("question", question.id), f"question {question.id}: no event '{name}'", hint


@rule("failure")
def question_deadline(dossier: Dossier) -> Iterator[Finding]:
    """Require every deadline of a question to lie after the opening of the event it looks at.

    Before its opening an event cannot happen; the answer would be known.
    """
    for question in dossier.questions.values():
        for name, day in question_leaves(question):
            event = dossier.events.get(name)
            if event and day <= event.opens_on:
                found = f"question {question.id}: the deadline {day} is not after {name} opens on {event.opens_on}"
                yield dossier.where("question", question.id), found, "mend the deadline, or opens_on of the event"


@rule("failure")
def question_schedule(dossier: Dossier) -> Iterator[Finding]:
    """Require every deadline that looks at a scheduled event to lie on its date or after.

    Before its date a scheduled event cannot have happened; the answer would be known.
    """
    for question in dossier.questions.values():
        for name, day in question_leaves(question):
            event = dossier.events.get(name)
            if event and event.scheduled_on and day < event.scheduled_on:
                found = f"question {question.id}: the deadline {day} is before {name} is due on {event.scheduled_on}"
                yield dossier.where("question", question.id), found, "mend the deadline, or scheduled_on of the event"


@rule("warning")
def question_asked(dossier: Dossier) -> Iterator[Finding]:
    """Flag a question that no edition asks.

    It gets no forecast.
    """
    asked = {name for edition in dossier.editions.values() for name in edition.questions}
    for name in dossier.questions.keys() - asked:
        yield dossier.where("question", name), f"question {name} is in no edition", "list it in one, or drop it"


@rule("failure")
def question_stages(dossier: Dossier) -> Iterator[Finding]:
    """Require at least two stages, or two events of which one is the first, each another event.

    One stage is a yes/no question; an event cannot come after itself.
    """
    for question in dossier.questions.values():
        field = "stages" if question.stages is not None else "first_of"
        listed = question.stages if question.stages is not None else question.first_of
        if listed is not None and (len(listed) < 2 or len(set(listed)) < len(listed)):
            where = dossier.where("question", question.id, field)
            found = f"question {question.id}: {field} {', '.join(listed) or 'none'}"
            yield where, found, "name two or more events, each once"


def scenario_sets(dossier: Dossier) -> Iterator[Question]:
    """Yield the questions with scenarios that are few enough to be enumerated."""
    for question in dossier.questions.values():
        if question.scenarios and count_worlds(question) <= MAX_WORLDS:
            yield question


@rule("failure")
def scenario_size(dossier: Dossier) -> Iterator[Finding]:
    """Refuse a scenario set whose events can turn out in more than 16,384 ways (14 events at one deadline).

    Nobody, and no program in a blink, can see whether its members overlap.
    """
    for question in dossier.questions.values():
        if question.scenarios and count_worlds(question) > MAX_WORLDS:
            n = len(question.events())
            found = f"question {question.id}: its {n} events can turn out in {count_worlds(question):,} ways"
            yield dossier.where("question", question.id, "scenarios"), found, "name fewer events, or split the question"


@rule("failure")
def scenario_ids(dossier: Dossier) -> Iterator[Finding]:
    """Require scenarios to have different ids within their set, and `other: true` once at most, as the last.

    A forecast gives each member one probability; `other` is what the members before it leave over.
    """
    for question in dossier.questions.values():
        members = question.scenarios or ()
        for position, member in enumerate(members):
            where = dossier.where("question", question.id, "scenarios", position)
            if member.id in [earlier.id for earlier in members[:position]]:
                yield where, f"question {question.id}: scenario '{member.id}' again", "give each its own id"
            if member.other and position < len(members) - 1:
                found = f"question {question.id}: '{member.id}' is the other scenario, but not the last"
                yield where, found, "put other: true last, and once"


@rule("failure")
def scenario_overlap(dossier: Dossier) -> Iterator[Finding]:
    """Refuse scenarios of one set that can be true together, whatever the events do.

    Their probabilities would add up to more than one.
    """
    for question in scenario_sets(dossier):
        shown = set()
        for world, true in true_members(question):
            for later in true[1:]:
                if (true[0].id, later.id) not in shown:
                    shown.add((true[0].id, later.id))
                    position = (question.scenarios or ()).index(later)
                    found = f"question {question.id}: '{true[0].id}' and '{later.id}' are both true when {world}"
                    fix = f"narrow one of them, for example with a condition that '{true[0].id}' excludes"
                    yield dossier.where("question", question.id, "scenarios", position), found, fix


@rule("failure")
def scenario_gap(dossier: Dossier) -> Iterator[Finding]:
    """Require the scenarios of a set to cover everything that the events can do.

    Their probabilities would add up to less than one.
    """
    for question in scenario_sets(dossier):
        if any(member.other for member in question.scenarios or ()):
            continue
        world = next((world for world, true in true_members(question) if not true), None)
        if world:
            found = f"question {question.id}: no scenario is true when {world}"
            fix = "add a scenario, or '- {id: other, title: …, other: true}' as the last"
            yield dossier.where("question", question.id, "scenarios"), found, fix


@rule("failure")
def scenario_possible(dossier: Dossier) -> Iterator[Finding]:
    """Refuse a scenario that is true in no world, and an `other` for which the named ones leave no room.

    Its probability is 0 by definition, and 0 is never a forecast.
    """
    for question in scenario_sets(dossier):
        rest = {member.id for member in question.scenarios or () if member.other}
        possible: set[str] = set()
        for _, true in true_members(question):
            possible |= {member.id for member in true} or rest
        for position, member in enumerate(question.scenarios or ()):
            if member.id not in possible:
                why = "the others leave nothing over" if member.other else "it contradicts itself"
                found = f"question {question.id}: '{member.id}' can never be true: {why}"
                where = dossier.where("question", question.id, "scenarios", position)
                yield where, found, "leave it out, or mend its statement"
