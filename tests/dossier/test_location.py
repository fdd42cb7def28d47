"""A project is found from any folder inside it, by commands and in notebooks; a path that was named is never moved."""

from __future__ import annotations

from pathlib import Path

import pytest
from builders import write_dossier
from typer.testing import CliRunner

import forecasting as fc
from forecasting.cli.main import app
from forecasting.dossier.location import in_project, project_folder
from forecasting.errors import UsageError

INSIDE = ("", "notebooks", "priors", "priors/claims", "notebooks/drafts/may")


@pytest.fixture
def project(tmp_path: Path, project_dir: Path) -> Path:
    write_dossier(tmp_path, project_dir)
    for name in INSIDE:
        (tmp_path / name).mkdir(parents=True, exist_ok=True)
    return tmp_path


@pytest.mark.parametrize("inside", INSIDE)
def test_the_project_is_found_from_every_folder_inside_it(project: Path, inside: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project / inside)
    assert project_folder() == project.resolve()
    assert in_project("runs").resolve() == (project / "runs").resolve()
    assert fc.load_dossier("priors").editions.keys() == {"2024-07-ferry"}
    assert fc.load_dossier().root.resolve() == (project / "priors").resolve()
    ran = CliRunner().invoke(app, ["check"])
    assert ran.exit_code == 0, ran.output
    assert "1 sources" in ran.output


def test_a_path_that_is_here_or_absolute_stays_as_it_is(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project / "notebooks")
    (project / "notebooks" / "runs").mkdir()
    assert in_project("runs") == Path("runs")
    assert in_project(project / "nowhere") == project / "nowhere"
    assert in_project("reports") == Path("../reports")


def test_a_folder_that_was_named_is_not_looked_for_elsewhere(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project / "notebooks")
    ran = CliRunner().invoke(app, ["check", "--priors", "priors"])
    assert ran.exit_code == 2
    assert "no folder priors" in ran.output


def test_outside_every_project_the_error_says_how_to_begin_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert project_folder() is None
    with pytest.raises(UsageError, match=r"no folder priors, here or in any folder above; .*forecast init \."):
        fc.load_dossier("priors")
    ran = CliRunner().invoke(app, ["check"])
    assert (ran.exit_code, "forecast init . --example" in ran.output.replace("\n", " ")) == (2, True)
