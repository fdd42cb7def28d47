"""A date in a supposition is one that the paths reach, in whatever type it comes."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from toy import toy_fit

from forecasting.analysis import suppositions
from forecasting.errors import UsageError


def test_a_day_after_the_last_deadline_is_refused_with_the_day_on_which_paths_end() -> None:
    fit = toy_fit()
    end = max(question.deadline for question in fit.edition.questions)
    beyond = end + dt.timedelta(days=1)
    event = fit.structure.event_ids[0]
    for ask in (
        lambda: suppositions.given(fit, event, by=beyond),
        lambda: suppositions.intervene(fit, event, at=beyond),
        lambda: suppositions.watch(fit, "pact-by-2025", by=beyond),
    ):
        with pytest.raises(UsageError, match=f"paths end; write {end} or earlier"):
            ask()
    assert suppositions.simulated_day(fit, end) == end


@pytest.mark.parametrize(
    "day",
    ["2025-06-30", dt.date(2025, 6, 30), dt.datetime(2025, 6, 30, 23), pd.Timestamp("2025-06-30"), np.datetime64("2025-06-30")],
)
def test_a_date_of_any_library_is_the_same_day(day: object) -> None:
    assert suppositions.as_date(day) == dt.date(2025, 6, 30)
    assert type(suppositions.as_date(day)) is dt.date


@pytest.mark.parametrize("day", [None, 5, pd.NaT, np.datetime64("NaT", "D"), "30.6.2025"])
def test_what_is_no_date_is_told_how_to_write_one(day: object) -> None:
    with pytest.raises(UsageError, match="write it as YYYY-MM-DD"):
        suppositions.as_date(day)
