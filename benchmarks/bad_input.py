"""Bad files, arguments and calls, each with what must be said of it: ``python -m benchmarks.bad_input`` counts what falls short.

The cases are those of ``tests/trust/test_bad_input.py``; files changed at random are counted by ``benchmarks/fuzz.py``.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "support"))

from benchmarks.trust import Row

LEAST = 500
COMMAND = "python -m benchmarks.bad_input"


def fallen_short() -> tuple[Counter[str], dict[str, str]]:
    """Return how many cases each reader has, and in what which case falls short."""
    from bad_input import shortfall
    from bad_input_corpus import CASES

    short: dict[str, str] = {}
    for case in CASES:
        with tempfile.TemporaryDirectory() as folder:
            try:
                found = shortfall(case, Path(folder))
            except AssertionError as error:  # a file was written that should not have been
                found = str(error)
        if found:
            short[str(case)] = found
    return Counter(case.reader for case in CASES), short


def rows() -> tuple[Row, dict[str, str]]:
    """Return the row of `make trust`, and what falls short."""
    counted, short = fallen_short()
    n = sum(counted.values())
    measured = f"{n - len(short):,} of {n:,} answered as they should be, of {len(counted)} readers"
    how = "files, arguments and calls: our error with place, finding and fix; exit code 2; nothing written"
    target = f"≥ {LEAST} cases, all answered, 0 tracebacks, 0 foreign exceptions"
    return Row("bad input", how, target, measured, not short and n >= LEAST, COMMAND, "; ".join(list(short)[:5])), short


def measure() -> list[Row]:
    """Return the row of `make trust`."""
    return [rows()[0]]


def main() -> int:
    """Print what falls short; 1 if anything does."""
    row, short = rows()
    for case, found in short.items():
        print(f"{case}\n    {found}")
    print(row.measured)
    return int(bool(short))


if __name__ == "__main__":
    raise SystemExit(main())
