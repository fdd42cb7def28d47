"""Sample the phrase model, and let nothing out that its diagnostics do not carry."""

from __future__ import annotations

import numpy as np
import nutpie
import xarray as xr

from forecasting.elicitation.meaning import PhraseDraws, Survey
from forecasting.inference.engine import Length
from forecasting.inference.gate import GateReport, check_fit
from forecasting.models.verbal import build_phrase_model

REPORTED = ("location", "log_below", "log_above", "lean", "habit_weight", "slip")
FULL = Length(chains=4, draws=400, tune=400, target_accept=0.8)
FOLD = Length(chains=2, draws=250, tune=250, target_accept=0.8)
"""Fits to a fold are compared and never shipped, so that they are shorter; `QUICK` of the engine is to a forecast the same."""


def compile_phrases(survey: Survey) -> nutpie.CompiledPyMCModel:  # type: ignore[name-defined]
    """Compile the phrase model of a survey (a minute or two)."""
    return nutpie.compile_pymc_model(build_phrase_model(survey))


def sample_phrases(compiled: object, included: np.ndarray, *, random_seed: int, length: Length = FULL) -> xr.DataTree:
    """Draw from the posterior given the readers that are included (a one each, zero for those held out)."""
    return nutpie.sample(
        compiled.with_data(included=included.astype(float)), chains=length.chains, draws=length.draws,
        tune=length.tune, target_accept=length.target_accept, cores=2, seed=random_seed, progress_bar=False, save_warmup=False,
    )  # fmt: skip


def gate_phrases(trace: xr.DataTree) -> GateReport:
    """Hold a full fit to the gate: R-hat ≤ 1.01, bulk and tail ESS ≥ 400, no divergence, E-BFMI ≥ 0.3, all draws there."""
    posterior = trace["posterior"].to_dataset()[list(REPORTED)]
    return check_fit(posterior, trace["sample_stats"].to_dataset(), {}, chains=FULL.chains, draws=FULL.draws)


def phrase_draws(trace: xr.DataTree, keep: int = 200) -> PhraseDraws:
    """Return ``keep`` draws, evenly spaced over all chains, as plain arrays."""
    stacked = trace["posterior"].to_dataset().stack(d=("chain", "draw")).transpose("d", ...)
    chosen = np.linspace(0, stacked.sizes["d"] - 1, keep).astype(int)
    value = {name: np.asarray(stacked[name].values)[chosen] for name in REPORTED}
    return PhraseDraws(
        location=value["location"], below=np.exp(value["log_below"]), above=np.exp(value["log_above"]),
        lean=value["lean"], habit_weight=value["habit_weight"], slip=value["slip"],
    )  # fmt: skip
