"""The event network calibrated by 60 simulations, and six planted faults found in as many; `make calibrate` makes 1,000.

What 60 refits would find is known: each of the six faults, which are planted one by one with the same data, seeds and lengths.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache, partial
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from scipy import stats

from benchmarks.faults import FAULTS, posterior_narrowed, prior_widened
from forecasting.fitting.sbc import (
    BRIEF,
    LOG_LIKELIHOOD,
    Setup,
    calibrate,
    honest_refit,
    quantities,
    set_up,
    simulate_evidence,
    trustworthy,
)
from forecasting.inference.sample import Length
from forecasting.inference.sbc_ranks import Calibration
from forecasting.models.network.engine import CompiledNetwork
from forecasting.models.network.evidence import Evidence
from forecasting.models.network.hazards import stacked_parameters
from forecasting.models.network.likelihood import log_likelihood, reading_errors
from forecasting.models.network.predictor import row_predictor
from forecasting.models.network.prior_draws import draw_prior
from forecasting.rules.load import load_dossier

FERRY = Path(__file__).resolve().parents[2] / "benchmarks" / "ferry"
SEED = 20241122
fits: dict[tuple[int, int], xr.Dataset] = {}  # of the network as it is, by seed and draws, for the fault that narrows them


def kept_refit(network: CompiledNetwork, evidence: Evidence, seed: int, length: Length) -> xr.Dataset:
    """Refit, or take the draws that the same data and seed gave before."""
    if (seed, length.draws) not in fits:
        fits[seed, length.draws] = honest_refit(network, evidence, seed, length)
    return fits[seed, length.draws]


# as few as find the fault with room to spare; `make calibrate` takes 300 of each, and finds a prior 1.5 times too wide
PLANTED = {name: fault for name, fault in FAULTS.items() if fault is not prior_widened} | {
    "prior sd × 2.5": partial(prior_widened, k=2.5),
    "posterior sd × 0.8": partial(posterior_narrowed, refit=kept_refit),
}
REFITS = 60
ENOUGH = {
    "likelihood dropped": 20, "likelihood to the power ½": REFITS, "prior sd × 2.5": 40, "posterior sd × 0.8": REFITS,
    "claims read the next event": 20, "bounds turned round": REFITS,
}  # fmt: skip

pytestmark = pytest.mark.slow


@cache
def ferry() -> Setup:
    return set_up(load_dossier(FERRY).edition("calibration"))


@cache
def faulty(name: str) -> Calibration:
    return calibrate(ferry(), ENOUGH[name], random_seed=SEED, ranking=BRIEF, refit=PLANTED[name], threads=2)


def test_the_network_has_every_kind_of_record() -> None:
    setup = ferry()
    s, e = setup.structure, setup.evidence
    assert s.effect_multiplies.any()
    assert s.effect_enables.any()
    assert s.effect_blocks.any()
    assert s.effect_leads.any()
    assert s.occasions
    assert s.conditions
    assert s.event_scheduled.any()
    assert s.driver_ids
    assert s.ageing_classes
    assert len(s.signals) >= 2
    assert e.history.scheduled.any()
    assert set(e.history.count) == {0.0, 1.0}
    assert set(e.claims.side) == {-1.0, 0.0, 1.0}
    conditional = [world for world in e.claims.worlds if world.states]
    waiting = [world for world in e.claims.worlds if world.waits]
    assert conditional
    assert waiting
    # one origin read in two sources, and one source read twice
    assert max(np.bincount(e.claims.origin_group)) >= 2
    assert len({(a, b) for a, b in zip(e.claims.origin_group, e.claims.source_group, strict=True)}) > max(e.claims.origin_group)


def test_60_refits_of_the_network_rank_every_truth_uniformly() -> None:
    got = calibrate(ferry(), REFITS, random_seed=SEED, ranking=BRIEF, refit=kept_refit, threads=2)
    assert got.uniform, f"{got.worst.quantity}: p = {got.worst.p:.2g}"
    # three of the 1,000 longer fits of `make calibrate` fail twice, of these short ones up to one in fifty
    assert got.n_failed <= 2
    names = {row.quantity for row in got.rows}
    assert {LOG_LIKELIHOOD, "log_hazard[toll-raised]", "class_rate[tolls-raised]", "driver_level[empty-coffers]",
            "effect_beta[pact-lowers-toll]", "signal_log_ratio[n-003:quay-closed]", "source_spread", "origin_spread",
            "claim_drift", "P(toll-raised within a year)", "effect_beta[strike-empties-quay]",
            "occasion_log_mass[toll-raised:2024-01-15]"} <= names  # fmt: skip
    assert "effect_beta[pact-lets-ferry-run]" not in names


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_fault_is_found(name: str) -> None:
    got = faulty(name)
    assert not got.uniform, f"least p {got.worst.p:.2g} at {got.worst.quantity}"


def test_a_lost_likelihood_shows_in_the_log_likelihood_alone() -> None:
    got = faulty("likelihood dropped")
    assert {row.quantity for row in got.rows if row.p <= got.bound} == {LOG_LIKELIHOOD}


def test_the_same_seed_gives_the_same_ranks_on_one_thread_and_on_two() -> None:
    one, two = (calibrate(ferry(), 4, random_seed=3, ranking=BRIEF, threads=n) for n in (1, 2))
    assert [row.ranks.tolist() for row in one.rows] == [row.ranks.tolist() for row in two.rows]
    other = calibrate(ferry(), 4, random_seed=4, ranking=BRIEF)
    assert [row.ranks.tolist() for row in one.rows] != [row.ranks.tolist() for row in other.rows]


def test_prior_draws_have_the_moments_that_are_written_down() -> None:
    s, n = ferry().structure, 4000
    prior = draw_prior(ferry().model, n, random_seed=2)
    # class_rate ~ Gamma(4 + ½, 10): mean 0.45, sd 0.212; half-normal of sd 1: mean √(2/π), sd √(1 − 2/π)
    rate = prior["class_rate"].sel(rate_class="tolls-raised").values.ravel()
    assert stats.kstest(rate, stats.gamma(4.5, scale=0.1).cdf).pvalue > 1e-3
    assert stats.kstest(prior["source_spread"].values.ravel(), stats.halfnorm.cdf).pvalue > 1e-3
    e = s.effect_ids.index("pact-lowers-toll")
    # strong, lowering: N(−log 4, 0.4²)
    beta = prior["effect_beta"].values.reshape(n, -1)[:, e]
    assert stats.kstest(beta, stats.norm(-np.log(4), 0.4).cdf).pvalue > 1e-3


def test_simulated_data_spread_around_the_truth_as_the_likelihood_says() -> None:
    setup, n = ferry(), 4000
    one = draw_prior(setup.model, 1, random_seed=8)
    many = one.isel(draw=np.zeros(n, dtype=int))
    data = simulate_evidence(many, setup, np.random.default_rng(1))
    e, p, errors = setup.evidence, stacked_parameters(one, setup.structure), reading_errors(one)
    log_mass = row_predictor(np, p, setup.structure, e.rows)[0]
    reading, side, count = (np.array([getattr(d, k) for d in got]) for k, got in (
        ("reading", [d.claims for d in data]), ("side", [d.claims for d in data]), ("count", [d.history for d in data])
    ))  # fmt: skip
    source, origin = errors.source[0, 0], errors.origin[0, 0]
    for i, (in_source, in_origin) in enumerate(zip(e.claims.source_group, e.claims.origin_group, strict=True)):
        mean = log_mass[i] + errors.by_source[0, in_source] + errors.by_origin[0, in_origin]
        own = e.claims.spread[i] ** 2 + errors.residual[0, 0] ** 2 + errors.drift[0, 0] ** 2 * e.claims.age[i]
        sd = float(np.sqrt(own + (in_source == 0) * source**2 + (in_origin == 0) * origin**2))
        if e.claims.side[i] == 0:
            assert stats.kstest(reading[:, i], stats.norm(mean, sd).cdf).pvalue > 1e-4
        else:
            floors = stats.binomtest(int((side[:, i] == 1).sum()), n, float(stats.norm.cdf((mean - e.claims.reading[i]) / sd)))
            assert floors.pvalue > 1e-4
            assert set(reading[:, i]) == {e.claims.reading[i]}
    for i, mass in enumerate(np.exp(log_mass[reading.shape[1] :])):
        mean, variance = (-np.expm1(-mass), -np.expm1(-mass) * np.exp(-mass)) if e.history.scheduled[i] else (mass, mass)
        assert count[:, i].mean() == pytest.approx(mean, abs=4.5 * np.sqrt(variance / n))
        assert set(count[:, i]) <= {0.0, 1.0} or not e.history.scheduled[i]


def test_the_ranked_log_likelihood_is_that_of_the_simulated_data() -> None:
    setup = ferry()
    truth = draw_prior(setup.model, 3, random_seed=1)
    data = simulate_evidence(truth, setup, np.random.default_rng(2))[1]
    got = quantities(truth, setup, data)[LOG_LIKELIHOOD]
    expected = log_likelihood(stacked_parameters(truth, setup.structure), reading_errors(truth), setup.structure, data)
    assert got == pytest.approx(expected.sum(axis=1))
    other = quantities(truth, setup, replace(data, claims=replace(data.claims, reading=data.claims.reading + 1)))
    assert np.all(other[LOG_LIKELIHOOD] != got)


def test_a_fit_that_hardly_moved_or_broke_counts_as_failed() -> None:
    x = np.random.default_rng(1).normal(size=(400, 2))
    assert trustworthy(x, chains=2, kept=63)
    assert not trustworthy(x.cumsum(axis=0), chains=2, kept=63)
    x[7, 1] = np.inf
    assert not trustworthy(x, chains=2, kept=63)
