"""Base rates against closed forms and against integrals worked by another method."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from scipy import integrate, stats
from scipy.special import digamma, polygamma

from forecasting.dossier.reference_classes import ReferenceClass
from forecasting.elicitation.base_rates import SEED, base_rate, interpolated_log_density, log_density


def counted(events: float, exposure: float, spread: float, unit: str = "year") -> ReferenceClass:
    return ReferenceClass(
        id="counted", events=events, exposure=exposure, unit=unit, spread=spread,
        counted_from=dt.date(1990, 1, 1), counted_until=dt.date(2020, 12, 31),
        citation="made up", note="made up",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("events", "exposure", "years"), [(6, 40, 1.0), (0, 19.15, 2.0), (2.5, 3.0, 0.5), (431, 10888, 5)]
)
def test_without_spread_the_probability_is_the_gamma_poisson_answer(
    events: float, exposure: float, years: float
) -> None:
    # E[exp(−λH)] under Gamma(N + ½, E) is (E/(E + H))^(N + ½); 4,096 scrambled Sobol points give four decimals
    expected = 1 - (exposure / (exposure + years)) ** (events + 0.5)
    assert base_rate(counted(events, exposure, 0.0)).probability(years) == pytest.approx(expected, abs=1e-4)


def test_without_spread_a_class_counted_per_trial_has_the_beta_mean() -> None:
    # (7 + ½)/(10 + 1)
    assert base_rate(counted(7, 10, 0.0, "trial")).probability() == pytest.approx(7.5 / 11, abs=1e-4)


def test_without_spread_the_interval_is_that_of_the_gamma_distribution() -> None:
    low, high = base_rate(counted(6, 40, 0.0)).interval(2.0, 0.9)
    rates = stats.gamma.ppf([0.05, 0.95], 6.5) / 40
    # quantiles of 4,096 stratified points lie within a few ranks, a few 1e-4 here
    assert (low, high) == pytest.approx(tuple(-np.expm1(-2 * rates)), abs=1e-3)


def test_the_moments_with_spread_are_those_of_the_sum_of_class_and_member() -> None:
    # log λ has mean ψ(a) − log E and variance ψ'(a); ω z adds E[ω²] = spread², since ω² is spread² times a χ²₁
    draws = base_rate(counted(6, 40, 0.5), n=2**16).log_hazard
    assert draws.mean() == pytest.approx(digamma(6.5) - np.log(40), abs=1e-3)
    assert draws.var() == pytest.approx(polygamma(1, 6.5) + 0.25, abs=3e-3)


def test_spread_leaves_the_middle_and_widens_the_interval() -> None:
    narrow, wide = (base_rate(counted(6, 40, spread)) for spread in (0.2, 0.9))
    assert np.median(narrow.log_hazard) == pytest.approx(np.median(wide.log_hazard), abs=0.02)
    assert wide.interval()[0] < narrow.interval()[0] < narrow.interval()[1] < wide.interval()[1]


def mixture(reference_class: ReferenceClass, x: np.ndarray) -> float:
    """Return the joint density of members at ``x`` by a grid over the class's log rate and spread (floor 0.02)."""
    mu, omega = np.linspace(-9, 3, 4001), np.linspace(0.02, 6 * reference_class.spread, 801)
    shape, rate = reference_class.events + 0.5, reference_class.exposure
    of_mu = stats.gamma.pdf(np.exp(mu), shape, scale=1 / rate) * np.exp(mu)
    given = np.array(
        [integrate.trapezoid(of_mu * np.prod(stats.norm.pdf(x[:, None], mu, w), axis=0), mu) for w in omega]
    )
    prior = stats.halfnorm(scale=reference_class.spread)
    return float(integrate.trapezoid(given * prior.pdf(omega), omega) + prior.cdf(0.02) * given[0])


def test_the_density_integrates_to_one() -> None:
    x = np.linspace(-45, 6, 5_101)
    for reference_class in (counted(6, 40, 0.5), counted(0, 19, 0.9), counted(7, 10, 0.4, "trial")):
        total = integrate.trapezoid(np.exp(log_density(reference_class, x)), x)
        assert total == pytest.approx(1, abs=1e-4)  # steps of 0.01 against a floor of 0.02: exact for normal curves


def test_the_density_is_the_integral_over_rate_and_spread() -> None:
    # 512 quasi-random points: a few per cent, an error that importance weights average over
    reference_class = counted(6, 40, 0.5)
    for x in (-3.2, -1.8, -0.4):
        got = np.exp(log_density(reference_class, np.array([x]), n=4096)[0])
        assert got == pytest.approx(mixture(reference_class, np.array([x])), rel=0.02)


def test_the_density_matches_a_histogram_of_the_draws() -> None:
    reference_class = counted(2, 30, 0.7)
    draws = base_rate(reference_class, n=2**16).log_hazard
    edges = np.quantile(draws, np.linspace(0.02, 0.98, 13))
    share = np.histogram(draws, edges)[0] / draws.size
    for left, right, expected in zip(edges, edges[1:], share, strict=False):
        x = np.linspace(left, right, 201)
        mass = integrate.trapezoid(np.exp(log_density(reference_class, x, n=4096)), x)
        # 8 % of 65,536 stratified draws fall in a bin: the sampling error is below 0.0011, the mixture's about 1 %
        assert mass == pytest.approx(expected, abs=0.003)


def test_members_of_one_class_have_a_joint_density_that_is_no_product() -> None:
    reference_class, pair = counted(2, 30, 0.5), np.array([[-2.2, -1.9], [-4.0, -1.0]])
    joint, product = log_density(reference_class, pair, n=2**14), sum(log_density(reference_class, m) for m in pair.T)
    for row, got in zip(pair, joint, strict=True):
        assert np.exp(got) == pytest.approx(mixture(reference_class, row), rel=0.03)
    # members that agree are likelier together than apart, members that differ are not
    assert joint[0] > product[0]
    assert joint[1] < product[1]
    assert log_density(reference_class, np.zeros((3, 0))).tolist() == [0.0, 0.0, 0.0]


def test_a_density_read_from_a_table_is_the_density() -> None:
    x = np.random.default_rng(1).normal(-2.0, 2.0, 3000)
    for one in (counted(6, 40, 0.5), counted(0, 12, 0.1), counted(7, 10, 0.2, "trial")):
        exact = log_density(one, x)
        near = exact > exact.max() - 12  # further out both are floors under which nobody weighs anything
        assert interpolated_log_density(one, x)[near] == pytest.approx(exact[near], abs=0.01)
        assert np.abs(interpolated_log_density(one, x) - exact)[near].mean() < 1e-3


def test_the_joint_density_of_members_is_the_mixture_of_products() -> None:
    one, x = counted(6, 40, 0.5), np.random.default_rng(2).normal(-2.0, 0.7, (5, 3))
    u = np.clip(stats.qmc.Sobol(2, scramble=True, rng=SEED).random(512), 1e-9, 1 - 1e-9)
    mu, omega = np.log(stats.gamma.ppf(u[:, 0], 6.5) / 40), np.maximum(0.5 * stats.halfnorm.ppf(u[:, 1]), 0.02)
    products = [np.prod([stats.norm.pdf(m, mu, omega) for m in members], axis=0).mean() for members in x]
    assert log_density(one, x) == pytest.approx(np.log(products), abs=1e-9)
