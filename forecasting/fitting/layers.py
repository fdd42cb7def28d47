"""One layer of evidence: sampled, propagated to paths, asked an edition's questions, and held to the gate alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, partial

import numpy as np
import xarray as xr

from forecasting.dossier.edition import EditionDossier, Told
from forecasting.fitting.growth import drawn_again, draws_wanted, smaller_steps
from forecasting.inference.gate import check_fit
from forecasting.inference.gate_report import GateReport
from forecasting.inference.sample import Length
from forecasting.models.base import Layer
from forecasting.models.network.draws import base_draws
from forecasting.models.network.engine import CompiledNetwork, layer_evidence
from forecasting.models.network.evidence import Evidence
from forecasting.models.network.hazards import event_paths
from forecasting.models.network.structure import Structure, fixed_elements
from forecasting.paths.curves import Curves, curves_of
from forecasting.paths.questions import INTERVAL, Answer, answer
from forecasting.paths.sides import sides_of
from forecasting.paths.simulate import Paths

LAYERS: tuple[Layer, ...] = ("base", "prior", "posterior")
COMPARISON_PATHS = 16  # for the base and prior layers, of which only means and quartiles are shown


@dataclass(frozen=True)
class LayerFit:
    """One layer of evidence with its draws, answers and curves; ``simulated`` gives its paths, which take most room.

    ``told`` gives what it says of the sides of indices that are events (`forecasting.paths.sides.sides_of`).
    """

    layer: Layer
    evidence: Evidence
    trace: xr.DataTree
    curves: Curves
    answers: Mapping[str, Answer]
    simulated: Callable[[], Paths] = field(repr=False)
    told: Callable[[], Told] = field(repr=False)

    def __repr__(self) -> str:
        sizes = self.trace["posterior"].sizes
        drawn = f"{sizes['chain']} × {sizes['draw']:,} draws"
        return f"<LayerFit {self.layer}: {len(self.answers)} questions, {drawn}; .answers, .curves, .paths>"

    @cached_property
    def paths(self) -> Paths:
        """The simulated paths: of the posterior of a fresh fit those at hand, else simulated again, which gives the same."""
        return self.simulated()


def grown_layer(
    network: CompiledNetwork, layer: Layer, *, random_seed: int, say: Callable[[str], None] = lambda stage: None
) -> tuple[LayerFit, Length]:
    """Fit one layer and return it with its length; the base and prior layers grow until their own answers pass the gate.

    They are there to compare with and begin short. Where an answer of theirs does not pass, they are drawn again at the length
    that its error asks for, at most `MOST_DRAWS` of each chain. The posterior layer has the draws that the edition states. Where
    a few draws of it diverged, it is drawn again with smaller steps (`forecasting.fitting.growth.smaller_steps`).
    """
    length = network.length(layer)
    while True:
        evidence, trace = drawn_layer(network, layer, random_seed=random_seed, length=length)
        diverged = float(trace["sample_stats"]["diverging"].sum()) if layer == "posterior" else 0.0
        again = smaller_steps(length, diverged)
        if again == length:  # draws that are not kept are not simulated
            fitted = answer_layer(network.edition, network.structure, layer, evidence, trace, random_seed)
            if layer != "posterior":
                asked = probabilities_of({layer: fitted}, length.chains) | sides_told(fitted, length.chains)
                again = replace(length, draws=max(length.draws, draws_wanted(asked)))
            if again == length:
                return fitted, length
        say(drawn_again(f"the {layer} layer", again, length))
        length = again


def drawn_layer(
    network: CompiledNetwork, layer: Layer, *, random_seed: int, without: frozenset[str] = frozenset(),
    length: Length | None = None,
) -> tuple[Evidence, xr.DataTree]:  # fmt: skip
    """Return the evidence of one layer and draws under it; the base layer needs no sampler."""
    evidence, length = layer_evidence(network, layer, without), length or network.length(layer)
    if layer == "base":
        draws = base_draws(network.structure, chains=length.chains, draws=length.draws, random_seed=random_seed)
        return evidence, xr.DataTree.from_dict({"posterior": draws})
    return evidence, network.sample(evidence, random_seed=random_seed, length=length)


def fit_layer(
    network: CompiledNetwork, layer: Layer, *, random_seed: int, without: frozenset[str] = frozenset(),
    length: Length | None = None,
) -> LayerFit:  # fmt: skip
    """Sample one layer, simulate its paths and answer the edition's questions."""
    evidence, trace = drawn_layer(network, layer, random_seed=random_seed, without=without, length=length)
    return answer_layer(network.edition, network.structure, layer, evidence, trace, random_seed)


def answer_layer(
    edition: EditionDossier, s: Structure, layer: Layer, evidence: Evidence, trace: xr.DataTree, random_seed: int,
    grid: np.ndarray | None = None,
) -> LayerFit:  # fmt: skip
    """Simulate the paths of a sampled layer and answer the edition's questions, with curves on a ``grid`` of its own if given."""
    simulated = partial(layer_paths, edition, s, layer, evidence, trace, random_seed, grid)
    paths = simulated()
    answers = {question.id: answer(paths, question) for question in edition.questions}
    curves, sides = curves_of(paths, INTERVAL), sides_of(edition, paths)
    return LayerFit(
        layer, evidence, trace, curves, answers, (lambda: paths) if layer == "posterior" else simulated, lambda: sides
    )  # fmt: skip


def layer_paths(
    edition: EditionDossier, s: Structure, layer: Layer, evidence: Evidence, trace: xr.DataTree, random_seed: int,
    grid: np.ndarray | None = None,
) -> Paths:  # fmt: skip
    """Simulate the paths of a sampled layer, with survival on a ``grid`` of its own if given; same seed, same paths."""
    n, posterior = edition.edition.paths_per_draw if layer == "posterior" else COMPARISON_PATHS, trace["posterior"].to_dataset()
    return event_paths(edition, s, evidence, posterior, paths_per_draw=n, random_seed=random_seed, grid=grid)


def probabilities_of(layers: Mapping[Layer, LayerFit], chains: int) -> dict[str, np.ndarray]:
    """Return P(outcome | draw) of every outcome under some layers (chain, draw), by names such as ``prior pact-by-2025:yes``."""
    return {
        f"{layer} {name}:{outcome}": got.p[:, i].reshape(chains, -1)
        for layer, fitted in layers.items()
        for name, got in fitted.answers.items()
        for i, outcome in enumerate(got.outcomes)
    }


def sides_told(fitted: LayerFit, chains: int) -> dict[str, np.ndarray]:
    """Return P(side | draw) of every index's sides that are events (chain, draw): further models take them as they are."""
    return {
        f"{fitted.layer} {name}:{side}": p.reshape(chains, -1)
        for name, sides in fitted.told().items()
        for side, (p, _) in sides.items()
    }


def gate_of_layer(edition: EditionDossier, s: Structure, fitted: LayerFit, length: Length) -> GateReport:
    """Hold one layer that was fitted alone to the gate: all of its quantities, and the probabilities it gives.

    The base layer is drawn directly: there is no sampler to judge.
    """
    posterior = fitted.trace["posterior"].to_dataset()
    stats = None if fitted.layer == "base" else fitted.trace["sample_stats"].to_dataset()
    return check_fit(
        posterior, stats, probabilities_of({fitted.layer: fitted}, length.chains), chains=length.chains, draws=length.draws,
        fixed=fixed_elements(s),
    )  # fmt: skip
