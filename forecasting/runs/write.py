"""Write a run: everything that one gated fit of an edition says, and a manifest of what it was made from."""

from __future__ import annotations

import dataclasses
import json
import os
from pathlib import Path
from typing import Any, cast

import xarray as xr

from forecasting.analysis.leave_one_out import leave_one_out
from forecasting.analysis.registry import Progress, each_table, plain_tables, step
from forecasting.errors import FileError, ForecastingError, GateError, UnfinishedError
from forecasting.files import WRITER, scratch_folder, write_file
from forecasting.fitting.fit import EditionFit
from forecasting.fitting.further import FurtherFit
from forecasting.fitting.layers import LAYERS
from forecasting.forecasts import Gate, marked
from forecasting.models.base import Pictured
from forecasting.runs.answers import answer_set, layer_answers
from forecasting.runs.drafts import settle
from forecasting.runs.freshness import inputs
from forecasting.runs.further import file_of
from forecasting.runs.manifest import MANIFEST, entries, manifest_text
from forecasting.runs.store import ANSWERS, FORECAST_TABLE, FORECASTS, POSTERIOR, forecasts_json
from forecasting.runs.tables import table_text


def save_posterior(fit: EditionFit, path: Path) -> None:
    """Save the draws of the three layers as NetCDF with compression and checksums, on the disk when this returns."""
    groups = {}
    for layer in LAYERS:
        dataset = fit.layers[layer].trace["posterior"].to_dataset()
        groups[f"/{layer}"] = dataset.assign_attrs({k: v for k, v in dataset.attrs.items() if "time" not in k})
    save_groups(groups, path)


def save_answers(fit: EditionFit, path: Path) -> None:
    """Save the answers and curves of the three layers the same way, so that reading a fit back simulates nothing."""
    save_groups({f"/{layer}": layer_answers(fit.layers[layer], fit.structure.event_ids) for layer in LAYERS}, path)


def save_model(name: str, fit: FurtherFit, mark: Gate, folder: Path) -> None:
    """Save what a further model says of an edition: its draws, its answers, what it read, what that moved, its picture."""
    last = fit.layers["posterior"]
    picture = cast(Pictured, fit.model)
    tables = {
        "readings": fit.model.readings(last.inputs), "influence": leave_one_out(last),
        "bands": picture.bands(last.posterior, last.inputs, random_seed=last.random_seed), "points": picture.points(last.inputs),
    }  # fmt: skip
    for kind, table in tables.items():
        write_file(folder / file_of(name, f"{kind}.csv"), table_text(marked(table, mark)))
    save_groups({f"/{layer}": answer_set(fit.answers[layer]) for layer in LAYERS}, folder / file_of(name, ANSWERS))
    kept = list(fit.model.reported or last.posterior.data_vars)  # the others are steps to these, many times as many
    save_groups({f"/{layer}": fit.layers[layer].posterior[kept] for layer in LAYERS}, folder / file_of(name, POSTERIOR))


def save_whole(name: str, fit: FurtherFit, mark: Gate, folder: Path) -> None:
    """Save what a further model says, all of it or nothing: half of it could not be read back.

    Raises
    ------
    UnfinishedError
        If it cannot be worked out.
    """
    try:
        with step(f"what moves the model '{name}'"):
            save_model(name, fit, mark, folder)
    except UnfinishedError:
        for path in folder.glob(file_of(name, "*")):
            path.unlink()
        raise


def save_groups(groups: dict[str, xr.Dataset], path: Path) -> None:
    """Save data sets as groups of one NetCDF file.

    Raises
    ------
    FileError
        If it cannot be written.
    """
    encoding = {
        group: {name: {"zlib": True, "fletcher32": True} for name in dataset.data_vars} for group, dataset in groups.items()
    }
    try:
        xr.DataTree.from_dict(groups).to_netcdf(path, encoding=encoding, engine="netcdf4")
        with path.open("rb+") as file:
            os.fsync(file.fileno())
    except (OSError, RuntimeError) as error:  # the library of NetCDF says of a full disk "NetCDF: HDF error"
        raise FileError(f"{path}: cannot be written ({error}); make room on the disk, or name another folder") from None


def write_run(fit: EditionFit, directory: Path, command: str, progress: Progress = lambda stage, share: None) -> None:
    """Write a gated fit to ``runs/<edition>/``; the directory appears whole or not at all.

    Raises
    ------
    GateError, UnfinishedError
        If a criterion of the gate failed and nobody has overridden it, or if a step after the fit did; what was computed is kept
        as a draft, in ``runs/<edition>.draft/``.
    FileError
        If it cannot be written.
    """
    with scratch_folder(directory) as scratch:
        settle(scratch, directory, fill(fit, scratch, command, progress))


def fill(
    fit: EditionFit, folder: Path, command: str, progress: Progress = lambda stage, share: None
) -> ForecastingError | None:
    """Write everything of a run into a folder, its manifest last; return why it is a draft, or None if it may be published.

    A fit that the gate blocks is not compared with others. Where a step fails, what was computed before it is written.

    Raises
    ------
    FileError
        As `write_run`.
    """
    edition, mark = fit.edition, fit.gate.mark
    why: ForecastingError | None = _blocked(fit)
    write_file(folder / FORECAST_TABLE, table_text(fit.forecasts()))
    common: dict[str, Any] = {"edition": edition.edition.id, "as_of": edition.as_of, "seed": fit.seed, "gate": mark}
    late: dict[str, Any] = {"reconstructed": edition.edition.reconstructed} if edition.edition.reconstructed else {}
    write_file(folder / FORECASTS, forecasts_json(fit.all_forecasts(), **common, **late))
    save_answers(fit, folder / ANSWERS)
    save_posterior(fit, folder / POSTERIOR)
    try:
        for name, table in plain_tables(fit) if why else each_table(fit, progress):
            shown = table if name == "gate" else marked(table, mark)
            write_file(folder / f"{name}.csv", table_text(shown))
        for name, further in fit.further.items():
            progress(f"leaving observations of “{further.model.title}” out", 0.99)
            save_whole(name, further, mark, folder)
    except UnfinishedError as error:
        why = UnfinishedError(f"edition {edition.edition.id}: {error}; mend the cause, then: forecast run {edition.edition.id}")
        draft = str(error)
    else:
        draft = mark.words if why else ""
    names = [path.name for path in folder.iterdir() if path.name != WRITER]
    made_from = {"as_of": edition.as_of.isoformat(), "command": command, **inputs(edition, fit.seed), **late}
    made_from |= {"draft": draft} if draft else {}
    gate = json.loads(json.dumps(dataclasses.asdict(mark), default=str))
    write_file(folder / MANIFEST, manifest_text(**made_from, gate=gate, outputs=entries(folder, names)))
    return why


def _blocked(fit: EditionFit) -> GateError | None:
    try:
        fit.gate.require(fit.edition.edition.id)
    except GateError as error:
        return error
    return None
