"""What-ifs for a reader: what is shown is what moved, beside what was asked."""

from __future__ import annotations

import datetime as dt

import numpy as np
from toy import toy_asked, toy_edition

from forecasting.lab.whatif import middle_day, moved_answers, moves_if, seen_and_done, watch_table

BY = "2025-06-30"


def test_only_what_moved_is_shown_and_nothing_that_names_the_event() -> None:
    fit = toy_asked()
    table = fit.given("pact-signed", by=BY)
    shown = moved_answers(table, fit, "pact-signed")
    naming = {question.id for question in toy_edition().questions if "pact-signed" in question.events()}
    assert not set(shown["question"]) & naming
    assert (shown["change"].abs() >= 3 * shown["mcse_change"]).all()
    assert (shown["change"].abs() >= 0.005).all()
    assert shown["change"].abs().is_monotonic_decreasing
    assert shown["question"].is_unique
    # the effect from the pact lowers the toll: that question is among them, downwards
    toll = shown[shown["question"] == "toll-by-2025"]
    assert len(toll) == 1
    assert toll["change"].iloc[0] < 0
    assert [move.change for move in moves_if(fit, "pact-signed", BY)] == shown["change"].head(6).tolist()


def test_an_event_is_made_to_happen_in_the_middle_of_the_days_on_which_it_is_seen() -> None:
    fit = toy_asked()
    day = middle_day(fit, "pact-signed", BY)
    k = fit.structure.event_ids.index("pact-signed")
    days = fit.posterior.paths.times[:, :, k] * 365.25
    last, middle = (dt.date.fromisoformat(BY) - fit.edition.as_of).days, (day - fit.edition.as_of).days
    assert abs((days <= middle).sum() / (days <= last).sum() - 0.5) < 0.01
    rows = {row["answer"]: row for row in seen_and_done(fit, "pact-signed", BY).rows}
    assert rows
    assert all(set(row) == {"answer", "as it is", "if seen", "if made to happen"} for row in rows.values())


def test_the_watch_list_names_events_by_their_titles() -> None:
    fit = toy_asked()
    table, found = watch_table(fit, "toll-by-2025", BY), fit.watch("toll-by-2025", by=BY)
    assert [row["look out for"] for row in table.rows] == [fit.edition.dossier.events[e].title for e in found["event"]]
    assert np.all(np.diff(found["expected_change"]) <= 0)
