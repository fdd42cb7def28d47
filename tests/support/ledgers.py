"""Ledgers for tests: drafts of records, and writers in processes of their own that can be killed."""

from __future__ import annotations

import datetime as dt
import os
import random
import signal
import time
from pathlib import Path
from typing import Any

from forecasting.ledger.store import append, read_ledger

CONTRACT = "c" * 64
DAY = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)


def forecast(question: str = "pact-by-2027", p: float = 0.3, **changes: Any) -> dict[str, Any]:
    shares = [{"id": "yes", "title": "yes", "p": p, "base_p": 0.2, "prior_p": 0.25}, {"id": "no", "title": "no", "p": 1 - p}]
    return {
        "entry": "forecast", "question": question, "title": "Will a pact be signed?", "kind": "yes/no", "contract": CONTRACT,
        "edition": "spring", "as_of": "2026-02-28", "deadline": "2027-12-31", "forecaster": "model", "outcomes": shares,
        "standing": "live", "status_quo": "no", **changes,
    }  # fmt: skip


def outcome(question: str = "pact-by-2027", came: str = "yes", **changes: Any) -> dict[str, Any]:
    return {
        "entry": "outcome", "question": question, "contract": CONTRACT, "outcome": came, "on": "2026-03-01",
        "source": "A gazette; https://example.org", "by": "The editor", **changes,
    }  # fmt: skip


def clock(day: dt.datetime = DAY) -> Any:
    return lambda: day


def fill(folder: Path, n: int = 20) -> Path:
    """Write a ledger of n forecasts, every third one resolved."""
    for i in range(n):
        append(folder, [forecast(f"q-{i}", 0.1 + 0.8 * i / n)], clock=clock())
        if i % 3 == 0:
            append(folder, [outcome(f"q-{i}", "yes" if i % 2 else "no")], clock=clock())
    return folder


def write_in_child(folder: Path, writer: int, times: int, acknowledged: int | None = None) -> int:
    """Start a process that appends, and tells through a pipe what was acknowledged; return its number."""
    pid = os.fork()
    if pid:
        return pid
    try:
        for i in range(times):
            done = append(folder, [forecast(f"w{writer}-{i}")])
            if acknowledged is not None:
                os.write(acknowledged, f"{done.entries[0].digest}\n".encode())
        os._exit(0)
    except BaseException:  # noqa: BLE001
        os._exit(1)


def many_writers(folder: Path, writers: int, times: int) -> int:
    """Have several processes append at once; return how many records there are, after holding them to the chain."""
    children = [write_in_child(folder, w, times) for w in range(writers)]
    codes = [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in children]
    assert codes == [0] * writers
    return len(read_ledger(folder).entries)


def killed_writers(folder: Path, times: int, seed: int) -> tuple[int, int]:
    """Kill writers with SIGKILL at random moments; return how many records were acknowledged, and how many of them are lost.

    After each kill the ledger has to be readable, and every tenth time another writer goes on with it.
    """
    rng = random.Random(seed)
    known: list[str] = []
    for i in range(times):
        read, write = os.pipe()
        pid = write_in_child(folder, i, 1000, write)
        os.close(write)
        time.sleep(rng.uniform(0.0, 0.08))
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        with os.fdopen(read) as lines:
            known += [line.strip() for line in lines.read().splitlines(keepends=True) if line.endswith("\n")]
        if i % 10 == 9:
            append(folder, [forecast(f"after-{i}")])
            read_ledger(folder)
    there = {entry.digest for entry in read_ledger(folder).entries}
    return len(known), len(set(known) - there)
