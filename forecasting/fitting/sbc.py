"""Simulation-based calibration of the event network, through the engine that publishes.

Parameters come from the prior (PyMC's forward sampling), claims and history from the stated likelihood (NumPy), and the
refit from the compiled density with those data put in: three separate pieces of code that agree only if all are right.
What the ranks must look like is in `forecasting.inference.sbc_ranks`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pymc as pm
import xarray as xr
from arviz_stats.base import array_stats

from forecasting.dossier.edition import EditionDossier
from forecasting.elicitation.quantify import quantify
from forecasting.inference.sample import Length
from forecasting.inference.sbc_ranks import Calibration, judge_ranks, random_tie_ranks
from forecasting.models.network.ahead import led_ahead, occasions_ahead
from forecasting.models.network.build import build_network
from forecasting.models.network.engine import COMPARED_ACCEPT, CompiledNetwork, compile_network
from forecasting.models.network.evidence import Evidence, build_evidence
from forecasting.models.network.hazards import stacked_parameters
from forecasting.models.network.inputs import named_inputs
from forecasting.models.network.likelihood import log_likelihood, reading_errors
from forecasting.models.network.predictor import row_predictor
from forecasting.models.network.prior_draws import draw_prior
from forecasting.models.network.rows import Rows, World, build_rows
from forecasting.models.network.structure import Structure

LOG_LIKELIHOOD = "log likelihood of all rows"
RANKED = (
    "log_hazard", "class_rate", "class_prob", "class_spread_unit", "log_shape", "effect_beta", "driver_level", "loading_weight",
    "signal_log_ratio", "occasion_log_mass", "signal_overlap", "claim_residual", "claim_drift", "source_spread",
    "origin_spread",
)  # fmt: skip

Refit = Callable[[CompiledNetwork, Evidence, int, Length], xr.Dataset]
"""Draws from the posterior under some evidence, given a seed and a length; a planted fault is another one of these."""


@dataclass(frozen=True)
class Ranking:
    """How long the sampler runs, and how many of its draws, evenly spaced, a true value is ranked among.

    At least as many draws must be effectively independent, so that those kept are as good as independent.
    """

    kept: int
    length: Length


# 32 and 16 ranks, in 16 bins of two or one
THOROUGH = Ranking(31, Length(chains=1, draws=8 * 31, tune=200, target_accept=0.85))
BRIEF = Ranking(15, Length(chains=1, draws=8 * 15, tune=120, target_accept=0.8))


@dataclass(frozen=True)
class Setup:
    """A network to calibrate: its numbers, its rows, and the rows of one question per open event."""

    network: CompiledNetwork
    evidence: Evidence
    ahead: Rows

    @property
    def structure(self) -> Structure:
        """The network's arrays."""
        return self.network.structure

    @cached_property
    def model(self) -> pm.Model:
        """The network as PyMC states it, built once for all draws from its prior."""
        return build_network(named_inputs(self.structure, self.evidence))


@dataclass(frozen=True)
class Ranked:
    """One simulation: the rank of every true value, and whether its fit failed twice."""

    ranks: np.ndarray  # (quantity,)
    failed: bool


def set_up(edition: EditionDossier) -> Setup:
    """Return an edition's network with all its evidence, and what will be asked of its posterior."""
    network = compile_network(edition)
    evidence = build_evidence(edition, network.structure, quantify(edition))
    return Setup(network, evidence, rows_ahead(edition, network.structure, evidence))


def rows_ahead(edition: EditionDossier, s: Structure, evidence: Evidence) -> Rows:
    """Return one row per open event: the year after the as-of date, with every cause as it stands on that day."""
    worlds = [
        World(
            k, edition.as_of, 1.0, {e: not s.statuses[s.effect_from[e]].is_open for e in _causes(s, k)},
            led=led_ahead(edition, s, k, edition.as_of, 1.0, known_on=edition.as_of, given={}),
            occasions=occasions_ahead(s, k, edition.as_of, 1.0),
        )
        for k, status in enumerate(s.statuses)
        if status.is_open
    ]
    return build_rows(edition, s, worlds, evidence.use_signals)


def _causes(s: Structure, k: int) -> list[int]:
    changes = s.effect_multiplies + s.effect_blocks
    return [int(e) for e in np.flatnonzero((s.effect_to == k) & (changes > 0))]


def honest_refit(network: CompiledNetwork, evidence: Evidence, random_seed: int, length: Length) -> xr.Dataset:
    """Return the engine's own draws."""
    return network.sample(evidence, random_seed=random_seed, length=length, cores=1)["posterior"].to_dataset()


def simulate_evidence(truth: xr.Dataset, setup: Setup, rng: np.random.Generator) -> list[Evidence]:
    """Draw claims, driver claims and history from the likelihood, once for every draw of the parameters.

    Exposures, conditions and spreads stay those of the edition. A bound keeps its reading: what is drawn is whether the speaker,
    whose private reading lies above or below it, gives it as a floor or as a ceiling. A row of history is a Poisson count over
    its exposure, as the likelihood says, so that it can exceed one; the date of a scheduled event is a trial.
    """
    s, e = setup.structure, setup.evidence
    p, errors = stacked_parameters(truth, s), reading_errors(truth)
    log_mass, n = row_predictor(np, p, s, e.rows), len(e.claims.reading)
    shift, sd = errors.of(np, e.claims)
    private = rng.normal(log_mass[:, :n] + shift, sd)  # the speaker's own reading
    bound = e.claims.side != 0
    side = np.where(bound, np.where(private > e.claims.reading, 1.0, -1.0), 0.0)
    judged = np.where(bound, e.claims.reading, private)
    shift, sd = errors.of(np, e.drivers)
    reported = rng.normal(p.driver[:, e.drivers.driver] + shift, sd)
    mass = np.exp(log_mass[:, n:])
    known = np.where(e.history.scheduled > 0, rng.random(mass.shape) < -np.expm1(-mass), rng.poisson(mass)).astype(float)
    return [
        replace(
            e, claims=replace(e.claims, reading=judged[i], side=side[i]), drivers=replace(e.drivers, reading=reported[i]),
            history=replace(e.history, count=known[i]),
        )
        for i in range(len(judged))
    ]  # fmt: skip


def quantities(posterior: xr.Dataset, setup: Setup, evidence: Evidence) -> dict[str, np.ndarray]:
    """Return everything that is ranked, by name, as (draw,) arrays: parameters, one-year probabilities, log likelihood."""
    s, n = setup.structure, posterior.sizes["chain"] * posterior.sizes["draw"]
    found: dict[str, np.ndarray] = {}
    for name in (name for name in RANKED if name in posterior):
        labels = s.coords[str(posterior[name].dims[2])] if posterior[name].ndim > 2 else [""]
        values = posterior[name].values.reshape(n, -1)
        found |= {f"{name}[{label}]" if label else name: values[:, i] for i, label in enumerate(labels)}
    p = stacked_parameters(posterior, s)
    prob = -np.expm1(-np.exp(row_predictor(np, p, s, setup.ahead)))
    found |= {f"P({s.event_ids[k]} within a year)": prob[:, i] for i, k in enumerate(setup.ahead.event)}
    found[LOG_LIKELIHOOD] = log_likelihood(p, reading_errors(posterior), s, evidence).sum(axis=1)
    return found


def _varying(truth: dict[str, np.ndarray]) -> tuple[str, ...]:
    """Leave out what is constant by construction, such as the ratio of an effect that only enables."""
    return tuple(name for name, values in truth.items() if np.ptp(values) > 0)


def trustworthy(values: np.ndarray, chains: int, kept: int) -> bool:
    """Return whether all (draw, quantity) values are finite and as many are effectively independent as will be kept."""
    if not np.isfinite(values).all():
        return False
    by_chain = np.moveaxis(values.reshape(chains, -1, values.shape[1]), 2, 0)
    ess = array_stats.ess(by_chain, chain_axis=1, draw_axis=2, method="bulk")
    return bool(np.min(ess) >= kept)


def rank_one(
    setup: Setup, names: tuple[str, ...], truth: np.ndarray, evidence: Evidence, refit: Refit, ranking: Ranking, seed: int
) -> Ranked:
    """Refit to one simulated set of data and rank the true values.

    A fit that fails is run again, as an analyst would: four times as long, tuned for twice as long, in finer steps.
    """
    first, kept = ranking.length, ranking.kept
    finer = replace(first, draws=4 * first.draws, tune=2 * first.tune, target_accept=COMPARED_ACCEPT)
    values, good = np.empty((0, len(names))), False
    for attempt in (first, finer):
        posterior = refit(setup.network, evidence, seed, attempt)
        found = quantities(posterior, setup, evidence)
        values = np.stack([found[name] for name in names], axis=1)
        good = trustworthy(values, attempt.chains, kept)
        if good:
            break
    thinned = values[:: len(values) // kept][:kept]
    return Ranked(random_tie_ranks(truth, thinned, np.random.default_rng([seed, 1])), not good)


@contextmanager
def _threads(n: int) -> Iterator[Callable[..., Iterator[Ranked]]]:
    """Give a map over ``n`` threads (samplers run outside Python's lock); interrupted, it drops what has not begun."""
    pool = ThreadPoolExecutor(n)
    try:
        yield pool.map
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def calibrate(
    setup: Setup,
    n: int,
    *,
    random_seed: int,
    ranking: Ranking = THOROUGH,
    refit: Refit = honest_refit,
    threads: int = 1,
    progress: Callable[[int], None] = lambda done: None,
) -> Calibration:
    """Simulate, refit and rank ``n`` times.

    Parameters
    ----------
    setup : Setup
        From `set_up`.
    n : int
        Simulations; 1,000 for the published table.
    random_seed : int
        Same seed, same table, however many threads.
    ranking : Ranking
        `THOROUGH`, or `BRIEF` for tests.
    refit : callable
        The engine's own, or a planted fault.
    threads : int
        Each samples on one core.
    progress : callable
        Called with the number of simulations done.

    Returns
    -------
    Calibration
        See `forecasting.inference.sbc_ranks.judge_ranks` for how to read it.

    Raises
    ------
    SamplingStopped
        If a sampler was interrupted.
    """
    rng = np.random.default_rng(random_seed)
    truth = draw_prior(setup.model, n, random_seed=random_seed)
    evidence = simulate_evidence(truth, setup, rng)
    names, true_values = _true_values(truth, setup, evidence)

    def rank(i: int) -> Ranked:
        return rank_one(setup, names, true_values[i], evidence[i], refit, ranking, random_seed + i)

    ranked = []
    with _threads(threads) as over_all:
        for one in over_all(rank, range(n)):
            ranked.append(one)
            progress(len(ranked))
    ranks = np.stack([one.ranks for one in ranked])
    return judge_ranks(dict(zip(names, ranks.T, strict=True)), ranking.kept + 1, sum(one.failed for one in ranked))


def _true_values(truth: xr.Dataset, setup: Setup, evidence: list[Evidence]) -> tuple[tuple[str, ...], np.ndarray]:
    """Return the names of what is ranked and the true values (simulation, quantity)."""
    found = quantities(truth, setup, setup.evidence)
    found[LOG_LIKELIHOOD] = np.array(
        [quantities(truth.isel(draw=[i]), setup, data)[LOG_LIKELIHOOD][0] for i, data in enumerate(evidence)]
    )
    names = _varying(found)
    return names, np.stack([found[name] for name in names], axis=1)
