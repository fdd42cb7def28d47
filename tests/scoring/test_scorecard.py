"""What of a ledger is scored, and what a card says of it."""

from __future__ import annotations

import datetime as dt
import json
import math

import numpy as np
import pandas as pd
import pytest
from ledgers import clock, forecast, outcome
from scored_ledgers import TODAY, ledger_of, settled

from forecasting.errors import UsageError
from forecasting.ledger.standing import Standing
from forecasting.ledger.store import append, read_ledger
from forecasting.rules.load import load_dossier
from forecasting.scoring.record import as_json, record_of
from forecasting.scoring.scorecard import scorecard, scorecards
from forecasting.scoring.scored import COLUMNS, counts, scored, story_numbers
from forecasting.scoring.uncertainty import more_needed
from forecasting.scoring.words import parts, population, states_line, verdict


@pytest.fixture(scope="module")
def dossier():
    return load_dossier("priors")


def test_only_what_was_open_and_is_settled_is_scored(tmp_path, dossier):
    ledger = ledger_of(
        tmp_path,
        *settled("a", 0.3, "yes"),
        *settled("b", 0.3, "void"),
        *settled("c", 0.3, "ambiguous"),
        forecast("d", deadline="2029-01-01"),
        forecast("e"),
        forecast("f", late=True), outcome("f", "yes", on="2027-05-01"),
        forecast("g"), outcome("g", "no", on="2026-02-01"),
        forecast("h"), outcome("h", "no", on="2027-05-01", contract="d" * 64),
    )  # fmt: skip
    standing = Standing(ledger.entries)
    (count,) = counts(standing, TODAY)
    assert {name: list(ids) for name, ids in count.states.items()} == {
        "scored": ["a"], "void": ["b"], "ambiguous": ["c"], "open": ["d"], "unresolved": ["e"], "late": ["f"], "known": ["g"],
        "changed": ["h"],
    }  # fmt: skip
    assert set(scored(standing, dossier, TODAY)["question"]) == {"a"}
    assert states_line(count).startswith("8 issued: 1 scored, 1 still open, 1 past")


def test_forecasters_are_scored_on_what_they_gave_the_outcome(tmp_path, dossier):
    table = scored(Standing(ledger_of(tmp_path, *settled("a", 0.3, "yes")).entries), dossier, TODAY).set_index("forecaster")
    assert table["brier"].to_dict() == pytest.approx({"model": 0.49, "status-quo": 0.9025, "even": 0.25})
    assert table["p"].to_dict() == pytest.approx({"model": 0.3, "status-quo": 0.05, "even": 0.5})


def test_on_its_deadline_a_question_is_open(tmp_path, dossier):
    standing = Standing(ledger_of(tmp_path, forecast("a", deadline=TODAY.isoformat())).entries)
    assert [list(count.states) for count in counts(standing, TODAY)] == [["open"]]
    assert [list(count.states) for count in counts(standing, TODAY + dt.timedelta(days=1))] == [["unresolved"]]


def test_forecasts_are_counted_by_edition_and_standing_and_those_of_others_not_at_all(tmp_path, dossier):
    ledger = ledger_of(
        tmp_path, *settled("a", 0.3, "yes"), *settled("b", 0.3, "no"), forecast("a", edition="summer"),
        forecast("c", forecaster="market"), forecast("d", standing="reconstructed", why="coded later"),
    )  # fmt: skip
    found = counts(Standing(ledger.entries), TODAY)
    assert [(count.edition, count.standing, count.n_issued, count.states) for count in found] == [
        ("spring", "live", 2, {"scored": ("a", "b")}),
        ("summer", "live", 1, {"scored": ("a",)}),
        ("spring", "reconstructed", 1, {"unresolved": ("d",)}),
    ]


def test_a_layer_is_scored_as_it_sums_to_one_and_only_where_every_outcome_has_it(tmp_path, dossier):
    """Three outcomes of which a layer gave two thirds to being void: what it gave the rest is brought to one."""
    names = ("x", "y", "z")
    whole = [{"id": i, "title": i, "p": p, "base_p": b, "prior_p": b / 2}
             for i, p, b in zip(names, (0.2, 0.5, 0.3), (0.1, 0.2, 0.1), strict=True)]  # fmt: skip
    part = [dict(whole[0]), dict(whole[1]), {"id": "z", "title": "z", "p": 0.3, "base_p": 0.1}]
    given = {"kind": "stages", "status_quo": "z"}
    drafts = [forecast("a", outcomes=whole, **given), forecast("b", outcomes=part, **given)]
    drafts += [outcome(name, "y", on="2027-05-01") for name in ("a", "b")]
    table = scored(Standing(ledger_of(tmp_path, *drafts).entries), dossier, TODAY)
    by = {name: own.set_index("forecaster") for name, own in table.groupby("question")}
    assert list(by["a"].index) == ["model", "prior", "base", "status-quo", "even"]
    assert list(by["b"].index) == ["model", "base", "status-quo", "even"]
    assert by["a"]["p"].to_list() == pytest.approx([0.5, 0.5, 0.5, 0.025, 1 / 3])
    assert by["a"]["brier"].to_list() == pytest.approx([
        (0.2**2 + 0.5**2 + 0.3**2) / 2, (0.25**2 + 0.5**2 + 0.25**2) / 2, (0.25**2 + 0.5**2 + 0.25**2) / 2,
        (0.025**2 + 0.975**2 + 0.95**2) / 2, (2 / 9 + 4 / 9) / 2,
    ])  # fmt: skip
    assert by["a"]["ranked"].to_list() == pytest.approx([
        (0.2**2 + 0.3**2) / 2, 0.25**2, 0.25**2, (0.025**2 + 0.95**2) / 2, 1 / 9
    ])  # fmt: skip
    assert by["a"]["log"]["even"] == pytest.approx(math.log(3))


def test_a_question_that_the_dossier_lacks_is_a_story_of_its_own_and_one_story_is_told_once(tmp_path, dossier):
    held = ("khmeimim-held-2025", "khmeimim-held-2026")
    numbers = story_numbers(["gone", held[0], "gone-too", held[1], "gone"], dossier)
    assert numbers == {"gone": 0, held[0]: 1, "gone-too": 2, held[1]: 1}
    assert story_numbers([], dossier) == {}


def shares(p: float, base: float) -> list[dict]:
    return [
        {"id": "yes", "title": "yes", "p": p, "base_p": base, "prior_p": base},
        {"id": "no", "title": "no", "p": 1 - p, "base_p": 1 - base, "prior_p": 1 - base},
    ]


def test_skill_and_its_interval_are_against_base_rates(tmp_path, dossier):
    drafts = []
    for i in range(12):
        came = "yes" if i % 2 else "no"
        drafts += settled(f"q-{i}", 0.0, came, outcomes=shares(0.8 if came == "yes" else 0.2, 0.5))
    card = record_of(ledger_of(tmp_path, *drafts), dossier, TODAY).edition("spring")
    line = card.line("model")
    assert (card.n, card.n_stories) == (12, 12)
    assert line.brier.mean == pytest.approx(0.04)
    assert line.skill == pytest.approx(1 - 0.04 / 0.25)
    assert line.against_base.high < 0
    assert "better than base rates" in verdict(card)
    assert population(card) == "12 questions in 12 stories"
    assert "12 recalibrated" in parts(card)


def row(question, forecaster="model", brier=0.2, **changes):
    """A row of the table of scores, of a yes/no question that came to yes unless it says otherwise."""
    given = {
        "record": 1, "edition": "spring", "question": question, "title": question, "theme": "", "kind": "yes/no",
        "standing": "live", "forecaster": forecaster,
        "as_of": None, "deadline": None, "outcome": "yes", "on": None, "no_report": False,
        "story": int(question[1:]), "p": 0.6, "brier": brier, "log": 0.5, "ranked": np.nan, "issued_on": None,
    }  # fmt: skip
    assert set(changes) <= set(given)
    return given | changes


def table_of(*rows):
    return pd.DataFrame(rows, columns=list(COLUMNS))


def test_skill_is_over_the_questions_that_both_have_and_of_base_rates_there_is_none():
    table = table_of(
        row("q1", brier=0.1), row("q2", brier=0.3), row("q3", brier=0.9), row("q1", "base", 0.2), row("q2", "base", 0.6),
        row("q2", "market", 0.15), row("q1", edition="summer", brier=0.8),
    )  # fmt: skip
    card = scorecard(table, "all")
    assert [line.forecaster for line in card.lines] == ["model", "market", "base"]
    model, market, base = card.lines
    assert (model.skill, market.skill, base.skill) == (pytest.approx(0.5), pytest.approx(0.75), None)
    assert (model.against_base.mean, model.against_base.n) == (pytest.approx(-0.2), 2)
    assert (market.against_base.mean, base.against_base, base.more) == (pytest.approx(-0.45), None, None)
    assert (model.brier.n, model.brier.mean) == (4, pytest.approx(0.525))
    assert (card.n, card.n_stories, card.n_shared) == (4, 3, 1)
    assert (model.title, base.title) == ("model", "base rates alone")
    assert card.line("market") is market
    assert card.line("nobody") is None


def test_beside_base_rates_that_were_never_wrong_there_is_a_difference_and_no_skill():
    card = scorecard(table_of(row("q1", brier=0.1), row("q1", "base", 0.0)), "all")
    assert (card.line("model").skill, card.line("model").against_base.mean) == (None, pytest.approx(0.1))
    alone = scorecard(table_of(row("q1"), row("q2", "base", 0.1)), "all")
    assert (alone.line("model").skill, alone.line("model").against_base, alone.line("model").more) == (None, None, None)


def test_how_many_more_stories_it_takes_stands_in_the_line_and_questions_are_drawn_one_by_one_beside():
    gains = (-0.05, 0.03, -0.06, -0.02, 0.04, -0.03)
    rows = [row(f"q{i}", brier=0.25 + g, story=i) for i, g in enumerate(gains)]
    rows += [row(f"q{i}", "base", 0.25, story=i) for i in range(6)]
    line = scorecard(table_of(*rows), "all").line("model")
    assert line.more == more_needed(list(gains), list(range(6)))
    assert line.more > 0
    assert line.by_question == line.brier  # each a story of its own
    joined = scorecard(table_of(*({**one, "story": one["story"] // 2} for one in rows)), "all").line("model")
    assert (joined.by_question, joined.brier.clusters, joined.by_question.clusters) == (line.by_question, 3, 6)
    assert joined.log.clusters == 3
    assert joined.more is None  # of three stories nothing is said


def test_ranked_scores_are_shown_of_those_who_speak_of_all_questions_in_order():
    level = {"kind": "level", "outcome": "from-17"}
    table = table_of(
        row("q1", ranked=0.1, **level), row("q2", ranked=0.3, **level), row("q3"), row("q1", "base", ranked=0.2, **level),
        row("q2", "base", ranked=0.4, **level), row("q1", "market", ranked=0.0, **level), row("q3", "even"),
    )  # fmt: skip
    card = scorecard(table, "all")
    assert card.line("model").ranked.mean == pytest.approx(0.2)
    assert card.line("model").ranked.n == 2
    assert card.line("base").ranked.mean == pytest.approx(0.3)
    assert (card.line("market").ranked, card.line("even").ranked) == (None, None)
    unordered = scorecard(table_of(row("q1"), row("q1", "base")), "all")
    assert [line.ranked for line in unordered.lines] == [None, None]


def test_reliability_and_sharpness_are_of_the_models_yes_or_no():
    level = {"kind": "level", "outcome": "from-17", "p": 0.05}
    table = table_of(
        row("q1", p=0.9), row("q2", p=0.7, outcome="no"), row("q3", **level), row("q1", "market", p=0.1),
        row("q4", "market", p=0.1), row("q5", p=0.6, no_report=True),
    )  # fmt: skip
    card = scorecard(table, "all")
    assert card.reliability.p.tolist() == pytest.approx([0.3, 0.6, 0.9])
    assert card.reliability.came.tolist() == [0, 1, 1]
    assert card.sharpness == pytest.approx((0.4 + 0.2 + 0.1) / 3)
    assert (card.n, card.n_stories, card.n_no_report) == (4, 4, 1)
    two = scorecard(table[:2], "all")
    assert len(two.reliability.p) == 2
    one = scorecard(table[:1], "all")
    assert (one.reliability, one.sharpness) == (None, pytest.approx(0.4))
    none = scorecard(table[2:3], "all")
    assert (none.reliability, none.sharpness) == (None, None)


def test_without_the_model_each_question_of_an_edition_counts_once():
    table = table_of(
        row("q1", "market"), row("q1", "base"), row("q2", "base"), row("q1", "base", edition="summer"), row("q3", "ann")
    )  # fmt: skip
    card = scorecard(table, "all")
    assert (card.n, card.n_stories, card.n_shared) == (4, 3, 1)
    assert [line.forecaster for line in card.lines] == ["market", "ann", "base"]


def test_a_standing_of_several_editions_has_a_card_of_all_and_live_comes_first():
    table = table_of(
        row("q1", standing="reconstructed", edition="b"), row("q2", edition="d"), row("q3", edition="c"), row("q4", edition="d"),
    )  # fmt: skip
    found = [(card.title, card.standing, card.n) for card in scorecards(table)]
    assert found == [("d", "live", 2), ("c", "live", 1), ("all editions", "live", 3), ("b", "reconstructed", 1)]
    with pytest.raises(UsageError, match="spring: no forecast is scored yet"):
        scorecard(table[:0], "spring")


def test_live_and_reconstructed_are_never_one_card(tmp_path, dossier):
    ledger = ledger_of(tmp_path, *settled("a", 0.3, "yes"), *settled("b", 0.3, "no", standing="reconstructed", why="coded later"))
    record = record_of(ledger, dossier, TODAY)
    cards = [(card.title, card.standing, card.n) for card in record.cards]
    assert cards == [("spring", "live", 1), ("spring", "reconstructed", 1)]
    with pytest.raises(UsageError, match="never scored together"):
        scorecard(record.table, "both")


def test_a_correction_counts_only_before_the_outcome(tmp_path, dossier):
    ledger = ledger_of(tmp_path / "a", forecast("a", 0.3), forecast("b", 0.3), outcome("a", "yes", on="2027-05-01"))
    first, second = ledger.entries[0], ledger.entries[1]
    later = [
        forecast("a", 0.9, replaces=first.digest, reason="a better model"),
        forecast("b", 0.9, replaces=second.digest, reason="a slip of the pen"),
    ]
    append(tmp_path / "a", later, clock=clock(dt.datetime(2028, 2, 1, tzinfo=dt.UTC)))
    standing = Standing(read_ledger(tmp_path / "a", now=dt.datetime(2028, 6, 1, tzinfo=dt.UTC)).entries)
    stands = {(entry.question, entry.outcomes[0].p) for entry in standing.forecasts}
    assert ("a", 0.3) in stands  # it was known: what was said is scored as it was said
    assert ("b", 0.9) in stands
    assert ("b", 0.3) not in stands


def test_a_live_forecast_is_not_taken_back_once_the_outcome_has_come_about(tmp_path):
    day = dt.datetime(2028, 1, 5, tzinfo=dt.UTC)
    (first,) = append(tmp_path, [forecast("a", 0.3)], clock=clock()).entries
    append(tmp_path, [{"entry": "retraction", "retracts": first.digest, "by": "Ann", "reason": "it looks bad"}], clock=clock(day))
    append(tmp_path, [outcome("a", "yes", on="2027-05-01")], clock=clock(day + dt.timedelta(days=1)))
    standing = Standing(read_ledger(tmp_path, now=dt.datetime(2028, 6, 1, tzinfo=dt.UTC)).entries)
    assert [entry.digest for entry in standing.forecasts] == [first.digest]


def test_a_live_forecast_is_not_replaced_by_a_reconstructed_one(tmp_path):
    (first,) = append(tmp_path, [forecast("a", 0.3)], clock=clock()).entries
    later = forecast("a", 0.9, replaces=first.digest, reason="a slip", standing="reconstructed", why="too late")
    append(tmp_path, [later], clock=clock(dt.datetime(2026, 6, 1, tzinfo=dt.UTC)))
    standing = Standing(read_ledger(tmp_path, now=dt.datetime(2028, 6, 1, tzinfo=dt.UTC)).entries)
    assert first.digest in {entry.digest for entry in standing.forecasts}


def test_the_record_for_machines_is_json(tmp_path, dossier):
    record = record_of(ledger_of(tmp_path, *settled("a", 0.3, "yes"), *settled("b", 0.6, "yes")), dossier, TODAY)
    value = json.loads(json.dumps(as_json(record), allow_nan=False))
    assert value["head"] == str(record.head)
    assert value["cards"][0]["forecasters"][0]["brier"]["n"] == 2
    assert (value["schema"], value["on"]) == (1, TODAY.isoformat())
    card, (own, *_) = value["cards"][0], record.cards[0].lines
    assert {name: card[name] for name in ("title", "standing", "n", "stories", "no_report", "sharpness")} == {
        "title": "spring", "standing": "live", "n": 2, "stories": 2, "no_report": 0, "sharpness": pytest.approx(0.15)
    }  # fmt: skip
    curve = record.cards[0].reliability
    assert card["reliability"] == {
        "miscalibration": curve.miscalibration, "resolution_term": curve.discrimination, "uncertainty": curve.uncertainty,
        "n_outside": curve.n_outside,
    }  # fmt: skip
    assert [line["forecaster"] for line in card["forecasters"]] == [line.forecaster for line in record.cards[0].lines]
    line = card["forecasters"][0]
    assert line["by_question"] == {
        "mean": own.by_question.mean, "low": own.by_question.low, "high": own.by_question.high, "n": own.by_question.n
    }  # fmt: skip
    assert (line["ranked"], line["skill"], line["against_base"], line["more_stories"]) == (None, None, None, None)
    assert value["counts"] == [{"edition": "spring", "standing": "live", "scored": ["a", "b"]}]
    assert [row["brier"] for row in value["scored"]] == record.table["brier"].to_list()
    assert {row["ranked"] for row in value["scored"]} == {None}
    assert {(row["on"], row["as_of"], row["deadline"], row["issued_on"]) for row in value["scored"]} == {
        ("2027-05-01", "2026-02-28", "2027-12-31", "2026-03-01")
    }
    assert [row["first"] for row in value["evolving"]] == ["2026-03-01", "2026-03-01"]


def test_a_record_lists_the_worst_first_and_what_waits_for_an_outcome(tmp_path, dossier):
    drafts = [
        *settled("a", 0.6, "yes"), *settled("b", 0.3, "yes", outcomes=shares(0.3, 0.2)),
        *settled("c", 0.5, "yes", edition="summer"), forecast("gone"),
        forecast("treaty-signed-2025", deadline="2025-12-31", as_of="2025-06-01"),
        forecast("treaty-signed-2026", deadline="2029-12-31"),
    ]  # fmt: skip
    record = record_of(ledger_of(tmp_path, *drafts), dossier, TODAY)
    assert record.questions()["question"].to_list() == ["b", "c", "a"]
    assert record.questions("spring")["question"].to_list() == ["b", "a"]
    base = record.questions("spring")["base_brier"].to_list()
    assert (base[0], math.isnan(base[1])) == (pytest.approx(0.64), True)
    assert set(record.questions()["forecaster"]) == {"model"}
    assert set(record.waiting) == {"treaty-signed-2025"}
    assert (record.edition("summer").n, record.edition("autumn")) == (1, None)
    empty = record_of(ledger_of(tmp_path / "none", forecast("a", deadline="2029-01-01")), dossier, TODAY)
    assert (empty.cards, dict(empty.waiting), as_json(empty)["cards"]) == ((), {}, [])


def test_what_was_scored_stays_scored_when_its_question_is_asked_anew_and_resolved(tmp_path, dossier):
    def based(p, came):
        said, became = settled("a", p, came)
        return {**said, "outcomes": [{**share, "base_p": 0.5} for share in said["outcomes"]]}, became

    first = based(0.3, "yes")
    kept = scored(Standing(ledger_of(tmp_path / "a", *first).entries), dossier, TODAY)
    other = [{**draft, "contract": "d" * 64} for draft in based(0.9, "no")]
    both = record_of(ledger_of(tmp_path / "b", *first, *other), dossier, TODAY)
    same = both.table[both.table["record"] == 1].reset_index(drop=True)
    assert len(kept) == len(same) > 0
    assert kept["p"].tolist() == same["p"].tolist()
    assert both.counts[0].states == {"scored": ("a", "a")}
    assert both.cards[0].line("model").brier.n == both.cards[0].line("base").brier.n == 2


def test_a_correction_after_the_outcome_takes_no_forecast_out_of_the_score(tmp_path, dossier):
    (first,) = append(tmp_path, [forecast("a", 0.3)], clock=clock()).entries
    later = [forecast("a", 0.9, replaces=first.digest, reason="a slip"), outcome("a", "yes", on="2027-05-01")]
    append(tmp_path, later, clock=clock(dt.datetime(2028, 1, 5, tzinfo=dt.UTC)))
    standing = Standing(read_ledger(tmp_path, now=dt.datetime(2028, 6, 1, tzinfo=dt.UTC)).entries)
    table = scored(standing, dossier, TODAY)
    assert table[table["forecaster"] == "model"]["p"].tolist() == [0.3]
