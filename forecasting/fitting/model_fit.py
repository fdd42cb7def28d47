"""Fit any model: inputs, density, sampler, simulation, outcomes, gate; it knows the protocol and no model."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from forecasting.dossier.edition import EditionDossier
from forecasting.forecasts import marked
from forecasting.inference.gate import check_fit
from forecasting.inference.gate_report import GateReport
from forecasting.inference.monte_carlo import mcse
from forecasting.inference.sample import CompiledModel, Length, compile_model, sample
from forecasting.models.base import Layer, Model, ModelInputs, label
from forecasting.paths.questions import Answer


@dataclass(frozen=True)
class ModelFit:
    """One layer of a case as a model sees it: draws, answers and the gate's verdict.

    Parameters
    ----------
    trace : xr.DataTree
        Groups ``posterior`` (dims chain, draw, …) and ``sample_stats``.
    answers : mapping of str to Answer
        P(outcome | draw) by question id.
    until : date, optional
        The day until which paths were simulated.
    """

    model: Model
    inputs: ModelInputs
    trace: xr.DataTree
    answers: Mapping[str, Answer]
    gate: GateReport
    length: Length
    until: dt.date | None
    random_seed: int
    compiled: CompiledModel = field(repr=False)

    @property
    def posterior(self) -> xr.Dataset:
        """The draws, dims (chain, draw, …)."""
        return self.trace["posterior"].to_dataset()

    @cached_property
    def outcomes(self) -> xr.DataArray:
        """P(outcome | draw) of every question, dims (chain, draw, outcome); outcomes are called ``question:outcome``."""
        return outcome_array(self.model, self.inputs.case, self.answers, self.length.chains)

    def table(self) -> pd.DataFrame:
        """Return every outcome: columns outcome, p, low, high (90 % interval) and mcse, as a forecast of an edition has them."""
        rows = [
            (label(q, outcome), got.p[:, i].mean(), *got.interval(i), mcse(got.p[:, i], self.length.chains))
            for q in self.model.questions(self.inputs.case)
            for got in [self.answers[q.id]]
            for i, outcome in enumerate(got.outcomes)
        ]
        return marked(pd.DataFrame(rows, columns=["outcome", "p", "low", "high", "mcse"]), self.gate.mark)

    def refit(self, inputs: ModelInputs, *, length: Length | None = None) -> ModelFit:
        """Return the fit of other inputs of the same case on the density that is compiled already, by default as long."""
        length = length or self.length
        return fit_inputs(
            self.model, inputs, self.compiled, length=length, until=self.until, random_seed=self.random_seed
        )


def fit_model(
    model: Model, case: Any, *, length: Length, random_seed: int, until: dt.date | None = None, layer: Layer = "posterior"
) -> ModelFit:
    """Fit one layer of a case and hold every reported quantity and every outcome to the gate.

    Parameters
    ----------
    model : Model
        Any model behind the protocol.
    case : object
        What the model takes: an edition, a survey, …
    length : Length
        Chains, draws, tuning steps and acceptance.
    random_seed : int
        Of sampler and simulation; same seed, same digits.
    until : date, optional
        The day until which paths are simulated; by default as far as the questions reach.

    Raises
    ------
    SamplingStopped
        If the sampler was interrupted.

    Examples
    --------
    >>> from forecasting.models.network.model import Network
    >>> length = Length(chains=4, draws=1000, tune=500, target_accept=0.95)
    >>> fit_model(Network(), edition, length=length, random_seed=1).outcomes.mean(("chain", "draw"))  # doctest: +SKIP
    """
    inputs = model.inputs(case, layer)
    compiled = model.density(inputs) or compile_model(model.build(inputs))
    return fit_inputs(model, inputs, compiled, length=length, until=until, random_seed=random_seed)


def fit_inputs(
    model: Model, inputs: ModelInputs, compiled: CompiledModel, *, length: Length, until: dt.date | None, random_seed: int
) -> ModelFit:
    """Sample a compiled model under some inputs, simulate, ask the questions of the case, and judge the result."""
    trace = sample(compiled, length=length, random_seed=random_seed, data=model.arrays(inputs))
    posterior = trace["posterior"].to_dataset()
    answers = answers_of(model, posterior, inputs, until=until, random_seed=random_seed)
    found = outcome_array(model, inputs.case, answers, length.chains)
    gate = check_fit(
        posterior[list(model.reported)] if model.reported else posterior,
        trace["sample_stats"].to_dataset(),
        {str(name): found.sel(outcome=name).values for name in found["outcome"].values},
        chains=length.chains, draws=length.draws, fixed=model.constants(inputs),
        what="edition" if isinstance(inputs.case, EditionDossier) else "model",
    )  # fmt: skip
    return ModelFit(model, inputs, trace, answers, gate, length, until, random_seed, compiled)


def answers_of(
    model: Model, posterior: xr.Dataset, inputs: ModelInputs, *, until: dt.date | None, random_seed: int
) -> dict[str, Answer]:
    """Return P(outcome | draw) of every question of the case, from one simulation."""
    paths = model.simulate(posterior, inputs, until=until, random_seed=random_seed)
    return {question.id: model.outcomes(paths, question) for question in model.questions(inputs.case)}


def outcome_array(model: Model, case: Any, answers: Mapping[str, Answer], chains: int) -> xr.DataArray:
    """Return the answers to all questions as one array, dims (chain, draw, outcome)."""
    labels = [label(q, outcome) for q in model.questions(case) for outcome in answers[q.id].outcomes]
    p = np.concatenate([answers[q.id].p for q in model.questions(case)], axis=1)
    values = p.reshape(chains, -1, p.shape[1])
    return xr.DataArray(values, {"outcome": labels}, ("chain", "draw", "outcome"), "p", {"units": "probability"})
