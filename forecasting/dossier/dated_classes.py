"""Dated rows of reference classes: a class may be counted up to several days, and an edition knows those up to its own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from forecasting.dossier.reference_classes import ReferenceClass
from forecasting.shown.records import Records

type DatedRows = MappingProxyType[str, tuple[ReferenceClass, ...]]


def row_key(record: ReferenceClass) -> str:
    """Return the name of one dated row in messages and places.

    Examples
    --------
    >>> import datetime as dt
    >>> known = dict(events=1, exposure=9, unit="year", spread=0.5, citation="made up", note="made up")
    >>> row_key(ReferenceClass(id="truces", counted_from=dt.date(1990, 1, 1), counted_until=dt.date(2020, 11, 10), **known))
    'truces until 2020-11-10'
    """
    return f"{record.id} until {record.counted_until}"


def dated_rows(records: Iterable[ReferenceClass]) -> DatedRows:
    """Return the rows of each class in the order of the days up to which they were counted."""
    rows: dict[str, list[ReferenceClass]] = {}
    for record in sorted(records, key=lambda row: row.counted_until):
        rows.setdefault(record.id, []).append(record)
    return MappingProxyType(Records((name, tuple(own)) for name, own in rows.items()))


def latest(rows: DatedRows) -> MappingProxyType[str, ReferenceClass]:
    """Return the row of each class that was counted longest."""
    return MappingProxyType(Records((name, own[-1]) for name, own in rows.items()))


def rows_of(current: ReferenceClass, rows: DatedRows) -> tuple[ReferenceClass, ...]:
    """Return all rows of a class in the order of their days; ``current`` stands for the one counted up to its day.

    What an analyst tries instead of a row (`forecasting.rules.edit`) is the current one, and the others stay.
    """
    by_day = {row.counted_until: row for row in rows.get(current.id, ())}
    by_day[current.counted_until] = current
    return tuple(by_day[day] for day in sorted(by_day))


def known_row(current: ReferenceClass, rows: DatedRows, day: dt.date) -> ReferenceClass | None:
    """Return the row of a class that was counted longest without going past a day, or None if all go past it."""
    known = [row for row in rows_of(current, rows) if row.counted_until <= day]
    return known[-1] if known else None


def classes_on(
    classes: Mapping[str, ReferenceClass], rows: DatedRows, day: dt.date
) -> MappingProxyType[str, ReferenceClass]:
    """Return each class as it was known on a day.

    One that has no row up to that day keeps its earliest; the rule `edition-classes` refuses an edition that uses it.
    """
    return MappingProxyType(Records(
        (name, known_row(current, rows, day) or rows_of(current, rows)[0]) for name, current in classes.items()
    ))  # fmt: skip


def every_row(classes: Mapping[str, ReferenceClass], rows: DatedRows) -> Iterator[ReferenceClass]:
    """Yield every dated row of every class."""
    for current in classes.values():
        yield from rows_of(current, rows)
