"""The tables of a run as CSV: written so that no spreadsheet program computes a text, and read back as they were.

A table is read when somebody first asks for it, by the standard library: as rows, or as a data frame, which loads pandas.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import math
import re
from collections import namedtuple
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from forecasting.errors import ForecastingError
from forecasting.shown.inert import inert, restored

if TYPE_CHECKING:
    import pandas as pd

MISSING = "nan"
TRUTH = {"True": True, "False": False}
_WHOLE = re.compile(r"[-+]?[0-9]+")
_NUMBER = re.compile(r"[-+]?(?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?|inf)")


def table_text(table: pd.DataFrame, *, missing: str = MISSING) -> str:
    r"""Return a table as CSV; a text that begins like a formula gets an apostrophe before it, which `read_table` takes off.

    Examples
    --------
    >>> import pandas as pd
    >>> table_text(pd.DataFrame({"title": ["=1+1", "Rain"], "p": [0.5, float("nan")]}))
    "title,p\n'=1+1,0.5\nRain,nan\n"
    """
    from pandas.api.types import is_numeric_dtype  # pandas takes a quarter of a second to load

    texts = [] if table.empty else [name for name in table.columns if not is_numeric_dtype(table[name])]
    safe = table.assign(**{name: [inert(cell) for cell in table[name]] for name in texts})
    return safe.to_csv(index=False, na_rep=missing, lineterminator="\n")


def read_table(content: bytes) -> pd.DataFrame:
    r"""Return the table in the bytes of a CSV file that `table_text` wrote.

    Examples
    --------
    >>> read_table(b"title,p\n'=1+1,0.5\n")["title"][0]
    '=1+1'
    """
    return Table(content, "the table").frame


def no_bound(classes: pd.DataFrame) -> pd.Series:
    """Return of each row of a run's table of classes whether its class is neither a ceiling nor a floor for the event.

    Examples
    --------
    >>> import pandas as pd
    >>> list(no_bound(pd.DataFrame({"bound": ["", "ceiling", "floor"]})))
    [True, False, False]
    """
    return ~classes["bound"].isin(("ceiling", "floor"))


@dataclass(frozen=True)
class Table:
    r"""The bytes of a CSV file that `table_text` wrote, as rows or as a data frame, whichever is asked for.

    Parameters
    ----------
    content : bytes
        Of the file.
    where : str
        What errors call it.
    texts : frozenset of str
        Columns that are texts even where they look like numbers, or where all are empty.
    days : frozenset of str
        Columns of days, which become `datetime.date`.

    Examples
    --------
    >>> table = Table(b"claim,change,counts\nc-001,0.25,True\n", "influence.csv")
    >>> table.columns, table.rows
    (('claim', 'change', 'counts'), (Row(claim='c-001', change=0.25, counts=True),))
    """

    content: bytes = field(repr=False)
    where: str
    texts: frozenset[str] = frozenset()
    days: frozenset[str] = frozenset()

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns, in their order."""
        return tuple(next(csv.reader([self._text(self.content.partition(b"\n")[0])]), ()))

    @cached_property
    def rows(self) -> tuple[Any, ...]:
        """Its rows as named tuples; what is missing is a number that is none."""
        return named_rows(self.columns, zip(*self.cells.values(), strict=True))

    @cached_property
    def frame(self) -> pd.DataFrame:
        """The same as a data frame."""
        import pandas as pd

        return pd.DataFrame(self.cells) if all(self.cells.values()) else pd.DataFrame(columns=list(self.columns), dtype=object)

    @cached_property
    def cells(self) -> dict[str, list[Any]]:
        """Its columns by name.

        Raises
        ------
        ForecastingError
            If the content is no table.
        """
        try:
            _, *lines = filter(None, csv.reader(io.StringIO(self._text(self.content), newline="")))
            across = list(zip(*lines, strict=True)) if lines else [()] * len(self.columns)
            return {name: self._typed(name, cells) for name, cells in zip(self.columns, across, strict=True)}
        except (ValueError, csv.Error) as error:
            raise ForecastingError(f"{self.where}: no table that can be read ({error}); make the run again") from None

    def _typed(self, name: str, cells: Sequence[str]) -> list[Any]:
        if name in self.days:
            return [dt.date.fromisoformat(cell) for cell in cells]
        return _as_texts(cells) if name in self.texts else typed(cells)

    def _text(self, content: bytes) -> str:
        try:
            return content.decode("utf-8")
        except UnicodeDecodeError as error:
            raise ForecastingError(f"{self.where}: no text in UTF-8 ({error}); make the run again") from None


def typed(cells: Sequence[str]) -> list[Any]:
    """Return the cells of a column as whole numbers, numbers, truth values or texts: the first of these that all of them are.

    Examples
    --------
    >>> typed(["1", "2"]), typed(["1", "0.5"]), typed(["1", "nan"]), typed(["True", "False"]), typed(["1", ""])
    ([1, 2], [1.0, 0.5], [1.0, nan], [True, False], ['1', ''])
    """
    told = [cell for cell in cells if cell != MISSING]
    if told and len(told) == len(cells) and all(map(_WHOLE.fullmatch, told)):
        return [int(cell) for cell in cells]
    if all(map(_NUMBER.fullmatch, told)):
        return [float(cell) for cell in cells]
    if TRUTH.keys() >= set(told):
        return [TRUTH.get(cell, math.nan) for cell in cells]
    return _as_texts(cells)


def number_in(cell: Any) -> float:
    """Return the number in a cell, also of a column that is read as texts because some cell of it is empty.

    Examples
    --------
    >>> number_in(0.5), number_in("0.5"), number_in("")
    (0.5, 0.5, nan)
    """
    if isinstance(cell, str):
        return float(cell) if _NUMBER.fullmatch(cell) else math.nan
    return float(cell)


def _as_texts(cells: Iterable[str]) -> list[Any]:
    return [math.nan if cell == MISSING else restored(cell) if "'" in cell else cell for cell in cells]


def named_rows(columns: Iterable[str], rows: Iterable[Iterable[Any]]) -> tuple[Any, ...]:
    """Return rows as named tuples.

    Examples
    --------
    >>> named_rows(["claim", "change"], [["c-001", 0.25]])
    (Row(claim='c-001', change=0.25),)
    """
    row: Any = namedtuple("Row", columns, rename=True)  # type: ignore[misc]  # the columns are those of a file
    return tuple(map(row._make, rows))


def _rows_of(frame: pd.DataFrame) -> tuple[Any, ...]:
    return named_rows(frame.columns, frame.itertuples(index=False, name=None))


class Tables(Mapping[str, "pd.DataFrame"]):
    """Tables by name: data frames, each made when it is first asked for, and their rows, for which no data frame is made."""

    def __init__(self, found: Mapping[str, Table | pd.DataFrame]) -> None:
        self._found = dict(found)
        self._rows: dict[str, tuple[Any, ...]] = {}

    def __getitem__(self, name: str) -> pd.DataFrame:
        one = self._found[name]
        return one.frame if isinstance(one, Table) else one

    def __contains__(self, name: object) -> bool:
        return name in self._found  # which `Mapping` would find out by making the data frame

    def __iter__(self) -> Iterator[str]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)

    def rows(self, name: str) -> tuple[Any, ...]:
        """Return the rows of a table as named tuples."""
        if name not in self._rows:
            one = self._found[name]
            self._rows[name] = one.rows if isinstance(one, Table) else _rows_of(one)
        return self._rows[name]

    def replaced(self, tables: Mapping[str, pd.DataFrame]) -> Tables:
        """Return the same tables with some in the place of others."""
        return Tables({**self._found, **tables})

    @classmethod
    def of(cls, tables: Mapping[str, pd.DataFrame]) -> Tables:
        """Return some tables as these, which they may be already."""
        return tables if isinstance(tables, Tables) else cls(tables)
