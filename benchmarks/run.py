"""Time what must be fast, each part against a rival in the same run, and keep the table in ``docs/speed.md``.

    make bench                  # everything: some fifty minutes on an idle machine of two cores, half of them the rivals'
    make bench ARGS=--quick     # one run each, no bare script of PyMC beside it, networks of up to 100 events; nothing is kept

No pass or fail: a machine that does something else at the time makes any number worse, which the load average shows.
"""

from __future__ import annotations

import argparse
import datetime as dt
from collections.abc import Callable, Iterable
from pathlib import Path

from benchmarks.cold import cold_rows
from benchmarks.edits import edit_rows, sampler_rows
from benchmarks.paths import path_rows
from benchmarks.scale import scale_rows
from benchmarks.timing import Row, load, machine, table
from benchmarks.whole import whole_rows

PROJECT = Path(__file__).resolve().parents[1]
PAGE = PROJECT / "docs" / "speed.md"
PARTS = ("edits", "cold", "whole", "sampler", "paths", "scale")
NOTES = """\
Written by `make bench`. Both sides of a row run in the same run, in turn where the rival takes moments; ours are medians of
{runs}. A ratio above one is in our favour. Load average at the start {before}, at the end {after}.

{machine}

{table}

- *The bare script* states the same model and calls `pm.sample` for as many draws, at its default acceptance. Each call compiles
  the model again, minutes of it, and stops at its posterior: no paths, no answers, no gate.
- *Edit loop*: from `fit.update(fc.change(...))` to the table of all answers, on 4 × 3,000 draws by weights and on shorter
  chains by refit.
- *A process of its own*: modules as byte code and the compiled model are on disk.
  `forecast run` fits three layers, leaves out every claim and source, tries every rival class and writes the run.
- *Whole run*: what `forecast run` computes and writes, in a process of its own, once.
- *Effective draws*: sampling alone, compiling not counted; ours with the edition's length and acceptance,
  another seed in every run.
- *Paths*: the probabilities of both sides are held to five standard errors of each other before the race.
- *Scale*: `benchmarks/networks.py`; three claims, two effects and one question per event; 4 × 1,000 draws, 16 paths each.
  Compiling once per machine is not in it.
"""


def main() -> None:
    """Print the table; keep it unless it is a quick one."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="one run each, no bare script, up to 100 events; nothing is kept")
    parser.add_argument("--only", choices=PARTS, help="one part; nothing is kept")
    wanted = parser.parse_args()
    runs, sizes, rival = (1, (10, 100), False) if wanted.quick else (3, (10, 100, 1000), True)
    priors = PROJECT / "priors"
    parts: dict[str, Callable[[], Iterable[Row]]] = {
        "edits": lambda: edit_rows(priors, runs, rival), "cold": lambda: cold_rows(priors, runs, rival),
        "whole": lambda: whole_rows(priors, 1),
        "sampler": lambda: sampler_rows(priors, runs, rival), "paths": lambda: path_rows(PROJECT, runs),
        "scale": lambda: scale_rows(sizes),
    }  # fmt: skip
    before, rows = load(), []
    for name, part in parts.items():
        if wanted.only in (None, name):
            for row in part():
                rows.append(row)
                print(" | ".join(cell for cell in row.cells() if cell), flush=True)
    print(f"\n{machine()}\nload average {before} before, {load()} after\n\n{table(rows)}")
    if not wanted.quick and wanted.only is None:
        notes = NOTES.format(runs=runs, before=before, after=load(), machine=machine(), table=table(rows))
        PAGE.write_text(f"# How fast it is\n\nMeasured on {dt.date.today()}. {notes}", "utf-8")
        print(f"\nkept in {PAGE.relative_to(PROJECT)}")


if __name__ == "__main__":
    main()
