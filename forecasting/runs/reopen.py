"""A fit read back from its run: what-ifs ask the draws that were published, without sampling anything again."""

from __future__ import annotations

from pathlib import Path

import xarray as xr

from forecasting.dossier.edition import EditionDossier
from forecasting.errors import ForecastingError
from forecasting.files import file_digest
from forecasting.fitting.fit import LAYERS, Fit, LayerFit, answer_layer
from forecasting.inference.gate import GateReport, Verdict
from forecasting.models.base import Layer
from forecasting.models.network.engine import compile_network, layer_evidence
from forecasting.runs.freshness import current_run
from forecasting.runs.store import POSTERIOR, Run


def reopen(edition: EditionDossier, runs: Path | str = "runs") -> Fit:
    """Return the fit behind an edition's published run.

    Draws are read from the run's posterior, whose digest the manifest vouches for; paths and answers are computed from
    them anew with the run's seed, which gives the published numbers to the last digit.

    Parameters
    ----------
    runs : path, default "runs"
        Where the runs are.

    Raises
    ------
    UsageError
        If there is no run, or it was made from other records.
    ForecastingError
        If a file of the run is not the one that its manifest vouches for.

    Examples
    --------
    >>> edition = fc.load_dossier("priors").edition("2024-12-syria")  # doctest: +SKIP
    >>> reopen(edition).intervene("basing-deal", at="2025-03-01")  # doctest: +SKIP
    """
    run = current_run(edition, Path(runs))
    network = compile_network(edition)
    draws = _draws(run)
    layers: dict[Layer, LayerFit] = {}
    for layer in LAYERS:
        trace = xr.DataTree.from_dict({"posterior": draws[layer]})
        evidence = layer_evidence(network, layer)
        layers[layer] = answer_layer(edition, network.structure, layer, evidence, trace, run.manifest.seed)
    verdicts = tuple(Verdict(**row) for row in run.gate.to_dict("records"))
    gate = GateReport(verdicts, run.mark.override)
    if gate.mark != run.mark:
        raise ForecastingError(f"{run.directory}: gate.csv and the manifest differ on the gate; {_again(run)}")
    return Fit(edition, network.structure, layers, gate, run.manifest.seed, network)


def _draws(run: Run) -> dict[Layer, xr.Dataset]:
    """Return the draws of the three layers, of the very file that the manifest vouches for."""
    path = run.directory / POSTERIOR
    with xr.open_datatree(path, engine="netcdf4") as file:
        draws = {layer: file[layer].to_dataset().load() for layer in LAYERS}
    if file_digest(path) != run.manifest.outputs[POSTERIOR].sha256:  # another run may have taken its place meanwhile
        raise ForecastingError(f"{path}: changed while it was read; open it once more, or {_again(run)}")
    return draws


def _again(run: Run) -> str:
    return f"make the run again: forecast run {run.directory.name}"
