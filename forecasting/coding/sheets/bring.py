"""Write a workbook from a dossier, and bring one back into it, through the rules."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from forecasting.coding.sheets.changes import Change, at_cells, find_changes
from forecasting.coding.sheets.read import SheetRow, read_workbook
from forecasting.coding.sheets.rewrite import changed_files
from forecasting.coding.sheets.tables import TABLES, Row, read_files, rows_of
from forecasting.coding.sheets.workbook import workbook_of
from forecasting.coding.through_check import new_failures, put_in_place
from forecasting.coding.write import locked
from forecasting.dossier.edition import Dossier
from forecasting.dossier.load import read_dossier
from forecasting.dossier.location import no_records
from forecasting.dossier.parse import parse_csv, parse_yaml
from forecasting.errors import DossierError, UsageError, near
from forecasting.files import plain_bytes


def export_tables(root: Path, names: Sequence[str], source: str | None = None) -> tuple[bytes, dict[str, int]]:
    """Return a workbook with some tables of a dossier, finished records or not, and how many rows each has.

    Parameters
    ----------
    names : list of {"claims", "history", "classes"}
        One sheet each.
    source : str, optional
        Only the claims of this source.

    Raises
    ------
    UsageError
        If a table or the source is not there.
    DossierError
        If a file cannot be read.
    """
    if not root.is_dir():
        raise no_records(root)
    if unknown := [name for name in names if name not in TABLES]:
        raise UsageError(f"no table '{unknown[0]}'; {near(unknown[0], [*TABLES, 'answers'], 'tables')}")
    dossier, _ = read_dossier(root)
    rows: dict[str, list[Row]] = {name: list(rows_of(root, TABLES[name])) for name in names}
    if source and "claims" in rows:
        known = {str(row.cells.get("source")) for row in rows["claims"]}
        if source not in known:
            raise UsageError(f"no claim of a source '{source}'; {near(source, known, 'sources with claims')}")
        rows["claims"] = [row for row in rows["claims"] if row.cells.get("source") == source]
    if "claims" in rows:
        rows["claims"] = [replace(row, inherited=_inherited(dossier, str(row.cells.get("id")))) for row in rows["claims"]]
    wordings = [words for table in dossier.lexicons.values() for words in table]
    events = list(dossier.events)
    offered = {
        "wording": wordings, "comes": wordings, "stays_away": wordings, "seen_if": wordings, "lexicon": list(dossier.lexicons),
        "event": events, "target.event": events, "target.driver": list(dossier.drivers), "target.effect": list(dossier.effects),
    }  # fmt: skip
    book = workbook_of({TABLES[name]: own for name, own in rows.items()}, {c: v for c, v in offered.items() if v})
    return book, {name: len(own) for name, own in rows.items()}


def _inherited(dossier: Dossier, ident: str) -> str:
    """Return in words what a claim inherits, and from where; a cell that is filled in goes before it."""
    claim, fields = dossier.claims.get(ident), dossier.inherited.get(ident, {})
    return "; ".join(f"{name} {getattr(claim, name)} (defaults of {default.said})" for name, default in fields.items())


Sheets = dict[str, tuple[tuple[str, ...], list[SheetRow]]]


def import_workbook(root: Path, path: Path, *, write: bool) -> tuple[Change, ...]:
    """Return what a workbook changes in a dossier, and with ``write`` change it (`read_sheets`, then `import_sheets`)."""
    return import_sheets(root, read_sheets(root, path), write=write)


def read_sheets(root: Path, path: Path) -> Sheets:
    """Return the sheets of a workbook that is to be brought into a dossier, or raise `DossierError`."""
    if not root.is_dir():
        raise no_records(root)
    return read_workbook(path)


def import_sheets(root: Path, sheets: Sheets, *, write: bool) -> tuple[Change, ...]:
    """Return what a workbook changes in a dossier, and with ``write`` change it: wholly, or not at all.

    The changed files are held to every rule first. A failure that the dossier did not have before refuses the whole
    workbook. A workbook that nobody edited changes no byte.

    Raises
    ------
    DossierError
        If the workbook is refused; sheet, row and column are named where a cell is the cause.
    """
    with locked(root):
        changes = find_changes(root, sheets)
        if not changes:
            return ()
        contents = changed_files(root, changes)
        if failures := new_failures(root, contents):
            with tempfile.TemporaryDirectory() as folder:
                parsed = {}
                for name, content in contents.items():
                    file = Path(folder) / Path(name).name
                    file.write_bytes(content)
                    parsed[name] = (parse_yaml if name.endswith(".yaml") else parse_csv)(file, name)
            raise DossierError(tuple(at_cells(failures, parsed, changes)))
        _hold(root, changes, contents)
        if write:
            put_in_place(root, contents)
    return changes


def _hold(root: Path, changes: Sequence[Change], contents: dict[str, bytes]) -> None:
    """Read the changed files back: exactly the changed cells may differ."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        for name in {name for table in TABLES.values() for name in read_files(root, table)} | contents.keys():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            (copy / name).write_bytes(contents.get(name) or plain_bytes(root / name))
        for table in {change.table.name: change.table for change in changes}.values():
            after = {(row.file, row.index): dict(row.cells) for row in rows_of(copy, table)}
            for row in rows_of(root, table):
                own = next((c for c in changes if c.old and c.table is table and c.old.place == row.place), None)
                wanted = {**row.cells, **({c: new for c, (_, new) in own.cells.items()} if own else {})}
                if {k: str(v) for k, v in after[row.file, row.index].items()} != {
                    k: str(v) for k, v in wanted.items() if v is not None
                }:
                    raise UsageError(f"{row.place} cannot be changed as it is written; change it in the file itself")
