"""What every table of somebody else's numbers is held to: questions of an edition, days in the past, each number once."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

from forecasting.dossier.edition import EditionDossier
from forecasting.dossier.questions import Question
from forecasting.errors import CheckResult, DossierError, near
from forecasting.exchange.rows import Row, day_in

Cell = tuple[str, dt.date | None]  # question and day: the numbers of one are one distribution


def gather[Key](
    rows: Iterable[Row], column: str, what: str, *, faults: Callable[[Row], Iterable[CheckResult]],
    said: Callable[[Row], tuple[Key, float]], together: Callable[[Cell, dict[Key, tuple[float, Row]]], Iterable[CheckResult]],
) -> dict[Cell, dict[Key, tuple[float, Row]]]:  # fmt: skip
    """Return the numbers of a table by question and day, and there by what each is about, with its row.

    Parameters
    ----------
    rows : iterable of Row
        With the columns ``question`` and perhaps ``as_of``.
    column, what : str
        What a number is about: the column where a second one is refused, and its name in that message.
    faults : callable
        What is wrong with one row by itself.
    said : callable
        What the number of a row without faults is about, and the number.
    together : callable
        What is wrong with all numbers of one question and day; asked where no row is wrong by itself.

    Raises
    ------
    DossierError
        With everything that is wrong.
    """
    results: list[CheckResult] = []
    numbers: dict[Cell, dict[Key, tuple[float, Row]]] = defaultdict(dict)
    for row in rows:
        if found := list(faults(row)):
            results += found
            continue
        day = day_in(row, "as_of")
        assert not isinstance(day, CheckResult)
        (key, number), own = said(row), numbers[str(row.cells["question"]), day]
        if key in own:
            first = own[key][1].at("question")
            results.append(row.refuse(column, f"the same question, {what} and day as in {first}", "keep one of them"))
        else:
            own[key] = number, row
    if not results:
        results = [fault for cell, own in numbers.items() for fault in together(cell, own)]
    if results:
        raise DossierError(tuple(results))
    return numbers


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
