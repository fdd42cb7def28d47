"""Command lines that nothing can be done with: ids, days, numbers, paths, options that belong together."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from bad_input import PROJECT, Answer, Bad, command, tree
from builders import write_dossier
from ledgers import fill
from typer.main import get_command
from written_runs import written

from forecasting.cli.main import app

GIVEN = ("priors", "runs", "ledger", "reports")
TYPED = PROJECT / "tests" / "trust" / "commands.txt"
@cache
def _project() -> Path:
    import tempfile

    folder = Path(tempfile.mkdtemp())
    write_dossier(folder, PROJECT)
    written(folder / "runs")
    fill(folder / "ledger", 6)
    return folder


def typed(line: str, says: tuple[str, ...]) -> Bad:
    """Return a case of a command line in a project with a run and a ledger; nothing in the project is changed."""

    def given(folder: Path) -> Answer:
        project, words = _project(), line.replace("{folder}", str(folder)).replace("~300", "x" * 300).split(" ")
        before = tree(project)
        words += [part for one in GIVEN if _takes(words, one) for part in (f"--{one}", str(project / one))]
        answer = command(*words)
        assert tree(project) == before, "something was written"
        return answer

    return Bad("command", f"forecast {line[:80]}", given, says)


@cache
def _options(names: tuple[str, ...]) -> frozenset[str]:
    at = get_command(app)
    for name in names:
        at = getattr(at, "commands", {}).get(name)
    return frozenset(option for parameter in at.params for option in parameter.opts) if at else frozenset()


def _takes(words: list[str], option: str) -> bool:
    names = tuple(words[:2]) if words[0] == "new" else (words[0],)
    return f"--{option}" in _options(names) and f"--{option}" not in words


def _lines() -> Iterator[tuple[str, tuple[str, ...]]]:
    for line in TYPED.read_text("utf-8").splitlines():
        if not line.startswith("#"):
            words, _, says = line.partition(" =>")
            yield words, tuple(says.strip().split(" ;; "))


CASES = [typed(line, says) for line, says in _lines()]
