"""Every example in a command's help is one that the command takes: each is parsed as if it were typed."""

from __future__ import annotations

import re
import shlex

import pytest
from typer.main import get_command

from forecasting.cli.main import app

EXAMPLE = re.compile(r"^\s*Example: forecast (.+)$", re.MULTILINE)
ROOT = get_command(app)


def commands() -> dict[str, object]:
    """Return every command by what is typed after ``forecast``, those of `new` too."""
    found: dict[str, object] = {}
    for name, command in ROOT.commands.items():
        below = getattr(command, "commands", None)
        found |= {f"{name} {one}": child for one, child in below.items()} if below else {name: command}
    return found


HELP = {name: command.help or "" for name, command in commands().items()}
EXAMPLES = [(name, line) for name, text in HELP.items() for line in EXAMPLE.findall(text)]


@pytest.mark.parametrize("name", HELP)
def test_the_help_of_a_command_has_an_example_of_it(name: str) -> None:
    assert [line for command, line in EXAMPLES if command == name and line.startswith(name)]


@pytest.mark.parametrize(("name", "line"), EXAMPLES)
def test_an_example_is_taken_as_it_stands(name: str, line: str) -> None:
    words = shlex.split(line, comments=True)[len(name.split()) :]
    context = commands()[name].make_context(name, words)  # an option or a value that is not taken is an error here
    assert not context.args
