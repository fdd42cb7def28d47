"""Contracts, outcomes and what settles them, each part by itself, over all questions of the dossier."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
from ledgers import clock, forecast, outcome

from forecasting.dossier.forms.base import VOID
from forecasting.dossier.questions import Question
from forecasting.dossier.resolution import History, outcome_of
from forecasting.errors import UsageError
from forecasting.ledger.contracts import contract_digest, status_quo
from forecasting.ledger.outcomes import distribution, outcome_titles
from forecasting.ledger.resolve import deciding, missing, resolve, settled_by_history
from forecasting.ledger.standing import Standing
from forecasting.ledger.store import append, read_ledger
from forecasting.rules.load import load_dossier

TODAY = dt.date(2026, 11, 29)
INDEX, GAS, HELD = "ukraine-host-index-2026", "turkstream-volume-2025", "khmeimim-held-2025"


@pytest.fixture(scope="module")
def dossier():
    return load_dossier("priors")


def standing_of(folder, dossier, *questions, **changes):
    drafts = [
        forecast(q.id, contract=contract_digest(dossier, q), deadline=q.deadline.isoformat(), **changes) for q in questions
    ]  # fmt: skip
    append(folder, drafts, clock=clock(dt.datetime(2026, 11, 1, tzinfo=dt.UTC)))
    return Standing(read_ledger(folder).entries)


def test_every_question_has_two_or_more_outcomes_none_of_them_void(dossier):
    for question in dossier.questions.values():
        titles = outcome_titles(question)
        assert len(titles) >= 2
        assert VOID not in titles
        if question.form.complement:
            assert list(titles)[-1] == question.form.complement
    assert outcome_titles(dossier.questions[HELD]) == {"yes": "yes", "no": "no"}
    assert list(outcome_titles(dossier.questions[INDEX])) == ["low", "neither", "high"]
    assert outcome_titles(dossier.questions[GAS])["from-17"] == "17 to 18.5"
    events = ("border-opens", "relations-established")
    first = Question.model_validate({"id": "q-1", "title": "Which first?", "first_of": events, "at": dt.date(2027, 1, 1)})
    assert set(outcome_titles(first)) == {"none", *events}


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ({"a": 0.2, "b": 0.3, "c": 0.5}, {"a": 0.2, "b": 0.3, "c": 0.5}),
        ({"c": 0.5, "a": 0.25}, {"a": 0.25, "b": 0.25, "c": 0.5}),
        ({"a": 0.2, "b": 0.3, "c": 0.5000005}, {"a": 0.2, "b": 0.3, "c": 0.5000005}),
    ],
)
def test_a_distribution_is_in_the_order_of_the_outcomes(said, found):
    assert distribution("q", said, ("a", "b", "c")) == pytest.approx(found)
    assert list(distribution("q", said, ("a", "b", "c"))) == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"a": 0.5, "b": 0.5}, "no probability for c"),  # nothing is left for it
        ({"a": 0.6, "b": 0.5}, "no probability for c"),
        ({"a": 0.2}, "no probability for b, c"),
        ({"a": 0.2, "b": 0.3, "c": 0.500002}, "sum to 1"),
        ({"a": "0.2", "b": 0.3}, "P\\(a\\) is 0.2"),
        ({"a": float("inf"), "b": 0.3}, "P\\(a\\) is inf"),
    ],
)
def test_what_is_no_distribution_says_why(said, words):
    with pytest.raises(UsageError, match=words):
        distribution("q", said, ("a", "b", "c"))


def test_what_came_of_an_index_and_its_cases_leave_the_contract_and_its_bounds_do_not(dossier):
    question = dossier.questions[INDEX]

    def with_index(**changes):
        return question.model_copy(update={"favours": question.favours.model_copy(update=changes)})

    kept = contract_digest(dossier, question)
    assert contract_digest(dossier, with_index(cases=())) == kept
    assert contract_digest(dossier, with_index(in_network=())) == kept
    assert contract_digest(dossier, with_index(counts="Other meetings.")) != kept


def test_what_a_quantity_counts_belongs_to_the_contract_and_its_priors_do_not(dossier):
    question, series = dossier.questions[GAS], dossier.series["turkstream-europe"]

    def with_series(**changes):
        return dataclasses.replace(dossier, series={**dossier.series, series.id: series.model_copy(update=changes)})

    kept = contract_digest(dossier, question)
    assert contract_digest(with_series(note="A note.", wander=series.noise), question) == kept
    for changes in ({"title": "Gas"}, {"unit": "bcm"}, {"counted_by": "gazprom"}, {"counts_what": "Other gas."}):
        assert contract_digest(with_series(**changes), question) != kept


def test_of_two_events_in_order_the_status_quo_is_what_the_history_says(dossier):
    """Karabakh's peacekeepers left in June 2024, after Stepanakert had fallen in September 2023."""
    known = History(dossier, TODAY)
    fell, left = "stepanakert-taken", "peacekeepers-leave-early"
    on = {name: known.status(name).occurred_on for name in (fell, left)}
    assert on[fell] < on[left]

    def quo(first, second, day):
        asks = {"before": (first, second), "by": dt.date(2030, 1, 1)}
        return status_quo(dossier, Question.model_validate({"id": "q-1", "title": "In order?", "asks": asks}), day)

    early = min(on.values()) - dt.timedelta(days=1)
    assert quo(fell, left, early) == "no"  # neither has happened
    assert quo(fell, left, on[fell]) == "yes"  # the first alone
    assert quo(left, fell, on[fell]) == "no"
    assert quo(fell, left, on[left]) == "yes"
    assert quo(left, fell, on[left]) == "no"


def test_what_asks_about_no_event_has_no_status_quo(dossier):
    for name in (GAS, INDEX):
        assert status_quo(dossier, dossier.questions[name], dt.date(2026, 2, 28)) is None


def test_the_deciding_rows_are_of_its_events_known_by_then_and_no_signals(dossier):
    """Of every question of the two past editions that the history settles."""
    asked = {q for name in ("2020-11-karabakh", "2024-12-syria") for q in dossier.editions[name].questions}
    n = 0
    for name in sorted(asked):
        question = dossier.questions[name]
        outcome = outcome_of(dossier, question, TODAY)
        if outcome is None or not question.events():
            continue
        n += 1
        on, sources, partly = deciding(dossier, question, outcome, TODAY)
        assert on <= question.deadline
        rows = [row for row in dossier.history if row.source in sources and row.what != "signal"]
        assert rows, name
        first = next(d for d in sorted({row.on for row in dossier.history} | {c.published_on for c in dossier.counts})
                     if outcome_of(dossier, question, d) == outcome)  # fmt: skip
        assert on == min(first, question.deadline)
        for source in sources:
            assert any(row.source == source and row.on <= first for row in rows), (name, source)
        assert isinstance(partly, bool)
    assert n > 25


def test_on_its_deadline_a_question_lacks_what_settles_it(dossier):
    question = dossier.questions["turkish-troops-2025"]
    day = dt.timedelta(days=1)
    assert missing(dossier, question, question.deadline - day) == f"its deadline is {question.deadline}"
    assert missing(dossier, question, question.deadline).startswith("no row of the history says what became of: ")


def test_a_number_or_an_index_without_a_result_lacks_a_count_or_a_result(dossier):
    bare = dataclasses.replace(dossier, counts=())
    assert missing(bare, dossier.questions[GAS], TODAY) == "no count, and no result of an index, settles it"


def test_void_needs_a_condition_in_one_of_its_contracts(dossier, tmp_path):
    asks = {"before": ("border-opens", "relations-established"), "by": dt.date(2026, 6, 1)}
    question = Question.model_validate({"id": "q-1", "title": "In order?", "asks": asks})
    given = {"on": dt.date(2026, 5, 1), "source": "A gazette", "by": "Ann", "today": TODAY}

    def with_void(*void_if):
        events = dict(dossier.events)
        for name, words in zip(question.events(), void_if, strict=True):
            resolution = events[name].resolution.model_copy(update={"void_if": words})
            events[name] = events[name].model_copy(update={"resolution": resolution})
        return dataclasses.replace(dossier, events=events, questions={"q-1": question})

    ends = "A state ends."
    for i, (void_if, taken) in enumerate((((ends, ends), True), ((ends, ""), True), (("", ends), True), (("", ""), False))):
        other = with_void(*void_if)
        standing = standing_of(tmp_path / str(i), other, question)
        if taken:
            assert resolve(other, standing, "q-1", "void", **given)["outcome"] == "void"
        else:
            with pytest.raises(UsageError, match="no contract says when it is void"):
                resolve(other, standing, "q-1", "void", **given)


def test_a_question_that_is_gone_or_was_settled_is_passed_over_by_the_history(dossier, tmp_path):
    held = dossier.questions[HELD]
    standing = standing_of(tmp_path, dossier, held)
    assert [draft["question"] for draft in settled_by_history(dossier, standing, by="Ann", today=TODAY)] == [HELD]
    assert list(settled_by_history(dataclasses.replace(dossier, questions={}), standing, by="Ann", today=TODAY)) == []
    with pytest.raises(UsageError, match="has no question 'khmeimim-held-2025' any more"):
        resolve(
            dataclasses.replace(dossier, questions={}), standing, HELD, "yes", on=TODAY, source="A gazette", by="Ann", today=TODAY
        )
    (draft,) = settled_by_history(dossier, standing, by="Ann", today=TODAY)
    append(tmp_path, [draft], clock=clock(dt.datetime(2026, 11, 2, tzinfo=dt.UTC)))
    assert list(settled_by_history(dossier, Standing(read_ledger(tmp_path).entries), by="Ann", today=TODAY)) == []


def test_what_was_asked_under_another_contract_is_not_settled_by_the_history(dossier, tmp_path):
    append(tmp_path, [forecast(HELD)], clock=clock())
    assert list(settled_by_history(dossier, Standing(read_ledger(tmp_path).entries), by="Ann", today=TODAY)) == []


def test_the_day_of_the_deadline_and_today_are_days_on_which_it_can_have_come_about(dossier, tmp_path):
    held = dossier.questions[HELD]
    standing = standing_of(tmp_path, dossier, held)
    given = {"source": "A gazette", "by": "Ann"}
    assert resolve(dossier, standing, HELD, "yes", on=held.deadline, today=held.deadline, **given)["on"] == "2025-12-31"
    with pytest.raises(UsageError, match="still to come"):
        resolve(dossier, standing, HELD, "yes", on=held.deadline, today=held.deadline - dt.timedelta(days=1), **given)


def test_an_outcome_of_an_old_contract_stays_beside_the_new_one(dossier, tmp_path):
    held = dossier.questions[HELD]
    standing_of(tmp_path, dossier, held)
    old = outcome(HELD, "no", contract="d" * 64, on="2025-12-31")
    now = dt.datetime(2026, 11, 2, tzinfo=dt.UTC)
    (first,) = append(tmp_path, [old], clock=clock(now)).entries
    given = {"on": held.deadline, "source": "A gazette", "by": "Ann", "today": TODAY}
    draft = resolve(dossier, Standing(read_ledger(tmp_path).entries), HELD, "yes", **given)
    assert "replaces" not in draft
    (second,) = append(tmp_path, [draft], clock=clock(now)).entries
    again = Standing(read_ledger(tmp_path).entries)
    assert again.settled == {(HELD, "d" * 64): first, (HELD, second.contract): second}
    with pytest.raises(UsageError, match="--correct"):
        resolve(dossier, again, HELD, "no", correct="no", **given)
    assert resolve(dossier, again, HELD, "no", correct="yes", **given)["reason"] == "yes"


def test_the_history_settles_what_is_asked_now_beside_the_outcome_of_an_old_contract(dossier, tmp_path):
    standing_of(tmp_path, dossier, dossier.questions[HELD])
    old = outcome(HELD, "no", contract="d" * 64, on="2025-12-31")
    append(tmp_path, [old], clock=clock(dt.datetime(2026, 11, 2, tzinfo=dt.UTC)))
    (draft,) = settled_by_history(dossier, Standing(read_ledger(tmp_path).entries), by="Ann", today=TODAY)
    assert (draft["question"], draft["outcome"]) == (HELD, "yes")


@pytest.mark.parametrize("p", [1e-26, 1e-17])
def test_what_is_left_is_held_to_the_same_bounds_as_what_is_given(p):
    with pytest.raises(UsageError, match=r"P\(no\), what is left, is 1 to the last digit"):
        distribution("q", {"yes": p}, ("yes", "no"))
    assert distribution("q", {"yes": 1e-15}, ("yes", "no"))["no"] < 1
