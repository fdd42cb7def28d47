"""The model against closed forms: with part of it switched off, its posterior is known."""

from __future__ import annotations

from dataclasses import replace

import arviz as az
import numpy as np
import nutpie
import pytest
from scipy import stats
from toy import toy_edition, toy_network

from forecasting.elicitation.base_rates import log_density
from forecasting.influence import without_arrows
from forecasting.models.network import build_evidence, model_data

DRAWS, CHAINS = 2000, 4


def bare_structure(**changes):
    """Return the toy's structure without arrows and loadings: every event stands alone."""
    s = toy_network().structure
    s = without_arrows(s, frozenset(s.arrow_ids))
    zero = np.zeros_like(s.loading_mean)
    return replace(s, loading_mean=zero, loading_sd=zero, **changes)


def sample(s, evidence):
    """Sample the compiled toy under given arrays, with no error shared between claims and no residual."""
    network = toy_network()
    known = {variable.name for variable in network.compiled.shared_var_keys}
    data = {**model_data(s, evidence), "error_scales": np.zeros(3)}
    compiled = network.compiled.with_data(**{name: value for name, value in data.items() if name in known})
    return nutpie.sample(
        compiled, draws=DRAWS, tune=500, chains=CHAINS, seed=11, progress_bar=False, save_warmup=False, target_accept=0.95
    )["posterior"]


def assert_moments(draws, mean, sd):
    """Hold mean and sd to exact values within four Monte Carlo standard errors, as the sampler itself states them."""
    values = np.asarray(draws)
    assert abs(values.mean() - mean) <= 4 * float(az.mcse(values, method="mean"))
    assert abs(values.std() - sd) <= 4 * float(az.mcse(values, method="sd"))


@pytest.fixture(scope="module")
def gamma_poisson():
    """No claims, no spread within classes, two events in 12 years of one class and none in 5 of the other."""
    edition, s = toy_edition(), bare_structure(class_spread=np.zeros_like(toy_network().structure.class_spread))
    evidence = build_evidence(edition, s, "posterior", frozenset(claim.id for claim in edition.claims))
    assert len(evidence.claims.reading) == 0
    quiet = replace(evidence, use_signals=np.zeros(len(s.signals), dtype=bool))
    events, rate_rows = quiet.rows.event, quiet.history.scheduled == 0
    # one row per class gets the exposure and the count; all others are made too short to say anything
    exposure, count = np.full(events.size, 1e-9), np.zeros(events.size)
    first = {name: int(np.flatnonzero((events == s.event_ids.index(name)) & rate_rows)[0])
             for name in ("pact-signed", "toll-raised")}  # fmt: skip
    exposure[first["pact-signed"]], count[first["pact-signed"]] = 12.0, 2.0
    exposure[first["toll-raised"]] = 5.0
    rows = replace(quiet.rows, log_exposure=np.log(exposure), active_row=np.zeros_like(quiet.rows.active_row))
    history = replace(quiet.history, count=count, scheduled=np.zeros(events.size))
    return s, sample(s, replace(quiet, rows=rows, history=history))


def test_without_claims_the_rate_is_gamma_poisson(gamma_poisson):
    s, posterior = gamma_poisson
    # pacts-signed: 6 in 40 years, and 2 in 12: Gamma(6 + ½ + 2, 40 + 12); tolls-raised: 2 in 30, and 0 in 5
    for name, exact in (("pact-signed", stats.gamma(8.5, scale=1 / 52)), ("toll-raised", stats.gamma(2.5, scale=1 / 35))):
        rate = np.exp(posterior["log_hazard"].sel(event=name).values)
        assert_moments(rate, exact.mean(), exact.std())


def test_members_of_one_class_share_its_rate(gamma_poisson):
    _, posterior = gamma_poisson
    assert np.array_equal(posterior["log_hazard"].sel(event="pact-signed"), posterior["log_hazard"].sel(event="ferry-runs"))


def test_a_driver_read_by_gaussian_claims_is_normal_normal():
    edition, s = toy_edition(), bare_structure()
    evidence = build_evidence(edition, s, "prior")
    drivers = evidence.drivers
    assert len(drivers.reading) >= 1
    posterior = sample(s, replace(evidence, use_signals=np.zeros(len(s.signals), dtype=bool)))
    # f ~ N(0, 1), y_c ~ N(f, σ_c²): precision 1 + Σ 1/σ², mean Σ y/σ² / precision
    precision = 1 + (1 / drivers.spread**2).sum()
    mean = (drivers.reading / drivers.spread**2).sum() / precision
    assert_moments(posterior["driver_level"].isel(driver=0), mean, precision**-0.5)


def test_a_hazard_read_by_one_claim_is_class_density_times_normal():
    edition, s = toy_edition(), bare_structure()
    keep = "n-001"
    evidence = build_evidence(edition, s, "prior", frozenset(c.id for c in edition.claims if c.id != keep))
    assert evidence.claims.claim_ids == (keep,)
    posterior = sample(s, evidence)
    event = s.event_ids[evidence.rows.event[0]]
    reference = edition.dossier.reference_classes[edition.dossier.events[event].reference_class]
    m = np.linspace(-9, 4, 6001)
    weight = np.exp(log_density(reference, m, 4096)) * stats.norm.pdf(
        evidence.claims.reading[0], m + evidence.rows.log_exposure[0], evidence.claims.spread[0]
    )
    mean = (m * weight).sum() / weight.sum()
    sd = np.sqrt(((m - mean) ** 2 * weight).sum() / weight.sum())
    assert_moments(posterior["log_hazard"].sel(event=event), mean, sd)
