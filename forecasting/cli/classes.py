"""``forecast classes``: find a counted class in the library that comes with the package, and copy it into a dossier."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from forecasting.cli.terminal import HERE_PRIORS, Priors, out, plain_errors
from forecasting.errors import UsageError

if TYPE_CHECKING:
    from forecasting.dossier.edition import Dossier
    from forecasting.dossier.library.records import LibraryClass
    from forecasting.dossier.reference_classes import ReferenceClass


class Unit(StrEnum):
    """What the exposure of a class counts."""

    year = "year"
    trial = "trial"


def classes(
    words: Annotated[list[str] | None, typer.Argument(help="What happens to whom, in any words; an id shows all of it.")] = None,
    theme: Annotated[str | None, typer.Option(help="A theme, or its beginning; forecast classes alone lists them.")] = None,
    unit: Annotated[Unit | None, typer.Option(help="Rates per year, or shares of trials.")] = None,
    most: Annotated[int, typer.Option(min=1, help="How many are shown.")] = 10,
    add: Annotated[list[str] | None, typer.Option("--add", metavar="ID", help="Copy a class into the dossier.")] = None,
    priors: Priors = HERE_PRIORS,
) -> None:
    """Find a counted class, in your project's tables and in the package's library; --add copies one from there.

    Each is shown with its figures, its known bias and the classes nearest to it. --add writes every dated row to
    priors/reference_classes/library.csv; an edition takes the row that was counted up to its day.

    Example: forecast classes "war after clash"
    Example: forecast classes --theme coups --unit trial
    Example: forecast classes --add civil-end-1992
    """
    from forecasting.coding.class_search import search_classes
    from forecasting.dossier.edits import try_count
    from forecasting.dossier.library.records import library
    from forecasting.dossier.load import read_dossier

    with plain_errors():
        if add:
            from forecasting.coding.library import add_class

            if words or theme or unit:
                raise UsageError("--add copies classes by id; search without it first")
            for name in add:
                path, line, n = add_class(priors, name)
                out.print(f"{path}:{line}: {name}, {n} dated row{'s' if n > 1 else ''}; name it in an event", markup=False)
                out.print(f"  then try another count: {try_count('EDITION', library()[name].latest)}", markup=False)
            return
        query = " ".join(words or ())
        if not (query or theme or unit):
            _themes()
            return
        counted = unit.value if unit else None
        there = read_dossier(priors)[0] if priors.is_dir() else None
        if query in library():
            _whole(library()[query])
            return
        own = _own(there, query, counted) if there and not theme else []
        found = search_classes(query, theme, counted)
        if not (found or own):
            where = "in your project or in the library" if there else "in the library"
            raise UsageError(f"no class fits, {where}; try fewer words, or forecast classes for the themes")
        if own and there:
            out.print("in your project:", markup=False)
            for row in own[:most]:
                _own_lines(there, row)
        if own and found:
            out.print("in the library of the package (--add ID copies one into your project):", markup=False)
        for one in found[:most]:
            _lines(one, there)
        if len(found) > most:
            out.print(f"and {len(found) - most} more: --most {len(found)}")


def _own(dossier: Dossier, query: str, unit: str | None) -> list[ReferenceClass]:
    """Return the dossier's own classes that fit; an id finds that class alone."""
    from forecasting.dossier.library.own import find_own
    from forecasting.dossier.library.records import library_ids

    if query in dossier.reference_classes:
        return [dossier.reference_classes[query]]
    return find_own(dossier.reference_classes.values(), query, unit, library_ids())


def _own_lines(dossier: Dossier, row: ReferenceClass) -> None:
    from forecasting.dossier.library.records import figures

    out.print(f"{row.id}  {row.note.partition('. ')[0].rstrip('.')}", markup=False)
    out.print(f"  {figures(row)}, spread {row.spread:g}; {row.citation}", markup=False)
    out.print(f"  {dossier.where('reference_class', row.id)}", markup=False)


def _themes() -> None:
    from collections import Counter

    from forecasting.dossier.library.records import library

    for name, n in sorted(Counter(one.theme for one in library().values()).items()):
        out.print(f"{name}\t{n}", markup=False)
    out.print(f'{len(library())} classes; search them: forecast classes "war after clash", or --theme THEME', markup=False)


def _lines(one: LibraryClass, dossier: Dossier | None = None) -> None:
    from forecasting.dossier.library.records import figures
    from forecasting.dossier.library.search import nearest

    is_here = dossier is not None and one.id in dossier.reference_classes
    here = f"  (in your project: {dossier.where('reference_class', one.id)})" if dossier and is_here else ""
    out.print(f"{one.id}  {one.title}{here}", markup=False)
    out.print(f"  {figures(one.latest)}, spread {one.latest.spread:g}", markup=False)
    out.print(f"  bias: {one.known_bias}", markup=False)
    out.print(f"  near: {', '.join(other.id for other in nearest(one.id))}", markup=False)


def _whole(one: LibraryClass) -> None:
    from forecasting.dossier.edits import try_count
    from forecasting.dossier.library.records import figures

    _lines(one)
    for label, text in (
        ("theme", one.theme), ("one event", one.event), ("at risk", one.at_risk), (f"by {one.grouped_by}", one.groups),
        ("source", one.latest.citation), ("licence", one.licence), ("in print", one.published),
    ):  # fmt: skip
        if text:
            out.print(f"  {label}: {text}", markup=False)
    for row in one.rows[:-1]:
        out.print(f"  until {row.counted_until}: {figures(row)}", markup=False)
    out.print(f"  copy it: forecast classes --add {one.id}", markup=False)
    out.print(f"  once an event names it, try another count: {try_count('EDITION', one.latest)}", markup=False)
