"""Rules about one piece of knowledge that enters an event twice, or an order that is meant and not said."""

from __future__ import annotations

import datetime as dt
import itertools
from collections import defaultdict
from collections.abc import Iterator

from forecasting.dossier.edition import Dossier
from forecasting.dossier.events import HistoryRow
from forecasting.dossier.forms.stages import Stages
from forecasting.dossier.graph import reach
from forecasting.rules.base import Finding, rule

MANY, WITHIN = 3, dt.timedelta(days=366)  # so many signals one way, in so long a time, want to know whose they are


@rule("warning")
def occasion_beside_class(dossier: Dossier) -> Iterator[Finding]:
    """Flag an occasion that does not say why the event's class, counted per year, holds no such days.

    A rate of leaders leaving office holds the elections that they lost. With an election as an occasion beside it, each would
    count twice; the class has to leave them out, or the occasion goes.
    """
    for event in dossier.events.values():
        for position, occasion in enumerate(event.occasions):
            if occasion.beside_class is None:
                where = dossier.where("event", event.id, "occasions", position)
                found = f"event {event.id}: the occasion of {occasion.on} stands beside class {event.reference_class}"
                fix = "say in beside_class why that count holds no such days, name a class without them, or drop the occasion"
                yield where, found, fix


@rule("warning")
def fact_opens_event(dossier: Dossier) -> Iterator[Finding]:
    """Flag a fact told later that happened on the day on which its event opens.

    What opens an event, or is the state from which it starts, is in its contract and its class already; as evidence it would
    count again.
    """
    for claim in dossier.claims.values():
        for name in claim.target.event or () if claim.kind == "fact" and not claim.moves_nothing else ():
            event = dossier.events.get(name)
            if event and claim.made_on > event.opens_on == claim.happened_on:
                found = f"claim {claim.id}: happened on {claim.happened_on}, the day on which {name} opens"
                fix = "say in moves_nothing that the contract holds it, or mend happened_on or opens_on"
                yield dossier.where("claim", claim.id, "happened_on"), found, fix


@rule("warning")
def lag_beside_class(dossier: Dossier) -> Iterator[Finding]:
    """Flag an event that leads to another and has that other's class.

    The class then dates what follows, not what leads to it, and the lag of the effect comes on top of a delay that it holds.
    """
    for effect in dossier.effects.values():
        cause, then = dossier.events.get(effect.from_), dossier.events.get(effect.to)
        if effect.acts == "leads_to" and cause and then and cause.reference_class == then.reference_class:
            found = f"event {cause.id}: class {cause.reference_class} is that of {then.id}, which follows from it with a lag"
            fix = f"name a class that counts up to the day of {cause.id}, or let one of the two events go"
            yield dossier.where("event", cause.id, "reference_class"), found, fix


@rule("warning", misses=("effect",))
def stages_in_order(dossier: Dossier) -> Iterator[Finding]:
    """Flag stages of which a later one does not wait for the one before it.

    Stages state an order. Where no effect enables one from the other, most worlds may have it the other way round, and the
    ladder's number for a stage is no longer that of the question about its event.
    """
    waits = [effect for effect in dossier.effects.values() if effect.acts == "enables"]
    for question in dossier.questions.values():
        if not isinstance(question.form, Stages):
            continue
        for before, after in itertools.pairwise(question.form.stated):
            if before not in reach(lambda name: [effect.from_ for effect in waits if effect.to == name], [after]):
                found = f"question {question.id}: {after} can come without {before}"
                fix = f"write an effect from {before} to {after} that enables, or ask about the two apart"
                yield dossier.where("question", question.id, "stages"), found, fix


@rule("warning")
def signals_of_one_origin(dossier: Dossier) -> Iterator[Finding]:
    """Flag three signals one way on one event within a year that do not say whose they are.

    Each source counts as one origin, so that one government's words in three papers are read as three independent facts.
    Signals of one ``origin`` share most of what they say.
    """
    rows = defaultdict(list)
    for position, row in enumerate(dossier.history):
        if row.what == "signal" and (raises := _raises(dossier, row)) is not None:
            rows[row.event, raises].append((row.on, position, row))
    for (event, raises), some in sorted(rows.items()):
        some.sort(key=lambda one: one[:2])
        for first, last in zip(some, some[MANY - 1 :], strict=False):
            bare = [row for on, _, row in some if first[0] <= on <= last[0] and row.origin is None]
            if last[0] - first[0] <= WITHIN and bare:
                found = f"{MANY} signals that {'raise' if raises else 'lower'} {event} from {first[0]} to {last[0]}"
                fix = "write in origin of each what shows itself in it, the same id for one actor's words and for one act"
                yield dossier.where("history", last[1]), f"{found}, {len(bare)} without origin", fix
                break


def _raises(dossier: Dossier, row: HistoryRow) -> bool | None:
    """Return whether a signal raises its event, or None if its words are in no lexicon."""
    comes, stays_away = (dossier.wording(row.lexicon, words) for words in (row.comes, row.stays_away))
    if row.likelihood_ratio is not None:
        return row.likelihood_ratio > 1
    return comes.p50 > stays_away.p50 if comes and stays_away else None
