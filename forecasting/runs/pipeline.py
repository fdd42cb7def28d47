"""The main job: check, fit every edition, gate, and write the runs, with progress and a safe way to stop."""

from __future__ import annotations

import multiprocessing
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from pathlib import Path
from queue import Empty
from typing import Any

from forecasting.rules.load import load_dossier
from forecasting.runs.freshness import is_current

WORKERS = 2
Progress = Callable[[str, str, float], None]


def run_edition(
    priors: Path, edition_id: str, runs: Path, *, command: str, seed: int | None = None, progress: Progress | None = None
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

    Returns
    -------
    Path
        The run's directory.

    Raises
    ------
    DossierError, GateError
        If a rule or the gate fails; nothing is written then.
    """
    from forecasting.fitting.fit import fit
    from forecasting.runs.write import write_run

    writable(runs)

    say = progress or (lambda edition, stage, share: None)
    edition = load_dossier(priors).edition(edition_id)
    fitted = fit(edition, random_seed=seed, progress=lambda stage, share: say(edition_id, stage, 0.45 * share))
    write_run(fitted, runs / edition_id, command, lambda stage, share: say(edition_id, stage, 0.45 + 0.55 * share))
    say(edition_id, "done", 1.0)
    return runs / edition_id


def writable(folder: Path) -> None:
    """Make a folder and see that files can be made in it, before minutes go into what would be written there."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=folder):
        pass


def stale_editions(priors: Path, runs: Path, editions: Sequence[str], fresh: bool = False) -> list[str]:
    """Return the editions whose run is missing or was made from other records, code or packages."""
    dossier = load_dossier(priors)
    return [name for name in editions if fresh or not is_current(dossier.edition(name), runs / name)]


def _work(priors: Path, edition_id: str, runs: Path, command: str, queue: Any) -> str:
    run_edition(priors, edition_id, runs, command=command, progress=lambda *news: queue.put(news))
    return edition_id


def run_editions(priors: Path, runs: Path, editions: Sequence[str], *, command: str, progress: Progress) -> None:
    """Run several editions, two at a time, each in a process of its own.

    Ctrl-C stops the processes; a run that was not finished leaves nothing behind.
    """
    if len(editions) == 1:
        run_edition(priors, editions[0], runs, command=command, progress=progress)
        return
    context = multiprocessing.get_context("spawn")
    with context.Manager() as manager, ProcessPoolExecutor(WORKERS, mp_context=context) as pool:
        queue = manager.Queue()
        # the largest first, so that none is left to run alone at the end
        dossier = load_dossier(priors)
        order = sorted(editions, key=lambda name: -len(dossier.edition(name).events))
        pending: set[Future] = {pool.submit(_work, priors, name, runs, command, queue) for name in order}
        try:
            _wait(pending, queue, progress)
        except BaseException:
            for future in pending:
                future.cancel()
            for process in list(pool._processes.values()):
                process.terminate()
            raise
        _relay(queue, progress)


def _wait(pending: set[Future], queue: Any, progress: Progress) -> None:
    """Wait for all, passing on their news; the first failure ends it. ``pending`` keeps those still running."""
    while pending:
        finished, running = wait(pending, timeout=0.2, return_when=FIRST_COMPLETED)
        pending &= running
        _relay(queue, progress)
        for future in finished:
            future.result()


def _relay(queue: Any, progress: Progress) -> None:
    while True:
        try:
            progress(*queue.get_nowait())
        except Empty:
            return
