"""Tables for spreadsheet programs, in which no text is taken for a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Any

from forecasting.shown.text import INVISIBLE

# The wide forms are the same to a spreadsheet program that is set to Chinese, Japanese or Korean.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
# Where the decimal point is a comma, a program parts the columns of a CSV file by semicolons, quotes or not.
_SIGNS = re.escape("".join(sign for sign in FORMULA if not sign.isspace()))
_PARTED, _MARKED = re.compile(rf";(\s*[{_SIGNS}])"), re.compile(rf";'(\s*[{_SIGNS}])")


def inert(cell: Any) -> Any:
    """Return a cell of a CSV file that no program computes: a text that begins like a formula gets an apostrophe before it.

    So does what follows a semicolon, which may begin a cell. Numbers are left as they are. A workbook does not need this: there a
    text is marked as one.

    References
    ----------
    OWASP, *CSV Injection*.

    Examples
    --------
    >>> inert("=1+1"), inert("plain"), inert(-0.5), inert("so;=1+1")
    ("'=1+1", 'plain', -0.5, "so;'=1+1")
    """
    if not isinstance(cell, str):
        return cell
    text = _PARTED.sub(r";'\1", INVISIBLE.sub("", cell))
    return f"'{text}" if begins_formula(text) else text


def begins_formula(text: str) -> bool:
    """Return whether a spreadsheet program could take a text for a formula, blanks before it or not.

    Examples
    --------
    >>> begins_formula(" =1+1"), begins_formula("1+1")
    (True, False)
    """
    return text.lstrip(" \u00a0\u3000").startswith(FORMULA)


def restored(cell: Any) -> Any:
    """Return a cell as it was before `inert` put apostrophes into it.

    Examples
    --------
    >>> restored("'=1+1"), restored("'tis"), restored(0.5), restored("so;'=1+1")
    ('=1+1', "'tis", 0.5, 'so;=1+1')
    """
    if not isinstance(cell, str):
        return cell
    return _MARKED.sub(r";\1", cell[1:] if cell[:1] == "'" and begins_formula(cell[1:]) else cell)


def csv_bytes(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """Return a table as the bytes of a CSV file, in UTF-8, with a line feed at the end of each line."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue().encode("utf-8")
