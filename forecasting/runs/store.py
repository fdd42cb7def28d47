"""Runs on disk: what one fit of an edition found, with a manifest that says what it was made from.

``runs/<edition>/`` holds

- ``manifest.json``     edition, as-of date, seed, command, package versions, gate, digests of inputs, of every file, of itself
- ``forecasts.json``    edition, as-of date, seed, gate, and every forecast with its outcomes (the record to quote)
- ``forecasts.csv``     the forecasts as a table; where the fit did not pass the gate, a column ``gate`` says so in every table
- one ``.csv`` for each table of `forecasting.analysis.registry.ANALYSES`, listed with their columns in ``docs/run-tables.md``
- ``answers.nc``        P(outcome | draw) and curves of the three layers, to the last bit
- ``posterior.nc``      draws of the three layers (groups base, prior, posterior), zlib and fletcher32
- six files for each model that answers questions beside the event network (`forecasting.runs.further`)
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from forecasting.analysis.registry import ANALYSES, LISTED, Analysis, columns_of
from forecasting.arguments import ID, takes
from forecasting.errors import ForecastingError, UsageError, near
from forecasting.files import plain_bytes
from forecasting.forecasts import Forecast, Gate, Outcome
from forecasting.models.named import model_title
from forecasting.runs.further import ModelTables, models_of, read_tables
from forecasting.runs.manifest import MANIFEST, Manifest, again, check_files, manifest_bytes, parse_manifest
from forecasting.runs.tables import Table, Tables
from forecasting.shown.holders import run_html, run_text

if TYPE_CHECKING:
    import pandas as pd

TABLES = tuple(analysis.name for analysis in ANALYSES if not analysis.optional)
FORECASTS, FORECAST_TABLE, ANSWERS, POSTERIOR = "forecasts.json", "forecasts.csv", "answers.nc", "posterior.nc"
REQUIRED = (FORECASTS, FORECAST_TABLE, ANSWERS, POSTERIOR, *(f"{table}.csv" for table in TABLES))
DRAFTED = (FORECASTS, FORECAST_TABLE, ANSWERS, POSTERIOR, "gate.csv")  # what a draft has at least
TRIES = 20  # times that a run is read anew because another one took its place meanwhile


@dataclass(frozen=True)
class Run:
    """A run read back.

    ``tables`` holds a table for each entry of `forecasting.analysis.registry.ANALYSES`, which are attributes too: ``run.curves``
    is ``run.tables["curves"]``. Days are `datetime.date`. One that this run lacks, because it is optional, is empty. The data
    frame of a run read back is made when it is first asked for; `rows` makes none.
    ``further`` holds what models beside the event network read and found, by their names.
    """

    directory: Path
    manifest: Manifest
    forecasts: tuple[Forecast, ...]
    tables: Mapping[str, pd.DataFrame] = field(repr=False)
    further: Mapping[str, ModelTables] = field(default_factory=dict, repr=False)

    def __getattr__(self, name: str) -> pd.DataFrame:
        if name not in LISTED:
            raise AttributeError(f"a run has no attribute '{name}'; its tables are {', '.join(LISTED)}")
        if name in self.tables:
            found = self.tables[name]
            if self.mark.warning:
                found = found.copy(deep=False)
                found.attrs["warning"] = self.mark.warning
            return found
        import pandas as pd

        return pd.DataFrame(columns=list(columns_of(name)))

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *LISTED]

    def __repr__(self) -> str:
        return run_text(self)

    def _repr_html_(self) -> str:
        return run_html(self)

    def with_tables(self, **tables: pd.DataFrame) -> Run:
        """Return the same run with some tables in place of its own."""
        return replace(self, tables=Tables.of(self.tables).replaced(tables))

    @takes(name=ID)
    def rows(self, name: str) -> tuple[Any, ...]:
        """Return the rows of a table as named tuples, without loading pandas; none of a table that this run lacks.

        Raises
        ------
        UsageError
            If no run has a table of that name.
        """
        if name not in LISTED:
            raise UsageError(f"a run has no table '{name}'; {near(name, LISTED)}")
        return Tables.of(self.tables).rows(name) if name in self.tables else ()

    @property
    def mark(self) -> Gate:
        """What the gate found of the fit; it goes wherever a number of the run goes."""
        return self.manifest.gate.mark()

    @property
    def warning(self) -> str:
        """What to print beside its numbers: why it is a draft, or what the gate found where somebody overrode it; or nothing."""
        return f"DRAFT, not fit to quote: {self.manifest.draft}" if self.manifest.draft else self.mark.warning

    @takes(question_id=ID)
    def forecast(self, question_id: str) -> Forecast:
        """Return one forecast; `UsageError` if the run has none of that id."""
        for forecast in self.forecasts:
            if forecast.question == question_id:
                return forecast
        raise UsageError(f"run {self.manifest.edition} has no question '{question_id}'")


def forecasts_json(
    forecasts: tuple[Forecast, ...], *, edition: str, as_of: dt.date, seed: int, gate: Gate, reconstructed: str = ""
) -> str:
    """Return the forecasts as JSON text with full precision, and what they have in common once."""
    common: dict[str, Any] = {"edition": edition, "as_of": as_of, "seed": seed, "gate": dataclasses.asdict(gate)}
    common |= {"reconstructed": reconstructed} if reconstructed else {}
    answers = [dataclasses.asdict(forecast) for forecast in forecasts]
    for answer in answers:
        for name in ("edition", "as_of", "gate", "reconstructed"):
            del answer[name]
        for outcome in answer["outcomes"]:
            del outcome["standard"]  # of the edition, and no number: read anew with it (`forecasting.runs.freshness.in_words_of`)
    return json.dumps({**common, "forecasts": answers}, default=str, indent=1, ensure_ascii=False) + "\n"


def _forecasts(text: bytes, manifest: Manifest, path: Path) -> tuple[Forecast, ...]:
    """Return the forecasts, refusing those that say anything of their making that the manifest does not."""
    try:
        record = dict(json.loads(text))
    except (ValueError, TypeError, RecursionError) as error:
        raise ForecastingError(f"{path}: found no forecasts ({error}); {again(path.parent)}") from None
    said = manifest.fields()
    for name in ("edition", "as_of", "seed", "gate", "reconstructed"):
        if record.get(name) != said.get(name):
            found = f"{name} {record.get(name)!r}, where {MANIFEST} has {said.get(name)!r}"
            raise ForecastingError(f"{path}: found {found}; {again(path.parent)}")
    common = {"edition": manifest.edition, "as_of": manifest.as_of, "gate": manifest.gate.mark()}
    common["reconstructed"] = manifest.reconstructed
    try:
        return tuple(_forecast(answer, common) for answer in record["forecasts"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        found = f"no forecasts as this program writes them ({type(error).__name__}: {error})"
        raise ForecastingError(f"{path}: found {found}; {again(path.parent)}") from None


def _forecast(answer: dict[str, Any], common: dict[str, Any]) -> Forecast:
    outcomes = tuple(Outcome(**outcome) for outcome in answer.pop("outcomes"))
    deadline = dt.date.fromisoformat(answer.pop("deadline"))
    return Forecast(**answer, **common, deadline=deadline, outcomes=outcomes)


def read_run(directory: Path) -> Run:
    """Read a run back, refusing all that its manifest does not vouch for.

    A run that is replaced while it is read is read anew, so what is returned is all of one run.

    Raises
    ------
    UsageError
        If there is no run in the directory.
    ForecastingError
        If the manifest is not one, a file is missing, changed or not listed, or manifest and forecasts differ on the
        edition, its as-of date, the seed or the gate.
    """
    for _ in range(TRIES):
        content = manifest_bytes(directory)
        try:
            return _read(directory, parse_manifest(content, directory / MANIFEST))
        except (ForecastingError, FileNotFoundError):
            if manifest_bytes(directory) == content:
                raise
    raise ForecastingError(f"{directory}: replaced {TRIES} times while it was read; wait until the other commands are done")


def _read(directory: Path, manifest: Manifest) -> Run:
    for name in DRAFTED if manifest.draft else REQUIRED:
        if name not in manifest.outputs:
            raise ForecastingError(f"{directory / MANIFEST}: does not vouch for {name}; {again(directory)}")
    check_files(directory, manifest)
    there = [analysis for analysis in ANALYSES if f"{analysis.name}.csv" in manifest.outputs]
    tables = {analysis.name: _table(analysis, directory / f"{analysis.name}.csv", manifest) for analysis in there}
    forecasts = _forecasts(_content(directory / FORECASTS, manifest), manifest, directory / FORECASTS)
    judged, mark = tables["gate"].rows, manifest.gate.mark()
    if len(judged) != mark.n_criteria or all(row.passed for row in judged) != mark.passed:
        raise ForecastingError(f"{directory / 'gate.csv'}: found another verdict than {MANIFEST} has; {again(directory)}")
    content = partial(_content_of, directory, manifest)
    further = {name: read_tables(name, model_title(name), content) for name in models_of(manifest.outputs)}
    return Run(directory, manifest, forecasts, Tables(tables), further)


def _content_of(directory: Path, manifest: Manifest, name: str) -> bytes:
    return _content(directory / name, manifest)


def _content(path: Path, manifest: Manifest) -> bytes:
    """Return the bytes of a file, held to its digest once more: it may have been replaced since the folder was checked."""
    content = plain_bytes(path)
    if hashlib.sha256(content).hexdigest() != manifest.outputs[path.name].sha256:
        raise ForecastingError(f"{path}: missing or changed since the run; {again(path.parent)}")
    return content


def _table(analysis: Analysis, path: Path, manifest: Manifest) -> Table:
    table = Table(_content(path, manifest), str(path), days=frozenset(analysis.dates))
    analysis.check_columns(table.columns, str(path))
    return table
