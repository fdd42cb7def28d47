"""What every command shares: two consoles, options, progress bars, and how errors of ours are shown."""

from __future__ import annotations

import io
import os
import re
import shlex
import signal
import sys
import textwrap
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.text import Text

from forecasting.cli.refusals import refusal_of, refused_cache
from forecasting.errors import CheckResult, DossierError, ForecastingError, SamplingStopped, UsageError, gather_empty
from forecasting.files import leads_out, remove_leftovers

# wide enough for a row of the forecast table wherever the output goes, unless COLUMNS says how wide it may be
WIDTH = 150
NARROWEST = 20  # of what COLUMNS says: below that nothing can be read, and of 0 nothing would be printed
NUMBA = ".numba_config.yaml"  # numba looks for it in the folder one stands in
# control characters but the tab and the end of a line, and those that turn the direction of what follows
STEERS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def prepare_streams() -> None:
    """Have output go to where it can: a closed stream to nowhere, and a letter that an encoding lacks as an escape."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115  (as long as the process)
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def wide_as_said() -> bool:
    """Return whether COLUMNS says how wide the output may be."""
    said = os.environ.get("COLUMNS", "")
    return said.isdecimal() and int(said) >= NARROWEST


def still(text: str) -> str:
    r"""Return a text with what steers a terminal as escapes.

    Examples
    --------
    >>> still("a\x1b]0;b\x07c")
    'a\\u001b]0;b\\u0007c'
    """
    return STEERS.sub(lambda found: f"\\u{ord(found.group()):04x}", text)


class Still(Console):
    """A console that no text steers: what moves the cursor, sets a title or turns the direction is shown as an escape.

    Names of files, and what is wrong with a record, may come from somebody who sent a project.
    """

    def render_str(self, text: str, **options: Any) -> Text:
        r"""Return a text as it is shown.

        Examples
        --------
        >>> Still().render_str("a\x1b]0;b\x07c", markup=False).plain
        'a\\u001b]0;b\\u0007c'
        """
        return super().render_str(still(text), **options)


if not wide_as_said():
    os.environ.pop("COLUMNS", None)
prepare_streams()
out = Still(highlight=False, emoji=False, soft_wrap=True, width=None if sys.stdout.isatty() or wide_as_said() else WIDTH)
err = Still(stderr=True, highlight=False, emoji=False, soft_wrap=True)


def from_project(context: typer.Context, option: typer.CallbackParam, path: Path) -> Path:
    """Take a folder that was not named from the project one stands in; one that was named is taken as it is.

    Where a folder above cannot be looked into, it is no project that anybody could use.
    """
    from forecasting.dossier.location import in_project

    source = context.get_parameter_source(str(option.name))
    with suppress(OSError):
        return in_project(path) if source and source.name == "DEFAULT" else path
    return path


def own_folder(context: typer.Context, option: typer.CallbackParam, path: Path) -> Path:
    """Take a folder to write in as `from_project` does; one that was not named must lie in the project.

    Raises
    ------
    typer.BadParameter
        If it is a link that leads elsewhere: in a project that somebody sent, it would have a command write there.
    """
    path = from_project(context, option, path)
    source = context.get_parameter_source(str(option.name))
    if source and source.name == "DEFAULT" and leads_out(path):
        raise typer.BadParameter(f"{path} is a link to {path.resolve()}, outside the project; if you want that, name it")
    return path


def refuse_nowhere() -> None:
    """Refuse to stand in a folder that has been removed meanwhile: nothing could be named from there.

    Raises
    ------
    UsageError
        If it is so.
    """
    try:
        Path.cwd()
    except FileNotFoundError:
        raise UsageError("the folder that this terminal stands in is no longer there; go to another one: cd DIR") from None


def refuse_settings() -> None:
    """Refuse a folder with a file of settings that numba would read, which can have it run code.

    Raises
    ------
    UsageError
        If there is one.
    """
    if os.path.lexists(NUMBA):
        found = "settings of numba, which can name a folder of compiled code to run"
        raise UsageError(f"{Path(NUMBA).absolute()}: {found}; remove the file, or set what you need in NUMBA_… variables")


Priors = Annotated[Path, typer.Option("--priors", callback=from_project, help="Folder with the records.")]
Runs = Annotated[Path, typer.Option("--runs", callback=own_folder, help="Folder for runs.")]
Reports = Annotated[Path, typer.Option("--reports", callback=own_folder, help="Folder for reports.")]
Draft = Annotated[bool, typer.Option("--draft", help="The draft that a stopped run has left, instead of the published run.")]
EditionId = Annotated[str, typer.Argument(metavar="EDITION", help="Edition id; forecast check --list editions shows them.")]
HERE_PRIORS, HERE_RUNS, HERE_REPORTS = Path("priors"), Path("runs"), Path("reports")


def command_line() -> str:
    """Return the command as it was typed, for the manifest."""
    return shlex.join(["forecast", *sys.argv[1:]])


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
        err.print(refusal_of(error), style="red", markup=False)
        raise typer.Exit(2) from None
    except (RuntimeError, ValueError) as error:
        if not (said := refused_cache(error)):
            raise
        err.print(said, style="red", markup=False)
        raise typer.Exit(2) from None


def tidy(*folders: Path) -> None:
    """Remove what commands that were killed have left in some folders, and comparisons of runs that are no more; say so."""
    for folder in folders:
        for path in remove_leftovers(folder):
            err.print(f"removed {path}, which an interrupted command had left", markup=False)
        if any(folder.glob("*.since-*.json")):
            from forecasting.report.kept_changes import remove_outdated

            for path in remove_outdated(folder):
                err.print(f"removed {path}, a comparison of runs that are no more, or by another version", markup=False)


def say(text: str, console: Console = out) -> None:
    """Print plain text; on a terminal, or where COLUMNS says how wide it is, lines break between words and never in an id."""
    if console.is_terminal or "COLUMNS" in os.environ:
        text = wrapped(still(text), console.width)  # before lines are folded, which takes some of it for spaces
    console.print(text, markup=False)


def wrapped(text: str, width: int) -> str:
    r"""Return text folded to a terminal's width between words, each line going on below its own beginning.

    Examples
    --------
    >>> print(wrapped("CLAIMS\n  c-001 said by the author", 18))
    CLAIMS
      c-001 said by
        the author
    """
    folded = []
    for line in text.split("\n"):
        indent = " " * (len(line) - len(line.lstrip()) + 2)
        folded += textwrap.wrap(
            line, max(width, 20), subsequent_indent=indent, break_on_hyphens=False, break_long_words=False
        ) or [""]
    return "\n".join(folded)


def show_results(results: tuple[CheckResult, ...], console: Console = err) -> None:
    """Print results, failures in red; on standard output where they are what was asked for, else on standard error."""
    for result in gather_empty(results):
        console.print(str(result), style="red" if result.status == "failure" else "yellow", markup=False)


@contextmanager
def progress_bars() -> Iterator[Callable[[str, str, float], None]]:
    """Show one bar per edition on a terminal; elsewhere say each new stage once."""
    if not err.is_terminal:
        said: set[tuple[str, str]] = set()

        def say(edition: str, stage: str, share: float) -> None:
            if (edition, stage) not in said:
                said.add((edition, stage))
                err.print(f"{edition}: {stage}", markup=False)

        yield say
        return
    columns = (TextColumn("{task.fields[edition]:<18}"), BarColumn(30), TimeElapsedColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=err) as bars:
        tasks: dict[str, TaskID] = {}

        def advance(edition: str, stage: str, share: float) -> None:
            if edition not in tasks:
                tasks[edition] = bars.add_task(stage, total=1.0, edition=edition)
            bars.update(tasks[edition], completed=share, description=stage)

        yield advance
