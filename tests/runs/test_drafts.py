"""A run that is stopped leaves a marked draft: shown with its reason wherever a number is, and never taken for a run."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from textwrap import dedent

import pandas as pd
import pytest
from builders import write_dossier
from toy import CHANGES, EDITION, PROJECT, toy_edition, toy_fit
from typer.testing import CliRunner

from forecasting.analysis import survived_exposure
from forecasting.cli.main import app
from forecasting.errors import GateError, UnfinishedError, UsageError
from forecasting.report.render import render_report, write_report
from forecasting.runs.freshness import current_run
from forecasting.runs.manifest import draft_of
from forecasting.runs.reopen import reopen
from forecasting.runs.store import DRAFTED, read_run
from forecasting.runs.write import write_run
from forecasting.trace.trace import trace_record

REASON = "divergences 7 at the sampler, wanted 0"


def blocked_fit():
    """Return the toy's fit with one criterion of the gate failed."""
    fit, failed = toy_fit(), {"worst": "the sampler", "value": 7.0, "bound": "0", "passed": False}
    verdicts = [replace(one, **failed) if one.criterion == "divergences" else one for one in fit.gate.verdicts]
    return replace(fit, gate=replace(fit.gate, verdicts=tuple(verdicts)))


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The runs after one that the gate has blocked."""
    folder = tmp_path_factory.mktemp("runs")
    with pytest.raises(GateError, match=rf"(?s)may not be published.*kept as a draft in .*{EDITION}\.draft: forecast rep"):
        write_run(blocked_fit(), folder / EDITION, "test")
    return folder


def test_what_the_gate_blocks_is_no_run_and_a_draft(runs: Path) -> None:
    assert [path.name for path in runs.iterdir() if not path.name.startswith(".")] == [f"{EDITION}.draft"]
    with pytest.raises(UsageError, match=f"no run in .*make one with: forecast run {EDITION}"):
        current_run(toy_edition(), runs)
    draft = current_run(toy_edition(), runs, draft=True)
    assert draft.warning == f"DRAFT, not fit to quote: BLOCKED: {REASON}"
    assert set(DRAFTED) < set(draft.manifest.outputs)
    assert (draft.influence.empty, draft.curves.empty) == (True, False)
    assert [forecast.headline.p for forecast in draft.forecasts] == [f.headline.p for f in toy_fit().all_forecasts()]


@pytest.mark.slow
def test_every_number_of_a_draft_has_the_reason_beside_it(runs: Path, tmp_path: Path) -> None:
    draft, edition = current_run(toy_edition(), runs, draft=True), toy_edition()
    page = render_report(draft, edition)
    assert f'<p class="every-page draft">DRAFT, not fit to quote: BLOCKED: {REASON}</p>' in page
    assert "<title>DRAFT: " in page
    assert "A draft, which nobody has published." in page
    assert write_report(draft, edition, tmp_path).name == f"{EDITION}.draft.html"
    said = trace_record([draft], edition.dossier, "pact-by-2025")
    assert said.startswith(f"edition {EDITION}: DRAFT, not fit to quote: BLOCKED: {REASON}")
    assert set(pd.read_csv(draft.directory / "forecasts.csv")["gate"]) == {f"BLOCKED: {REASON}"}


def test_a_draft_is_read_back_as_the_fit_it_was(runs: Path) -> None:
    fit = reopen(toy_edition(), runs, draft=True)
    assert fit.gate.mark.words == f"BLOCKED: {REASON}"
    assert fit.forecasts()["p"].tolist() == toy_fit().forecasts()["p"].tolist()


@pytest.mark.slow
def test_a_step_that_fails_after_the_fit_keeps_what_was_computed_and_says_which_it_was(tmp_path: Path, monkeypatch) -> None:
    def fails(*_: object) -> pd.DataFrame:
        raise ZeroDivisionError("made to fail")

    with monkeypatch.context() as patch:
        patch.setattr(survived_exposure, "survived_exposure", fails)
        with pytest.raises(UnfinishedError, match=r"the analysis 'exposure' failed \(ZeroDivisionError: made to fail\); mend"):
            write_run(toy_fit(), tmp_path / EDITION, "test")
    draft = read_run(draft_of(tmp_path / EDITION))
    assert draft.warning.startswith("DRAFT, not fit to quote: the analysis 'exposure' failed")
    assert (draft.influence.empty, draft.exposure.empty) == (False, True)  # what came before it, and what did not
    assert "DRAFT" in render_report(draft, toy_edition())


@pytest.mark.slow
def test_a_run_that_is_published_takes_the_place_of_a_draft_and_a_draft_takes_no_runs_place(runs: Path, tmp_path: Path) -> None:
    folder = tmp_path / "runs"
    shutil.copytree(runs, folder)
    write_run(toy_fit(), folder / EDITION, "test")
    assert not draft_of(folder / EDITION).exists()
    with pytest.raises(GateError):
        write_run(blocked_fit(), folder / EDITION, "test")
    assert current_run(toy_edition(), folder).mark.passed
    assert draft_of(folder / EDITION).is_dir()


def forecast(*words: object):
    return CliRunner().invoke(app, [str(word) for word in words], catch_exceptions=False)


@pytest.fixture
def project(tmp_path: Path) -> list[object]:
    """The options of a project whose one edition draws too little to pass the gate."""
    name = f"editions/{EDITION}.yaml"
    few = {name: dedent(CHANGES[name]).replace("draws: 1000", "draws: 100")}
    return ["--priors", write_dossier(tmp_path, PROJECT, CHANGES | few), "--runs", tmp_path / "runs"]


@pytest.mark.slow
def test_from_the_command_line_a_draft_is_shown_on_demand_and_an_override_is_named_with_every_number(
    project: list[object], tmp_path: Path
) -> None:
    stopped = forecast("run", EDITION, *project)
    assert (stopped.exit_code, "kept as a draft" in stopped.stderr) == (2, True)
    assert forecast("report", EDITION, *project, "--reports", tmp_path).exit_code == 2
    assert forecast("report", EDITION, "--draft", *project, "--reports", tmp_path).exit_code == 0
    assert "DRAFT, not fit to quote: BLOCKED" in (tmp_path / f"{EDITION}.draft.html").read_text("utf-8")
    assert "DRAFT, not fit to quote: BLOCKED" in forecast("trace", "pact-by-2025", "--draft", *project).stdout
    assert "BLOCKED" in forecast("whatif", EDITION, "--set", "n-001.credibility=6", *project).stdout

    assert forecast("run", EDITION, "--by", "A. Lead", *project).exit_code == 2  # who and why alone override nothing
    for lacking in (["--by", "A. Lead"], ["--reason", "a drill"]):
        assert "an override of the gate has no" in forecast("run", EDITION, "--override-gate", *lacking, *project).stderr
    shown = forecast("run", EDITION, "--override-gate", "--by", "A. Lead", "--reason", "a drill", *project)
    assert shown.exit_code == 0
    assert forecast("report", EDITION, *project, "--reports", tmp_path).exit_code == 0
    said = [
        shown.stdout, (tmp_path / f"{EDITION}.html").read_text("utf-8"), forecast("trace", "pact-by-2025", *project).stdout,
        forecast("whatif", EDITION, "--set", "n-001.credibility=6", *project).stdout,
        (tmp_path / "runs" / EDITION / "forecasts.csv").read_text("utf-8"),
    ]  # fmt: skip
    for number in said:
        assert "BLOCKED, shown by A. Lead since 20" in " ".join(number.split())
        assert "(a drill)" in " ".join(number.split())
