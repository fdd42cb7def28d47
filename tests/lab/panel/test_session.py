"""The panel without a browser: messages change the list, numbers follow as `Fit.update` has them, and threads end."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tornado.httpclient import HTTPRequest
from tornado.websocket import websocket_connect
from toy import toy_asked, toy_priors

import forecasting as fc
from forecasting.coding.write import locked
from forecasting.dossier.status import years_between
from forecasting.lab.panel.behind import Behind
from forecasting.lab.panel.edits import changed, made
from forecasting.lab.panel.follow import Curve, Followed, Follower, Said, weighted_quantiles
from forecasting.lab.panel.serve import serve
from forecasting.lab.panel.session import Session
from forecasting.lab.panel.view import answer_view, curve_view, outcome_titles, table_view, void_words
from forecasting.paths.questions import Answer
from forecasting.report.formatting import points
from forecasting.rules.load import load_dossier

SOFTER = {"do": "set", "record": "n-001", "field": "credibility", "value": 6}


@pytest.fixture(scope="module")
def follower() -> Follower:
    found = Follower(toy_asked())
    found.prepare()
    return found


@pytest.fixture
def session(follower: Follower) -> Iterator[Session]:
    found = Session(follower, lambda view: None, question="pact-by-2025")
    yield found
    found.close()


def settled(session: Session, *messages: dict[str, Any]) -> dict[str, Any]:
    for message in messages:
        session.handle(message)
    session.wait()
    return session.view()


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


def on_its_own_copy(follower: Follower, folder: Path) -> Follower:
    shutil.copytree(toy_priors(), folder / "priors")
    edition = load_dossier(folder / "priors").edition(follower.fit.edition.edition.id)
    return Follower(replace(follower.fit, edition=edition))


def test_undoing_what_was_written_says_that_the_file_keeps_it(follower: Follower, tmp_path: Path) -> None:
    session = Session(on_its_own_copy(follower, tmp_path), lambda view: None, question="pact-by-2025", write=True)
    path = tmp_path / "priors/claims/norland-times.yaml"
    view = settled(session, SOFTER)
    assert (view["unwritten"], view["edits"][0]["kept"]) == (["n-001 credibility"], "")
    view = settled(session, {"do": "write", "reason": "Nobody has confirmed it."})
    assert view["said"].startswith("Written to priors/claims/norland-times.yaml. ")
    assert (view["unwritten"], view["taken_back"], view["edits"][0]["kept"], view["writes"]) == ([], [], "written", 1)
    assert "credibility: 6" in path.read_text("utf-8")
    view = settled(session, {"do": "undo", "index": 0})
    assert view["edits"] == []
    label = "6 – truth cannot be judged (not known; weighs less than 5 in this scale)"
    told = f"Taken back here only: priors/claims/norland-times.yaml still says Information: {label} (n-001)"
    assert view["taken_back"] == [told]
    assert view["unwritten"] == ["n-001 credibility"]
    other = {"do": "set", "record": "n-001", "field": "reliability", "value": "F"}
    assert settled(session, other)["taken_back"] == [told]  # it stays said, whatever comes next
    assert settled(session, {"do": "clear"})["taken_back"] == [told]
    view = settled(session, {"do": "write", "reason": "It was right as it stood."})
    assert view["said"].startswith("Written back to priors/claims/norland-times.yaml")
    assert (view["taken_back"], view["unwritten"], view["failed"]) == ([], [], "")
    text = path.read_text("utf-8")
    assert "credibility: 6" not in text
    assert "credibility 6 became 3: It was right as it stood." in " ".join(text.split())
    session.close()


def test_another_value_than_the_written_one_says_what_the_file_has(follower: Follower, tmp_path: Path) -> None:
    session = Session(on_its_own_copy(follower, tmp_path), lambda view: None, question="pact-by-2025", write=True)
    settled(session, SOFTER, {"do": "write", "reason": "Nobody has confirmed it."})
    view = settled(session, {**SOFTER, "value": 5})
    assert view["edits"][0]["kept"].startswith("the file says 6 – truth cannot be judged")
    assert (view["taken_back"], view["unwritten"]) == ([], ["n-001 credibility"])
    session.close()


def test_whatever_happens_in_a_write_the_page_is_told_that_it_is_over(
    follower: Follower, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    views: list[dict[str, Any]] = []
    session = Session(on_its_own_copy(follower, tmp_path), views.append, question="pact-by-2025", write=True)
    settled(session, SOFTER)
    write = {"do": "write", "reason": "Nobody has confirmed it."}
    monkeypatch.setattr("forecasting.coding.write.PATIENCE", 0.05)
    with locked(tmp_path / "priors"):
        session.handle(write)
    assert "another command is writing into" in views[-1]["failed"]
    assert views[-1]["writes"] == 1

    def failing(error: Exception) -> None:
        def raises(*given: Any) -> Any:
            raise error

        monkeypatch.setattr("forecasting.lab.panel.session.write_changes", raises)

    failing(PermissionError(13, "Permission denied"))
    session.handle(write)
    assert "Permission denied" in views[-1]["failed"]
    assert views[-1]["writes"] == 2
    failing(IndexError("list index out of range"))
    with pytest.raises(IndexError, match="out of range"):  # with its traceback, for whoever runs the panel
        session.handle(write)
    assert "nobody foresaw" in views[-1]["failed"]
    assert views[-1]["writes"] == 3
    assert len(views[-1]["edits"]) == 1
    session.close()


def test_a_page_stays_open_when_a_message_meets_what_nobody_foresaw(
    follower: Follower, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def raises(*given: Any) -> Any:
        raise IndexError

    monkeypatch.setattr("forecasting.lab.panel.session.write_changes", raises)

    async def asked() -> tuple[dict[str, Any], dict[str, Any]]:
        told: list[str] = []
        begin = partial(Session, follower, question="pact-by-2025", write=True)
        served = asyncio.create_task(serve(begin, title="Test", token="secret", port=0, ready=told.append))
        while not told:
            await asyncio.sleep(0.01)
        address = told[0].partition("/?")[0]
        headers = {"Origin": address, "Cookie": f"forecasting-panel-{address.rpartition(':')[2]}=secret"}
        page = await websocket_connect(HTTPRequest(f"{address.replace('http', 'ws', 1)}/live", headers=headers))
        views = []
        for message in (None, {"do": "write", "reason": "Nobody has confirmed it."}, {"do": "show"}):
            if message:
                await page.write_message(json.dumps(message))
            views.append(json.loads(await page.read_message()))
        page.close()
        while await page.read_message() is not None:
            pass
        os.kill(os.getpid(), signal.SIGINT)
        await served
        return views[1], views[2]

    failed, shown = asyncio.run(asked())
    assert "nobody foresaw" in failed["failed"]
    assert (failed["writes"], shown["failed"]) == (1, "")
    assert "IndexError" in caplog.text


def test_of_several_outcomes_a_claim_says_which_it_has_moved(follower: Follower) -> None:
    table = follower.fit.influence("ferry-order-2025")
    cards = Session(follower, lambda view: None, question="ferry-order-2025", influence=table).view()["cards"]
    answer = follower.fit.posterior.answers["ferry-order-2025"]
    title = dict(zip(answer.outcomes, answer.titles, strict=True))
    shown = {card["id"]: card["moves"] for card in cards if card["moves"]}
    assert shown
    for claim, said in shown.items():
        rows = table[table["claim"] == claim]
        most = rows.loc[rows["change"].abs().idxmax()]
        assert said == f"{points(most.change)} points ({title[most.outcome]})"


def test_claims_stand_by_how_much_they_move_the_answer_with_the_points_beside(follower: Follower) -> None:
    table = follower.fit.influence("toll-by-2025")
    assert len(table) > 1
    before = [card["id"] for card in Session(follower, lambda view: None, question="toll-by-2025").view()["cards"]]
    session = Session(follower, lambda view: None, question="toll-by-2025", influence=table)
    cards = session.view()["cards"]
    moved = {row.claim: row.change for row in table[table["outcome"] == "yes"].itertuples()}
    claims = [card["id"] for card in cards if card["group"] == "claims"]
    assert claims == sorted(claims, key=lambda name: -abs(moved.get(name, 0.0)))
    assert {card["id"] for card in cards if card["moves"]} == set(claims) & set(moved)
    assert next(card["moves"] for card in cards if card["moves"]) == f"{points(moved[claims[0]])} points"
    assert [card["id"] for card in cards if card["group"] != "claims"] == before[len(claims) :]
    assert settled(session, {"do": "ask", "question": "nothing"})["cards"] == cards


def test_the_outcomes_of_a_question_that_can_be_void_are_named(project_dir: Path) -> None:
    edition = load_dossier(project_dir / "priors").edition("2024-12-syria")
    void = next(question for question in edition.questions if question.void and question.void.all_of)
    drawn = np.full((4, 2), 0.5)
    named = Answer(("yes", "void"), ("yes", "the question is void"), drawn, drawn)
    yes, nothing = outcome_titles(void, named)
    assert (yes, nothing) == ("yes, if not void", "void")
    first = edition.dossier.events[void.void.all_of[0].occurs].title
    assert void_words(edition, void).startswith(f"Void if: “{first[:20]}")
    assert void_words(edition, edition.questions[0]) == ""
    flat = Said(np.array([0.5, 0.2]), np.array([0.4, 0.1]), np.array([0.6, 0.3]), np.zeros(2))
    moved = replace(flat, p=np.array([0.7, 0.1]))
    was, now = (Followed({void.id: said}, {}, "weights", 0.0) for said in (flat, moved))
    shown = answer_view(void, (yes, nothing), was, now)["outcomes"]
    assert [outcome["title"] for outcome in shown] == [yes, nothing]
    [row] = table_view(replace(edition, questions=(void,)), "another", {void.id: named}, was, now)
    assert (row["outcome"], row["change"]) == ("yes, if not void", "+20.0")


def test_the_curve_of_a_question_that_asks_whether_something_stays_is_in_its_sense(project_dir: Path) -> None:
    edition = load_dossier(project_dir / "priors").edition("2024-12-syria")
    question = next(one for one in edition.questions if one.id == "khmeimim-held-2025")
    event = question.events()[0]
    rising = Curve(np.array([0.0, 0.5, 1.1]), np.array([0.0, 0.2, 0.4]), np.array([0.0, 0.1, 0.2]), np.array([0.0, 0.4, 0.6]))
    found = Followed({}, {event: rising}, "nothing", 0.0)
    curve = curve_view(edition, question, event, found, found)
    assert curve["title"] == question.title
    assert curve["words"].startswith("Probability of the answer “yes” if the question ended on that day")
    assert curve["words"].endswith(f"No is: {edition.dossier.events[event].title}")


def test_the_curve_of_a_question_that_can_be_void_is_that_of_its_event(project_dir: Path) -> None:
    """Its answer is given that it is not void, and a curve has no such condition."""
    edition = load_dossier(project_dir / "priors").edition("2024-12-syria")
    question = next(one for one in edition.questions if one.id == "khmeimim-held-2025")
    void = next(one.void for one in edition.questions if one.void)
    event = question.events()[0]
    rising = Curve(np.array([0.0, 0.5, 1.1]), np.array([0.0, 0.2, 0.4]), np.array([0.0, 0.1, 0.2]), np.array([0.0, 0.4, 0.6]))
    found = Followed({}, {event: rising}, "nothing", 0.0)
    curve = curve_view(edition, question.model_copy(update={"void": void}), event, found, found)
    assert curve["title"] == edition.dossier.events[event].title
    assert curve["words"].startswith("Probability that it has happened by a day")
    plain = curve_view(edition, question, event, found, found)
    assert curve["after"] != plain["after"]
