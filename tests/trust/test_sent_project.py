"""A project that somebody sent: no command runs a module or a cache that lies in it, or writes where a link of it leads."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from toy import toy_priors
from typer.testing import CliRunner
from written_runs import vouch, written

from forecasting.cli.main import app
from forecasting.coding.library import add_class
from forecasting.coding.wordings import place_number
from forecasting.dossier import load, parse, reader
from forecasting.errors import CheckResult, FileError, UsageError, Where
from forecasting.exchange.hub_export import HubFiles, write_hub
from forecasting.files import publish, remove_leftovers, scratch_folder, write_file
from forecasting.learning.table import new_table
from forecasting.project.baseline import BASELINE
from forecasting.project.begin import begin_project
from forecasting.project.upgrade import upgrade_project
from forecasting.report.formats import write
from forecasting.report.formats.names import Format
from forecasting.report.sharing import HOMES, SECRETS, private_in

FORECAST = "import sys; from forecasting.cli.main import app; sys.argv[0] = 'forecast'; app()"
TAKEN = ("forecasting", "multiprocessing", "numpy", "trafilatura", "json")
TEXT = "<p>The talks between the two sides are likely to fail by June.</p>"
PAGE = f"<html><body><article>{TEXT * 9}</article></body></html>"


def forecast(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command as its script does: with no folder of the project among those that modules come from."""
    packages = str(Path(load.__file__).parents[2])
    return subprocess.run(
        [sys.executable, "-P", "-c", FORECAST, *arguments],
        cwd=folder, env=os.environ | {"PYTHONPATH": packages}, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.fixture
def project(tmp_path: Path, project_dir: Path) -> Path:
    """Return a project with modules in it that leave a file behind if anybody imports them."""
    shutil.copytree(project_dir / "priors", tmp_path / "project" / "priors")
    for name in TAKEN:
        (tmp_path / "project" / f"{name}.py").write_text(f"open({str(tmp_path / name)!r}, 'w').close()\n")
    return tmp_path / "project"


def test_the_reader_of_a_page_imports_nothing_from_the_folder_one_stands_in(project: Path) -> None:
    (project / "page.html").write_text(PAGE)
    assert "likely to fail" in forecast(project, "suggest", "page.html").stderr
    assert not [name for name in TAKEN if (project.parent / name).exists()]


@pytest.mark.slow
def test_processes_of_a_command_import_nothing_from_the_folder_one_stands_in(project: Path) -> None:
    script = project.parent / "script.py"
    script.write_text(
        "from forecasting.cli.main import app\n"
        "from forecasting.runs.workers import Worker\n"
        "if __name__ == '__main__':\n"
        "    app(['classes', '--help'], standalone_mode=False)\n"
        "    app([], standalone_mode=False)\n"
        "    Worker.start().process.join(3)\n"
    )
    packages = str(Path(load.__file__).parents[2])
    subprocess.run([sys.executable, str(script)], cwd=project, env=os.environ | {"PYTHONPATH": packages}, check=True)
    assert not [name for name in TAKEN if (project.parent / name).exists()]


def test_a_file_of_settings_for_numba_is_refused_for_it_can_name_code_to_run(project: Path) -> None:
    (project / ".numba_config.yaml").write_text("cache_dir: here\n")
    ran = forecast(project, "check")
    assert ran.returncode == 2
    assert ".numba_config.yaml: settings of numba" in ran.stderr
    assert "Traceback" not in ran.stderr


@pytest.mark.parametrize(
    ("name", "arguments"),
    [("runs", ["run"]), ("reports", ["report"]), ("ledger", ["issue"])],
)
def test_a_folder_of_results_that_is_a_link_out_of_the_project_is_refused_unless_it_is_named(
    project: Path, name: str, arguments: list[str]
) -> None:
    outside = project.parent / "outside"
    outside.mkdir()
    (project / name).symlink_to(outside)
    edition = sorted((project / "priors" / "editions").glob("*.yaml"))[0].stem
    ran = forecast(project, *arguments, edition)
    assert ran.returncode == 2
    assert "outside the project" in " ".join(ran.stderr.replace("│", " ").split())
    assert not list(outside.iterdir())


def test_no_file_is_written_through_a_link_that_leads_out_of_its_folder(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("precious")
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "x.html").symlink_to(tmp_path / "mine")
    with pytest.raises(FileError, match=r"x\.html: a link that leads out of its folder; remove it, or name the file itself"):
        write_file(tmp_path / "reports" / "x.html", "new")
    assert (tmp_path / "mine").read_text() == "precious"


def test_no_run_takes_the_place_of_a_folder_that_a_link_leads_to(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "runs").mkdir()
    (tmp_path / "runs" / "x").symlink_to(tmp_path / "mine")
    with pytest.raises(FileError, match="leads out of its folder"), scratch_folder(tmp_path / "runs" / "x") as scratch:
        publish(scratch, tmp_path / "runs" / "x")
    assert (tmp_path / "mine").is_dir()


def test_a_link_that_looks_like_a_leftover_is_removed_and_nothing_behind_it_is_touched(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "runs").mkdir()
    link = tmp_path / "runs" / ".x.0000.tmp"
    link.symlink_to(tmp_path / "mine")
    os.utime(link, (0, 0), follow_symlinks=False)
    assert remove_leftovers(tmp_path / "runs") == [link]
    assert not link.is_symlink()
    assert not list((tmp_path / "mine").iterdir())


BOMBS = {
    "a table of 600,000 columns": ("x.csv", lambda: ",".join(f"c{n}" for n in range(600_000)) + "\n"),
    "a table of 1,600,000 rows": ("x.csv", lambda: "id,place\n" + "a,\n" * 1_600_000),
    "a list of 1,600,000 records": ("x.yaml", lambda: "[" + "{}," * 1_600_000 + "]\n"),
    "a record of 60,000 fields": ("x.yaml", lambda: "- {" + ",".join(f"k{n}: 1" for n in range(60_000)) + "}\n"),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", BOMBS)
def test_a_file_made_to_keep_a_computer_busy_is_refused_in_a_moment(tmp_path: Path, name: str) -> None:
    file, content = BOMBS[name]
    (tmp_path / file).write_text(content())
    assert (tmp_path / file).stat().st_size <= parse.MAX_BYTES
    began = time.process_time()
    with pytest.raises(parse.ParseError, match=r"file-size|csv-columns"):
        (parse.parse_csv if file.endswith("csv") else parse.parse_yaml)(tmp_path / file, f"priors/{file}")
    assert time.process_time() - began < 10


def test_a_file_with_thousands_of_failures_is_given_up_and_says_so(tmp_path: Path) -> None:
    (tmp_path / "priors" / "claims").mkdir(parents=True)
    (tmp_path / "priors" / "claims" / "x.yaml").write_text("[" + "{id: a}," * 30_000 + "]\n")
    failures = load.read_dossier(tmp_path / "priors")[1]
    assert len(failures) < 2 * reader.MOST_FAILURES
    assert "the rest of the file was not read" in failures[-1].found


def test_what_was_found_is_shown_to_a_length_that_can_be_read() -> None:
    text = str(CheckResult("x", Where("a.yaml", 1), "9" * 4_000_000, "write less"))
    assert len(text) < 3_000
    assert "(4,000,000 characters)" in text


@pytest.mark.slow
@pytest.mark.parametrize("settings", [{"PYTHONIOENCODING": "ascii"}, {"COLUMNS": "0"}, {"COLUMNS": "-5"}, {"COLUMNS": "wide"}])
def test_a_command_prints_whatever_the_terminal_is_said_to_be(project_dir: Path, settings: dict[str, str]) -> None:
    environment = os.environ | {"PYTHONPATH": str(Path(load.__file__).parents[2])} | settings
    command = [sys.executable, "-P", "-c", FORECAST, "check", "--list", "claims"]
    ran = subprocess.run(command, cwd=project_dir, env=environment, capture_output=True, check=True)
    assert len(ran.stdout.splitlines()) > 100
    assert b"Traceback" not in ran.stderr


@pytest.mark.slow
def test_a_command_whose_output_was_closed_has_its_exit_code_all_the_same(project_dir: Path) -> None:
    environment = os.environ | {"PYTHONPATH": str(Path(load.__file__).parents[2])}
    words = f'exec "{sys.executable}" -P -c "{FORECAST}" check --list questions >&-'
    ran = subprocess.run(["/bin/sh", "-c", words], cwd=project_dir, env=environment, capture_output=True, check=False)
    assert ran.returncode == 0
    assert b"Traceback" not in ran.stderr


@pytest.mark.parametrize("unit", ["a", "eyJ-", "a://", "sk-", "http://localhost:1/", "/home/", "token="])
def test_what_is_looked_through_before_it_is_shared_takes_time_with_its_length_and_not_with_its_square(unit: str) -> None:
    text = (unit * 400_000)[:400_000]
    began = time.process_time()
    assert sum(1 for _ in zip(private_in(text, "page.html"), range(1), strict=False)) <= 1
    for pattern in (*SECRETS.values(), HOMES):
        assert sum(1 for _ in re.finditer(pattern, text)) >= 0
    assert time.process_time() - began < 10


def led_out(project: Path, name: str) -> Path:
    """Put a folder of the project elsewhere, with a link in its place, and a picture and a leftover of somebody's there."""
    outside = project.parent / "outside"
    outside.mkdir(exist_ok=True)
    (outside / "mine.png").write_text("precious")
    (outside / ".mine.0000.tmp").write_text("precious")
    os.utime(outside / ".mine.0000.tmp", (0, 0))
    if (project / name).is_dir():
        shutil.move(project / name, project.parent / "moved")
    (project / name).parent.mkdir(parents=True, exist_ok=True)
    (project / name).symlink_to(outside)
    return outside


def upgraded(root: Path) -> None:
    """Upgrade a project that has none of the pages, so that each is new."""
    (root / BASELINE).write_text('{"tables": {}, "pages": {}, "forecasting": "0"}')
    upgrade_project(root)


def test_no_picture_is_written_or_removed_in_a_folder_that_a_link_leads_to(tmp_path: Path) -> None:
    reports = tmp_path / "project" / "reports"
    outside = led_out(tmp_path / "project", "reports/x-figures")
    (reports / "x.html").write_text("<html></html>")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(write, "_files", lambda *given: iter([(reports / "x-figures" / "a.png", b"new")]))
        with pytest.raises(UsageError, match=r"a\.png: a link on the way to it leads out of .*reports; put the folder itself"):
            write.write_formats(reports / "x.html", None, None, [Format.png])
    assert sorted(path.name for path in outside.iterdir()) == [".mine.0000.tmp", "mine.png"]


@pytest.mark.parametrize(
    ("name", "write_there"),
    [
        ("priors/reference_classes", lambda root: add_class(root / "priors", "coup-attempt-closed")),
        ("priors/lexicons", lambda root: place_number(root / "priors", "60 per cent chance", "my-hedges")),
        ("priors/learned", lambda root: new_table(root / "priors", "until-2026")),
        ("hub/model-output", lambda root: write_hub(root / "hub", HubFiles({"model-output/a-b/x.csv": b"new"}), force=True)),
        ("docs", lambda root: upgraded(root)),
    ],
    ids=["priors/reference_classes", "priors/lexicons", "priors/learned", "hub/model-output", "docs"],
)
def test_nothing_is_written_in_a_folder_that_a_link_leads_to(tmp_path: Path, name: str, write_there) -> None:
    root = tmp_path / "project"
    begin_project(root)
    outside = led_out(root, name)
    with pytest.raises(UsageError, match=r"a link on the way to it leads out of .*; put the folder itself there"):
        write_there(root)
    assert sorted(path.name for path in outside.iterdir()) == [".mine.0000.tmp", "mine.png"]


@pytest.mark.slow
def test_a_backtest_tidies_and_writes_nothing_in_a_folder_that_a_link_leads_to(project: Path) -> None:
    outside = led_out(project, "runs/backtests/2024-12-syria/all-evidence")
    ran = forecast(project, "backtest", "2024-12-syria", "--to", "2024-12-13")
    assert ran.returncode == 2
    assert "a link" in ran.stderr
    assert sorted(path.name for path in outside.iterdir()) == [".mine.0000.tmp", "mine.png"]


@pytest.mark.parametrize("answers", [[{}], 5, [[]], {"a": 1}], ids=["no fields", "a number", "a list", "a mapping"])
def test_a_run_that_somebody_made_up_and_sealed_does_not_stop_the_check_of_records(tmp_path: Path, answers: object) -> None:
    run = written(tmp_path / "runs")
    said = json.loads((run / "forecasts.json").read_text("utf-8"))
    (run / "forecasts.json").write_text(json.dumps(said | {"forecasts": answers}), "utf-8")
    vouch(run)
    ran = CliRunner().invoke(app, ["check", "--priors", str(toy_priors()), "--runs", str(tmp_path / "runs")])
    assert (ran.exit_code, ran.exception) == (0, None)
    assert "all rules hold" in ran.output
