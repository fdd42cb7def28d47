"""What is known of each event on the as-of date: happened when, or still open as of when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from forecasting.dossier.edition import EditionDossier
from forecasting.dossier.events import Event, HistoryRow
from forecasting.dossier.graph import following

DAYS_PER_YEAR = 365.25


def years_between(start: dt.date, end: dt.date) -> float:
    """Return the time from ``start`` to ``end`` in years of 365.25 days (negative if ``end`` is earlier)."""
    return (end - start).days / DAYS_PER_YEAR


@dataclass(frozen=True)
class Status:
    """The state of an event as the history tells it.

    ``occurred_on`` is the day it happened, if it has; ``known_until`` the last day for which its state is known. From
    then on an open event is forecast, even when that day lies before the as-of date: "no report found" is not survival.
    """

    event: str
    occurred_on: dt.date | None
    known_until: dt.date

    @property
    def is_open(self) -> bool:
        """Whether the event had not happened when it was last heard of."""
        return self.occurred_on is None


def read_status(event: Event, rows: Sequence[HistoryRow]) -> Status:
    """Return what some rows of history, all of them about one event, say of it."""
    occurred = [row.on for row in rows if row.what == "occurred"]
    if occurred:
        return Status(event.id, min(occurred), min(occurred))
    survived = [row.on for row in rows if row.what == "survived"]
    return Status(event.id, None, max([event.opens_on, *survived]))


def event_status(edition: EditionDossier, event_id: str) -> Status:
    """Return what the edition's history says of one event.

    While something that it implies is known not to have happened, it had not happened itself.
    """
    own = _read(edition, event_id)
    implied = following(edition.effects, (event_id,), acts=("implies",)) - {event_id} if own.is_open else frozenset()
    without = [_read(edition, name) for name in implied]
    known = [status.known_until - dt.timedelta(days=not status.is_open) for status in without]
    return replace(own, known_until=max([own.known_until, *known]))


def _read(edition: EditionDossier, event_id: str) -> Status:
    return read_status(edition.dossier.events[event_id], [row for row in edition.history if row.event == event_id])


def statuses(edition: EditionDossier) -> tuple[Status, ...]:
    """Return the status of every event of the edition, in its order."""
    return tuple(event_status(edition, event_id) for event_id in edition.event_ids)
