"""Horizons and clocks of events, from the calendar."""

from __future__ import annotations

import datetime as dt

import pytest
from toy import toy_edition

from forecasting.models.network.clocks import age_on, event_horizon

EVENTS = toy_edition().dossier.events


def test_the_horizon_of_an_event_is_its_own_and_that_of_a_scheduled_one_ends_on_its_date() -> None:
    assert event_horizon(EVENTS["pact-signed"]) == 2.0
    # from 2024-01-01 to 2025-03-31: 366 + 89 days
    assert event_horizon(EVENTS["deadline-kept"]) == pytest.approx(455 / 365.25)


def test_an_event_is_as_old_as_its_clock_says_unless_its_hazard_is_constant() -> None:
    event = EVENTS["pact-signed"]
    ticking = event.model_copy(update={"clock_starts_on": dt.date(2023, 1, 1)})
    day = dt.date(2024, 1, 31)
    assert age_on(event, day) == pytest.approx(30 / 365.25)
    assert age_on(ticking, day) == pytest.approx((365 + 30) / 365.25)
    assert age_on(ticking, day, ages=False) == 0.0
