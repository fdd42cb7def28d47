"""Read the library of counted classes: what is counted, among whom, how often, up to which days, and what is wrong with it."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from forecasting.dossier.messages import cells
from forecasting.dossier.reference_classes import ReferenceClass

HERE = Path(__file__).parent
CLASSES, COUNTS = HERE / "classes.csv", HERE / "counts.csv"


@dataclass(frozen=True)
class LibraryClass:
    """A counted class of the library: what one event is, who is at risk, its known bias, and its dated rows, earliest first.

    ``groups`` are the events and the exposure of each group that the class falls into, by ``grouped_by``, in the latest row.
    ``published`` is a figure in print that the count was held against, empty where none was found.
    """

    id: str
    theme: str
    title: str
    event: str
    at_risk: str
    known_bias: str
    grouped_by: str
    groups: str
    data_set: str
    licence: str
    published: str
    rows: tuple[ReferenceClass, ...]

    @property
    def latest(self) -> ReferenceClass:
        """The row that was counted longest."""
        return self.rows[-1]

    def known_on(self, day: dt.date) -> ReferenceClass | None:
        """Return the row that was counted longest without going past a day, or None if all go past it."""
        known = [row for row in self.rows if row.counted_until <= day]
        return known[-1] if known else None


@cache
def library() -> Mapping[str, LibraryClass]:
    """Return every class of the library by its id.

    Examples
    --------
    >>> coups = library()["coup-succeeds-all"]
    >>> coups.latest.events, coups.latest.exposure, coups.latest.unit
    (248.0, 495.0, 'trial')
    """
    rows: dict[str, list[ReferenceClass]] = {}
    for row in _table(COUNTS):
        record = ReferenceClass(**cells(ReferenceClass, {name: cell for name, cell in row.items() if cell}))
        rows.setdefault(record.id, []).append(record)
    return MappingProxyType({row["id"]: LibraryClass(**row, rows=tuple(rows[row["id"]])) for row in _table(CLASSES)})


def library_ids() -> frozenset[str]:
    """Return the ids of all classes, without reading their rows."""
    return frozenset(row["id"] for row in _table(CLASSES))


def library_rows(ids: Iterable[str] | None = None) -> list[dict[str, str]]:
    """Return the dated rows of some classes, or of all, cell by cell as a dossier's ``reference_classes.csv`` has them.

    The note says what is counted, and the known bias.
    """
    wanted = library() if ids is None else {name: library()[name] for name in ids}
    notes = {name: f"{one.title.rstrip('.')}. {one.known_bias}." for name, one in wanted.items()}
    return [row | {"note": notes[row["id"]]} for row in _table(COUNTS) if row["id"] in notes]


def figures(record: ReferenceClass) -> str:
    """Return a count in words.

    Examples
    --------
    >>> figures(library()["coup-succeeds-all"].latest)
    '248 of 495 trials, share 0.50, 1950 to 2025'
    >>> figures(library()["civil-end-1992"].latest)
    '294 in 1393 years, 0.21 a year, 1992 to 2024'
    """
    rate = record.events / record.exposure
    said = f"share {rate:.2f}" if record.unit == "trial" else f"{rate:.2g} a year"
    of = "of" if record.unit == "trial" else "in"
    return f"{record.events:g} {of} {record.exposure:.6g} {record.unit}s, {said}, {record.period}"


@cache
def _table(path: Path) -> tuple[dict[str, str], ...]:
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))
