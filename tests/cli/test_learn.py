"""``forecast learn``: the table, its sentence, and what it cannot learn from."""

from __future__ import annotations

import json
from pathlib import Path
from textwrap import dedent

import pytest
from builders import FILES, write_dossier
from typer.testing import CliRunner

from forecasting.cli.main import app
from forecasting.dossier.load import read_dossier
from forecasting.elicitation.quantify import quantify
from forecasting.rules.check import check_dossier
from forecasting.rules.load import load_dossier
from forecasting.runs.freshness import record_digests

HISTORY = dedent(FILES["history.csv"] or "") + "2025-03-05,pact-signed,occurred,,Test Gazette 2025-03-06,confirmed,signed\n"


@pytest.fixture
def project(tmp_path: Path, project_dir: Path) -> list[str]:
    priors = write_dossier(tmp_path, project_dir, {"history.csv": HISTORY})
    return ["--priors", str(priors), "--ledger", str(tmp_path / "ledger"), "--runs", str(tmp_path / "runs")]


def learn(*arguments: str, code: int = 0) -> str:
    ran = CliRunner().invoke(app, ["learn", *arguments])
    assert ran.exit_code == code, ran.output
    return " ".join(ran.output.split())


@pytest.mark.slow
def test_one_settled_judgement_teaches_hardly_anything_and_nothing_is_applied(project):
    said = learn("--before", "2025-04-01", *project)
    assert "1 settled judgement and 0 settled questions, worth 1 outcome, would change hardly anything" in said
    assert "No edition's numbers change" in said
    value = json.loads(learn("--before", "2025-04-01", "--json", *project))
    rows = {(row["parameter"], row["name"]): row for row in value["parameters"]}
    assert rows["wording_bias", "likely"]["n"] == 1
    assert rows["wording_bias", "unlikely"]["n"] == 0
    assert rows["wording_bias", "likely"]["mean"] > 0  # what was likely came


def test_what_cannot_be_done_says_what_to_write(project):
    assert "write a day as 2025-12-31" in learn("--before", "soon", *project, code=2)
    assert "before 2024-01-01 there is no judgement" in learn("--before", "2024-01-01", *project, code=2)


@pytest.mark.slow
def test_a_table_is_written_and_an_edition_that_names_it_reads_its_judgements_by_it(project):
    priors = Path(project[1])
    said = learn("--before", "2025-04-01", "--write", "spring-2025", *project)
    assert "name it in an edition as of 2025-04-01 or later: learned: spring-2025" in said
    edition = priors / "editions" / "2024-07-ferry.yaml"
    plain = load_dossier(priors).edition("2024-07-ferry")
    edition.write_text(edition.read_text("utf-8") + "learned: spring-2025\n", "utf-8")
    found = [str(result) for result in check_dossier(read_dossier(priors)[0]) if result.rule == "edition-learned"]
    assert len(found) == 1
    assert "learned/spring-2025.csv knows what came before 2025-04-01" in found[0]
    later = read_dossier(priors)[0].edition("2024-07-ferry")
    before, after = (quantify(one).get("judgement", "n-001") for one in (plain, later))
    assert after.location > before.location  # what was likely came
    assert "learned from what came before 2025-04-01 (probit): source +" in after.read
    assert record_digests(later).keys() - record_digests(plain).keys() == {"learned"}


@pytest.mark.slow
def test_a_table_that_is_there_stays_as_it_is(project):
    learn("--before", "2025-04-01", "--write", "spring-2025", *project)
    assert "is there already" in learn("--before", "2025-04-01", "--write", "spring-2025", *project, code=2)
    assert "write lower-case letters" in learn("--before", "2025-04-01", "--write", "../spring", *project, code=2)
