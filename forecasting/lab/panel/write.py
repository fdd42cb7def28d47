"""Write changes into the records on disk: through every rule, all files or none, with the reason in each record's note."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from forecasting.coding.splice import with_fields
from forecasting.coding.through_check import new_failures, put_in_place, read_changed
from forecasting.coding.write import locked
from forecasting.dossier.dated_classes import row_key
from forecasting.dossier.edition import Dossier
from forecasting.dossier.load import read_dossier
from forecasting.dossier.parse import FieldPath, Parsed
from forecasting.dossier.reference_classes import ReferenceClass
from forecasting.errors import DossierError, UsageError
from forecasting.files import plain_bytes
from forecasting.lab.panel.behind import HISTORY
from forecasting.lab.panel.disk import Disk, Gone, left_out
from forecasting.lab.panel.edits import Edits, by_record, fields_of, record_of
from forecasting.lab.panel.rows import Span, decoded, end_of, span_of, text_in, with_row, with_values, without
from forecasting.lab.panel.text import note_of
from forecasting.lab.parts.text import reasoned

NOTES = {"Claim": "note", "Effect": "why", "Event": "why_class", "ReferenceClass": "note", "HistoryRow": "note"}


def write_changes(disk: Disk, edits: Edits, reason: str, on: dt.date) -> tuple[Disk, tuple[str, ...]]:
    """Write changed fields into the files of a dossier; return what stands there then, and the names of these files.

    What is not changed stays byte for byte. A change that was written before and is no longer in the list is written back. The
    records on disk must be those that the panel knows; a change that a rule forbids leaves every file as it was. Each record's
    note, of an effect its *why*, of an event its *why_class*, says on which day what became what, and why.

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
        before, _ = read_dossier(root)
        raws: dict[str, bytes] = {}
        places = [_place(disk, before, raws, name, own) for name, own in by_record(pending).items()]
        contents, gone = dict(raws), dict(disk.gone)
        # each file from its end, so that lines before stay where they are; of rows at one line the later one comes first
        for place in sorted(places, key=lambda one: (one.file, -one.span[0], _order(one.name))):
            contents[place.file] = _changed(contents[place.file], place, disk, said, on)
            if place.name in disk.gone:
                del gone[place.name]
            elif left_out(place.edits):
                gone[place.name] = Gone(disk.record(place.name), place.file, text_in(decoded(raws[place.file])[1], place.span))
        if failures := new_failures(root, contents):
            raise DossierError(failures)
        files = {place.name: f"{root.name}/{place.file}" for place in places}
        after = disk.after(pending, {}, files, gone)
        fields = {place.name: _noted(disk, place.name, place.edits, said, on) for place in places}
        if stray := _not_as_meant(disk, after, before, read_changed(root, contents), fields):
            raise UsageError(f"{stray} would not say what it should; no file was changed, so make this change in the file itself")
        put_in_place(root, contents)
        fresh, _ = read_dossier(root)
    records = {name: _there(after, fresh, name)[1] for name in files if name not in gone}
    return disk.after(pending, records, files, gone), tuple(f"{root.name}/{file}" for file in contents)


@dataclass(frozen=True)
class Place:
    """A record that is changed: in which file and lines it stands, or before which line it goes (a span that ends before it)."""

    name: str
    edits: Edits
    file: str
    span: Span
    path: FieldPath = ()


def _place(disk: Disk, fresh: Dossier, raws: dict[str, bytes], name: str, edits: Edits) -> Place:
    """Return where a record stands in the files as they are; they are read into ``raws``."""
    root = disk.edition.dossier.root
    if name in disk.gone:
        file = disk.gone[name].file
        raw = raws.setdefault(file, plain_bytes(root / file))
        return Place(name, edits, file, _span_back(disk, fresh, name) or end_of(decoded(raw)[1]))
    parsed, path = _same(disk, fresh, name)
    file = _file(fresh, parsed)
    raw = raws.setdefault(file, plain_bytes(root / file))
    if file.endswith(".csv"):
        return Place(name, edits, file, span_of(decoded(raw)[1], parsed, path), path)
    return Place(name, edits, file, (0, 0), path)  # found by its path, whatever its lines


def _file(fresh: Dossier, parsed: Parsed) -> str:
    return Path(parsed.file).relative_to(fresh.root.name).as_posix()


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


def _changed(raw: bytes, place: Place, disk: Disk, reason: str, on: dt.date) -> bytes:
    """Return the content of a file with one record of it changed, taken out or put back."""
    mark, text = decoded(raw)
    fields = _noted(disk, place.name, place.edits, reason, on)
    if place.name in disk.gone:
        text, span = with_row(text, disk.gone[place.name].text, place.span)
        return mark + with_values(text, span, place.file, fields).encode("utf-8")
    if place.file.endswith(".csv"):
        gone = left_out(place.edits)
        new = without(text, place.span) if gone else with_values(text, place.span, place.file, fields)
        return mark + new.encode("utf-8")
    order = tuple(field.alias or name for name, field in type(disk.record(place.name)).model_fields.items())
    return mark + with_fields(text, place.path, fields, order).encode("utf-8")


def _noted(disk: Disk, name: str, edits: Edits, reason: str, on: dt.date) -> dict[str, Any]:
    """Return the new values of a record's fields, its note among them."""
    record, first = disk.record(name), record_of(disk.edition, name)
    note = NOTES[type(record).__name__]
    before = " ".join(str(getattr(record, note)).split())
    fields = {field: value for field, value in fields_of(record, edits, reason, first).items() if value != _had(record, field)}
    return {**fields, note: f"{before} {note_of(edits, reason, on)}".strip()}


def _had(record: Any, field: str) -> Any:
    """Return what a record has in a field; itself, which no value equals, where it has none of that name."""
    return getattr(record, field, record)


def _span_back(disk: Disk, fresh: Dossier, name: str) -> Span | None:
    """Return the lines before which a row goes that was left out, None for the end of its file.

    Raises
    ------
    UsageError
        If the rows around it are not those that were left there.
    """
    kept = [disk.record(f"{HISTORY}{i}") for i in range(len(disk.edition.dossier.history)) if f"{HISTORY}{i}" not in disk.gone]
    if tuple(kept) != fresh.history:
        raise UsageError(f"the history has changed on disk since {name} was left out; put its row back by hand")
    parsed, path = fresh.places.get(("history", disk.row(name)), (None, ()))
    if parsed is None or _file(fresh, parsed) != disk.gone[name].file:  # the next row may be the first of another file
        return None
    return parsed.lines[path], parsed.lines[path] - 1


def _not_as_meant(disk: Disk, after: Disk, before: Dossier, now: Dossier, fields: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the first record that would not be as it was meant, among those that are changed and those that are not."""
    for name, own in fields.items():
        found = _there(after, now, name)[1]
        if name not in after.gone and (found is None or not _says(found, disk.record(name), own)):
            return name
    for table in ("claims", "effects", "events", "dated_rows"):
        old, new = getattr(before, table), getattr(now, table)
        for name in {*old, *new} - {*fields}:
            if old.get(name) != new.get(name):
                return str(name)
    for name in (f"{HISTORY}{i}" for i in range(len(disk.edition.dossier.history))):
        same = name in fields or name in disk.gone or _there(disk, before, name)[1] == _there(after, now, name)[1]
        if not same:
            return name
    return ""


def _says(found: Any, record: Any, fields: Mapping[str, Any]) -> bool:
    """Return whether a record has some new values, and in all other fields what it had."""
    given = found.model_dump()
    return all(given.get(name) == value for name, value in fields.items() if name != "counted") and all(
        getattr(found, name) == getattr(record, name) for name in type(record).model_fields if name not in fields
    )
