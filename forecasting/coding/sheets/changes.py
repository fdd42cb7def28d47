"""What a workbook changes in the records of a dossier, and where in it a failure of a changed record comes from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from forecasting.coding.sheets.read import SheetRow
from forecasting.coding.sheets.tables import EXPORTED, INHERITED, ROW, TABLES, WAS, Row, Table, digest_of, rows_of, typed
from forecasting.dossier.parse import Parsed
from forecasting.errors import CheckResult, DossierError, UsageError, Where, near


@dataclass(frozen=True)
class Change:
    """A record that a workbook changes or adds: where it stands (None: a new row), its row in the sheet, its new cells."""

    table: Table
    old: Row | None
    row: SheetRow
    cells: Mapping[str, tuple[Any, Any]]  # column: what stands there, what is to stand there

    def __str__(self) -> str:
        name = next((self.row.cells[c] for c in ("id", "event") if c in self.row.cells), "")
        head = f"{self.table.name} {name} ({self.old.place if self.old else 'a new row'}; {self.row.sheet} row {self.row.number})"
        lines = [f"  {column}: {_shown(old)} becomes {_shown(new)}" for column, (old, new) in self.cells.items()]
        return "\n".join([head, *lines])


MOST_TOLD = 20
SAID = ("wording", "direction", "kind", "target.event", "target.given", "target.effect", "target.driver", "value", "unit")


def _shown(value: Any) -> str:
    return "empty" if value is None else repr(value)


def find_changes(root: Path, sheets: Mapping[str, tuple[tuple[str, ...], list[SheetRow]]]) -> tuple[Change, ...]:
    """Return what a workbook changes in the records of a dossier, in the order of its rows.

    Rows that nobody edited change nothing, even where the file has changed since. Records without a row are left alone.

    Raises
    ------
    DossierError
        If a row was edited whose record has changed since the export, an anchor or id differs, a row is there twice or
        belongs to no record, or a claim was added; sheet, row and column are named, for all rows at once.
    """
    if "answers" in sheets and len(sheets) == 1:
        raise UsageError("answers are results; change the records that they follow from: forecast export claims.xlsx")
    if unknown := sorted(sheets.keys() - TABLES.keys() - {"answers", EXPORTED}):
        raise UsageError(f"sheet '{unknown[0]}'; {near(unknown[0], TABLES, 'known sheets')}")
    results: list[CheckResult] = []
    changes: list[Change] = []
    for name, (header, rows) in sheets.items():
        if name not in TABLES:
            continue
        table = TABLES[name]
        for column in header:
            if column not in (ROW, WAS, INHERITED, *table.columns):
                hint = near(column, table.columns, "known columns")
                results.append(CheckResult("sheet", Where(f"{name}!row 1"), f"unknown column '{column}'", hint))
        if lacking := [column for column in (ROW, WAS, *table.locked) if column not in header]:
            fix = "export it again; these columns say which record a row is"
            results.append(CheckResult("sheet", Where(f"{name}!row 1"), f"no column '{lacking[0]}'", fix))
        if not results:
            for found in _of_table(root, table, header, rows):
                (changes if isinstance(found, Change) else results).append(found)  # type: ignore[arg-type]
    if results:
        raise DossierError(tuple(results))
    return tuple(changes)


@dataclass(frozen=True)
class Missing:
    """A record that was exported, stands in its file still, and has no row in the workbook any more."""

    table: Table
    row: Row

    def __str__(self) -> str:
        return f"{self.table.name} {self.row.name} ({self.row.place})"


def find_missing(root: Path, sheets: Mapping[str, tuple[tuple[str, ...], list[SheetRow]]]) -> tuple[Missing, ...]:
    """Return the records whose rows were deleted from a workbook, in the order of their files.

    A sheet that was deleted as a whole says nothing of its records, nor does a workbook without the list of the export. A
    record that is gone from its file is not missed.
    """
    _, listed = sheets.get(EXPORTED, ((), []))
    found: list[Missing] = []
    for name in TABLES.keys() & sheets.keys():
        table, kept = TABLES[name], {str(row.cells.get(ROW)) for row in sheets[name][1]}
        gone = {(str(r.cells.get(ROW)), str(r.cells.get("name"))) for r in listed if r.cells.get("table") == name}
        gone = {(place, ident) for place, ident in gone if place not in kept}
        ids = {ident for _, ident in gone}
        found += [
            Missing(table, row)
            for row in rows_of(root, table)
            if (row.name in ids if table.is_yaml else (row.place, row.name) in gone)  # a claim has one id, wherever it moved
        ]
    return tuple(sorted(found, key=lambda one: (one.table.name, one.row.file, one.row.line)))


def tell_missing(missing: Sequence[Missing]) -> str:
    """Return what is said of records whose rows were deleted: how many, which, that they stay, and how to remove one."""
    many = f"{len(missing):,} records of the export have" if len(missing) > 1 else "1 record of the export has"
    head = f"{many} no row in the workbook any more:"
    lines = [f"  {record}" for record in missing[:MOST_TOLD]]
    if len(missing) > MOST_TOLD:
        lines.append(f"  and {len(missing) - MOST_TOLD:,} more")
    named = next((record.row.name for record in missing if record.table.name != "history"), None)
    how = [f"forecast remove {named}"] if named else []
    how += ["a row of history: delete its line in the file"] if any(r.table.name == "history" for r in missing) else []
    return "\n".join([head, *lines, f"nothing is removed by a deleted row; to remove one: {'; '.join(how)}"])


def _of_table(root: Path, table: Table, header: Sequence[str], rows: list[SheetRow]) -> Iterator[Change | CheckResult]:
    current = {row.place: row for row in rows_of(root, table)}
    by_id = {row.cells.get("id"): row for row in current.values()} if table.is_yaml else {}
    seen: dict[str, int] = {}
    for row in rows:
        cells = {c: typed(table, c, v) for c, v in row.cells.items() if c in table.columns}
        cells = {c: v for c, v in cells.items() if v is not None}
        place = str(row.cells.get(ROW, ""))
        if not place:
            if table.is_yaml:
                yield row.refuse(ROW, "a claim that has no record", "begin it with forecast new claim, which makes its anchor")
            else:
                yield Change(table, None, row, {c: (None, v) for c, v in cells.items()})
            continue
        if place in seen:
            yield row.refuse(ROW, f"the record of row {seen[place]} again", "keep one of them")
            continue
        seen[place] = row.number
        if digest_of(cells) == row.cells.get(WAS):
            continue
        old = by_id.get(cells.get("id")) if table.is_yaml else current.get(place)
        if old is None and table.is_yaml and (before := current.get(place)) and before.digest == row.cells.get(WAS):
            yield row.refuse("id", f"another id than {before.cells.get('id')}", "leave it; an id is never changed")
            continue
        if old is None or old.digest != row.cells.get(WAS):
            yield row.refuse(ROW, f"{place} has changed since this was exported", "export it again, and edit it there")
            continue
        now = {c: old.cells.get(c) for c in table.columns}
        edited = {c: (now[c], cells.get(c)) for c in table.columns if c in header and not _same(now[c], cells.get(c))}
        if locked := next((c for c in edited if c in table.locked), None):
            yield row.refuse(locked, f"another {locked} than in {old.place}", "leave it as exported")
        elif edited:
            yield Change(table, old, row, edited)


def _same(one: Any, other: Any) -> bool:
    number = type(one) in (int, float) and type(other) in (int, float)
    return bool(one == other) and (number or type(one) is type(other))


def stale_paraphrases(changes: Sequence[Change]) -> Iterator[str]:
    """Yield a remark for each claim of which something was changed that its paraphrase says too, and the paraphrase was not."""
    for change in changes:
        said = [column for column in change.cells if column in SAID]
        if change.old and change.table.name == "claims" and said and "paraphrase" not in change.cells:
            paraphrase = change.old.cells.get("paraphrase")
            yield f"{change.old.cells.get('id')}: {', '.join(said)} changed; does its paraphrase still say that? {paraphrase!r}"


def at_cells(
    failures: Sequence[CheckResult], files: Mapping[str, Parsed], changes: Sequence[Change]
) -> list[CheckResult]:
    """Return failures of the changed files with the sheet, row and column that they come from, where they come from one."""
    placed = []
    for failure in failures:
        name = failure.where.file.partition("/")[2]
        file = files.get(name)
        inside = [c for c in changes if c.old and c.old.file == name] if file else []
        spot = None
        for change in inside:
            lines = file.lines  # type: ignore[union-attr]
            first, last = lines[(change.old.index,)], lines.get((change.old.index + 1,), 10**9)  # type: ignore[union-attr]
            if first <= failure.where.line < last:
                keys = {key[1]: line for key, line in lines.items() if len(key) == 2 and key[0] == change.old.index}  # type: ignore[union-attr]
                column = next((c for c in change.cells if keys.get(c.partition(".")[0]) == failure.where.line), None)
                column = column or next((c for c in change.cells if c in failure.found), next(iter(change.cells)))
                spot = f"{change.row.sheet}!{change.row.letters.get(column, 'A')}{change.row.number}"
        placed.append(replace(failure, where=Where(f"{spot} ({failure.where})")) if spot else failure)
    return placed
