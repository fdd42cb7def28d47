"""An error of the package in a notebook shows the line that asked and what to write instead, and all behind it on demand."""

from __future__ import annotations

import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from forecasting.errors import WHOLE

ASKED = "import forecasting as fc\nname = 'khmeimim'\nfc.load_dossier(PRIORS).edition(name)\n"


@pytest.fixture
def shell(project_dir):
    shell = InteractiveShell.instance(colors="nocolor")
    shell.user_ns["PRIORS"] = str(project_dir / "priors")
    yield shell
    InteractiveShell.clear_instance()


def told(shell, code: str) -> list[str]:
    with capture_output() as captured:
        assert not shell.run_cell(code).success
    return (captured.stdout + captured.stderr).strip().splitlines()


def test_an_error_of_the_package_shows_the_line_of_the_cell_and_the_message_alone(shell):
    lines = told(shell, ASKED)
    assert lines[:3] == ["the cell, line 3", "----> fc.load_dossier(PRIORS).edition(name)", ""]
    assert lines[3].startswith("UsageError: no edition 'khmeimim'")
    assert lines[-1] == f"(every line behind it: %env {WHOLE}=1, then %tb)"
    assert len(lines) < 10


def test_a_function_of_the_cell_is_followed_up_to_the_call_of_the_package(shell):
    code = "import forecasting as fc\ndef ask(name):\n    return fc.load_dossier(name)\nask('no such folder')\n"
    lines = told(shell, code)
    assert [line for line in lines if line.startswith("----> ")] == [
        "----> ask('no such folder')",
        "----> return fc.load_dossier(name)",
    ]


def test_every_line_behind_it_is_shown_on_demand(shell, monkeypatch):
    monkeypatch.setenv(WHOLE, "1")
    assert [line for line in told(shell, ASKED) if "dossier/edition.py" in line]


def test_an_error_that_is_a_fault_keeps_its_whole_traceback(shell):
    lines = told(shell, "import forecasting as fc\nfc.numbers.percent(1) + 1\n")
    assert any("Traceback" in line for line in lines)
    assert lines[-1].startswith("TypeError")
