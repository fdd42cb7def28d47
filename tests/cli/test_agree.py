"""``forecast agree`` shows alpha per field, what each coder found, and both sides of every disagreement."""

from __future__ import annotations

from pathlib import Path

import pytest
from broken_dossiers import write_broken
from builders import claim_yaml
from rule_edits import CODED, LISTED, coding
from typer.testing import CliRunner

from forecasting.cli.main import app

TWO = "codings/two/norland-times.yaml"
OTHER = claim_yaml("m-001", "The ferry pact between Norland and Sudland is likely to be signed this year",
                   CODED.replace("[pact-signed]", "[toll-raised]").replace("A signature within", "A pact within"))  # fmt: skip
ALONE = claim_yaml("m-002", "a new toll is unlikely", CODED.replace("A signature within months", "No toll"))


def test_it_prints_alphas_and_disagreements(tmp_path: Path, project_dir: Path):
    root = write_broken(tmp_path, project_dir, LISTED, coding(), (TWO, "", OTHER + ALONE))
    named = ["agree", str(root / "codings/one"), str(root / "codings/two"), "--priors", str(root)]
    ran = CliRunner().invoke(app, named, env={"COLUMNS": "160"})
    assert ran.exit_code == 0, ran.stderr
    assert "one: 1 records, 1 of them claims" in ran.stdout
    assert "both have 1 clauses; in 1 of them both see a claim; 0 records are A's alone, 1 are B's alone" in ran.stdout
    assert "target: A pact-signed; B toll-raised" in ran.stdout
    assert "two/norland-times.yaml:1 m-001 (judgement): A pact within months" in ran.stdout
    assert "B alone" in ran.stdout
    kind = next(line for line in ran.stdout.splitlines() if "kind" in line)
    assert "fewer than two values" in kind


def test_a_file_that_cannot_be_read_is_named_and_nothing_is_compared(tmp_path: Path, project_dir: Path):
    root = write_broken(tmp_path, project_dir, LISTED, coding("kind: judgement", "kind: judgment"))
    ran = CliRunner().invoke(app, ["agree", str(root / "codings/one"), str(root / "claims"), "--priors", str(root)])
    assert ran.exit_code == 2
    assert "write one of 'judgement', 'fact'" in ran.stderr
    assert "alpha" not in ran.stdout


def test_claims_compared_with_themselves_agree(tmp_path: Path, project_dir: Path):
    root = write_broken(tmp_path, project_dir)
    ran = CliRunner().invoke(app, ["agree", str(root / "claims"), str(root / "claims/norland-times.yaml"), "--priors", str(root)])
    assert ran.exit_code == 0, ran.stderr
    kind = next(line for line in ran.stdout.splitlines() if "kind" in line)
    assert kind.replace("│", " ").split() == ["kind", "3", "3", "1.00", "–", "reliable"]


@pytest.mark.slow
def test_answers_differ_only_where_claims_do(tmp_path: Path, project_dir: Path):
    root = write_broken(tmp_path, project_dir, LISTED, coding())
    paths = [str(root / "claims"), str(root / "codings/one")]
    ran = CliRunner().invoke(app, ["agree", *paths, "--answers", "2024-07-ferry", "--priors", str(root)])
    assert ran.exit_code == 0, ran.stderr
    (row,) = (line for line in ran.stdout.splitlines() if "toll-by-2025" in line)
    own, a, b = (cell.strip() for cell in row.split("│")[4:7])
    assert own == a != b
    assert ("B BLOCKED" in ran.stdout) == ("B: BLOCKED" in ran.stdout)  # in the heading whenever the gate says so
    read = [line.rpartition("; ")[2] for line in ran.stdout.splitlines() if " claims read, " in line]
    assert read == ["3 claims read, 0 not", "1 claims read, 0 not"]  # the coder has one of the dossier's three
