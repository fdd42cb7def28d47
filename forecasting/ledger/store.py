"""Append to a ledger and read it back: one writer at a time, on the disk before it is acknowledged, nothing lost.

``ledger/ledger.jsonl`` holds the records, one a line, ``ledger/head.json`` the number and digest of the last one that was
acknowledged. A record is appended in one write and synced before the head is written; so after a kill the file is the old one,
or the new one, or ends in a part of a line that nobody was told of. The next writer sets that part aside, in a file of its own.
"""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from forecasting.files import create_file, locked, refuse_leading_out, text_digest, write_file, writing
from forecasting.ledger.chain import NOTHING, RESTORE, Head, LedgerError, follow, hold_to, parse_head, parse_line
from forecasting.ledger.records import AnyEntry, complete, line_of

LEDGER, HEAD = "ledger.jsonl", "head.json"
MOST_BYTES = 500_000_000  # of a file that is read whole; a forecast takes 2,000
TAIL = 1 << 16  # bytes read from the end to find the last record, four times as many if it is longer


@dataclass(frozen=True)
class Ledger:
    """All records of a ledger, held to their chain.

    Parameters
    ----------
    entries : tuple of ForecastEntry, OutcomeEntry, RetractionEntry
        In the order in which they were written.
    torn : bytes
        A part of a line at the end of the file, of a writer that was killed; no record.
    """

    entries: tuple[AnyEntry, ...]
    torn: bytes = b""

    @property
    def head(self) -> Head:
        """The last record's number and digest."""
        return Head(self.entries[-1].number, self.entries[-1].digest) if self.entries else NOTHING


@dataclass(frozen=True)
class Appended:
    """What an append did: the new records, and the file in which a torn tail was set aside, if there was one."""

    entries: tuple[AnyEntry, ...]
    set_aside: Path | None = None


def utc_now() -> dt.datetime:
    """Return the time in UTC."""
    return dt.datetime.now(dt.UTC)


def read_ledger(folder: Path, *, anchors: Sequence[tuple[Head, str]] = (), now: dt.datetime | None = None) -> Ledger:
    """Read a ledger and hold it to its chain, its head and heads that are known from elsewhere.

    Parameters
    ----------
    folder : Path
        With ``ledger.jsonl``; where there is none the ledger is empty.
    anchors : sequence of (Head, str), optional
        Heads that a report or a tag knows, and where; they find a file that was written anew from some record on.
    now : datetime, optional
        By default the system's time.

    Raises
    ------
    LedgerError
        Naming the first record that is not as it was written.

    Examples
    --------
    >>> read_ledger(Path("nowhere")).head
    Head(number=0, digest='0000000000000000000000000000000000000000000000000000000000000000')
    """
    if folder.exists() and not folder.is_dir():
        raise LedgerError(f"{folder}: found no folder; name the one that holds {LEDGER}")
    path, known = folder / LEDGER, noted_head(folder)
    raw = _content(path)
    whole, _, torn = raw.rpartition(b"\n")
    lines = whole.split(b"\n") if whole or raw.startswith(b"\n") else []
    read = (parse_line(line, f"{path}:{number}") for number, line in enumerate(lines, 1))
    entries = follow(read, str(path), now=now or utc_now())
    hold_to(entries, [(known, str(folder / HEAD)), *anchors], str(path))
    return Ledger(entries, torn)


def append(
    folder: Path,
    drafts: Sequence[Mapping[str, Any]] | Callable[[Ledger], Sequence[Mapping[str, Any]]],
    *,
    clock: Callable[[], dt.datetime] = utc_now,
) -> Appended:
    """Append records; when this returns they are on the disk.

    Parameters
    ----------
    drafts : sequence of mappings, or a function from the ledger to one
        What each record says; its number, time and place in the chain are added. A function is called while no other writer
        is let in, so that what it decides from the ledger still holds when its records are written.
    clock : callable
        The time in UTC; a record never has an earlier one than the record before.

    Raises
    ------
    LedgerError
        If the ledger is not as it was written, or a draft is no record; nothing has changed then.
    FileError
        If it cannot be written; nothing has changed then.
    """
    for name in (LEDGER, HEAD):
        refuse_leading_out(folder / name)
    with locked(folder):
        set_aside = _mend(folder)
        if callable(drafts):
            ledger = read_ledger(folder)
            drafts, last = drafts(ledger), ledger.entries[-1] if ledger.entries else None
        else:
            last = _last(folder)
        written: list[AnyEntry] = []
        for draft in drafts:
            last = _next(draft, last, clock())
            written.append(last)
        if written:
            _write(folder, written)
        return Appended(tuple(written), set_aside)


def _next(draft: Mapping[str, Any], last: AnyEntry | None, now: dt.datetime) -> AnyEntry:
    head = Head(last.number, last.digest) if last else NOTHING
    if last and last.time - now > dt.timedelta(minutes=1):
        found = f"the clock says {now:%Y-%m-%d %H:%M} in UTC, and the last record is of {last.written_at}"
        raise LedgerError(f"{found}; set the clock, or where it is right wait until then")
    time = max(now, last.time) if last else now
    try:
        return complete(draft, number=head.number + 1, previous=head.digest, written_at=time)
    except ValidationError as error:
        wrong = "; ".join(
            f"{'.'.join(map(str, e['loc'][1:])) or 'it'}: {e['msg']}" for e in error.errors(include_input=False)[:3]
        )
        about = draft.get("question") or draft.get("retracts") or "a record"
        raise LedgerError(f"{about}: {wrong}; nothing was written") from None


def _write(folder: Path, entries: Sequence[AnyEntry]) -> None:
    path = folder / LEDGER
    before = path.stat().st_size if path.exists() else 0
    last = entries[-1]
    try:
        with writing(path):
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0), 0o666)
            try:
                rest = memoryview(b"".join(line_of(entry) for entry in entries))
                while rest:
                    rest = rest[os.write(handle, rest) :]
                os.fsync(handle)
            finally:
                os.close(handle)
        write_file(folder / HEAD, json.dumps({"number": last.number, "digest": last.digest}) + "\n")
    except BaseException:
        if path.exists() and path.stat().st_size > before:  # else nothing was written, perhaps because nothing may be
            os.truncate(path, before)
        raise


def _mend(folder: Path) -> Path | None:
    """Set a part of a line at the end of the file aside, and return the file that it is in then.

    Raises
    ------
    LedgerError
        If the head knows of a record that is not there: it was acknowledged, and is not to be set aside.
    """
    path = folder / LEDGER
    if not path.exists():
        if (known := noted_head(folder)).number:
            raise LedgerError(f"{path}: not there, and {folder / HEAD} knows {known.number} records; {RESTORE}")
        return None
    tail = _tail(path)
    whole, _, torn = tail.rpartition(b"\n")
    if not torn:
        return None
    known = noted_head(folder)
    last = parse_line(whole.rpartition(b"\n")[2], str(path)) if whole else None
    if known.number > (last.number if last else 0):
        raise LedgerError(f"{path}: its last line is cut, and {folder / HEAD} knows record {known.number}; {RESTORE}")
    aside = folder / f"torn-{text_digest(torn.decode('latin-1'))[:12]}.txt"
    with suppress(FileExistsError):  # set aside before, by a writer that was killed before it cut the file
        create_file(aside, torn)
    with writing(path):
        size = path.stat().st_size - len(torn)
        with path.open("rb+") as file:
            file.truncate(size)
            os.fsync(file.fileno())
    return aside


def _last(folder: Path) -> AnyEntry | None:
    """Return the last record, read from the end of the file and held to the head."""
    path, known = folder / LEDGER, noted_head(folder)
    lines = _tail(path).split(b"\n") if path.exists() else []
    last = parse_line(lines[-2], str(path)) if len(lines) > 1 else None
    number = last.number if last else 0
    if known.number > number:
        raise LedgerError(f"{path}: ends with record {number}, and {folder / HEAD} knows {known.number}: it was cut; {RESTORE}")
    if last and known.number == number and known.digest != last.digest:
        raise LedgerError(f"{path}: record {number} has another digest than {folder / HEAD} knows; {RESTORE}")
    return last


def _tail(path: Path) -> bytes:
    """Return the end of the file with at least the last whole line and what follows it."""
    _refuse_no_file(path)
    size, length = path.stat().st_size, TAIL
    with path.open("rb") as file:
        while True:
            file.seek(max(0, size - length))
            tail = file.read()
            if tail.count(b"\n") > 1 or length >= size:
                return tail
            length *= 4


def _refuse_no_file(path: Path) -> None:
    if path.exists() and not path.is_file():  # a named pipe would never end
        raise LedgerError(f"{path}: found no plain file, but a folder, a pipe or a device; {RESTORE}")


def _content(path: Path) -> bytes:
    try:
        size = path.stat().st_size
    except FileNotFoundError:
        return b""
    _refuse_no_file(path)
    if size > MOST_BYTES:
        raise LedgerError(f"{path}: {size:,} bytes, more than the {MOST_BYTES:,} that are read; begin another folder")
    return path.read_bytes()


def noted_head(folder: Path) -> Head:
    """Return the head that the last writer has noted beside the ledger; `NOTHING` where there is none."""
    path = folder / HEAD
    _refuse_no_file(path)
    try:
        return parse_head(path.read_bytes(), str(path))
    except FileNotFoundError:
        return NOTHING
