"""What is printed is what was said: no text steers the terminal, and no number of a line becomes a picture."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.table import Table
from typer.testing import CliRunner

from forecasting.cli import terminal
from forecasting.cli.main import app
from forecasting.ledger.store import LEDGER

STEERING = "a\x1b[2Jb\x1b]0;c\x07d\x9b1me\u202ef\rg\x08h"
SHOWN = r"a\u001b[2Jb\u001b]0;c\u0007d\u009b1me\u202ef\u000dg\u0008h"


@pytest.mark.parametrize("console", [terminal.out, terminal.err])
def test_no_text_steers_the_terminal(console: terminal.Still, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(console, "_width", 200)  # that of a terminal would break the texts, and it differs
    table = Table("head", STEERING)
    table.add_row("x", STEERING)
    with console.capture() as got:
        console.print(STEERING, markup=False)
        console.print(f"[bold]{STEERING}[/bold]")
        console.print(table)
        terminal.say(f"one\n\ttwo {STEERING}", console)
    said = got.get()
    assert not terminal.STEERS.search(said.replace("\x1b[1m", "").replace("\x1b[0m", ""))
    assert said.count(SHOWN) == 5


def test_the_name_of_a_file_that_somebody_sent_does_not_either(tmp_path: Path) -> None:
    (tmp_path / "priors" / "claims").mkdir(parents=True)
    (tmp_path / "priors" / "claims" / "a\x1b]0;b\x07.yml").write_text("[]")
    ran = CliRunner().invoke(app, ["check", "--priors", str(tmp_path / "priors")])
    assert ran.exit_code == 2
    assert r"priors/claims/a\u001b]0;b\u0007.yml  this file is not read" in ran.output
    assert "\x1b]" not in ran.output


@pytest.mark.parametrize("line", [100, 1234])
def test_the_line_of_a_fault_is_a_number(line: int) -> None:
    """Rich shows :100: as a picture unless it is told not to."""
    with terminal.err.capture() as got:
        terminal.err.print(f"ledger/{LEDGER}:{line}: found no JSON", markup=False)
    assert got.get() == f"ledger/{LEDGER}:{line}: found no JSON\n"
