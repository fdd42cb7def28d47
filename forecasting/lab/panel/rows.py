"""Rows of CSV tables as text: changed, taken out and put back, while every other line stays byte for byte."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from typing import Any

from forecasting.coding.splice import with_cells
from forecasting.dossier.parse import FieldPath, Parsed
from forecasting.errors import UsageError
from forecasting.lab.parts.text import plain

MARK = b"\xef\xbb\xbf"  # with which spreadsheets begin a file

type Span = tuple[int, int]  # the first and the last line of a row, counted from 1; a row to put in ends before it begins


def decoded(raw: bytes) -> tuple[bytes, str]:
    """Return the byte order mark of a file, if it has one, and its text."""
    mark = MARK if raw.startswith(MARK) else b""
    return mark, raw[len(mark) :].decode("utf-8")


def span_of(text: str, parsed: Parsed, place: FieldPath) -> Span:
    """Return the lines of a row; empty lines behind it do not belong to it."""
    first, lines = parsed.lines[place], text.splitlines(keepends=True)
    after = (*place[:-1], int(place[-1]) + 1)
    last = parsed.lines[after] - 1 if after in parsed.lines else len(lines)
    while last > first and not lines[last - 1].strip():
        last -= 1
    return first, last


def end_of(text: str) -> Span:
    """Return where a row goes that is put in as the last one."""
    n = len(text.rstrip().splitlines())
    return n + 1, n


def text_in(text: str, span: Span) -> str:
    """Return the lines of a row."""
    return "".join(text.splitlines(keepends=True)[span[0] - 1 : span[1]])


def without(text: str, span: Span) -> str:
    """Return a table without a row."""
    lines = text.splitlines(keepends=True)
    return "".join([*lines[: span[0] - 1], *lines[span[1] :]])


def with_row(text: str, row: str, span: Span) -> tuple[str, Span]:
    """Return a table with the text of a row put in before a line, and where the row stands then."""
    lines, added = text.splitlines(keepends=True), row.splitlines(keepends=True)
    end = "\r\n" if "\r\n" in text else "\n"
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += end
    if not added[-1].endswith("\n"):
        added[-1] += end
    at = span[0] - 1
    return "".join([*lines[:at], *added, *lines[at:]]), (at + 1, at + len(added))


def with_values(text: str, span: Span, file: str, fields: Mapping[str, Any]) -> str:
    """Return a table with cells of one row changed; numbers with every digit that they have.

    Raises
    ------
    UsageError
        If the table has no column of that name.
    """
    header = next(csv.reader(io.StringIO(text)))
    cells = {name: plain(value) if isinstance(value, float) else str(value) for name, value in fields.items()
             if name != "counted"}  # fmt: skip
    if lacking := [name for name in cells if name not in header]:
        raise UsageError(f"{file} has no column {lacking[0]}; add it to the header, and a cell to each row")
    return with_cells(text, *span, header, cells)
