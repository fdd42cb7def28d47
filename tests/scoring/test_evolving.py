"""A forecast that was renewed is scored over the days on which each of its numbers stood."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from ledgers import clock, forecast, outcome
from scored_ledgers import TODAY, ledger_of, settled

from forecasting.ledger.standing import Standing
from forecasting.ledger.store import append, read_ledger
from forecasting.rules.load import load_dossier
from forecasting.scoring.evolving import changes, evolving, series_of
from forecasting.scoring.record import record_of
from forecasting.scoring.words import evolved


@pytest.fixture(scope="module")
def dossier():
    return load_dossier("priors")


def on(folder, day, *drafts):
    append(folder, list(drafts), clock=clock(dt.datetime.fromisoformat(f"{day}T12:00:00+00:00")))
    return read_ledger(folder, now=dt.datetime(2028, 6, 1, tzinfo=dt.UTC))


def reconstructed(question, p, as_of, **changes):
    return forecast(question, p, as_of=as_of, standing="reconstructed", why="coded later", **changes)


def by_days(series, came_on):
    """Return the mean of daily Brier scores of yes, one day after another: the second implementation."""
    scores, day = [], min(series)
    while day < came_on:
        p = series[max(said for said in series if said <= day)]
        scores.append((1 - p) ** 2)
        day += dt.timedelta(days=1)
    return np.mean(scores), len(scores)


def test_each_number_counts_for_the_days_on_which_it_stood(tmp_path, dossier):
    series = {dt.date(2026, 3, 1): 0.3, dt.date(2026, 5, 7): 0.5, dt.date(2026, 5, 20): 0.9}
    for day, p in series.items():
        on(tmp_path, day, forecast("a", p, edition=f"of-{day}"))
    ledger = on(tmp_path, "2026-08-01", outcome("a", "yes", on="2026-07-01"))
    (row,) = evolving(Standing(ledger.entries), dossier).itertuples()
    mean, days = by_days(series, dt.date(2026, 7, 1))
    assert row.brier == pytest.approx(mean)
    assert (row.n, row.days, row.first, row.on) == (3, days, dt.date(2026, 3, 1), dt.date(2026, 7, 1))
    assert row.last == pytest.approx(0.01)
    assert row.flip_flop == pytest.approx(0.3)
    assert (row.standing, row.question, row.forecaster, row.title) == ("live", "a", "model", "Will a pact be signed?")


def test_with_one_forecast_it_is_the_plain_score(tmp_path, dossier):
    ledger = ledger_of(tmp_path, *settled("a", 0.3, "yes"), *settled("b", 0.3, "void"), forecast("c"), *settled("d", 0.2, "no"))
    record = record_of(ledger, dossier, TODAY)
    plain = record.questions().set_index("question")["brier"]
    own = record.evolving.set_index("question")
    assert own["brier"].to_dict() == pytest.approx(plain.to_dict())
    assert own["n"].to_list() == [1, 1]
    lines = evolved(record.evolving, record.changes)
    assert "live, model: Brier 0.265 (0.040 to 0.490) over 2 questions; each was forecast once" in lines[0]
    assert lines[1] == "flip-flop: no question has a second forecast of the model yet"


def test_a_live_forecast_counts_until_its_correction_and_a_reconstructed_one_not_at_all(tmp_path, dossier):
    ledger = on(tmp_path, "2026-03-01", forecast("a", 0.3), reconstructed("b", 0.3, "2026-01-01"))
    first, second = ledger.entries
    ledger = on(
        tmp_path, "2026-03-11", forecast("a", 0.9, replaces=first.digest, reason="a slip of the pen"),
        reconstructed("b", 0.8, "2026-01-01", replaces=second.digest, reason="a slip of the pen"),
    )  # fmt: skip
    ledger = on(tmp_path, "2026-03-31", outcome("a", "yes", on="2026-03-31"), outcome("b", "yes", on="2026-03-31"))
    found = evolving(Standing(ledger.entries), dossier).set_index("question")
    assert found["brier"]["a"] == pytest.approx((10 * 0.49 + 20 * 0.01) / 30)
    assert (found["n"]["b"], found["brier"]["b"]) == (1, pytest.approx(0.04))
    assert list(found["standing"]) == ["live", "reconstructed"]


def test_what_was_taken_back_counts_until_then(tmp_path, dossier):
    ledger = on(tmp_path, "2026-03-01", forecast("a", 0.3), reconstructed("b", 0.3, "2026-01-01"))
    drafts = [{"entry": "retraction", "retracts": e.digest, "by": "Ann", "reason": "a wrong run"} for e in ledger.entries]
    on(tmp_path, "2026-03-05", *drafts)
    ledger = on(tmp_path, "2026-03-31", outcome("a", "yes", on="2026-03-31"), outcome("b", "yes", on="2026-03-31"))
    (row,) = evolving(Standing(ledger.entries), dossier).itertuples()  # of b nothing ever stood
    assert (row.question, row.days, row.brier) == ("a", 4, pytest.approx(0.49))


def test_what_is_late_or_of_the_day_of_the_outcome_does_not_count(tmp_path, dossier):
    on(tmp_path, "2026-03-01", forecast("a", 0.3), forecast("b", 0.3, late=True))
    on(tmp_path, "2026-04-01", forecast("a", 0.9, edition="summer"))
    ledger = on(tmp_path, "2026-04-02", outcome("a", "yes", on="2026-04-01"), outcome("b", "yes", on="2026-04-02"))
    (row,) = evolving(Standing(ledger.entries), dossier).itertuples()
    assert (row.question, row.n, row.brier) == ("a", 1, pytest.approx(0.49))


def test_another_contract_forecaster_or_standing_is_another_series(tmp_path, dossier):
    on(tmp_path, "2026-03-01", forecast("a", 0.3), forecast("a", 0.6, forecaster="market"), reconstructed("a", 0.5, "2026-01-01"))
    ledger = on(tmp_path, "2026-03-10", forecast("a", 0.8, contract="d" * 64, edition="next"))
    assert [len(series) for series in series_of(Standing(ledger.entries)).values()] == [1, 1, 1, 1]
    ledger = on(tmp_path, "2026-04-02", outcome("a", "yes", on="2026-04-01"))
    found = evolving(Standing(ledger.entries), dossier)
    assert list(zip(found["standing"], found["forecaster"], strict=True)) == [
        ("live", "model"), ("live", "market"), ("reconstructed", "model")
    ]  # fmt: skip
    assert found["days"].to_list() == [31, 31, 90]


def test_a_series_is_in_the_order_of_its_days_and_not_of_its_writing(tmp_path, dossier):
    said = {"2026-02-01": 0.5, "2026-01-01": 0.3, "2026-01-21": 0.9}
    for as_of, p in said.items():
        on(tmp_path, "2026-03-01", reconstructed("a", p, as_of, edition=f"of-{as_of}"))
    ledger = on(tmp_path, "2026-04-01", outcome("a", "yes", on="2026-02-20"))
    (row,) = evolving(Standing(ledger.entries), dossier).itertuples()
    mean, days = by_days({dt.date.fromisoformat(day): p for day, p in said.items()}, dt.date(2026, 2, 20))
    assert (row.n, row.days, row.first, row.last) == (3, days, dt.date(2026, 1, 1), pytest.approx(0.25))
    assert (row.brier, row.flip_flop) == (pytest.approx(mean), pytest.approx(0.5))


def test_flip_flop_is_of_what_is_open_too_and_of_the_last_contract(tmp_path, dossier):
    others = forecast("c", 0.3), forecast("c", 0.6, forecaster="market")
    on(tmp_path, "2026-03-01", forecast("a", 0.3), forecast("b", 0.3), *others)
    on(tmp_path, "2026-03-02", forecast("a", 0.5, edition="next"), forecast("c", 0.1, edition="next", forecaster="market"))
    three = [{"id": name, "title": name, "p": p} for name, p in (("x", 0.2), ("y", 0.5), ("z", 0.3))]
    ledger = on(tmp_path, "2026-03-03", forecast("b", outcomes=three, contract="d" * 64, edition="next", status_quo="x"))
    found = changes(Standing(ledger.entries))
    assert found == {"a": pytest.approx(0.2)}
    record = record_of(ledger, dossier, TODAY)  # outcomes that differ from one contract to the next do no harm
    lines = evolved(record.evolving, record.changes)
    assert lines[0] == "time-weighted: no question with a forecast that stood for a day is settled yet"
    assert lines[1] == "flip-flop: the model moved by 0.200 from one forecast to the next, over 1 question, open ones too"


def test_a_forecast_that_was_renewed_says_so(tmp_path, dossier):
    on(tmp_path, "2026-03-01", forecast("a", 0.3), forecast("b", 0.3))
    on(tmp_path, "2026-03-11", forecast("a", 0.9, edition="next"))
    ledger = on(tmp_path, "2026-04-02", outcome("a", "yes", on="2026-03-31"), outcome("b", "yes", on="2026-03-31"))
    record = record_of(ledger, dossier, TODAY)
    lines = evolved(record.evolving, record.changes)
    assert lines[0].endswith("over 2 questions; 1 forecast more than once (2 forecasts); Brier of the last one alone 0.250")
