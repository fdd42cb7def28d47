"""What a refit of a backtest costs, in CPU seconds, and how much faster two processes are than one."""

from __future__ import annotations

import datetime as dt
import multiprocessing
import resource
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.timing import Row
from forecasting.backtest.known_on import known_on
from forecasting.backtest.refit import refit
from forecasting.backtest.run import carry_out, days_between, plan
from forecasting.backtest.tasks import Task, prepare, program_digest, records_digest
from forecasting.backtest.variants import ALL_EVIDENCE, Variant
from forecasting.dossier.edition import Dossier
from forecasting.rules.load import load_dossier

STEP, REFITS = 30, 6


def backtest_rows(priors: Path, small: Path) -> Iterator[Row]:
    """Yield the CPU seconds of one refit of two editions after start, and what the refits of one cost with one process and two.

    The wall seconds say how much faster two are only on a machine that does nothing else. What two cost in CPU seconds beside
    one says it on any: work that costs 1.1 times as much in sum cannot be more than 2/1.1 times as fast.
    """
    for folder, edition, target in ((small, "calibration", "≤ 0.35 s"), (priors, "2024-12-syria", "≤ 0.35 s")):
        dossier = load_dossier(folder)
        first = dossier.editions[edition].as_of
        days = days_between(first, first + dt.timedelta(days=STEP * (REFITS - 1)), STEP)
        cost = refit_seconds(dossier, edition, days)
        yield Row(f"a refit of {len(dossier.edition(edition).events)} events, CPU", "s", cost, target=target)
    (wall_1, cpu_1), (wall_2, cpu_2) = (pooled(dossier, edition, days, workers) for workers in (1, 2))
    yield Row(f"{REFITS} refits by two processes, start included, against one", "s", wall_2, wall_1, wall_1 / wall_2, "≥ 1.7 ×")
    yield Row("the same in CPU seconds of all processes", "s", cpu_2, cpu_1, cpu_1 / cpu_2)


def refit_seconds(dossier: Dossier, edition: str, days: Sequence[dt.date]) -> float:
    """Return the mean CPU seconds of one refit in this process; the first, which loads what all need, is not counted."""
    records, prepared = records_digest(dossier), []
    for day in days:
        task = Task(str(dossier.root), records, program_digest(), edition, ALL_EVIDENCE, day)
        prepared.append(prepare(dossier, known_on(dossier, dossier.editions[edition], day), task))
    refit(prepared[0].seen, prepared[0].variant, prepared[0].seed, "short")
    begun = time.process_time()
    for one in prepared[1:]:
        refit(one.seen, one.variant, one.seed, "short")
    return (time.process_time() - begun) / (len(prepared) - 1)


def pooled(dossier: Dossier, edition: str, days: Sequence[dt.date], workers: int) -> tuple[float, float]:
    """Return the wall and CPU seconds of a backtest by some processes, from its plan to its last point."""
    with tempfile.TemporaryDirectory() as folder:
        wall, cpu = time.perf_counter(), _children()
        carry_out(plan(dossier, edition, days, [Variant(ALL_EVIDENCE)], Path(folder)), workers=workers)
        wall = time.perf_counter() - wall
        while multiprocessing.active_children():  # they are counted once they have ended
            time.sleep(0.01)
        return wall, _children() - cpu


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    project = Path(__file__).resolve().parents[1]
    for row in backtest_rows(project / "priors", project / "benchmarks" / "ferry"):
        print(" | ".join(cell for cell in row.cells() if cell), flush=True)
