"""Rules about editions: what they ask, what they may know, and what their as-of date leaves open."""

from __future__ import annotations

from collections.abc import Hashable, Iterator

from forecasting.dossier.decided import decided
from forecasting.dossier.edition import MOST_KEY, NETWORK, Dossier, Edition
from forecasting.dossier.events import Event
from forecasting.errors import near
from forecasting.rules.base import Finding, reach, rule, status_on
from forecasting.rules.claims import latest_publication
from forecasting.rules.events import enabling_circles

STALE_DAYS = 400
MOST_YEARS = 50


@rule("failure")
def edition_records(dossier: Dossier) -> Iterator[Finding]:
    """Require the sources and questions that an edition lists, each once.

    A source that is not found would be left out of the forecast without a word.
    """
    for edition in dossier.editions.values():
        for kind, table in (("source", dossier.sources), ("question", dossier.questions)):
            field = f"{kind}s"
            names = getattr(edition, field)
            for position, name in enumerate(names):
                where = dossier.where("edition", edition.id, field, position)
                if dossier.lacks(kind, name):
                    yield where, f"edition {edition.id}: no {kind} '{name}'", near(name, table, f"known {field}")
                elif name in names[:position]:
                    yield where, f"edition {edition.id} lists the {kind} '{name}' twice", "keep one"


@rule("failure")
def edition_network(dossier: Dossier) -> Iterator[Finding]:
    """Require at least one question about events of every edition.

    The tables, the curves and half of the gate of a run are the event network's; other models answer beside it.
    """
    for edition in dossier.editions.values():
        asked = [dossier.questions[name] for name in edition.questions if name in dossier.questions]
        if asked and all(question.form.model != NETWORK for question in asked):
            found = f"edition {edition.id}: none of its {len(asked)} questions is about an event"
            yield dossier.where("edition", edition.id, "questions"), found, "add a question in a form such as 'asks'"


@rule("failure")
def edition_learned(dossier: Dossier) -> Iterator[Finding]:
    """Require the table of what was learned that an edition names, from nothing that came about after its as-of date.

    Who reads claims by outcomes that were not known yet forecasts with hindsight.
    """
    for edition in dossier.editions.values():
        if (name := edition.learned) is None:
            continue
        where = dossier.where("edition", edition.id, "learned")
        if dossier.lacks("learned", name):
            found = f"edition {edition.id}: no table learned/{name}.csv"
            write = f"forecast learn --before {edition.as_of} --write {name}"
            yield where, found, f"{near(name, dossier.learned, 'known tables')}; or write it: {write}"
        elif late := [row for row in dossier.learned.get(name, ()) if row.before > edition.as_of]:
            knows = f"learned/{name}.csv knows what came before {late[0].before}"
            found = f"edition {edition.id} is as of {edition.as_of}, {knows}"
            write = f"forecast learn --before {edition.as_of} --write ID"
            yield where, found, f"name a table from what came before {edition.as_of}: {write}"


@rule("failure")
def edition_published(dossier: Dossier) -> Iterator[Finding]:
    """Refuse a source that appeared after the as-of date of an edition that lists it.

    An edition knows nothing later than its as-of date.
    """
    for edition in dossier.editions.values():
        for position, name in enumerate(edition.sources):
            source = dossier.sources.get(name)
            if source and source.published_on > edition.as_of:
                found = f"source {name} appeared on {source.published_on}, after as_of {edition.as_of} of edition {edition.id}"
                fix = f"mend the date, or take it off the list ({dossier.where('edition', edition.id, 'sources', position)})"
                yield dossier.where("source", name, "published_on"), found, fix


@rule("warning")
def edition_published_vaguely(dossier: Dossier) -> Iterator[Finding]:
    """Flag a source whose date is so vague that it may have appeared after the as-of date of an edition.

    What looks like foresight may be hindsight.
    """
    for edition in dossier.editions.values():
        for name in edition.sources:
            source = dossier.sources.get(name)
            if source and source.published_on <= edition.as_of < latest_publication(source):
                vague = f"source {name} is dated {source.published_on} to the {source.published_precision}"
                found = f"{vague} and may have appeared after as_of {edition.as_of} of edition {edition.id}"
                fix = f"find its day, or move as_of to {latest_publication(source)}"
                yield dossier.where("source", name, "published_precision"), found, fix


@rule("failure")
def edition_claims(dossier: Dossier) -> Iterator[Finding]:
    """Refuse a claim dated after the as-of date of an edition that lists its source.

    An edition would leave it out without a message, or, with a mended date, know what nobody knew.
    """
    for claim in dossier.claims.values():
        late = [e for e in dossier.editions.values() if claim.source in e.sources and claim.made_on > e.as_of]
        if late:
            editions = " and ".join(f"as_of {edition.as_of} of edition {edition.id}" for edition in late)
            found = f"claim {claim.id}: made_on {claim.made_on} is after {editions}, which lists {claim.source}"
            fix = "write the day the words were said, or take the source off the edition's list"
            yield dossier.where("claim", claim.id, "made_on"), found, fix


@rule("failure", misses=("source",))
def edition_history(dossier: Dossier) -> Iterator[Finding]:
    """Refuse a row of history that an edition reads, from a source that appeared after the as-of date.

    What happened by that day is history; what was first written of it later is hindsight.
    """
    for n, row in enumerate(dossier.history):
        source = dossier.sources.get(row.source)
        for edition in dossier.editions.values() if source else ():
            if source and row.on <= edition.as_of < source.published_on:
                found = f"{row.event} on {row.on} stands on {row.source}, which appeared on {source.published_on}"
                fix = "name the source by which it was known then, or date the row on the day on which it became known"
                yield dossier.where("history", n), f"{found}, after as_of {edition.as_of} of edition {edition.id}", fix


@rule("failure")
def edition_deadlines(dossier: Dossier) -> Iterator[Finding]:
    """Refuse a question whose deadline is over by the as-of date of an edition, or decades after it.

    What is over is not forecast, and what lies fifty years ahead cannot be.
    """
    for edition in dossier.editions.values():
        for position, name in enumerate(edition.questions):
            question = dossier.questions.get(name)
            last = max((day for _, day in question.leaves()), default=question.deadline) if question else edition.as_of
            if question and last <= edition.as_of:
                where = dossier.where("edition", edition.id, "questions", position)
                found = f"edition {edition.id}: question {name} ends on {last}, not after as_of"
                yield where, f"{found} {edition.as_of}", "take it off the list"
            elif question and question.deadline.year - edition.as_of.year > MOST_YEARS:
                where = dossier.where("edition", edition.id, "questions", position)
                found = f"edition {edition.id}: question {name} ends on {question.deadline}, over {MOST_YEARS} years ahead"
                yield where, found, "ask about a nearer day: base rates of today say nothing of that one"


@rule("failure")
def edition_events(dossier: Dossier) -> Iterator[Finding]:
    """Require every event that an edition asks about to have opened by its as-of date.

    The model starts an event's clock at its opening; before that it has no state.
    """
    for edition in dossier.editions.values():
        for position, name in enumerate(edition.questions):
            for event in _events(dossier, name):
                if event.opens_on > edition.as_of:
                    where = dossier.where("edition", edition.id, "questions", position)
                    found = f"edition {edition.id}: {event.id}, asked in {name}, opens on {event.opens_on}"
                    yield where, f"{found}, after as_of {edition.as_of}", "take the question off, or mend a date"


@rule("failure", misses=("effect", "claim", "history"))
def edition_settled(dossier: Dossier) -> Iterator[Finding]:
    """Refuse a question, of whatever form, that has one answer only: by the history, by what effects exclude, or by logic.

    Its probability would be 0 or 1, and that is a record and not a forecast. Of a set of outcomes some may be impossible; the
    report says why.
    """
    if any(enabling_circles(dossier)):
        return  # none of its events can happen, and the circle is what is wrong
    for edition in dossier.editions.values():
        for position, name in enumerate(edition.questions):
            question = dossier.questions.get(name)
            if question is None or len(_events(dossier, name)) < len(question.events()):
                continue
            found = decided(dossier, edition, question)
            if found.answer:
                where = dossier.where("edition", edition.id, "questions", position)
                said = f"edition {edition.id}: question {name} can only be answered '{found.answer}': {found.why}"
                yield where, said, "take the question off the list, or ask what is still open"


@rule("failure", misses=("history", "effect"))
def edition_schedule(dossier: Dossier) -> Iterator[Finding]:
    """Require the outcome of every scheduled event whose date is over by the as-of date of an edition that needs it.

    A date that has passed has settled the event; the model has no way to leave it open.
    """
    for edition in dossier.editions.values():
        for name in sorted(reach(dossier, edition).events):
            event = dossier.events[name]
            if not event.scheduled_on or event.scheduled_on > edition.as_of or _blocked(dossier, event, edition):
                continue
            status = status_on(dossier, event, edition.as_of)
            if (status.occurred_on or status.known_until) < event.scheduled_on:
                found = f"edition {edition.id}: {name} was due on {event.scheduled_on}, and history.csv has no outcome"
                fix = f"add the row 'occurred' or 'survived' of {name}, dated {event.scheduled_on} to {edition.as_of}"
                yield dossier.where("event", name, "scheduled_on"), f"{found} by {edition.as_of}", fix


@rule("warning", misses=("history", "effect"))
def edition_stale(dossier: Dossier) -> Iterator[Finding]:
    """Flag an open event that an edition asks about when its state was last known more than 400 days earlier.

    "No report found" is not survival: everything since the last row is part of the forecast.
    """
    for edition in dossier.editions.values():
        for name in sorted(reach(dossier, edition).asked):
            status = status_on(dossier, dossier.events[name], edition.as_of)
            old = (edition.as_of - status.known_until).days > STALE_DAYS
            if status.is_open and old and not _blocked(dossier, dossier.events[name], edition):
                where = dossier.where("edition", edition.id, "as_of")
                found = f"the state of {name} since {status.known_until} is unknown and will be forecast"
                yield where, f"edition {edition.id}: {found}", "add a 'survived' row, if a source confirms it"


@rule("failure")
def edition_reconstructed(dossier: Dossier) -> Iterator[Finding]:
    """Require an edition to say that it is reconstructed if the text of one of its sources was fetched after its as-of date.

    Its claims were coded by somebody who may have known what came; a score of it is no record of foresight.
    """
    for edition in dossier.editions.values():
        for position, name in enumerate(edition.sources):
            source = dossier.sources.get(name)
            late = source.retrieved_on if source else None
            if late and late > edition.as_of and not edition.reconstructed:
                where = dossier.where("edition", edition.id, "sources", position)
                found = f"edition {edition.id}: source {name} was retrieved on {late}, after as_of {edition.as_of}"
                yield where, f"{found}, so its claims were coded later", "write reconstructed: with what was done after that day"


@rule("failure", misses=("question", "event"))
def edition_previous(dossier: Dossier) -> Iterator[Finding]:
    """Require an edition's previous one to be there, to be earlier, and to have known an event that is asked about.

    A report says what changed since then, and that takes a question which could have been asked then.
    """
    for edition in dossier.editions.values():
        if edition.previous is None:
            continue
        where, before = dossier.where("edition", edition.id, "previous"), dossier.editions.get(edition.previous)
        if before is None and not dossier.lacks("edition", edition.previous):
            continue
        if before is None:
            yield where, f"edition {edition.id}: no edition '{edition.previous}'", near(edition.previous, dossier.editions)
        elif before.as_of >= edition.as_of:
            found = f"edition {edition.id}: previous {before.id} is as of {before.as_of}, not before {edition.as_of}"
            yield where, found, "name an earlier edition, or leave 'previous' out"
        elif not any(_could_ask(dossier, name, before) for name in edition.questions):
            found = f"edition {edition.id}: every question is about an event that opened after {before.id}"
            yield where, found, "name a later edition, or leave 'previous' out"


@rule("failure")
def edition_key_questions(dossier: Dossier) -> Iterator[Finding]:
    """Require up to five key questions, each asked by the edition, no two that differ by their date alone.

    The brief begins with them: what it says of a question that is not asked would be empty, and twice the same says nothing more.
    """
    for edition in dossier.editions.values():
        named = edition.key_questions or ()
        if len(named) > MOST_KEY:
            found = f"edition {edition.id}: {len(named)} key questions"
            fix = f"keep {MOST_KEY} at most: a reader takes in no more on one page"
            yield dossier.where("edition", edition.id, "key_questions"), found, fix
        subjects: dict[Hashable, str] = {}
        for position, name in enumerate(named):
            where = dossier.where("edition", edition.id, "key_questions", position)
            if name not in edition.questions:
                hint = near(name, edition.questions, "its questions")
                yield where, f"edition {edition.id}: key question '{name}' is not among its questions", hint
            elif name in dossier.questions:
                subject = dossier.questions[name].subject
                if subject in subjects:
                    found = f"edition {edition.id}: key questions {subjects[subject]} and {name} are about the same"
                    yield where, found, "keep one of the two"
                subjects.setdefault(subject, name)


def _could_ask(dossier: Dossier, question: str, edition: Edition) -> bool:
    events = _events(dossier, question)
    return bool(events) and all(event.opens_on <= edition.as_of for event in events)


def _events(dossier: Dossier, question: str) -> list[Event]:
    """Return the events that a question names, as far as both exist."""
    names = dossier.questions[question].events() if question in dossier.questions else ()
    return [dossier.events[name] for name in names if name in dossier.events]


def _blocked(dossier: Dossier, event: Event, edition: Edition) -> bool:
    """Return whether something that blocks an event is known to have happened: its state is then known for good."""
    into = [effect for effect in dossier.effects.values() if effect.to == event.id and effect.acts == "blocks"]
    names = [effect.from_ for effect in into if not (effect.begins_on or effect.until)]
    blockers = [dossier.events[name] for name in names if name in dossier.events]
    return any(not status_on(dossier, blocker, edition.as_of).is_open for blocker in blockers)
