"""Rows of ``make trust`` whose figures stand in files that other tools write: calibrations, and the runs that are published."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path

from benchmarks.trust import PROJECT, Row
from forecasting.runs.store import read_run

CALIBRATION, COUNTS = PROJECT / "docs" / "calibration.md", PROJECT / "docs" / "counts-backtest.md"
RUNS = Path(os.environ.get("FORECAST_RUNS", PROJECT / "runs"))
NUMBER = r"([\d.e-]+)"
HONEST = re.compile(
    rf"([\d,]+) simulations, (\d+) failed fits, K = (\d+), bound {NUMBER}: least p {NUMBER} .*?\. (Passed|FAILED)\."
)
PLANTED = re.compile(r"Planted faults found: (\d+) of (\d+)")
COUNT_ROW = re.compile(
    rf"^\| ([^|]+) \| (\d+) \| {NUMBER} \| {NUMBER} \| [^|]+ \| (passed|FAILED|found|MISSED) \|$", re.MULTILINE
)
MODEL = "the model as it is"
MOST_FAILED = 0.01  # of the fits of a calibration
ENOUGH = 1000  # simulations
SHOWN = {
    "R-hat": "≤ 1.01", "ESS (bulk)": "≥ 400", "ESS (tail)": "≥ 400", "divergences": "0", "E-BFMI": "≥ 0.3", "MCSE": "≤ 0.005",
}  # fmt: skip


def measure(checks: Sequence[str] = ()) -> list[Row]:
    """Return the rows that are asked for, or all."""
    rows = [calibrated(), faults_found(), published()]
    return [row for row in rows if not checks or row.check in checks]


def calibrated() -> Row:
    """Simulation-based calibration of the network and of the count model, from the pages that those write."""
    network, counts = HONEST.search(CALIBRATION.read_text("utf-8")), _counts()
    if network is None or MODEL not in counts:
        raise SystemExit(f"{CALIBRATION} or {COUNTS} has no table of a calibration; write it with the command it names")
    n, failed, _, bound, least, verdict = network.groups()
    simulations, p, limit, found = counts[MODEL]
    figure = f"network: {n} simulations, {failed} failed fits, min p {least} (bound {bound}); "
    figure += f"counts: {simulations} simulations, min p {p} (bound {limit})"
    passed = verdict == "Passed" and found == "passed" and int(failed) <= MOST_FAILED * int(n.replace(",", ""))
    few = int(simulations) < ENOUGH
    reason = f"the count model was calibrated with {simulations} simulations and not {ENOUGH:,}; " * few
    balance = "the balance model is calibrated in brief, by tests/models/balance/test_calibration.py"
    return Row("SBC, each model", "refits of simulated data; all quantities and the log likelihood; ECDF band and chi-square",
               f"min p > 0.01/K, failed fits ≤ 1 %, {ENOUGH:,} simulations each", figure, passed and not few,
               "make calibrate; python -m benchmarks.counts", reason + balance)  # fmt: skip


def faults_found() -> Row:
    """The planted faults that calibration found."""
    network, counts = PLANTED.search(CALIBRATION.read_text("utf-8")), _counts()
    if network is None:
        raise SystemExit(f"{CALIBRATION} says of no planted fault; write it with: make calibrate")
    found, n = map(int, network.groups())
    planted = [row[3] for name, row in counts.items() if name != MODEL]
    return Row("SBC, planted faults", "likelihood dropped, halved, prior × 1.5, posterior sd × 0.8, index off by one, …",
               "all found", f"network: {found} of {n}; counts: {planted.count('found')} of {len(planted)}",
               found == n >= 5 and set(planted) == {"found"}, "make calibrate; python -m benchmarks.counts")  # fmt: skip


def _counts() -> dict[str, tuple[str, str, str, str]]:
    return {name: tuple(rest) for name, *rest in COUNT_ROW.findall(COUNTS.read_text("utf-8"))}  # type: ignore[misc]


def published() -> Row:
    """The worst figure of every criterion of the gate over all runs that are published."""
    folders = sorted(path.parent for path in RUNS.glob("[!.]*/manifest.json"))
    runs = [read_run(folder) for folder in folders]
    how, target = "every published number of every run", "; ".join(f"{name} {bound}" for name, bound in SHOWN.items())
    command = "make forecast; then make trust ARGS='--only published'"
    if not runs:
        return Row("published numbers", how, target, "no run is there", False, command, "nothing was built here: make forecast")
    worst: dict[str, float] = {}
    for run in runs:
        for verdict in run.gate.itertuples():
            high = not str(verdict.bound).startswith("≥")
            choose = max if high else min
            if verdict.criterion in SHOWN:
                worst[verdict.criterion] = choose(worst.get(verdict.criterion, verdict.value), verdict.value)
    errors = [outcome.mcse for run in runs for one in run.forecasts for outcome in one.outcomes]
    found = "; ".join(f"{name} {value:.4g}" for name, value in worst.items())
    figure = f"{len(runs)} runs, {len(errors)} probabilities, the worst of each: {found}"
    stopped = [run.directory.name for run in runs if not run.mark.passed]
    reason = f"published over the gate, with a name and a reason: {', '.join(stopped)}" if stopped else ""
    return Row("published numbers", how, target, figure, not stopped and set(worst) == set(SHOWN), command, reason)
