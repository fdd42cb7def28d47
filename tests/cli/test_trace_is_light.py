"""``forecast trace`` answers without the packages that take long to load: it reads a run's tables as rows."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from toy import EDITION, PROJECT, toy_priors
from written_runs import written

HEAVY = ("pandas", "xarray", "arviz", "pymc")  # scipy is loaded for the points and the functions of base rates
PROBE = f"""
import sys
from forecasting.cli.main import app
app(sys.argv[1:], standalone_mode=False)
print(*sorted(set({HEAVY!r}) & set(sys.modules)), file=sys.stderr)
"""


@pytest.mark.parametrize("arguments", [("--depth", "1"), (), ("--depth", "3"), ("--json",)], ids=lambda given: " ".join(given))
def test_a_question_is_traced_without_what_takes_long_to_load(arguments: tuple[str, ...], tmp_path: Path) -> None:
    shown, loaded = traced("pact-by-2025", *arguments, runs=written(tmp_path).parent)
    assert "pact-by-2025" in shown
    assert loaded == []


@pytest.mark.parametrize("record", [EDITION, "quay-closed", "a-001", "tolls-raised", "norland-times"])
def test_so_are_records_of_other_kinds(record: str, tmp_path: Path) -> None:
    shown, loaded = traced(record, "--json", runs=written(tmp_path).parent)
    assert json.loads(shown)["id"] == record
    assert loaded == []


def traced(*arguments: str, runs: Path) -> tuple[str, list[str]]:
    """Return what a command in a process of its own shows, and which of the heavy packages it had loaded."""
    command = [sys.executable, "-c", PROBE, "trace", *arguments, "--priors", str(toy_priors()), "--runs", str(runs)]
    ran = subprocess.run(command, capture_output=True, text=True, cwd=PROJECT, check=True)
    return ran.stdout, ran.stderr.split()
