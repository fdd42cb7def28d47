"""Suppositions of a fit: each Monte Carlo error is that of the number it names, and what nothing reaches stays as it is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from toy import toy_fit

from forecasting.analysis.registry import columns_of
from forecasting.analysis.suppositions import connected_events, given, intervene, tilted, watch, watch_table
from forecasting.inference.monte_carlo import mean_errors
from forecasting.paths.conditional import WATCH


def test_the_error_of_a_forced_answer_is_not_that_of_its_change() -> None:
    fit = toy_fit()
    table = intervene(fit, "pact-signed", at="2025-01-31").set_index(["question", "outcome"])
    assert list(table.columns) == ["p", "p_do", "mcse_p_do", "change", "mcse_change"]
    assert table["change"].to_numpy() == pytest.approx((table["p_do"] - table["p"]).to_numpy(), abs=1e-12)
    still = table[table["change"] == 0]
    assert len(still) > 0
    for name, row in still.iterrows():
        # nothing leads from the pact to it: unmoved without error, and known as well as before
        got = fit.posterior.answers[name[0]]
        assert row["mcse_change"] == 0
        assert row["mcse_p_do"] == pytest.approx(mean_errors(got.p)[got.outcomes.index(name[1])])
    moved = table[table["change"].abs() > 0.02]
    assert len(moved) > 0
    assert (moved["mcse_change"] > 0).all()


def test_seeing_forcing_and_typing_name_their_errors_alike() -> None:
    fit = toy_fit()
    tables = {
        "p_given": given(fit, "pact-signed", by="2025-01-31"),
        "p_do": intervene(fit, "pact-signed", at=None),
        "p_tilted": tilted(fit, {"pact-by-2025": 0.5}).table,
    }
    for number, table in tables.items():
        assert list(table.columns) == ["question", "outcome", "p", number, f"mcse_{number}", "change", "mcse_change"]
        assert np.isfinite(table[[f"mcse_{number}", "mcse_change"]].to_numpy()).all()


def test_an_event_that_shares_nothing_but_who_spoke_of_it_is_none_to_look_out_for() -> None:
    fit = toy_fit()
    asked = next(question for question in fit.edition.questions if len(watch(fit, question.id)))
    joined = connected_events(fit.edition, asked.events())
    assert set(watch(fit, asked.id)["event"]) <= joined
    # on the same paths, once nothing is said to join the events
    apart = tuple(event.model_copy(update={"reference_class": f"own-{event.id}"}) for event in fit.edition.events)
    alone = replace(fit, edition=replace(fit.edition, events=apart, effects=(), drivers=()))
    assert connected_events(alone.edition, asked.events()) == set(asked.events())
    assert watch(alone, asked.id).empty


def test_what_to_watch_for_is_kept_for_every_question_as_it_is_answered_for_one() -> None:
    fit = toy_fit()
    table = watch_table(fit)
    assert len(table) > 0
    assert any(watch(fit, question.id).empty for question in fit.edition.questions)
    assert {str(table[name].dtype) for name in WATCH if name != "event"} == {"float64"}  # also where some question has no row
    for question in fit.edition.questions:
        of_one = table[table["question"] == question.id].drop(columns=["question", "by"]).reset_index(drop=True)
        assert of_one.to_dict("list") == watch(fit, question.id).to_dict("list")
    deadlines = {question.id: question.deadline for question in fit.edition.questions}
    for row in table.itertuples():
        assert 0 <= ((deadlines[row.question] - row.by) - (row.by - fit.edition.as_of)).days <= 1  # half-way


def test_an_edition_that_asks_the_network_nothing_has_an_empty_table_of_what_to_watch_for() -> None:
    fit = toy_fit()
    nothing = watch_table(replace(fit, edition=replace(fit.edition, questions=())))
    assert nothing.empty
    assert tuple(nothing.columns) == columns_of("watch")
