"""The design that is read through the predictor: which event each row speaks of, in which world, for how long."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from forecasting.dossier.edition import EditionDossier
from forecasting.dossier.events import Event
from forecasting.dossier.status import years_between
from forecasting.models.network.clocks import age_on
from forecasting.models.network.signals import overlaps
from forecasting.models.network.structure import Structure


@dataclass(frozen=True)
class Rows:
    """Design of a set of rows; dims are in the comments."""

    event: np.ndarray  # (row,)
    log_exposure: np.ndarray  # (row,)
    given_effect: np.ndarray  # (given,) effect whose cause's state is given in some row
    given_on: np.ndarray  # (given,) 1 if it is given as happened; what is left of an effect that fades
    given_row: np.ndarray  # (given,) the row
    active_signal: np.ndarray  # (active,) signal that acts in some row
    active_overlap: np.ndarray  # (4, active) stronger signals of the same sign: retold, same origin, same source, apart
    active_left: np.ndarray  # (active,) what is left of it
    active_row: np.ndarray  # (active,) the row in which it acts
    wait_event: np.ndarray  # (wait,) enabler that had not happened yet
    wait_years: np.ndarray  # (wait,)
    wait_window: np.ndarray  # (wait,)
    wait_scheduled: np.ndarray  # (wait,)
    wait_row: np.ndarray  # (wait,)
    extra_row: np.ndarray  # (extra,) rows with occasions, or whose event may follow from another
    led_effect: np.ndarray  # (led,) effect that leads to the row's event
    led_place: np.ndarray  # (led,) place of the row in ``extra_row``
    led_known: np.ndarray  # (led,) 1 if the time of the cause is known
    led_since: np.ndarray  # (led,) years that it lies back when the row begins
    led_years: np.ndarray  # (led,) years of the row after it; of an unknown cause, in which it can happen
    led_scheduled: np.ndarray  # (led,) 1 if the cause is unknown and happens on a date
    led_age: np.ndarray  # (led,) years on the clock of an unknown cause when it can first happen
    dated_occasion: np.ndarray  # (dated,) occasion that falls into some row
    dated_place: np.ndarray  # (dated,) place of the row in ``extra_row``
    aged_row: np.ndarray  # (aged row,) rows of events whose hazard changes with age
    aged_age: np.ndarray  # (aged row,) years on the event's clock when the row begins
    aged_years: np.ndarray  # (aged row,) the row's exposure in years
    aged_wait: np.ndarray  # (aged wait,) waits in which the enabler's or the row's hazard changes with age
    aged_wait_age: np.ndarray  # (aged wait,) years on the enabler's clock when the row begins


@dataclass(frozen=True)
class Led:
    """An effect that leads to a row's event, and when its cause happened; in the fields' order as in `Rows`."""

    effect: int
    known: bool
    since: float
    years: float
    scheduled: bool = False
    age: float = 0.0


@dataclass(frozen=True)
class World:
    """What one row conditions on: an event's hazard on a day, over an exposure, with some causes set.

    ``states`` maps effects to whether their cause has happened, and of one that fades to what is left
    of it; ``waits`` lists enablers that had not happened yet and
    are averaged over; ``led`` what may lead to the event within the exposure, ``occasions`` the occasions that fall into it.
    """

    event: int
    on: dt.date
    exposure: float
    states: dict[int, float]
    waits: tuple[int, ...] = ()
    led: tuple[Led, ...] = ()
    occasions: tuple[int, ...] = ()


def active_signals(s: Structure, event: int, on: dt.date) -> list[int]:
    """Return the positions of the signals that shift an event on a day."""
    return [i for i in s.signals_of(event) if s.signals[i].starts_on <= on < s.signals[i].ends_on]


def build_rows(edition: EditionDossier, s: Structure, rows: Sequence[World], use_signals: np.ndarray) -> Rows:
    """Build the arrays of a set of rows; ``use_signals`` (signal,) switches signals off for a layer or a what-if."""
    given = [(e, float(on), r) for r, row in enumerate(rows) for e, on in row.states.items()]
    aged = [r for r, row in enumerate(rows) if s.event_shape[row.event]]
    return Rows(
        event=np.array([row.event for row in rows], dtype=int),
        log_exposure=np.log([row.exposure for row in rows]) if rows else np.zeros(0),
        given_effect=np.array([e for e, _, _ in given], dtype=int),
        given_on=np.array([on for _, on, _ in given], dtype=float),
        given_row=np.array([r for _, _, r in given], dtype=int),
        **_active_arrays(s, rows, use_signals),
        **_wait_arrays(edition, s, rows),
        **_extra_arrays(rows),
        aged_row=np.array(aged, dtype=int),
        aged_age=np.array([_age(edition, s, rows[r]) for r in aged], dtype=float),
        aged_years=np.array([rows[r].exposure for r in aged], dtype=float),
    )


def _active_arrays(s: Structure, rows: Sequence[World], use_signals: np.ndarray) -> dict[str, np.ndarray]:
    """Return the signals that act in each row, with how much of each the stronger ones beside it have said."""
    active: list[tuple[int, tuple[int, int, int, int], float, int]] = []
    for r, row in enumerate(rows):
        on_now = [i for i in active_signals(s, row.event, row.on) if use_signals[i]]
        together = [s.signals[i] for i in on_now]
        active += [(i, overlaps(together, s.signals[i]), s.signals[i].left_on(row.on), r) for i in on_now]
    return {
        "active_signal": np.array([i for i, _, _, _ in active], dtype=int),
        "active_overlap": np.array([counts for _, counts, _, _ in active], dtype=float).reshape(-1, 4).T,
        "active_left": np.array([left for _, _, left, _ in active], dtype=float),
        "active_row": np.array([r for _, _, _, r in active], dtype=int),
    }


def _extra_arrays(rows: Sequence[World]) -> dict[str, np.ndarray]:
    """Return what leads to the event of each row, and the occasions in it."""
    extra = [r for r, row in enumerate(rows) if row.led or row.occasions]
    led = [(one, place) for place, r in enumerate(extra) for one in rows[r].led]
    dated = [(one, place) for place, r in enumerate(extra) for one in rows[r].occasions]
    return {
        "extra_row": np.array(extra, dtype=int),
        "led_effect": np.array([one.effect for one, _ in led], dtype=int),
        "led_place": np.array([place for _, place in led], dtype=int),
        **{
            f"led_{name}": np.array([float(getattr(one, name)) for one, _ in led])
            for name in ("known", "since", "years", "scheduled", "age")
        },
        "dated_occasion": np.array([one for one, _ in dated], dtype=int),
        "dated_place": np.array([place for _, place in dated], dtype=int),
    }


def _wait_arrays(edition: EditionDossier, s: Structure, rows: Sequence[World]) -> dict[str, np.ndarray]:
    """Return the enablers that each row waits for, and in which share of the row they can happen."""
    waits = [_wait(edition.events[cause], row, cause, r) for r, row in enumerate(rows) for cause in row.waits]
    cause, years, window, scheduled, at = zip(*waits, strict=True) if waits else [()] * 5
    old = [i for i, (k, r) in enumerate(zip(cause, at, strict=True)) if s.event_shape[k] or s.event_shape[rows[r].event]]
    clocks = [(edition.events[cause[i]], rows[at[i]].on, s.event_shape[cause[i]]) for i in old]
    ages = [age_on(event, on, shape) if on > event.opens_on else 0.0 for event, on, shape in clocks]
    return {
        "wait_event": np.array(cause, dtype=int), "wait_years": np.array(years, dtype=float),
        "wait_window": np.array(window, dtype=float), "wait_scheduled": np.array(scheduled, dtype=float),
        "wait_row": np.array(at, dtype=int), "aged_wait": np.array(old, dtype=int), "aged_wait_age": np.array(ages, dtype=float),
    }  # fmt: skip


def _wait(event: Event, row: World, cause: int, r: int) -> tuple[int, float, float, float, int]:
    """Return one wait: the enabler, its years and window within the row's exposure, whether it is scheduled, the row."""
    if not event.scheduled_on:
        return cause, row.exposure, 1.0, 0.0, r
    window = max(0.0, 1 - max(0.0, years_between(row.on, event.scheduled_on)) / row.exposure)
    return cause, 0.0, window, 1.0, r


def clock_start(edition: EditionDossier, s: Structure, event: int) -> dt.date | None:
    """Return the day an event's clock starts: when its last enabler happened, else as stated, else when it opened.

    None if an enabler has not happened yet: the event will be as old as its enabling.
    """
    days = [s.statuses[s.effect_from[e]].occurred_on for e in s.effects_into(event) if s.effect_enables[e]]
    if None in days:
        return None
    record = edition.events[event]
    return max(days, default=record.clock_starts_on or record.opens_on)


def _age(edition: EditionDossier, s: Structure, row: World) -> float:
    """Return the years on the clock of a row's event when the row begins; zero while it waits for an enabler."""
    start = clock_start(edition, s, row.event)
    return max(years_between(start, row.on), 0.0) if start and not row.waits else 0.0
