"""A table of somebody else's quantiles of a quantity: read strictly, and held to an edition; what all such tables are held to."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from forecasting.dossier.edition import EditionDossier
from forecasting.dossier.messages import near
from forecasting.dossier.questions import Question
from forecasting.errors import CheckResult, DossierError, UsageError
from forecasting.exchange.rows import Row, day_in, number_in, read_rows
from forecasting.ledger.others import Imported
from forecasting.ledger.quantiles import held_quantiles
from forecasting.ledger.values import edges_of

NEEDED, OPTIONAL = ("question", "level", "value"), ("as_of",)
FAR = 10.0  # times below the first edge or above the last: all quantiles there are in another unit, or no forecast of this number
Cell = tuple[str, dt.date | None]  # question and day: the quantiles of one are one distribution
Numbers = dict[float, tuple[float, Row]]  # value and row, by level


def read_quantiles(path: Path, edition: EditionDossier, today: dt.date) -> list[Imported]:
    """Return the quantiles of a table, one distribution for each question and day.

    Columns are ``question``, ``level`` (0.05 for the value that the quantity is below with 5 %), ``value`` in the unit of the
    series, and if wanted ``as_of``. Only a question that asks in which range a quantity lies has quantiles: there are three or
    more, one at 0.1 or below and one at 0.9 or above, and values rise with the levels. No number is repaired.

    Raises
    ------
    DossierError
        With every row that is wrong: file, line or cell, column, what was found and what to write.
    """
    results: list[CheckResult] = []
    numbers: dict[Cell, Numbers] = defaultdict(dict)
    for row in read_rows(path, NEEDED, OPTIONAL):
        found = list(_faults(row, edition, today))
        results += found
        if found:
            continue
        level, value, day = number_in(row, "level"), number_in(row, "value"), day_in(row, "as_of")
        assert isinstance(level, float)
        assert isinstance(value, float)
        assert not isinstance(day, CheckResult)
        own = numbers[str(row.cells["question"]), day]
        if level in own:
            first = own[level][1].at("question")
            results.append(row.refuse("level", f"the same question, level and day as in {first}", "keep one of them"))
        else:
            own[level] = value, row
    if not results:
        results = [fault for cell, own in numbers.items() for fault in _no_quantiles(cell, own, edition)]
    if results:
        raise DossierError(tuple(results))
    return [
        Imported(question, {}, day, tuple(sorted((level, value) for level, (value, _) in own.items())))
        for (question, day), own in numbers.items()
    ]


def _faults(row: Row, edition: EditionDossier, today: dt.date) -> Iterator[CheckResult]:
    """Yield what is wrong with one row by itself."""
    question = asked_in(row, edition)
    if isinstance(question, CheckResult):
        yield question
        return
    if not edges_of(question):
        found = f"{question.id}, which asks for no number in ranges"
        yield row.refuse("question", found, "write probabilities of its outcomes, in a table with the column p")
        return
    level, value = number_in(row, "level"), number_in(row, "value")
    if isinstance(level, CheckResult):
        yield level
    elif not 0 < level < 1:
        hint = f": write {level / 100:g}, if per cent were meant" if 1 < level < 100 else ""
        yield row.refuse("level", f"{level:g}", f"write a level above 0 and below 1{hint}")
    if isinstance(value, CheckResult):
        yield value
    elif value <= 0:
        yield row.refuse("value", f"{value:g}", "write a number above 0")
    yield from day_faults(row, question, today)


def _no_quantiles(cell: Cell, own: Numbers, edition: EditionDossier) -> Iterator[CheckResult]:
    """Yield why the numbers of one question and day are no quantiles of it."""
    question, last = edition.dossier.questions[cell[0]], list(own.values())[-1][1]
    values = [value for value, _ in own.values()]
    rows = f"rows {', '.join(str(row.line) for _, row in own.values())}"
    try:
        held_quantiles(question, [(level, value) for level, (value, _) in own.items()])
    except UsageError as error:
        found, _, fix = str(error).partition("; ")
        yield last.refuse("value", f"{found} ({rows})", fix)
        return
    edges, unit = edges_of(question), edition.dossier.series[question.form.subjects()[0]].unit
    if max(values) * FAR < edges[0] or min(values) > edges[-1] * FAR:
        asked = f"{question.id} asks about {edges[0]:,.10g} to {edges[-1]:,.10g}"
        found = f"{min(values):,.10g} to {max(values):,.10g} ({rows}), where {asked}"
        yield last.refuse("value", found, f"write it in {unit}; or, if it is meant, the probabilities of its ranges")


def asked_in(row: Row, edition: EditionDossier) -> Question | CheckResult:
    """Return the question of a row, or that the edition does not ask it."""
    name, known = row.cells.get("question"), edition.edition.questions
    if name not in known:
        return row.refuse("question", f"'{name or ''}', which edition {edition.edition.id} does not ask", near(str(name), known))
    return edition.dossier.questions[str(name)]


def day_faults(row: Row, question: Question, today: dt.date) -> Iterator[CheckResult]:
    """Yield what is wrong with the day of a row: it is none, is still to come, or is after the question's deadline."""
    day = day_in(row, "as_of")
    if isinstance(day, CheckResult):
        yield day
    elif day and day > today:
        yield row.refuse("as_of", f"{day}, which is after today, {today}", "write the day on which it was said")
    elif day and day > question.deadline:
        found = f"{day}, which is after the deadline of {question.id}, {question.deadline}"
        yield row.refuse("as_of", found, "leave the row out: what is settled is no forecast")
