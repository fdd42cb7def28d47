"""What every command shares: the two consoles, and how errors of ours are shown."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from forecasting.errors import CheckResult, DossierError, ForecastingError, SamplingStopped, gather_empty

# wide enough for a row of the forecast table wherever the output goes
WIDTH = 150
out = Console(highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else WIDTH)
err = Console(stderr=True, highlight=False, soft_wrap=True)
Priors = Annotated[Path, typer.Option("--priors", help="Folder with the records.")]
HERE_PRIORS = Path("priors")


@contextmanager
def plain_errors() -> Iterator[None]:
    """Show our own errors, and those of files, without a traceback and leave with exit code 2; 130 after Ctrl-C."""
    try:
        yield
    except DossierError as error:
        show_results(error.results)
        raise typer.Exit(2) from None
    except (KeyboardInterrupt, SamplingStopped):
        err.print("interrupted; nothing half-made was kept")
        raise typer.Exit(130) from None
    except ForecastingError as error:
        err.print(str(error), style="red", markup=False)
        raise typer.Exit(2) from None
    except OSError as error:
        if error.filename is None:
            raise
        err.print(f"{error.filename}: {error.strerror}; name a folder that can be written", style="red", markup=False)
        raise typer.Exit(2) from None


def show_results(results: tuple[CheckResult, ...], console: Console = err) -> None:
    """Print results, failures in red; on standard output where they are what was asked for, else on standard error."""
    for result in gather_empty(results):
        console.print(str(result), style="red" if result.status == "failure" else "yellow", markup=False)
