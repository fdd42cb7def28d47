"""Runs on disk: what one fit of an edition found, with a manifest that says what it was made from.

``runs/<edition>/`` holds

- ``manifest.json``     edition, as-of date, seed, command, package versions, digests of every input and output file, gate
- ``forecasts.json``    every forecast with its outcomes (the record to quote); ``forecasts.csv`` is the same as a table
- one ``.csv`` for each table of `forecasting.analysis.registry.ANALYSES`, listed with their columns in ``docs/run-tables.md``
- ``posterior.nc``      draws of the three layers (groups base, prior, posterior), zlib and fletcher32
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd

from forecasting.analysis.registry import ANALYSES, LISTED, Analysis, columns_of
from forecasting.errors import ForecastingError, UsageError
from forecasting.files import file_digest
from forecasting.forecasts import Forecast, Outcome

TABLES = tuple(analysis.name for analysis in ANALYSES if not analysis.optional)
SCHEMA = 3


@dataclass(frozen=True)
class Run:
    """A run read back.

    ``tables`` holds a table for each entry of `forecasting.analysis.registry.ANALYSES`, which are attributes too: ``run.curves``
    is ``run.tables["curves"]``. Days are `datetime.date`. One that this run lacks, because it is optional, is empty.
    """

    directory: Path
    manifest: dict[str, Any]
    forecasts: tuple[Forecast, ...]
    tables: Mapping[str, pd.DataFrame] = field(repr=False)

    def __getattr__(self, name: str) -> pd.DataFrame:
        if name not in LISTED:
            raise AttributeError(f"a run has no attribute '{name}'; its tables are {', '.join(LISTED)}")
        return self.tables[name] if name in self.tables else pd.DataFrame(columns=list(columns_of(name)))

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *LISTED]

    def with_tables(self, **tables: pd.DataFrame) -> Run:
        """Return the same run with some tables in place of its own."""
        return replace(self, tables={**self.tables, **tables})

    def forecast(self, question_id: str) -> Forecast:
        """Return one forecast; `UsageError` if the run has none of that id."""
        for forecast in self.forecasts:
            if forecast.question == question_id:
                return forecast
        raise UsageError(f"run {self.manifest['edition']} has no question '{question_id}'")


def forecasts_json(forecasts: tuple[Forecast, ...]) -> str:
    """Return the forecasts as JSON text with full precision."""
    return json.dumps([dataclasses.asdict(f) for f in forecasts], default=str, indent=1, ensure_ascii=False) + "\n"


def _forecast(record: dict[str, Any]) -> Forecast:
    outcomes = tuple(Outcome(**outcome) for outcome in record.pop("outcomes"))
    days: dict[str, Any] = {name: dt.date.fromisoformat(record.pop(name)) for name in ("as_of", "deadline")}
    return Forecast(**record, **days, outcomes=outcomes)


def read_run(directory: Path) -> Run:
    """Read a run back, refusing files that its manifest does not vouch for.

    Raises
    ------
    UsageError
        If there is no run in the directory.
    ForecastingError
        If a file is missing or its digest differs from the manifest's.
    """
    if not (directory / "manifest.json").is_file():
        raise UsageError(f"no run in {directory}; make one with: forecast run {directory.name}")
    try:
        manifest = json.loads((directory / "manifest.json").read_text("utf-8"))
    except ValueError:
        again = f"make the run again: forecast run {directory.name}"
        raise ForecastingError(f"{directory / 'manifest.json'}: not JSON; {again}") from None
    if manifest.get("schema") != SCHEMA:
        raise ForecastingError(f"{directory}: the run has schema {manifest.get('schema')}, this program reads {SCHEMA}")
    for name in ("forecasts.json", *(f"{table}.csv" for table in TABLES)):
        if name not in manifest["outputs"]:
            raise ForecastingError(f"{directory / 'manifest.json'}: does not vouch for {name}; make the run again")
    for name, digest in manifest["outputs"].items():
        path = directory / name
        if not path.is_file() or file_digest(path) != digest:
            raise ForecastingError(f"{path}: missing or changed since the run; make it again: forecast run {directory.name}")
    there = [analysis for analysis in ANALYSES if not analysis.optional or f"{analysis.name}.csv" in manifest["outputs"]]
    tables = {analysis.name: _table(analysis, directory / f"{analysis.name}.csv") for analysis in there}
    records = json.loads((directory / "forecasts.json").read_text("utf-8"))
    return Run(directory, manifest, tuple(_forecast(record) for record in records), tables)


def _table(analysis: Analysis, path: Path) -> pd.DataFrame:
    table = analysis.checked(pd.read_csv(path, keep_default_na=False, na_values=["nan"]), str(path))
    return table.assign(**{name: [dt.date.fromisoformat(day) for day in table[name]] for name in analysis.dates})
