"""Rules about series and their counts: what exists, what is known when, and what a question may ask of a series."""

from __future__ import annotations

from collections.abc import Iterator

from forecasting.dossier.edition import Dossier
from forecasting.dossier.forms.quantities import OfQuantity
from forecasting.errors import near
from forecasting.rules.base import Finding, rule


@rule("failure")
def series_records(dossier: Dossier) -> Iterator[Finding]:
    """Require the stock, the events and the claims that a series names.

    A slip in a name would leave a change of regime, or a number, out of the model without a word.
    """
    for series in dossier.series.values():
        stocks = [name for name, one in dossier.series.items() if one.kind == "stock"]
        if series.out_of and series.out_of not in stocks and not dossier.unread.may_be("series", series.out_of):
            yield dossier.where("series", series.id, "out_of"), f"series {series.id}: no stock '{series.out_of}'", near(
                series.out_of, stocks, "stocks"
            )
        for i, shift in enumerate(series.shifts):
            if shift.event and dossier.lacks("event", shift.event):
                where = dossier.where("series", series.id, "shifts", i, "event")
                yield where, f"series {series.id}: no event '{shift.event}'", near(shift.event, dossier.events, "known events")
        for i, told in enumerate(series.claims):
            claim = dossier.claims.get(told.claim)
            where = dossier.where("series", series.id, "claims", i, "claim")
            if claim is None:
                if not dossier.lacks("claim", told.claim):
                    continue
                yield where, f"series {series.id}: no claim '{told.claim}'", near(told.claim, dossier.claims, "known claims")
            elif claim.kind != "quantity" or claim.value is None or claim.value <= 0:
                found = f"series {series.id}: claim {claim.id} is a {claim.kind} without a positive value"
                yield where, found, "name a claim of kind quantity that has a value, or leave it out"


@rule("failure")
def count_series(dossier: Dossier) -> Iterator[Finding]:
    """Require the series of every count, and a register that the series knows.

    A count of another register without a word of how the two differ would be read as if they were one.
    """
    for count in dossier.counts:
        series = dossier.series.get(count.series)
        if series is None:
            if not dossier.lacks("series", count.series):
                continue
            hint = near(count.series, dossier.series, "known series")
            yield dossier.where("count", count.id), f"count {count.id}: no series '{count.series}'", hint
            continue
        known = [series.counted_by, *(register.id for register in series.registers)]
        if count.counted_by not in known:
            found = f"count {count.id}: series {series.id} knows no register '{count.counted_by}'"
            fix = f"{near(count.counted_by, known, 'its registers')}; or add it to registers of the series, with its spread"
            yield dossier.where("count", count.id), found, fix


@rule("failure")
def count_period(dossier: Dossier) -> Iterator[Finding]:
    """Require a period of every count but those of a stock, after the series starts and within one level of its own.

    A sum without its first day says nothing of a rate; a period across a level that is set anew is about neither side.
    """
    for count in dossier.counts:
        series = dossier.series.get(count.series)
        if series is None:
            continue
        where = dossier.where("count", count.id)
        if (series.kind == "stock") is not (count.since is None):
            what = "a stock, counted on a day" if series.kind == "stock" else f"a {series.kind}, counted over a period"
            yield where, f"count {count.id}: {series.id} is {what}", "leave since empty" if count.since else "write since"
        elif (count.since or count.until) < series.starts_on:
            yield where, f"count {count.id} is of before {series.id} starts, {series.starts_on}", "begin the series earlier"
        for shift in series.shifts:
            if shift.becomes and shift.on and count.since and count.since < shift.on <= count.until:
                found = f"count {count.id}: its period holds {shift.on}, when {series.id} is set to another level"
                yield where, found, "split it into the part before and the part after, as far as a source says"


@rule("failure")
def question_quantity(dossier: Dossier) -> Iterator[Finding]:
    """Require the series that a question asks about, in a form that fits it.

    Only a total grows until it reaches a number; a volume is that of a calendar year, and is known when the year is over.
    """
    for question in dossier.questions.values():
        form = question.form
        if not isinstance(form, OfQuantity):
            continue
        where, name = dossier.where("question", question.id, form.name), form.subjects()[0]
        series = dossier.series.get(name)
        if series is None:
            if not dossier.lacks("series", name):
                continue
            yield where, f"question {question.id}: no series '{name}'", near(name, dossier.series, "known series")
        elif form.name == "reaches" and series.kind != "total":
            fix = "write level or between, with 'at'; or ask about a total"
            yield where, f"question {question.id}: {name} is a {series.kind} and may come and go", fix
        elif series.kind == "volume" and (question.deadline.month, question.deadline.day) != (12, 31):
            found = f"question {question.id}: the year up to {question.deadline} is no calendar year"
            yield where, found, f"write at: {question.deadline.year}-12-31"


@rule("failure")
def edition_counts(dossier: Dossier) -> Iterator[Finding]:
    """Require at least one published count of every series that an edition asks about, by its as-of date.

    Without any the answer would be the prior of the series and nothing else.
    """
    for edition in dossier.editions.values():
        for position, name in enumerate(edition.questions):
            question = dossier.questions.get(name)
            subjects = question.form.subjects() if question and isinstance(question.form, OfQuantity) else ()
            for series in (one for one in subjects if one in dossier.series):
                if not any(count.series == series and count.published_on <= edition.as_of for count in dossier.counts):
                    where = dossier.where("edition", edition.id, "questions", position)
                    found = f"edition {edition.id}: no count of {series}, asked about in {name}, was published by {edition.as_of}"
                    yield where, found, "add a count with the day on which it was published, or take the question off"
