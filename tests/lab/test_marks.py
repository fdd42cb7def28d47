"""What the gate found of a run goes with its sentences, tables and moves; and draws are those of the run, or none."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from manifests import FAILED, PASSED, made_up_manifest
from sample_runs import sample_run
from shown_editions import project_edition
from toy import made_up_posterior, toy_dossier, toy_edition

from forecasting.elicitation.quantify import quantify
from forecasting.errors import ForecastingError
from forecasting.files import file_digest
from forecasting.forecasts import Gate
from forecasting.lab import outcomes, sentences, upper_hand
from forecasting.lab.behind import moves_of, rivals_of
from forecasting.lab.draws import event_draws
from forecasting.lab.probability_lines import Moves, influence_figure, rivals_figure, scores_figure
from forecasting.ledger.store import Ledger
from forecasting.models.network.structure import build_structure
from forecasting.report.curves import curve_figure
from forecasting.report.formatting import plain
from forecasting.runs.store import POSTERIOR, Run
from forecasting.scoring.record import record_of

MARK = f"**{plain(FAILED.words)}.** "
KNOWN = dt.date(2026, 6, 1)


def toy_run(gate: Gate) -> Run:
    """Return a run of the toy with made-up numbers, of which the gate found what is said."""
    edition, run = toy_edition(), sample_run(toy_edition())
    forecasts = tuple(replace(forecast, gate=gate) for forecast in run.forecasts)
    return replace(run, manifest=made_up_manifest(edition, gate), forecasts=forecasts)


def said_of(run: Run) -> dict[str, str]:
    """Return the sentences on a run that have a number of it."""
    several = next(forecast for forecast in run.forecasts if forecast.kind != "yes/no")
    first = run.forecasts[0]
    return {
        "answers": sentences.answers(toy_edition(), run.forecasts),
        "decided": sentences.decided(run.forecasts),
        "spread": sentences.spread(run.forecasts),
        "evidence": sentences.evidence(first),
        "likeliest": sentences.likeliest(several),
        "strongest": sentences.strongest(moves_of(run, toy_dossier(), first.question)),
        "strongest of none": sentences.strongest(Moves(warning=run.mark.warning)),
        "if seen, of none": sentences.if_seen(Moves(warning=run.mark.warning), "It", KNOWN),
        "class range": sentences.class_range(rivals_of(run, toy_dossier(), "pact-by-2025")),
        "over time": sentences.over_time(run.curves, first.deadline, {"quay-closed": "The quay is closed"}),
        "came": outcomes.came(toy_edition(), run, record_of(Ledger(()), toy_dossier(), KNOWN)),
        "hindsight": sentences.hindsight(outcomes.outcome_table(toy_dossier(), run.forecasts, KNOWN).assign(happened=1.0), KNOWN),
    }


@pytest.mark.parametrize("name", said_of(toy_run(PASSED)))
def test_a_sentence_begins_with_what_the_gate_found_and_is_otherwise_the_same(name):
    passed, failed = said_of(toy_run(PASSED))[name], said_of(toy_run(FAILED))[name]
    assert failed == MARK + passed
    assert "BLOCKED" not in passed


def test_the_table_of_outcomes_says_which_numbers_did_not_pass():
    passed, failed = (outcomes.outcome_table(toy_dossier(), toy_run(gate).forecasts, KNOWN) for gate in (PASSED, FAILED))
    assert list(passed) == list(outcomes.COLUMNS)
    assert set(failed["gate"]) == {FAILED.words}
    assert failed.drop(columns="gate").equals(passed)
    mixed = [toy_run(PASSED).forecasts[0], toy_run(FAILED).forecasts[1]]
    assert set(outcomes.outcome_table(toy_dossier(), mixed, KNOWN)["gate"]) == {"", FAILED.words}


def test_pictures_of_moves_and_scores_say_so_in_words_and_above_or_below_what_is_drawn():
    for gate in (PASSED, FAILED):
        run = toy_run(gate)
        moves = moves_of(run, toy_dossier(), run.forecasts[0].question)
        table = outcomes.outcome_table(toy_dossier(), run.forecasts, KNOWN)
        drawn = (
            influence_figure(moves, what="it"), scores_figure(table),
            influence_figure(Moves(warning=run.mark.warning), what="it"),
            rivals_figure(rivals_of(run, toy_dossier(), "pact-by-2025"), what="it"),
            curve_figure(run.curves, run.forecasts[0].deadline, {"quay-closed": "The quay is closed"}),
        )  # fmt: skip
        for figure in drawn:
            drawn = " ".join(text.get_text() for text in figure.axes[0].texts)
            assert (FAILED.words in drawn) == (not gate.passed)
            assert figure.alt.startswith(f"{FAILED.words}. ") == (not gate.passed)


def test_draws_of_an_event_are_those_of_the_run_or_none(tmp_path):
    edition = toy_edition()
    structure, path = build_structure(edition, quantify(edition)), tmp_path / POSTERIOR
    made_up_posterior(structure).to_netcdf(path, group="posterior", engine="netcdf4")
    own = {POSTERIOR: {"sha256": file_digest(path), "n_bytes": path.stat().st_size}}
    run = replace(sample_run(edition), directory=tmp_path, manifest=made_up_manifest(edition, outputs=own))
    assert event_draws(run, edition, "pact-signed").size == 12
    made_up_posterior(structure, seed=3).to_netcdf(path, group="posterior", engine="netcdf4")  # another run
    with pytest.raises(ForecastingError, match="missing or changed since the run"):
        event_draws(run, edition, "pact-signed")


def test_levels_are_not_drawn_from_a_file_that_the_run_does_not_vouch_for(tmp_path):
    edition, name = project_edition("2020-11-karabakh"), f"{upper_hand.MODEL}_{POSTERIOR}"
    (tmp_path / name).write_bytes(b"draws of another run")
    own = {name: {"sha256": "0" * 64, "n_bytes": 20}}
    run = replace(sample_run(edition, whole=True), directory=tmp_path, manifest=made_up_manifest(edition, outputs=own))
    with pytest.raises(ForecastingError, match="missing or changed since the run"):
        upper_hand.levels(edition, run)
