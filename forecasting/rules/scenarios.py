"""Rules about scenario sets: of the members exactly one is true, whatever the events do."""

from __future__ import annotations

from collections.abc import Iterator

from forecasting.dossier.edition import Dossier, known_effects
from forecasting.dossier.effects import Effect
from forecasting.dossier.questions import Question
from forecasting.dossier.worlds import MAX_WORLDS, count_worlds, true_members
from forecasting.rules.base import Finding, rule

LOGIC = ("claim", "event", "effect", "edition")  # they decide which effects hold wherever a question is asked


def scenario_sets(dossier: Dossier) -> Iterator[Question]:
    """Yield the questions with scenarios that are few enough to be enumerated."""
    for question in dossier.questions.values():
        if question.scenarios and count_worlds(question) <= MAX_WORLDS:
            yield question


def binding(dossier: Dossier, question: Question) -> list[Effect]:
    """Return the effects whose logic holds wherever a question is asked: those that every edition with it knows."""
    editions = [edition for edition in dossier.editions.values() if question.id in edition.questions]
    known = [{effect.id for effect in known_effects(dossier, edition)} for edition in editions]
    return [effect for effect in dossier.effects.values() if all(effect.id in ids for ids in known)]


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


@rule("failure", misses=LOGIC)
def scenario_overlap(dossier: Dossier) -> Iterator[Finding]:
    """Refuse scenarios of one set that can be true together, whatever the events do that effects allow.

    Their probabilities would add up to more than one.
    """
    for question in scenario_sets(dossier):
        shown, names = set(), [member.id for member in question.scenarios or ()]
        for world, true in true_members(question, binding(dossier, question)):
            for later in true[1:]:
                if (true[0], later) not in shown:
                    shown.add((true[0], later))
                    position = names.index(later)
                    found = f"question {question.id}: '{true[0]}' and '{later}' are both true when {world}"
                    fix = f"narrow one of them, for example with a condition that '{true[0]}' excludes"
                    yield dossier.where("question", question.id, "scenarios", position), found, fix


@rule("failure", misses=LOGIC)
def scenario_gap(dossier: Dossier) -> Iterator[Finding]:
    """Require the scenarios of a set to cover everything that the events can do; what effects exclude needs no scenario.

    Their probabilities would add up to less than one.
    """
    for question in scenario_sets(dossier):
        if any(member.other for member in question.scenarios or ()):
            continue
        world = next((world for world, true in true_members(question, binding(dossier, question)) if not true), None)
        if world:
            found = f"question {question.id}: no scenario is true when {world}"
            fix = "add a scenario, or '- {id: other, title: …, other: true}' as the last"
            yield dossier.where("question", question.id, "scenarios"), found, fix


@rule("failure", misses=LOGIC)
def scenario_possible(dossier: Dossier) -> Iterator[Finding]:
    """Refuse a scenario that is true in no world, and an `other` for which the named ones leave no room.

    Its probability is 0 by definition, and 0 is never a forecast.
    """
    for question in scenario_sets(dossier):
        rest = {member.id for member in question.scenarios or () if member.other}
        possible: set[str] = set()
        for _, true in true_members(question, binding(dossier, question)):
            possible |= set(true) or rest
        for position, member in enumerate(question.scenarios or ()):
            if member.id not in possible:
                why = "the others leave nothing over" if member.other else "it contradicts itself, or the effects"
                found = f"question {question.id}: '{member.id}' can never be true: {why}"
                where = dossier.where("question", question.id, "scenarios", position)
                yield where, found, "leave it out, or mend its statement"
