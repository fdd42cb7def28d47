"""Which forecasts and outcomes stand once some were taken back or corrected, and which outcome settles which forecast."""

from __future__ import annotations

import datetime as dt

import pytest
from ledgers import clock, forecast, outcome

from forecasting.ledger.standing import Standing, known_before, speaks_from
from forecasting.ledger.store import append, read_ledger

AFTER = dt.datetime(2028, 6, 1, tzinfo=dt.UTC)


def on(folder, day, *drafts):
    """Append on a day, and return what was written."""
    return append(folder, list(drafts), clock=clock(dt.datetime.fromisoformat(f"{day}T12:00:00+00:00"))).entries


def standing(folder):
    return Standing(read_ledger(folder, now=AFTER).entries)


def taken_back(entry):
    return {"entry": "retraction", "retracts": entry.digest, "by": "Ann", "reason": "a wrong run"}


def test_a_forecast_that_is_taken_back_before_its_outcome_stands_no_more(tmp_path):
    first, second = on(tmp_path, "2026-03-01", forecast("a"), forecast("b"))
    (back,) = on(tmp_path, "2026-03-05", taken_back(first))
    now = standing(tmp_path)
    assert now.forecasts == (second,)
    assert now.all_forecasts == (first, second)
    assert now.taken_back == {first.digest: back}
    assert list(now.said_of("a")) == []
    assert list(now.said_of("b")) == [second]


def test_an_outcome_that_is_taken_back_is_none(tmp_path):
    on(tmp_path, "2026-03-01", forecast("a"))
    (came,) = on(tmp_path, "2026-03-05", outcome("a", on="2026-03-04"))
    assert standing(tmp_path).outcomes == {"a": came}
    on(tmp_path, "2026-03-06", taken_back(came))
    assert standing(tmp_path).outcomes == {}


def test_an_outcome_that_is_corrected_is_the_later_one(tmp_path):
    on(tmp_path, "2026-03-01", forecast("a"))
    (first,) = on(tmp_path, "2026-03-05", outcome("a", "yes", on="2026-03-04"))
    (second,) = on(tmp_path, "2026-03-06", outcome("a", "no", on="2026-03-04", replaces=first.digest, reason="misread"))
    now = standing(tmp_path)
    assert now.outcomes == {"a": second}
    assert now.taken_back == {first.digest: second}


@pytest.mark.parametrize(("day", "stands"), [("2026-03-09", False), ("2026-03-10", True), ("2026-03-11", True)])
def test_a_live_forecast_is_taken_back_only_before_the_day_of_its_outcome(tmp_path, day, stands):
    (first,) = on(tmp_path, "2026-03-01", forecast("a"))
    on(tmp_path, day, taken_back(first))
    on(tmp_path, "2026-04-01", outcome("a", on="2026-03-10"))
    assert (standing(tmp_path).forecasts == (first,)) is stands


@pytest.mark.parametrize(("day", "stands"), [("2026-03-09", False), ("2026-03-10", True), ("2026-03-11", True)])
def test_a_live_forecast_is_corrected_only_before_the_day_of_its_outcome(tmp_path, day, stands):
    (first,) = on(tmp_path, "2026-03-01", forecast("a"))
    on(tmp_path, day, forecast("a", 0.9, replaces=first.digest, reason="a slip of the pen"))
    on(tmp_path, "2026-04-01", outcome("a", on="2026-03-10"))
    assert (first in standing(tmp_path).forecasts) is stands


def test_the_day_of_another_questions_outcome_is_nothing_to_a_forecast(tmp_path):
    first, _ = on(tmp_path, "2026-03-01", forecast("a"), forecast("b"))
    on(tmp_path, "2026-03-09", outcome("b", on="2026-03-05"))
    on(tmp_path, "2026-03-10", taken_back(first))
    assert first not in standing(tmp_path).forecasts


def test_a_reconstructed_forecast_is_corrected_until_its_outcome_is_in_the_ledger(tmp_path):
    late = {"standing": "reconstructed", "why": "coded later"}
    first, second = on(tmp_path, "2026-03-01", forecast("a", **late), forecast("b", **late))
    on(tmp_path, "2026-03-20", forecast("a", 0.9, replaces=first.digest, reason="a slip of the pen", **late))
    on(tmp_path, "2026-04-01", outcome("a", on="2026-03-10"), outcome("b", on="2026-03-10"))
    on(tmp_path, "2026-04-02", forecast("b", 0.9, replaces=second.digest, reason="a slip of the pen", **late))
    now = standing(tmp_path)
    assert first not in now.forecasts
    assert second in now.forecasts


def test_a_live_forecast_is_never_replaced_by_a_reconstructed_one(tmp_path):
    (first,) = on(tmp_path, "2026-03-01", forecast("a"))
    late = {"standing": "reconstructed", "why": "coded later"}
    on(tmp_path, "2026-05-01", forecast("a", 0.9, replaces=first.digest, reason="a slip of the pen", **late))
    assert first in standing(tmp_path).forecasts
    on(tmp_path, "2026-05-02", outcome("a", on="2026-05-02"))
    assert first in standing(tmp_path).forecasts


def test_an_outcome_settles_the_contract_that_was_forecast_alone(tmp_path):
    first, second, third = on(tmp_path, "2026-03-01", forecast("a"), forecast("a", contract="d" * 64, edition="b"), forecast("c"))
    (came,) = on(tmp_path, "2026-03-05", outcome("a", on="2026-03-04"))
    now = standing(tmp_path)
    assert (now.settles(first), now.settles(second), now.settles(third)) == (came, None, None)


@pytest.mark.parametrize(("day", "known"), [("2026-02-28", True), ("2026-03-01", True), ("2026-03-02", False)])
def test_what_had_come_about_on_the_day_of_writing_was_known(tmp_path, day, known):
    (first,) = on(tmp_path, "2026-03-01", forecast("a"))
    (came,) = on(tmp_path, "2026-03-05", outcome("a", on=day))
    assert speaks_from(first) == dt.date(2026, 3, 1)
    assert known_before(first, came) is known


@pytest.mark.parametrize(("day", "known"), [("2026-02-28", True), ("2026-03-01", False)])
def test_a_reconstructed_forecast_speaks_from_its_as_of_date(tmp_path, day, known):
    (first,) = on(tmp_path, "2026-03-01", forecast("a", standing="reconstructed", why="coded later"))
    (came,) = on(tmp_path, "2026-03-05", outcome("a", on=day))
    assert speaks_from(first) == dt.date(2026, 2, 28)
    assert known_before(first, came) is known


@pytest.mark.parametrize("replacing", [False, True])
def test_each_contract_keeps_its_outcome_whatever_came_of_another(tmp_path, replacing):
    first, second = on(tmp_path, "2026-03-01", forecast("a"), forecast("a", contract="d" * 64, edition="b"))
    (came,) = on(tmp_path, "2026-03-05", outcome("a", "yes", on="2026-03-04"))
    more = {"replaces": came.digest, "reason": "The contract was issued anew."} if replacing else {}
    (other,) = on(tmp_path, "2026-03-06", outcome("a", "no", on="2026-03-05", contract="d" * 64, **more))
    now = standing(tmp_path)
    assert (now.settles(first), now.settles(second)) == (came, other)
    assert came.digest not in now.taken_back
    assert now.outcomes == {"a": other}  # the last one


def test_the_outcome_of_another_contract_closes_no_forecast(tmp_path):
    late = {"standing": "reconstructed", "why": "coded later"}
    (first,) = on(tmp_path, "2026-03-01", forecast("a", **late))
    on(tmp_path, "2026-03-05", outcome("a", on="2026-03-04", contract="d" * 64))
    on(tmp_path, "2026-03-06", taken_back(first))
    assert standing(tmp_path).forecasts == ()


def test_a_correction_that_comes_too_late_and_those_that_follow_it_are_in_vain(tmp_path):
    (first,) = on(tmp_path, "2026-03-01", forecast("a"))
    (second,) = on(tmp_path, "2026-03-12", forecast("a", 0.9, replaces=first.digest, reason="a slip of the pen"))
    (third,) = on(tmp_path, "2026-03-13", forecast("a", 0.8, replaces=second.digest, reason="a slip of the pen"))
    assert standing(tmp_path).in_vain == frozenset()
    on(tmp_path, "2026-04-01", outcome("a", on="2026-03-10"))
    assert standing(tmp_path).in_vain == {second.digest, third.digest}
