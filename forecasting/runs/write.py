"""Write a run: everything that one gated fit of an edition says, and a manifest of what it was made from."""

from __future__ import annotations

import json
from pathlib import Path

import xarray as xr

from forecasting.analysis.registry import Progress, tables_of
from forecasting.files import WRITER, file_digest, publish, scratch_folder, write_file
from forecasting.fitting.fit import LAYERS, Fit
from forecasting.runs.freshness import inputs
from forecasting.runs.store import SCHEMA, forecasts_json


def save_posterior(fit: Fit, path: Path) -> None:
    """Save the draws of the three layers as NetCDF with compression and checksums."""
    groups = {}
    for layer in LAYERS:
        dataset = fit.layers[layer].trace["posterior"].to_dataset()
        groups[f"/{layer}"] = dataset.assign_attrs({k: v for k, v in dataset.attrs.items() if "time" not in k})
    encoding = {
        group: {name: {"zlib": True, "fletcher32": True} for name in dataset.data_vars} for group, dataset in groups.items()
    }
    xr.DataTree.from_dict(groups).to_netcdf(path, encoding=encoding, engine="netcdf4")


def write_run(fit: Fit, directory: Path, command: str, progress: Progress = lambda stage, share: None) -> None:
    """Write a gated fit to ``runs/<edition>/``; the directory appears whole or not at all.

    Raises
    ------
    GateError
        If a criterion of the gate failed; nothing is written then.
    """
    fit.gate.require(fit.edition.edition.id)
    with scratch_folder(directory) as scratch:
        for name, table in tables_of(fit, progress).items():
            write_file(scratch / f"{name}.csv", table.to_csv(index=False, na_rep="nan", lineterminator="\n"))
        write_file(scratch / "forecasts.csv", fit.forecasts().to_csv(index=False, lineterminator="\n"))
        write_file(scratch / "forecasts.json", forecasts_json(fit.all_forecasts()))
        save_posterior(fit, scratch / "posterior.nc")
        outputs = {path.name: file_digest(path) for path in sorted(scratch.iterdir()) if path.name != WRITER}
        manifest = {
            "schema": SCHEMA,
            "as_of": fit.edition.as_of.isoformat(),
            "command": command,
            **inputs(fit.edition, fit.seed),
            "outputs": outputs,
        }
        write_file(scratch / "manifest.json", json.dumps(manifest, indent=1, ensure_ascii=False) + "\n")
        publish(scratch, directory)
