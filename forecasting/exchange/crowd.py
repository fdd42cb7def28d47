"""A table of somebody else's numbers, a market's, a platform's, a panel's: read strictly, and held to an edition."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

from forecasting.dossier.edition import EditionDossier
from forecasting.errors import CheckResult, DossierError, UsageError, Where
from forecasting.exchange.asked import Cell, asked_in, day_faults, gather
from forecasting.exchange.quantiles import read_quantiles
from forecasting.exchange.rows import Row, columns_of, number_in, read_rows
from forecasting.ledger.others import Imported
from forecasting.ledger.outcomes import distribution, outcome_titles

NEEDED, OPTIONAL = ("question", "p"), ("outcome", "as_of")


def read_crowd(path: Path, edition: EditionDossier, today: dt.date) -> list[Imported]:
    """Return the numbers of a table, one distribution for each question and day.

    Columns are ``question``, ``p``, and if wanted ``outcome`` (empty means *yes*) and ``as_of``, the day on which a number was
    said. Of a question with several outcomes at most one may be left out; it gets the rest. No number is repaired. A table with
    the columns ``level`` and ``value`` is one of quantiles (`forecasting.exchange.quantiles.read_quantiles`).

    Parameters
    ----------
    path : Path
        A CSV file, or a workbook with one sheet.
    edition : EditionDossier
        Its questions and outcomes are those that can be named.
    today : date
        No number can be of a later day.

    Raises
    ------
    DossierError
        With every row that is wrong: file, line or cell, column, what was found and what to write.
    """
    header = columns_of(path)
    if "level" in header:
        if "p" in header:
            fix = "write probabilities in one table and quantiles in another"
            raise DossierError((CheckResult("table", Where(path.name, 1), "the columns 'p' and 'level' in one table", fix),))
        return read_quantiles(path, edition, today)
    numbers = gather(
        read_rows(path, NEEDED, OPTIONAL), "question", "outcome", faults=lambda row: _faults(row, edition, today), said=_said,
        together=lambda cell, own: _no_distribution(cell, own, edition),
    )  # fmt: skip
    return [
        Imported(question, {o: p for o, (p, _) in own.items()}, day, place=str(next(iter(own.values()))[1].at("question")))
        for (question, day), own in numbers.items()
    ]


def _said(row: Row) -> tuple[str, float]:
    p = number_in(row, "p")
    assert isinstance(p, float)
    return str(row.cells.get("outcome", "yes")), p


def _faults(row: Row, edition: EditionDossier, today: dt.date) -> Iterator[CheckResult]:
    """Yield what is wrong with one row by itself."""
    question = asked_in(row, edition)
    if isinstance(question, CheckResult):
        yield question
        return
    name = question.id
    outcome, possible = str(row.cells.get("outcome", "yes")), tuple(outcome_titles(question))
    if outcome not in possible:
        missing = "no outcome" if "outcome" not in row.cells else f"'{outcome}'"
        yield row.refuse("outcome", f"{missing}, and {name} has {len(possible)}", f"write one of {', '.join(possible)}")
    p = number_in(row, "p")
    if isinstance(p, CheckResult):
        yield p
    elif not 0 < p < 1:
        hint = f"write {p / 100:g}, if per cent were meant" if 1 < p < 100 else "nothing open is certain"
        yield row.refuse("p", f"{p:g}", f"write a probability above 0 and below 1: {hint}")
    yield from day_faults(row, question, today)


def _no_distribution(cell: Cell, own: dict[str, tuple[float, Row]], edition: EditionDossier) -> Iterator[CheckResult]:
    """Yield why the numbers of one question and day are no distribution over its outcomes."""
    possible = tuple(outcome_titles(edition.dossier.questions[cell[0]]))
    try:
        distribution(cell[0], {outcome: p for outcome, (p, _) in own.items()}, possible)
    except UsageError as error:
        found, _, fix = str(error).partition("; ")
        rows = ", ".join(str(row.line) for _, row in own.values())
        last = list(own.values())[-1][1]
        yield last.refuse("p", f"{found} (rows {rows})" if len(own) > 1 else found, fix)
