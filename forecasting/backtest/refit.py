"""Sample one layer of an edition as of a day on the compiled density, on one core, and answer its questions.

The density holds no number and no size of any edition (`forecasting.inference.compiled`), so that none of the refits of a
backtest compiles anything once the machine has it: events that open and rows that enter are other data of the same code.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from forecasting.backtest.points import Said, digest_of
from forecasting.backtest.variants import Variant
from forecasting.dossier.edition import EditionDossier
from forecasting.fitting.growth import draws_wanted
from forecasting.forecasts import Gate
from forecasting.inference.gate import check_fit
from forecasting.inference.monte_carlo import mcse
from forecasting.inference.sample import Length
from forecasting.models.network.engine import CompiledNetwork, compile_network, layer_evidence
from forecasting.models.network.evidence import Evidence
from forecasting.models.network.hazards import event_paths
from forecasting.models.network.structure import fixed_elements
from forecasting.paths.grids import deadline_grid, forecast_grid
from forecasting.paths.questions import HALF, Answer, answer

# First try. On an edition of 44 events it passes the gate at two thirds of the cost of the edition's own length at most; what
# does not pass is drawn again at the edition's own, with its smaller steps.
SHORT = Length(chains=4, draws=1000, tune=500, target_accept=0.95)
SHORT_PATHS = 16  # as of the layers that runs compare with


@dataclass(frozen=True)
class Refit:
    """What a refit says by question and outcome, the verdict of the gate, its length in words, and what its network is."""

    answers: Mapping[str, Mapping[str, Said]]
    gate: Gate
    draws: str
    structure: str


def refit(edition: EditionDossier, variant: Variant, seed: int, length: str) -> Refit:
    """Return what an edition says under a variant, held to the gate.

    A short fit that the gate does not pass is drawn again at the edition's own length, or the length that its answers call for
    if that is more; the second verdict stands.

    Parameters
    ----------
    length : {"short", "edition"}
        *edition* begins with the edition's own length, and gives the digits of its run.
    """
    network = compile_network(edition)
    evidence = layer_evidence(network, variant.layer, variant.left_out(edition))
    own = network.length("posterior")
    if length == "short" and SHORT.draws < own.draws:
        found, wanted = _sampled(network, evidence, SHORT, SHORT_PATHS, seed)
        if found.gate.passed:
            return found
        own = Length(own.chains, max(own.draws, wanted), own.tune, own.target_accept)
    return _sampled(network, evidence, own, edition.edition.paths_per_draw, seed)[0]


def _sampled(network: CompiledNetwork, evidence: Evidence, length: Length, paths_per_draw: int, seed: int) -> tuple[Refit, int]:
    edition, s = network.edition, network.structure
    trace = network.sample(evidence, random_seed=seed, length=length, cores=1)
    posterior = trace["posterior"].to_dataset()
    grid = forecast_grid(edition) if length is not SHORT else deadline_grid(edition)
    paths = event_paths(
        edition, s, evidence, posterior, paths_per_draw=paths_per_draw, random_seed=seed, grid=grid
    )
    answers = {question.id: answer(paths, question) for question in edition.questions}
    probabilities = {
        f"{name}:{outcome}": got.p[:, i].reshape(length.chains, -1)
        for name, got in answers.items() for i, outcome in enumerate(got.outcomes)
    }  # fmt: skip
    report = check_fit(
        posterior, trace["sample_stats"].to_dataset(), probabilities, chains=length.chains, draws=length.draws,
        fixed=fixed_elements(s),
    )  # fmt: skip
    finite = all(np.isfinite(got.p).all() for got in answers.values())  # else the gate says so, and there is nothing to quote
    said = {name: _said(got, length.chains) for name, got in answers.items()} if finite else {}
    structure = digest_of({dim: list(map(str, labels)) for dim, labels in s.coords.items()})
    found = Refit(said, report.mark, f"{length.chains} × {length.draws:,}", structure)
    return found, draws_wanted(probabilities)


def _said(got: Answer, chains: int) -> dict[str, Said]:
    found = {}
    for i, outcome in enumerate(got.outcomes):
        (low, high), (low_50, high_50), p = got.interval(i), got.interval(i, HALF), got.p[:, i]
        found[outcome] = Said(float(p.mean()), low_50, high_50, low, high, mcse(p, chains))
    return found
