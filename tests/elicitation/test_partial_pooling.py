"""Borrowing between classes against integrals by another method, and in the limits where the answer is known."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from scipy import integrate, stats
from scipy.special import digamma

from forecasting.dossier.reference_classes import ReferenceClass
from forecasting.elicitation.base_rates import base_rate, class_shape
from forecasting.elicitation.gamma import gamma_shape
from forecasting.elicitation.partial_pooling import CENTRE, SPAN, VARIATION, pooled_shape


def counted(name: str, events: float, exposure: float, unit: str = "year") -> ReferenceClass:
    return ReferenceClass(
        id=name, events=events, exposure=exposure, unit=unit, spread=0.5,
        counted_from=dt.date(1990, 1, 1), counted_until=dt.date(2020, 12, 31),
        citation="made up", note="made up",
    )  # fmt: skip


QUIET, DEMAND, DEPLOYED = counted("quiet", 0, 19.15), counted("demand", 9, 28.56), counted("deployed", 34, 1182)


def by_sampling(*members: ReferenceClass) -> tuple[float, float]:
    """Return E[λ] and E[log λ] of the first member by importance sampling from the hyperprior: no grid, no formula of ours.

    Weights are the products of the negative binomial masses of all members, as SciPy has them.
    """
    u = stats.qmc.Sobol(2, rng=7).random(2**17)
    mean = np.exp(CENTRE + SPAN * stats.norm.ppf(u[:, 0]))
    a = (VARIATION * stats.halfnorm.ppf(u[:, 1])) ** -2.0
    weight = np.ones_like(a)
    for m in members:
        # N ~ Poisson(λE), λ ~ Gamma(a, a/μ)  ⇒  N ~ NegativeBinomial(a, (a/μ)/(a/μ + E))
        weight *= stats.nbinom.pmf(m.events, a, (a / mean) / (a / mean + m.exposure))
    weight /= weight.sum()
    first = members[0]
    shape, rate = a + first.events, a / mean + first.exposure
    return float(weight @ (shape / rate)), float(weight @ (digamma(shape) - np.log(rate)))


@pytest.mark.parametrize(
    "members", [(QUIET, DEMAND, DEPLOYED), (DEMAND, QUIET, DEPLOYED), (counted("few", 2, 30), counted("many", 400, 900))]
)
def test_the_pooled_rate_has_the_moments_of_the_hierarchy(members: tuple[ReferenceClass, ...]) -> None:
    shape, rate = pooled_shape(members[0], members[1:])
    mean, mean_log = by_sampling(*members)
    # 2^17 Sobol points agree with each other to about 2e-3
    assert shape / rate == pytest.approx(mean, rel=5e-3)
    assert digamma(shape) - np.log(rate) == pytest.approx(mean_log, abs=5e-3)


def test_a_class_moves_towards_its_relatives_and_the_less_the_more_it_has_counted() -> None:
    relative = counted("relative", 50, 1000)  # 0.05 a year
    rates = [pooled_shape(counted("own", 0.2 * n, n), [relative]) for n in (5, 50, 5000)]
    means = [shape / rate for shape, rate in rates]
    assert 0.05 < means[0] < means[1] < means[2] < 0.201
    assert means[2] == pytest.approx(0.2, rel=0.01)
    # nothing at all seen leaves the family's own rate, blurred by how much members differ
    shape, rate = pooled_shape(counted("own", 0, 1e-6), [relative])
    assert 0.02 < shape / rate < 0.2
    assert shape < 3


def test_relatives_that_agree_are_borrowed_from_more_than_relatives_that_differ() -> None:
    own = counted("own", 1, 10)
    alike = [counted(f"a{i}", 20, 400) for i in range(4)]
    apart = [counted(f"b{i}", n, 400) for i, n in enumerate((1, 5, 80, 300))]
    # the more firmly it stands on others, the larger the shape it ends up with
    assert pooled_shape(own, alike)[0] > pooled_shape(own, apart)[0]


def test_the_order_of_relatives_changes_nothing_and_no_argument_is_changed() -> None:
    assert pooled_shape(QUIET, [DEMAND, DEPLOYED]) == pytest.approx(pooled_shape(QUIET, [DEPLOYED, DEMAND]), rel=1e-12)
    assert QUIET.events == 0


def test_a_class_without_relatives_keeps_its_own_counts() -> None:
    assert class_shape(DEMAND) == (9.5, 28.56)
    with pytest.raises(ValueError, match="class quiet borrows from nobody"):
        pooled_shape(QUIET, [])


def test_shares_of_trials_are_not_pooled_with_rates() -> None:
    with pytest.raises(ValueError, match="kept: counted per trial; only rates per year are pooled"):
        pooled_shape(QUIET, [counted("kept", 7, 10, "trial")])


def test_the_base_rate_is_drawn_from_the_pooled_class() -> None:
    alone, pooled = base_rate(QUIET).probability(1.0), base_rate(QUIET, (DEMAND, DEPLOYED)).probability(1.0)
    assert pooled > alone
    shape, rate = pooled_shape(QUIET, (DEMAND, DEPLOYED))
    expected = integrate.quad(
        lambda w: stats.halfnorm.pdf(w) * member_probability(shape, rate, 0.5 * w), 0, 6, limit=200
    )[0]
    assert pooled == pytest.approx(expected, abs=2e-3)


def member_probability(shape: float, rate: float, spread: float) -> float:
    """Return P(T ≤ 1) of a member whose log hazard is Normal around the class's, by quadrature over the member."""
    z, weight = np.polynomial.hermite_e.hermegauss(40)
    u = (np.arange(2000) + 0.5) / 2000
    hazard = stats.gamma.ppf(u, shape)[:, None] / rate * np.exp(spread * z)
    return float((-np.expm1(-hazard) @ (weight / weight.sum())).mean())


@pytest.mark.parametrize("shape", [0.05, 0.5, 3.7, 250.0])
def test_the_shape_is_found_from_the_gap_between_the_two_means(shape: float) -> None:
    assert gamma_shape(np.log(shape) - digamma(shape)) == pytest.approx(shape, rel=1e-9)
