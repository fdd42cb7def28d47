"""What may happen to an event in the years ahead of a day besides its own hazard: what leads to it, and occasions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from forecasting.dossier.edition import EditionDossier
from forecasting.dossier.status import years_between
from forecasting.models.network.clocks import age_on
from forecasting.models.network.occasions import occasions_between
from forecasting.models.network.rows import Led
from forecasting.models.network.structure import Structure

DAY = dt.timedelta(days=1)


def led_ahead(
    edition: EditionDossier, s: Structure, event: int, on: dt.date, years: float, *, known_on: dt.date, given: Mapping[str, bool]
) -> tuple[Led, ...]:
    """Return what may lead to an event within some years from a day.

    Parameters
    ----------
    known_on : date
        A cause counts as known to have happened if it had by then.
    given : mapping of event id to bool
        Causes whose state is supposed: one that is given as happened happens on the day itself, unless it had before.
    """
    found = []
    for e in (e for e in s.effects_into(event) if s.effect_leads[e]):
        j = int(s.effect_from[e])
        cause, happened, supposed = edition.events[j], s.statuses[j].occurred_on, given.get(s.event_ids[j])
        if supposed is False:
            continue
        if supposed or (happened and happened <= known_on):
            found.append(Led(e, True, max(years_between(happened or on, on), 0.0), years))
            continue
        start = cause.scheduled_on or max(on, cause.opens_on)
        left = years - years_between(on, start)
        if left > 0 and start >= on:
            age = age_on(cause, start, s.event_shape[j])
            found.append(Led(e, False, 0.0, left, cause.scheduled_on is not None, age))
    return tuple(found)


def occasions_ahead(s: Structure, event: int, on: dt.date, years: float) -> tuple[int, ...]:
    """Return the positions of an event's occasions within some years from a day, that day included."""
    return occasions_between(s.occasions, event, on - DAY, on + dt.timedelta(days=round(years * 365.25)))
