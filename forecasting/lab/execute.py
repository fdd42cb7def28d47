"""Run the notebooks from top to bottom, each in a kernel of its own, and keep what they show."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from traitlets.config import Config

from forecasting.errors import ForecastingError
from forecasting.runs import write_atomically

AT_ONCE = 2
Progress = Callable[[str, str, float], None]
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
        Called with notebook, stage and the share of it that is done.

    Returns
    -------
    list of Path
        The copies, in the order of their names.

    Raises
    ------
    ForecastingError
        If a cell fails: names notebook and cell, and quotes the error. Copies finished before that are kept.

    Examples
    --------
    >>> run_notebooks(Path("notebooks"), Path("reports/notebooks"))  # doctest: +SKIP
    """
    notebooks = sorted(path for path in folder.glob("*.ipynb") if not path.name.startswith("."))
    return asyncio.run(_run_all(notebooks, output, progress or (lambda notebook, stage, share: None)))


async def _run_all(notebooks: list[Path], output: Path, progress: Progress) -> list[Path]:
    places = asyncio.Semaphore(AT_ONCE)
    tasks = [asyncio.create_task(_run_one(path, output / path.name, places, progress)) for path in notebooks]
    try:
        return list(await asyncio.gather(*tasks))
    except BaseException:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        raise


async def _run_one(path: Path, target: Path, places: asyncio.Semaphore, progress: Progress) -> Path:
    async with places:
        notebook = nbformat.read(path, as_version=4)
        n, reached = len(notebook.cells), 0

        def begun(cell: nbformat.NotebookNode, cell_index: int) -> None:
            nonlocal reached
            reached = cell_index
            progress(path.stem, "running", cell_index / n)

        client = NotebookClient(
            notebook, kernel_name="python3", timeout=None, record_timing=False, config=QUIET,
            resources={"metadata": {"path": str(path.parent)}}, on_cell_start=begun,
        )  # fmt: skip
        try:
            await client.async_execute()
        except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
            raise ForecastingError(f"{path}, cell {reached + 1} of {n}: {_said(error)}\n  {FIX}") from None
        write_atomically(target, nbformat.writes(notebook) + "\n")
        progress(path.stem, "done", 1.0)
        return target


def _said(error: Exception) -> str:
    """Return the error of a cell without its traceback."""
    if isinstance(error, CellExecutionError):
        return f"{error.ename}: {error.evalue}"
    return str(error) or type(error).__name__
