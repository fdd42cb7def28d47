"""The outcomes of a question, and whether numbers are a distribution over them."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping

from forecasting.dossier.forms.base import VOID
from forecasting.dossier.questions import Question
from forecasting.errors import UsageError
from forecasting.ledger.records import SUM_WITHIN


def outcome_titles(question: Question) -> dict[str, str]:
    """Return the outcomes that a question can have besides being void, with their titles."""
    form = question.form
    listed = [name for name, _ in form.outcomes(_Nothing()) if name != VOID]
    named = [*listed, *([form.complement] if form.complement else [])]
    return {name: form.titles().get(name, name) for name in named}


class _Nothing:
    """A world in which nothing is so; it is asked only for the names of outcomes, by forms of every model."""

    def happened(self, event: str, by: dt.date) -> bool:
        return False

    def before(self, event: str, other: str) -> bool:
        return False

    def at_least(self, series: str, value: float, on: dt.date) -> bool:
        return False

    def told(self, on: dt.date | None, value: bool) -> bool:
        return False


def distribution(question: str, said: Mapping[str, float], outcomes: tuple[str, ...]) -> dict[str, float]:
    """Return P(outcome) for all outcomes of a question from what was said of them.

    The one that is missing gets what is left; nothing else is filled in.

    Raises
    ------
    UsageError
        If an outcome is unknown, a probability, given or left, is 0, 1 or outside, or they do not sum to 1.

    Examples
    --------
    >>> distribution("q", {"yes": 0.25}, ("yes", "no"))
    {'yes': 0.25, 'no': 0.75}
    """
    for outcome, p in said.items():
        if outcome not in outcomes:
            raise UsageError(f"{question} has no outcome '{outcome}'; write one of {', '.join(outcomes)}")
        if not isinstance(p, int | float) or not math.isfinite(p) or not 0 < p < 1:
            raise UsageError(f"{question}: P({outcome}) is {p}; write a probability above 0 and below 1: nothing open is certain")
    missing, total = [o for o in outcomes if o not in said], math.fsum(said.values())
    if len(missing) == 1 and 0 < total < 1:
        if not 0 < (rest := 1 - total) < 1:
            found = f"{question}: P({missing[0]}), what is left, is {rest:g} to the last digit"
            raise UsageError(f"{found}; write probabilities that leave it above 0 and below 1: nothing open is certain")
        return {o: said.get(o, rest) for o in outcomes}
    if missing:
        raise UsageError(f"{question}: no probability for {', '.join(missing)}; write all but at most one, which gets the rest")
    if abs(total - 1) > SUM_WITHIN:
        raise UsageError(f"{question}: the probabilities sum to {total:.6g}; write ones that sum to 1")
    return {o: float(said[o]) for o in outcomes}
