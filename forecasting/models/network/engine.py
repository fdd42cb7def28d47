"""Compile an edition's network once, then sample it as often as the evidence changes."""

from __future__ import annotations

import os
from dataclasses import dataclass

import nutpie
import xarray as xr

from forecasting.dossier.edition import EditionDossier
from forecasting.errors import SamplingStopped
from forecasting.inference.traces import give_back_memory, read_trace
from forecasting.models.network.density import compile_density, read_density
from forecasting.models.network.evidence import Evidence, Layer, build_evidence, model_data
from forecasting.models.network.structure import Structure, build_structure

TUNE = 500
# No divergence in 24 runs of three editions of 12,000 draws at 0.985, in one of nine at 0.97 (docs/decisions/speed.md). Layers
# that are only compared need it less.
TARGET_ACCEPT, COMPARED_ACCEPT = 0.985, 0.95


@dataclass(frozen=True)
class Length:
    """How long a sampler runs: chains, draws and tuning steps of each, and the acceptance it tunes its steps for."""

    chains: int
    draws: int
    tune: int
    target_accept: float


COMPARED_DRAWS = 1000  # per chain: the base and prior layers' numbers stand beside the forecast, to whole per cents
QUICK = Length(chains=2, draws=500, tune=250, target_accept=0.9)
GLANCE = Length(chains=2, draws=250, tune=200, target_accept=0.9)


@dataclass(frozen=True)
class CompiledNetwork:
    """The network of one edition on the compiled density; every number of it goes in at sampling time."""

    edition: EditionDossier
    structure: Structure
    compiled: nutpie.CompiledPyMCModel  # type: ignore[name-defined]

    def length(self, layer: Layer) -> Length:
        """Return how long the sampler runs for a layer: for the posterior what the edition says, for the others no longer."""
        chains, draws = self.edition.edition.chains, self.edition.edition.draws
        if layer == "posterior":
            return Length(chains, draws, TUNE, TARGET_ACCEPT)
        return Length(chains, min(draws, COMPARED_DRAWS), TUNE, COMPARED_ACCEPT)

    def sample(
        self,
        evidence: Evidence,
        *,
        random_seed: int,
        length: Length | None = None,
        structure: Structure | None = None,
        cores: int | None = None,
    ) -> xr.DataTree:
        """Draw from the posterior under the given evidence.

        Parameters
        ----------
        evidence : Evidence
            From `forecasting.models.network.build.build_evidence`.
        random_seed : int
            Same seed, same evidence, same machine: same digits, whatever the number of cores.
        length : Length, optional
            By default that of the edition; `QUICK` and `GLANCE` are for comparisons that are never published as a
            forecast.
        structure : Structure, optional
            The same network with other numbers (an effect made void, an event moved to a rival class).

        Returns
        -------
        xr.DataTree
            With groups ``posterior`` (dims chain, draw, …) and ``sample_stats``.

        Raises
        ------
        SamplingStopped
            If the sampler returned fewer draws or chains than asked for (an interrupted run looks normal otherwise).
        """
        data = model_data(structure or self.structure, evidence)
        known = {variable.name for variable in self.compiled.shared_var_keys}
        length = length or self.length("posterior")
        compiled = self.compiled.with_data(**{name: value for name, value in data.items() if name in known})
        results = nutpie.sample(
            compiled,
            draws=length.draws, tune=length.tune, chains=length.chains, target_accept=length.target_accept,
            seed=random_seed, cores=cores or os.cpu_count(), progress_bar=False, return_raw_trace=True,
        )  # fmt: skip
        trace = read_trace(results, compiled)
        del results
        give_back_memory()
        sizes = trace["posterior"].sizes if trace else {"chain": 0, "draw": 0}
        found, wanted = (sizes["chain"], sizes["draw"]), (length.chains, length.draws)
        if trace is None or found != wanted:
            raise SamplingStopped("sampling stopped at {} × {} draws of {} × {}".format(*found, *wanted))
        return trace


def compile_network(edition: EditionDossier) -> CompiledNetwork:
    """Build the network of an edition on the density compiled for all of them.

    Compiling takes half a minute, once per machine and version of the model; after that the density is read from disk.
    """
    structure = build_structure(edition)
    evidence = build_evidence(edition, structure)
    density = read_density() or compile_density(structure, evidence)
    return CompiledNetwork(edition, structure, density.bind(model_data(structure, evidence), structure.coords))


def layer_evidence(network: CompiledNetwork, layer: Layer, without: frozenset[str] = frozenset()) -> Evidence:
    """Return the evidence of one layer for a compiled network."""
    return build_evidence(network.edition, network.structure, layer, without)
