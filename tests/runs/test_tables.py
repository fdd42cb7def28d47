"""A table of a run is read the same way as rows and as a data frame, and as pandas reads its CSV."""

from __future__ import annotations

import datetime as dt
import io
import math
from pathlib import Path

import pandas as pd
import pytest
from written_runs import written

from forecasting.errors import ForecastingError, UsageError
from forecasting.runs.store import TABLES, read_run
from forecasting.runs.tables import Table, Tables, read_table, table_text, typed

ODD = """claim,n,p,k_hat,counts,words
c-001,3,0.1,nan,True,"a, ""b""
and c"
c-002,-1,1e-05,inf,False,nan
"",+2,-0.0,0.30000000000000004,True,'=1
"""


def as_pandas_reads(text: str) -> pd.DataFrame:
    return pd.read_csv(io.StringIO(text), keep_default_na=False, na_values=["nan"])


def test_a_data_frame_is_what_pandas_reads() -> None:
    wanted = as_pandas_reads(ODD)
    pd.testing.assert_frame_equal(read_table(ODD.encode()), wanted.assign(words=[*wanted["words"][:2], "=1"]))
    pd.testing.assert_frame_equal(read_table(b"claim,p\n"), as_pandas_reads("claim,p\n"))


@pytest.mark.parametrize("name", TABLES)
def test_every_table_of_a_run_is_what_pandas_reads(tmp_path: Path, name: str) -> None:
    directory = written(tmp_path)
    found, wanted = read_run(directory).tables[name], as_pandas_reads((directory / f"{name}.csv").read_text("utf-8"))
    for column in wanted.columns:
        assert [str(cell) for cell in found[column]] == [str(cell) for cell in wanted[column]], column


@pytest.mark.parametrize("name", TABLES)
def test_rows_say_what_the_data_frame_says(tmp_path: Path, name: str) -> None:
    run = read_run(written(tmp_path))
    rows = run.rows(name)
    assert [tuple(map(repr, row)) for row in rows] == [tuple(map(repr, row)) for row in run.tables[name].itertuples(index=False)]
    assert [repr(row) for row in run.with_tables(**{name: run.tables[name]}).rows(name)] == [repr(row) for row in rows]


def test_a_run_has_rows_of_its_tables_alone(tmp_path: Path) -> None:
    run = read_run(written(tmp_path))
    assert run.rows("changes") == ()
    assert run.with_tables(influence=run.influence[:0]).rows("influence") == ()
    with pytest.raises(UsageError, match="a run has no table 'influences'; did you mean 'influence'"):
        run.rows("influences")


def test_columns_hold_one_type_each() -> None:
    assert typed(["1_000", "2"]) == ["1_000", "2"]
    assert typed(["NaN", "1"]) == ["NaN", "1"]
    assert typed(["True", "no"]) == ["True", "no"]
    assert math.isnan(typed(["nan", "True"])[0])
    assert all(map(math.isnan, typed(["nan", "nan"])))
    assert repr(typed(["1", "nan"])) == "[1.0, nan]"


def test_days_and_texts_are_read_as_such() -> None:
    table = Table(b"on,label\n2024-07-01,12\n", "points.csv", frozenset({"label"}), frozenset({"on"}))
    assert tuple(table.rows[0]) == (dt.date(2024, 7, 1), "12")


@pytest.mark.parametrize("content", [b"a,b\n1\n", b"a,b\n1,2,3\n", b"a,b\n1,\xff\n"])
def test_what_is_no_table_is_named(content: bytes) -> None:
    with pytest.raises(ForecastingError, match=r"gate\.csv: no t.*; make the run again"):
        Table(content, "gate.csv").rows


def test_no_data_frame_is_made_before_one_is_asked_for() -> None:
    tables = Tables({"gate": Table(table_text(pd.DataFrame({"passed": [True]})).encode(), "gate.csv")})
    assert "gate" in tables
    assert tables.rows("gate")[0].passed is True
    assert "frame" not in vars(tables._found["gate"])
    assert tables["gate"] is tables["gate"]
