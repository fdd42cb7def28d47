"""Sample the phrase model, and let nothing out that its diagnostics do not carry."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from forecasting.elicitation.meaning import PhraseDraws, Survey
from forecasting.inference.gate import check_fit
from forecasting.inference.gate_report import GateReport
from forecasting.inference.sample import Length, compile_model, sample
from forecasting.models.phrases.build import build_phrase_model

if TYPE_CHECKING:
    from nutpie.compile_pymc import CompiledPyMCModel

REPORTED = (
    "location", "log_scale", "skew", "log_tail", "bias", "rounding_share", "beside_even", "pile_up", "slip",
)  # fmt: skip
FULL = Length(chains=4, draws=800, tune=500, target_accept=0.9, adaptation="low_rank")
FEW = Length(chains=4, draws=2000, tune=500, target_accept=0.95, adaptation="low_rank")
"""For fewer than `MANY` readers, who leave the widths over phrases wide open: smaller steps, and more of them."""
MANY = 200
FOLD = Length(chains=2, draws=400, tune=400, target_accept=0.9, adaptation="low_rank")
"""Fits to a fold are compared and never shipped, so that they are shorter; `QUICK` of the engine is to a forecast the same."""


def compile_phrases(survey: Survey) -> CompiledPyMCModel:
    """Compile the phrase model of a survey (a minute or two)."""
    return compile_model(build_phrase_model(survey))


def full_length(survey: Survey) -> Length:
    """Return how long the sampler runs for a fit whose figures are shipped."""
    return FULL if len(survey.answers) >= MANY else FEW


def sample_phrases(compiled: CompiledPyMCModel, included: np.ndarray, *, random_seed: int, length: Length) -> xr.DataTree:
    """Draw from the posterior given the readers that are included (a one each, zero for those held out).

    The mass matrix is diagonal plus a few directions: median, spread and skew of a phrase whose answers end at 100 ("will
    happen") lie on a ridge, on which a diagonal one has an effective sample a tenth as large.
    """
    return sample(
        compiled, length=length, random_seed=random_seed, data={"included": included.astype(float)}, cores=2,
    )  # fmt: skip


def gate_phrases(trace: xr.DataTree, length: Length) -> GateReport:
    """Hold a full fit to the gate: R-hat ≤ 1.01, bulk and tail ESS ≥ 400, no divergence, E-BFMI ≥ 0.3, all draws there."""
    posterior = trace["posterior"].to_dataset()[list(REPORTED)]
    return check_fit(posterior, trace["sample_stats"].to_dataset(), {}, chains=length.chains, draws=length.draws, what="model")


def phrase_draws(trace: xr.DataTree, keep: int = 200) -> PhraseDraws:
    """Return ``keep`` draws, evenly spaced over all chains, as plain arrays."""
    draws = draws_of(trace["posterior"].to_dataset())
    chosen = np.linspace(0, len(draws.location) - 1, keep).astype(int)
    return PhraseDraws(**{field.name: getattr(draws, field.name)[chosen] for field in fields(draws)})


def draws_of(posterior: xr.Dataset) -> PhraseDraws:
    """Return all draws as plain arrays, draws chain by chain."""
    stacked = posterior.stack(d=("chain", "draw")).transpose("d", ...)
    value = {name: np.asarray(stacked[name].values) for name in REPORTED}
    return PhraseDraws(
        location=value["location"], scale=np.exp(value["log_scale"]), skew=value["skew"], tail=np.exp(value["log_tail"]),
        rounding=value["rounding_share"], beside_even=value["beside_even"], pile_up=value["pile_up"], slip=value["slip"],
    )  # fmt: skip
