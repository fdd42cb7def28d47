"""The edit loop and the sampler, on a real edition: ours against the same model through plain PyMC and through bare nutpie."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import nutpie
import pymc as pm
import xarray as xr

from benchmarks.timing import Entry, Row, duels, race
from forecasting.analysis.what_if import update
from forecasting.dossier.edits import Change, change
from forecasting.elicitation.quantify import quantify
from forecasting.fitting.fit import EditionFit, fit
from forecasting.inference.diagnostics import diagnose
from forecasting.models.network.build import build_network
from forecasting.models.network.engine import CompiledNetwork, compile_network, layer_evidence
from forecasting.models.network.inputs import named_inputs, network_inputs
from forecasting.rules.edit import edited
from forecasting.rules.load import load_dossier

EDITION = "2024-12-syria"
BY_WEIGHTS = change("c-059", wording="likely", lexicon="capphrase-2026")
BY_REFIT = change("c-045", wording="unlikely", lexicon="capphrase-2026")


def edit_rows(priors: Path, runs: int) -> Iterator[Row]:
    """Yield what changing a claim's wording takes, until every question of the edition has its new answer."""
    logging.getLogger("pymc").setLevel(logging.ERROR)
    edition = load_dossier(priors).edition(EDITION)
    fitted, entries = fit(edition), []
    for item, how, target in ((BY_WEIGHTS, "weights", "≥ 30 ×, ≤ 0.6 s"), (BY_REFIT, "refit", "")):
        found = update(fitted, item)
        if found.how != how:
            raise SystemExit(f"the edit of {item.id} was answered by {found.how} (k-hat {found.k_hat:.2f}), not by {how}")
        what = f"one wording changed, {len(found.table)} answers, by {how}"
        entries.append(Entry(what, lambda item=item: update(fitted, item), target))
    yield from duels(entries, lambda: plain(fitted, BY_WEIGHTS), runs, "pm.sample, same process, posterior only")


def plain(fitted: EditionFit, item: Change) -> None:
    """Sample the changed model as PyMC does by default: 4 × 1,000 draws."""
    edition = edited(fitted.edition, (item,))
    with build_network(network_inputs(edition, quantify(edition))):
        pm.sample(draws=edition.edition.draws, chains=edition.edition.chains, random_seed=fitted.seed, progressbar=False)


def sampler_rows(priors: Path, runs: int) -> Iterator[Row]:
    """Yield effective draws per second of sampling, the smallest over all parameters."""
    network = compile_network(load_dossier(priors).edition(EDITION))
    evidence, length = layer_evidence(network, "posterior"), network.length("posterior")
    bare = nutpie.compile_pymc_model(build_network(named_inputs(network.structure, evidence)))
    seeds = iter(range(1, 2 * runs + 1))

    def ours() -> float:
        start = time.perf_counter()
        trace = network.sample(evidence, random_seed=next(seeds))
        return least_ess(trace, network) / (time.perf_counter() - start)

    def rival() -> float:
        start = time.perf_counter()
        trace = nutpie.sample(
            bare, draws=length.draws, tune=length.tune, chains=length.chains, target_accept=length.target_accept,
            seed=next(seeds), progress_bar=False, save_warmup=False,
        )  # fmt: skip
        return least_ess(trace, network) / (time.perf_counter() - start)

    mine, theirs = race(ours, rival, runs)
    yield Row("effective draws per second, the least of all parameters", "/s", mine, theirs, mine / theirs, "≥ 0.95 ×",
              "bare nutpie, compiled before")  # fmt: skip


def least_ess(trace: xr.DataTree, network: CompiledNetwork) -> float:
    """Return the smallest bulk ESS among the free and derived parameters of the network."""
    posterior, known = trace["posterior"].to_dataset(), {name for name in network.compiled._shapes if not name.endswith("__")}
    flat = [posterior[name].transpose(..., "chain", "draw").values for name in posterior.data_vars if name in known]
    values = np.concatenate([value.reshape(-1, *value.shape[-2:]) for value in flat])
    return float(diagnose(values).bulk.min())
