"""Dates are read where they are certain, and numbers keep their units."""

from __future__ import annotations

import datetime as dt

import pytest

from forecasting.coding.dates import find_dates, find_quantities
from forecasting.coding.terms import Term, find_term

DAY = dt.date(2024, 5, 3)


@pytest.mark.parametrize(
    ("sentence", "iso"),
    [
        ("Signed on 3 May 2019.", "2019-05-03"),
        ("Signed on the 21st of June 2019.", "2019-06-21"),
        ("Signed on February 3, 2024.", "2024-02-03"),
        ("Signed on 2020-11-10.", "2020-11-10"),
        ("Signed in Sept. 2021.", "2021-09"),
        ("Signed in 1999.", "1999"),
        ("Signed on January 1.", None),
        ("Signed on Tuesday.", None),
        ("Signed last Tuesday.", None),
        ("Signed yesterday.", None),
        ("Tested in 2019–2020.", None),
        ("Tested on 31 February 2021.", None),
    ],
)
def test_a_date_is_normalised_where_it_is_certain_and_never_guessed(sentence: str, iso: str | None):
    assert [found.iso for found in find_dates(sentence) if found.iso or not iso] == [iso]


def test_yesterday_is_certain_once_the_day_of_publication_is_known():
    # the day before 3 May 2024
    assert [found.iso for found in find_dates("It fell yesterday.", DAY)] == ["2024-05-02"]
    assert [found.iso for found in find_dates("It fell on Friday.", DAY)] == [None]


@pytest.mark.parametrize(
    "sentence", ["The plan may fail.", "A march began.", "Flight 20191 left.", "Room 1999b is shut.", "M-2019 flew."]
)
def test_what_only_looks_like_a_date_is_none(sentence: str):
    assert list(find_dates(sentence)) == []


@pytest.mark.parametrize(
    ("sentence", "value", "unit"),
    [
        ("Some 3.9 million refugees fled.", 3_900_000, "refugees"),
        ("A loan of $2.5 billion helps.", 2_500_000_000, "$"),
        ("It fell by 38 percent.", 38, "%"),
        ("It fell by 4.25%.", 4.25, "%"),
        ("About 1,960 soldiers came.", 1960, "soldiers"),
        ("Six weeks passed.", 6, "weeks"),
        ("Two hundred tanks came.", 200, "tanks"),
        ("They had 7 and lost.", 7, ""),
    ],
)
def test_a_number_keeps_its_unit(sentence: str, value: float, unit: str):
    assert [(q.value, q.unit) for q in find_quantities(sentence)] == [(value, unit)]


@pytest.mark.parametrize(
    "sentence", ["On 3 May 2019 it fell.", "It fell in 2019.", "An Su-24 fell.", "One thing is clear.", "In 2019–20 it fell."]
)
def test_days_years_types_and_pronouns_are_no_quantities(sentence: str):
    assert list(find_quantities(sentence)) == []


@pytest.mark.parametrize("words", ["this week", "next month", "next year", "in April"])
def test_a_term_that_ends_after_the_last_day_of_the_calendar_has_no_years(words: str):
    assert find_term(f"It may end {words}.", dt.date(9999, 12, 31)) == Term(words, None)
