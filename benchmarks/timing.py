"""Time ours and a rival in turn, and print what was found as one table."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

PACKAGES = ("forecasting", "pymc", "pytensor", "nutpie", "numba", "numpy", "squigglepy")
COLUMNS = ("what", "ours", "the rival's", "ratio", "target", "rival")


@dataclass(frozen=True)
class Row:
    """One line of the table; ``rival`` is None where nothing else is compared, ``ratio`` is how many times better we are."""

    what: str
    unit: str
    ours: float
    rival: float | None = None
    ratio: float | None = None
    target: str = ""
    named: str = ""

    def cells(self) -> tuple[str, ...]:
        """Return the row as text, in the order of `COLUMNS`."""
        rival = "" if self.rival is None else f"{number(self.rival)} {self.unit}"
        ratio = "" if self.ratio is None else f"{number(self.ratio)} ×"
        return (self.what, f"{number(self.ours)} {self.unit}".strip(), rival, ratio, self.target, self.named)


def number(value: float) -> str:
    """Return three digits, with thousands set apart."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def seconds(work: Callable[[], object]) -> float:
    """Return the wall time of one run."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def race(ours: Callable[[], float], rival: Callable[[], float], runs: int) -> tuple[float, float]:
    """Return the medians of what ours and the rival measure of themselves, run in turn so that both meet the same load."""
    pairs = [(ours(), rival()) for _ in range(runs)]
    return statistics.median(a for a, _ in pairs), statistics.median(b for _, b in pairs)


@dataclass(frozen=True)
class Entry:
    """One of ours that is timed beside a rival: what it is, the work, and the target."""

    what: str
    work: Callable[[], object]
    target: str = ""


def beside(entries: Sequence[Entry], theirs: float | None, runs: int, named: str) -> list[Row]:
    """Return a row per entry, all beside a rival's seconds if it ran: ratio = these over ours, each the median of its runs."""
    rounds = [[seconds(entry.work) for entry in entries] for _ in range(runs)]
    mine = [statistics.median(taken) for taken in zip(*rounds, strict=True)]
    if theirs is None:
        return [Row(entry.what, "s", taken, target=entry.target) for entry, taken in zip(entries, mine, strict=True)]
    return [Row(entry.what, "s", taken, theirs, theirs / taken, entry.target, named)
            for entry, taken in zip(entries, mine, strict=True)]  # fmt: skip


def load() -> str:
    """Return the load average: above the number of cores, times say little."""
    return ", ".join(f"{value:.1f}" for value in os.getloadavg())


def machine() -> str:
    """Return cores, processor, Python and packages, without names of hosts or folders."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text("utf-8").splitlines() if info.is_file() else []
    model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in PACKAGES)
    return f"{os.cpu_count()} cores of {model}, {platform.system()}; Python {platform.python_version()}, {versions}"


def table(rows: list[Row]) -> str:
    """Return the rows as a table in Markdown, with columns of one width."""
    cells = [COLUMNS, *(row.cells() for row in rows)]
    widths = [max(len(line[i]) for line in cells) for i in range(len(COLUMNS))]
    lines = ["| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |" for line in cells]
    return "\n".join([lines[0], "|" + "|".join("-" * (width + 2) for width in widths) + "|", *lines[1:]])
