"""What a case of bad input is: what is given to which reader, and what must be said about it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

import typer.testing
from typer.main import get_command

from forecasting.cli.main import app
from forecasting.errors import ForecastingError

PROJECT = Path(__file__).resolve().parents[2]
_built = cache(get_command)


@dataclass(frozen=True)
class Answer:
    """What came of it: the exit code (of a call 2 for an error of the package), what was said, and an error of anybody else."""

    code: int
    said: str
    foreign: str = ""


@dataclass(frozen=True)
class Bad:
    """One bad file, argument or call.

    Parameters
    ----------
    reader : str
        Who reads it: YAML, CSV, xlsx, page, command, call, …
    name : str
        What is wrong.
    given : callable
        Puts it into an empty folder and hands it in.
    says : tuple of str
        What the answer must hold: where it is, what was found, what to write.
    """

    reader: str
    name: str
    given: Callable[[Path], Answer]
    says: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.reader}: {self.name}"


def command(*words: object) -> Answer:
    """Run a command of the command line in this process."""
    with patch.object(typer.testing, "_get_command", _built):  # to build them anew takes longer than most cases
        ran = typer.testing.CliRunner().invoke(app, [str(word) for word in words], env={"COLUMNS": "400"})
    foreign = "" if ran.exception is None or isinstance(ran.exception, SystemExit) else f"{ran.exception!r}"
    return Answer(ran.exit_code, ran.output, foreign)


def call(function: Callable[[], Any]) -> Answer:
    """Call a function of Python."""
    try:
        got = function()
    except ForecastingError as error:
        return Answer(2, str(error))
    except Exception as error:  # noqa: BLE001  which is what is looked for
        return Answer(1, str(error), f"{type(error).__name__}: {error}")
    return Answer(0, f"{got!r}"[:200])


def tree(folder: Path) -> dict[str, str]:
    """Return the digest of every file below a folder, but for locks."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*")) if path.is_file() and path.name != ".lock"
    }  # fmt: skip


def shortfall(case: Bad, folder: Path) -> str:
    """Return in what an answer falls short of what is promised; nothing if it does not."""
    answer = case.given(folder)
    if answer.foreign:
        return f"an exception of somebody else: {answer.foreign}"
    if answer.code != 2:
        return f"exit code {answer.code}: {answer.said[:300]}"
    if "Traceback" in answer.said:
        return f"a traceback: {answer.said[:300]}"
    missing = [part for part in case.says if part not in answer.said]
    return f"{missing!r} is not said in: {answer.said[:1000]}" if missing else ""
