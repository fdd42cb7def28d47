"""The edit loop and the sampler, on a real edition: ours against the same model through plain PyMC."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import xarray as xr

from benchmarks.bare import NAMED, bare
from benchmarks.timing import Entry, Row, beside
from forecasting.analysis.what_if import update
from forecasting.dossier.edits import change
from forecasting.fitting.fit import fit
from forecasting.inference.diagnostics import diagnose
from forecasting.models.network.engine import CompiledNetwork, compile_network, layer_evidence
from forecasting.rules.load import load_dossier

EDITION = "2024-12-syria"
BY_WEIGHTS = change("c-059", wording="likely", lexicon="capphrase-2026")
BY_REFIT = change("c-045", wording="unlikely", lexicon="capphrase-2026")


def edit_rows(priors: Path, runs: int, rival: bool) -> Iterator[Row]:
    """Yield what changing a claim's wording takes, until every question of the edition has its new answer."""
    edition = load_dossier(priors).edition(EDITION)
    fitted, entries = fit(edition), []
    for item, how, target in ((BY_WEIGHTS, "weights", "≥ 30 ×, ≤ 0.6 s"), (BY_REFIT, "refit", "")):
        found = update(fitted, item)
        if found.how != how:
            raise SystemExit(f"the edit of {item.id} was answered by {found.how} (k-hat {found.k_hat:.2f}), not by {how}")
        what = f"one wording changed, {len(found.table)} answers, by {how}"
        entries.append(Entry(what, lambda item=item: update(fitted, item), target))
    yield from beside(entries, bare(priors, EDITION).whole if rival else None, runs, NAMED)


def sampler_rows(priors: Path, runs: int, rival: bool) -> Iterator[Row]:
    """Yield effective draws per second of sampling alone, the smallest over all parameters; compiling is not counted."""
    network = compile_network(load_dossier(priors).edition(EDITION))
    evidence, seeds = layer_evidence(network, "posterior"), iter(range(1, runs + 1))

    def ours() -> float:
        start = time.perf_counter()
        trace = network.sample(evidence, random_seed=next(seeds))
        return least_ess(trace, network) / (time.perf_counter() - start)

    mine = statistics.median(ours() for _ in range(runs))
    what, target = "effective draws per second, the least of all parameters", "≥ 0.95 ×"
    if not rival:
        yield Row(what, "/s", mine, target=target)
        return
    alone = bare(priors, EDITION)
    theirs = alone.least_ess / alone.sampling
    yield Row(what, "/s", mine, theirs, mine / theirs, target, f"{NAMED}, by nutpie too")


def least_ess(trace: xr.DataTree, network: CompiledNetwork) -> float:
    """Return the smallest bulk ESS among the free and derived parameters of the network."""
    posterior, known = trace["posterior"].to_dataset(), {name for name in network.compiled._shapes if not name.endswith("__")}
    flat = [posterior[name].transpose(..., "chain", "draw").values for name in posterior.data_vars if name in known]
    values = np.concatenate([value.reshape(-1, *value.shape[-2:]) for value in flat])
    return float(diagnose(values).bulk.min())
