"""The number behind an outcome: of a question that asks in which range a quantity lies, how large it was."""

from __future__ import annotations

import datetime as dt
import math

from forecasting.dossier.counts import NEAR_DAYS, Count, Series, counts_known
from forecasting.dossier.edition import Dossier
from forecasting.dossier.questions import Question
from forecasting.errors import UsageError
from forecasting.ledger.outcomes import outcome_titles

LEVEL = "level"  # the form that asks in which range a quantity lies


def edges_of(question: Question) -> tuple[float, ...]:
    """Return the edges between the ranges of a question about a number; nothing of any other question.

    Examples
    --------
    >>> from forecasting.rules.load import load_dossier
    >>> dossier = load_dossier("priors")
    >>> edges_of(dossier.questions["turkstream-volume-2025"]), edges_of(dossier.questions["khmeimim-held-2025"])
    ((14.0, 15.75, 17.0, 18.5), ())
    """
    return tuple(question.form.stated.edges) if question.form.name == LEVEL else ()


def in_range(question: Question, outcome: str, value: float) -> bool:
    """Return whether a number lies in the range that an outcome stands for: at its lower edge or above, and below the next."""
    bounds = (-math.inf, *edges_of(question), math.inf)
    place = tuple(outcome_titles(question)).index(outcome)
    return math.isfinite(value) and bounds[place] <= value < bounds[place + 1]


def held_value(question: Question, outcome: str, value: float) -> float:
    """Return a number that somebody gives with an outcome, held to its range.

    Raises
    ------
    UsageError
        If the question asks for no number, the outcome is no range, or the number does not lie in it.
    """
    if not edges_of(question):
        raise UsageError(f"{question.id} asks for no number; leave --value out")
    titles = outcome_titles(question)
    if outcome not in titles:
        raise UsageError(f"{question.id} is {outcome}, which has no number; leave --value out")
    if not in_range(question, outcome, value):
        found = f"{question.id}: {value:,.10g} does not lie in {outcome} ({titles[outcome]})"
        raise UsageError(f"{found}; write the number that was published, or the range that it lies in")
    return value


def published_value(dossier: Dossier, question: Question, outcome: str, known_on: dt.date) -> float | None:
    """Return the published number that settled a question so, or None if no count is that number.

    It is the count by which `forecasting.dossier.counts.published_at_least` decides: of a stock the one nearest to the day,
    within a month; of a volume or a total the sum that ends on the day. A total that is known only to be above or below has none.

    Parameters
    ----------
    known_on : date
        Counts that were published later do not count.

    Examples
    --------
    >>> import datetime as dt
    >>> from forecasting.rules.load import load_dossier
    >>> dossier = load_dossier("priors")
    >>> published_value(dossier, dossier.questions["turkstream-volume-2025"], "from-17", dt.date(2026, 3, 1))
    18.0
    """
    if not edges_of(question) or outcome not in outcome_titles(question):
        return None
    series, on = dossier.series.get(question.form.stated.quantity), question.form.stated.at
    if series is None:
        return None
    own = [c for c in counts_known(dossier.counts, known_on) if c.series == series.id and c.counted_by == series.counted_by]
    value = _of_stock(own, on) if series.kind == "stock" else _of_sum(own, series, on)
    return value if value is not None and in_range(question, outcome, value) else None


def _of_stock(own: list[Count], on: dt.date) -> float | None:
    near = [count for count in own if abs((count.until - on).days) <= NEAR_DAYS]
    return min(near, key=lambda count: abs((count.until - on).days)).value if near else None


def _of_sum(own: list[Count], series: Series, on: dt.date) -> float | None:
    begins = series.total_since if series.kind == "total" else dt.date(on.year, 1, 1)
    return max((count.value for count in own if count.since == begins and count.until == on), default=None)
