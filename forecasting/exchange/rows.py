"""Read a table that somebody sent, CSV or workbook: its columns are held to those wanted, and no cell is computed."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from forecasting.dossier.parse import ParseError, parse_csv, plain_number, read_text
from forecasting.errors import CheckResult, DossierError, Where, near

FORMULA = ("=", "+", "@", "\t", "\r")  # a cell of a CSV file that a spreadsheet program would compute
MOST = 20_000


@dataclass(frozen=True)
class Row:
    """One row of a table: where it stands, and its cells that are not empty.

    Parameters
    ----------
    file : str
        In messages: the file's name, of a workbook with that of its sheet.
    line : int
        Counted from 1.
    letters : mapping of str to str
        The letters of a sheet's columns; a CSV file has none.
    """

    cells: Mapping[str, Any]
    file: str
    line: int
    letters: Mapping[str, str] = field(default_factory=dict)

    def at(self, column: str) -> Where:
        """Return the place of a column's cell: file and line, or sheet and cell."""
        return Where(f"{self.file}!{self.letters.get(column, 'A')}{self.line}") if self.letters else Where(self.file, self.line)

    def refuse(self, column: str, found: str, fix: str) -> CheckResult:
        """Return a result at a cell of the row."""
        return CheckResult("table", self.at(column), f"{column}: found {found}" if column else f"found {found}", fix)


def read_rows(path: Path, needed: Sequence[str], optional: Sequence[str] | None = ()) -> list[Row]:
    """Return the rows of a CSV file, or of the one sheet of a workbook.

    Parameters
    ----------
    optional : sequence of str or None
        Columns that may be there; None allows any.

    Raises
    ------
    DossierError
        If the file cannot be read, lacks a column or has one that nobody asked for, or if a cell holds a formula.
    """
    listed = [*needed, *(optional or ())]
    header, rows = (_workbook if path.suffix.lower() == ".xlsx" else _csv)(path)
    first = Where(path.name, 0 if path.suffix.lower() == ".xlsx" else 1)
    results = [
        CheckResult("table", first, f"no column '{name}'", f"name it in the first line: {','.join(listed)}")
        for name in needed if name not in header
    ]  # fmt: skip
    results += [
        CheckResult("table", first, f"the column '{name}'", near(name, listed, "known columns"))
        for name in header if name not in listed and optional is not None
    ]  # fmt: skip
    if not results and not rows:
        results = [CheckResult("table", first, "no rows", "write one for each number")]
    if not results and len(rows) > MOST:
        results = [CheckResult("table", first, f"{len(rows):,} rows", f"keep it under {MOST:,}")]
    if results:
        raise DossierError(tuple(results))
    return rows


def columns_of(path: Path) -> list[str]:
    """Return the names of the columns of a CSV file, or of the one sheet of a workbook.

    Raises
    ------
    DossierError
        If the file cannot be read, or holds a formula.
    """
    return (_workbook if path.suffix.lower() == ".xlsx" else _csv)(path)[0]


def _csv(path: Path) -> tuple[list[str], list[Row]]:
    try:
        parsed = parse_csv(path, path.name)
    except ParseError as error:
        raise DossierError((error.result,)) from None
    rows = [Row(cells, path.name, parsed.where(n).line) for n, cells in enumerate(parsed.value)]
    computed = [
        row.refuse(column, f"the formula {cell[:40]!r}", "write its value")
        for row in rows for column, cell in row.cells.items() if cell.startswith(FORMULA)
    ]  # fmt: skip
    if computed:
        raise DossierError(tuple(computed))
    return next(csv.reader(io.StringIO(read_text(path, path.name)))), rows


def _workbook(path: Path) -> tuple[list[str], list[Row]]:
    from forecasting.coding.sheets.read import read_workbook

    sheets = read_workbook(path)
    if len(sheets) != 1:
        raise DossierError((CheckResult("table", Where(path.name), f"{len(sheets)} sheets", "keep the one with the numbers"),))
    ((header, rows),) = sheets.values()
    return list(header), [Row(row.cells, f"{path.name} {row.sheet}", row.number, row.letters) for row in rows]


def number_in(row: Row, column: str, *, exponent: bool = False) -> float | CheckResult:
    """Return the number in a cell, or what is wrong with it.

    A number is written as in records: ``12`` or ``0.5``, without exponent, per cent sign or comma; with ``exponent`` also as
    other programs write small ones, ``5e-05``.
    """
    cell = row.cells.get(column)
    if cell is None:
        return row.refuse(column, "an empty cell", "write a plain number such as 0.35")
    value = plain_number(cell.strip()) if isinstance(cell, str) else cell
    if exponent and isinstance(value, str) and re.fullmatch(r"-?[0-9]+(\.[0-9]+)?[eE][-+]?[0-9]{1,3}", value):
        value = float(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return row.refuse(column, f"{cell!r}", "write a plain number such as 0.35 (no exponent, no per cent sign, no comma)")
    return float(value)


def day_in(row: Row, column: str) -> dt.date | CheckResult | None:
    """Return the day in a cell, None if it is empty, or what is wrong with it; a day is written ``YYYY-MM-DD``."""
    cell = row.cells.get(column)
    if cell is None or type(cell) is dt.date:
        return cell
    if isinstance(cell, dt.datetime):
        return cell.date() if cell.time() == dt.time() else row.refuse(column, f"{cell}", "write the day alone, YYYY-MM-DD")
    try:
        day = dt.date.fromisoformat(str(cell))
    except ValueError:
        day = None
    if day is None or day.isoformat() != cell:
        return row.refuse(column, f"{cell!r}", "write a day of the calendar as YYYY-MM-DD")
    return day
