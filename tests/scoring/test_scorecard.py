"""What of a ledger is scored, and what a card says of it."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from ledgers import clock, forecast, outcome
from scored_ledgers import TODAY, ledger_of, settled

from forecasting.errors import UsageError
from forecasting.ledger.standing import Standing
from forecasting.ledger.store import append, read_ledger
from forecasting.rules.load import load_dossier
from forecasting.scoring.record import as_json, record_of
from forecasting.scoring.scorecard import scorecard
from forecasting.scoring.scored import counts, scored
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
