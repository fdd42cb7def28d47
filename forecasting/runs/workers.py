"""Processes that fit editions into folders and publish nothing; they end with the process that began them."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from forecasting.errors import ForecastingError, GateError
from forecasting.forecasts import Override
from forecasting.inference.parallel import end_with_parent
from forecasting.rules.load import load_dossier

Progress = Callable[[str, str, float], None]


@dataclass(frozen=True)
class Job:
    """One edition to fit, and the folder to write its run into."""

    priors: Path
    edition: str
    command: str
    folder: Path
    seed: int | None = None
    override: Override | None = None


def make_run(job: Job, progress: Progress) -> ForecastingError | None:
    """Fit an edition, hold it to the gate and write its run into the job's folder; return why it is a draft, if it is one.

    Raises
    ------
    DossierError
        If a rule fails.
    """
    from forecasting.fitting.fit import fit
    from forecasting.runs.write import fill

    name = job.edition
    edition = load_dossier(job.priors).edition(name)
    fitted = fit(edition, random_seed=job.seed, progress=lambda stage, share: progress(name, stage, 0.45 * share))
    if job.override:
        fitted = replace(fitted, gate=fitted.gate.overridden(job.override))
    return fill(fitted, job.folder, job.command, lambda stage, share: progress(name, stage, 0.45 + 0.55 * share))


@dataclass
class Worker:
    """A process that does one job after the other, and the job that it is busy with."""

    process: BaseProcess
    connection: Connection
    job: Job | None = None

    @classmethod
    def start(cls) -> Worker:
        """Start a process that waits for jobs."""
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=_work, args=(theirs, os.getpid()), daemon=True)
        process.start()
        theirs.close()  # so that our end says when theirs is gone
        return cls(process, ours)

    def give(self, job: Job) -> None:
        """Give the process a job."""
        self.job = job
        self.connection.send(job)

    def news(self) -> tuple[str, Any]:
        """Return what the process says next: *news* of its progress, *done*, or *blocked*, *unfinished* or *failed* and why.

        Raises
        ------
        ForecastingError
            If it has died.
        """
        try:
            return self.connection.recv()
        except (EOFError, ConnectionResetError):
            self.process.join()
            name, code = self.job.edition if self.job else "", self.process.exitcode
            raise ForecastingError(f"edition {name}: its process ended with exit code {code}; run it again") from None

    def stop(self) -> None:
        """End the process, whatever it is doing."""
        self.connection.close()
        self.process.terminate()
        self.process.join(2)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()


def _work(connection: Connection, parent: int) -> None:
    """Do jobs until the parent has none left, or is gone."""
    end_with_parent(parent)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the parent, which ends this process
    with suppress(EOFError, BrokenPipeError):
        while True:
            connection.send(_result(connection.recv(), connection))


def _result(job: Job, connection: Connection) -> tuple[str, str]:
    try:
        why = make_run(job, lambda *news: connection.send(("news", news)))
    except ForecastingError as error:
        return "failed", str(error)
    if why is None:
        return "done", ""
    return ("blocked" if isinstance(why, GateError) else "unfinished"), str(why)
