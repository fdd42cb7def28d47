"""What every command shares: the two consoles, and how errors of ours are shown."""

from __future__ import annotations

import errno
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from forecasting.errors import CheckResult, DossierError, ForecastingError, SamplingStopped, gather_empty
from forecasting.files import remove_leftovers

# wide enough for a row of the forecast table wherever the output goes
WIDTH = 150
out = Console(highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else WIDTH)
err = Console(stderr=True, highlight=False, soft_wrap=True)
Priors = Annotated[Path, typer.Option("--priors", help="Folder with the records.")]
HERE_PRIORS = Path("priors")


@contextmanager
def plain_errors() -> Iterator[None]:
    """Show our own errors, and those of files, without a traceback and leave with exit code 2; 130 after Ctrl-C and SIGTERM."""
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    except DossierError as error:
        show_results(error.results)
        raise typer.Exit(2) from None
    except (KeyboardInterrupt, SamplingStopped):
        err.print("interrupted; nothing half-made was published, and what had been published before stays as it was")
        raise typer.Exit(130) from None
    except ForecastingError as error:
        err.print(str(error), style="red", markup=False)
        raise typer.Exit(2) from None
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        fix = "make room on the disk" if full else "name a folder that can be written"
        where = f"{error.filename}: " if error.filename else ""
        err.print(f"{where}{error.strerror or error}; {fix}", style="red", markup=False)
        raise typer.Exit(2) from None


def tidy(*folders: Path) -> None:
    """Remove what commands that were killed have left in some folders, and say so."""
    for folder in folders:
        for path in remove_leftovers(folder):
            err.print(f"removed {path}, which an interrupted command had left", markup=False)


def show_results(results: tuple[CheckResult, ...], console: Console = err) -> None:
    """Print results, failures in red; on standard output where they are what was asked for, else on standard error."""
    for result in gather_empty(results):
        console.print(str(result), style="red" if result.status == "failure" else "yellow", markup=False)
