"""Tables for spreadsheet programs, in which no text is taken for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from forecasting.dossier.parse import INVISIBLE

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
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA) else text


def csv_bytes(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """Return a table as the bytes of a CSV file, in UTF-8, with a line feed at the end of each line."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue().encode("utf-8")
