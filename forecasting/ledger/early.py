"""Whether the day of an outcome is too early: before it could be known, or so early that it takes forecasts out of the score."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from forecasting.dossier.edition import Dossier
from forecasting.dossier.forms.base import VOID
from forecasting.dossier.questions import Question
from forecasting.dossier.resolution import outcome_of
from forecasting.errors import UsageError
from forecasting.ledger.records import UNDECIDED, ForecastEntry, OutcomeEntry
from forecasting.ledger.standing import Standing, known_before


class _AllCame:
    """A world in which all that can come about has, in an order; who an index favours is told at its end alone."""

    def __init__(self, order: Sequence[str]) -> None:
        self.order = order

    def happened(self, event: str, by: dt.date) -> bool:
        return True

    def before(self, event: str, other: str) -> bool:
        return self.order.index(event) < self.order.index(other)

    def at_least(self, series: str, value: float, on: dt.date) -> bool:
        return True

    def told(self, on: dt.date | None, value: bool) -> bool:
        return False


def waits(question: Question, outcome: str) -> bool:
    """Return whether an outcome can change until the deadline: it would be another one if everything came about by then.

    So *no* waits where something has to happen for *yes*, *yes* where something has to last, a stage where there is a further
    one. What has come about for good does not, and a void condition is one of these.

    Examples
    --------
    >>> from forecasting.rules.load import load_dossier
    >>> dossier = load_dossier("priors")
    >>> [waits(dossier.questions["border-opens-2026"], outcome) for outcome in ("yes", "no")]
    [False, True]
    >>> [waits(dossier.questions["ceasefire-holds-2025"], outcome) for outcome in ("yes", "no")]
    [True, False]
    """
    if outcome in UNDECIDED:
        return False
    events = question.events()
    orders = [tuple(events), *((name, *(other for other in events if other != name)) for name in events)]
    return not any(outcome in _came(question, order) for order in orders)


def _came(question: Question, order: Sequence[str]) -> Iterator[str]:
    """Yield what comes about if everything does: of a question that can be void as if it could not."""
    form = type(question.form)(question.form.stated, question.form.at)
    came = [name for name, truth in form.outcomes(_AllCame(order)) if truth is True and name != VOID]
    told = bool(form.events() or form.subjects())
    yield from came or ([form.complement] if form.complement and told else [])


def not_too_early(
    dossier: Dossier, question: Question, outcome: str, on: dt.date, said: Sequence[ForecastEntry], *, why: str = ""
) -> None:
    """Refuse a day on which an outcome could not be known, or that is before all that was forecast.

    Parameters
    ----------
    said : sequence of ForecastEntry
        The forecasts of the question's contract that stand.
    why : str
        Why an outcome that could still change was certain before the deadline; none is needed where the history settles it.

    Raises
    ------
    UsageError
        With the day that was found and what to write instead.
    """
    opens = [dossier.events[name].opens_on for name in question.events()]
    if opens and on < min(opens):
        raise UsageError(f"{question.id}: {on} is before its question opens on {min(opens)}; write the day since which it is so")
    early = waits(question, outcome) and on < question.deadline and len(why.strip()) < 3
    if early and outcome_of(dossier, question, on) != outcome:
        found = f"{question.id}: {outcome} on {on}, before its deadline {question.deadline}, until which it could still change"
        raise UsageError(f'{found}; write --on {question.deadline}, or why it was certain before: add --why "WHY"')
    asked = [entry.as_of for entry in said if entry.as_of <= entry.deadline]
    if asked and on < min(asked):
        found = f"{question.id}: {on} is before {min(asked)}, the first as-of date of its forecasts, and takes all of them out"
        fix = "write the day since which it is so; if it was so before anything was forecast, resolve it to ambiguous"
        raise UsageError(f"{found} of scoring; {fix}")


def taken_out(standing: Standing, outcome: OutcomeEntry) -> tuple[int, int]:
    """Return how many forecasts of its contract the day of an outcome takes out of scoring, and how many there are.

    They are those that speak from that day or a later one, so that it had come about when they were made.
    """
    own = [e for e in standing.said_of(outcome.question) if e.contract == outcome.contract and not e.late]
    return sum(known_before(entry, outcome) for entry in own), len(own)
