"""What a count and a row of the history move by themselves: by weights, after the panel is open, and none where they fail."""

from __future__ import annotations

import threading
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from panels import SOFTER, settled

from forecasting.analysis.survived_exposure import without_exposure
from forecasting.inference.noticeable import noticeable
from forecasting.lab.panel.alone import ANEW, FEWER, LIFE_TABLE, MORE, Alone, alone, alone_moved, asked_alone, without_quiet
from forecasting.lab.panel.behind import Behind
from forecasting.lab.panel.edits import Edit, changed, record_of
from forecasting.lab.panel.follow import Followed, Follower
from forecasting.lab.panel.moved import Moved
from forecasting.lab.panel.session import Session
from forecasting.lab.panel.view import moves_words
from forecasting.models.network.likelihood import log_likelihood, reading_errors
from forecasting.report.formatting import points

QUESTION = "toll-by-2025"
SIGN, QUIET = "history-3", ("history-0", "history-1", "history-2")


def cards(follower: Follower, question: str = QUESTION) -> dict[str, Any]:
    return {card.id: card for card in Behind.of(follower.fit.edition, question).cards() if asked_alone(card)}


def total(follower: Follower, evidence) -> np.ndarray:
    p, effects = follower.drawn
    return log_likelihood(p, reading_errors(follower.posterior), follower.fit.structure, evidence, effects).sum(axis=1)


def test_what_one_more_case_moves_is_what_its_control_would_say(follower: Follower) -> None:
    edition, asked = follower.fit.edition, cards(follower)
    found = alone(follower, asked["tolls-raised"])
    said = follower.by_weights(changed(edition, (Edit("tolls-raised", "events", 2.0, 3.0),)))
    assert found.case == MORE
    assert isinstance(said, Followed)
    np.testing.assert_array_equal(found.followed.answers[QUESTION].p, said.answers[QUESTION].p)
    (question,) = (one for one in edition.questions if one.id == QUESTION)
    moved = alone_moved(found, follower, question)
    assert moved == Moved(float(said.answers[QUESTION].p[0] - follower.before.answers[QUESTION].p[0]), "yes", case=MORE)
    assert moved.change > 0
    assert moves_words(moved, {}) == f"one more case would move the answer by {points(moved.change)} points"


def test_without_a_sign_the_answer_is_that_of_a_fit_without_it(follower: Follower) -> None:
    edition, card = follower.fit.edition, cards(follower)[SIGN]
    assert record_of(edition, SIGN).what == "signal"
    weighed = alone(follower, card).followed
    assert weighed is not None
    fitted = follower.by_refit(changed(edition, (Edit(SIGN, "counted", True, False),)), 0.0)
    for name, said in fitted.answers.items():
        errors = np.hypot(said.mcse_change, weighed.answers[name].mcse_change)
        assert (np.abs(said.p - weighed.answers[name].p) <= 4 * errors + 1e-9).all(), name
    (question,) = (one for one in edition.questions if one.id == QUESTION)
    moved = alone_moved(alone(follower, card), follower, question)
    assert moved.change > 0.01  # a toll booth was painted: with it the toll is likelier, as of a claim p − p without it
    assert moves_words(moved, {}) == f"has moved the answer by {points(moved.change)} points"


def test_the_quiet_times_of_all_rows_together_are_all_the_quiet_time_that_a_fit_knows(follower: Follower) -> None:
    full = total(follower, follower.fit.posterior.evidence)
    each = [full - total(follower, without_quiet(follower.fit, name)) for name in QUIET]
    evidence, quiet = without_exposure(follower.fit)
    assert quiet.any()
    np.testing.assert_allclose(sum(each), full - total(follower, evidence), rtol=1e-9, atol=1e-9)
    assert all(np.ptp(one) > 0 for one in each)


def test_where_weights_do_not_carry_there_is_no_number_and_the_title_says_so(follower: Follower, monkeypatch) -> None:
    asked = cards(follower)
    monkeypatch.setattr(Follower, "by_evidence", lambda self, evidence: 0.9)
    monkeypatch.setattr(Follower, "by_weights", lambda self, edition, events=(): 0.9)
    for name, what in ((SIGN, "leaving it out"), ("tolls-raised", MORE)):
        found = alone(follower, asked[name])
        assert found.followed is None
        words = moves_words(alone_moved(found, follower, follower.fit.edition.questions[0]), {})
        assert words == ANEW.format(what=what)
        assert not any(letter.isdigit() for letter in words)


@pytest.mark.parametrize(
    ("counted", "case", "why"),
    [
        (SimpleNamespace(life_table=("row",), unit="year", events=3.0, exposure=9.0), "", LIFE_TABLE),
        (SimpleNamespace(life_table=(), unit="trial", events=9.0, exposure=9.0), FEWER, ""),
        (SimpleNamespace(life_table=(), unit="trial", events=8.0, exposure=9.0), MORE, ""),
        (SimpleNamespace(life_table=(), unit="year", events=9.0, exposure=9.0), MORE, ""),
    ],
)
def test_a_count_that_cannot_have_another_case_is_asked_for_one_fewer_or_not_at_all(
    follower: Follower, monkeypatch, counted: Any, case: str, why: str
) -> None:
    tried: list[Edit] = []
    monkeypatch.setattr("forecasting.lab.panel.alone.record_of", lambda edition, name: counted)
    monkeypatch.setattr("forecasting.lab.panel.alone.changed", lambda edition, edits: tried.extend(edits))
    monkeypatch.setattr(Follower, "by_weights", lambda self, edition, events=(): follower.before)
    found = alone(follower, cards(follower)["tolls-raised"])
    assert (found.case, found.why) == (case, why)
    wanted = {MORE: [counted.events + 1], FEWER: [counted.events - 1], "": []}[case]
    assert [edit.new for edit in tried] == wanted


def test_a_change_that_may_be_chance_is_said_to_be_none(follower: Follower) -> None:
    said = follower.before.answers[QUESTION]
    small = replace(said, p=said.p + 0.004, mcse_change=np.array([0.002]))
    assert not noticeable(0.004, 0.002)
    found = Alone(replace(follower.before, answers={**follower.before.answers, QUESTION: small}))
    (question,) = (one for one in follower.fit.edition.questions if one.id == QUESTION)
    assert alone_moved(found, follower, question).why == "it moves the answer by nothing that can be told from chance"


def moves(view: dict[str, Any]) -> dict[str, str]:
    return {card["id"]: card["moves"] for card in view["cards"] if card["group"] in ("classes", "history")}


def test_the_panel_opens_without_them_and_has_them_later_in_the_same_order(follower: Follower) -> None:
    views: list[dict[str, Any]] = []
    session = Session(follower, views.append, question=QUESTION)
    first = session.view()
    assert set(moves(first).values()) == {""}
    assert "forecasting-panel" not in {thread.name for thread in threading.enumerate()}
    session.begin()
    session.wait()
    last = session.view()
    assert [card["id"] for card in last["cards"]] == [card["id"] for card in first["cards"]]
    assert all(moves(last).values())
    assert moves(last)["tolls-raised"].startswith("one more case would move the answer by +")
    assert len(views) == 1  # shown at one stroke
    assert not views[0]["waits"]
    assert "forecasting-panel" not in {thread.name for thread in threading.enumerate()}
    session.close()


def test_a_change_goes_first_and_another_question_asks_only_for_what_is_new(follower: Follower, monkeypatch) -> None:
    done: list[str] = []

    def noted(self: Follower, card: Any) -> Alone:
        done.append(card.id)
        return Alone(None, why="a reason")

    monkeypatch.setattr("forecasting.lab.panel.session.alone", noted)
    follow = Follower.by_weights
    monkeypatch.setattr(Follower, "by_weights", lambda self, *given: done.append("change") or follow(self, *given))
    session = Session(follower, lambda view: None, question=QUESTION)
    settled(session, SOFTER)
    assert done[0] == "change"
    assert sorted(done[1:]) == sorted(cards(follower))
    before = len(done)
    settled(session, {"do": "ask", "question": "quay-by-2025"})
    new = set(cards(follower, "quay-by-2025")) - set(cards(follower))
    assert set(done[before:]) - {"change"} == new
    session.close()
