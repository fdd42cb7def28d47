"""What a newer package would change in a project, row by row, and where the project's own rows differ from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from forecasting.coding.write import inside
from forecasting.dossier.parse import ParseError, parse_csv
from forecasting.errors import DossierError, UsageError
from forecasting.files import write_file
from forecasting.project.baseline import BASELINE, page_digest, read_baseline, row_digest, row_key, rows_by_key
from forecasting.project.begin import project_files
from forecasting.project.shipped import Row, key_of, shipped_pages, shipped_tables, write_rows

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
    DossierError
        If one of its tables cannot be read.
    """
    began = read_baseline(folder)
    found = []
    for name, text in shipped_tables().items():
        here = rows_there(folder, name)
        found += list(_rows(name, began["tables"].get(name, {}), here, rows_by_key(name, text)))
    return found + list(_pages(folder, began["pages"]))


def rows_there(folder: Path, name: str) -> dict[str, Row]:
    """Return the rows of a project's own table by their keys; none where it has no such table.

    It is read as `forecast check` reads it. A row that would be lost because another one has its key is refused: whatever is
    written back must hold every row.

    Raises
    ------
    DossierError
        If the table cannot be read.
    UsageError
        If two rows have one key.
    """
    path = folder / name
    if not path.exists():
        return {}
    try:
        parsed = parse_csv(path, name)
    except ParseError as error:
        raise DossierError((error.result,)) from None
    found: dict[str, Row] = {}
    for n, cells in enumerate(parsed.value):
        row = {column: cells.get(column, "") for column in parsed.columns}
        key = row_key(name, row)
        if key in found:
            raise UsageError(f"{parsed.where(n)}: another row of '{key}'; keep one of them, and give each its {_columns(name)}")
        found[key] = row
    return found


def _columns(name: str) -> str:
    return " and ".join(key_of(name))


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
        own = page_digest(path.read_text("utf-8", "replace")) if path.is_file() else ""
        if what := compared(began.get(name, ""), own, page_digest(written[name])):
            yield Difference(name, "", what, {})


def upgrade_project(folder: Path) -> list[Difference]:
    """Take over what the package has that is new, or that it alone changed, and return all differences there were.

    Rows that the project changed, added or took out stay as the project has them.

    Raises
    ------
    UsageError, DossierError
        As `differences`; nothing is written then.
    FileError
        If a file cannot be written.
    """
    found = differences(folder)
    taken = [item for item in found if item.what in WRITTEN]
    pages = project_files()
    for name, path in {item.file: inside(folder, folder / item.file) for item in taken}.items():
        if name not in shipped_tables():
            write_file(path, pages[name])
            continue
        here = rows_there(folder, name)
        there = rows_by_key(name, shipped_tables()[name])
        rows = {**here, **{item.key: there[item.key] for item in taken if item.file == name}}
        columns = dict.fromkeys(column for row in (*there.values(), *here.values()) for column in row)
        write_file(path, write_rows(rows.values(), columns))
    write_file(folder / BASELINE, pages[BASELINE])
    return found
