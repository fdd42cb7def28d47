"""The files of a dossier with the changes of a workbook in them: only what was edited differs."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from forecasting.coding.sheets.changes import Change
from forecasting.coding.sheets.tables import MAPPING, Table, read_files
from forecasting.coding.splice import quoted, with_cells, with_fields
from forecasting.dossier.parse import Parsed, parse_value
from forecasting.errors import DossierError, UsageError
from forecasting.files import plain_bytes


def changed_files(root: Path, changes: Sequence[Change]) -> dict[str, bytes]:
    """Return the new content of every file that changes touch, by its path below ``root``."""
    contents: dict[str, bytes] = {}
    for table in {change.table.name: change.table for change in changes}.values():
        parsed = read_files(root, table)
        own = [change for change in changes if change.table is table]
        for name, file in parsed.items():
            here = [change for change in own if change.old and change.old.file == name]
            if here:
                contents[name] = _edited(root / name, table, file, here)
        added = [change for change in own if change.old is None]
        if added:
            name = table.files[0]
            before = contents.get(name) or (plain_bytes(root / name) if (root / name).exists() else b"")
            contents[name] = _with_rows(before, table, added)
    return contents


def _edited(path: Path, table: Table, file: Parsed, changes: Sequence[Change]) -> bytes:
    raw = plain_bytes(path)
    mark = b"\xef\xbb\xbf" if raw.startswith(b"\xef\xbb\xbf") else b""
    text = raw[len(mark) :].decode("utf-8")
    for change in sorted(changes, key=lambda change: -change.old.index):  # type: ignore[union-attr]
        index = change.old.index  # type: ignore[union-attr]
        try:
            if table.is_yaml:
                text = with_fields(text, index, _fields(file.value[index], change), tuple(table.model.model_fields))
            else:
                text = _with_row(text, file, index, change)
        except UsageError as error:
            raise DossierError((change.row.refuse(next(iter(change.cells)), *str(error).split("; ", 1)),)) from None
    return mark + text.encode("utf-8")


def _with_row(text: str, file: Parsed, index: int, change: Change) -> str:
    header = next(csv.reader(io.StringIO(text)))
    values = {column: _text(new) for column, (_, new) in change.cells.items()}
    if lacking := [column for column in values if column not in header]:
        raise UsageError(f"the table has no column {lacking[0]}; add it to the header, and a cell to each row")
    first = file.lines[(index,)]
    last = file.lines[(index + 1,)] - 1 if (index + 1,) in file.lines else len(text.splitlines())
    while last > first and not text.splitlines()[last - 1].strip():
        last -= 1
    return with_cells(text, first, last, header, values)


def _with_rows(before: bytes, table: Table, added: Sequence[Change]) -> bytes:
    text = before.decode("utf-8-sig") if before else ",".join(table.columns) + "\n"
    newline = "\r\n" if "\r\n" in text else "\n"
    header = next(csv.reader(io.StringIO(text)))
    lines = []
    for change in added:
        if lacking := [column for column in change.cells if column not in header]:
            found = f"the table has no column {lacking[0]}"
            raise DossierError((change.row.refuse(lacking[0], found, "add it to the header, and a cell to each row"),))
        cells = {column: _text(new) for column, (_, new) in change.cells.items()}
        lines.append(",".join(quoted(cells.get(column, "")) for column in header) + newline)
    mark = b"\xef\xbb\xbf" if before.startswith(b"\xef\xbb\xbf") else b""
    return mark + (text + ("" if text.endswith("\n") else newline) + "".join(lines)).encode("utf-8")


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _fields(record: Mapping[str, Any], change: Change) -> dict[str, Any]:
    """Return the new values of the top-level fields that a change of cells touches."""
    fields: dict[str, Any] = {}
    for column, (_, new) in change.cells.items():
        name, _, inner = column.partition(".")
        if not inner:
            fields[name] = new
            continue
        whole = dict(fields.get(name, record.get(name)) or {})
        whole.pop(inner, None)
        if new is not None:
            whole[inner] = _structured(change, column, new)
        fields[name] = whole or None
    return fields


def _structured(change: Change, column: str, value: Any) -> Any:
    if column == MAPPING:
        pairs = [part.partition("=") for part in str(value).split()]
        if bad := [part for part in pairs if not part[1] or parse_value(part[2]) not in (True, False)]:
            raise UsageError(f"{bad[0][0]!r} is no condition; write event=true or event=false, parted by spaces")
        return {key: parse_value(flag) for key, _, flag in pairs}
    if "tuple" in str(change.table.annotation(column)):
        return tuple(str(value).split())
    return value
