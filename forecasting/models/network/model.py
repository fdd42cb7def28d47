"""The event network behind the protocol of all models."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import xarray as xr

from forecasting.dossier.edition import NETWORK, EditionDossier
from forecasting.dossier.questions import FORMS, Question
from forecasting.elicitation.numbers import READ_KINDS
from forecasting.elicitation.quantify import quantify
from forecasting.models.base import READING_COLUMNS, Layer, ModelInputs
from forecasting.models.network.engine import bind_network, numbers_for_sampler
from forecasting.models.network.evidence import Evidence, build_evidence
from forecasting.models.network.hazards import event_paths, stacked_parameters
from forecasting.models.network.inputs import named_inputs
from forecasting.models.network.likelihood import log_likelihood, reading_errors
from forecasting.models.network.structure import Structure, build_structure, fixed_elements
from forecasting.paths.questions import Answer, answer
from forecasting.paths.simulate import Paths

if TYPE_CHECKING:
    import pymc as pm
    from nutpie.compile_pymc import CompiledPyMCModel


@dataclass(frozen=True)
class NetworkInputs(ModelInputs):
    """Inputs of the network, with the records that its calendar of signals and dates is read from."""

    structure: Structure
    evidence: Evidence


@dataclass(frozen=True)
class Network:
    """Claims, base rates and history as readings of marginal log hazards (`forecasting.models.network.build`).

    The case is an edition. ``paths_per_draw`` takes the place of the edition's number of simulated paths.
    """

    paths_per_draw: int | None = None
    name: str = "network"
    title: str = "Event network"
    claim_kinds: frozenset[str] = frozenset({"judgement", "fact", "effect", "driver"})
    question_forms: frozenset[str] = frozenset(name for name, form in FORMS.items() if form.model == NETWORK)
    reported: tuple[str, ...] = ()

    def inputs(
        self, case: EditionDossier, layer: Layer = "posterior", *, without: frozenset[str] = frozenset()
    ) -> NetworkInputs:
        """Return the numbers of one layer of an edition, without some of its claims."""
        numbers = quantify(case)
        s = build_structure(case, numbers)
        evidence = build_evidence(case, s, numbers, layer, without)
        return NetworkInputs(case, layer, without, named_inputs(s, evidence), s, evidence)

    def build(self, inputs: NetworkInputs) -> pm.Model:
        """State the network in PyMC."""
        from forecasting.models.network.build import build_network

        return build_network(inputs.data)

    def density(self, inputs: NetworkInputs) -> CompiledPyMCModel:
        """Return the fused density, compiled once per machine; PyMC's own where the two differ."""
        return bind_network(inputs.data)

    def constants(self, inputs: NetworkInputs) -> Mapping[str, np.ndarray]:
        """Return which effects have no ratio to move: those that only enable or block."""
        return fixed_elements(inputs.structure)

    def questions(self, case: EditionDossier) -> Sequence[Question]:
        """Return the questions of the edition."""
        return case.questions

    def simulate(self, posterior: xr.Dataset, inputs: NetworkInputs, *, until: dt.date | None, random_seed: int) -> Paths:
        """Simulate event paths from the last known states until a day, by default the last deadline."""
        n = self.paths_per_draw or inputs.case.edition.paths_per_draw
        return event_paths(
            inputs.case, inputs.structure, inputs.evidence, posterior, paths_per_draw=n, random_seed=random_seed, until=until
        )

    def outcomes(self, paths: Paths, question: Question) -> Answer:
        """Return P(outcome | draw) of a question."""
        return answer(paths, question)

    def log_likelihood(self, posterior: xr.Dataset, inputs: NetworkInputs) -> np.ndarray:
        """Return the log likelihood of judgements, driver claims and history (draw, observation)."""
        p, errors = stacked_parameters(posterior, inputs.structure), reading_errors(posterior)
        return log_likelihood(p, errors, inputs.structure, inputs.evidence)

    def arrays(self, inputs: NetworkInputs) -> dict[str, np.ndarray]:
        """Return the numbers under their own names, and stacked as the fused density takes them."""
        return numbers_for_sampler(inputs.data)

    def readings(self, inputs: NetworkInputs) -> pd.DataFrame:
        """Return what every judgement, fact and claim about a pressure is read as, claims that are left out left out."""
        rows = [
            (number.id, target, number.location, number.spread, number.scale, number.read)
            for number in quantify(inputs.case).rows
            if number.kind in READ_KINDS and inputs.layer != "base" and number.id not in inputs.without
            for target in number.about
        ]
        return pd.DataFrame(rows, columns=list(READING_COLUMNS))
