"""Commands for which the permissions of files hold: the superuser passes over them, unless it gives up the right to."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import forecasting

FORECAST = "import sys; from forecasting.cli.main import app; sys.argv[0] = 'forecast'; app()"
PACKAGES = str(Path(forecasting.__file__).parents[1])
DROP, OVERRIDE, SEARCH = 24, 1, 2  # PR_CAPBSET_DROP, CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH of Linux


def give_up() -> None:
    """Have the program that this process becomes be held to permissions; of anybody but the superuser it is already."""
    if os.geteuid() == 0:
        for right in (OVERRIDE, SEARCH):
            ctypes.CDLL(None).prctl(DROP, right, 0, 0, 0)


def held(command: list[str], **options: object) -> subprocess.CompletedProcess[str]:
    """Run a command that is held to permissions."""
    return subprocess.run(command, preexec_fn=give_up, capture_output=True, text=True, check=False, **options)


def forecast(folder: Path, *words: object, **variables: str) -> subprocess.CompletedProcess[str]:
    """Type a command of ours in a folder."""
    environment = os.environ | {"PYTHONPATH": PACKAGES, "COLUMNS": "300"} | variables
    return held([sys.executable, "-P", "-c", FORECAST, *map(str, words)], cwd=folder, env=environment)


@contextmanager
def mode(path: Path, bits: int) -> Iterator[None]:
    """Give a file or folder other permissions for a moment; skip where they would bind nobody."""
    before = path.stat().st_mode & 0o777
    path.chmod(bits)
    try:
        if os.name != "posix" or held(["test", "-w", str(path)]).returncode == 0:
            pytest.skip(f"permissions bind nobody here: {path} can be written with {bits:o}")
        yield
    finally:
        path.chmod(before)
