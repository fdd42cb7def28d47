"""Every reader with many changed files: how many crash it, how long the slowest takes, how much memory the largest.

    python -m benchmarks.fuzz                    # 10,000 examples each, each reader in a process of its own: half an hour
    python -m benchmarks.fuzz --examples 500     # fewer
    python -m benchmarks.fuzz --only PDF         # one reader

A crash is any exception that is not one of this package, and a process that ends. Seconds are of processor time. Memory is
what an example takes at its highest, beyond what the process had before it. The examples are always the same.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import logging
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "support"))

from benchmarks.trust import PROJECT, Row
from forecasting.errors import ForecastingError

EXAMPLES, QUICK = 10_000, 300
SECONDS, MEMORY = 2.0, 200
COMMAND = "python -m benchmarks.fuzz"


def one(name: str, examples: int) -> dict[str, Any]:
    """Fuzz one reader in this process and return what was found."""
    from fuzz_readers import READERS, fuzz

    logging.disable(logging.CRITICAL)  # what libraries say of damaged files
    reader = next(reader for reader in READERS if reader.name == name)
    for good in reader.goods():
        with contextlib.suppress(ForecastingError):  # some begin with a file that is refused, to be changed into a good one
            reader.read(good)
    found = fuzz(reader, examples)
    crashes = {name: raw[:200].hex() for name, raw in found.crashes.items()}
    return {"name": name, "examples": found.examples, "slowest": found.slowest, "memory": found.memory, "crashes": crashes}


def in_own_process(name: str, examples: int) -> dict[str, Any]:
    """Return what is found of a reader in a process of its own; one that ends is a crash."""
    command = [sys.executable, "-m", "benchmarks.fuzz", "--one", name, "--examples", str(examples)]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    try:
        return json.loads(done.stdout.splitlines()[-1])
    except (IndexError, ValueError):
        return {"name": name, "examples": 0, "slowest": 0.0, "memory": 0.0, "crashes": {f"ended: {done.stderr[-400:]}": ""}}


def found(examples: int, only: str = "", workers: int = 2) -> Iterator[dict[str, Any]]:
    """Yield what is found of each reader, as it comes."""
    from fuzz_readers import READERS

    names = [reader.name for reader in READERS if only in reader.name]
    with ThreadPoolExecutor(workers) as pool:
        yield from pool.map(lambda name: in_own_process(name, examples), names)


def measure(quick: bool = False) -> list[Row]:
    """Return the row of `make trust`."""
    return [row_of(list(found(QUICK if quick else EXAMPLES)))]


def row_of(results: Sequence[dict[str, Any]]) -> Row:
    """Return what was found of all readers as a row."""
    crashes = sum(len(result["crashes"]) for result in results)
    slowest, largest = (max(results, key=lambda result: result[key]) for key in ("slowest", "memory"))
    examples = sum(result["examples"] for result in results)
    measured = (
        f"{len(results)} readers, {examples:,} examples: {crashes} crashes, at most {slowest['slowest']:.1f} s "
        f"({slowest['name']}) and {largest['memory']:.0f} MB ({largest['name']})"
    )
    passed = crashes == 0 and slowest["slowest"] <= SECONDS and largest["memory"] <= MEMORY
    how = "Hypothesis: bytes, lines, values and zipped parts of good files changed"
    which = "; ".join(f"{result['name']}: {crash}" for result in results for crash in result["crashes"])
    return Row("fuzzed readers", how, "0 crashes, ≤ 2 s, ≤ 200 MB per example", measured, passed, COMMAND, which)


def main() -> int:
    """Print what is found of each reader; 1 if one crashes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--examples", type=int, default=EXAMPLES, help="of each reader")
    parser.add_argument("--only", default="", metavar="WORD", help="readers with this in their name")
    parser.add_argument("--workers", type=int, default=2, help="readers at once")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    wanted = parser.parse_args()
    if wanted.one:
        print(json.dumps(one(wanted.one, wanted.examples)))
        return 0
    results = []
    for result in found(wanted.examples, wanted.only, wanted.workers):
        results.append(result)
        print(f"{result['name']:<40} {result['examples']:>7,} examples  {len(result['crashes'])} crashes  "
              f"{result['slowest']:5.2f} s  {result['memory']:5.0f} MB", flush=True)
        for crash, raw in result["crashes"].items():
            print(f"    {crash}\n      {raw}")
    print(row_of(results).measured)
    return int(any(result["crashes"] for result in results))


if __name__ == "__main__":
    raise SystemExit(main())
