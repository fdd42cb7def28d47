"""Read a workbook that somebody sent back: what is too large, a program, a formula or damaged is refused before it is read."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from forecasting.errors import CheckResult, DossierError, Where
from forecasting.files import plain_bytes
from forecasting.shown.text import INVISIBLE

MAX_BYTES, MAX_UNPACKED, MAX_PARTS, MAX_CELL = 20_000_000, 100_000_000, 500, 32_767
MAX_ROWS, MAX_COLUMNS, MAX_CELLS, MAX_RESULTS = 20_000, 200, 500_000, 1_000
_PROGRAM = re.compile(r"vbaProject|macrosheets/|activeX/|embeddings/|externalLinks/", re.IGNORECASE)


@dataclass(frozen=True)
class SheetRow:
    """A row of a sheet: its number, the letter of each column, and what stands in its cells that are not empty."""

    sheet: str
    number: int
    letters: Mapping[str, str]
    cells: Mapping[str, Any]

    def refuse(self, column: str, found: str, fix: str) -> CheckResult:
        """Return a result at a cell of the row."""
        return CheckResult("sheet", Where(f"{self.sheet}!{self.letters.get(column, 'A')}{self.number}"), found, fix)


def read_workbook(path: Path) -> dict[str, tuple[tuple[str, ...], list[SheetRow]]]:
    """Return the visible sheets of a workbook: the columns of each, and its rows that are not empty.

    Raises
    ------
    DossierError
        If it is no workbook, too large once unpacked, holds a macro, a link to another file or a declaration of entities, or
        if a cell holds a formula or an error; sheet, row and column are named.
    """
    raw = _bytes(path)
    _safe(path, raw)
    from openpyxl import load_workbook

    try:
        with warnings.catch_warnings():  # what openpyxl leaves out (styles, printing, drop-downs) is not read here
            warnings.simplefilter("ignore")
            # row by row: a merged area or a link over a million cells would be laid out cell by cell
            book = load_workbook(io.BytesIO(raw), read_only=True, data_only=False, keep_links=False)
            read = {sheet.title: _cells(path, sheet) for sheet in book.worksheets if sheet.title != "choices"}
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, zipfile.BadZipFile, SyntaxError, OSError) as error:
        raise _error(path, f"not a workbook that can be read ({error})", "save it again as .xlsx") from None
    results: list[CheckResult] = []
    sheets = {}
    for title, lines in read.items():
        named = lines[0] if lines and lines[0][0].row == 1 else []
        header = {str(c.value): c.column_letter for c in named}
        if len(header) != len(named):
            raise _error(path, f"sheet {title} names a column twice in row 1", "keep one")
        by_letter = {letter: column for column, letter in header.items()}
        rows = []
        for filled in lines[1:] if named else lines:
            results += _refused(title, filled, by_letter)
            if len(results) > MAX_RESULTS:
                raise DossierError(tuple(results[:MAX_RESULTS]))
            values = {by_letter[c.column_letter]: c.value for c in filled if c.column_letter in by_letter}
            rows.append(SheetRow(title, filled[0].row, header, values))
        sheets[title] = tuple(header), rows
    if results:
        raise DossierError(tuple(results))
    return sheets


def _cells(path: Path, sheet: Any) -> list[list[Any]]:
    """Return the cells of a sheet that are not empty, by row; no more than people write is read."""
    sheet.reset_dimensions()  # what the file says of its size need not be so
    lines, n_cells = [], 0
    for number, cells in enumerate(sheet.iter_rows(), 1):
        filled = [cell for cell in cells if cell.value is not None and str(cell.value) != ""]
        n_cells += len(filled)
        if number > MAX_ROWS or len(cells) > MAX_COLUMNS or n_cells > MAX_CELLS:
            found = f"sheet {sheet.title} has more than {MAX_ROWS:,} rows, {MAX_COLUMNS} columns or {MAX_CELLS:,} cells"
            raise _error(path, found, "keep it under that: one row for each record, and nothing beside or below them")
        if filled:
            lines.append(filled)
    return lines


def _refused(sheet: str, cells: list[Any], columns: Mapping[str, str]) -> Iterator[CheckResult]:
    for cell in cells:
        where = Where(f"{sheet}!{cell.coordinate}")
        if cell.data_type == "f":
            yield CheckResult("sheet", where, f"a formula in column {columns.get(cell.column_letter, '?')}", "write its value")
        elif cell.data_type == "e":
            yield CheckResult("sheet", where, f"the error {cell.value}", "write a value")
        elif cell.column_letter not in columns:
            yield CheckResult("sheet", where, "a cell under no column", "name its column in row 1, or empty it")
        elif isinstance(cell.value, str) and (hidden := INVISIBLE.search(cell.value)):
            yield CheckResult("sheet", where, f"the invisible character U+{ord(hidden.group()):04X}", "delete it")
        elif isinstance(cell.value, str) and len(cell.value) > MAX_CELL:
            yield CheckResult("sheet", where, f"{len(cell.value):,} characters", f"keep it under {MAX_CELL:,}")


def _bytes(path: Path) -> bytes:
    if not path.is_file():
        raise _error(path, "no such file", "name the workbook that `forecast export` wrote")
    if path.stat().st_size > MAX_BYTES:
        raise _error(path, f"{path.stat().st_size:,} bytes", f"keep it under {MAX_BYTES:,} bytes")
    return plain_bytes(path)


def _safe(path: Path, raw: bytes) -> None:
    """Refuse what would be dangerous to unpack, before anything is unpacked."""
    if raw.startswith(b"\xd0\xcf\x11\xe0"):
        raise _error(path, "an old .xls workbook, or one with a password", "save it as .xlsx without a password")
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            parts = archive.infolist()
            size = sum(part.file_size for part in parts)
            if size > MAX_UNPACKED or len(parts) > MAX_PARTS:
                raise _error(path, f"{size:,} bytes in {len(parts)} parts once unpacked", "keep one sheet of records")
            for part in parts:
                if _PROGRAM.search(part.filename):
                    raise _error(path, f"a macro or a link to another file ({part.filename})", "save it as .xlsx without")
                if part.filename.endswith((".xml", ".rels")) and re.search(rb"<!(DOCTYPE|ENTITY)", archive.read(part)):
                    raise _error(path, f"declarations of entities in {part.filename}", "save it again in a spreadsheet program")
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError, ValueError, OSError) as error:
        raise _error(path, f"not an .xlsx workbook ({error})", "save it as .xlsx") from None


def _error(path: Path, found: str, fix: str) -> DossierError:
    return DossierError((CheckResult("sheet", Where(path.name), found, fix),))
