"""Runs on disk: what one fit of an edition found, with a manifest that says what it was made from.

``runs/<edition>/`` holds

- ``manifest.json``     edition, as-of date, seed, command, package versions, digests of every input and output file, gate
- ``forecasts.json``    every forecast with its outcomes (the record to quote); ``forecasts.csv`` is the same as a table
- ``layers.csv``        question, outcome, layer, mean, q05, q25, q50, q75, q95 of P(outcome | θ): base → prior → posterior
- ``events.csv``        event, layer, hazard_median, hazard_low, hazard_high, p_1y, p_1y_low, p_1y_high: marginal hazards
- ``curves.csv``        event, layer, date, p, low, high: P(T ≤ t)
- ``influence.csv``     claim, pathway, question, outcome, p, p_without, change, k_hat, how: leave one claim out
- ``sources.csv``       source, question, outcome, p, p_without, change, k_hat, how: leave one source out
- ``origins.csv``       origin, n_claims, question, outcome, p, p_without, change, k_hat, how: leave out who said it first
- ``sensitivity.csv``   question, outcome, part, sensitivity, noise, counts, pull, points, alpha, k_hat, verdict, words
- ``conflicts.csv``     event, kind, n, expected, found, z, p, verdict, words: history against claims, claims against class
- ``silence.csv``       question, outcome, p, p_without, change, mcse, how: what it moved that nothing happened for so long
- ``classes.csv``       event, reference_class, chosen, question, outcome, base_p, base_low, base_high, p: rival classes
- ``changes.csv``       question, outcome, part, change, mcse: what changed since the previous edition, if one is named
- ``gate.csv``          criterion, worst, value, bound, passed, fix
- ``posterior.nc``      draws of the three layers (groups base, prior, posterior), zlib and fletcher32
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from forecasting.errors import ForecastingError, UsageError
from forecasting.files import file_digest
from forecasting.forecasts import Forecast, Outcome

TABLES = (
    "layers", "events", "curves", "influence", "sources", "origins", "sensitivity", "conflicts", "silence", "classes", "gate",
)  # fmt: skip
CHANGES = "changes.csv"
SCHEMA = 2


@dataclass(frozen=True)
class Run:
    """A run read back; tables as in the module's description, dates in ``curves`` as `datetime.date`."""

    directory: Path
    manifest: dict[str, Any]
    forecasts: tuple[Forecast, ...]
    layers: pd.DataFrame
    events: pd.DataFrame
    curves: pd.DataFrame
    influence: pd.DataFrame
    sources: pd.DataFrame
    origins: pd.DataFrame
    sensitivity: pd.DataFrame
    conflicts: pd.DataFrame
    silence: pd.DataFrame
    classes: pd.DataFrame
    gate: pd.DataFrame
    changes: pd.DataFrame | None = None

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
    there = [*TABLES, *(["changes"] if CHANGES in manifest["outputs"] else [])]
    tables = {name: pd.read_csv(directory / f"{name}.csv", keep_default_na=False, na_values=["nan"]) for name in there}
    tables["curves"]["date"] = [dt.date.fromisoformat(day) for day in tables["curves"]["date"]]
    records = json.loads((directory / "forecasts.json").read_text("utf-8"))
    return Run(directory, manifest, tuple(_forecast(record) for record in records), **tables)
