"""A few of the moments at which ``benchmarks/kills.py`` stops commands; builds and backtests have tests of their own."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from benchmarks.kills import Tally, _import, _issue, trial
from forecasting.cli.main import app

KILLS = 6


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("make", [_issue, _import], ids=["issue", "import"])
def test_a_command_that_is_stopped_leaves_nothing_half_done_and_two_at_once_are_one_after_the_other(
    make: Callable, tmp_path: Path, measured: Callable[[str], None]
) -> None:
    tally = Tally()
    trial(make(tmp_path), KILLS, 1, tally, random.Random(1))
    assert tally.faults == []
    assert (tally.n, tally.recoveries, tally.pairs) == (KILLS, 1, 1)
    assert tally.before_its_end > 0
    measured(f"stopped: {make.__name__[1:]}: {tally.before_its_end} of {KILLS} before its end, exit codes {dict(tally.ended)}")


# what pydantic_core 2 says of a Ctrl-C that comes while it builds a validator
SWALLOWED = 'Error building "model" validator:\n  SchemaError: Error building "literal" validator:\n  {}: '


@pytest.mark.parametrize(("name", "code"), [("KeyboardInterrupt", 130), ("MemoryError", 1)])
def test_an_interrupt_that_a_library_made_an_error_of_its_own_of_is_one(
    name: str, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def next_lines() -> list[str]:
        raise RuntimeError(SWALLOWED.format(name))

    monkeypatch.setattr("forecasting.cli.main.next_lines", next_lines)
    got = CliRunner().invoke(app, [])
    assert got.exit_code == code
    assert ("interrupted; nothing half-made was published" in got.output) == (code == 130)
