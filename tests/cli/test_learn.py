"""``forecast learn``: the table, its sentence, and what it cannot learn from."""

from __future__ import annotations

import json
from pathlib import Path
from textwrap import dedent

import pytest
from builders import FILES, write_dossier
from typer.testing import CliRunner

from forecasting.cli.main import app

HISTORY = dedent(FILES["history.csv"] or "") + "2025-03-05,pact-signed,occurred,,Test Gazette 2025-03-06,confirmed,signed\n"


@pytest.fixture
def project(tmp_path: Path, project_dir: Path) -> list[str]:
    priors = write_dossier(tmp_path, project_dir, {"history.csv": HISTORY})
    return ["--priors", str(priors), "--ledger", str(tmp_path / "ledger"), "--runs", str(tmp_path / "runs")]


def learn(*arguments: str, code: int = 0) -> str:
    ran = CliRunner().invoke(app, ["learn", *arguments])
    assert ran.exit_code == code, ran.output
    return " ".join(ran.output.split())


def test_one_settled_judgement_teaches_hardly_anything_and_nothing_is_applied(project):
    said = learn("--before", "2025-04-01", *project)
    assert "1 settled judgement and 0 settled questions, worth 1 outcome, would change hardly anything" in said
    assert "no edition's numbers change" in said
    value = json.loads(learn("--before", "2025-04-01", "--json", *project))
    rows = {(row["parameter"], row["name"]): row for row in value["parameters"]}
    assert rows["wording_bias", "likely"]["n"] == 1
    assert rows["wording_bias", "unlikely"]["n"] == 0
    assert rows["wording_bias", "likely"]["mean"] > 0  # what was likely came


def test_what_cannot_be_done_says_what_to_write(project):
    assert "write a day as 2025-12-31" in learn("--before", "soon", *project, code=2)
    assert "before 2024-01-01 there is no judgement" in learn("--before", "2024-01-01", *project, code=2)
