"""Sample the phrase model, and let nothing out that its diagnostics do not carry."""

from __future__ import annotations

import numpy as np
import nutpie
import xarray as xr

from forecasting.elicitation.meaning import PhraseDraws, Survey
from forecasting.inference.gate import GateReport, check_fit
from forecasting.inference.sample import Length
from forecasting.models.phrases.build import build_phrase_model

REPORTED = (
    "location", "log_scale", "skew", "log_tail", "bias", "rounding_share", "beside_even", "pile_up", "slip",
)  # fmt: skip
FULL = Length(chains=4, draws=800, tune=500, target_accept=0.9)
FEW = Length(chains=4, draws=2000, tune=500, target_accept=0.95)
"""For fewer than `MANY` readers, who leave the widths over phrases wide open: smaller steps, and more of them."""
MANY = 200
FOLD = Length(chains=2, draws=400, tune=400, target_accept=0.9)
"""Fits to a fold are compared and never shipped, so that they are shorter; `QUICK` of the engine is to a forecast the same."""


def compile_phrases(survey: Survey) -> nutpie.CompiledPyMCModel:
    """Compile the phrase model of a survey (a minute or two)."""
    return nutpie.compile_pymc_model(build_phrase_model(survey))


def full_length(survey: Survey) -> Length:
    """Return how long the sampler runs for a fit whose figures are shipped."""
    return FULL if len(survey.answers) >= MANY else FEW


def sample_phrases(compiled: nutpie.CompiledPyMCModel, included: np.ndarray, *, random_seed: int, length: Length) -> xr.DataTree:
    """Draw from the posterior given the readers that are included (a one each, zero for those held out).

    The mass matrix is diagonal plus a few directions: median, spread and skew of a phrase whose answers end at 100 ("will
    happen") lie on a ridge, on which a diagonal one has an effective sample a tenth as large.
    """
    return nutpie.sample(
        compiled.with_data(included=included.astype(float)), chains=length.chains, draws=length.draws,
        tune=length.tune, target_accept=length.target_accept, cores=2, seed=random_seed, adaptation="low_rank",
        progress_bar=False, save_warmup=False,
    )  # fmt: skip


def gate_phrases(trace: xr.DataTree, length: Length) -> GateReport:
    """Hold a full fit to the gate: R-hat ≤ 1.01, bulk and tail ESS ≥ 400, no divergence, E-BFMI ≥ 0.3, all draws there."""
    posterior = trace["posterior"].to_dataset()[list(REPORTED)]
    return check_fit(posterior, trace["sample_stats"].to_dataset(), {}, chains=length.chains, draws=length.draws)


def phrase_draws(trace: xr.DataTree, keep: int = 200) -> PhraseDraws:
    """Return ``keep`` draws, evenly spaced over all chains, as plain arrays."""
    stacked = trace["posterior"].to_dataset().stack(d=("chain", "draw")).transpose("d", ...)
    chosen = np.linspace(0, stacked.sizes["d"] - 1, keep).astype(int)
    value = {name: np.asarray(stacked[name].values)[chosen] for name in REPORTED}
    return PhraseDraws(
        location=value["location"], scale=np.exp(value["log_scale"]), skew=value["skew"], tail=np.exp(value["log_tail"]),
        rounding=value["rounding_share"], beside_even=value["beside_even"], pile_up=value["pile_up"], slip=value["slip"],
    )  # fmt: skip
