"""An elicitation without a browser: messages, steps, undo, refusals, what is kept, threads."""

from __future__ import annotations

import datetime as dt
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from elicitations import SIGNED, WHO, WIDER, answered, chipped, quartered, ranged, shared

import forecasting as fc
from forecasting.errors import UsageError
from forecasting.lab.elicit import session as module
from forecasting.lab.elicit.session import Session
from forecasting.lab.elicit.signature import UNSIGNED


@pytest.fixture
def session() -> Session:
    return Session(ranged(), lambda view: None)


@pytest.fixture
def keeping(tmp_path: Path) -> Session:
    return Session(ranged(), lambda view: None, folder=tmp_path)


def test_a_moved_handle_is_fitted_as_the_analyst_would_be_asked_anew(session: Session) -> None:
    view = answered(session, WIDER)
    asked = fc.maxent("Beta", 0.1, 0.55, 0.8, id="x", about="P(a deal)", analyst="A. Analyst", made_on="2024-12-13")
    assert dict(session.prior.parameters) == dict(asked.parameters)
    assert dict(session.prior.asked) == {"lower": 0.1, "upper": 0.55, "mass": 0.8}
    assert (view["answer"]["quote"], view["answer"]["words"], view["answer"]["was"]) == ("35 %", "unlikely", "was 27 %")
    assert [step["words"] for step in view["steps"]] == ["Upper end 40 % becomes 55 %"]
    assert view["picture"]["now"] != view["picture"]["was"]


def test_the_positions_of_one_drag_are_one_step_and_one_that_leads_back_is_none(session: Session) -> None:
    held = [{**WIDER, "value": value, "held": True} for value in (0.45, 0.5, 0.6)]
    view = answered(session, *held, {**WIDER, "value": 0.6})
    assert [step["words"] for step in view["steps"]] == ["Upper end 40 % becomes 60 %"]
    view = answered(
        session, {**WIDER, "value": 0.7, "held": True}, {**WIDER, "value": 0.6, "held": True}, {**WIDER, "value": 0.6}
    )
    assert len(view["steps"]) == 1
    assert len(answered(session, {**WIDER, "value": 0.7})["steps"]) == 2


def test_steps_are_undone_one_by_one_and_all_at_once_to_the_very_first_prior(session: Session) -> None:
    first = session.first
    answered(session, WIDER, {"do": "set", "field": "mass", "value": 0.9}, {"do": "family", "family": "LogitNormal"})
    assert session.prior.family == "LogitNormal"
    answered(session, {"do": "undo"})
    assert (session.prior.family, session.prior.asked["mass"]) == ("Beta", 0.9)
    answered(session, {"do": "undo"})
    assert session.prior.asked["mass"] == 0.8
    view = answered(session, {"do": "undo"})
    assert session.prior is first
    assert view["steps"] == []
    assert "nothing is changed" in answered(session, {"do": "undo"})["failed"]
    answered(session, WIDER, {"do": "set", "field": "mass", "value": 0.9}, {"do": "clear"})
    assert session.prior is first


def test_a_changed_prior_is_not_signed_until_id_analyst_and_reason_are_there(session: Session) -> None:
    answered(session, WIDER)
    trial = session.prior
    assert (trial.id, trial.analyst, trial.made_on) == ("deal-a-draft", UNSIGNED, dt.date.today())
    assert trial.note == "Changed from deal-a of 2024-12-13"
    answered(session, {**SIGNED, "reason": "so"})
    assert session.prior.analyst == UNSIGNED
    answered(session, SIGNED)
    new = session.prior
    assert (new.id, new.analyst, new.made_on, new.years) == ("deal-a-2", "B. Analyst", dt.date.today(), 1)
    assert new.note == "Changed from deal-a of 2024-12-13: The talks were put off."
    assert session.first.analyst == "A. Analyst"


def test_yaml_is_the_canonical_text_and_reads_back_as_the_prior(session: Session, tmp_path: Path) -> None:
    text = answered(session, WIDER, SIGNED, {"do": "yaml"})["yaml"]
    (tmp_path / "copied.yaml").write_text(text, "utf-8")
    assert fc.read_prior(tmp_path / "copied.yaml") == session.prior


def test_what_is_written_stands_in_the_folder_and_the_next_change_needs_its_own_id(keeping: Session, tmp_path: Path) -> None:
    view = answered(keeping, WIDER, SIGNED, {"do": "write"})
    assert view["said"] == f"Written to {tmp_path / 'deal-a-2.yaml'}"
    assert fc.read_prior(tmp_path / "deal-a-2.yaml") == keeping.prior
    assert (view["form"]["id"], view["form"]["analyst"], view["form"]["reason"]) == ("deal-a-3", "B. Analyst", "")
    assert "written already, as deal-a-2" in answered(keeping, {"do": "write"})["failed"]
    answered(keeping, {**WIDER, "value": 0.6})
    assert keeping.prior.analyst == UNSIGNED
    answered(keeping, {"do": "undo"})
    assert keeping.prior.id == "deal-a-2"
    answered(keeping, {"do": "undo"})
    assert keeping.prior is keeping.first


def test_no_file_is_overwritten_and_the_advice_works(keeping: Session, tmp_path: Path) -> None:
    (tmp_path / "taken.yaml").write_text("kept", "utf-8")
    failed = answered(keeping, WIDER, {**SIGNED, "id": "taken"}, {"do": "write"})["failed"]
    assert "stands there already, with other content; choose another name" in failed
    assert (tmp_path / "taken.yaml").read_text("utf-8") == "kept"
    assert answered(keeping, {**SIGNED, "id": "another"}, {"do": "write"})["failed"] == ""
    assert (tmp_path / "another.yaml").exists()


def test_a_suggested_id_is_one_that_can_be_had(tmp_path: Path) -> None:
    for n in (2, 3):
        fc.write_prior(ranged(id=f"deal-a-{n}"), tmp_path / f"deal-a-{n}.yaml")
    assert Session(ranged(), lambda view: None, folder=tmp_path).view()["form"]["id"] == "deal-a-4"


@pytest.mark.parametrize(("typed", "found"), [
    ({"id": "deal-a"}, "an id of its own, for example deal-a-2"), ({"id": ""}, "an id of its own"),
    ({"id": "../deal"}, "id"), ({"id": "Deal A"}, "id"), ({"analyst": " "}, "write the analyst's name"),
    ({"reason": "so"}, "needs its reason"), ({"reason": "because " * 80}, "write at most"),
    ({"analyst": "A\u202eB. Analyst"}, "analyst"),
])  # fmt: skip
def test_what_is_no_signature_is_refused_and_nothing_is_written(
    keeping: Session, tmp_path: Path, typed: dict[str, str], found: str
) -> None:
    view = answered(keeping, WIDER, {**SIGNED, **typed}, {"do": "write"})
    assert found in view["failed"]
    assert list(tmp_path.iterdir()) == []
    assert keeping.prior.analyst == UNSIGNED
    assert answered(keeping, SIGNED, {"do": "write"})["failed"] == ""


def test_a_letter_that_was_typed_in_two_parts_is_the_same_letter(keeping: Session) -> None:
    answered(keeping, WIDER, {**SIGNED, "analyst": "Rene\u0301 Analyst "})
    assert keeping.prior.analyst == "Ren\u00e9 Analyst"


def test_without_a_folder_nothing_is_written(session: Session) -> None:
    assert "folder=" in answered(session, WIDER, SIGNED, {"do": "write"})["failed"]


def test_the_prior_it_began_with_is_not_kept_again(keeping: Session, tmp_path: Path) -> None:
    for how in ("yaml", "write"):
        assert "the prior that it began with" in answered(keeping, SIGNED, {"do": how})["failed"]
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_done_is_said_and_the_prior_stays(session: Session) -> None:
    answered(session, WIDER)
    before = session.prior
    for message in (
        {**WIDER, "value": 0.1}, {**WIDER, "value": 0.05}, {**WIDER, "value": 1.0}, {**WIDER, "value": float("nan")},
        {**WIDER, "value": float("inf")}, {**WIDER, "value": None}, {**WIDER, "value": "0.5"}, {**WIDER, "value": True},
        {**WIDER, "at": 0}, {**WIDER, "field": "q1"}, {**WIDER, "field": []}, {"do": "family", "family": "Gamma"},
        {"do": "family", "family": "Dirichlet"}, {"do": "fly"}, {"do": "show", "path": "/etc/passwd"}, {"do": "sign", "id": 5},
        {"do": "sign", "reason": "x" * 5000}, {"do": "yaml"}, {**WIDER, "value": 10**400}, ["set"], None, {}, "undo",
        {**WIDER, "token": "x" * 500},
    ):  # fmt: skip
        view = answered(session, message)
        assert view["failed"], message
        assert session.prior == before, message
        assert len(view["steps"]) == 1, message


def test_the_error_of_a_typed_number_is_in_the_unit_in_which_it_is_typed(session: Session) -> None:
    assert (
        answered(session, {**WIDER, "value": 0.05})["failed"] == "Upper end cannot be 5 %; write a number between 10 % and 100 %"
    )


def test_a_number_with_more_digits_than_a_file_holds_is_refused_not_rounded(session: Session) -> None:
    view = answered(session, {**WIDER, "value": 0.5000000000001})
    assert "12 significant digits" in view["refused"]
    assert session.prior is session.first


def test_no_member_is_said_and_the_last_good_prior_stays(session: Session) -> None:
    answered(session, WIDER)
    good = session.prior
    view = answered(session, {"do": "set", "field": "lower", "value": 0.549999999})
    assert view["refused"]
    assert session.prior == good
    assert [handle["value"] for handle in view["handles"]][:2] == [0.549999999, 0.55]
    assert "not met" in answered(session, SIGNED, {"do": "yaml"})["failed"]
    view = answered(session, {"do": "undo"})
    assert (view["refused"], len(view["steps"])) == ("", 1)


def test_a_drag_that_ends_where_nothing_fits_leaves_the_prior_from_before_it(session: Session) -> None:
    """Where it passed by nobody stopped, and which of these positions were fitted is chance."""
    held = {"do": "set", "field": "lower", "held": True}
    view = answered(session, {**held, "value": 0.3}, {**held, "value": 0.399999999})
    assert len(view["steps"]) == 1
    view = answered(session, {**held, "value": 0.399999999, "held": False})
    assert view["refused"]
    assert view["steps"] == []
    assert session.prior is session.first


def test_the_newest_position_wins_and_nothing_queues_up(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, go, fitted = threading.Event(), threading.Event(), []
    real = module.fit_prior

    def slow(method: str, family: str, answers: Any, signed: Any) -> Any:
        fitted.append(answers["upper"])
        begun.set()
        go.wait(20)
        return real(method, family, answers, signed)

    monkeypatch.setattr(module, "fit_prior", slow)
    session.handle({**WIDER, "value": 0.45, "held": True, "token": "first"})
    begun.wait(20)
    for value in (0.5, 0.6, 0.65):
        session.handle({**WIDER, "value": value, "held": True, "token": str(value)})
    view = session.view()
    assert (view["waits"], view["token"]) == (True, "")
    assert view["picture"]["now"] == view["picture"]["was"]
    go.set()
    session.wait()
    assert fitted == [0.45, 0.65]
    assert session.view()["token"] == "0.65"
    assert session.prior.asked["upper"] == 0.65


def test_what_nobody_foresaw_leaves_the_prior_and_says_so(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*given: Any) -> Any:
        raise ZeroDivisionError

    seen: list[Any] = []
    monkeypatch.setattr(threading, "excepthook", seen.append)
    monkeypatch.setattr(module, "fit_prior", broken)
    view = answered(session, WIDER)
    assert seen[0].exc_type is ZeroDivisionError
    assert "could not be fitted" in view["failed"]
    assert (view["waits"], view["handles"][1]["value"]) == (False, 0.4)
    monkeypatch.undo()
    assert len(answered(session, WIDER)["steps"]) == 1


def test_threads_end_and_a_closed_elicitation_answers_nothing() -> None:
    views: list[Any] = []
    session = Session(ranged(), views.append)
    answered(session, WIDER)
    assert Session.thread not in {thread.name for thread in threading.enumerate()}
    session.close()
    shown = len(views)
    session.handle(WIDER)
    assert len(views) == shown


def test_the_axis_stays_while_a_handle_is_held_and_follows_once_it_is_let_go() -> None:
    session = Session(fc.maxent("Beta", 0.001, 0.004, 0.8, id="rare", **{**WHO, "about": "P(a flood)"}), lambda view: None)
    before = session.view()["picture"]["high"]
    wide = {"do": "set", "field": "upper", "value": 0.9, "held": True}
    assert answered(session, wide)["picture"]["high"] == before < 0.02
    assert answered(session, {**wide, "held": False})["picture"]["high"] == 1.0


@pytest.mark.slow
def test_quartiles_that_no_member_meets_are_refused_in_the_words_of_the_fit() -> None:
    session = Session(quartered(), lambda view: None)
    session.begin()
    view = answered(session, {"do": "set", "field": "q3", "value": 0.26})
    with pytest.raises(UsageError) as refused:
        fc.quartile("Beta", 0.15, 0.25, 0.26, id="deal-a-draft", **WHO)
    assert view["refused"] == str(refused.value)
    assert session.prior is session.first
    view = answered(session, {"do": "set", "field": "q3", "value": 0.38})
    assert (view["refused"], len(view["steps"])) == ("", 1)


@pytest.mark.slow
def test_chips_are_whole_and_a_bar_of_the_last_two_cannot_go() -> None:
    session = Session(chipped(), lambda view: None)
    session.begin()
    put = {"do": "set", "field": "chips", "at": 4, "value": 3.0}
    view = answered(session, put)
    assert session.prior.asked["chips"][4] == 3
    assert [step["words"] for step in view["steps"]] == ["Chips from 40 % to 50 %: 0 become 3"]
    for wrong in (2.5, -1.0, 11.0):
        assert answered(session, {**put, "value": wrong})["failed"]
    assert answered(session, {**put, "at": 10})["failed"]
    emptied = [{**put, "at": at, "value": 0.0} for at in (0, 1, 2, 3)]
    view = answered(session, *emptied)
    assert "say too little" in view["refused"]
    assert sum(chip > 0 for chip in session.prior.asked["chips"]) >= 2


@pytest.mark.slow
def test_a_border_takes_from_one_share_what_it_gives_to_the_other() -> None:
    session = Session(shared(), lambda view: None)
    session.begin()
    view = answered(session, {"do": "set", "field": "mode", "at": 0, "value": 0.41})
    assert session.prior.asked["mode"] == (0.41, 0.39, 0.2)
    assert len(view["answer"]["outcomes"]) == 3
    assert "between 10 % and 70 %" in answered(session, {"do": "set", "field": "mode", "at": 0, "value": 0.72})["failed"]
    answered(session, {"do": "set", "field": "bound", "value": 0.05}, {"do": "set", "field": "mass", "value": 0.8})
    assert (session.prior.asked["bound"], session.prior.asked["mass"]) == (0.05, 0.8)
    assert answered(session, {"do": "set", "field": "bound", "value": 0.2})["failed"]


@pytest.mark.slow
def test_a_drag_is_followed_within_a_second_by_every_way_of_asking(measured: Any) -> None:
    for prior, message in (
        (ranged(), WIDER), (quartered(), {"do": "set", "field": "q2", "value": 0.27}),
        (chipped(), {"do": "set", "field": "chips", "at": 1, "value": 4.0}),
        (shared(), {"do": "set", "field": "mode", "at": 0, "value": 0.45}),
    ):  # fmt: skip
        session = Session(prior, lambda view: None)
        session.begin()
        session.wait()
        begin = time.process_time()
        assert len(answered(session, message)["steps"]) == 1
        measured(f"elicitation: a position by {prior.method}, fitted and drawn: {time.process_time() - begin:.2f} s of one core")
