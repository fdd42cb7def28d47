"""Open the run of an edition in a notebook, making it first if there is none or if it is out of date."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock

from forecasting.arguments import ID, PATH, takes
from forecasting.dossier.edition import EditionDossier
from forecasting.dossier.location import in_project
from forecasting.files import writing
from forecasting.lab.forecast import Forecast
from forecasting.rules.load import load_dossier
from forecasting.runs.store import Run, read_run

if TYPE_CHECKING:
    from forecasting.lab.fit import Fit


@takes(edition_id=ID, priors=PATH, runs=PATH)
def open_run(edition_id: str, *, priors: Path | str = "priors", runs: Path | str = "runs") -> Run:
    """Return the current run of an edition; if there is none, make it, which takes one to four minutes.

    A run is current if it was made from these very records, program, packages and seed. Whoever finds none takes a lock
    on the edition, so that several notebooks opened at once fit it once and share the result.

    Parameters
    ----------
    edition_id : str
        As ``forecast check --list editions`` shows them.
    priors, runs : path, default "priors" and "runs"
        Where the records are, and where runs go. Folders that are not here are taken from the project's own folder, so that
        the same line works in ``notebooks/``.

    Returns
    -------
    Run
        Every file in it is as its manifest says.

    Raises
    ------
    UsageError
        If there is no such edition.
    DossierError, GateError
        If a rule or the gate fails; nothing is written then.
    FileError
        If there is no current run, and ``runs`` cannot be written.

    Examples
    --------
    >>> run = open_run("2024-12-syria")  # doctest: +SKIP
    >>> run.forecast("khmeimim-held-2025")  # doctest: +SKIP
    """
    from forecasting.runs.freshness import in_words_of

    priors, runs = in_project(priors), in_project(runs)
    edition = load_dossier(priors).edition(edition_id)
    if not _current(edition, runs):
        with _alone(runs, edition_id):
            if not _current(edition, runs):
                _make(priors, edition_id, runs)
    run = in_words_of(read_run(runs / edition_id), edition)
    return replace(run, forecasts=tuple(Forecast.of(forecast) for forecast in run.forecasts))


@takes(edition_id=ID, priors=PATH, runs=PATH)
def open_fit(edition_id: str, *, priors: Path | str = "priors", runs: Path | str = "runs") -> Fit:
    """Return the fit behind an edition's current run, making the run first if there is none.

    It answers what-ifs: ``given``, ``intervene``, ``watch``, ``update``, ``influence``. Reading it takes a few seconds.

    Parameters
    ----------
    edition_id : str
        As ``forecast check --list editions`` shows them.
    priors, runs : path, default "priors" and "runs"
        As of `open_run`.

    Returns
    -------
    Fit
        With the draws of the run; what is asked of it is computed from them.

    Raises
    ------
    UsageError, DossierError, GateError
        As `open_run`.

    Examples
    --------
    >>> fit = open_fit("2024-12-syria")  # doctest: +SKIP
    >>> fit.given("basing-deal", by="2025-06-30")  # doctest: +SKIP
    """
    from forecasting.lab.fit import Fit
    from forecasting.lab.panel.moved import TABLES, Tables
    from forecasting.runs.reopen import reopen

    run = open_run(edition_id, priors=priors, runs=runs)
    fit = Fit.of(reopen(load_dossier(priors).edition(edition_id), in_project(runs)))
    fit.kept[TABLES] = Tables(run.influence, run.classes)
    return fit


@contextmanager
def _alone(runs: Path, edition_id: str) -> Iterator[None]:
    """Keep others from making the run of an edition meanwhile; who makes it already is waited for."""
    with writing(runs):
        runs.mkdir(parents=True, exist_ok=True)
        lock = FileLock(runs / f".{edition_id}.lock")
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


def _current(edition: EditionDossier, runs: Path) -> bool:
    from forecasting.runs.freshness import is_current

    return is_current(edition, runs / edition.edition.id)


def _make(priors: Path, edition_id: str, runs: Path) -> None:
    from forecasting.runs.pipeline import run_edition

    with _told(edition_id) as say:
        run_edition(priors, edition_id, runs, command=f'fc.open_run("{edition_id}")', progress=say)


@contextmanager
def _told(edition_id: str) -> Iterator[Callable[[str, str, float], None]]:
    """Say in a notebook what is being done, and take the line away again when it is done."""
    try:
        from IPython import get_ipython
        from IPython.display import display
    except ImportError:
        shell = None
    else:
        shell = get_ipython()
    if shell is None:
        sys.stderr.write(f"{edition_id} has no current run (none, damaged, or of other records or code); making one\n")
        yield lambda edition, stage, share: None
        return
    line = display(_line(edition_id, "starting", 0.0), raw=True, display_id=True)
    try:
        yield lambda edition, stage, share: line.update(_line(edition, stage, share), raw=True)
    finally:
        line.update({"text/plain": ""}, raw=True)


def _line(edition_id: str, stage: str, share: float) -> dict[str, str]:
    return {"text/plain": f"{edition_id} has no current run; making one: {stage}, {100 * share:.0f} % done"}
