"""The page of all answers: what it shows of questions that weigh power."""

from __future__ import annotations

from dataclasses import replace

from sample_runs import sample_run
from shown_editions import project_dossier

from forecasting.cli.run import _table
from forecasting.report.plausibility import plausibility


def test_who_is_ahead_has_no_interval_whatever_its_draws_say() -> None:
    dossier = project_dossier()
    run = sample_run(dossier.edition("2024-12-syria"), whole=True)
    [asked] = [one for one in run.forecasts if one.question == "at-large-ankara-ahead-2024"]
    near = replace(asked.outcomes[0], p=0.99, low=0.97, low_50=0.98, high_50=1.0, high=1.0)
    run = replace(run, forecasts=(replace(asked, outcomes=(near,)), run.forecasts[0]))
    page = plausibility([run], dossier)
    [row] = [line for line in page.splitlines() if line.startswith(f"| {asked.title} |")]
    assert [cell.strip() for cell in row.split("|")[-3:-1]] == ["none", "none"]
    columns = {str(column.header): list(column.cells) for column in _table(run, dossier).columns}
    assert columns["90 %"][0] == "none" != columns["90 %"][1]


def test_stages_are_called_after_their_events() -> None:
    dossier = project_dossier()
    edition = dossier.edition("2024-12-syria")
    run = sample_run(edition)
    steps = next(question for question in edition.questions if question.form.kind == "stages")
    page = plausibility([run], dossier)
    told = [line.split("|")[3].strip() for line in page.splitlines() if line.startswith(f"| {steps.title} |")]
    called = [steps.form.called(name, dossier.events[name].title) for name in steps.events()]
    assert set(told[1:]) <= set(called)
    assert told[0] == "None of these"
