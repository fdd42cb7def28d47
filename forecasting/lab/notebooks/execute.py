"""Run the notebooks from top to bottom, each in a kernel of its own, and keep what they show."""

from __future__ import annotations

import asyncio
import atexit
import tempfile
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from traitlets.config import Config

from forecasting.errors import ForecastingError
from forecasting.files import write_file
from forecasting.lab.notebooks.reading import read_notebook

AT_ONCE = 2
Progress = Callable[[str, str, float], None]
Keep = Callable[[Path, nbformat.NotebookNode], Path]
# kernels on one machine talk over TCP; "auto" has them encrypt it, and saves a warning at every start
QUIET = Config({"KernelManager": {"transport_encryption": "auto"}})
FIX = "open it and run it cell by cell: make lab"


def run_notebooks(folder: Path, output: Path, progress: Progress | None = None) -> list[Path]:
    """Run every notebook of a folder and write what came of it to another folder; the notebooks stay as they are.

    Two run at a time, each in the folder it lies in, so that its relative paths hold.

    Parameters
    ----------
    folder : Path
        With ``*.ipynb``, run in the order of their names.
    output : Path
        Gets a run copy of each, under the same name.
    progress : callable, optional
        As for `execute`.

    Returns
    -------
    list of Path
        The copies, in the order of their names.

    Raises
    ------
    ForecastingError
        If a file is no notebook; or if a cell fails: names notebook and cell, and quotes the error. Copies finished before that
        are kept.

    Examples
    --------
    >>> run_notebooks(Path("notebooks"), Path("reports/notebooks"))  # doctest: +SKIP
    """
    paths = sorted(path for path in folder.glob("*.ipynb") if not path.name.startswith("."))

    def keep(path: Path, notebook: nbformat.NotebookNode) -> Path:
        write_file(output / path.name, nbformat.writes(notebook) + "\n")
        return output / path.name

    return execute({path: read_notebook(path) for path in paths}, keep, progress)


def execute(notebooks: Mapping[Path, nbformat.NotebookNode], keep: Keep, progress: Progress | None = None) -> list[Path]:
    """Run notebooks, two at a time, each in the folder of its path, and hand each that is done to ``keep``.

    Parameters
    ----------
    notebooks : mapping
        What to run, by the path whose folder it runs in and by which it is named; filled in place.
    keep : callable
        Called with path and notebook as soon as one is done; returns where it went.
    progress : callable, optional
        Called with the notebook's name, *running* or *done*, and the share of its cells that is done, from another thread.

    Returns
    -------
    list of Path
        What ``keep`` returned, in the order of the notebooks.

    Raises
    ------
    ForecastingError
        If a cell fails: names notebook and cell, and quotes the error.
    """
    job = _Job(notebooks, keep, progress or (lambda notebook, stage, share: None))
    # In the main thread nbclient would take Ctrl-C for itself and go on with the next notebook.
    with ThreadPoolExecutor(1) as thread:
        done = thread.submit(asyncio.run, job.run())
        try:
            return done.result()
        except BaseException:
            job.cancel()
            raise


class _Job:
    """Some notebooks, run in one event loop, which another thread may cancel."""

    def __init__(self, notebooks: Mapping[Path, nbformat.NotebookNode], keep: Keep, progress: Progress):
        self.notebooks, self.keep, self.progress = notebooks, keep, progress
        self._stop: Callable[[], object] = lambda: None

    def cancel(self) -> None:
        """Stop every kernel; safe to call when nothing runs."""
        self._stop()

    async def run(self) -> list[Path]:
        """Run the notebooks; the first that fails ends the others."""
        loop, task = asyncio.get_running_loop(), asyncio.current_task()
        assert task is not None
        self._stop = lambda: None if loop.is_closed() else loop.call_soon_threadsafe(task.cancel)
        places = asyncio.Semaphore(AT_ONCE)
        tasks = [asyncio.create_task(self._one(path, places)) for path in self.notebooks]
        try:
            return list(await asyncio.gather(*tasks))
        finally:
            for each in tasks:
                each.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _one(self, path: Path, places: asyncio.Semaphore) -> Path:
        async with places:
            notebook = self.notebooks[path]
            n, reached = len(notebook.cells), 0

            def begun(cell: nbformat.NotebookNode, cell_index: int) -> None:
                nonlocal reached
                reached = cell_index
                self.progress(path.stem, "running", cell_index / n)

            client = NotebookClient(
                notebook, kernel_name="python3", timeout=None, record_timing=False, config=QUIET,
                resources={"metadata": {"path": str(path.parent)}}, on_cell_start=begun,
            )  # fmt: skip
            with tempfile.TemporaryFile() as noise:
                try:
                    await client.async_execute(stderr=noise)
                except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
                    said = _said(error, noise)
                    raise ForecastingError(f"{path}, cell {reached + 1} of {n}: {said}\n  {FIX}") from None
                finally:
                    # left behind when cancelled, it would complain at exit that the kernel is gone
                    atexit.unregister(client._cleanup_kernel)
            target = self.keep(path, notebook)
            self.progress(path.stem, "done", 1.0)
            return target


def _said(error: Exception, noise: IO[bytes]) -> str:
    """Return the error of a cell without its traceback, or the last words of a kernel that died."""
    if isinstance(error, CellExecutionError):
        return f"{error.ename}: {error.evalue}"
    noise.seek(0)
    last = noise.read().decode("utf-8", "replace").strip().splitlines()[-1:]
    return " ".join([str(error) or type(error).__name__, *last])
