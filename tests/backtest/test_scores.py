"""Scores of evolving forecasts, worked by hand."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from refits import BLOCKED, EDITION, point
from toy import toy_dossier

from forecasting.backtest.points import parse_point, point_text
from forecasting.backtest.scores import Came, daily_scores, outcomes, probabilities, question_scores, variant_scores
from forecasting.dossier.events import HistoryRow
from forecasting.errors import ForecastingError
from forecasting.ledger.standing import Standing

PACT, ORDER = "pact-by-2025", "ferry-order-2025"
CAME = {PACT: Came("yes", dt.date(2024, 10, 1))}


def yes(day: str, p: float, **more):
    return point(day, {PACT: {"yes": p}}, **more)


def test_a_forecast_is_weighted_by_the_days_for_which_it_stood():
    points = [yes("2024-07-01", 0.4), yes("2024-07-31", 0.7), yes("2024-10-01", 0.99)]  # 30 days, 62 days, none
    daily = daily_scores(points, CAME, toy_dossier())
    assert daily["days"].tolist() == [30, 62]
    assert daily["brier"].tolist() == pytest.approx([0.36, 0.09])
    (row,) = question_scores(daily, points, toy_dossier()).itertuples()
    assert row.brier == pytest.approx((30 * 0.36 + 62 * 0.09) / 92)
    assert row.flip_flop == pytest.approx(0.3)
    assert (row.n, row.outcome) == (2, "yes")


def test_what_the_gate_blocked_is_not_scored_and_the_forecast_before_it_stands_on():
    points = [yes("2024-07-01", 0.4), yes("2024-07-31", 0.0, gate=BLOCKED), yes("2024-08-30", 0.7)]
    daily = daily_scores(points, CAME, toy_dossier())
    assert daily["days"].tolist() == [60, 32]
    assert daily["p"].tolist() == [0.4, 0.7]
    (row,) = variant_scores(question_scores(daily, points, toy_dossier()), points).itertuples()
    assert (row.n_refits, row.n_blocked, row.n_questions, row.n_stories) == (3, 1, 1, 1)


def test_variants_are_compared_on_days_that_all_of_them_have():
    other = "without-history"
    points = [
        yes("2024-07-01", 0.4), yes("2024-07-31", 0.7), yes("2024-08-30", 0.9),
        yes("2024-07-01", 0.3, variant=other), yes("2024-07-31", 0.1, variant=other, gate=BLOCKED),
        yes("2024-08-30", 0.5, variant=other),
    ]  # fmt: skip
    daily = daily_scores(points, CAME, toy_dossier())
    assert daily.groupby("variant", sort=False)["days"].apply(list).to_dict() == {"all-evidence": [60, 32], other: [60, 32]}
    table = variant_scores(question_scores(daily, points, toy_dossier()), points).set_index("variant")
    full, less = (60 * 0.36 + 32 * 0.01) / 92, (60 * 0.49 + 32 * 0.25) / 92
    assert table.loc["all-evidence", "brier"] == pytest.approx(full)
    assert table.loc[other, "less_all"] == pytest.approx(less - full)
    assert table.loc["all-evidence", "less_all"] != table.loc["all-evidence", "less_all"]  # NaN: it has nothing to be less than


def test_a_question_that_some_variant_answers_on_no_day_is_not_scored():
    points = [yes("2024-07-01", 0.4), yes("2024-07-01", 0.3, variant="without-history", gate=BLOCKED)]
    daily = daily_scores(points, CAME, toy_dossier())
    table = variant_scores(question_scores(daily, points, toy_dossier()), points)
    assert (len(daily), table["n_questions"].tolist(), table["n_blocked"].tolist()) == (0, [0, 0], [0, 1])


def test_a_set_of_scenarios_is_scored_over_all_of_its_outcomes():
    answers = {ORDER: {"pact-no-toll": 0.5, "toll-no-pact": 0.2, "rest": 0.3}}
    moved = {ORDER: {"pact-no-toll": 0.2, "toll-no-pact": 0.2, "rest": 0.6}}
    points = [point("2024-07-01", answers), point("2024-07-31", moved)]
    daily = daily_scores(points, {ORDER: Came("rest", dt.date(2024, 8, 30))}, toy_dossier())
    assert daily["brier"].tolist() == pytest.approx([(0.25 + 0.04 + 0.49) / 2, (0.04 + 0.04 + 0.16) / 2])
    assert question_scores(daily, points, toy_dossier())["flip_flop"].tolist() == pytest.approx([0.3])


def test_a_point_is_read_back_as_it_was_with_outcomes_in_their_order():
    one = point("2024-07-01", {ORDER: {"rest": 0.3, "pact-no-toll": 0.5, "toll-no-pact": 0.2}}, gate=BLOCKED)
    again = parse_point(point_text(one).encode(), "here")
    assert again == one
    assert list(again.answers[ORDER]) == ["rest", "pact-no-toll", "toll-no-pact"]


@pytest.mark.parametrize(("old", "new"), [('"p": 0.5', '"p": 0.6'), ('"p": 0.5', '"p": 1e999'), ('"p": 0.5', '"p": "0.5"')])
def test_a_point_whose_number_was_changed_since_is_not_believed(old, new):
    text = point_text(point("2024-07-01", {ORDER: {"rest": 0.5, "pact-no-toll": 0.5}}))
    assert old in text
    with pytest.raises(ForecastingError, match=r"here: no point of a backtest .*; remove the file"):
        parse_point(text.replace(old, new, 1).encode(), "here")


def test_a_question_that_may_be_void_is_scored_given_that_it_is_not():
    question = toy_dossier().questions[PACT]
    both = point("2024-07-01", {PACT: {"yes": 0.4, "void": 0.1}}).answers[PACT]
    assert probabilities(question, both) == pytest.approx({"yes": 0.4, "no": 0.6})


def test_outcomes_come_from_the_history_up_to_its_end_and_never_after_the_deadline():
    row = HistoryRow(on=dt.date(2024, 10, 1), event="pact-signed", what="occurred", source="made up", status="confirmed")
    quiet = HistoryRow(on=dt.date(2026, 2, 1), event="quay-closed", what="survived", source="made up", status="confirmed")
    dossier = replace(toy_dossier(), history=(*toy_dossier().history, row, quiet))
    found = outcomes(dossier, dossier.editions[EDITION].questions, Standing(()))
    assert found[PACT] == Came("yes", dt.date(2024, 10, 1))
    assert found["quay-by-2025"] == Came("no", dt.date(2025, 12, 31))
    assert "toll-by-2025" not in found
    assert outcomes(toy_dossier(), dossier.editions[EDITION].questions, Standing(())) == {}


def test_where_nothing_is_settled_there_is_nothing_to_score():
    points = [yes("2024-07-01", 0.4)]
    daily = daily_scores(points, {}, toy_dossier())
    (row,) = variant_scores(question_scores(daily, points, toy_dossier()), points).itertuples()
    assert (len(daily), row.n_questions, row.n_refits) == (0, 0, 1)
