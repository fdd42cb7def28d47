"""An event counted in a rival class: the menu, what the record then says, the weights, and the change as every other one."""

from __future__ import annotations

from dataclasses import replace
from difflib import ndiff
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from builders import CLAIMS
from panels import on_its_own_copy, settled
from shown_editions import project_dossier
from toy import CLASSES, event_yaml, small_edition, toy_edition

import forecasting as fc
from forecasting.analysis.class_weights import in_old_classes, moved_events, prior_ratio, weighable
from forecasting.dossier.edition import EditionDossier
from forecasting.dossier.status import statuses
from forecasting.elicitation.base_rates import base_rate
from forecasting.elicitation.quantify import quantify
from forecasting.forecasts import percent
from forecasting.inference.importance import MAX_K_HAT, smoothed_weights
from forecasting.inference.monte_carlo import weighted_mean
from forecasting.lab.panel.behind import Behind
from forecasting.lab.panel.controls import Control
from forecasting.lab.panel.edits import Edit, Edits, changed, made
from forecasting.lab.panel.follow import Follower
from forecasting.lab.panel.moved import Tables, moved_by
from forecasting.lab.panel.rivals import RIVALS, InClass, event_card
from forecasting.lab.panel.session import Session
from forecasting.lab.panel.view import moves_words
from forecasting.models.network.draws import base_draws
from forecasting.models.network.hazards import class_log_hazard
from forecasting.models.network.structure import build_structure
from forecasting.rules.load import load_dossier

PROJECT = Path(__file__).resolve().parents[3]
REASON = "The pact is of the kind that this class counts."
TO_RIVAL = {"do": "set", "record": "pact-signed", "field": "reference_class", "at": 1}


def menu(event: str = "pact-signed", edition: EditionDossier | None = None) -> Control:
    edition = edition or toy_edition()
    return event_card(edition, edition.dossier.events[event]).control("reference_class")


def moved(*more: Edit, event: str = "pact-signed") -> EditionDossier:
    control = menu(event)
    return changed(toy_edition(), (*made((), control, control.option(1)), *more))


def test_the_menu_has_the_chosen_class_and_the_rivals_each_with_its_count_and_what_it_gives() -> None:
    # both events have a reference horizon of two years
    dossier = toy_edition().dossier
    p = {name: percent(base_rate(dossier.reference_classes[name]).probability(2.0)) for name in ("pacts-signed", "tolls-raised")}
    words = [f"Pacts signed (6 in 40 years: {p['pacts-signed']})", f"Tolls raised (2 in 30 years: {p['tolls-raised']})"]
    assert [(option.group, option.label) for option in menu().options] == [("", words[0]), (RIVALS, words[1])]
    assert p["pacts-signed"] != p["tolls-raised"]
    card = event_card(toy_edition(), dossier.events["pact-signed"])
    assert card.note == "counted in: pacts signed"
    assert card.about == "The nearest count. Of each class: its count, and what it alone gives within 2 years."


def test_events_behind_the_question_that_are_open_and_have_rivals_have_a_menu() -> None:
    cards = [card for card in Behind.of(toy_edition(), "trouble-2025").cards() if card.group == "events"]
    assert [card.id for card in cards] == ["toll-raised", "pact-signed"]  # the nearest first; the quay has no rivals
    outlook = project_dossier().edition("2026-02-outlook")
    known = zip(outlook.events, statuses(outlook), strict=True)
    happened = {event.id for event, status in known if not status.is_open and event.rivals}
    assert happened
    shown = {card.id for question in outlook.questions for card in Behind.of(outlook, question.id).cards()}
    assert not happened & shown


def test_the_record_names_the_chosen_class_among_its_rivals_and_gets_all_back() -> None:
    before = toy_edition().dossier.events["pact-signed"]
    event = moved().dossier.events["pact-signed"]
    assert (event.reference_class, event.rivals) == ("tolls-raised", ("pacts-signed",))
    assert event.model_copy(update={"reference_class": before.reference_class, "rivals": before.rivals}) == before
    control = menu()
    assert made(made((), control, control.option(1)), control, control.option(0)) == ()


def test_a_clock_of_the_event_goes_with_the_class_and_comes_back() -> None:
    edition = project_dossier().edition("2024-12-syria")
    event = edition.dossier.events["moscow-leaves-syria"].model_copy(update={"clock_starts_on": toy_edition().as_of})
    chosen, *others = (option.value for option in event_card(edition, event).control("reference_class").options)
    assert chosen.fields["clock_starts_on"] == toy_edition().as_of
    flat = next(value for value in others if not edition.dossier.reference_classes[str(value)].life_table)
    assert flat.fields["clock_starts_on"] is None


def test_a_class_that_is_chosen_bounds_the_event_no_longer_and_does_again_when_it_is_taken_back() -> None:
    edition = project_dossier().edition("2026-02-outlook")
    event = edition.dossier.events["fleet-returns-sevastopol"]
    control = menu(event.id, edition)
    assert [option.label.rpartition(", a ")[2] for option in control.options if ", a " in option.label] == ["ceiling)"]
    ceiling = next(option.value for option in control.options if ", a ceiling" in option.label)
    after = changed(edition, made((), control, ceiling)).dossier.events[event.id]
    assert after.ceilings == {}
    assert event.reference_class in after.rivals
    assert made(made((), control, ceiling), control, control.option(0)) == ()


def test_weights_turn_draws_of_the_old_classes_into_draws_of_the_new_ones() -> None:
    """Where nothing is known but the classes, draws of both editions are at hand, exact: no fit, no chain.

    The event joins a class of two others and leaves one of another event, and that class has other counts too.
    """
    first, after = toy_edition(), moved(Edit("tolls-raised", "events", 2.0, 4.0))
    old, new = (build_structure(edition, quantify(edition)) for edition in (first, after))
    kept = in_old_classes(first, after, moved_events(first, after))
    draws = base_draws(old, chains=4, draws=3000, random_seed=1)
    ratio = prior_ratio(draws, first, after, old, build_structure(kept, quantify(kept)))
    weights = smoothed_weights(ratio)
    assert weights.k_hat < MAX_K_HAT
    m, wanted = class_log_hazard(draws), class_log_hazard(base_draws(new, chains=4, draws=20_000, random_seed=2))
    for k, name in enumerate(old.event_ids):
        mean, spread = weighted_mean(weights.values, m[:, k]), wanted[:, k].std()
        error = 5 * spread / np.sqrt(1 / (weights.values**2).sum())
        assert abs(mean - wanted[:, k].mean()) < error, name
        assert abs(np.sqrt(weighted_mean(weights.values, (m[:, k] - mean) ** 2)) - spread) < error, name
    k, other = (old.event_ids.index(name) for name in ("pact-signed", "toll-raised"))
    assert abs(m[:, other].mean() - wanted[:, other].mean()) > 0.5  # what the weights had to do
    # the members of a class share its rate: they go together where they did not before
    centred = [values - values.mean(axis=0) for values in (m, wanted)]
    together = [float((one[:, k] * one[:, other]).mean()) for one in centred]
    own = m - weighted_mean(weights.values, m)
    assert abs(together[0]) < 0.03 < 0.1 < together[1]
    assert abs(weighted_mean(weights.values, own[:, k] * own[:, other]) - together[1]) < 0.05


def test_what_a_draw_cannot_stand_for_is_fitted_anew(follower: Follower) -> None:
    first = toy_edition()
    assert weighable(first, moved())
    assert not weighable(first, moved(Edit("tolls-raised", "spread", 0.5, 0.8)))
    assert follower.by_weights(moved(Edit("tolls-raised", "spread", 0.5, 0.8))) == np.inf
    syria = project_dossier().edition("2024-12-syria")
    control = menu("moscow-leaves-syria", syria)  # its class has a life table
    assert not weighable(syria, changed(syria, made((), control, control.option(1))))


@pytest.fixture(scope="module")
def near(tmp_path_factory: pytest.TempPathFactory) -> Follower:
    """A fit of two events, of which one may be counted in the class of the other: five in forty years instead of six."""
    classes = f"{CLASSES.rstrip()}\n    pacts-elsewhere,,5,40,year,0.5,1990-01-01,2020-12-31,table,Made up for a test,five\n"
    events = {
        "pact-signed": event_yaml("pact-signed", "pacts-signed", rivals="[pacts-elsewhere]"),
        "toll-raised": event_yaml("toll-raised", "pacts-elsewhere"),
    }
    claims, root = {name: CLAIMS[name] for name in ("n-001", "n-002")}, tmp_path_factory.mktemp("near")
    found = Follower(fc.fit(small_edition(root, events, claims=claims, classes=classes)))
    found.prepare()
    return found


WITH = {
    "alone": (), "with a grade": (Edit("n-001", "credibility", 2, 3),),
    "with counts of the class that it joins": (Edit("pacts-elsewhere", "events", 5.0, 6.0),),
    "with counts of the class that it leaves": (Edit("pacts-signed", "events", 6.0, 7.0),),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("more", WITH.values(), ids=WITH)
def test_weights_say_what_a_fit_of_the_changed_records_says(near: Follower, more: Edits) -> None:
    control = menu(edition=near.fit.edition)
    after = changed(near.fit.edition, (*made((), control, control.option(1)), *more))
    weighed = near.by_weights(after, ("pact-signed",))
    assert not isinstance(weighed, float)
    fitted = near.by_refit(after, weighed.k_hat)
    for name, said in weighed.answers.items():
        error = np.hypot(said.mcse_change, fitted.answers[name].mcse_change)
        assert np.all(abs(said.p - fitted.answers[name].p) <= 4 * error), name
    assert weighed.curves["pact-signed"].p[-1] < near.before.curves["pact-signed"].p[-1]


def test_it_is_listed_with_what_it_moved_and_undone(near: Follower) -> None:
    session, control = Session(near, lambda view: None), menu(edition=near.fit.edition)
    first = settled(session, {"do": "ask", "question": "pact-signed-asked"})
    view = settled(session, TO_RIVAL)
    assert not view["failed"]
    [edit] = view["edits"]
    assert (edit["label"], edit["old"], edit["new"]) == ("Counted in", control.options[0].label, control.options[1].label)
    assert edit["moved"].startswith("−")
    assert view["found"].startswith("The draws of the fit were weighed anew")
    card = next(card for card in view["cards"] if card["id"] == "pact-signed")
    assert (card["group"], card["controls"][0]["at"], card["controls"][0]["changed"]) == ("events", 1, True)
    assert [option["group"] for option in card["controls"][0]["options"]] == ["", RIVALS]
    view = settled(session, {"do": "undo", "index": 0})
    assert (view["edits"], view["answer"]) == ([], first["answer"])
    assert settled(session, {**TO_RIVAL, "at": 7})["failed"]
    session.close()


def test_where_weights_do_not_carry_the_old_number_waits_for_the_refit(follower: Follower) -> None:
    views: list[dict] = []
    session = Session(follower, views.append, question="pact-by-2025")
    old = session.view()["answer"]
    settled(session, TO_RIVAL)
    waiting = [view for view in views if view["refits"]]
    assert waiting
    assert all(view["waits"] and view["answer"] == old for view in waiting)
    last = session.view()
    assert "refit" in last["found"]
    assert last["edits"][0]["moved"].startswith("−")
    session.close()


def test_it_is_copied_and_written_with_its_reason_and_written_back(follower: Follower, tmp_path: Path) -> None:
    own = on_its_own_copy(follower, tmp_path)
    session, path = Session(own, lambda view: None, question="pact-by-2025", write=True), tmp_path / "priors/events/ferry.yaml"
    text = path.read_text("utf-8")
    assert settled(session, TO_RIVAL, {"do": "write", "reason": "no"})["failed"]
    copied = settled(session, {"do": "yaml", "reason": REASON})["yaml"]
    assert "- id: pact-signed\n  reference_class: tolls-raised  # was pacts-signed\n  rivals: [pacts-signed]" in copied
    view = settled(session, {"do": "write", "reason": REASON})
    assert view["said"].startswith("Written to priors/events/ferry.yaml")
    assert view["edits"][0]["kept"] == "written"
    event = load_dossier(tmp_path / "priors").events["pact-signed"]
    assert (event.reference_class, event.rivals) == ("tolls-raised", ("pacts-signed",))
    assert event.why_class.endswith(f"reference_class “pacts-signed” became “tolls-raised”: {REASON}")
    view = settled(session, {"do": "undo", "index": 0})
    label = menu().options[1].label
    assert f"priors/events/ferry.yaml still says Counted in: {label} (What happens to pact-signed)" in view["taken_back"][0]
    settled(session, {"do": "write", "reason": "It was right as it stood."})
    differs = ndiff(text.splitlines(), path.read_text("utf-8").splitlines())
    assert [line for line in differs if line.startswith("- ")] == ["-   why_class: The nearest count."]  # all else as it was
    event = load_dossier(tmp_path / "priors").events["pact-signed"]
    assert (event.reference_class, event.rivals) == ("pacts-signed", ("tolls-raised",))
    session.close()


def test_a_rival_says_by_how_many_points_it_would_move_the_answer_where_the_run_knows() -> None:
    edition = toy_edition()
    question = next(one for one in edition.questions if one.id == "pact-by-2025")
    head = ["event", "reference_class", "chosen", "bound", "question", "outcome", "p"]
    rows = [
        ("pact-signed", "pacts-signed", True, "", "pact-by-2025", "yes", 0.47),
        ("pact-signed", "a-far-class", False, "", "pact-by-2025", "yes", 0.26),
        ("pact-signed", "tolls-raised", False, "", "pact-by-2025", "yes", 0.05),
        ("pact-signed", "talks-opened", False, "ceiling", "pact-by-2025", "yes", 0.99),
        ("pact-signed", "near", False, "", "pact-by-2025", "yes", 0.5),
        ("toll-raised", "tolls-raised", True, "", "pact-by-2025", "yes", 0.47),
        ("toll-raised", "near", False, "", "pact-by-2025", "yes", 0.473),
        ("quay-closed", "near", False, "", "toll-by-2025", "yes", 0.9),
    ]
    found = moved_by(Tables(classes=pd.DataFrame(rows, columns=head)), edition, question)
    assert found.keys() == {"pact-signed"}
    assert moves_words(found["pact-signed"], {}) == "Tolls raised would move the answer by about −42 points"


def test_an_effect_has_the_points_of_a_claim_that_sets_it_and_nothing_else() -> None:
    edition = toy_edition()
    question = next(one for one in edition.questions if one.id == "toll-by-2025")
    table = pd.DataFrame({"claim": ["n-002"], "question": [question.id], "outcome": ["yes"], "change": [-0.04]})
    assert moved_by(Tables(table), edition, question).keys() == {"n-002"}  # a judgement, which says of the event itself, too
    sets = tuple(one.model_copy(update={"kind": "effect"}) if one.id == "n-002" else one for one in edition.claims)
    alone = moved_by(Tables(table), replace(edition, claims=sets), question)
    assert (alone.keys(), alone["pact-lowers-toll"].change) == ({"n-002", "pact-lowers-toll"}, -0.04)
    cited = {"pact-lowers-toll": ("n-002", "n-003")}
    assert moved_by(Tables(table), claimed(edition, sets, cited), question)["pact-lowers-toll"].change == -0.08  # half to each
    both = claimed(edition, sets, {"pact-lowers-toll": ("n-002",), "toll-lowers-pact": ("n-002",)})
    assert moved_by(Tables(table), both, question).keys() == {"n-002"}  # which of the two moves it, nobody knows


def claimed(edition: EditionDossier, claims: tuple, cited: dict[str, tuple[str, ...]]) -> EditionDossier:
    """Return an edition whose effects cite other claims."""
    effects = tuple(one.model_copy(update={"claims": cited.get(one.id, ())}) for one in edition.effects)
    return replace(edition, claims=claims, effects=effects)


def test_a_class_of_an_event_reads_as_its_id() -> None:
    assert str(InClass("pacts-signed", ())) == "pacts-signed"
