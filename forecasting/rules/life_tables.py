"""Rules about life tables: how the hazard of a class changes with age."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator

from forecasting.dossier.dated_classes import rows_of
from forecasting.dossier.edition import Dossier
from forecasting.dossier.reference_classes import LifeTableRow, ReferenceClass
from forecasting.errors import Where, near
from forecasting.rules.base import Finding, rule


@rule("failure", misses=("reference_class",))
def life_table_class(dossier: Dossier) -> Iterator[Finding]:
    """Require the reference class of a life table, counted per year, and the day of one of its rows if it has several.

    A table of nothing known would be passed over; a share of trials has no age.
    """
    for key, row in dossier.life_tables.items():
        where, counted = dossier.where("life_table", key), dossier.reference_classes.get(row.reference_class)
        if dossier.lacks("reference_class", row.reference_class):
            hint = near(row.reference_class, dossier.reference_classes, "known classes")
            yield where, f"no reference class '{row.reference_class}'", hint
        elif counted and counted.unit != "year":
            yield where, f"class {counted.id} is counted per {counted.unit}", "leave the table out, or count it per year"
        elif counted and (days := _days_missed(dossier, counted, row.counted_until)):
            found = f"class {counted.id} was counted until {days}, its life table until {row.counted_until or 'no stated day'}"
            yield where, found, "write one of those days in counted_until"


def _place(dossier: Dossier, row: LifeTableRow, *field: str) -> Where:
    return dossier.where("life_table", (row.reference_class, row.counted_until, row.until_years), *field)


def _days_missed(dossier: Dossier, counted: ReferenceClass, until: dt.date | None) -> str:
    """Return the days up to which a class was counted, in words, if a life table of that day belongs to none of its rows."""
    days = [row.counted_until for row in rows_of(counted, dossier.dated_rows)]
    return "" if until in days or (until is None and len(days) == 1) else " and ".join(map(str, days))


@rule("failure", misses=("life_table",))
def life_table_at_risk(dossier: Dossier) -> Iterator[Finding]:
    """Refuse more failures than cases at risk, and more cases at risk than the interval before left over.

    Cases leave a life table by failing or by being censored; none comes back.
    """
    for counted in dossier.class_rows():
        for row in counted.life_table:
            if row.failed > row.at_risk:
                where = _place(dossier, row, "failed")
                yield where, f"{row.failed} failed of {row.at_risk} at risk", "mend one of the two counts"
        for before, row in itertools.pairwise(counted.life_table):
            if row.at_risk > before.at_risk - before.failed:
                where = _place(dossier, row, "at_risk")
                left = before.at_risk - before.failed
                yield where, f"{row.at_risk} at risk after {left} were left", f"write at most {left}"


@rule("failure", misses=("life_table",))
def life_table_failures(dossier: Dossier) -> Iterator[Finding]:
    """Require a failure in two intervals at least.

    Whether a hazard falls or rises cannot be told from one interval, let alone from none.
    """
    for counted in dossier.class_rows():
        table = counted.life_table
        if table and sum(row.failed > 0 for row in table) < 2:
            where = _place(dossier, table[0])
            yield where, f"class {counted.id}: failures in fewer than two intervals", "add intervals, or drop the table"


@rule("failure", misses=("life_table",))
def life_table_agrees(dossier: Dossier) -> Iterator[Finding]:
    """Require a class and its life table to count the same cases: as many events, and as long an exposure.

    The years at risk of a table lie between those of its survivors alone and those of all at risk in each interval.
    """
    for counted in dossier.class_rows():
        table = counted.life_table
        if not table:
            continue
        widths = [b - a for a, b in itertools.pairwise((0.0, *(row.until_years for row in table)))]
        least = sum(w * max(row.at_risk - row.failed, 0) for w, row in zip(widths, table, strict=True))
        most = sum(w * row.at_risk for w, row in zip(widths, table, strict=True))
        where, failed = dossier.where_counted(counted), sum(row.failed for row in table)
        if abs(counted.events - failed) >= 0.5:
            found = f"class {counted.id}: {counted.events:g} events, but {failed} failures in its life table"
            yield where, found, f"write events: {failed}, or mend the table"
        if not least <= counted.exposure <= most:
            found = f"class {counted.id}: exposure {counted.exposure:g}, but its life table has {least:g} to {most:g} years"
            yield where, found, "count both over the same cases and years"


@rule("failure", misses=("life_table", "reference_class"))
def clock_class(dossier: Dossier) -> Iterator[Finding]:
    """Refuse `clock_starts_on` of an event whose class has no life table, or that waits for an enabler.

    Without a table age means nothing; an event that is enabled is as old as its enabling.
    """
    waiting = {effect.to for effect in dossier.effects.values() if effect.acts == "enables"}
    for event in dossier.events.values():
        if event.clock_starts_on is None:
            continue
        where, counted = dossier.where("event", event.id, "clock_starts_on"), dossier.reference_classes.get(event.reference_class)
        if counted and not counted.life_table:
            found = f"event {event.id} has a clock, but class {counted.id} has no life table"
            yield where, found, "leave clock_starts_on out, or add the class to life_tables.csv"
        elif event.id in waiting:
            found = f"event {event.id} has a clock and an enabler"
            yield where, found, "leave clock_starts_on out: the clock starts when the last enabler happens"
