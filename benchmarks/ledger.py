"""The ledger under load and under kills, and every way to change it: ``python -m benchmarks.ledger`` prints what was found.

1,000 writers killed at random moments, 8 writers with 500 records each, 1,000 random mutations. Nothing here is timed.
"""

from __future__ import annotations

import datetime as dt
import random
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "support"))

from ledgers import fill, killed_writers, many_writers

from forecasting.ledger.chain import LedgerError
from forecasting.ledger.store import LEDGER, read_ledger

KILLS, WRITERS, EACH, MUTATIONS = 1000, 8, 500, 1000


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


def main() -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        n = many_writers(folder / "writers", WRITERS, EACH)
        print(f"{WRITERS} writers with {EACH} records each: {n} of {WRITERS * EACH} are there, and the chain holds")
        known, lost = killed_writers(folder / "killed", KILLS, seed=1)
        print(f"{KILLS} writers killed: {known} records acknowledged, {lost} lost")
        found, false = mutations(fill(folder / "changed", 20), MUTATIONS, seed=2)
        print(f"{MUTATIONS} mutations: {found} found; {false} alarms without one")


if __name__ == "__main__":
    main()
