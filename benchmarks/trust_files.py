"""Rows of ``make trust`` whose figures stand in files that other tools write: calibrations, and the runs that are published."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path

from benchmarks.trust import PROJECT, Row
from forecasting.runs.store import read_run

CALIBRATION = PROJECT / "docs" / "calibration.md"
PAGES = {"counts": PROJECT / "docs" / "counts-backtest.md", "balance": PROJECT / "docs" / "balance-calibration.md"}
COMMAND = "make calibrate; python -m benchmarks.counts; python -m benchmarks.balance"
RUNS = Path(os.environ.get("FORECAST_RUNS", PROJECT / "runs"))
NUMBER = r"([\d.e-]+)"
HONEST = re.compile(
    rf"([\d,]+) simulations, (\d+) failed fits, K = (\d+), bound {NUMBER}: least p {NUMBER} .*?\. (Passed|FAILED)\."
)
PLANTED = re.compile(r"Planted faults found: (\d+) of (\d+)")
TABLE_ROW = re.compile(
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
    """Simulation-based calibration of the three models, from the pages that their benchmarks write."""
    network = HONEST.search(CALIBRATION.read_text("utf-8"))
    if network is None:
        raise SystemExit(f"{CALIBRATION} has no table of a calibration; write it with: make calibrate")
    n, failed, _, bound, least, verdict = network.groups()
    figures = [f"network: {n} simulations, {failed} failed fits, min p {least} (bound {bound})"]
    passed = [verdict == "Passed" and int(failed) <= MOST_FAILED * int(n.replace(",", ""))]
    few = []
    for name, page in PAGES.items():
        simulations, p, limit, found = _table(page)[MODEL]
        figures.append(f"{name}: {int(simulations):,} simulations, min p {p} (bound {limit})")
        passed.append(found == "passed" and int(simulations) >= ENOUGH)
        few += [f"{name} was calibrated with {simulations} simulations and not {ENOUGH:,}"] * (int(simulations) < ENOUGH)
    return Row("SBC, each model", "refits of simulated data; all quantities and the log likelihood; ECDF band and chi-square",
               f"min p > 0.01/K, failed fits ≤ 1 %, {ENOUGH:,} simulations each", "; ".join(figures), all(passed),
               COMMAND, "; ".join(few))  # fmt: skip


def faults_found() -> Row:
    """The planted faults that calibration found."""
    network = PLANTED.search(CALIBRATION.read_text("utf-8"))
    if network is None:
        raise SystemExit(f"{CALIBRATION} says of no planted fault; write it with: make calibrate")
    found = {"network": (int(network[1]), int(network[2]))}
    for name, page in PAGES.items():
        planted = [row[3] for row_name, row in _table(page).items() if row_name != MODEL]
        found[name] = planted.count("found"), len(planted)
    figure = "; ".join(f"{name}: {got} of {n}" for name, (got, n) in found.items())
    return Row("SBC, planted faults", "likelihood dropped, halved, prior × 1.5, posterior sd × 0.8, index off by one, …",
               "all found", figure, all(got == n >= 4 for got, n in found.values()), COMMAND)  # fmt: skip


def _table(page: Path) -> dict[str, tuple[str, str, str, str]]:
    """Return the table of a calibration; SystemExit says how to write one where there is none."""
    rows = {name: tuple(rest) for name, *rest in TABLE_ROW.findall(page.read_text("utf-8"))}
    if MODEL not in rows:
        raise SystemExit(f"{page} has no table of a calibration; write it with: {COMMAND}")
    return rows  # type: ignore[return-value]


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
