"""Ranked scores and CRPS of what a ledger holds: of stages, sides, ranges and quantiles, beside a plain forecaster."""

from __future__ import annotations

import dataclasses
import datetime as dt

import numpy as np
import pytest
from ledgers import clock, forecast, outcome
from numbers_forecast import GAS, LATER, PEOPLE, P, came, level, quantiles, shares
from scored_ledgers import TODAY

from forecasting.dossier.questions import Question
from forecasting.errors import UsageError
from forecasting.ledger.others import RESERVED
from forecasting.ledger.standing import Standing
from forecasting.ledger.store import append, read_ledger
from forecasting.rules.load import load_dossier
from forecasting.scoring.ordered import PLAIN, lacking, means, ordered_scores
from forecasting.scoring.ordered_words import OrderedRow, amount, groups, populations
from forecasting.scoring.ranges import ranges_of_walk


@pytest.fixture(scope="module")
def dossier():
    return load_dossier("priors")


def scores_of(folder, dossier, *drafts):
    append(folder, list(drafts), clock=clock(LATER))
    return ordered_scores(Standing(read_ledger(folder, now=LATER).entries), dossier, TODAY)


def test_a_number_is_scored_by_its_ranges_beside_a_random_walk(tmp_path, dossier):
    table = scores_of(tmp_path, dossier, level(dossier), came(dossier, value=17.75)).set_index("forecaster")
    assert list(table.index) == ["model", "even", "walk"]
    assert (table["value"] == 17.75).all()
    assert set(table["unit"]) == {"billion cubic metres"}
    below = [0.1, 0.3, 0.6, 0.85]
    assert table["ranked"]["model"] == pytest.approx((sum(f**2 for f in below[:3]) + 0.15**2) / 4)
    # F rises in straight lines; 17.75 is the middle of its range, where F is 0.725
    pieces = [(14, 15.75, 0.1, 0.3), (15.75, 17, 0.3, 0.6), (17, 17.75, 0.6, 0.725), (17.75, 18.5, -0.275, -0.15)]
    crps = sum((b - a) * (f * f + f * g + g * g) / 3 for a, b, f, g in pieces)
    assert table["crps"]["model"] == pytest.approx(crps)
    assert table["share"]["model"] == pytest.approx(crps / 4.5)
    walk = ranges_of_walk(dossier.edition("2024-12-syria"), dossier.questions[GAS])
    assert table["ranked"]["walk"] == pytest.approx(sum((sum(walk[: k + 1]) - (k >= 3)) ** 2 for k in range(4)) / 4)
    assert table["crps_quantiles"].isna().all()


def test_layers_of_the_model_are_scored_too_and_a_person_has_no_walk(tmp_path, dossier):
    drafts = [
        level(dossier, outcomes=shares(base_p=0.2, prior_p=0.2)), level(dossier, forecaster="judgement:ann"), came(dossier)
    ]  # fmt: skip
    table = scores_of(tmp_path, dossier, *drafts)
    assert table["forecaster"].to_list() == ["model", "prior", "base", "even", "walk", "judgement:ann"]
    by = table.set_index("forecaster")["crps"]
    assert by["base"] == pytest.approx(by["even"])
    assert by["judgement:ann"] == pytest.approx(by["model"])


def test_a_value_that_the_ledger_lacks_is_that_of_the_count_that_was_public_then(tmp_path, dossier):
    table = scores_of(tmp_path / "a", dossier, level(dossier), came(dossier))
    assert set(table["value"]) == {18.0}
    table = scores_of(tmp_path / "b", dossier, level(dossier), came(dossier, what="from-14"))  # no count lies there
    assert table["value"].isna().all()
    assert table[["crps", "share"]].isna().all(axis=None)
    assert table["ranked"].notna().all()
    append(tmp_path / "c", [level(dossier), came(dossier)], clock=clock(dt.datetime(2026, 2, 1, tzinfo=dt.UTC)))
    early = ordered_scores(Standing(read_ledger(tmp_path / "c", now=LATER).entries), dossier, TODAY)  # the count is of 2 February
    assert early["value"].isna().all()


def test_quantiles_stand_on_the_scale_of_ranges_and_by_themselves(tmp_path, dossier):
    said = [(0.05, 13.0), (0.25, 15.0), (0.5, 17.0), (0.75, 19.0), (0.95, 21.0)]
    table = scores_of(tmp_path, dossier, level(dossier, **quantiles(said)), came(dossier, value=18.0))
    (row,) = table.itertuples()
    assert row.forecaster == "panel"
    below = [0.15, 0.34375, 0.5, 0.6875]  # straight lines between 13, 15, 17 and 19
    assert row.ranked == pytest.approx((sum(f**2 for f in below[:3]) + (1 - below[3]) ** 2) / 4)
    pinball = [2 * (a - (x > 18)) * (18 - x) for a, x in said]
    assert row.crps_quantiles == pytest.approx(sum(pinball) / 5)


def test_quantiles_of_a_question_that_is_asked_otherwise_now_have_no_score(tmp_path, dossier):
    said = quantiles([(0.1, 13.0), (0.5, 17.0), (0.9, 19.0)], contract="d" * 64)
    assert scores_of(tmp_path, dossier, level(dossier, **said), came(dossier, contract="d" * 64)).empty


@pytest.mark.parametrize(
    "changes",
    [
        {"outcomes": shares(P, ("below", "from-13", "from-15-75", "from-17", "from-18-5"))},  # other edges then
        {"deadline": "2025-12-30"},
    ],
)
def test_ranges_that_were_asked_otherwise_have_a_ranked_score_and_no_crps(tmp_path, dossier, changes):
    table = scores_of(tmp_path, dossier, level(dossier, **changes), came(dossier, value=18.0))
    assert table["ranked"].notna().all()
    assert table["crps"].isna().all()
    assert "walk" not in set(table["forecaster"])


def test_a_question_or_edition_that_the_dossier_has_no_more_is_scored_as_far_as_it_goes(tmp_path, dossier):
    gone = dataclasses.replace(dossier, questions={}, editions={})
    table = scores_of(tmp_path / "a", gone, level(dossier), came(dossier, value=18.0))
    assert table["ranked"].notna().all()
    assert table["crps"].isna().all()
    one = dataclasses.replace(dossier, editions={})
    table = scores_of(tmp_path / "b", one, level(dossier), came(dossier, value=18.0))
    assert table["forecaster"].to_list() == ["model", "even"]
    assert table["crps"].notna().all()


@pytest.mark.parametrize(("edges", "crps"), [((17.0,), None), ((16.0, 18.0), 2 * (0.2**2 + 0.2 * 0.6 + 0.6**2) / 3)])
def test_a_number_between_two_edges_has_a_crps_and_one_beside_a_single_edge_has_none(tmp_path, dossier, edges, crps):
    stated = {**dossier.questions[GAS].level.model_dump(), "edges": edges}
    asked = Question.model_validate({"id": GAS, "title": "How much gas?", "level": stated})
    other = dataclasses.replace(dossier, questions={**dossier.questions, GAS: asked})
    ids = ("below", *(f"from-{edge:g}" for edge in edges))
    p = (0.2, 0.8) if len(edges) == 1 else (0.2, 0.4, 0.4)
    table = scores_of(tmp_path, other, level(other, outcomes=shares(p, ids)), came(other, what=ids[-1], value=18.0))
    by = table.set_index("forecaster")
    assert list(by.index) == ["model", "even", "walk"]
    assert by["value"].to_list() == [18.0] * 3
    assert by["ranked"]["model"] == pytest.approx(0.04 if crps is None else (0.2**2 + 0.6**2) / 2)
    assert by["crps"]["model"] == pytest.approx(np.nan if crps is None else crps, nan_ok=True)
    assert by["share"]["model"] == pytest.approx(np.nan if crps is None else crps / 2, nan_ok=True)


def test_an_outcome_that_the_ranges_of_quantiles_have_not_is_passed_over(tmp_path, dossier):
    said = quantiles([(0.1, 13.0), (0.5, 17.0), (0.9, 19.0)])
    assert scores_of(tmp_path, dossier, level(dossier, **said), came(dossier, what="from-12", value=12.5)).empty


def test_stages_have_a_ranked_score_and_yes_or_no_has_none(tmp_path, dossier):
    stages = forecast("a", kind="stages", outcomes=shares((0.2, 0.5, 0.3), ("none", "one", "two")), status_quo="none")
    outcomes = [outcome("a", "one", on="2026-03-02"), outcome("b", on="2026-03-02")]
    assert scores_of(tmp_path, dossier, stages, forecast("b"), *outcomes).empty  # said on the day on which it came
    append(tmp_path / "b", [stages, forecast("b")], clock=clock())
    append(tmp_path / "b", outcomes, clock=clock(LATER))
    table = ordered_scores(Standing(read_ledger(tmp_path / "b", now=LATER).entries), dossier, TODAY)
    by = table.set_index("forecaster")
    assert set(table["question"]) == {"a"}
    assert by["ranked"]["model"] == pytest.approx((0.2**2 + 0.3**2) / 2)
    assert by["ranked"]["status-quo"] == pytest.approx((0.95**2 + 0.025**2) / 2)


def test_means_are_over_the_questions_of_the_model_alone(tmp_path, dossier):
    people = shares(P, ("below", "from-1800000", "from-2200000", "from-2500000", "from-2800000"))
    drafts = [
        level(dossier), level(dossier, PEOPLE, outcomes=people), level(dossier, forecaster="ann"),
        came(dossier, value=18.0), came(dossier, PEOPLE, "from-2200000", value=2_329_547),
    ]  # fmt: skip
    table = scores_of(tmp_path, dossier, *drafts)
    found = means(table).set_index("forecaster")
    assert found["n"].to_dict() == {"model": 2, "even": 2, "walk": 2, "ann": 1}
    own = table[table["forecaster"] == "model"]
    assert found["ranked"]["model"] == pytest.approx(own["ranked"].mean())
    assert found["share"]["model"] == pytest.approx(own["share"].mean())
    assert found.loc["ann"].isna().to_dict() == {"n": False, "ranked": True, "n_numbers": False, "share": True}
    with pytest.raises(UsageError, match="no question"):
        means(table[:0])
    with pytest.raises(UsageError, match="never scored together"):
        means(table.assign(standing=["live", *["reconstructed"] * (len(table) - 1)]))
    alone = means(table[table["forecaster"] == "ann"])
    assert alone["ranked"].notna().all()


def test_what_is_shown_is_each_question_and_then_the_means(tmp_path, dossier):
    people = shares(P, ("below", "from-1800000", "from-2200000", "from-2500000", "from-2800000"))
    drafts = [
        level(dossier), level(dossier, PEOPLE, outcomes=people), level(dossier, forecaster="ann"),
        came(dossier, value=18.0), came(dossier, PEOPLE, "from-2200000", value=2_329_547),
    ]  # fmt: skip
    ((edition, standing, own),) = populations(scores_of(tmp_path, dossier, *drafts))
    assert (edition, standing) == ("2024-12-syria", "reconstructed")
    gas, number, mean = groups(own)
    assert (gas.question, gas.came, len(gas.rows)) == (GAS, "18 billion cubic metres", 4)
    assert number.came == "2,329,547 people"
    assert (mean.question, mean.came) == ("", "mean of 2 ranked scores, and of 2 numbers")
    assert [row.forecaster for row in mean.rows] == ["model", "even odds", "random walk with drift"]
    assert mean.rows[0].crps == ""
    only = groups(own[own["question"] == GAS])
    assert len(only) == 1  # a mean of one question is its score
    first = own.iloc[0]
    row = OrderedRow("model", f"{first['ranked']:.3f}", f"{first['crps']:.3g}", f"{first['share']:.3f}")
    assert only[0].rows[0] == row
    assert amount(1234.6) == "1,230"


def test_what_has_no_score_says_what_is_missing(tmp_path, dossier):
    other = shares(P, ("below", "from-1800000", "from-2200000", "from-2500000", "from-2800000"))
    sides = {"kind": "sides", "outcomes": shares((0.2, 0.5, 0.3), ("low", "neither", "high"))}
    drafts = [
        level(dossier), came(dossier, what="from-14"), level(dossier, PEOPLE, outcomes=other, forecaster="ann"),
        forecast("s-1", deadline="2029-05-01", **sides), forecast("s-2", deadline="2029-02-01", **sides),
        forecast("s-3", deadline="2027-02-01", **sides), forecast("s-4", **sides), outcome("s-4", "low", contract="d" * 64),
    ]  # fmt: skip
    append(tmp_path, drafts, clock=clock(LATER))
    lines = lacking(Standing(read_ledger(tmp_path, now=LATER).entries), dossier, TODAY)
    assert lines[0] == "sides of a balance: none of 4 scored; 2 open, 1 unresolved, 1 changed, the first until 2029-02-01"
    assert lines[1] == "stages: nothing was forecast by the model"
    assert lines[2].startswith(f"{GAS}: no CRPS, for no number is known of from-14; resolve it with --value NUMBER")
    assert len(lines) == 3  # every level of the model is scored


def test_where_some_are_scored_the_rest_is_counted_and_where_all_are_nothing_is_said(tmp_path, dossier):
    sides = {"kind": "sides", "outcomes": shares((0.2, 0.5, 0.3), ("low", "neither", "high"))}
    stages = {"kind": "stages", "outcomes": shares((0.2, 0.5, 0.3), ("none", "one", "two"))}
    drafts = [
        forecast("s-1", **sides), forecast("s-2", deadline=TODAY.isoformat(), **sides),
        forecast("s-3", forecaster="ann", **sides), forecast("t-1", **stages), forecast("late", late=True, **stages),
    ]  # fmt: skip
    append(tmp_path, drafts, clock=clock())
    settled = [outcome("s-1", "low", on="2026-03-02"), outcome("t-1", "one", on="2026-03-02")]
    append(tmp_path, settled, clock=clock(LATER))
    lines = lacking(Standing(read_ledger(tmp_path, now=LATER).entries), dossier, TODAY)
    assert lines == [
        "numbers in ranges: nothing was forecast by the model",
        f"sides of a balance: 1 of 2 scored; 1 open, the first until {TODAY}",
        "stages: 1 of 2 scored; 1 late",
    ]


def test_names_of_plain_forecasters_are_nobody_elses():
    assert set(PLAIN) < set(RESERVED)
