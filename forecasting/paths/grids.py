"""The days that an edition's questions and curves ask of simulated paths."""

from __future__ import annotations

import datetime as dt

import numpy as np

from forecasting.dossier.edition import EditionDossier
from forecasting.dossier.status import years_between


def forecast_grid(edition: EditionDossier) -> np.ndarray:
    """Return the times of the curves in years from the as-of date: every deadline, and every month until the last."""
    days = {edition.as_of}
    last = edition.as_of
    for question in edition.questions:
        for statement in question.deadlines():
            days.add(statement)
            last = max(last, statement)
    for occasion in (occasion for event in edition.events for occasion in event.occasions):
        days |= {day for day in (occasion.on - dt.timedelta(days=1), occasion.on) if day <= last}  # the curve shows the step
    day = edition.as_of
    while day < last:
        days.add(day)
        day = (day.replace(day=1) + dt.timedelta(days=32)).replace(day=1)
    return np.array(sorted({years_between(edition.as_of, day) for day in days if day >= edition.as_of}))


def deadline_grid(edition: EditionDossier) -> np.ndarray:
    """Return the times in years from the as-of date of which some question asks: all that its answers need of the paths."""
    days = {day for question in edition.questions for day in question.deadlines() if day >= edition.as_of}
    return np.array(sorted({years_between(edition.as_of, day) for day in days}))


def middle(edition: EditionDossier, deadline: dt.date) -> dt.date:
    """Return the day by which something is watched for: half-way from the as-of date to a deadline."""
    return edition.as_of + (deadline - edition.as_of) / 2
