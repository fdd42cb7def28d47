"""Tables for spreadsheet programs, in which no text is taken for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from forecasting.shown.text import INVISIBLE

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def inert(cell: Any) -> Any:
    """Return a cell of a CSV file that no program computes: a text that begins like a formula gets an apostrophe before it.

    Numbers are left as they are. A workbook does not need this: there a text is marked as one.

    References
    ----------
    OWASP, *CSV Injection*.

    Examples
    --------
    >>> inert("=1+1"), inert("plain"), inert(-0.5)
    ("'=1+1", 'plain', -0.5)
    """
    if not isinstance(cell, str):
        return cell
    text = INVISIBLE.sub("", cell)
    return f"'{text}" if begins_formula(text) else text


def begins_formula(text: str) -> bool:
    """Return whether a spreadsheet program could take a text for a formula, blanks before it or not.

    Examples
    --------
    >>> begins_formula(" =1+1"), begins_formula("1+1")
    (True, False)
    """
    return text.lstrip(" \u00a0").startswith(FORMULA)


def restored(cell: Any) -> Any:
    """Return a cell as it was before `inert` put an apostrophe before it.

    Examples
    --------
    >>> restored("'=1+1"), restored("'tis"), restored(0.5)
    ('=1+1', "'tis", 0.5)
    """
    return cell[1:] if isinstance(cell, str) and cell[:1] == "'" and begins_formula(cell[1:]) else cell


def csv_bytes(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """Return a table as the bytes of a CSV file, in UTF-8, with a line feed at the end of each line."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue().encode("utf-8")
