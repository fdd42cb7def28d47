"""How long an event's reference horizon is, and how old the event is on a day."""

from __future__ import annotations

import datetime as dt
from typing import Any

from forecasting.dossier.events import Event
from forecasting.dossier.status import years_between


def event_horizon(event: Event) -> float:
    """Return an event's reference horizon in years from its opening; for a scheduled event, the time to its date."""
    if event.scheduled_on:
        return years_between(event.opens_on, event.scheduled_on)
    return event.reference_years


def age_on(event: Event, day: dt.date, ages: Any = True) -> float:
    """Return the years on an event's clock on a day; zero for one whose hazard is constant (``ages`` is false)."""
    return years_between(event.clock_starts_on or event.opens_on, day) if ages else 0.0
