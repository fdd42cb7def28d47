"""The tutorials do what they say: every command of a page runs and every file of it is read, in order, in an empty folder."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import nbformat
import pytest
from typer.testing import CliRunner, Result

from forecasting.cli.main import app
from forecasting.runs.store import read_run

DOCS = Path(__file__).resolve().parent.parent / "docs"
# a block of commands, or a file: its name in a line of its own, then its text
BLOCK = re.compile(r"^```sh\n(?P<commands>.*?)^```|^`(?P<file>[\w./-]+)`:\n\n```\w+\n(?P<text>.*?)^```", re.DOTALL | re.MULTILINE)
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
RUN = CliRunner()


def follow(page: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Result]:
    """Do what a page says, beginning in a folder; return what each command answered."""
    answered: dict[str, Result] = {}
    monkeypatch.chdir(folder)
    for block in BLOCK.finditer(page.read_text("utf-8")):
        if block["file"]:
            Path(block["file"]).write_text(block["text"], "utf-8")
            continue
        for line in block["commands"].splitlines():
            program, *arguments = shlex.split(line, comments=True)
            if program == "cd":
                monkeypatch.chdir(Path.cwd() / arguments[0])
                continue
            assert program == "forecast", line
            answered[line] = RUN.invoke(app, arguments)
            assert answered[line].exit_code == 0, f"{line}\n{answered[line].output}"
    return answered


@pytest.fixture(scope="module")
def tutorial(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Result]]:
    folder = tmp_path_factory.mktemp("tutorial")
    with pytest.MonkeyPatch.context() as monkeypatch:
        return folder / "lake", follow(DOCS / "tutorial.md", folder, monkeypatch)


@pytest.mark.slow
def test_every_step_of_the_tutorial_ends_well(tutorial: tuple[Path, dict[str, Result]]) -> None:
    folder, answered = tutorial
    assert "all rules hold" in answered["forecast check"].output
    (said,) = re.findall(r"^(\w+) sentences are proposed", (DOCS / "tutorial.md").read_text("utf-8"), re.MULTILINE)
    suggested = answered["forecast suggest texts/dam.txt --source lake-2024-05"].output
    assert len(re.findall(r"^# \d+\. score", suggested, re.MULTILINE)) == NUMBERS.index(said.lower())
    assert (folder / "reports" / "2024-05-lake.html").is_file()


def test_the_anchors_of_the_tutorial_are_those_that_its_commands_write(tutorial: tuple[Path, dict[str, Result]]) -> None:
    _, answered = tutorial
    assert "4 anchors" in answered["forecast verify --texts texts"].output


def test_the_answers_of_the_tutorial_go_where_its_article_points(tutorial: tuple[Path, dict[str, Result]]) -> None:
    folder, _ = tutorial
    run = read_run(folder / "runs" / "2024-05-lake")
    agreement, clash = run.forecast("agreement-2024").headline, run.forecast("clash-2024").headline
    moved = run.influence.set_index(["claim", "question"])["change"]
    assert moved["l-001", "agreement-2024"] > 0 > moved["l-002", "agreement-2024"]
    assert clash.prior_p < 0.05  # the class says well below one in a hundred; "very unlikely" is no reason to go above
    assert agreement.p > clash.p


@pytest.mark.slow
def test_every_step_of_the_quickstart_ends_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answered = follow(DOCS / "quickstart.md", tmp_path, monkeypatch)
    assert "gate passed" in answered["forecast run 2024-03-mira"].output
    assert (tmp_path / "mira" / "reports" / "2024-03-mira.html").is_file()


def test_the_commands_of_other_pages_end_well(project_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert follow(DOCS / "choosing-a-class.md", project_dir, monkeypatch)


def test_the_first_commands_for_an_article_of_ones_own_end_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cells = nbformat.read(DOCS.parent / "notebooks" / "10-add-your-own-article.ipynb", as_version=4).cells
    (own,) = [block["commands"] for block in BLOCK.finditer(cells[0].source)]
    text = re.search(r"--text (\S+)", own)
    assert text
    page = tmp_path / "page.md"
    init, cd, *rest = own.splitlines()
    saved = f"`{text[1]}`:\n\n```text\nTalks\n\nThe minister said that a treaty is unlikely before the end of the year.\n```\n"
    page.write_text(f"```sh\n{init}\n{cd}\n```\n\n{saved}\n```sh\n" + "\n".join(rest) + "\n```\n", "utf-8")
    answered = follow(page, tmp_path, monkeypatch)
    assert list(answered) == [init, *rest]
    assert "unlikely before the end" in answered[rest[-1]].output
