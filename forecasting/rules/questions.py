"""Rules about questions: their events, their deadlines, and what is wrong with their form."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from forecasting.dossier.edition import Dossier
from forecasting.dossier.status import years_between
from forecasting.elicitation.estimates import terms_in
from forecasting.errors import near
from forecasting.rules.base import Finding, rule

NO_DOUBT = 35.0  # events that are expected: none of them happens with probability 6e-16


@rule("failure")
def question_events(dossier: Dossier) -> Iterator[Finding]:
    """Require the events that a question names.

    A question about an event without a contract cannot be resolved.
    """
    for question in dossier.questions.values():
        for name in question.events():
            if dossier.lacks("event", name):
                hint = near(name, dossier.events, "known events")
                yield dossier.where("question", question.id), f"question {question.id}: no event '{name}'", hint


@rule("failure")
def question_deadline(dossier: Dossier) -> Iterator[Finding]:
    """Require every deadline of a question to lie after the opening of the event it looks at.

    Before its opening an event cannot happen; the answer would be known.
    """
    for question in dossier.questions.values():
        for name, day in question.leaves():
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
        for name, day in question.leaves():
            event = dossier.events.get(name)
            if event and event.scheduled_on and day < event.scheduled_on:
                found = f"question {question.id}: the deadline {day} is before {name} is due on {event.scheduled_on}"
                yield dossier.where("question", question.id), found, "mend the deadline, or scheduled_on of the event"


@rule("failure")
def question_certain(dossier: Dossier) -> Iterator[Finding]:
    """Refuse a question whose event is as good as certain by its deadline under its class alone: there is nothing to forecast.

    With N/E events a year over the time from the event's opening, less four spreads of the class, the probability that it
    stays away is below 1e-15: most probably the count or its unit is not what was meant.
    """
    for question in dossier.questions.values():
        for name, day in question.leaves():
            event = dossier.events.get(name)
            counted = dossier.reference_classes.get(event.reference_class) if event else None
            if event is None or counted is None or counted.unit != "year":
                continue
            rate = counted.events / counted.exposure
            expected = rate * years_between(event.opens_on, day)
            if expected * math.exp(-4 * counted.spread) > NO_DOUBT:
                found = f"question {question.id}: class {counted.id} counts {rate:,.4g} a year, so {name} is certain by {day}"
                fix = "correct events, exposure or unit of the class, choose another one, or leave the question out"
                yield dossier.where("question", question.id), found, fix


@rule("warning", misses=("edition",))
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
        for field, found, fix in question.form.faults():
            yield dossier.where("question", question.id, *field), f"question {question.id}: {found}", fix


@rule("failure")
def question_statement(dossier: Dossier) -> Iterator[Finding]:
    """Require a statement to be a clause with "will" that a term can be said of, with the numbers of its title.

    It stands in sentences such as "It is unlikely that … (12 %)": with a term of its own there would be two, and with another
    year than the title the report would answer a question that nobody asked.
    """
    for question in dossier.questions.values():
        if question.statement is None:
            continue
        where, text = dossier.where("question", question.id, "statement"), question.statement
        numbers, asked = (sorted(re.findall(r"\d[\d.,]*\d|\d", said)) for said in (text, question.title))
        if question.form.kind != "yes/no":
            yield where, f"question {question.id}: a statement, and {question.form.name} has several answers", "leave it out"
        elif not re.search(r"\bwill\b", text) or text.rstrip()[-1] in ".?!":
            found = f"question {question.id}: statement '{text}' is no clause with 'will' and without a full stop"
            yield where, found, "write for example: the base will still be operated at the end of 2025"
        elif terms := terms_in(text):
            yield where, f"question {question.id}: statement has '{terms[0]}'", "leave the term out; the report sets its own"
        elif numbers != asked:
            found = f"question {question.id}: statement has the numbers {numbers}, the title {asked}"
            yield where, found, "write those of the title"
