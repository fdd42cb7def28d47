"""What the panel shows, in words: outcomes by their names, claims by their weight, curves in the sense of their question."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
from panels import settled
from shown_editions import project_dossier

from forecasting.lab.panel.follow import Curve, Followed, Follower, Said
from forecasting.lab.panel.moved import Tables
from forecasting.lab.panel.session import Session
from forecasting.lab.panel.view import answer_view, curve_view, outcome_titles, table_view, void_words
from forecasting.paths.questions import Answer
from forecasting.report.formatting import points


def test_of_several_outcomes_a_claim_says_which_it_has_moved(follower: Follower) -> None:
    table = follower.fit.influence("ferry-order-2025")
    cards = Session(follower, lambda view: None, question="ferry-order-2025", tables=Tables(table)).view()["cards"]
    answer = follower.fit.posterior.answers["ferry-order-2025"]
    title = dict(zip(answer.outcomes, answer.titles, strict=True))
    shown = {card["id"]: card["moves"] for card in cards if card["moves"] and card["group"] == "claims"}
    assert shown
    for claim, said in shown.items():
        rows = table[table["claim"] == claim]
        most = rows.loc[rows["change"].abs().idxmax()]
        assert said == f"has moved the answer by {points(most.change)} points ({title[most.outcome]})"


def test_claims_stand_by_how_much_they_move_the_answer_with_the_points_beside(follower: Follower) -> None:
    table = follower.fit.influence("toll-by-2025")
    assert len(table) > 1
    before = [card["id"] for card in Session(follower, lambda view: None, question="toll-by-2025").view()["cards"]]
    session = Session(follower, lambda view: None, question="toll-by-2025", tables=Tables(table))
    cards = session.view()["cards"]
    moved = {row.claim: row.change for row in table[table["outcome"] == "yes"].itertuples()}
    claims = [card["id"] for card in cards if card["group"] == "claims"]
    assert claims == sorted(claims, key=lambda name: -abs(moved.get(name, 0.0)))
    assert {card["id"] for card in cards if card["moves"] and card["group"] == "claims"} == set(claims) & set(moved)
    assert next(card["moves"] for card in cards if card["moves"]) == f"has moved the answer by {points(moved[claims[0]])} points"
    assert [card["id"] for card in cards if card["group"] != "claims"] == before[len(claims) :]
    later = settled(session, {"do": "ask", "question": "nothing"})["cards"]
    late = ("classes", "history")  # what these move is known later, and the rest stays as it was
    assert [card | {"moves": ""} if card["group"] in late else card for card in later] == cards


def test_the_outcomes_of_a_question_that_can_be_void_are_named(project_dir: Path) -> None:
    edition = project_dossier().edition("2024-12-syria")
    void = next(question for question in edition.questions if question.void and question.void.all_of)
    drawn = np.full((4, 2), 0.5)
    named = Answer(("yes", "void"), ("yes", "the question is void"), drawn, drawn)
    yes, nothing = outcome_titles(edition, void, named)
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
    edition = project_dossier().edition("2024-12-syria")
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
    edition = project_dossier().edition("2024-12-syria")
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


def test_stages_are_called_after_their_events(project_dir: Path) -> None:
    edition = project_dossier().edition("2024-12-syria")
    steps = next(question for question in edition.questions if question.form.kind == "stages")
    drawn, names = np.full((4, 2), 0.5), ("none", steps.events()[0])
    nothing, first = outcome_titles(edition, steps, Answer(names, names, drawn, drawn))
    assert nothing == "none of the steps"
    assert first == steps.form.called(names[1], edition.dossier.events[names[1]].title) != names[1]
