"""The main job: check, fit every edition, gate, and write the runs, with progress and a safe way to stop.

Several editions are fitted in processes of their own (`forecasting.runs.workers`), which write into scratch folders. Only this
process publishes, so that nothing is published once it has stopped, whatever stopped it.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from forecasting.errors import ForecastingError, GateError, UnfinishedError
from forecasting.files import scratch_folder
from forecasting.forecasts import Override
from forecasting.rules.load import load_dossier
from forecasting.runs.drafts import settle
from forecasting.runs.freshness import is_current
from forecasting.runs.workers import Job, Progress, Worker, make_run

WORKERS = 2
DRAFTS: dict[str, type[ForecastingError]] = {"blocked": GateError, "unfinished": UnfinishedError}  # what leaves a draft


def run_edition(
    priors: Path,
    edition_id: str,
    runs: Path,
    *,
    command: str,
    seed: int | None = None,
    progress: Progress | None = None,
    override: Override | None = None,
) -> Path:
    """Fit one edition, hold it to the gate and write ``runs/<edition>/``.

    Parameters
    ----------
    priors, runs : Path
        Where the records are, and where runs go.
    command : str
        What was typed, for the manifest.
    progress : callable, optional
        Called with edition, stage and the share of the whole that is done.
    override : Override, optional
        Who has the run published, marked as blocked, if it fails the gate.

    Returns
    -------
    Path
        The run's directory.

    Raises
    ------
    DossierError
        If a rule fails; nothing is written then.
    GateError, UnfinishedError
        If the gate, or a step after the fit, fails; what was computed is kept as a draft, and a run that is there stays.
    """
    writable(runs)
    say, target = progress or (lambda edition, stage, share: None), runs / edition_id
    with scratch_folder(target) as scratch:
        settle(scratch, target, make_run(Job(priors, edition_id, command, scratch, seed, override), say))
    say(edition_id, "done", 1.0)
    return target


def writable(folder: Path) -> None:
    """Make a folder and see that files can be made in it, before minutes go into what would be written there."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=folder):
        pass


def stale_editions(priors: Path, runs: Path, editions: Sequence[str], fresh: bool = False) -> list[str]:
    """Return the editions whose run is missing or was made from other records, code or packages."""
    dossier = load_dossier(priors)
    return [name for name in editions if fresh or not is_current(dossier.edition(name), runs / name)]


def run_editions(
    priors: Path, runs: Path, editions: Sequence[str], *, command: str, progress: Progress
) -> dict[str, ForecastingError]:
    """Run several editions, two at a time, and publish each as soon as it is done.

    Returns
    -------
    dict
        The editions that the gate has blocked, or of which a step after the fit failed, with the reasons; they leave drafts, and
        the others are published.

    Raises
    ------
    ForecastingError
        If an edition cannot be fitted or written for another reason; then the processes are ended.
    """
    writable(runs)
    dossier = load_dossier(priors)
    # the largest first, so that none is left to run alone at the end
    order = sorted(editions, key=lambda name: -len(dossier.edition(name).events))
    with ExitStack() as scratches:
        folders = {name: scratches.enter_context(scratch_folder(runs / name)) for name in order}
        jobs = [Job(priors, name, command, folder) for name, folder in folders.items()]
        workers: dict[Any, Worker] = {}
        try:
            for _ in range(min(WORKERS, len(jobs))):
                worker = Worker.start()
                workers[worker.connection] = worker
                worker.give(jobs.pop(0))
            return _finish(workers, jobs, runs, progress)
        finally:
            for worker in workers.values():
                worker.stop()


def _finish(workers: dict[Any, Worker], jobs: list[Job], runs: Path, progress: Progress) -> dict[str, ForecastingError]:
    """Publish what workers finish and give them what is left; those with nothing to do are stopped and taken out."""
    blocked: dict[str, ForecastingError] = {}
    while workers:
        for ready in wait(list(workers)):
            assert isinstance(ready, Connection)
            worker = workers[ready]
            kind, said = worker.news()
            if kind == "news":
                progress(*said)
                continue
            job = worker.job
            assert job
            if kind == "failed":
                raise ForecastingError(said)
            why = DRAFTS[kind](said) if kind in DRAFTS else None
            try:
                settle(job.folder, runs / job.edition, why)
            except tuple(DRAFTS.values()) as error:
                blocked[job.edition] = error
            progress(job.edition, {"blocked": "blocked by the gate"}.get(kind, kind), 1.0)
            if jobs:
                worker.give(jobs.pop(0))
            else:
                workers.pop(ready).stop()
    return blocked
