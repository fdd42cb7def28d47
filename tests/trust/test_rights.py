"""Folders that may not be read or written, and one that is no more: each command says where, what and what to do, with code 2."""

from __future__ import annotations

import os
import shutil
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest
from rights import PACKAGES, forecast, held, mode

from forecasting.cli.refusals import refusal_of
from forecasting.project.begin import begin_project

EDITION = "2024-03-mira"
GONE = "import os; os.rmdir(os.getcwd()); from forecasting.cli.main import app; app(['check'])"
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("begun") / "project"
    begin_project(root, example=True)
    return root


@pytest.fixture
def project(begun: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(begun, tmp_path / "project"))


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def said(ran) -> str:
    """Return what a command said that could not do what it was asked to."""
    assert ran.returncode == 2, (ran.stdout, ran.stderr)
    assert "Traceback" not in ran.stderr
    return " ".join((ran.stdout + ran.stderr).split())


@pytest.mark.parametrize("words", [["check"], ["run", EDITION], ["compare", EDITION, "--with-priors", "priors"]], ids=" ".join)
def test_a_folder_of_records_that_cannot_be_read_is_no_empty_one(project: Path, words: list[str]) -> None:
    folder = project / "priors" / "history"
    folder.mkdir()
    with mode(folder, 0):
        told = said(forecast(project, *words))
    assert "priors/history this folder cannot be read (Permission denied), so nothing in it would count make it readable" in told


def test_records_none_of_which_can_be_read_are_not_none(project: Path) -> None:
    with mode(project / "priors", 0):
        assert "path 'priors' is not readable" in said(forecast(project, "check"))


def test_runs_that_cannot_be_looked_into_are_said_where_nothing_is_typed(project: Path) -> None:
    (project / "runs" / EDITION).mkdir(parents=True)
    with mode(project / "runs", 0):
        told = said(forecast(project))
    assert "manifest.json: Permission denied; have it, and the folders that it lies in, made readable, or name another" in told


@pytest.mark.parametrize("words", [
    ["run", EDITION], ["issue", EDITION, "--judgement", "pact-2025=0.3", "--by", "Ann", "--why", "talks have stalled"],
    ["new", "edition", "--id", "2024-04-mira"], ["export", "claims.xlsx"], ["init", "other"],
], ids=" ".join)  # fmt: skip
def test_nothing_is_half_written_where_nothing_may_be(project: Path, words: list[str]) -> None:
    before = contents(project)
    folders = [path for path in (project, *project.rglob("*")) if path.is_dir()]
    with ExitStack() as modes:
        for folder in reversed(folders):
            modes.enter_context(mode(folder, 0o555))
        told = said(forecast(project, *words))
    assert "Permission denied" in told
    assert contents(project) == before


def test_a_ledger_that_may_not_be_written_is_as_it_was(project: Path) -> None:
    words = ("issue", EDITION, "--by", "Ann", "--why", "talks have stalled", "--judgement")
    assert forecast(project, *words, "pact-2025=0.3").returncode == 0
    before = contents(project)
    with mode(project / "ledger" / "ledger.jsonl", 0o444):
        told = said(forecast(project, *words, "pact-2025=0.4", "--correct", "a slip"))
    assert "ledger.jsonl: cannot be written (Permission denied), and is as it was; name a folder that can be written" in told
    assert contents(project) == before


def test_a_folder_that_has_gone_is_said(tmp_path: Path) -> None:
    (tmp_path / "gone").mkdir()
    ran = held([sys.executable, "-P", "-c", GONE], cwd=tmp_path / "gone", env=os.environ | {"PYTHONPATH": PACKAGES})
    assert "the folder that this terminal stands in is no longer there; go to another one: cd DIR" in said(ran)


def test_where_there_is_no_temporary_folder_it_is_named(project: Path) -> None:
    script = "import tempfile; tempfile._candidate_tempdir_list = lambda: ['/nowhere']; "
    script += "from forecasting.cli.main import app; app(['new', 'edition', '--id', '2024-04-mira'])"
    before = contents(project)
    ran = held([sys.executable, "-P", "-c", script], cwd=project, env=os.environ | {"PYTHONPATH": PACKAGES})
    assert "No usable temporary directory found in ['/nowhere']; set TMPDIR to a folder that can be written" in said(ran)
    assert contents(project) == before


def test_what_could_not_be_copied_is_named() -> None:
    error = shutil.Error([("priors/a.yaml", "/tmp/x/a.yaml", "[Errno 13] Permission denied: 'priors/a.yaml'")])
    assert refusal_of(error) == "priors/a.yaml: [Errno 13] Permission denied: 'priors/a.yaml'; have it made readable"
