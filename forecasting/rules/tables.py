"""Rules about the tables: what happened (``history.csv``) and what a grade is worth (``grades.csv``)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import pairwise

from forecasting.dossier.edition import Dossier
from forecasting.dossier.effects import Effect
from forecasting.errors import near
from forecasting.rules.base import Finding, in_file, rule

GRADES = {
    "reliability": tuple("ABCDEF"),
    "credibility": tuple("123456"),
    "truth": tuple("123456"),
    "strength": ("weak", "moderate", "strong", "decisive"),
}


def occurrences(dossier: Dossier) -> dict[str, dt.date]:
    """Return the first day on which the history says that each event happened."""
    days: dict[str, dt.date] = {}
    for row in dossier.history:
        if row.what == "occurred":
            days[row.event] = min(row.on, days.get(row.event, row.on))
    return days


@rule("failure")
def history_event(dossier: Dossier) -> Iterator[Finding]:
    """Require the event that a row of history is about.

    A row about nothing known would be left out without a word.
    """
    for n, row in enumerate(dossier.history):
        if dossier.lacks("event", row.event):
            hint = near(row.event, dossier.events, "known events")
            yield dossier.where("history", n), f"no event '{row.event}'", hint


@rule("failure")
def history_opening(dossier: Dossier) -> Iterator[Finding]:
    """Refuse an occurrence or a survival before the event opened; signals may be older.

    What happened before the opening is the situation the event starts from.
    """
    for n, row in enumerate(dossier.history):
        event = dossier.events.get(row.event)
        if event and row.what != "signal" and row.on < event.opens_on:
            found = f"{row.event} {row.what} on {row.on}, before it opens on {event.opens_on}"
            yield dossier.where("history", n), found, "mend the date, or opens_on of the event"


@rule("failure")
def history_once(dossier: Dossier) -> Iterator[Finding]:
    """Refuse a second occurrence of an event.

    An event happens once at most; what can happen again is another event.
    """
    first: dict[str, int] = {}
    for n, row in enumerate(dossier.history):
        if row.what == "occurred" and first.setdefault(row.event, n) != n:
            found = f"{row.event} occurred again (first at {dossier.where('history', first[row.event])})"
            yield dossier.where("history", n), found, "keep one; open a new event for a second time"


@rule("failure")
def history_twice(dossier: Dossier) -> Iterator[Finding]:
    """Refuse a row of history that says what another one says: the same of an event, of one day, from one source.

    A signal that stands twice would count twice.
    """
    first: dict[tuple[object, ...], int] = {}
    for n, row in enumerate(dossier.history):
        said = (row.on, row.event, row.what, row.source, row.likelihood_ratio, row.seen_if)
        if row.what != "occurred" and first.setdefault(said, n) != n:
            found = f"{row.event} {row.what} on {row.on} again (first at {dossier.where('history', first[said])})"
            yield dossier.where("history", n), found, "keep one, or mend what differs"


@rule("failure")
def history_to_come(dossier: Dossier) -> Iterator[Finding]:
    """Refuse a row of history on a day that is still to come.

    Nobody knows yet what happened then; most likely a digit of the year is wrong.
    """
    today = dt.date.today()
    for n, row in enumerate(dossier.history):
        if row.on > today + dt.timedelta(days=1):  # where it is a day later already
            found = f"{row.event} {row.what} on {row.on}, which is still to come"
            yield dossier.where("history", n), found, f"mend the date; where it is right, set the clock, which says {today}"


@rule("failure")
def history_after(dossier: Dossier) -> Iterator[Finding]:
    """Refuse rows about an event after it happened.

    Once it has happened it cannot survive, and no sign makes it likelier.
    """
    days = occurrences(dossier)
    for n, row in enumerate(dossier.history):
        day = days.get(row.event)
        if day and row.what != "occurred" and (row.on > day or (row.on == day and row.what == "survived")):
            found = f"{row.event} {row.what} on {row.on}, but it occurred on {day}"
            yield dossier.where("history", n), found, "drop the row, or mend one of the two dates"


@rule("failure")
def history_schedule(dossier: Dossier) -> Iterator[Finding]:
    """Refuse an occurrence of a scheduled event before its date.

    It can happen on its date only; an earlier row would not be counted.
    """
    for n, row in enumerate(dossier.history):
        event = dossier.events.get(row.event)
        if event and event.scheduled_on and row.what == "occurred" and row.on < event.scheduled_on:
            found = f"{row.event} occurred on {row.on}, before its date {event.scheduled_on}"
            yield dossier.where("history", n), found, "mend the date, or leave scheduled_on out of the event"


@rule("failure", misses=("history",))
def history_order(dossier: Dossier) -> Iterator[Finding]:
    """Refuse an occurrence that the effects rule out: before all its enablers happened, or after what blocks it.

    The model could not give it any probability.
    """
    days = occurrences(dossier)
    for n, row in enumerate(dossier.history):
        for effect in dossier.effects.values() if row.what == "occurred" else ():
            cause = days.get(effect.from_)
            if effect.to != row.event or effect.from_ not in dossier.events:
                continue
            missing = effect.acts == "enables" and (cause is None or cause > row.on)
            if missing or (cause is not None and _blocked(effect, cause, row.on)):
                state = f"occurred on {cause}" if cause else "has not occurred"
                found = f"{row.event} occurred on {row.on}, but {effect.from_}, which {effect.acts} it, {state}"
                fix = f"add or mend the row of {effect.from_}, or make effect {effect.id} multiply"
                yield dossier.where("history", n), found, fix


def _blocked(effect: Effect, cause: dt.date, day: dt.date) -> bool:
    """Return whether an effect whose cause happened on a day blocks its target on a later one."""
    begins = max(cause, effect.begins_on or cause)
    return effect.acts == "blocks" and begins < day and (effect.until is None or day < effect.until)


@rule("failure", misses=("grade",))
def grades_complete(dossier: Dossier) -> Iterator[Finding]:
    """Require every grade in `grades.csv`, and no grade that nothing uses.

    A grade without a figure stops a fit half-way.
    """
    for scale, names in GRADES.items():
        lacking = [name for name in names if (scale, name) not in dossier.grades]
        strange = [name for of, name in dossier.grades if of == scale and name not in names]
        for name in strange:
            hint = near(name, lacking or names, f"grades of {scale}{' without a row' if lacking else ''}")
            yield dossier.where("grade", (scale, name)), f"{scale} has no grade '{name}'", hint
        for name in lacking[len(strange) :]:  # as many as are strange may be misspelt
            yield in_file(dossier, "grades.csv"), f"no row for {scale} {name}", "add it with its value and citation"


@rule("failure")
def grades_values(dossier: Dossier) -> Iterator[Finding]:
    """Require ratios of strength above 1 and rising, truths within 0 and 1 and falling, and spreads of the other grades rising.

    A ratio below 1 would turn what raises a hazard into what lowers it, and a better grade must not count less. Each strength
    has a spread above 0 as well; the last grade of each scale, which says that it cannot be judged, has no place in the order.
    """
    below = 1.0
    for name in GRADES["strength"]:
        if row := dossier.grades.get(("strength", name)):
            where = dossier.where("grade", ("strength", name))
            if row.spread is None:
                yield where, f"strength {name} has no spread", "add the standard deviation of the log ratio"
            elif row.spread == 0:
                fix = "write how much ratios of this strength differ, such as 0.3"
                yield where, f"strength {name} has spread 0, as if the ratio were known to the last digit", fix
            if row.value <= below:
                yield where, f"strength {name} is {row.value:g}, not above {below:g}", "let ratios rise from 1"
            below = max(below, row.value)
    for (scale, name), row in dossier.grades.items():
        if scale == "truth" and row.value >= 1:
            found = f"truth {name} is {row.value:g}, not a probability below 1"
            yield dossier.where("grade", (scale, name)), found, "write a value between 0 and 1, such as 0.7"
    for scale, falls in (("reliability", False), ("credibility", False), ("truth", True)):
        rows = [(name, dossier.grades[scale, name].value) for name in GRADES[scale][:-1] if (scale, name) in dossier.grades]
        for (better, first), (name, value) in pairwise(rows):  # the last grade says that it cannot be judged
            if (value >= first) if falls else (value <= first):
                found = f"{scale} {name} is {value:g}, not {'below' if falls else 'above'} {first:g} of {better}"
                fix = f"let {scale} {'fall' if falls else 'rise'} from grade to grade"
                yield dossier.where("grade", (scale, name)), found, fix
