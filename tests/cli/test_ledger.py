"""A ledger from the command line: a judgement, what came of it, its score, a retraction, and the chain that is verified."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from builders import write_dossier
from typer.testing import CliRunner

from forecasting.cli.main import app


@pytest.fixture
def project(tmp_path: Path, project_dir: Path) -> list[str]:
    priors = write_dossier(tmp_path, project_dir)
    return ["--priors", str(priors), "--ledger", str(tmp_path / "ledger")]


def forecast(*arguments: str, code: int = 0) -> str:
    ran = CliRunner().invoke(app, list(arguments))
    assert ran.exit_code == code, ran.output
    return " ".join(ran.output.split())


def test_a_judgement_is_issued_resolved_scored_and_verified(project, tmp_path):
    given = ["issue", "2024-07-ferry", "--judgement", "pact-by-2025=0.3", "--by", "Ann Analyst", "--why", "talks have stalled"]
    said = forecast(*given, *project)
    assert "1 record in" in said
    assert "reconstructed" in said  # issued long after its as-of date
    assert "issued already" in forecast(*given, *project)
    assert "--correct" in forecast("issue", "2024-07-ferry", "--judgement", "pact-by-2025=0.6", *given[4:], *project, code=2)
    found = ["--on", "2025-05-01", "--source", "Test Gazette", "--by", "Ann Analyst"]
    assert "pact-by-2025: yes, since 2025-05-01" in forecast("resolve", "pact-by-2025", "yes", *found, *project)
    assert "still open" in forecast("issue", "2024-07-ferry", "--judgement", "pact-by-2025=0.9", *given[4:], *project, code=2)
    value = json.loads(forecast("score", "--json", *project))
    assert value["cards"][0]["forecasters"][0]["brier"]["mean"] == pytest.approx(0.49)
    assert value["cards"][0]["standing"] == "reconstructed"
    runs = ["--runs", str(tmp_path / "runs")]
    assert "2 records, each as it was written" in forecast("verify", *project, *runs)
    assert "3:" in forecast("retract", "1", "--reason", "a slip of the pen", "--by", "Ann Analyst", *project[2:])
    assert json.loads(forecast("score", "--json", *project))["cards"]  # it was settled: what was said is still scored


def test_a_changed_ledger_is_named_and_a_head_finds_one_that_was_written_anew(project, tmp_path):
    forecast("issue", "2024-07-ferry", "--judgement", "pact-by-2025=0.3", "--by", "Ann", "--why", "talks have stalled", *project)
    runs, path = ["--runs", str(tmp_path / "runs")], tmp_path / "ledger" / "ledger.jsonl"
    assert "knows" in forecast("verify", "--head", f"7:{'a' * 64}", *project, *runs, code=2)
    assert "NUMBER:DIGEST" in forecast("verify", "--head", "last", *project, *runs, code=2)
    path.write_text(path.read_text("utf-8").replace("0.3", "0.4"), "utf-8")
    assert "ledger.jsonl:1" in forecast("verify", *project, *runs, code=2)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["issue", "2024-07-ferry", "--judgement", "pact-by-2025", "--by", "Ann", "--why", "x"], "write QUESTION=P"),
        (["issue", "2024-07-ferry", "--by", "Ann"], "add --judgement"),
        (["resolve", "pact-by-2025", "yes", "--by", "Ann"], "--source"),
        (["resolve", "--by", "Ann"], "--history"),
        (["resolve", "pact-by-2025", "yes", "--on", "2025-02-30", "--source", "abc", "--by", "Ann"], "no day of the calendar"),
        (["resolve", "pact-by-2025", "yes", "--on", "2025-02-03", "--source", "abc", "--by", "Ann"], "nothing was forecast"),
        (["resolve", "pact-by-2025", "yes", "--on", "2025-02-03", "--source", "abc"], "--by NAME"),
        (["score"], "forecast issue EDITION"),
    ],
)
def test_what_cannot_be_done_says_what_to_write(project, arguments, said):
    assert said in forecast(*arguments, *project, code=2)


def test_a_retraction_names_a_record_that_is_there(project):
    arguments = ["retract", "4", "--reason", "a slip", "--by", "Ann", *project[2:]]
    assert "and no 4" in forecast(*arguments, code=2)


def test_a_ledger_that_was_cut_or_taken_away_with_its_head_is_missed(project, tmp_path):
    for said in ("0.3", "0.4"):
        judgement = ["--judgement", f"pact-by-2025={said}", "--by", f"Ann {said}", "--why", "talks have stalled"]
        forecast("issue", "2024-07-ferry", *judgement, *project)
    runs, folder = ["--runs", str(tmp_path / "runs")], tmp_path / "ledger"
    first, second = (folder / "ledger.jsonl").read_bytes().splitlines(keepends=True)
    head = json.loads((folder / "head.json").read_text())
    (folder / "ledger.jsonl").write_bytes(first)
    (folder / "head.json").unlink()
    assert "nobody can say whether" in forecast("verify", *project, *runs, code=2)
    shutil.rmtree(folder)
    assert "no tag or head that knows of one" in forecast("verify", *project, *runs)
    for command in (["init"], ["add", "."], ["commit", "-m", "x"], ["tag", f"ledger-{head['number']}-{head['digest']}"]):
        own = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
        subprocess.run(["git", "-C", str(tmp_path), *own, *command], check=True, capture_output=True)
    assert "it was cut" in forecast("verify", *project, *runs, code=2)
    folder.mkdir()
    (folder / "ledger.jsonl").write_bytes(first + second)
    (folder / "head.json").write_text(json.dumps(head))
    assert "1 head known from elsewhere" in forecast("verify", *project, *runs)


@pytest.mark.parametrize("number", ["1" * 5000, "\u0663", "1" * 13, "-1"])
def test_a_head_of_other_digits_or_too_many_is_refused_in_our_words(project, tmp_path, number):
    said = forecast("verify", f"--head={number}:{'a' * 64}", *project, "--runs", str(tmp_path / "runs"), code=2)
    assert "NUMBER:DIGEST" in said
    assert len(said) < 500


def test_an_early_no_is_refused_without_a_reason_and_says_what_it_takes_out(project):
    forecast("issue", "2024-07-ferry", "--judgement", "pact-by-2025=0.3", "--by", "Ann", "--why", "talks have stalled", *project)
    given = ["--source", "Test Gazette", "--by", "Ann Analyst", *project]
    early = ["resolve", "pact-by-2025", "no", "--on", "2024-07-01", *given]
    assert "--why" in forecast(*early, code=2)
    said = forecast(*early, "--why", "both parties were dissolved")
    assert "this day takes 1 of 1 forecast of it said on that day or later out of scoring" in said
