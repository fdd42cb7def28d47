"""The model against closed forms: with part of it switched off, its posterior is known."""

from __future__ import annotations

from dataclasses import replace

import arviz as az
import numpy as np
import nutpie
import pytest
from scipy import stats
from toy import toy_edition, toy_network

from forecasting.analysis.leave_out import without_effects
from forecasting.elicitation.base_rates import log_density
from forecasting.elicitation.quantify import quantify
from forecasting.models.network.evidence import build_evidence
from forecasting.models.network.inputs import named_inputs
from forecasting.models.network.stacked import compiled_arrays

DRAWS, CHAINS = 2000, 4


def bare_structure(**changes):
    """Return the toy's structure without effects and loadings: every event stands alone."""
    s = toy_network().structure
    s = without_effects(s, frozenset(s.effect_ids))
    zero = np.zeros_like(s.loading_mean)
    return replace(s, loading_mean=zero, loading_sd=zero, **changes)


def without_signals(rows):
    """Return the rows with no signal acting in any of them."""
    return replace(
        rows, active_signal=rows.active_signal[:0], active_overlap=rows.active_overlap[:, :0],
        active_left=rows.active_left[:0], active_row=rows.active_row[:0],
    )


def sample(s, evidence):
    """Sample the compiled toy under given arrays, with no error shared between claims and no residual."""
    network = toy_network()
    known = {variable.name for variable in network.compiled.shared_var_keys}
    data = {**compiled_arrays(named_inputs(s, evidence)), "error_scales": np.zeros((1, 4))}
    compiled = network.compiled.with_data(**{name: value for name, value in data.items() if name in known})
    return nutpie.sample(
        compiled,
        draws=DRAWS,
        tune=500,
        chains=CHAINS,
        seed=11,
        progress_bar=False,
        save_warmup=False,
        target_accept=0.95,
    )["posterior"]


def assert_moments(draws, mean, sd, quantile=None):
    """Hold mean, sd and five quantiles to exact values within four Monte Carlo standard errors."""
    values = np.asarray(draws)
    assert abs(values.mean() - mean) <= 4 * float(az.mcse(values, method="mean"))
    assert abs(values.std() - sd) <= 4 * float(az.mcse(values, method="sd"))
    for q in (0.05, 0.25, 0.5, 0.75, 0.95) if quantile else ():
        assert abs(np.quantile(values, q) - quantile(q)) <= 4 * float(az.mcse(values, method="quantile", prob=q))


@pytest.fixture(scope="module")
def gamma_poisson():
    """No claims, no spread: two events in 12 years, none in 5 of another class, and one trial that succeeded."""
    edition, s = toy_edition(), bare_structure(class_spread=np.zeros_like(toy_network().structure.class_spread))
    evidence = build_evidence(edition, s, quantify(edition), "posterior", frozenset(claim.id for claim in edition.claims))
    assert len(evidence.claims.reading) == 0
    quiet = replace(evidence, use_signals=np.zeros(len(s.signals), dtype=bool))
    events, rate_rows = quiet.rows.event, quiet.history.scheduled == 0
    # one row per class gets the exposure and the count; all others are made too short to say anything
    exposure, count = np.full(events.size, 1e-9), np.zeros(events.size)
    first = {name: int(np.flatnonzero((events == s.event_ids.index(name)) & rate_rows)[0])
             for name in ("pact-signed", "toll-raised")}  # fmt: skip
    exposure[first["pact-signed"]], count[first["pact-signed"]] = 12.0, 2.0
    exposure[first["toll-raised"]] = 5.0
    # the row of quay-closed becomes the date of deadline-kept, and it was kept
    trial = int(np.flatnonzero(events == s.event_ids.index("quay-closed"))[0])
    events, scheduled = events.copy(), np.zeros(events.size)
    events[trial], exposure[trial], count[trial], scheduled[trial] = s.event_ids.index("deadline-kept"), 1.0, 1.0, 1.0
    rows = replace(without_signals(quiet.rows), event=events, log_exposure=np.log(exposure))
    history = replace(quiet.history, count=count, scheduled=scheduled)
    return s, sample(s, replace(quiet, rows=rows, history=history))


def test_without_claims_the_rate_is_gamma_poisson(gamma_poisson):
    _, posterior = gamma_poisson
    # pacts-signed: 6 in 40 years, and 2 in 12: Gamma(6 + ½ + 2, 40 + 12); tolls-raised: 2 in 30, and 0 in 5
    for name, exact in (
        ("pact-signed", stats.gamma(8.5, scale=1 / 52)),
        ("toll-raised", stats.gamma(2.5, scale=1 / 35)),
    ):
        rate = np.exp(posterior["log_hazard"].sel(event=name).values)
        assert_moments(rate, exact.mean(), exact.std(), exact.ppf)


def test_without_claims_the_chance_of_a_date_is_beta_binomial(gamma_poisson):
    _, posterior = gamma_poisson
    # deadlines-kept: 7 of 10, and one more that was kept: Beta(7 + ½ + 1, 3 + ½)
    p, exact = -np.expm1(-np.exp(posterior["log_hazard"].sel(event="deadline-kept").values)), stats.beta(8.5, 3.5)
    assert_moments(p, exact.mean(), exact.std(), exact.ppf)


def test_members_of_one_class_share_its_rate(gamma_poisson):
    _, posterior = gamma_poisson
    assert np.array_equal(
        posterior["log_hazard"].sel(event="pact-signed"), posterior["log_hazard"].sel(event="ferry-runs")
    )


def test_a_driver_read_by_gaussian_claims_is_normal_normal():
    edition, s = toy_edition(), bare_structure()
    evidence = build_evidence(edition, s, quantify(edition), "prior")
    drivers = evidence.drivers
    assert len(drivers.reading) >= 1
    posterior = sample(s, replace(evidence, use_signals=np.zeros(len(s.signals), dtype=bool)))
    # f ~ N(0, 1), y_c ~ N(f, σ_c²): precision 1 + Σ 1/σ², mean Σ y/σ² / precision
    precision = 1 + (1 / drivers.spread**2).sum()
    mean = (drivers.reading / drivers.spread**2).sum() / precision
    exact = stats.norm(mean, precision**-0.5)
    assert_moments(posterior["driver_level"].isel(driver=0), mean, precision**-0.5, exact.ppf)


def test_a_hazard_read_by_gaussian_claims_is_normal_normal_given_its_class():
    # given the class's rate and spread, m ~ N(log λ, ω²) and y ~ N(m + log H, σ²): m is normal with
    # precision 1/ω² + 1/σ²; the draws, standardised by that mean and sd, are standard normal whatever λ and ω are
    edition, s = toy_edition(), bare_structure()
    evidence = build_evidence(edition, s, quantify(edition), "prior")
    rows = without_signals(evidence.rows)
    posterior = sample(s, replace(evidence, rows=rows))
    assert len(evidence.claims.reading) == 2
    for row, y in enumerate(evidence.claims.reading):
        k, sigma = evidence.rows.event[row], evidence.claims.spread[row]
        c = s.event_class[k]
        mu = np.log(posterior["class_rate"].values[..., c])
        omega = posterior["class_spread_unit"].values[..., c] * s.class_spread[c]
        precision = omega**-2 + sigma**-2
        mean = (mu / omega**2 + (y - rows.log_exposure[row]) / sigma**2) / precision
        z = (posterior["log_hazard"].values[..., k] - mean) * np.sqrt(precision)
        assert_moments(z, 0.0, 1.0, stats.norm.ppf)


def test_a_hazard_read_by_one_claim_is_class_density_times_normal():
    edition, s = toy_edition(), bare_structure()
    keep = "n-001"
    evidence = build_evidence(edition, s, quantify(edition), "prior", frozenset(c.id for c in edition.claims if c.id != keep))
    assert evidence.claims.claim_ids == (keep,)
    posterior = sample(s, evidence)
    event = s.event_ids[evidence.rows.event[0]]
    reference = edition.dossier.reference_classes[edition.dossier.events[event].reference_class]
    m = np.linspace(-9, 4, 1301)
    # steps of 0.01 against a posterior sd of about 0.5
    weight = np.exp(log_density(reference, m, 4096)) * stats.norm.pdf(
        evidence.claims.reading[0], m + evidence.rows.log_exposure[0], evidence.claims.spread[0]
    )
    mean = (m * weight).sum() / weight.sum()
    sd = np.sqrt(((m - mean) ** 2 * weight).sum() / weight.sum())
    assert_moments(posterior["log_hazard"].sel(event=event), mean, sd)
