"""What became of a question, as a record: what a person found, or what the dossier's history settles."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from forecasting.dossier.edition import Dossier
from forecasting.dossier.forms.base import VOID
from forecasting.dossier.graph import joined, reach
from forecasting.dossier.questions import Question
from forecasting.dossier.resolution import History, outcome_of
from forecasting.errors import UsageError, near
from forecasting.ledger.contracts import contract_digest
from forecasting.ledger.early import not_too_early
from forecasting.ledger.outcomes import outcome_titles
from forecasting.ledger.records import UNDECIDED
from forecasting.ledger.standing import Standing
from forecasting.ledger.values import held_value, published_value


def resolve(
    dossier: Dossier, standing: Standing, question: str, outcome: str, *, on: dt.date, source: str, by: str, today: dt.date,
    no_report: bool = False, note: str = "", correct: str = "", value: float | None = None, why: str = "",
) -> dict[str, Any]:  # fmt: skip
    """Return the record of an outcome.

    Parameters
    ----------
    outcome : str
        An outcome of the question, ``void`` or ``ambiguous``. *void* means that the void condition holds, which is not *no*.
    on : date
        The day since which it is so.
    no_report : bool
        It is so because no report of the contrary was found.
    correct : str
        Why an outcome that is there is replaced.
    value : float, optional
        Of a question that asks in which range a quantity lies: how large it was.
    why : str
        Why an outcome that could still change was certain before the deadline; it is kept in the note.

    Raises
    ------
    UsageError
        If nothing was forecast, the outcome is unknown, the day lies ahead, the contract has changed, there is an
        outcome, the number is not in the outcome's range, the day is before anything of it could come about or was forecast, or
        it is before the deadline and the outcome could still change.
    """
    said = list(standing.said_of(question))
    if not said:
        known = near(question, sorted({entry.question for entry in standing.forecasts}))
        raise UsageError(f"nothing was forecast of '{question}'; {known}; issue a forecast first: forecast issue EDITION")
    asked = dossier.questions.get(question)
    if asked is None:
        raise UsageError(f"the dossier has no question '{question}' any more; bring its record back to resolve it")
    possible = (*outcome_titles(asked), *UNDECIDED)
    if outcome not in possible:
        raise UsageError(f"{question} has no outcome '{outcome}'; write one of {', '.join(possible)}")
    if outcome == VOID and asked.void is None and not _void_rule(dossier, asked):
        raise UsageError(f"{question}: no contract says when it is void; write ambiguous, or the outcome that came about")
    if on > today:
        raise UsageError(f"{question}: {on} is still to come; write the day since which it is so")
    if on > asked.deadline:
        raise UsageError(f"{question}: {on} is after its deadline {asked.deadline}; write the day up to it since which it is so")
    contract = contract_digest(dossier, asked)
    if contract not in {entry.contract for entry in said}:
        raise UsageError(f"{question}: its contract has changed since it was forecast; resolve what was asked, or issue it anew")
    not_too_early(dossier, asked, outcome, on, [entry for entry in said if entry.contract == contract], why=why)
    if why.strip():
        note = f"{note} Certain before its deadline: {why.strip()}".strip()
    draft = {
        "entry": "outcome", "question": question, "contract": contract, "outcome": outcome, "on": on.isoformat(),
        "source": source, "by": by, "no_report": no_report, "note": note,
        **({} if value is None else {"value": held_value(asked, outcome, value)}),
    }  # fmt: skip
    before = standing.settled.get((question, contract))  # one of another contract stands beside it
    if before is None:
        return draft
    if len(correct.strip()) < 3:
        found = f"{question} was resolved to {before.outcome} (record {before.number} of {before.day})"
        raise UsageError(f'{found}; a correction is a record with a reason: add --correct "WHY"')
    return {**draft, "replaces": before.digest, "reason": correct}


def _void_rule(dossier: Dossier, question: Question) -> bool:
    return any(dossier.events[name].resolution.void_if for name in question.events())


def settled_by_history(dossier: Dossier, standing: Standing, *, by: str, today: dt.date) -> Iterator[dict[str, Any]]:
    """Yield the outcome of every forecast question that the history settles, with its sources.

    One that has an outcome under its contract is passed over; an outcome under another contract settles nothing of this one.
    """
    for question in dict.fromkeys(entry.question for entry in standing.forecasts):
        asked = dossier.questions.get(question)
        if asked is None:
            continue
        contract = contract_digest(dossier, asked)
        if (question, contract) in standing.settled or contract not in {e.contract for e in standing.said_of(question)}:
            continue
        outcome = outcome_of(dossier, asked, today)
        if outcome is None:
            continue
        on, sources, partly = deciding(dossier, asked, outcome, today)
        value = published_value(dossier, asked, outcome, today)
        yield {
            "entry": "outcome", "question": question, "contract": contract, "outcome": outcome,
            "on": on.isoformat(), "source": "; ".join(sources), "by": by, "no_report": partly,
            "note": "Follows from the dossier's history.", **({} if value is None else {"value": value}),
        }  # fmt: skip


def deciding(dossier: Dossier, question: Question, outcome: str, today: dt.date) -> tuple[dt.date, list[str], bool]:
    """Return the first day on which the history settled a question so, the sources, and whether one is no full confirmation.

    The rows are the last ones about the events without whose rows the outcome would not follow.
    """
    first = next(day for day in _days(dossier, question, today) if outcome_of(dossier, question, day) == outcome)
    events = _bearing(dossier, question)
    rows = [row for row in dossier.history if row.event in events and row.what != "signal" and row.on <= first]
    latest = {row.event: row for row in sorted(rows, key=lambda row: row.on)}
    needed = [row for row in latest.values() if _needed(dossier, question, outcome, first, row.event)]
    sources = [row.source for row in needed or latest.values()] or list(_other_sources(dossier, question, outcome, first))
    return min(first, question.deadline), sources, any(row.status == "partly" for row in needed)


def _days(dossier: Dossier, question: Question, today: dt.date) -> list[dt.date]:
    """Return the days up to today on which the dossier came to know more: of events, counts, or the question's own result."""
    result = getattr(question.form.stated, "result", None)
    known = {row.on for row in dossier.history} | {count.published_on for count in dossier.counts}
    known |= {result.known_on} if result else set()
    return sorted(day for day in known if day <= today)


def _other_sources(dossier: Dossier, question: Question, outcome: str, day: dt.date) -> Iterator[str]:
    """Yield the source of an index's result, or that of the last count of each series without which it would not follow."""
    if result := getattr(question.form.stated, "result", None):
        yield result.source
        return
    for series in dossier.series:
        own = [count for count in dossier.counts if count.series == series and count.published_on <= day]
        without = replace(dossier, counts=tuple(count for count in dossier.counts if count.series != series))
        if own and outcome_of(without, question, day) != outcome:
            yield max(own, key=lambda count: count.published_on).source


def _bearing(dossier: Dossier, question: Question) -> frozenset[str]:
    """Return the question's events and all that the history may know of them by: what leads to them, and what they imply."""
    pairs = [(effect.to, effect.from_) for effect in dossier.effects.values()]
    implied = [(effect.from_, effect.to) for effect in dossier.effects.values() if effect.acts == "implies"]
    return reach(joined([*pairs, *implied]), question.events())


def _needed(dossier: Dossier, question: Question, outcome: str, day: dt.date, event: str) -> bool:
    without = replace(dossier, history=tuple(row for row in dossier.history if row.event != event))
    return outcome_of(without, question, day) != outcome


def missing(dossier: Dossier, question: Question, today: dt.date) -> str:
    """Return what would settle a question that is open: the events of which nothing is known up to its deadline."""
    if question.deadline > today:
        return f"its deadline is {question.deadline}"
    history = History(dossier, today)
    unknown = [name for name, day in question.leaves() if history.happened(name, day).value is None]
    parts = [f"{dossier.events[name].title} (known up to {history.status(name).known_until})" for name in dict.fromkeys(unknown)]
    if not parts:
        return "no count, and no result of an index, settles it"
    return "no row of the history says what became of: " + "; ".join(parts)
