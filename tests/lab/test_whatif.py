"""What-ifs for a reader: what is shown is what moved, beside what was asked."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
from toy import toy_asked, toy_edition

from forecasting.dossier.questions import Question
from forecasting.lab.fit import Fit
from forecasting.lab.sentences import if_seen
from forecasting.lab.whatif import middle_day, mostly_void, moved_answers, moves_if, seen_and_done, void_note, watch_table

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


def test_moves_of_a_fit_that_did_not_pass_say_so() -> None:
    fit, failed = toy_asked(), {"worst": "the sampler", "value": 7.0, "bound": "0", "passed": False}
    verdicts = [replace(one, **failed) if one.criterion == "divergences" else one for one in fit.gate.verdicts]
    blocked = replace(fit, gate=replace(fit.gate, verdicts=tuple(verdicts)))
    words, moves = "BLOCKED: divergences 7 at the sampler, wanted 0", moves_if(fit, "pact-signed", BY)
    assert moves_if(blocked, "pact-signed", BY) == [replace(move, warning=words) for move in moves] != []
    assert {move.warning for move in moves} == {""}
    assert if_seen(moves_if(blocked, "pact-signed", BY), "It", BY) == f"**{words}.** {if_seen(moves, 'It', BY)}"


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


def void_if_the_pact_comes() -> Fit:
    """Return the toy's fit with one question more: of the toll, and void once the pact is signed."""
    fit = toy_asked()
    asked = Question.model_validate({
        "id": "toll-unless-pact", "title": "Unless the pact is signed, will the toll be raised?", "at": "2025-12-31",
        "asks": {"occurs": "toll-raised"}, "void": {"occurs": "pact-signed"},
    })  # fmt: skip
    return replace(fit, edition=replace(fit.edition, questions=(*fit.edition.questions, asked)))


def test_an_answer_whose_question_is_void_once_an_event_is_seen_is_left_out_and_named(monkeypatch) -> None:
    fit, title = void_if_the_pact_comes(), "Unless the pact is signed, will the toll be raised?"
    assert mostly_void(fit, "pact-signed", BY) == {"toll-unless-pact": 1.0}
    assert void_note(fit, "pact-signed", BY) == f"Left out: “{title}” is void on >99 % of the paths on which this is seen."
    # a closed quay brings the pact about on a little more than half of the paths
    assert 0.5 < mostly_void(fit, "quay-closed", BY)["toll-unless-pact"] < 0.6
    assert title not in {move.label for move in moves_if(fit, "quay-closed", BY)}
    monkeypatch.setattr("forecasting.lab.whatif.MOSTLY", 0.6)
    assert void_note(fit, "quay-closed", BY) == ""
    assert title in {move.label for move in moves_if(fit, "quay-closed", BY)}
