"""``forecast refresh`` on a dossier that is really fitted: what an edit moves is named, corrected once, and then at rest."""

from __future__ import annotations

from pathlib import Path

import pytest
from builders import CLAIMS, FILES, claim_yaml, write_dossier
from typer.testing import CliRunner

from forecasting.cli.main import app
from forecasting.cli.refresh import FAILED, MOVED
from forecasting.ledger.store import read_ledger

QUESTIONS = FILES["questions/ferry.yaml"] or ""
FAR = {"questions/ferry.yaml": QUESTIONS.replace("by: 2025-12-31", "by: 2039-12-31").replace("at: 2025", "at: 2039")}


class Project:
    """A small project on disk, and its commands."""

    def __init__(self, folder: Path, project_dir: Path) -> None:
        self.folder, self.priors = folder, write_dossier(folder, project_dir, FAR)

    def run(self, *words: object):
        where = ["--priors", self.priors, "--runs", self.folder / "runs", "--ledger", self.folder / "ledger"]
        where = where[:4] if words[0] == "run" else where
        return CliRunner().invoke(app, [str(word) for word in (*words, *where)], env={"COLUMNS": "300"})

    def reword(self, wording: str) -> None:
        """Have the first claim say otherwise."""
        path = self.priors / "claims" / "norland-times.yaml"
        text = "".join(claim_yaml(key, *value) for key, value in CLAIMS.items())
        path.write_text(text.replace("wording: likely", f"wording: {wording}"))

    @property
    def entries(self):
        return read_ledger(self.folder / "ledger").entries


@pytest.mark.slow
def test_what_an_edit_moves_is_named_then_corrected_then_at_rest(tmp_path: Path, project_dir: Path) -> None:
    project = Project(tmp_path, project_dir)
    first = project.run("refresh")
    assert first.exit_code == 0, first.output
    assert "no answer has moved" in first.output
    assert "There is no earlier number to compare with" in first.output
    assert project.run("issue", "2024-07-ferry").exit_code == 0
    issued = {entry.question: entry for entry in project.entries}
    assert "Nothing changed since the run of: 2024-07-ferry" in project.run("refresh").output

    project.reword("unlikely")
    page = tmp_path / "moved.md"
    moved = project.run("refresh", "--markdown", page)
    assert moved.exit_code == MOVED, moved.output
    assert "Why: records have changed (claims, wordings)." in moved.output
    assert "Will the ferry pact be signed by the end of 2025?" in page.read_text()
    assert len(project.entries) == len(issued)  # nothing is written without --issue
    again = project.run("refresh")  # it is not forgotten because the run is current now
    assert again.exit_code == MOVED, again.output

    done = project.run("refresh", "--issue")
    assert done.exit_code == 0, done.output
    corrected = {entry.question: entry for entry in project.entries[len(issued) :]}
    pact = corrected["pact-by-2025"]
    assert pact.replaces == issued["pact-by-2025"].digest
    assert pact.outcomes[0].p < issued["pact-by-2025"].outcomes[0].p
    assert pact.reason.startswith("Fitted anew on ")
    assert (pact.as_of, pact.edition) == (issued["pact-by-2025"].as_of, "2024-07-ferry")
    rest = project.run("refresh", "--issue")
    assert rest.exit_code == 0, rest.output
    assert "no answer has moved" in rest.output
    assert len(project.entries) == len(issued) + len(corrected)


def test_a_rule_that_fails_stops_before_any_fit(tmp_path: Path, project_dir: Path) -> None:
    project = Project(tmp_path, project_dir)
    project.reword("perchance")
    result = project.run("refresh")
    assert result.exit_code == FAILED
    assert "perchance" in result.output
    assert not (tmp_path / "runs" / "2024-07-ferry").exists()


def test_a_ledger_that_was_changed_stops_before_any_fit(tmp_path: Path, project_dir: Path) -> None:
    project = Project(tmp_path, project_dir)
    (tmp_path / "ledger").mkdir()
    (tmp_path / "ledger" / "ledger.jsonl").write_text("{}\n")
    result = project.run("refresh")
    assert result.exit_code == FAILED
    assert "ledger.jsonl:1" in result.output
    assert not (tmp_path / "runs" / "2024-07-ferry").exists()


def test_an_unknown_edition_is_named(tmp_path: Path, project_dir: Path) -> None:
    result = Project(tmp_path, project_dir).run("refresh", "2024-07-fery")
    assert result.exit_code == FAILED
    assert "2024-07-ferry" in result.output
