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
from forecasting.dossier.edition import Dossier, EditionDossier
from forecasting.dossier.load import read_dossier
from forecasting.dossier.parse import Parsed
from forecasting.dossier.reference_classes import ReferenceClass
from forecasting.errors import DossierError, UsageError
from forecasting.lab.panel.behind import HISTORY
from forecasting.lab.panel.edits import Edits, by_record, fields_of, record_of
from forecasting.lab.panel.text import note_of, reasoned

NOTES = {"Claim": "note", "Effect": "why", "ReferenceClass": "note", "HistoryRow": "note"}
MARK = b"\xef\xbb\xbf"  # with which spreadsheets begin a file


def write_changes(edition: EditionDossier, edits: Edits, reason: str, on: dt.date) -> tuple[str, ...]:
    """Write changed fields into the files of a dossier, and return the names of these files.

    What is not changed stays byte for byte. The records on disk must be those of the edition; a change that a rule forbids
    leaves every file as it was. Each record's note, of an effect its *why*, says on which day what became what, and why.

    Raises
    ------
    UsageError
        If nothing is changed, the reason says nothing, or a record has changed on disk since the fit.
    DossierError
        If a rule fails for the records as they would be.
    """
    if not edits:
        raise UsageError("nothing is changed; move a control first")
    said, root = reasoned(reason), edition.dossier.root
    with locked(root):
        fresh, _ = read_dossier(root)
        contents: dict[str, bytes] = {}
        left_out = [name for name, own in by_record(edits).items() if _left_out(own)]
        # rows go last and from the end, so that the lines of the others stay where they are
        for name, own in sorted(by_record(edits).items(), key=lambda item: _order(item[0], left_out)):
            parsed, place = _same(edition.dossier, fresh, edition, name)
            file = Path(parsed.file).relative_to(root.name).as_posix()
            raw = contents.get(file) or (root / file).read_bytes()
            contents[file] = _changed(raw, parsed, place, record_of(edition, name), own, said, on)
        if failures := new_failures(root, contents):
            raise DossierError(failures)
        put_in_place(root, contents)
    return tuple(f"{root.name}/{file}" for file in contents)


def _order(name: str, left_out: list[str]) -> tuple[bool, int]:
    return name in left_out, -int(name.removeprefix(HISTORY)) if name.startswith(HISTORY) else 0


def _left_out(edits: Edits) -> bool:
    return any(edit.field == "counted" and not edit.new for edit in edits)


def _same(dossier: Dossier, fresh: Dossier, edition: EditionDossier, name: str) -> tuple[Parsed, tuple[Any, ...]]:
    """Return where a record stands on disk, if it is there as the edition knows it."""
    record = record_of(edition, name)
    if name.startswith(HISTORY):
        index = int(name.removeprefix(HISTORY))
        key: tuple[str, Any] = ("history", index)
        there: Any = fresh.history[index] if index < len(fresh.history) else None
    elif isinstance(record, ReferenceClass):
        key = ("reference_class", row_key(record))
        there = next((row for row in fresh.dated_rows.get(name, ()) if row_key(row) == row_key(record)), None)
    else:
        kind = type(record).__name__.lower()
        key, there = (kind, name), getattr(fresh, f"{kind}s").get(name)
    if there != record:
        raise UsageError(f"{name} has changed on disk since the fit; load the records again, and make the change anew")
    return fresh.places[key]


def _changed(
    raw: bytes, parsed: Parsed, place: tuple[Any, ...], record: Any, edits: Edits, reason: str, on: dt.date
) -> bytes:
    mark = MARK if raw.startswith(MARK) else b""
    text = raw[len(mark) :].decode("utf-8")
    note = NOTES[type(record).__name__]
    before = " ".join(str(getattr(record, note)).split())
    fields = {**fields_of(record, edits, reason), note: f"{before} {note_of(edits, reason, on)}".strip()}
    if parsed.file.endswith(".csv"):
        return mark + _with_row(text, parsed, place, fields, _left_out(edits)).encode("utf-8")
    order = tuple(field.alias or name for name, field in type(record).model_fields.items())
    return mark + with_fields(text, place, fields, order).encode("utf-8")


def _with_row(text: str, parsed: Parsed, place: tuple[Any, ...], fields: Mapping[str, Any], left_out: bool) -> str:
    first, lines = parsed.lines[place], text.splitlines(keepends=True)
    after = (*place[:-1], place[-1] + 1)
    last = parsed.lines[after] - 1 if after in parsed.lines else len(lines)
    while last > first and not lines[last - 1].strip():
        last -= 1
    if left_out:
        return "".join([*lines[: first - 1], *lines[last:]])
    header = next(csv.reader(io.StringIO(text)))
    cells = {name: f"{value:g}" if isinstance(value, float) else str(value) for name, value in fields.items()
             if name != "counted"}  # fmt: skip
    if lacking := [name for name in cells if name not in header]:
        raise UsageError(f"{parsed.file} has no column {lacking[0]}; add it to the header, and a cell to each row")
    return with_cells(text, first, last, header, cells)
