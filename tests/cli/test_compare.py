"""``forecast compare`` says which earlier numbers nobody published, and which signs have expired in between."""

from __future__ import annotations

import inspect
import io
import shutil
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from builders import write_dossier
from manifests import PASSED
from rich.console import Console
from toy import EDITION, toy_priors
from typer.testing import CliRunner

from forecasting.analysis.change_decomposition import Changes
from forecasting.cli.compare import changes_notes, changes_table
from forecasting.cli.main import COMMANDS, app
from forecasting.forecasts import NOT_JUDGED
from forecasting.lab.reprs import changes_html

TABLE = pd.DataFrame(
    [("pact-by-2025", "yes", "time", -0.1, 0.001), ("toll-by-2025", "yes", "time", 0.2, 0.001)],
    columns=["question", "outcome", "part", "change", "mcse"],
)
ENDS = pd.DataFrame(
    [("pact-by-2025", "yes", 0.5, 0.4), ("toll-by-2025", "yes", 0.3, 0.5)],
    columns=["question", "outcome", "before", "after"],
)
STAR = (
    "* not published by then (not asked then, or no run at hand) but worked out now from what it knew, "
    "by a fit that is not held to the gate"
)


def changes(**more) -> Changes:
    return Changes("then", "now", TABLE, ENDS, {"time": ("pact-signed open until 2024-06-30 instead of 2024-01-01",)},
                   gates=(PASSED, PASSED), **more)  # fmt: skip


def shown(found: Changes) -> str:
    console = Console(width=120, file=io.StringIO(), record=True)
    console.print(changes_table(found))
    return console.export_text()


def test_a_number_that_nobody_published_has_a_star_wherever_it_is_shown() -> None:
    found = changes(refitted=frozenset({"toll-by-2025"}))
    rows = {line.split()[0]: line for line in shown(found).splitlines() if "by-2025" in line}
    assert "30*" in rows["toll-by-2025"]
    assert "50*" not in rows["pact-by-2025"]
    assert STAR in changes_notes(found)
    html = changes_html(found)
    assert "30 %*" in html
    assert STAR in html
    assert "toll-by-2025 *" in repr(found)
    assert STAR in repr(found)


def test_an_end_that_was_only_refitted_is_said_to_be_that_and_not_blocked() -> None:
    told = replace(changes(), gates=(NOT_JUDGED, PASSED)).warning
    assert told == "then: a quick refit for this comparison alone, which was not held to the gate"


def test_published_numbers_have_none() -> None:
    found = changes()
    assert "*" not in shown(found)
    assert not any("published" in line for line in changes_notes(found))


def test_time_passing_says_that_signs_have_expired_and_names_them() -> None:
    notes = changes_notes(changes(expired=("n-003 on pact-signed (2026-07-01)",)))
    assert "Expired since, and counted in Time passing: n-003 on pact-signed (2026-07-01)" in notes
    assert notes[0].startswith("Time passing (less time; signs expire): ")
    assert "signs seen then have expired" in changes_html(changes())


def test_the_old_spelling_works_and_names_the_new_one(tmp_path: Path) -> None:
    options = ["--priors", str(toy_priors()), "--runs", str(tmp_path)]
    old = CliRunner().invoke(app, ["trace", EDITION, "--since", "2024-06-ferry", *options])
    new = CliRunner().invoke(app, ["compare", EDITION, "--with", "2024-06-ferry", *options])
    assert "trace --since is now: forecast compare EDITION --with OTHER" in old.stderr
    assert old.exit_code == new.exit_code == 2
    assert old.stderr.endswith(new.stderr)


def test_it_asks_with_what_to_compare() -> None:
    ran = CliRunner().invoke(app, ["compare", EDITION, "--priors", str(toy_priors())])
    assert ran.exit_code == 2
    assert "add --with EDITION, --with-priors DIR or --with-run runs/EDITION" in ran.stderr


def test_every_command_is_one_line_of_help_and_has_an_example() -> None:
    for command in COMMANDS:
        said = inspect.getdoc(command) or ""
        assert said.split("\n\n")[0].count("\n") == 0, command.__name__
        assert f"Example: forecast {command.__name__.rstrip('_')}" in said, command.__name__


def test_what_an_edit_moves_is_written_edition_by_edition(tmp_path: Path) -> None:
    shutil.copytree(toy_priors(), tmp_path / "base")
    (tmp_path / "none").mkdir()
    for base, said in (("base", "No record behind it differs"), ("none", "It has no current run yet")):
        file = tmp_path / f"{base}.md"
        arguments = ["--with-priors", str(tmp_path / base), "--markdown", str(file)]
        ran = CliRunner().invoke(app, ["compare", *arguments, "--priors", str(toy_priors()), "--runs", str(tmp_path)])
        assert ran.exit_code == 0, ran.output
        assert f"### {EDITION}" in file.read_text()
        assert said in file.read_text()


def test_a_text_for_a_pull_request_compares_records_alone(tmp_path: Path) -> None:
    for more in ([], ["--with-priors", "x", "--with", "y"]):
        ran = CliRunner().invoke(app, ["compare", EDITION, "--markdown", str(tmp_path / "m.md"), *more])
        assert (ran.exit_code, "--markdown compares records" in ran.output) == (2, True)
    ran = CliRunner().invoke(app, ["compare"])
    assert (ran.exit_code, "compare which edition?" in ran.output) == (2, True)


@pytest.mark.slow
def test_an_edit_that_moves_answers_says_so_in_points_and_words(tmp_path: Path, project_dir: Path) -> None:
    then, now = (write_dossier(tmp_path / name, project_dir) for name in ("then", "now"))
    claims = now / "claims" / "norland-times.yaml"
    claims.write_text(claims.read_text().replace("wording: likely", "wording: unlikely"))
    file = tmp_path / "moved.md"
    arguments = ["--with-priors", str(then), "--markdown", str(file), "--priors", str(now), "--runs", str(tmp_path)]
    ran = CliRunner().invoke(app, ["compare", *arguments])
    assert ran.exit_code == 0, ran.output
    (row,) = [line for line in file.read_text().splitlines() if line.startswith("| Will the ferry pact be signed")]
    assert "regrades −" in row  # "likely" became "unlikely"
    assert "Regrades (claims read anew): n-001" in file.read_text()
