"""An edition's network on its compiled density: sampled as often as the evidence changes, compiled once."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from forecasting.dossier.edition import EditionDossier
from forecasting.elicitation.quantify import quantify
from forecasting.inference.sample import Length, compile_model, sample
from forecasting.models.base import Layer
from forecasting.models.network.evidence import Evidence, build_evidence
from forecasting.models.network.inputs import coords_of, named_inputs, network_inputs
from forecasting.models.network.stacked import compiled_arrays
from forecasting.models.network.structure import Structure, build_structure

if TYPE_CHECKING:
    from nutpie.compile_pymc import CompiledPyMCModel

log = logging.getLogger(__name__)
TUNE = 500
# No divergence in 24 runs of three editions of 12,000 draws at 0.985, in one of nine at 0.97 (docs/decisions/speed.md). Layers
# that are only compared need it less.
TARGET_ACCEPT, COMPARED_ACCEPT = 0.985, 0.95
# A step that is accepted as often is the shorter the more parameters there are, by their number to the power of 1/4 (Beskos et
# al., 2013, Bernoulli 19). In large networks 0.8, Stan's default, is short enough for every narrow place, and half as many steps
# make a draw; where one diverges all the same, the layer is drawn again with shorter steps.
LARGE, LARGE_ACCEPT = 500, 0.8  # events and effects together
# Per chain: the base and prior layers' numbers stand beside the forecast, to whole per cents. At 1,000 the widest of them, an
# answer given that it is not void where it is in four worlds of ten, had an error of 0.498 points against 0.5 of the gate.
COMPARED_DRAWS = 1300
QUICK = Length(chains=2, draws=500, tune=250, target_accept=0.9)
GLANCE = Length(chains=2, draws=250, tune=200, target_accept=0.9)


@dataclass(frozen=True)
class CompiledNetwork:
    """The network of one edition; its density is read from disk, or compiled, when something is sampled."""

    edition: EditionDossier
    structure: Structure

    @cached_property
    def compiled(self) -> CompiledPyMCModel:
        """The density of the whole edition, ready for nutpie; every number of it can be put in anew."""
        return bind_network(network_inputs(self.edition, quantify(self.edition)))

    def length(self, layer: Layer) -> Length:
        """Return how long the sampler runs for a layer: for the posterior what the edition says, for the others no longer."""
        chains, draws = self.edition.edition.chains, self.edition.edition.draws
        large = len(self.structure.event_ids) + len(self.structure.effect_ids) > LARGE
        if layer == "posterior":
            return Length(chains, draws, TUNE, LARGE_ACCEPT if large else TARGET_ACCEPT)
        return Length(chains, min(draws, COMPARED_DRAWS), TUNE, LARGE_ACCEPT if large else COMPARED_ACCEPT)

    def sample(
        self,
        evidence: Evidence,
        *,
        random_seed: int,
        length: Length | None = None,
        structure: Structure | None = None,
        cores: int | None = None,
    ) -> xr.DataTree:
        """Draw from the posterior under the given evidence; see `forecasting.inference.sample.sample`.

        Parameters
        ----------
        evidence : Evidence
            From `forecasting.models.network.evidence.build_evidence`.
        length : Length, optional
            By default that of the edition; `QUICK` and `GLANCE` are for comparisons that are never published as a
            forecast.
        structure : Structure, optional
            The same network with other numbers (an effect made void, an event moved to a rival class).
        """
        data = numbers_for_sampler(named_inputs(structure or self.structure, evidence))
        length = length or self.length("posterior")
        return sample(self.compiled, length=length, random_seed=random_seed, data=data, cores=cores)


def bind_network(inputs: xr.Dataset) -> CompiledPyMCModel:
    """Return a network's density with its numbers: the fused one, or PyMC's own where that is not the same or cannot be used.

    The fused density is compiled once per machine and version of the model, half a minute; after that it is read from disk.
    """
    from forecasting.inference.internals import missing_parts

    if said := missing_parts():
        log.warning("numba or nutpie is not as the compiled density needs it (%s): sampling PyMC's own", said)
        return _as_stated(inputs)
    from forecasting.models.network.density import compile_density, read_density

    density = read_density() or compile_density(inputs)
    if said := density.layout.disagreement:
        log.warning("models/network/fused.py is not the density of models/network/build.py (%s): sampling PyMC's own", said)
        return _as_stated(inputs)
    return density.bind(compiled_arrays(inputs), coords_of(inputs))


def _as_stated(inputs: xr.Dataset) -> CompiledPyMCModel:
    from forecasting.models.network.build import build_network

    return compile_model(build_network(inputs))


def numbers_for_sampler(inputs: xr.Dataset) -> dict[str, np.ndarray]:
    """Return inputs under their own names, for the density that PyMC states, and stacked, for the fused one."""
    return {**{str(name): values.values for name, values in inputs.data_vars.items()}, **compiled_arrays(inputs)}


def compile_network(edition: EditionDossier) -> CompiledNetwork:
    """Return the network of an edition, to be sampled as often as its evidence changes."""
    return CompiledNetwork(edition, build_structure(edition, quantify(edition)))


def layer_evidence(network: CompiledNetwork, layer: Layer, without: frozenset[str] = frozenset()) -> Evidence:
    """Return the evidence of one layer for a compiled network."""
    return build_evidence(network.edition, network.structure, quantify(network.edition), layer, without)
