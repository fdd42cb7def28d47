"""What somebody might do to the file of a ledger, with a plan: each has to be found."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path

from forecasting.files import canonical_json
from forecasting.ledger.records import BEGINNING, entry_digest
from forecasting.ledger.store import LEDGER

NOW = dt.datetime(2026, 12, 1, tzinfo=dt.UTC)


def lines(folder: Path) -> list[bytes]:
    return (folder / LEDGER).read_bytes().splitlines(keepends=True)


def chained(values: list[dict], *, begins: str = BEGINNING) -> list[bytes]:
    """Return records with numbers and digests that fit, as somebody would write who rewrites a ledger."""
    previous, found = begins, []
    for number, value in enumerate(values, 1):
        value = {**value, "number": number, "previous": previous}
        value["digest"] = previous = entry_digest(value)
        found.append((canonical_json(value) + "\n").encode())
    return found


def rewritten(lines: list[bytes], change: Callable[[int, dict], dict]) -> list[bytes]:
    """Return all records with a change, and digests that fit."""
    return chained([{**json.loads(line), **change(i, json.loads(line))} for i, line in enumerate(lines)])


CHANGES: dict[str, Callable[[list[bytes]], list[bytes]]] = {
    "a record is taken out": lambda ls: [*ls[:4], *ls[5:]],
    "the last is taken out": lambda ls: ls[:-1],
    "two change places": lambda ls: [*ls[:3], ls[4], ls[3], *ls[5:]],
    "one stands twice": lambda ls: [*ls[:3], ls[2], *ls[3:]],
    "the last line is cut": lambda ls: [*ls[:-1], ls[-1][:40]],
    "an empty line": lambda ls: [*ls[:2], b"\n", *ls[2:]],
    "one is written anew": lambda ls: [*ls[:2], rewritten(ls[2:3], lambda i, x: {"title": "Another"})[0], *ls[3:]],
    "all are written anew": lambda ls: rewritten(ls, lambda i, x: {"edition": "autumn"} if "edition" in x else {}),
    "one is dated back": lambda ls: rewritten(ls, lambda i, x: {"written_at": "2026-02-28T00:00:00Z"} if i == 5 else {}),
    "the first are left out": lambda ls: chained([json.loads(line) for line in ls[3:]]),
    "one of a day to come": lambda ls: rewritten(ls, lambda i, x: {"written_at": "2031-01-01T00:00:00Z"}),
}
