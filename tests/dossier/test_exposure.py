"""How cases become a count: the window, the day of the count, the end of the watch; worked by hand."""

from __future__ import annotations

import datetime as dt

import pytest

from forecasting.dossier.exposure import count_cases, watched
from forecasting.dossier.reference_classes import Case


def case(started: str, ended: str = "", happened: int = 0) -> Case:
    first, last = (dt.date.fromisoformat(text) if text else None for text in (started, ended))
    return Case(case="made up", started_on=first, ended_on=last, happened=happened)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def test_a_case_stops_at_its_end_the_window_and_the_day_of_the_count() -> None:
    gone = case("2000-01-01", "2001-01-01", 1)
    assert watched(gone, day("2020-01-01"), 5) == (1, 366 / 365.25)
    assert watched(gone, day("2000-07-01"), 5) == (0, 182 / 365.25)
    assert watched(gone, day("2020-01-01"), 0.5) == (0, 183 / 365.25)  # half a year is 182.6 days
    assert watched(case("2000-01-01", "2009-01-01", 1), day("2020-01-01"), 5) == (0, 1826 / 365.25)
    assert watched(case("2000-01-01", "2002-01-01", 0), day("2020-01-01"), 5) == (0, 731 / 365.25)
    assert watched(case("2000-01-01"), day("2001-01-01")) == (0, 366 / 365.25)


def test_an_event_on_the_last_day_of_the_count_counts_and_a_day_later_does_not() -> None:
    exit_day = case("2019-01-01", "2020-11-10", 1)
    assert watched(exit_day, day("2020-11-10")) == (1, 679 / 365.25)
    assert watched(exit_day, day("2020-11-09")) == (0, 678 / 365.25)


def test_what_begins_on_the_day_of_the_count_or_later_is_left_out() -> None:
    late = case("2020-11-10", "2021-05-01", 1)
    assert watched(late, day("2020-11-10")) is None
    assert watched(late, day("2019-01-01")) is None


def test_an_occasion_is_one_trial_from_the_day_it_was_settled() -> None:
    kept = Case(case="made up", ended_on=day("2012-10-05"), happened=1)
    assert watched(kept, day("2012-10-05")) == (1, 1.0)
    assert watched(kept, day("2012-10-04")) is None


def test_a_list_counted_up_to_two_days_gives_two_rows() -> None:
    cases = (case("2000-01-01", "2003-01-01", 1), case("2001-01-01", "2021-01-01", 1), case("2022-01-01"))
    assert count_cases(cases, day("2020-01-01")) == (1, pytest.approx((1096 + 6939) / 365.25))
    assert count_cases(cases, day("2024-01-01")) == (2, pytest.approx((1096 + 7305 + 730) / 365.25))


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"happened": 1, "started_on": day("2000-01-01")}, "has no ended_on"),
        ({"happened": 0}, "has no ended_on"),
        ({"happened": 0, "started_on": day("2000-01-02"), "ended_on": day("2000-01-01")}, "is before started_on"),
    ],
)
def test_a_case_that_cannot_be_counted_is_refused(fields: dict, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Case(case="made up", **fields)
