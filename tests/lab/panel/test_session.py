"""The panel without a browser: messages change the list, numbers follow as `Fit.update` has them, and threads end."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from panels import SOFTER, settled
from toy import toy_asked

import forecasting as fc
from forecasting.dossier.status import years_between
from forecasting.lab.panel.behind import Behind
from forecasting.lab.panel.edits import changed, made
from forecasting.lab.panel.follow import Follower, weighted_quantiles
from forecasting.lab.panel.session import Session


@pytest.fixture
def session(follower: Follower) -> Iterator[Session]:
    found = Session(follower, lambda view: None, question="pact-by-2025")
    yield found
    found.close()


@pytest.mark.slow
def test_it_begins_with_what_the_fit_says(session: Session) -> None:
    view = session.view()
    p = toy_asked().forecast("pact-by-2025").headline
    assert view["answer"]["outcomes"][0]["p"] == p.percent
    assert view["answer"]["outcomes"][0]["interval"] == fc.numbers.interval(p.low, p.high)
    assert (view["waits"], view["edits"], view["table"]) == (False, [], [])


@pytest.mark.parametrize(("field", "value"), [("credibility", 6), ("reliability", "F")])
def test_numbers_follow_by_weights_as_update_has_them(follower: Follower, session: Session, field: str, value: Any) -> None:
    view = settled(session, {**SOFTER, "field": field, "value": value})
    assert view["found"].startswith("The draws of the fit were weighed anew")
    assert "(importance weights, " in view["found"]
    table = toy_asked().update(fc.change("n-001", **{field: value})).table
    found = next(found for key, found in session._found.items() if key[0] == "pact-by-2025").followed
    for row in table.itertuples():
        said, names = found.answers[row.question], toy_asked().posterior.answers[row.question].outcomes
        i = names.index(row.outcome)
        assert abs(said.p[i] - row.after) <= 4 * np.hypot(said.mcse_change[i], row.mcse_change) + 1e-9, row


def test_where_weights_do_not_carry_the_old_number_waits_greyed_until_the_refit_is_there(follower: Follower) -> None:
    views: list[dict[str, Any]] = []
    session = Session(follower, views.append, question="pact-by-2025")
    old = session.view()["answer"]
    settled(session, {"do": "set", "record": "pacts-signed", "field": "events", "value": 20.0})
    waiting = [view for view in views if view["refits"]]
    assert waiting
    assert all(view["waits"] and view["answer"] == old for view in waiting)
    last = session.view()
    assert not last["waits"]
    assert "refit" in last["found"]
    assert last["answer"]["outcomes"][0]["points"].startswith("+")
    session.close()


def test_what_each_change_moved_is_listed_and_undoing_goes_back_to_the_first_number(session: Session) -> None:
    first = session.view()["answer"]
    view = settled(session, SOFTER, {"do": "set", "record": "pact-lowers-toll", "field": "grade", "value": "weak"})
    assert [edit["label"] for edit in view["edits"]] == ["Information", "Strength"]
    assert all(edit["moved"] != "…" for edit in view["edits"])
    assert "points" in view["edits"][0]["moved"]
    view = settled(session, {"do": "undo", "index": 0})
    assert [edit["label"] for edit in view["edits"]] == ["Strength"]
    view = settled(session, {"do": "clear"})
    assert (view["edits"], view["answer"]) == ([], first)


def test_a_refit_is_cancelled_by_going_back_to_the_last_list_whose_numbers_are_known(session: Session) -> None:
    settled(session, SOFTER)
    session.handle({"do": "set", "record": "pacts-signed", "field": "events", "value": 21.0})
    session.handle({"do": "cancel"})
    assert [edit["label"] for edit in session.view()["edits"]] == ["Information"]
    assert not session.view()["waits"]


def test_a_long_list_of_changes_is_computed_once_and_not_for_ever(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("forecasting.lab.panel.session.MOST_KEPT", 1)
    weaker = {"do": "set", "record": "pact-lowers-toll", "field": "grade", "value": "weak"}
    view = settled(session, SOFTER, {**SOFTER, "field": "reliability", "value": "D"}, weaker)
    assert all(edit["moved"] != "…" for edit in view["edits"])
    session.wait(0.1)
    assert "forecasting-panel" not in {thread.name for thread in threading.enumerate()}


def test_answers_are_in_the_words_of_the_edition(follower: Follower) -> None:
    edition = follower.fit.edition
    other = replace(edition, edition=edition.edition.model_copy(update={"standard": "kent"}))
    one = Session(Follower(replace(follower.fit, edition=other)), lambda view: None, question="pact-by-2025")
    p = toy_asked().forecast("pact-by-2025").headline.p
    words = one.view()["answer"]["outcomes"][0]["words"]
    assert words == fc.likelihood_words(p, "kent") != fc.likelihood_words(p)


def test_what_cannot_be_done_is_said_and_the_list_stays(session: Session) -> None:
    settled(session, SOFTER)
    for message in (
        {**SOFTER, "value": 9}, {**SOFTER, "field": "anchor"}, {**SOFTER, "record": "n-999"}, {"do": "undo", "index": 7},
        {"do": "ask", "question": "nothing"}, {"do": "curve", "event": "quay-closed"}, {"do": "fly"},
        {"do": "yaml", "reason": "so"}, {"do": "write", "reason": "A panel that is read-only writes nothing."}, ["set"],
        {**SOFTER, "at": 99, "value": None}, {"do": "ask", "question": []}, {**SOFTER, "record": {}},
        {"do": "undo", "index": "0"}, {"do": "show", "path": "/etc/passwd"}, {**SOFTER, "value": [6]}, None, {},
    ):  # fmt: skip
        session.handle(message)
        view = session.view()
        assert view["failed"], message
        assert len(view["edits"]) == 1, message


def test_every_question_can_be_asked_and_drawn(session: Session) -> None:
    settled(session, SOFTER)
    for question in toy_asked().edition.questions:
        view = settled(session, {"do": "ask", "question": question.id})
        assert view["question"] == question.id
        assert not view["failed"]
        assert view["curve"]["after"].startswith("M")
        assert "nan" not in view["curve"]["after"] + view["curve"]["band"]
        for event in view["events"]:
            curve = settled(session, {"do": "curve", "event": event["id"]})["curve"]
            asked = session._questions[question.id]
            falls = bool(asked.form.single()) and not asked.form.single()[2]
            assert curve["title"] == (asked.title if falls else event["title"])


def test_a_fit_whose_gate_blocked_it_says_so(follower: Follower) -> None:
    view = Session(follower, lambda view: None).view()
    assert view["gate"] == toy_asked().gate.mark.words
    assert view["warning"] == toy_asked().gate.mark.warning


def test_threads_end_when_there_is_nothing_to_compute_and_when_the_panel_closes(follower: Follower) -> None:
    session = Session(follower, lambda view: None, question="pact-by-2025")
    settled(session, SOFTER)
    assert "forecasting-panel" not in {thread.name for thread in threading.enumerate()}
    views: list[dict[str, Any]] = []
    session._show = views.append
    session.handle({"do": "set", "record": "pacts-signed", "field": "events", "value": 22.0})
    session.close()
    assert "forecasting-panel" not in {thread.name for thread in threading.enumerate()}
    shown = len(views)
    session.handle(SOFTER)
    assert len(views) == shown


def test_what_nobody_foresaw_takes_the_change_back_and_says_so(follower: Follower, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(self: Follower, *given: Any) -> Any:
        raise ZeroDivisionError

    session = Session(follower, lambda view: None, question="pact-by-2025")
    seen: list[Any] = []
    monkeypatch.setattr(threading, "excepthook", seen.append)
    monkeypatch.setattr(Follower, "by_weights", broken)
    view = settled(session, SOFTER)
    assert seen[0].exc_type is ZeroDivisionError
    assert view["edits"] == []
    assert "could not be computed" in view["failed"]


def test_a_change_by_weights_takes_less_than_a_second_of_one_core(
    follower: Follower, session: Session, measured: Any
) -> None:
    settled(session, SOFTER)  # what is loaded once
    begin = time.process_time()
    settled(session, {**SOFTER, "value": 4})
    took = time.process_time() - begin
    measured(f"panel: a change by weights in the test edition: {took:.2f} s of one core")
    assert took < 1.0


def test_weighted_quantiles_are_those_of_repeated_draws() -> None:
    # weights 1, 2, 3, 4 of ten: the same as the draws written down so many times
    values = np.array([[0.4], [0.1], [0.3], [0.2]])
    found = weighted_quantiles(np.array([1, 2, 3, 4]) / 10, values)
    often = np.repeat(values[:, 0], [1, 2, 3, 4])
    assert found.ravel().tolist() == np.quantile(often, [0.05, 0.95], method="inverted_cdf").tolist()


@pytest.mark.parametrize(("record", "field", "value"), [("n-001", "credibility", 6), ("pact-lowers-toll", "grade", "weak")])
def test_text_and_curve_have_one_interval(follower: Follower, record: str, field: str, value: Any) -> None:
    """In the same world (a grade of a claim) and in another one (the strength of an effect), to the last digit."""
    edition = follower.fit.edition
    cards = {card.id: card for card in Behind.of(edition, "toll-by-2025").cards()}
    after = changed(edition, made((), cards[record].control(field), value))
    found = follower.by_weights(after, ("pact-signed", "toll-raised"))
    assert not isinstance(found, float)
    for question in (one for one in edition.questions if one.id in ("pact-by-2025", "toll-by-2025")):
        event, day, _ = question.form.single()
        said, curve = found.answers[question.id], found.curves[event]
        at = int(np.argmin(abs(curve.grid - years_between(edition.as_of, day))))
        ends = [curve.p[at], curve.low[at], curve.high[at]]
        assert np.allclose([said.p[0], said.low[0], said.high[0]], ends, rtol=0, atol=1e-12)
        whole = follower.before.answers[question.id]
        assert said.low[0] != whole.low[0]
