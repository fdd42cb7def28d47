"""Write records into a workbook: one sheet per table, with drop-downs, locked anchors, and text that stays text."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from forecasting.coding.sheets.tables import EXPORTED, INHERITED, ROW, WAS, Row, Table
from forecasting.shown.inert import begins_formula
from forecasting.shown.text import INVISIBLE

SPARE = 200  # empty rows below a table that can grow
WIDE = {"paraphrase": 60, INHERITED: 60, "note": 60, "moves_nothing": 40, "citation": 50, "source": 30, "grade_why": 40}


def workbook_of(tables: Mapping[Table, Sequence[Row]], words: Mapping[str, Iterable[str]]) -> bytes:
    """Return a workbook with one sheet per table.

    Parameters
    ----------
    tables : mapping of Table to rows
        What goes into each sheet.
    words : mapping of str to list of str
        What the drop-down of a column offers beside what its model fixes: wordings, lexicons, events.

    Notes
    -----
    Sheets are protected without a password: that keeps anchors from slips, not from anybody. A text that begins with
    ``=``, ``+``, ``-`` or ``@`` is stored as text and marked as such, so that no program computes it.
    """
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    for table, rows in tables.items():
        _fill(book.create_sheet(table.name), table, rows)
    lists = book.create_sheet("choices")
    lists.sheet_state = "hidden"
    ranges = {}
    for n, (column, offered) in enumerate(sorted(words.items()), 1):
        values = [column, *sorted(set(offered))]
        for line, value in enumerate(values, 1):
            _put(lists.cell(line, n), value)
        letter = lists.cell(1, n).column_letter
        ranges[column] = f"choices!${letter}$2:${letter}${max(len(values), 2)}"
    listed = book.create_sheet(EXPORTED)
    listed.sheet_state = "hidden"
    for line, record in enumerate([("table", ROW, "name"), *_listed(tables)], 1):
        for n, value in enumerate(record, 1):
            _put(listed.cell(line, n), value)
    for table, rows in tables.items():
        _offer(book[table.name], table, len(rows) + 1 + _spare(table), ranges)
    return _saved(book)


@dataclass(frozen=True)
class Sheet:
    """One sheet of a result: its title, its columns, and its rows."""

    title: str
    columns: Sequence[str]
    rows: Iterable[Sequence[Any]]


def answers_book(columns: Sequence[str], rows: Iterable[Sequence[Any]], *, title: str = "answers") -> bytes:
    """Return a workbook with one sheet: a result, which is looked at and not brought back."""
    return results_book([Sheet(title, columns, rows)])


def results_book(sheets: Iterable[Sheet]) -> bytes:
    """Return a workbook of results, which are looked at and not brought back."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    for part in sheets:
        sheet = book.create_sheet(part.title)
        for line, values in enumerate([part.columns, *part.rows], 1):
            for n, value in enumerate(values, 1):
                _put(sheet.cell(line, n), value)
        sheet.freeze_panes = "B2"
        sheet.protection.sheet = True
    return _saved(book)


def _listed(tables: Mapping[Table, Sequence[Row]]) -> Iterator[tuple[str, str, str]]:
    for table, rows in tables.items():
        for row in rows:
            yield table.name, row.place, row.name


def _fill(sheet: Any, table: Table, rows: Sequence[Row]) -> None:
    from openpyxl.styles import Font, PatternFill, Protection
    from openpyxl.utils import get_column_letter

    shown = [INHERITED] if any(row.inherited for row in rows) else []
    columns = [ROW, *table.columns, *shown, WAS]
    grey = PatternFill("solid", fgColor="EEEEEE")
    for n, column in enumerate(columns, 1):
        _put(sheet.cell(1, n), column)
        sheet.cell(1, n).font = Font(bold=True)
        letter = get_column_letter(n)
        sheet.column_dimensions[letter].width = WIDE.get(column, 16)
        sheet.column_dimensions[letter].hidden = column == WAS
    for line in range(2, len(rows) + 2 + _spare(table)):
        row = rows[line - 2] if line - 2 < len(rows) else None
        values = {ROW: row.place, WAS: row.digest, INHERITED: row.inherited or None, **row.cells} if row else {}
        for n, column in enumerate(columns, 1):
            cell = sheet.cell(line, n)
            _put(cell, values.get(column))
            locked = column in (ROW, WAS, INHERITED, *table.locked)
            cell.protection = Protection(locked=locked)
            if locked and row:
                cell.fill = grey
    sheet.freeze_panes = "C2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{len(rows) + 1}"
    sheet.protection.sheet = True
    for freedom in ("formatCells", "formatColumns", "formatRows", "autoFilter"):
        setattr(sheet.protection, freedom, False)  # False: allowed


def _spare(table: Table) -> int:
    return 0 if table.is_yaml else SPARE


def _offer(sheet: Any, table: Table, last: int, ranges: Mapping[str, str]) -> None:
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    for n, column in enumerate(table.columns, 2):
        fixed = table.choices(column)
        of_list = ranges.get(column.rpartition(".")[2] if column.startswith("seen_if") else column)
        if (not fixed and not of_list) or last < 2:
            continue
        formula = of_list or '"' + ",".join(map(str, fixed)) + '"'
        offer = DataValidation(type="list", formula1=formula, allow_blank=True, showErrorMessage=bool(fixed))
        offer.error, offer.errorTitle = f"write one of {', '.join(map(str, fixed))}", column
        offer.add(f"{get_column_letter(n)}2:{get_column_letter(n)}{last}")
        sheet.add_data_validation(offer)


def _put(cell: Any, value: Any) -> None:
    """Put a value into a cell; a text is always a text, whatever it begins with."""
    if value is None:
        cell.number_format = "@"
        return
    if isinstance(value, str):
        cell.value = INVISIBLE.sub("", value)
        cell.data_type = "s"
        cell.number_format = "@"
        cell.quotePrefix = begins_formula(value)
        return
    cell.value = value


def _saved(book: Any) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
