"""Time the parts that must be fast, each against a rival in the same run; ratios, never a pass or fail."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from pathlib import Path

import nutpie

from forecasting.claims.load import load_dossier
from forecasting.fit import answer_layer, fit_layer
from forecasting.inference.engine import TARGET_ACCEPT, TUNE, compile_network, layer_evidence
from forecasting.models.network import build_network

EDITION = "2024-12-syria"


def timed(work: Callable[[], object], runs: int = 5) -> float:
    """Return the median wall time of several runs, after one that is not counted."""
    work()
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def main() -> None:
    """Print one table: what, ours, rival, ratio."""
    edition = load_dossier(Path("priors")).edition(EDITION)
    start = time.perf_counter()
    network = compile_network(edition)
    compiled = time.perf_counter() - start
    evidence = layer_evidence(network, "posterior")
    claim = next(c.id for c in edition.claims if c.kind == "judgement" and not c.moves_nothing)

    def edit() -> None:
        fit_layer(network, "posterior", random_seed=1, without=frozenset({claim}))

    def recompile() -> None:
        model = build_network(network.structure, evidence)
        nutpie.sample(
            nutpie.compile_pymc_model(model), draws=edition.edition.draws, tune=TUNE, chains=edition.edition.chains,
            seed=1, progress_bar=False, save_warmup=False, target_accept=TARGET_ACCEPT,
        )  # fmt: skip

    trace = network.sample(evidence, random_seed=1)
    rows = [
        ("change one claim, refit, answer every question", timed(edit), timed(recompile, runs=1)),
        ("sample the posterior again", timed(lambda: network.sample(evidence, random_seed=1)), None),
        ("paths and answers from given draws",
         timed(lambda: answer_layer(edition, network.structure, "posterior", evidence, trace, 1)), None),
    ]  # fmt: skip
    print(f"{EDITION}: {len(edition.events)} events, {len(edition.claims)} claims; compiled once in {compiled:.1f} s")
    print(f"{'what':<50}{'ours s':>9}{'rival s':>9}{'ratio':>8}   (rival: the same model compiled again)")
    for what, ours, rival in rows:
        print(f"{what:<50}{ours:>9.2f}" + (f"{rival:>9.2f}{rival / ours:>8.1f}" if rival else ""))


if __name__ == "__main__":
    main()
