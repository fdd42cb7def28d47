"""Read a ledger and hold it to its chain: the first record that is not as it was written is named."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass

from pydantic import ValidationError

from forecasting.errors import ForecastingError
from forecasting.files import canonical_json, strict_json
from forecasting.ledger.records import BEGINNING, ENTRIES, SCHEMA, AnyEntry, Entry, entry_digest

AHEAD = dt.timedelta(days=1)  # that a clock of another machine may be ahead of ours


@dataclass(frozen=True)
class Head:
    """The last record of a ledger, which stands for all of them: how many there are, and its digest."""

    number: int
    digest: str

    def __str__(self) -> str:
        return f"{self.number}:{self.digest}"


NOTHING = Head(0, BEGINNING)


class LedgerError(ForecastingError):
    """A ledger is not as it was written, or does not take what is to be added."""


def parse_line(line: bytes, where: str) -> AnyEntry:
    """Return the record of one line.

    Raises
    ------
    LedgerError
        If the line is not the canonical JSON of a record of this schema, or its content is not what its digest stands for.
    """
    try:
        value = strict_json(line)
    except ValueError as error:
        raise LedgerError(f"{where}: found {error}; {RESTORE}") from None
    if isinstance(value, dict) and isinstance(value.get("schema"), int) and value["schema"] > SCHEMA:
        found = f"schema {value['schema']}, of a newer version of this program, which reads {SCHEMA}"
        raise LedgerError(f"{where}: found {found}; install that version: nothing was changed")
    try:
        entry = ENTRIES.validate_json(line, strict=True)
    except ValidationError as error:
        wrong = "; ".join(
            f"{'.'.join(map(str, e['loc'])) or 'record'}: {e['msg']}" for e in error.errors(include_input=False)[:2]
        )
        raise LedgerError(f"{where}: found {wrong}; {RESTORE}") from None
    if canonical_json(value).encode("utf-8") != line or canonical_json(entry.fields()).encode("utf-8") != line:
        raise LedgerError(f"{where}: found a line that is not as this program writes it; {RESTORE}")
    if entry_digest(value) != entry.digest:
        raise LedgerError(f"{where}: found other content than its digest stands for: it was changed; {RESTORE}")
    return entry


RESTORE = "restore the file from the version control system"


def follow(entries: Iterable[AnyEntry], called: str, *, now: dt.datetime) -> tuple[AnyEntry, ...]:
    """Return records that follow each other: numbers, digests and times.

    Parameters
    ----------
    called : str
        The file's name in messages.
    now : datetime
        No record may be more than a day ahead of it.

    Raises
    ------
    LedgerError
        Naming the first record that does not follow the one before.
    """
    seen: list[AnyEntry] = []
    digests: set[str] = set()
    head, last = NOTHING, ""
    for line, entry in enumerate(entries, 1):
        where = f"{called}:{line}"
        if entry.number != head.number + 1:
            raise LedgerError(
                f"{where}: found record {entry.number} after {head.number}: records were taken out or moved; {RESTORE}"
            )
        if entry.previous != head.digest:
            raise LedgerError(f"{where}: record {entry.number} follows another record than the one before it; {RESTORE}")
        if entry.written_at < last:
            raise LedgerError(
                f"{where}: record {entry.number} says {entry.written_at}, earlier than the one before it; {RESTORE}"
            )
        if entry.time > now + AHEAD:
            found = f"record {entry.number} says {entry.written_at}, which is still to come"
            raise LedgerError(f"{where}: {found}; set the clock, or where it is right {RESTORE}")
        for name in named(entry):
            if name not in digests:
                raise LedgerError(
                    f"{where}: record {entry.number} speaks of {name[:12]}…, which stands nowhere before it; {RESTORE}"
                )
        digests.add(entry.digest)
        head, last = Head(entry.number, entry.digest), entry.written_at
        seen.append(entry)
    return tuple(seen)


def named(entry: Entry) -> list[str]:
    """Return the digests of earlier records that a record speaks of."""
    return [name for name in (getattr(entry, "replaces", None), getattr(entry, "retracts", None)) if name]


def parse_head(content: bytes, called: str) -> Head:
    """Return what the file of the head says.

    Raises
    ------
    LedgerError
        If it is not a head.
    """
    try:
        value = strict_json(content)
    except ValueError:
        value = None
    known = isinstance(value, dict) and (value.get("number"), value.get("digest"))
    if not known or type(known[0]) is not int or known[0] < 0 or not re.fullmatch("[0-9a-f]{64}", str(known[1])):
        raise LedgerError(f"{called}: found no head of a ledger; {RESTORE}")
    head = Head(known[0], str(known[1]))
    if head.number == 0 and head != NOTHING:
        raise LedgerError(f"{called}: found a head of record 0, which no ledger has; {RESTORE}")
    return head


def hold_to(entries: tuple[AnyEntry, ...], heads: Iterable[tuple[Head, str]], called: str) -> None:
    """Hold records to heads that were noted or anchored elsewhere.

    Raises
    ------
    LedgerError
        If a head is not in the chain: the file was cut, or written anew.
    """
    for head, place in heads:
        if head.number == 0:
            continue
        if head.number > len(entries):
            raise LedgerError(
                f"{called}: ends with record {len(entries)}, and {place} knows {head.number}: it was cut; {RESTORE}"
            )
        if entries[head.number - 1].digest != head.digest:
            found = f"record {head.number} has another digest than {place} knows: the file was written anew"
            raise LedgerError(f"{called}:{head.number}: {found}; {RESTORE}")
