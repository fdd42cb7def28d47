"""Rules about what claims bear on: their targets, their conditions, and the questions they move."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from forecasting.dossier.claim_kinds import CLAIM_KINDS
from forecasting.dossier.claims import Claim
from forecasting.dossier.edition import Dossier
from forecasting.dossier.effects import Effect
from forecasting.errors import near
from forecasting.rules.base import Finding, Reach, days_after, reach, rule

MOVING = ("source", "claim", "event", "effect", "driver", "question", "edition")  # what leads from a claim to a question
DECIDED = frozenset({("enables", False), ("blocks", True), ("implies", True)})  # worlds in which an event is sure, or impossible


@rule("failure")
def claim_target(dossier: Dossier) -> Iterator[Finding]:
    """Require the events, effects and driver that a claim bears on.

    A claim that bears on nothing known would be left out without a word.
    """
    for claim in dossier.claims.values():
        target = claim.target
        named: list[tuple[str, str, Mapping[str, Any]]] = [
            ("event", name, dossier.events) for name in (*(target.event or ()), *target.given)
        ]
        named += [("effect", name, dossier.effects) for name in target.effect or ()]
        named += [("driver", target.driver, dossier.drivers)] if target.driver else []
        for kind, name, table in named:
            if dossier.lacks(kind, name):
                where = dossier.where("claim", claim.id, "target", "given" if name in target.given else kind)
                yield where, f"claim {claim.id}: no {kind} '{name}'", near(name, table, f"known {kind}s")


def conditions(dossier: Dossier) -> Iterator[tuple[Claim, str, bool, str, Effect | None]]:
    """Yield every condition of a claim with the event it conditions and the effect between them, if there is one."""
    effects = {(effect.from_, effect.to): effect for effect in dossier.effects.values()}
    for claim in [claim for claim in dossier.claims.values() if not claim.moves_nothing]:
        for event in claim.target.event or ():
            for cause, happened in claim.target.given.items():
                yield claim, cause, happened, event, effects.get((cause, event))


@rule("failure", misses=("effect",))
def claim_given(dossier: Dossier) -> Iterator[Finding]:
    """Require an effect from every condition of a claim (`given`) into every event that it bears on.

    A condition acts through the effect; without one it would change nothing, and the claim would be read as if
    unconditional.
    """
    for claim, cause, _, event, effect in conditions(dossier):
        if effect is None and {cause, event} <= dossier.events.keys():
            where = dossier.where("claim", claim.id, "target", "given", cause)
            fix = f"add an effect from {cause} to {event} to effects.yaml, or leave the condition to the note"
            yield where, f"claim {claim.id}: no effect from {cause} into {event}", fix


@rule("failure")
def claim_given_possible(dossier: Dossier) -> Iterator[Finding]:
    """Refuse a condition under which the event cannot happen, or must: its enabler given false, what blocks or implies it true.

    There is no probability to read in such a world: it is 0 or 1 by definition.
    """
    for claim, cause, happened, event, effect in conditions(dossier):
        if effect and (effect.acts, happened) in DECIDED:
            where = dossier.where("claim", claim.id, "target", "given", cause)
            known = "certain" if effect.acts == "implies" else "impossible"
            found = f"claim {claim.id}: {event} is {known} when {cause} is {str(happened).lower()} ({effect.id})"
            yield where, found, f"write {cause}: {str(not happened).lower()}, or drop the condition"


@rule("failure")
def claim_given_judgement(dossier: Dossier) -> Iterator[Finding]:
    """Refuse conditions on claims other than judgements.

    A fact or a driver is read as it stands; its condition would be ignored without a message.
    """
    for claim in dossier.claims.values():
        if claim.target.given and not CLAIM_KINDS[claim.kind].conditional and not claim.moves_nothing:
            where = dossier.where("claim", claim.id, "target", "given")
            yield where, f"claim {claim.id}: a {claim.kind} has conditions", "drop them, or code a judgement"


@rule("failure")
def claim_given_open(dossier: Dossier) -> Iterator[Finding]:
    """Require a claim's conditions to be events that have opened by the as-of date of every edition that reads it.

    An edition has no effect from an event that opens later, and so nothing through which the condition could act.
    """
    for edition in dossier.editions.values():
        seen = reach(dossier, edition)
        for claim, cause, _, event, _ in conditions(dossier):
            late = dossier.events[cause].opens_on > edition.as_of if cause in dossier.events else False
            if late and event in seen.events and claim.source in edition.sources and claim.made_on <= edition.as_of:
                where = dossier.where("claim", claim.id, "target", "given", cause)
                days = f"opens on {dossier.events[cause].opens_on}, after as_of {edition.as_of} of edition {edition.id}"
                fix = "let the event open earlier, or drop the condition"
                yield where, f"claim {claim.id}: its condition {cause} {days}", fix


@rule("failure")
def claim_horizon(dossier: Dossier) -> Iterator[Finding]:
    """Refuse a judgement whose horizon ends before its event opens.

    It speaks of another time than the event does.
    """
    for claim in dossier.claims.values():
        for event in [dossier.events[name] for name in claim.target.event or () if name in dossier.events]:
            if claim.kind != "judgement" or claim.horizon is None or event.scheduled_on:
                continue
            ends_on = days_after(claim.made_on, round(claim.horizon.years * 365.25))
            if ends_on <= event.opens_on:
                found = f"claim {claim.id}: its horizon ends on {ends_on}, before {event.id} opens on {event.opens_on}"
                fix = "mend the horizon, or say in 'moves_nothing' why the claim is kept"
                yield dossier.where("claim", claim.id, "horizon"), found, fix


@rule("failure")
def claim_cited_back(dossier: Dossier) -> Iterator[Finding]:
    """Require an effect to cite every claim that bears on it.

    An effect's strength is a coder's reading of its claims; whoever questions it must find them at the effect.
    """
    for claim in dossier.claims.values():
        for name in claim.target.effect or ():
            effect = dossier.effects.get(name)
            if effect and claim.id not in effect.claims:
                where = dossier.where("claim", claim.id, "target", "effect")
                fix = f"add {claim.id} to the claims of {name} ({dossier.where('effect', name)}), or change the target"
                yield where, f"claim {claim.id} bears on effect {name}, which does not cite it", fix


@rule("failure")
def claim_twice(dossier: Dossier) -> Iterator[Finding]:
    """Refuse two claims of one source that read the same words for the same target.

    One sentence would count twice. The model gives a copy a tenth of its weight, but a count of claims, and a reader, would
    take it for a second opinion.
    """
    first: dict[tuple, str] = {}
    for claim in dossier.claims.values():
        for kind in ("event", "effect", "driver"):
            for name in claim.target.of(kind):
                key = (claim.source, claim.anchor.start, claim.anchor.end, kind, name)
                other = first.setdefault(key, claim.id)
                if other != claim.id and claim.id not in _corrections(dossier, other):
                    found = f"claim {claim.id} reads the same words as {other} for the {kind} {name}"
                    yield dossier.where("claim", claim.id, "anchor"), found, "keep one of the two, or split the words"


def _corrections(dossier: Dossier, name: str) -> set[str]:
    return {claim.id for claim in dossier.claims.values() if claim.supersedes == name}


@rule("failure", misses=MOVING)
def claim_moves(dossier: Dossier) -> Iterator[Finding]:
    """Require every claim to bear on a question of some edition, or to say in `moves_nothing` why it does not.

    A claim that moves no number without saying so looks like evidence and is none. A quantity bears on a question where the
    question's series reads it, or through an effect that cites it: a number enters no hazard.
    """
    reaches = {edition.id: reach(dossier, edition) for edition in dossier.editions.values()}
    excused = {claim.supersedes for claim in dossier.claims.values()} | _refused(dossier)
    for claim in dossier.claims.values():
        if not claim.moves_nothing and claim.id not in excused and not _moves(dossier, claim, reaches):
            listed = any(claim.source in edition.sources for edition in dossier.editions.values())
            found = f"claim {claim.id} moves no question of any edition"
            fix = "ask a question that its target leads to" if listed else f"list {claim.source} in an edition"
            if claim.kind == "quantity" and listed:
                found += ": it is a quantity, and a number enters no hazard"
                fix = "have the series that it is about read it, code what it says of an event as a fact or a judgement"
                fix += ", cite the claim at an effect"
            yield dossier.where("claim", claim.id), found, f"{fix}, or say in 'moves_nothing' why it is kept"


def _refused(dossier: Dossier) -> set[str]:
    """Return the claims that other rules refuse for naming what does not exist."""
    known = dossier.events.keys() | dossier.effects.keys() | dossier.drivers.keys()
    return {
        claim.id
        for claim in dossier.claims.values()
        if claim.source not in dossier.sources
        or not {*(claim.target.event or ()), *(claim.target.effect or ()), claim.target.driver} <= known | {None}
    }


def _moves(dossier: Dossier, claim: Claim, reaches: dict[str, Reach]) -> bool:
    """Return whether a claim bears on a question of an edition that lists its source; its date is another rule's."""
    listing = [edition.id for edition in dossier.editions.values() if claim.source in edition.sources]
    return any(reaches[name].uses(claim) for name in listing)
