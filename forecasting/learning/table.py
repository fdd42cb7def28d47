"""Write what was learned as a table of the records, for editions to name."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd

from forecasting.coding.ids import check_form
from forecasting.coding.write import inside
from forecasting.dossier.learned import BIASES, SPREAD, LearnedRow
from forecasting.errors import UsageError
from forecasting.files import write_file
from forecasting.shown.inert import csv_bytes

COLUMNS = tuple(LearnedRow.model_fields)


def new_table(priors: Path, name: str) -> Path:
    """Return where a table of this name goes.

    Raises
    ------
    UsageError
        If the name is no id, or a table has it: an edition that names one stays with the numbers that it had.
    """
    check_form(name, "--write")
    path = inside(priors, priors / "learned" / f"{name}.csv")
    if path.exists():
        raise UsageError(f"{path} is there already; editions may name it: write another name, or remove the file first")
    return path


def write_learned(path: Path, table: pd.DataFrame, before: dt.date, head: str) -> None:
    """Write the parameters that readings take, of whatever a settled judgement bears on; others are as they were assumed.

    Parameters
    ----------
    table : DataFrame
        Of `forecasting.learning.learned.Learned`.
    before : date
        The day before which all had come about that it is based on.
    head : str
        Digest of the last record of the ledger.
    """
    taken = table[table["parameter"].isin([*BIASES, SPREAD]) & (table["n"] > 0)]
    rows = [
        (row.parameter, row.name_, int(row.n), f"{row.mean:.6f}", f"{row.sd:.6f}", before.isoformat(), head)
        for row in taken.rename(columns={"name": "name_"}).itertuples()
    ]
    write_file(path, csv_bytes(COLUMNS, rows))
