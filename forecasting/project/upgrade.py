"""What a newer package would change in a project, row by row, and where the project's own rows differ from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from forecasting.files import write_file
from forecasting.project.baseline import BASELINE, page_digest, read_baseline, row_digest, rows_by_key
from forecasting.project.begin import project_files
from forecasting.project.shipped import Row, shipped_pages, shipped_tables, write_rows

type What = Literal["new", "changed", "own change", "both changed", "removed here", "gone"]
WRITTEN: tuple[What, ...] = ("new", "changed")  # the only ones that an upgrade writes
MEANING: dict[What, str] = {
    "new": "the package has it, the project does not yet",
    "changed": "the package changed it, the project did not",
    "own change": "the project changed it, the package did not: stays as it is",
    "both changed": "the project and the package changed it: stays as it is, compare the two",
    "removed here": "the project took it out: stays out",
    "gone": "the package has it no more: stays, since records may stand on it",
}


@dataclass(frozen=True)
class Difference:
    """One row, or one page (``key`` is empty), that differs between a project and the package.

    ``fields`` holds, for each cell that differs, what the project has and what the package has.
    """

    file: str
    key: str
    what: What
    fields: Mapping[str, tuple[str, str]]


def differences(folder: Path) -> list[Difference]:
    """Return every difference between a project's tables and pages and those of this package; rows of one's own are none.

    Raises
    ------
    UsageError
        If ``forecast init`` did not begin the project, or its note of what was shipped then is damaged.
    """
    began = read_baseline(folder)
    found = []
    for name, text in shipped_tables().items():
        path = folder / name
        here = rows_by_key(name, path.read_text("utf-8")) if path.is_file() else {}
        found += list(_rows(name, began["tables"].get(name, {}), here, rows_by_key(name, text)))
    return found + list(_pages(folder, began["pages"]))


def _rows(name: str, began: Mapping[str, str], here: Mapping[str, Row], there: Mapping[str, Row]) -> Iterator[Difference]:
    for key in dict.fromkeys((*there, *began)):
        own, packed = here.get(key), there.get(key)
        digests = row_digest(own) if own else "", row_digest(packed) if packed else ""
        if what := compared(began.get(key, ""), *digests):
            yield Difference(name, key, what, _cells(own or {}, packed or {}))


def compared(began: str, here: str, there: str) -> What | None:
    """Return what became of a row or a page since the project began, from its digests then, here and in the package now.

    An empty digest is one that is not there.

    Examples
    --------
    >>> compared("a", "a", "b"), compared("a", "b", "a"), compared("a", "b", "c"), compared("", "", "a"), compared("a", "", "a")
    ('changed', 'own change', 'both changed', 'new', 'removed here')
    """
    if here == there:
        return None
    if not here:
        return "removed here" if began else "new"
    if not there:
        return "gone" if here == began else "own change"
    if here == began:
        return "changed"
    return "own change" if there == began else "both changed"


def _cells(own: Row, packed: Row) -> dict[str, tuple[str, str]]:
    columns = dict.fromkeys((*packed, *own))
    pairs = {name: (own.get(name, ""), packed.get(name, "")) for name in columns}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]} if own and packed else {}


def _pages(folder: Path, began: Mapping[str, str]) -> Iterator[Difference]:
    written = project_files()
    for name in shipped_pages():
        path = folder / name
        own = page_digest(path.read_text("utf-8")) if path.is_file() else ""
        if what := compared(began.get(name, ""), own, page_digest(written[name])):
            yield Difference(name, "", what, {})


def upgrade_project(folder: Path) -> list[Difference]:
    """Take over what the package has that is new, or that it alone changed, and return all differences there were.

    Rows that the project changed, added or took out stay as the project has them.

    Raises
    ------
    UsageError
        As `differences`.
    FileError
        If a file cannot be written.
    """
    found = differences(folder)
    taken = [item for item in found if item.what in WRITTEN]
    pages = project_files()
    for name in dict.fromkeys(item.file for item in taken):
        path = folder / name
        if name not in shipped_tables():
            write_file(path, pages[name])
            continue
        here = rows_by_key(name, path.read_text("utf-8")) if path.is_file() else {}
        there = rows_by_key(name, shipped_tables()[name])
        rows = {**here, **{item.key: there[item.key] for item in taken if item.file == name}}
        columns = dict.fromkeys(column for row in (*there.values(), *here.values()) for column in row)
        write_file(path, write_rows(rows.values(), columns))
    write_file(folder / BASELINE, pages[BASELINE])
    return found
