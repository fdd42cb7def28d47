"""What became of a question, as far as the dossier's history says; no more than that."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pandas as pd

from forecasting.dossier.edition import Dossier
from forecasting.dossier.records import Expression, Question
from forecasting.dossier.status import read_status
from forecasting.forecasts import Forecast

COLUMNS = ("question", "title", "deadline", "outcome", "happened", "p", "low", "high", "base_p", "mcse")


def has_happened(dossier: Dossier, event_id: str, by: dt.date, known_on: dt.date) -> bool | None:
    """Return whether an event had happened by the end of a day; None where the history up to ``known_on`` is silent.

    An event is known not to have happened by a day if it is known to have happened later, if it was still open when
    last heard of on that day or after, or if an effect settles it: what blocks it has happened, what enables it has not.
    """
    rows = [row for row in dossier.history if row.event == event_id and row.on <= known_on]
    status = read_status(dossier.events[event_id], rows)
    if status.occurred_on:
        return status.occurred_on <= by
    if status.known_until >= by:
        return False
    for effect in dossier.effects.values():
        if effect.to == event_id and effect.acts != "multiplies":
            cause = has_happened(dossier, effect.from_, by, known_on)
            if cause is (effect.acts == "blocks"):
                return False
    return None


def is_settled(dossier: Dossier, part: Expression, deadline: dt.date, known_on: dt.date) -> bool | None:
    """Return whether a statement came true, or None where the history leaves it open."""
    if part.occurs:
        return has_happened(dossier, part.occurs, part.by or deadline, known_on)
    if part.holds:
        happened = has_happened(dossier, part.holds, part.until or deadline, known_on)
        return None if happened is None else not happened
    inner = part.all_of or part.any_of or part.none_of or part.one_of or ()
    values = [is_settled(dossier, child, deadline, known_on) for child in inner]
    true, unknown = values.count(True), values.count(None)
    least, most = (
        (len(inner), len(inner))
        if part.all_of
        else (1, len(inner))
        if part.any_of
        else (0, 0)
        if part.none_of
        else (1, 1)
    )
    if least <= true and true + unknown <= most:
        return True
    return False if true > most or true + unknown < least else None


def first_settled(dossier: Dossier, events: Sequence[str], deadline: dt.date, known_on: dt.date) -> str | None:
    """Return which of competing events came first, ``none`` if none did by the deadline, or None while that is open."""
    known = {name: has_happened(dossier, name, deadline, known_on) for name in events}
    days = {row.event: row.on for row in dossier.history if row.what == "occurred" and known.get(row.event)}
    if days:
        first = min(days, key=lambda name: (days[name], events.index(name)))
        earlier = [has_happened(dossier, name, days[first], known_on) for name in events if name not in days]
        return None if None in earlier else first
    return None if None in known.values() else "none"


def outcome_of(dossier: Dossier, question: Question, known_on: dt.date) -> str | None:
    """Return the id of a question's outcome (``yes``, ``no``, a stage, a scenario), or None while it is open.

    Parameters
    ----------
    known_on : date
        Rows of the history that are later do not count.

    Examples
    --------
    >>> import datetime as dt
    >>> import forecasting as fc
    >>> dossier = fc.load_dossier("priors")
    >>> outcome_of(dossier, dossier.questions["ceasefire-holds-2025"], dt.date(2026, 2, 28))
    'no'
    >>> outcome_of(dossier, dossier.questions["ceasefire-holds-2025"], dt.date(2021, 2, 28)) is None
    True
    """
    deadline = question.deadline
    if question.asks:
        return {True: "yes", False: "no", None: None}[is_settled(dossier, question.asks, deadline, known_on)]
    if question.stages:
        reached = "none"
        for name in question.stages:
            happened = has_happened(dossier, name, deadline, known_on)
            if not happened:
                return None if happened is None else reached
            reached = name
        return reached
    if question.first_of:
        return first_settled(dossier, question.first_of, deadline, known_on)
    scenarios = question.scenarios or ()
    found = {s.id: is_settled(dossier, s, deadline, known_on) for s in scenarios if not s.other}
    if True in found.values():
        return next(name for name, value in found.items() if value)
    return None if None in found.values() else next(s.id for s in scenarios if s.other)


def outcome_table(dossier: Dossier, forecasts: Sequence[Forecast], known_on: dt.date) -> pd.DataFrame:
    """Return every outcome of some forecasts with what became of it.

    Returns
    -------
    DataFrame
        Columns question, title, deadline, outcome, happened (1.0, 0.0, or NaN while open), p, low, high, base_p, mcse.
        A yes/no question has one row, its ``yes``.
    """
    rows = []
    for f in forecasts:
        settled = outcome_of(dossier, dossier.questions[f.question], known_on)
        for o in f.outcomes:
            happened = float("nan") if settled is None else float(settled == o.id)
            title = f.title if f.kind == "yes/no" else f"{f.title}: {o.title}"
            rows.append((f.question, title, f.deadline, o.id, happened, o.p, o.low, o.high, o.base_p, o.mcse))
    return pd.DataFrame(rows, columns=list(COLUMNS))
