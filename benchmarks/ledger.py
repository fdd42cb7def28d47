"""The ledger under load and under kills, and every way to change it: ``python -m benchmarks.ledger`` prints what was found.

1,000 writers killed at random moments, 8 writers with 500 records each, 1,000 random mutations. Nothing here is timed.
"""

from __future__ import annotations

import datetime as dt
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "support"))

from ledgers import fill, killed_writers, many_writers

from benchmarks.trust import PROJECT, Row
from forecasting.ledger.chain import LedgerError
from forecasting.ledger.store import LEDGER, read_ledger

KILLS, WRITERS, EACH, MUTATIONS = 1000, 8, 500, 1000
COMMAND = "python -m benchmarks.ledger"
PLANNED = ("test_what_was_changed_with_a_plan_is_found",
           "test_a_ledger_written_anew_with_its_head_is_found_by_a_head_that_a_report_printed")  # fmt: skip


def mutations(folder: Path, times: int, seed: int) -> tuple[int, int]:
    """Return how many of some random changes of a byte were found, and how often the unchanged ledger was refused."""
    now, raw = dt.datetime(2027, 1, 1, tzinfo=dt.UTC), (folder / LEDGER).read_bytes()
    rng, found, false_alarms = random.Random(seed), 0, 0
    for _ in range(times):
        at, new = rng.randrange(len(raw)), bytes([rng.randrange(256)])
        while new == raw[at : at + 1]:
            new = bytes([rng.randrange(256)])
        for content in (raw[:at] + new + raw[at + 1 :], raw):
            (folder / LEDGER).write_bytes(content)
            try:
                read_ledger(folder, now=now)
            except LedgerError:
                found, false_alarms = found + (content is not raw), false_alarms + (content is raw)
    return found, false_alarms


def measure(quick: bool = False) -> list[Row]:
    """Return the two rows of ``make trust``; a quick look takes a tenth."""
    part = 10 if quick else 1
    kills, each, times = KILLS // part, EACH // part, MUTATIONS // part
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        n = many_writers(folder / "writers", WRITERS, each)
        known, lost = killed_writers(folder / "killed", kills, seed=1)
        found, false = mutations(fill(folder / "changed", 20), times, seed=2)
    planned = len(list(planned_changes()))
    return [
        Row("ledger", "random changes of a byte; and, by tests, changes with a plan: cut tail, full rewrite against a head, …",
            f"{MUTATIONS:,} mutations, all found, 0 false alarms",
            f"{found:,} of {times:,} found, {false} false alarms; {planned} kinds of planned change found",
            found == times and not false and planned > 0, COMMAND),
        Row("ledger, crash and concurrency", f"{KILLS:,} writers killed with SIGKILL; {WRITERS} writers × {EACH}",
            f"0 acknowledged records lost; {WRITERS * EACH:,}/{WRITERS * EACH:,}",
            f"{kills:,} kills, {known:,} records acknowledged, {lost} lost; {n:,}/{WRITERS * each:,}",
            not lost and known > 0 and n == WRITERS * each, COMMAND),
    ]  # fmt: skip


def planned_changes() -> Iterator[str]:
    """Yield the tests of changes with a plan (a record taken out, a cut tail, a full rewrite) that pass."""
    tests = [f"tests/ledger/test_store.py::{name}" for name in PLANNED]
    command = [sys.executable, "-m", "pytest", "-q", "-n", "0", "-rA", *tests]
    run = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True)
    yield from (line for line in run.stdout.splitlines() if line.startswith("PASSED"))
    if run.returncode:
        raise SystemExit(run.stdout)


if __name__ == "__main__":
    for row in measure():
        print(" | ".join(row.cells()))
