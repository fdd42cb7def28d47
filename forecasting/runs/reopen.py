"""A fit read back from its run: what-ifs ask the draws that were published, without sampling anything again."""

from __future__ import annotations

from pathlib import Path

import xarray as xr

from forecasting.dossier.edition import EditionDossier
from forecasting.fitting.fit import LAYERS, Fit, LayerFit, answer_layer
from forecasting.inference.gate import GateReport, Verdict
from forecasting.models.base import Layer
from forecasting.models.network.engine import compile_network, layer_evidence
from forecasting.runs.freshness import current_run


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
    with xr.open_datatree(run.directory / "posterior.nc", engine="netcdf4") as file:
        layers: dict[Layer, LayerFit] = {}
        for layer in LAYERS:
            trace = xr.DataTree.from_dict({"posterior": file[layer].to_dataset().load()})
            evidence = layer_evidence(network, layer)
            layers[layer] = answer_layer(edition, network.structure, layer, evidence, trace, run.manifest["seed"])
    verdicts = tuple(Verdict(**row) for row in run.gate.to_dict("records"))
    return Fit(edition, network.structure, layers, GateReport(verdicts), run.manifest["seed"], network)
