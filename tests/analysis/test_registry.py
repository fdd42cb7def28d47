"""The registry of analyses: what it lists can be computed, is what a run writes and reads back, and is what the page says."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pandas as pd
import pytest
from toy import made_up_run, toy_fit

from forecasting.analysis.registry import ANALYSES, LISTED, columns_of, tables_of, tables_page
from forecasting.errors import ForecastingError


@pytest.mark.parametrize("analysis", ANALYSES, ids=lambda analysis: analysis.name)
def test_every_entry_names_a_function_that_says_what_it_returns(analysis) -> None:
    module, _, function = analysis.compute.rpartition(".")
    compute = getattr(import_module(f"forecasting.analysis.{module}"), function)
    assert compute.__doc__.startswith("Return") or compute.__doc__.startswith("Leave")
    assert len(set(analysis.columns)) == len(analysis.columns) > 0
    assert set(analysis.dates) <= set(analysis.columns)


@pytest.mark.slow
def test_a_fit_yields_every_table_that_is_listed_in_order_and_progress_never_falls() -> None:
    told: list[tuple[str, float]] = []
    tables = tables_of(toy_fit(), lambda stage, share: told.append((stage, share)))
    assert list(tables) == [analysis.name for analysis in ANALYSES if not analysis.optional]
    for name, table in tables.items():
        assert tuple(table.columns) == columns_of(name)
        assert not table.empty, name
    shares = [share for _, share in told]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, pytest.approx(1.0))
    assert {stage for stage, _ in told} >= {one.doing for one in ANALYSES if not one.optional}


def test_a_table_with_other_columns_is_refused_with_what_is_wrong() -> None:
    curves = LISTED["curves"]
    right = pd.DataFrame(columns=["event", "layer", "date", "p", "low", "high"])
    assert curves.checked(right, "here") is right
    with pytest.raises(ForecastingError, match="here: table 'curves' lacks high and has top besides; its columns are listed in"):
        curves.checked(right.rename(columns={"high": "top"}), "here")
    with pytest.raises(ForecastingError, match=r"has its columns in another order \(layer, event, date, p, low, high\)"):
        curves.checked(right[["layer", "event", "date", "p", "low", "high"]], "here")


def test_the_tables_of_a_run_are_its_attributes_and_one_that_it_lacks_is_empty(tmp_path: Path) -> None:
    run = made_up_run(tmp_path)
    assert run.curves is run.tables["curves"]
    assert set(LISTED) <= set(dir(run))
    assert (run.changes.empty, tuple(run.changes.columns)) == (True, columns_of("changes"))
    assert run.with_tables(classes=run.classes[:0]).classes.empty
    assert not run.classes.empty
    with pytest.raises(AttributeError, match="a run has no attribute 'silence'; its tables are layers, events, curves"):
        _ = run.silence


def test_the_page_of_tables_is_the_registry(project_dir: Path) -> None:
    page = project_dir / "docs" / "run-tables.md"
    write = "Path('docs/run-tables.md').write_text(tables_page(), 'utf-8')"
    assert page.read_text("utf-8") == tables_page(), f"write it anew: {write}"
