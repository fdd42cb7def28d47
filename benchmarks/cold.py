"""A cold process with a warm disk: ours against a bare script that samples the same model with PyMC, and against its import."""

from __future__ import annotations

import statistics
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.bare import NAMED, bare, finish
from benchmarks.edits import BY_REFIT, BY_WEIGHTS, EDITION
from benchmarks.timing import Entry, Row, beside

FIRST = """
import sys
from forecasting.rules.load import load_dossier
from forecasting.models.network.engine import compile_network, layer_evidence
network = compile_network(load_dossier(sys.argv[1]).edition(sys.argv[2]))
network.sample(layer_evidence(network, "posterior"), random_seed=1)
"""
OPEN = """
import sys
import forecasting as fc
fc.open_fit(sys.argv[2], priors=sys.argv[1], runs=sys.argv[3])
"""
QUESTION = "khmeimim-held-2025"


def cold_rows(priors: Path, runs: int, rival: bool) -> Iterator[Row]:
    """Yield what whole processes take; byte code and compiled model are on disk, as after any first run.

    Fits are timed by the clock. Commands that read a run are counted in seconds of CPU, because they do nothing else, beside
    those of ``import pymc``: a ratio that another machine, or a busy one, shares.
    """
    with tempfile.TemporaryDirectory() as folder:
        forecast, where = str(Path(sys.executable).with_name("forecast")), ["--priors", str(priors), "--runs", folder]
        # an edition that the gate blocks is timed all the same
        blocked = ["--override-gate", "--by", "make bench", "--reason", "timing; nothing is published"]
        command = [forecast, "run", EDITION, *where, *blocked]
        first, opened = ([sys.executable, "-c", script, str(priors), EDITION, folder] for script in (FIRST, OPEN))
        finish(first, folder)
        entries = [
            Entry("a process of its own: first posterior", lambda: finish(first, folder)),
            Entry("the same: `forecast run`, everything written", lambda: finish(command, folder), "≥ 3 ×"),
        ]
        yield from beside(entries, bare(priors, EDITION).whole if rival else None, runs, NAMED)
        edits = {how: [part for name, value in item.fields.items() for part in ("--set", f"{item.id}.{name}={value}")]
                 for how, item in (("weights", BY_WEIGHTS), ("refit", BY_REFIT))}  # fmt: skip
        asked = [
            (f"`forecast trace {QUESTION}`, CPU", [forecast, "trace", QUESTION, *where], "≤ 1 s"),
            ("`fc.open_fit`, CPU", opened, "≤ 3 s"),
            *((f"`forecast whatif` by {how}, CPU", [forecast, "whatif", EDITION, *sets, *where], "≤ 4 s")
              for how, sets in edits.items()),
        ]  # fmt: skip
        yield from _cpu_rows(asked, folder, runs)


def _cpu_rows(asked: Sequence[tuple[str, list[str], str]], folder: str, runs: int) -> Iterator[Row]:
    """Yield the seconds of CPU of some commands, each run in turn with ``import pymc``."""
    imported = [sys.executable, "-c", "import pymc"]
    for command in (imported, *(command for _, command, _ in asked)):
        finish(command, folder)
    rounds = [[finish(command, folder) for command in (imported, *(command for _, command, _ in asked))] for _ in range(runs)]
    theirs, *ours = (statistics.median(taken) for taken in zip(*rounds, strict=True))
    for (what, _, target), taken in zip(asked, ours, strict=True):
        yield Row(what, "s", taken, theirs, theirs / taken, target, 'python -c "import pymc", CPU')
