"""What the models beside the event network add to a whole run: fits, gate, tables and files, in seconds of CPU."""

from __future__ import annotations

import statistics
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.bare import finish
from benchmarks.edits import EDITION
from benchmarks.timing import Row

RUN = """
import sys
from dataclasses import replace
from pathlib import Path
from forecasting.fitting.fit import fit
from forecasting.rules.load import load_dossier
from forecasting.runs.write import fill
edition = load_dossier(Path(sys.argv[1])).edition(sys.argv[2])
if sys.argv[4] == "alone":
    edition = replace(edition, further={}, series=(), counts=())
folder = Path(sys.argv[3]) / sys.argv[4]
folder.mkdir(exist_ok=True)
fill(fit(edition), folder, "make bench")
"""


def whole_rows(priors: Path, runs: int) -> Iterator[Row]:
    """Yield the CPU of a whole run of an edition with every model that its questions ask, and with the event network alone."""
    with tempfile.TemporaryDirectory() as folder:
        commands = [[sys.executable, "-c", RUN, str(priors), EDITION, folder, which] for which in ("all", "alone")]
        rounds = [[finish(command, folder) for command in commands] for _ in range(runs)]
    every, alone = (statistics.median(taken) for taken in zip(*rounds, strict=True))
    yield Row(
        "a whole run with all three models, CPU", "s", every, target="≤ 1.5 × the network alone",
        named=f"the network alone: {alone:.0f} s; {every / alone:.2f} ×",
    )  # fmt: skip
