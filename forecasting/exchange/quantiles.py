"""A table of somebody else's quantiles of a quantity: read strictly, and held to an edition."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

from forecasting.dossier.edition import EditionDossier
from forecasting.errors import CheckResult, UsageError
from forecasting.exchange.asked import Cell, asked_in, day_faults, gather
from forecasting.exchange.rows import Row, number_in, read_rows
from forecasting.ledger.others import Imported
from forecasting.ledger.quantiles import held_quantiles, level_fault, value_fault
from forecasting.ledger.values import edges_of

NEEDED, OPTIONAL = ("question", "level", "value"), ("as_of",)
FAR = 10.0  # times below the first edge or above the last: all quantiles there are in another unit, or no forecast of this number
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
    numbers = gather(
        read_rows(path, NEEDED, OPTIONAL), "level", "level", faults=lambda row: _faults(row, edition, today), said=_said,
        together=lambda cell, own: _no_quantiles(cell, own, edition),
    )  # fmt: skip
    return [
        Imported(
            question, {}, day, tuple(sorted((level, value) for level, (value, _) in own.items())),
            str(next(iter(own.values()))[1].at("question")),
        )
        for (question, day), own in numbers.items()
    ]  # fmt: skip


def _said(row: Row) -> tuple[float, float]:
    level, value = number_in(row, "level"), number_in(row, "value")
    assert isinstance(level, float)
    assert isinstance(value, float)
    return level, value


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
    for column, fault in (("level", level_fault), ("value", value_fault)):
        number = number_in(row, column)
        if isinstance(number, CheckResult):
            yield number
        elif fix := fault(number):
            yield row.refuse(column, f"{number:g}", fix)
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
