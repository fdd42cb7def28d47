"""Rules about the network: events, reference classes, effects and drivers."""

from __future__ import annotations

from collections.abc import Iterator

from forecasting.dossier.edition import Dossier
from forecasting.dossier.graph import circles, upstream
from forecasting.dossier.library.own import missing_class
from forecasting.dossier.reference_classes import ReferenceClass
from forecasting.errors import near
from forecasting.rules.base import Finding, rule


@rule("failure")
def event_class(dossier: Dossier) -> Iterator[Finding]:
    """Require the reference class and the rival classes that an event names, each named once.

    An event without a counted class has no base rate.
    """
    for event in dossier.events.values():
        named = [event.reference_class]
        for field, name in (("reference_class", event.reference_class), *(("rivals", name) for name in event.rivals)):
            where = dossier.where("event", event.id, field)
            if dossier.lacks("reference_class", name):
                yield where, f"event {event.id}: no reference class '{name}'", missing_class(name, dossier.reference_classes)
            elif field == "rivals" and name in named:
                yield where, f"event {event.id}: the rival '{name}' is named already", "name another class, or none"
            named.append(name)


def _of_unit(unit: str) -> str:
    """Return what to write where a class is counted per the other unit than its event needs."""
    other = "write scheduled_on: the day on which it is decided" if unit == "year" else "leave scheduled_on out"
    return f"name a class whose unit is {unit} (forecast classes WORDS --unit {unit}), or {other}"


@rule("failure")
def event_unit(dossier: Dossier) -> Iterator[Finding]:
    """Require classes counted per trial for scheduled events, and classes counted per year for all others.

    What happens on its date or not at all has no rate per year; what may happen any day has no number of trials.
    """
    for event in dossier.events.values():
        unit = "trial" if event.scheduled_on else "year"
        for field, name in (("reference_class", event.reference_class), *(("rivals", name) for name in event.rivals)):
            counted = dossier.reference_classes.get(name)
            if counted and counted.unit != unit:
                kind = "a scheduled" if event.scheduled_on else "an unscheduled"
                found = f"event {event.id}: {kind} event with the class '{name}', counted per {counted.unit}"
                yield dossier.where("event", event.id, field), found, _of_unit(unit)


@rule("warning", misses=("reference_class",))
def event_bounds(dossier: Dossier) -> Iterator[Finding]:
    """Flag a ceiling that happened less often in its years or trials than the chosen class in its own, or a floor more often.

    A class cannot be too high for an event for which it gives less than the class that was thought to fit; one of the two is
    chosen wrongly, or the bound is no bound. Half an event is added to each count, as where rates are estimated.
    """
    for event in dossier.events.values():
        for field, names in (("ceilings", event.ceilings), ("floors", event.floors)):
            for name in names:
                chosen, bound = dossier.reference_classes.get(event.reference_class), dossier.reference_classes.get(name)
                if chosen is None or bound is None or (_often(bound) > _often(chosen)) is (field == "ceilings"):
                    continue
                counts = f"{bound.events:g} in {bound.exposure:g}, and {chosen.id} {chosen.events:g} in {chosen.exposure:g}"
                found = f"event {event.id}: {name}, among the {field}, counts {counts} {bound.unit}s"
                yield dossier.where("event", event.id, field, name), found, f"take it out of the {field}, or choose another class"


def _often(counted: ReferenceClass) -> float:
    return (counted.events + 0.5) / counted.exposure


@rule("warning", misses=("question", "effect"))
def event_asked(dossier: Dossier) -> Iterator[Finding]:
    """Flag an event that no question names and from which no chain of effects leads to one.

    It moves nothing that anybody asks.
    """
    named = {name for question in dossier.questions.values() for name in question.events()}
    needed = upstream(dossier.effects.values(), named)
    for event in dossier.events.values():
        if event.id not in needed:
            fix = "ask a question about it, draw an effect from it, or drop it"
            yield dossier.where("event", event.id), f"event {event.id} bears on no question", fix


@rule("failure")
def class_borrows(dossier: Dossier) -> Iterator[Finding]:
    """Require the classes that a class borrows from: others, and counted per year like itself.

    A class with few cases leans on its relatives; it cannot lean on itself, nor a rate per year on a share of trials.
    """
    classes = dossier.reference_classes
    for counted in dossier.class_rows():
        where = dossier.where_counted(counted, "borrows")
        for name in counted.borrows:
            if dossier.lacks("reference_class", name):
                yield where, f"class {counted.id} borrows from '{name}'", near(name, classes, "known classes")
            elif name == counted.id:
                yield where, f"class {counted.id} borrows from itself", "name classes with other cases, or none"
            elif name in classes and "trial" in (counted.unit, classes[name].unit):
                found = f"class {counted.id} (per {counted.unit}) borrows from {name} (per {classes[name].unit})"
                yield where, found, "only rates per year borrow from each other: leave it out"


@rule("failure")
def class_trials(dossier: Dossier) -> Iterator[Finding]:
    """Refuse a class counted per trial with more events than trials.

    A trial succeeds once at most.
    """
    for counted in dossier.class_rows():
        if counted.unit == "trial" and counted.events > counted.exposure:
            found = f"class {counted.id}: {counted.events:g} events in {counted.exposure:g} trials"
            yield dossier.where_counted(counted), found, "swap the two numbers, or write unit year"


@rule("failure")
def effect_events(dossier: Dossier) -> Iterator[Finding]:
    """Require the two events that an effect joins.

    An effect from or to nowhere would be dropped without a message.
    """
    for effect in dossier.effects.values():
        for field, name in (("from", effect.from_), ("to", effect.to)):
            if dossier.lacks("event", name):
                where = dossier.where("effect", effect.id, field)
                yield where, f"effect {effect.id}: no event '{name}'", near(name, dossier.events, "known events")


@rule("failure")
def effect_pair(dossier: Dossier) -> Iterator[Finding]:
    """Refuse a second effect from one event to the same other event.

    Two effects between the same events either say the same thing twice or contradict each other.
    """
    first: dict[tuple[str, str], str] = {}
    for effect in dossier.effects.values():
        other = first.setdefault((effect.from_, effect.to), effect.id)
        if other != effect.id:
            found = f"effect {effect.id} joins {effect.from_} to {effect.to}, as {other} does already"
            yield dossier.where("effect", effect.id), found, "keep one; join their claims"


def enabling_circles(dossier: Dossier) -> Iterator[tuple[str, ...]]:
    """Yield every circle of events of which each waits for the next."""
    enabling = [effect for effect in dossier.effects.values() if effect.acts == "enables"]
    return circles({cause: [e.to for e in enabling if e.from_ == cause] for cause in (e.from_ for e in enabling)})


@rule("failure")
def effect_enables_circle(dossier: Dossier) -> Iterator[Finding]:
    """Refuse `enables` effects that run in a circle.

    Each event would wait for the next, and none could ever happen.
    """
    for circle in enabling_circles(dossier):
        effect = next(e for e in dossier.effects.values() if e.acts == "enables" and (e.from_, e.to) == circle[:2])
        found = f"'enables' effects run in a circle: {' → '.join(circle)}"
        yield dossier.where("effect", effect.id), found, "none could ever happen; drop one of the effects"


@rule("failure")
def effect_claims(dossier: Dossier) -> Iterator[Finding]:
    """Require the claims that an effect cites.

    An effect that cites a claim nobody can read has lost its reason.
    """
    for effect in dossier.effects.values():
        for position, name in enumerate(effect.claims):
            if dossier.lacks("claim", name):
                fix = f"{near(name, dossier.claims, 'known claims')}; or take it out, and say in 'why' what supports it"
                where = dossier.where("effect", effect.id, "claims", position)
                yield where, f"effect {effect.id} cites claim '{name}', which does not exist", fix


@rule("failure")
def effect_claims_fit(dossier: Dossier) -> Iterator[Finding]:
    """Refuse a cited claim that bears neither on the effect nor on one of its two events.

    A citation that supports something else supports nothing.
    """
    for effect in dossier.effects.values():
        for position, name in enumerate(effect.claims):
            claim = dossier.claims.get(name)
            known = {effect.from_, effect.to} <= dossier.events.keys()
            if claim is None or not known or effect.id in (claim.target.effect or ()):
                continue
            if {effect.from_, effect.to}.isdisjoint((*(claim.target.event or ()), *claim.target.given)):
                found = f"effect {effect.id} cites claim {name}, which bears on neither {effect.from_} nor {effect.to}"
                fix = f"take it out, or give the claim the target {{effect: {effect.id}}}"
                yield dossier.where("effect", effect.id, "claims", position), found, fix


@rule("failure")
def driver_events(dossier: Dossier) -> Iterator[Finding]:
    """Require the events that a driver loads on, each once.

    Two loadings on one event would be two strengths for one pressure.
    """
    for driver in dossier.drivers.values():
        loaded = [loading.event for loading in driver.loadings]
        for position, name in enumerate(loaded):
            where = dossier.where("driver", driver.id, "loadings", position, "event")
            if dossier.lacks("event", name):
                yield where, f"driver {driver.id}: no event '{name}'", near(name, dossier.events, "known events")
            elif name in loaded[:position]:
                yield where, f"driver {driver.id} loads on {name} twice", "keep one loading"
