"""Write changes into the records on disk: through every rule, all files or none, with the reason in each record's note."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from forecasting.coding.splice import with_cells, with_fields
from forecasting.coding.through_check import new_failures, put_in_place
from forecasting.coding.write import locked
from forecasting.dossier.dated_classes import row_key
from forecasting.dossier.edition import Dossier
from forecasting.dossier.load import read_dossier
from forecasting.dossier.parse import Parsed
from forecasting.dossier.reference_classes import ReferenceClass
from forecasting.errors import DossierError, UsageError
from forecasting.lab.panel.behind import HISTORY
from forecasting.lab.panel.disk import Disk, Gone, left_out
from forecasting.lab.panel.edits import Edits, by_record, fields_of
from forecasting.lab.panel.text import note_of, reasoned

NOTES = {"Claim": "note", "Effect": "why", "ReferenceClass": "note", "HistoryRow": "note"}
MARK = b"\xef\xbb\xbf"  # with which spreadsheets begin a file


def write_changes(disk: Disk, edits: Edits, reason: str, on: dt.date) -> tuple[Disk, tuple[str, ...]]:
    """Write changed fields into the files of a dossier; return what stands there then, and the names of these files.

    What is not changed stays byte for byte. A change that was written before and is no longer in the list is written back. The
    records on disk must be those that the panel knows; a change that a rule forbids leaves every file as it was. Each record's
    note, of an effect its *why*, says on which day what became what, and why.

    Raises
    ------
    UsageError
        If nothing is to be written, the reason says nothing, or a record has changed on disk since the fit.
    DossierError
        If a rule fails for the records as they would be.
    """
    pending = disk.pending(edits)
    if not pending:
        raise UsageError("all of this is written already" if edits else "nothing is changed; move a control first")
    said, root = reasoned(reason), disk.edition.dossier.root
    with locked(root):
        fresh, _ = read_dossier(root)
        contents: dict[str, bytes] = {}
        files: dict[str, str] = {}
        gone = dict(disk.gone)
        # rows of the history from the end, so that the lines of those before stay where they are
        for name, own in sorted(by_record(pending).items(), key=lambda item: _order(item[0])):
            if name in disk.gone:
                row = gone.pop(name)
                raw = contents.get(row.file) or (root / row.file).read_bytes()
                contents[row.file] = _put_back(raw, _line_of(disk, fresh, name), row, own, said, on)
                files[name] = row.file
                continue
            parsed, place = _same(disk, fresh, name)
            file = files[name] = Path(parsed.file).relative_to(root.name).as_posix()
            raw = contents.get(file) or (root / file).read_bytes()
            contents[file] = _changed(raw, parsed, place, disk.record(name), own, said, on)
            if left_out(own):
                gone[name] = Gone(disk.record(name), file, _text_of(raw, parsed, place))
        if failures := new_failures(root, contents):
            raise DossierError(failures)
        put_in_place(root, contents)
        fresh, _ = read_dossier(root)
    names = {name: f"{root.name}/{file}" for name, file in files.items()}
    after = disk.after(pending, {}, names, gone)
    records = {name: _there(after, fresh, name)[1] for name in files if name not in gone}
    return disk.after(pending, records, names, gone), tuple(f"{root.name}/{file}" for file in contents)


def _order(name: str) -> int:
    return -int(name.removeprefix(HISTORY)) if name.startswith(HISTORY) else 1


def _there(disk: Disk, fresh: Dossier, name: str) -> tuple[tuple[str, Any], Any]:
    """Return the key of a record in a dossier that was read from disk, and the record; None if it is not there."""
    record = disk.record(name)
    if name.startswith(HISTORY):
        index = disk.row(name)
        return ("history", index), fresh.history[index] if index < len(fresh.history) else None
    if isinstance(record, ReferenceClass):
        rows = fresh.dated_rows.get(name, ())
        return ("reference_class", row_key(record)), next((row for row in rows if row_key(row) == row_key(record)), None)
    kind = type(record).__name__.lower()
    return (kind, name), getattr(fresh, f"{kind}s").get(name)


def _same(disk: Disk, fresh: Dossier, name: str) -> tuple[Parsed, tuple[Any, ...]]:
    """Return where a record stands on disk, if it is there as the panel knows it."""
    key, there = _there(disk, fresh, name)
    if there != disk.record(name):
        raise UsageError(f"{name} has changed on disk since the fit; load the records again, and make the change anew")
    return fresh.places[key]


def _changed(
    raw: bytes, parsed: Parsed, place: tuple[Any, ...], record: Any, edits: Edits, reason: str, on: dt.date
) -> bytes:
    mark, text = _decoded(raw)
    fields = _noted(record, edits, reason, on)
    if parsed.file.endswith(".csv"):
        return mark + _with_row(text, parsed, place, fields, left_out(edits)).encode("utf-8")
    order = tuple(field.alias or name for name, field in type(record).model_fields.items())
    return mark + with_fields(text, place, fields, order).encode("utf-8")


def _noted(record: Any, edits: Edits, reason: str, on: dt.date) -> dict[str, Any]:
    """Return the new values of a record's fields, its note among them."""
    note = NOTES[type(record).__name__]
    before = " ".join(str(getattr(record, note)).split())
    return {**fields_of(record, edits, reason), note: f"{before} {note_of(edits, reason, on)}".strip()}


def _decoded(raw: bytes) -> tuple[bytes, str]:
    mark = MARK if raw.startswith(MARK) else b""
    return mark, raw[len(mark) :].decode("utf-8")


def _lines(text: str, parsed: Parsed, place: tuple[Any, ...]) -> tuple[int, int]:
    """Return the first and the last line of a row, counted from 1."""
    first, lines = parsed.lines[place], text.splitlines(keepends=True)
    after = (*place[:-1], place[-1] + 1)
    last = parsed.lines[after] - 1 if after in parsed.lines else len(lines)
    while last > first and not lines[last - 1].strip():
        last -= 1
    return first, last


def _text_of(raw: bytes, parsed: Parsed, place: tuple[Any, ...]) -> str:
    text = _decoded(raw)[1]
    first, last = _lines(text, parsed, place)
    return "".join(text.splitlines(keepends=True)[first - 1 : last])


def _line_of(disk: Disk, fresh: Dossier, name: str) -> int | None:
    """Return the line before which a row goes that was left out, None for the end of the file.

    Raises
    ------
    UsageError
        If the rows around it are not those that were left there.
    """
    kept = [disk.record(f"{HISTORY}{i}") for i in range(len(disk.edition.dossier.history)) if f"{HISTORY}{i}" not in disk.gone]
    if tuple(kept) != fresh.history:
        raise UsageError(f"the history has changed on disk since {name} was left out; put its row back by hand")
    parsed, place = fresh.places.get(("history", disk.row(name)), (None, ()))
    return parsed.lines[place] if parsed else None


def _put_back(raw: bytes, line: int | None, row: Gone, edits: Edits, reason: str, on: dt.date) -> bytes:
    mark, text = _decoded(raw)
    lines, added = text.splitlines(keepends=True), row.text.splitlines(keepends=True)
    end = "\r\n" if "\r\n" in text else "\n"
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += end
    if not added[-1].endswith("\n"):
        added[-1] += end
    at = len(lines) if line is None else line - 1
    whole = "".join([*lines[:at], *added, *lines[at:]])
    fields = _noted(row.record, edits, reason, on)
    return mark + _with_cells(whole, at + 1, at + len(added), row.file, fields).encode("utf-8")


def _with_row(text: str, parsed: Parsed, place: tuple[Any, ...], fields: Mapping[str, Any], gone: bool) -> str:
    first, last = _lines(text, parsed, place)
    if gone:
        lines = text.splitlines(keepends=True)
        return "".join([*lines[: first - 1], *lines[last:]])
    return _with_cells(text, first, last, parsed.file, fields)


def _with_cells(text: str, first: int, last: int, file: str, fields: Mapping[str, Any]) -> str:
    header = next(csv.reader(io.StringIO(text)))
    cells = {name: f"{value:g}" if isinstance(value, float) else str(value) for name, value in fields.items()
             if name != "counted"}  # fmt: skip
    if lacking := [name for name in cells if name not in header]:
        raise UsageError(f"{file} has no column {lacking[0]}; add it to the header, and a cell to each row")
    return with_cells(text, first, last, header, cells)
