"""Rules about counted classes: up to which day they were counted, and what their figures stand on."""

from __future__ import annotations

from collections.abc import Iterator

from forecasting.dossier.dated_classes import known_row, rows_of
from forecasting.dossier.edition import Dossier, Edition
from forecasting.dossier.exposure import count_cases
from forecasting.dossier.library.own import missing_class
from forecasting.dossier.library.records import figures, library, library_ids
from forecasting.dossier.reference_classes import ReferenceClass
from forecasting.rules.base import Finding, reach, rule

DIGITS = 2  # to which exposures are written


@rule("failure", misses=("reference_class",))
def edition_classes(dossier: Dossier) -> Iterator[Finding]:
    """Require a row of each class that an edition uses (chosen, rival or borrowed from) that ends by its as-of date.

    A count that runs on knows what happened after the day on which the edition claims to forecast.
    """
    for edition in dossier.editions.values():
        for name, why in _used(dossier, edition).items():
            current = dossier.reference_classes[name]
            if known_row(current, dossier.dated_rows, edition.as_of):
                continue
            first = rows_of(current, dossier.dated_rows)[0]
            found = f"edition {edition.id} uses class {name} ({why}), counted until {first.counted_until}, after its as_of"
            fix = f"add a row of {name} with counted_until {edition.as_of} or earlier, or name another class there"
            yield dossier.where("reference_class", name), f"{found} {edition.as_of}", fix


def _used(dossier: Dossier, edition: Edition) -> dict[str, str]:
    """Return each class that an edition uses, and who names it; classes that do not exist are passed over."""
    used: dict[str, str] = {}
    for event in (dossier.events[name] for name in sorted(reach(dossier, edition).events)):
        for name in (event.reference_class, *event.rivals):
            used.setdefault(name, f"event {event.id}")
    for name in list(used):
        if current := dossier.reference_classes.get(name):
            for relative in (known_row(current, dossier.dated_rows, edition.as_of) or current).borrows:
                used.setdefault(relative, f"class {name} borrows from it")
    return {name: why for name, why in used.items() if name in dossier.reference_classes}


@rule("failure")
def class_rows(dossier: Dossier) -> Iterator[Finding]:
    """Require the dated rows of one class to have the same unit and window.

    They are one count, made up to several days; another unit would be another class.
    """
    for name, current in dossier.reference_classes.items():
        rows = rows_of(current, dossier.dated_rows)
        for row in rows[:-1]:
            if (row.unit, row.watched_years) != (rows[-1].unit, rows[-1].watched_years):
                found = f"class {name} until {row.counted_until}: another unit or window than until {rows[-1].counted_until}"
                yield dossier.where_counted(row), found, "count both alike, or give one another id"


@rule("failure", misses=("case",))
def class_basis(dossier: Dossier) -> Iterator[Finding]:
    """Require a class that says it stands on cases to ship them, each with a source, and cases to belong to a class.

    A list that nobody can look up is general knowledge, and says so: unverified.
    """
    for name, cases in dossier.cases.items():
        if dossier.lacks("reference_class", name):
            where = dossier.where("case", (name, cases[0].case, cases[0].started_on))
            yield where, f"no reference class '{name}'", missing_class(name, dossier.reference_classes)
    for row in _as_read(dossier):
        cases = dossier.cases.get(row.id, ())
        without = next((case for case in cases if not case.source), None)
        if row.basis != "cases" or (cases and without is None):
            continue
        found = f"case '{without.case}' has no source" if without else f"there is no cases/{row.id}.csv"
        fix = "add it, or write basis: unverified"
        yield dossier.where_counted(row), f"class {row.id} stands on cases, but {found}", fix


def _as_read(dossier: Dossier) -> Iterator[ReferenceClass]:
    """Yield the dated rows that stand in the files: figures that an analyst tries instead are no counts."""
    for rows in dossier.dated_rows.values():
        yield from rows


@rule("failure", misses=("case",))
def class_counts(dossier: Dossier) -> Iterator[Finding]:
    """Require events and exposure of a class that ships its cases to be what those cases add up to on its day.

    One rule counts them all (`forecasting.dossier.exposure.count_cases`), so no figure is typed that cannot be made again.
    """
    for row in _as_read(dossier):
        if not (cases := dossier.cases.get(row.id)):
            continue
        events, exposure = count_cases(cases, row.counted_until, row.watched_years)
        if (events, round(exposure, DIGITS)) != (row.events, round(row.exposure, DIGITS)):
            found = f"class {row.id}: {row.events:g} events in {row.exposure:g}, but its cases until {row.counted_until}"
            fix = f"write events {events}, exposure {exposure:.{DIGITS}f}, or mend cases/{row.id}.csv"
            yield dossier.where_counted(row), f"{found} have {events} in {exposure:.{DIGITS}f}", fix


@rule("warning")
def class_spread(dossier: Dossier) -> Iterator[Finding]:
    """Flag a class with spread 0, whose members are said not to differ at all.

    The event is then taken to happen exactly as often as the class, which no count shows: an answer surer than anybody can be.
    """
    for row in _as_read(dossier):
        if row.spread == 0:
            where = dossier.where_counted(row)
            yield where, f"class {row.id}: spread 0", "write how much its members differ, 0.3 to 1 for most classes"


@rule("warning")
def class_differs_from_library(dossier: Dossier) -> Iterator[Finding]:
    """Flag a row whose figures differ from the row of the same class and day in the packaged library.

    The dossier's own row is used. The library may have been counted anew since it was copied, or a digit may have slipped.
    """
    for name in dossier.reference_classes.keys() & library_ids():
        packaged = {row.counted_until: row for row in library()[name].rows}
        for row in dossier.dated_rows[name]:
            other = packaged.get(row.counted_until, row)
            if any(getattr(row, field) != getattr(other, field) for field in ("events", "exposure", "unit", "spread")):
                own, theirs = (f"{figures(one)}, spread {one.spread:g}" for one in (row, other))
                fix = "say in the note why it differs, or copy the library's figures"
                yield dossier.where_counted(row), f"class {name}: {own}; in the library {theirs}", fix
