"""What the package shipped when a project began, row by row, so that a later one can tell one's own changes from its own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from forecasting import __version__
from forecasting.errors import UsageError
from forecasting.files import text_digest
from forecasting.project.shipped import Row, key_of, read_rows, shipped_pages, shipped_tables

BASELINE = ".forecasting.json"
DIGITS = 12  # of a digest: a row is compared with one other, and nobody forges one's own table

type Rows = dict[str, str]  # digest by key


def row_key(name: str, row: Row) -> str:
    """Return the key of a row as one text."""
    return " | ".join(row.get(column, "") for column in key_of(name))


def row_digest(row: Row) -> str:
    """Return the digest of a row; an empty cell is one that is not there."""
    return text_digest(json.dumps({name: value for name, value in sorted(row.items()) if value}))[:DIGITS]


def rows_by_key(name: str, text: str) -> dict[str, Row]:
    """Return the rows of a table by their keys."""
    return {row_key(name, row): row for row in read_rows(text)}


def page_digest(text: str) -> str:
    """Return the digest of a page."""
    return text_digest(text)[:DIGITS]


def baseline_text(pages: Mapping[str, str]) -> str:
    """Return the note of what this package ships: digests of rows and of pages as they are written, and its version."""
    tables = {
        name: {key: row_digest(row) for key, row in rows_by_key(name, text).items()} for name, text in shipped_tables().items()
    }
    digests = {name: page_digest(pages[name]) for name in shipped_pages()}
    note = {"forecasting": __version__, "tables": tables, "pages": digests}
    return json.dumps(note, indent=1, ensure_ascii=False) + "\n"


def read_baseline(folder: Path) -> Mapping[str, Mapping]:
    """Return the note of what was shipped when the project began.

    Raises
    ------
    UsageError
        If there is none, or it cannot be read.
    """
    path = folder / BASELINE
    if not path.is_file():
        raise UsageError(f"no {path}: that is no project that forecast init began; begin one: forecast init DIR")
    try:
        note = json.loads(path.read_text("utf-8"))
        tables = {name: dict(rows) for name, rows in dict(note["tables"]).items()}
        return {"tables": tables, "pages": dict(note["pages"]), "version": note["forecasting"]}
    except (ValueError, KeyError, TypeError, RecursionError):
        raise UsageError(f"{path} is damaged; take it from your repository's history: git checkout {path.name}") from None
