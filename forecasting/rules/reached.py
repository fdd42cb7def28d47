"""Rules about judgements that class, effect and horizon cannot meet, found before any fit.

The numbers come from `forecasting.elicitation`, which is loaded only where a dossier has such a judgement.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from forecasting.dossier.claims import Claim
from forecasting.dossier.dated_classes import classes_on
from forecasting.dossier.edition import Dossier, known_claims
from forecasting.dossier.effects import Effect
from forecasting.dossier.events import Event
from forecasting.errors import Where
from forecasting.rules.base import Finding, Reach, reach, rule, status_on
from forecasting.rules.targets import DECIDED

if TYPE_CHECKING:
    from forecasting.elicitation.reached import Reached

FAR = 10.0  # times the class's hazard: beyond every grade, so that no other cause explains it
BOUNDS = {"level": "", "at_least": " or more", "at_most": " or less"}


@dataclass(frozen=True)
class Read:
    """A judgement about one event as an edition would read it: log cumulative hazard, how it bounds, and what is reached."""

    dossier: Dossier
    edition: str
    claim: Claim
    event: Event
    into: tuple[Effect, ...]
    location: float
    reads: str
    reached: Reached

    @property
    def where(self) -> Where:
        """The line of the wording."""
        return self.dossier.where("claim", self.claim.id, "wording")

    @property
    def words(self) -> str:
        """What it says of its event, as a number."""
        years = self.claim.horizon.years if self.claim.horizon else 1.0
        within = "on its date" if self.event.scheduled_on else f"within {years:g} year{'' if years == 1 else 's'}"
        number = f"{_shown(_probability(self.location))}{BOUNDS[self.reads]}"
        return f"claim {self.claim.id}: '{self.claim.wording}' reads as {number} that {self.event.id} comes {within}"

    @property
    def world(self) -> str:
        """In which world it says it."""
        given = self.claim.target.given.items()
        return " and ".join(f"once {name} has happened" if state else f"while {name} has not happened" for name, state in given)

    @property
    def acting(self) -> tuple[Effect, ...]:
        """The effects of its conditions on its event."""
        return tuple(effect for effect in self.into if effect.from_ in self.claim.target.given)

    @property
    def through(self) -> str:
        """Those effects with what they do."""
        return " and ".join(f"{effect.id} ({_acts(self.dossier, effect)})" for effect in self.acting)


@rule("warning", misses=("claim", "event", "effect", "history", "reference_class"))
def claim_reached(dossier: Dossier) -> Iterator[Finding]:
    """Flag a judgement under a condition whose central reading lies outside what class, effect and horizon reach in that world.

    "Almost certainly, once fighting starts" reads as 94 %; a rare class and an effect of ×4 reach 50 % at best (the 5 and 95 %
    points before any claim are meant). The fit would bend the class, in all other worlds as well, to please one sentence. Of a
    floor only what is above, of a ceiling only what is below is such a conflict.
    """
    for read in _judgements(dossier, conditional=True):
        low, high = read.reached.interval()
        said = _probability(read.location)
        found = f"{read.words} {read.world}, but class {read.event.reference_class} with {read.through}"
        if read.reads != "at_most" and said > high:
            yield read.where, f"{found} reaches {_shown(high)} at best there (edition {read.edition})", _fix(read, up=True)
        elif read.reads != "at_least" and said < low:
            yield read.where, f"{found} gives {_shown(low)} at the least there (edition {read.edition})", _fix(read, up=False)


def _fix(read: Read, up: bool) -> str:
    """Return what to write where a judgement lies above (``up``) or below what is reached; what cannot help is not named."""
    effects, ways = read.acting, []
    graded = {effect: read.dossier.grades["strength", effect.grade].value for effect in effects if effect.grade}
    scale = [row.value for (name, _), row in read.dossier.grades.items() if name == "strength"]
    for effect, ratio in graded.items():
        stronger = ((effect.sign == "raises") is read.claim.target.given[effect.from_]) is up
        if ratio < max(scale) if stronger else ratio > min(scale):
            ways.append(f"a {'stronger' if stronger else 'weaker'} grade for {effect.id}")
    happened = [effect for effect in effects if read.claim.target.given[effect.from_]]
    if up and any(effect.acts == "multiplies" for effect in happened):
        ways.append("acts: leads_to with a wording, if the one brings the other about")
    ways += [f"a {'surer' if up else 'less sure'} wording of {effect.id}" for effect in happened if effect.acts == "leads_to"]
    such, other = "a class that counted such worlds (class_given)", "another reference class (forecast classes)"
    ways = [*ways, such, other] if ways else [other, such]  # another class first, where no grade of an effect would do
    return f"write {', '.join(ways)}; or a wording, or reads with reads_why, that claims less, if the sentence does"


@rule("warning", misses=("claim", "event", "effect", "history", "reference_class"))
def claim_enabled(dossier: Dossier) -> Iterator[Finding]:
    """Flag a judgement without `given` about an event that waits for another, if it stands ten times off its class.

    Without a condition it is read of the event whether or not the other one comes, so that the wait is part of it. Words that
    were said of the time after it would raise the hazard many times; words that deny the first step would lower that of the
    second. Of a floor only what is above, of a ceiling only what is below counts.
    """
    for read in _judgements(dossier, conditional=False):
        waits = [
            effect.from_
            for effect in read.into
            if effect.acts == "enables" and effect.from_ not in read.claim.target.given
            and not _had_happened(read.dossier, effect.from_, read.claim)
        ]  # fmt: skip
        least, most = read.reached.median()
        if not waits:
            continue
        names = " and ".join(waits)
        found = f"{read.words}, whether or not {names} has happened; class {read.event.reference_class} with that wait gives"
        if read.reads != "at_most" and read.location - most > math.log(FAR):
            fix = f"write given: {{{waits[0]}: true}} if the sentence speaks of the time after it, else another class or wording"
            found = f"{found} {_shown(_probability(most))}, less than a tenth of the hazard"
            yield read.where, f"{found} (edition {read.edition})", fix
        elif read.reads != "at_least" and least - read.location > math.log(FAR):
            fix = f"write event: [{waits[0]}] if the sentence denies the first step, else another class or wording"
            found = f"{found} {_shown(_probability(least))}, more than ten times the hazard"
            yield read.where, f"{found} (edition {read.edition})", fix


def _judgements(dossier: Dossier, conditional: bool) -> Iterator[Read]:
    """Yield every judgement about an event, with or without a condition, as the first edition that uses it reads it."""
    done: set[tuple[str, str]] = set()
    for edition in dossier.editions.values():
        seen = reach(dossier, edition)
        known = replace(
            dossier,
            reference_classes=classes_on(dossier.reference_classes, dossier.dated_rows, edition.as_of),
            history=tuple(row for row in dossier.history if row.on <= edition.as_of),
        )
        for claim in known_claims(dossier, edition):
            if claim.kind != "judgement" or claim.moves_nothing or bool(claim.target.given) is not conditional:
                continue
            for name in claim.target.event or ():
                if (claim.id, name) not in done and name in seen.events and (read := _read(known, edition.id, seen, claim, name)):
                    done.add((claim.id, name))
                    yield read


def _read(dossier: Dossier, edition: str, seen: Reach, claim: Claim, name: str) -> Read | None:
    """Return a judgement as it would be read; None if it waits for nothing, or if another rule refuses what is behind it."""
    event, wording = dossier.events[name], dossier.wording(claim.lexicon, claim.wording)
    into = tuple(effect for effect in seen.effects if effect.to == name)
    conditioned = bool(claim.target.given) and set(claim.target.given) <= {effect.from_ for effect in into}
    decided = any((effect.acts, claim.target.given.get(effect.from_)) in DECIDED for effect in into)
    waits = not claim.target.given and any(effect.acts == "enables" for effect in into)
    if not wording or decided or not (conditioned or waits) or not _sound(dossier, seen):
        return None
    from forecasting.elicitation.reached import reached
    from forecasting.elicitation.wording import event_reads, read_wording

    direction = claim.direction or "occurs"
    location = read_wording(wording, direction).location  # type: ignore[arg-type]
    reads = event_reads(claim.reads or wording.reads, direction)  # type: ignore[arg-type]
    return Read(dossier, edition, claim, event, into, location, reads, reached(dossier, seen.effects, claim, event))


def _sound(dossier: Dossier, seen: Reach) -> bool:
    """Return whether classes, grades and wordings behind an edition's events are all there; other rules say which are not."""
    classes = dossier.reference_classes
    events = [dossier.events[name] for name in seen.events]
    borrowed = {name for event in events if event.reference_class in classes for name in classes[event.reference_class].borrows}
    days = [day for event in events for day in event.occasions]
    named = {event.reference_class for event in events} | {day.reference_class for day in days if day.reference_class} | borrowed
    grades = {effect.grade for effect in seen.effects} | {load.grade for driver in seen.drivers for load in driver.loadings}
    said = [(effect.lexicon, effect.wording) for effect in seen.effects] + [(day.lexicon, day.wording) for day in days]
    return (
        named <= classes.keys()
        and all(("strength", grade) in dossier.grades for grade in grades - {None})
        and all(dossier.wording(lexicon, wording) for lexicon, wording in said if wording)
    )


def _had_happened(dossier: Dossier, name: str, claim: Claim) -> bool:
    return not status_on(dossier, dossier.events[name], claim.made_on).is_open


def _acts(dossier: Dossier, effect: Effect) -> str:
    if effect.acts != "multiplies":
        return effect.acts
    ratio = dossier.grades["strength", effect.grade or ""].value
    return f"×{ratio:g}" if effect.sign == "raises" else f"×1/{ratio:g}"


def _probability(location: float) -> float:
    return -math.expm1(-math.exp(location))


def _shown(probability: float) -> str:
    return f"{100 * probability:.{0 if 0.01 <= probability <= 0.99 else 1}f} %"
