"""The type checker finds nothing: strictly where everything builds on it, plainly elsewhere (``[tool.mypy]``)."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent
STRICT = {"forecasting.forecasts", "forecasting.dossier.*", "forecasting.models.base"}


def mypy(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "mypy", "--no-color-output", *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=PROJECT, check=False)


@pytest.mark.slow
def test_every_type_agrees():
    ran = mypy()
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_what_everything_builds_on_is_checked_strictly():
    overrides = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["tool"]["mypy"]["overrides"]
    (strict,) = [part for part in overrides if part.get("disallow_untyped_defs")]
    assert set(strict["module"]) >= STRICT
    assert not {"ignore_errors", "disable_error_code"} & {key for part in overrides for key in part}


def test_the_checker_does_find_a_wrong_type(tmp_path):
    (tmp_path / "wrong.py").write_text("from forecasting.dossier.parse import plain_number\nplain_number(1, 2, 3)\n", "utf-8")
    ran = mypy(str(tmp_path / "wrong.py"))
    assert ran.returncode == 1
    assert "wrong.py:2: error: Too many arguments" in ran.stdout
