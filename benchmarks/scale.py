"""How time and memory grow with the network: generated editions of 10, 100 and 1,000 events, each in a process of its own.

    python -m benchmarks.scale 100      # one size; prints its figures as JSON
"""

from __future__ import annotations

import itertools
import json
import math
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.networks import EDITION, write_network
from benchmarks.timing import Row

PROJECT = Path(__file__).resolve().parents[1]
STAGES = ("load", "compile", "fit", "forecast")


def measure(n_events: int) -> dict[str, Any]:
    """Return seconds per stage, the peak of memory in GB, gradients, and what the gate says, for a network of one size.

    ``compile`` is binding the compiled density from disk; ``fit`` is three layers sampled, simulated, asked and gated;
    ``forecast`` is the table of every question.
    """
    from forecasting.fitting.fit import fit
    from forecasting.models.network.engine import compile_network
    from forecasting.rules.load import load_dossier

    found: dict[str, Any] = {"events": n_events}
    with tempfile.TemporaryDirectory() as folder:
        priors = write_network(Path(folder), PROJECT, n_events)
        clock = time.perf_counter()

        def lap(stage: str) -> None:
            nonlocal clock
            now = time.perf_counter()
            found[stage], clock = now - clock, now

        edition = load_dossier(priors).edition(EDITION)
        lap("load")
        network = compile_network(edition)
        lap("compile")
        fitted = fit(edition, network=network)
        lap("fit")
        table = fitted.forecasts()
        lap("forecast")
    steps = fitted.posterior.trace["sample_stats"]["n_steps"]
    found |= {
        "answers": len(table), "parameters": network.compiled.n_dim, "steps": float(steps.mean()),
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6,  # kilobytes on Linux
        "failed": [f"{v.criterion} {v.value:.3g} at {v.worst}" for v in fitted.gate.verdicts if not v.passed],
    }  # fmt: skip
    return found


def scale_rows(sizes: tuple[int, ...]) -> Iterator[Row]:
    """Yield time and memory per size, and the exponents with which they grow from each size to the next."""
    found = [in_a_process(n) for n in sizes]
    for one in found:
        gate = f"gate: {', '.join(one['failed'])}" if one["failed"] else "gate passed"
        note = f"{one['parameters']:,} parameters, {one['steps']:.0f} steps per draw; {gate}"
        last = one["events"] >= 1000
        total = sum(one[stage] for stage in STAGES)
        parts = ", ".join(f"{stage} {one[stage]:.2g}" for stage in STAGES)
        yield Row(f"{one['events']:,} events, all of it ({parts} s)", "s", total, target="≤ 180 s" if last else "", named=note)
        yield Row(f"{one['events']:,} events, fit and forecast", "s", one["fit"] + one["forecast"])
        yield Row(f"{one['events']:,} events, peak of memory", "GB", one["memory"], target="≤ 3 GB" if last else "")
    for small, large in itertools.pairwise(found):
        times = large["events"] / small["events"]
        for what, of in (("fit and forecast", lambda one: one["fit"] + one["forecast"]), ("memory", lambda one: one["memory"])):
            grows = of(large) / of(small)
            exponent = math.log(grows) / math.log(times)
            yield Row(f"{what}, {small['events']:,} to {large['events']:,} events: grows {grows:.3g}-fold, exponent", "",
                      exponent, target=f"≤ {1.3 * times:.0f}-fold")  # fmt: skip


def in_a_process(n_events: int) -> dict[str, Any]:
    """Return what `measure` finds in a process that has done nothing else."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.scale", str(n_events)], capture_output=True, text=True, check=False, cwd=PROJECT,
        env=os.environ,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(f"{n_events} events failed: {done.stderr[-2000:]}")
    return json.loads(done.stdout)


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]))))
