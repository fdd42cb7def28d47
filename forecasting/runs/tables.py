"""The tables of a run as CSV: written so that no spreadsheet program computes a text, and read back as they were."""

from __future__ import annotations

import io
from typing import Any

import pandas as pd

from forecasting.shown.inert import inert, restored


def table_text(table: pd.DataFrame, *, missing: str = "nan") -> str:
    r"""Return a table as CSV; a text that begins like a formula gets an apostrophe before it, which `read_table` takes off.

    Examples
    --------
    >>> table_text(pd.DataFrame({"title": ["=1+1", "Rain"], "p": [0.5, float("nan")]}))
    "title,p\n'=1+1,0.5\nRain,nan\n"
    """
    return _texts(table, inert).to_csv(index=False, na_rep=missing, lineterminator="\n")


def read_table(content: bytes, **options: Any) -> pd.DataFrame:
    r"""Return the table in the bytes of a CSV file that `table_text` wrote; options are those of `pandas.read_csv`.

    Examples
    --------
    >>> read_table(b"title,p\n'=1+1,0.5\n")["title"][0]
    '=1+1'
    """
    return _texts(pd.read_csv(io.BytesIO(content), keep_default_na=False, na_values=["nan"], **options), restored)


def _texts(table: pd.DataFrame, change: Any) -> pd.DataFrame:
    """Return a table with a function applied to each cell of the columns that are no numbers."""
    if table.empty:
        return table
    texts = [name for name in table.columns if not pd.api.types.is_numeric_dtype(table[name])]
    return table.assign(**{name: [change(cell) for cell in table[name]] for name in texts})
