"""The known past as rows: intervals in which an event's world did not change, and what happened in them."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from forecasting.dossier.edition import EditionDossier
from forecasting.dossier.status import years_between
from forecasting.models.network.occasions import occasions_between
from forecasting.models.network.rows import Led, World
from forecasting.models.network.structure import Structure

DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class HistoryRows:
    """Intervals in which an event's world did not change, with the number of times it happened (0 or 1)."""

    worlds: tuple[World, ...]
    count: np.ndarray  # (row,)
    scheduled: np.ndarray  # (row,) 1 where the row is the event's one date
    spans: tuple[tuple[dt.date, dt.date], ...]


@dataclass(frozen=True)
class Interval:
    """One row of history, with its count, whether it is the event's one date, and the days it spans."""

    world: World
    count: float
    scheduled: float
    span: tuple[dt.date, dt.date]


def build_history_rows(edition: EditionDossier, s: Structure) -> HistoryRows:
    """Cut the known past of every event where its world changed: a cause happened, a signal began or expired.

    What happened on the very day on which something that implies it did says nothing of its own hazard.
    An event that waits for an enabler is at risk from the day the last enabler happened; a blocked one until the block.
    A scheduled event has one row, for its date, once that date's outcome is known.
    """
    rows = [row for k in range(len(s.event_ids)) for row in _past(edition, s, k)]
    return HistoryRows(
        worlds=tuple(row.world for row in rows),
        count=np.array([row.count for row in rows], dtype=float),
        scheduled=np.array([row.scheduled for row in rows], dtype=float),
        spans=tuple(row.span for row in rows),
    )


def _past(edition: EditionDossier, s: Structure, k: int) -> Iterator[Interval]:
    """Yield the rows of one event."""
    event, status, into = edition.events[k], s.statuses[k], s.effects_into(k)
    happened = {e: s.statuses[s.effect_from[e]].occurred_on for e in into}
    start = max([event.opens_on, *(happened[e] or dt.date.max for e in into if s.effect_enables[e])])
    blocks = {e: s.effect_lasts[e].changes(happened[e]) for e in into if s.effect_blocks[e] and happened[e]}
    end = min([status.known_until, *(days[0][0] for days in blocks.values() if len(days) == 1)])  # blocked for good
    causes = {e: day for e, day in happened.items() if not s.effect_enables[e]}
    turns = [day for e, day in happened.items() if day for day in (day, *(turn for turn, _ in s.effect_lasts[e].changes(day)))]
    if event.scheduled_on:
        if start <= event.scheduled_on <= end:
            yield _interval(s, k, causes, event.opens_on, event.scheduled_on, None, not status.is_open)
        return
    if (start >= end and status.is_open) or start > end:
        return
    cuts = _cuts(s, k, start, end, turns)
    leads = [(e, day) for e, day in happened.items() if day and s.effect_leads[e]]
    followed = any(s.effect_lag[e] == 0 and day == status.occurred_on for e, day in leads)
    for left, right in itertools.pairwise(cuts):
        last = right == cuts[-1] and not status.is_open
        if any(s.effect_lasts[e].left_on(happened[e], left) for e in blocks) and not last:
            continue
        row = _interval(s, k, causes, left, left, right, last and not followed)
        begun = [(e, day) for e, day in leads if s.effect_lag[e] > 0 and day < right + last * DAY]
        led = tuple(_led(e, day, left, right, last) for e, day in begun)
        dates = occasions_between(s.occasions, k, left, right)
        yield replace(row, world=replace(row.world, led=led, occasions=dates)) if led or dates else row


def _led(e: int, cause: dt.date, left: dt.date, right: dt.date, last: bool) -> Led:
    """Return what a known cause adds to an interval; of one on the last day itself, a day."""
    begin = min(max(left, cause), right - last * DAY)
    return Led(e, True, years_between(cause, max(begin, cause)), years_between(begin, right))


def _interval(
    s: Structure, k: int, causes: dict[int, dt.date | None], first: dt.date, on: dt.date, until: dt.date | None, happened: bool
) -> Interval:
    """Return one row: from ``on`` until a day, or of the one day on which a scheduled event can happen."""
    states = {e: s.effect_lasts[e].left_on(day, on) if day else 0.0 for e, day in causes.items()}
    world = World(k, on, years_between(on, until) if until else 1.0, states)
    return Interval(world, float(happened), float(until is None), (first, until or on))


def _cuts(s: Structure, k: int, start: dt.date, end: dt.date, turns: list[dt.date]) -> list[dt.date]:
    """Return the days on which an event's world changed, with the first and the last.

    Of an event whose hazard changes day by day the last day stands alone: what counts is the hazard on the day it happened.
    """
    changes = {day for day in turns if start < day < end}
    for i in s.signals_of(k):
        changes |= {day for day in s.signals[i].turns() if start < day < end}
    last = max(end, start + DAY)
    changing = s.event_shape[k] or any(s.effect_leads[e] for e in s.effects_into(k)) or k in s.occasion_event
    if changing and not s.statuses[k].is_open and start < last - DAY:
        changes.add(last - DAY)
    return [start, *sorted(changes), last]
