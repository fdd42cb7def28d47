"""What an edition would have been on another day: what was known then, and which of its questions were still open."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from forecasting.dossier.dated_classes import known_row
from forecasting.dossier.decided import decided
from forecasting.dossier.edition import NETWORK, Dossier, Edition, EditionDossier, known_effects, select_edition
from forecasting.dossier.graph import upstream
from forecasting.dossier.questions import Question
from forecasting.rules.base import status_on
from forecasting.rules.claims import latest_publication


@dataclass(frozen=True)
class KnownOn:
    """An edition as of another day.

    ``edition`` asks only what was open; ``answered`` has the questions that the history had answered by then, and
    ``left_out`` those that cannot be fitted, with the reason.
    """

    edition: Edition
    answered: Mapping[str, str]
    left_out: Mapping[str, str]

    def select(self, dossier: Dossier) -> EditionDossier:
        """Return the part of a dossier that the edition sees on that day, without claims that cannot be read then."""
        return _readable(select_edition(dossier, self.edition))


def _readable(seen: EditionDossier) -> EditionDossier:
    """Return an edition without the claims about worlds that no effect joins to their event.

    They speak of a world with a cause given; where the effect of that cause is not known yet, or left out, nothing says how that
    world differs from others, and to read them as if they spoke of all worlds would be to misquote them.
    """
    joined, here = {(effect.from_, effect.to) for effect in seen.effects}, set(seen.event_ids)
    kept = tuple(
        claim for claim in seen.claims
        if all((cause, event) in joined for event in here & set(claim.target.event or ()) for cause in claim.target.given)
    )  # fmt: skip
    return seen if kept == seen.claims else replace(seen, claims=kept)


def known_on(dossier: Dossier, edition: Edition, day: dt.date) -> KnownOn:
    """Return an edition as of a day, earlier or later than its own.

    Sources are those that the edition lists and that had appeared; of one whose date is vague, only from the last day on which
    it can have appeared, unless the edition's own day has come. Claims, history rows, occasions, events, effects and counts of
    classes are cut at the day as in every edition. Questions whose deadline is over, whose event had not opened, or that the
    history has answered are not asked.
    """
    sources = tuple(name for name in edition.sources if _out(dossier, edition, name, day))
    before = edition.model_copy(update={"as_of": day, "sources": sources, "previous": None})
    asked: list[str] = []
    answered: dict[str, str] = {}
    left_out: dict[str, str] = {}
    for name in edition.questions:
        question = dossier.questions[name]
        if reason := _not_asked(dossier, before, question):
            left_out[name] = reason
        elif answer := decided(dossier, before, question).answer:
            answered[name] = answer
        else:
            asked.append(name)
    return KnownOn(before.model_copy(update={"questions": tuple(asked)}), answered, left_out)


def _out(dossier: Dossier, edition: Edition, source: str, day: dt.date) -> bool:
    record = dossier.sources[source]
    return (record.published_on if day >= edition.as_of else latest_publication(record)) <= day


def _not_asked(dossier: Dossier, edition: Edition, question: Question) -> str:
    """Return why a question cannot be asked on the edition's day, or nothing."""
    day = edition.as_of
    if question.form.model != NETWORK:
        return f"it is answered by the model “{question.form.model}”, and a backtest refits the event network alone"
    if max((until for _, until in question.leaves()), default=question.deadline) <= day:
        return f"its deadline was {question.deadline}"
    if late := [name for name in question.events() if dossier.events[name].opens_on > day]:
        return f"{late[0]} opens on {dossier.events[late[0]].opens_on}"
    needed = sorted(upstream(known_effects(dossier, edition), set(question.events())))
    return next((reason for name in needed for reason in _obstacles(dossier, edition, name)), "")


def _obstacles(dossier: Dossier, edition: Edition, name: str) -> Iterator[str]:
    """Yield why an event cannot be fitted on the edition's day."""
    event, day = dossier.events[name], edition.as_of
    if event.scheduled_on and event.scheduled_on <= day:
        status = status_on(dossier, event, day)
        if (status.occurred_on or status.known_until) < event.scheduled_on:
            yield f"{name} was due on {event.scheduled_on}, and the history up to {day} does not say what came of it"
    own = dossier.reference_classes[event.reference_class]
    row = known_row(own, dossier.dated_rows, day)
    for current in (own, *(dossier.reference_classes[other] for other in (row.borrows if row else ()))):
        if known_row(current, dossier.dated_rows, day) is None:
            yield f"no row of the class {current.id} was counted by {day}"
