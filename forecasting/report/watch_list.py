"""What to watch: events that could be seen, what counts as one, where it would be seen, and the answers if it is and if not."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from forecasting.dossier.edition import EditionDossier
from forecasting.forecasts import Forecast
from forecasting.paths.grids import middle
from forecasting.report.brief.moves import ANSWERED, FEW, LEAST, deciding
from forecasting.report.event_entries import event_anchor
from forecasting.report.formatting import percent, short_day
from forecasting.report.names import question_name, short

MOST = 8  # indicators: a list that nobody can keep an eye on is none


@dataclass(frozen=True)
class Answer:
    """One answer and what it would be once an event is seen by a day, and once it is not."""

    anchor: str
    name: str
    outcome: str
    by: str
    now: str
    if_seen: str
    if_not: str
    expected: str
    expected_change: float


@dataclass(frozen=True)
class Indicator:
    """An event to look out for: what counts, where it would be seen, and the answers that it moves, the most moved first.

    ``as_for`` is the title of an indicator before it that is seen at the same place, where that is said.
    """

    title: str
    anchor: str
    counts: str
    settled_by: str
    as_for: str
    answers: tuple[Answer, ...]

    @property
    def expected_change(self) -> float:
        """By how much looking is expected to move the answer that it moves most."""
        return self.answers[0].expected_change


def watch_list(
    edition: EditionDossier,
    forecasts: Iterable[Forecast],
    tables: Mapping[str, pd.DataFrame],
    said: Callable[[str], str] = str,
    most: int = MOST,
) -> tuple[Indicator, ...]:
    """Return the events to look out for, the one first that is expected to move an answer most.

    Parameters
    ----------
    forecasts : iterable of Forecast
        The answers of interest, with outcomes named by titles.
    tables : mapping of str to DataFrame
        By question, `forecasting.report.brief.watching.watch_tables`; a question without a table has no indicator.
    said : callable
        What writes a text of a record as a sentence.

    Returns
    -------
    tuple of Indicator
        At most ``most``. An event is there for an answer if seeing it, or not seeing it, moves that by five points, and looking
        moves it by a point in expectation: P(e)·|p_if − p| + P(¬e)·|p_if_not − p|. *How to read it:* a rare event that would
        change everything and a likely one that would change little stand near each other. Events that decide the question by
        logic are left out (`forecasting.report.brief.moves.deciding`): they answer it, and forewarn of nothing.
    """
    moved: dict[str, list[Answer]] = {}
    for forecast in forecasts:
        for event, answer in _answers(edition, forecast, tables.get(forecast.question)):
            moved.setdefault(event, []).append(answer)
    for answers in moved.values():
        answers.sort(key=lambda answer: -answer.expected_change)
    ranked = sorted(moved.items(), key=lambda pair: -pair[1][0].expected_change)[:most]
    told: dict[str, str] = {}
    return tuple(_indicator(edition, event, tuple(answers), said, told) for event, answers in ranked)


def first_sentence(text: str) -> str:
    """Return the first sentence of a text; an abbreviation such as "No. 2" does not end it.

    Examples
    --------
    >>> first_sentence("All forces of No. 2 Command leave. Guards may stay.")
    'All forces of No. 2 Command leave.'
    """
    return re.split(r"(?<=[^\W\d_]{2}[.!?])\s+(?=[^\W\d_a-z])", text, maxsplit=1)[0]


def _answers(edition: EditionDossier, forecast: Forecast, table: pd.DataFrame | None) -> list[tuple[str, Answer]]:
    """Return the events that bear on one answer, each with the answer if it is seen and if it is not."""
    if table is None:
        return []
    one = forecast.headline
    by = short_day(middle(edition, forecast.deadline))
    outcome = "" if forecast.kind == "yes/no" else one.title
    decided = deciding(edition, edition.dossier.questions[forecast.question])
    found = []
    for row in table.to_dict("records"):
        sides = float(row["p_if"]), float(row["p_if_not"])
        if row["event"] in decided or not all(ANSWERED < p < 1 - ANSWERED for p in sides):
            continue
        if max(abs(p - one.p) for p in sides) < FEW or row["expected_change"] < LEAST:
            continue
        seen, unseen, expected = percent(sides[0]), percent(sides[1]), float(row["expected_change"])
        name = short(question_name(forecast.title))
        answer = Answer(f"q-{forecast.question}", name, outcome, by, one.percent, seen, unseen, f"{100 * expected:.1f}", expected)
        found.append((str(row["event"]), answer))
    return found


def _indicator(
    edition: EditionDossier, event: str, answers: tuple[Answer, ...], said: Callable[[str], str], told: dict[str, str]
) -> Indicator:
    """Return one indicator; ``told`` has who said each place first, and grows by this one's."""
    record = edition.dossier.events[event]
    place = said(record.resolution.settled_by)
    first = told.setdefault(place, record.title)
    as_for = "" if first == record.title else first
    return Indicator(record.title, event_anchor(event), first_sentence(said(record.resolution.counts)), place, as_for, answers)
