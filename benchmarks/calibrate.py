"""Calibrate the event network by simulation, and hold it to six planted faults; writes docs/calibration.md.

    python -m benchmarks.calibrate                      the network of benchmarks/ferry
    python -m benchmarks.calibrate --priors priors --edition 2020-11-karabakh --simulations 200

Only the first form, at its full length and seed, writes: the table and picture of the documentation are its output.
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from benchmarks.calibration_page import page, picture
from benchmarks.faults import FAULTS
from forecasting.cli.terminal import err, out, plain_errors
from forecasting.errors import UsageError
from forecasting.fitting.sbc import Refit, Setup, calibrate, honest_refit, set_up
from forecasting.inference.sbc_ranks import Calibration
from forecasting.report.canvas import svg_text
from forecasting.rules.load import load_dossier

FERRY, EDITION, SEED = Path(__file__).parent / "ferry", "calibration", 20241122
SIMULATIONS, FAULT_SIMULATIONS = 1000, 300
PAGE, PICTURE = Path("docs/calibration.md"), Path("docs/images/calibration.svg")


def run(setup: Setup, what: str, n: int, seed: int, threads: int, refit: Refit) -> Calibration:
    """Calibrate with a progress bar."""
    columns = (
        TextColumn("{task.description:<28}"),
        BarColumn(),
        TextColumn("{task.completed}/{task.total}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=err, transient=True) as bar:
        task = bar.add_task(what, total=n)
        return calibrate(
            setup, n, random_seed=seed, refit=refit, threads=threads, progress=lambda k: bar.update(task, completed=k)
        )


def show(name: str, got: Calibration, seconds: float, planted: bool) -> None:
    """Print one row of the table."""
    verdict = ("found" if not got.uniform else "MISSED") if planted else ("passed" if got.passed else "FAILED")
    out.print(
        f"{name:<28}{got.n_simulations:>6}{got.n_failed:>8}{len(got.rows):>5}{got.worst.p:>10.2g}{got.bound:>10.2g}"
        f"  {verdict:<8}{got.worst.quantity}  ({seconds:.0f} s)",
        markup=False,
    )


def main(
    simulations: Annotated[int, typer.Option(help="Simulations of the network as it is.")] = SIMULATIONS,
    fault_simulations: Annotated[int, typer.Option(help="Simulations of each planted fault; 0 for none.")] = FAULT_SIMULATIONS,
    seed: Annotated[int, typer.Option(help="Seed of everything.")] = SEED,
    priors: Annotated[Path, typer.Option(help="Folder with records.")] = FERRY,
    edition: Annotated[str, typer.Option(help="Edition to calibrate.")] = EDITION,
    threads: Annotated[int, typer.Option(help="Fits at a time, one core each.")] = os.cpu_count() or 1,
) -> None:
    """Print one row for the network and one for every fault; exit 1 if it fails or a fault is missed."""
    with plain_errors():
        if simulations < 1 or fault_simulations < 0 or threads < 1:
            raise UsageError("write --simulations and --threads of at least 1, and --fault-simulations of at least 0")
        setup = set_up(load_dossier(priors).edition(edition))
        out.print(f"{'what':<28}{'sims':>6}{'failed':>8}{'K':>5}{'min p':>10}{'0.01/K':>10}  {'verdict':<8}least uniform")
        results: dict[str, Calibration] = {}
        for name, refit in {"the network as it is": honest_refit, **(FAULTS if fault_simulations else {})}.items():
            n = fault_simulations if results else simulations
            start = time.perf_counter()
            results[name] = run(setup, name, n, seed, threads, refit)
            show(name, results[name], time.perf_counter() - start, planted=name in FAULTS)
    whole = (simulations, fault_simulations, seed, priors, edition) == (SIMULATIONS, FAULT_SIMULATIONS, SEED, FERRY, EDITION)
    if whole:
        PAGE.write_text(page(results, PICTURE.relative_to(PAGE.parent).as_posix()), "utf-8")
        PICTURE.write_text(svg_text(picture(results)), "utf-8")
        out.print(f"{PAGE} and {PICTURE} written")
    honest, *planted = results.values()
    if not honest.passed or any(got.uniform for got in planted):
        raise typer.Exit(1)


if __name__ == "__main__":
    typer.run(main)
