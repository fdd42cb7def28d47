"""Write a run: everything that one gated fit of an edition says, and a manifest of what it was made from."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

from forecasting.analysis.change_decomposition import what_changed
from forecasting.analysis.influence import claim_influence, origin_influence, source_influence
from forecasting.analysis.leave_out import Comparisons
from forecasting.analysis.power_scaling import sensitivity
from forecasting.analysis.prior_data_conflict import conflicts
from forecasting.analysis.reference_classes import rival_classes
from forecasting.analysis.survived_exposure import silence
from forecasting.files import WRITER, file_digest, publish, scratch_folder, write_file
from forecasting.fitting.fit import LAYERS, Fit
from forecasting.models.network.hazards import marginal_log_hazard, signal_shift, stacked_parameters, years_of_hazard
from forecasting.paths.questions import epistemic_draws
from forecasting.runs.freshness import inputs
from forecasting.runs.store import SCHEMA, forecasts_json

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


def layer_table(fit: Fit) -> pd.DataFrame:
    """Return quantiles of P(outcome | θ) under the three layers."""
    rows = []
    for layer in LAYERS:
        for name, got in fit.layers[layer].answers.items():
            for i, outcome in enumerate(got.outcomes):
                p = got.p[:, i]
                spread = np.clip(np.quantile(epistemic_draws(p, got.noise[:, i]), QUANTILES), 0, 1)
                rows.append((name, outcome, layer, p.mean(), *spread))
    return pd.DataFrame(rows, columns=["question", "outcome", "layer", "mean", "q05", "q25", "q50", "q75", "q95"])


def event_table(fit: Fit) -> pd.DataFrame:
    """Return marginal hazards and one-year probabilities as of today, with drivers and signals, under the layers.

    A hazard that changes with age is given as its mean over the coming year.
    """
    rows = []
    for layer in LAYERS:
        fitted = fit.layers[layer]
        p = stacked_parameters(fitted.trace["posterior"].to_dataset(), fit.structure)
        log_hazard = marginal_log_hazard(p, fit.structure)
        for k, event_id in enumerate(fit.structure.event_ids):
            shift = signal_shift(p, fit.structure, k, fit.edition.as_of, fitted.evidence.use_signals)
            hazard = np.exp(log_hazard[:, k] + shift) * years_of_hazard(fit.edition, fit.structure, p, k)
            p_1y = -np.expm1(-hazard)
            rows.append(
                (event_id, layer, np.median(hazard), *np.quantile(hazard, [0.05, 0.95]),
                 p_1y.mean(), *np.quantile(p_1y, [0.05, 0.95]))
            )  # fmt: skip
    names = ["event", "layer", "hazard_median", "hazard_low", "hazard_high", "p_1y", "p_1y_low", "p_1y_high"]
    return pd.DataFrame(rows, columns=names)


def curve_table(fit: Fit) -> pd.DataFrame:
    """Return P(T ≤ t) of every event under the three layers."""
    frames = [
        fit.curve(event_id, layer).assign(event=event_id, layer=layer)
        for layer in LAYERS
        for event_id in fit.structure.event_ids
    ]
    return pd.concat(frames)[["event", "layer", "date", "p", "low", "high"]]


def gate_table(fit: Fit) -> pd.DataFrame:
    """Return the gate's verdicts."""
    columns = ("criterion", "worst", "value", "bound", "passed", "fix")
    return pd.DataFrame([{name: getattr(v, name) for name in columns} for v in fit.gate.verdicts])


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


def write_run(fit: Fit, directory: Path, command: str, progress=None) -> None:
    """Write a gated fit to ``runs/<edition>/``; the directory appears whole or not at all.

    Raises
    ------
    GateError
        If a criterion of the gate failed; nothing is written then.
    """
    fit.gate.require(fit.edition.edition.id)
    say = progress or (lambda stage, share: None)
    with scratch_folder(directory) as scratch:
        tables = {"layers": layer_table(fit), "events": event_table(fit), "curves": curve_table(fit), "gate": gate_table(fit)}
        say("drawing for comparisons", 0.0)
        against = Comparisons.of(fit)
        tables["influence"] = claim_influence(fit, lambda share: say("leaving claims out", share), against)
        tables["sources"] = source_influence(fit, lambda share: say("leaving sources out", share), against)
        tables["origins"] = origin_influence(fit, lambda share: say("leaving origins out", share), against)
        tables["silence"] = silence(fit, against.every)
        tables["sensitivity"], tables["conflicts"] = sensitivity(fit), conflicts(fit)
        tables["classes"] = rival_classes(fit, lambda share: say("trying rival classes", share))
        if name := fit.edition.edition.previous:
            before = fit.edition.dossier.edition(name)
            found = what_changed(before, fit, progress=lambda share: say("comparing with the previous edition", share))
            tables["changes"] = found.table
        for name, table in tables.items():
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
