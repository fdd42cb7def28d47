"""Rules about assumptions: their events, their editions, and the days on which a run can look."""

from __future__ import annotations

from collections.abc import Iterator

from forecasting.dossier.assumptions import Assumption
from forecasting.dossier.edition import Dossier, Edition
from forecasting.errors import near
from forecasting.rules.base import Finding, reach, rule


@rule("failure")
def assumption_events(dossier: Dossier) -> Iterator[Finding]:
    """Require the events that an assumption names.

    One about an event without a record is met by no run and missed by none.
    """
    for held in dossier.assumptions.values():
        for name in held.holds.events():
            if dossier.lacks("event", name):
                hint = near(name, dossier.events, "known events")
                yield dossier.where("assumption", held.id, "holds"), f"assumption {held.id}: no event '{name}'", hint


@rule("failure")
def assumption_editions(dossier: Dossier) -> Iterator[Finding]:
    """Require the editions that an assumption names, each once.

    A slip in the name would leave it out of every report without a word.
    """
    for held in dossier.assumptions.values():
        for position, name in enumerate(held.editions or ()):
            where = dossier.where("assumption", held.id, "editions", position)
            if dossier.lacks("edition", name):
                hint = near(name, dossier.editions, "known editions")
                yield where, f"assumption {held.id}: no edition '{name}'", hint
            elif name in (held.editions or ())[:position]:
                yield where, f"assumption {held.id} names the edition '{name}' twice", "keep one"


@rule("failure", misses=("question",))
def assumption_days(dossier: Dossier) -> Iterator[Finding]:
    """Require every day of an assumption to lie after the as-of date of each edition it names, and by its last deadline.

    A run simulates from the one to the other: before that there is nothing to forecast, and beyond it are no paths.
    """
    for held in dossier.assumptions.values():
        for name in held.editions or ():
            edition = dossier.editions.get(name)
            if edition and (found := _outside(dossier, held, edition)):
                fix = "mend the day, or leave the edition out of 'editions'"
                yield dossier.where("assumption", held.id, "holds"), f"assumption {held.id} of edition {name}: {found}", fix


@rule("warning", misses=("question", "event", "effect", "claim"))
def assumption_asked(dossier: Dossier) -> Iterator[Finding]:
    """Flag an assumption that no edition can be asked, or one of those it names cannot.

    It is listed as not asked, and says nothing of the model.
    """
    reaches = {name: reach(dossier, edition).events for name, edition in dossier.editions.items()}
    for held in dossier.assumptions.values():
        if not set(held.holds.events()) <= dossier.events.keys():
            continue
        editions = [edition for name, edition in dossier.editions.items() if held.is_held_of(name)]
        why = {one.id: held.holds.absent(reaches[one.id]) or _outside(dossier, held, one) for one in editions}
        unable = [f"{name} ({reason})" for name, reason in why.items() if reason]
        if unable and (held.editions or len(unable) == len(editions)):
            fix = "ask a question that leads to its events, or mend the statement"
            found = f"assumption {held.id} cannot be asked of {', '.join(unable)}"
            yield dossier.where("assumption", held.id), found, fix


def _outside(dossier: Dossier, held: Assumption, edition: Edition) -> str:
    deadlines = [dossier.questions[name].deadline for name in edition.questions if name in dossier.questions]
    return held.holds.outside(edition.as_of, max(deadlines, default=edition.as_of))
