"""Levels, floors and ceilings as likelihoods, and errors that one claim has alone."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import integrate, stats

from forecasting.models.network.fused_rows import log_normal_cdf
from forecasting.models.network.likelihood import log_reading
from forecasting.models.network.readings import ReadingErrors, Readings


def readings(side: float, *, spread: float = 0.5, age: float = 0.0, groups: tuple[int, int] = (0, 0)) -> Readings:
    """Return one reading of −1."""
    one = np.ones(1)
    return Readings(
        ("c-1",), -one, spread * one, side * one, age * one, np.array([groups[0]]), np.array([groups[1]])
    )  # fmt: skip


def errors(*, drift: float = 0.0, source: float = 0.0, shared: float = 0.0) -> ReadingErrors:
    """Return one draw of errors; ``shared`` is what the first group of a source shares."""
    one = np.ones((1, 1))
    return ReadingErrors(0 * one, drift * one, source * one, 0 * one, np.array([[0.0, shared]]), np.array([[0.0, 0.0]]))


def at(side: float, expected: float, e: ReadingErrors | None = None, **more) -> float:
    return float(log_reading(readings(side, **more), np.array([[expected]]), e or errors())[0, 0])


def test_a_level_is_normal_and_bounds_are_the_two_outcomes_of_one_trial() -> None:
    for g in (-3.0, -1.2, 0.4):
        assert at(0, g) == pytest.approx(stats.norm(g, 0.5).logpdf(-1))
        assert at(1, g) == pytest.approx(stats.norm.logcdf((g + 1) / 0.5))
        assert np.exp(at(1, g)) + np.exp(at(-1, g)) == pytest.approx(1.0)


def test_a_bound_pulls_from_the_wrong_side_as_a_level_does_and_not_from_the_right_one() -> None:
    def pull(side: float, g: float) -> float:
        return (at(side, g + 1e-5) - at(side, g - 1e-5)) / 2e-5

    far = 4.0  # eight spreads away
    assert pull(1, -1 - far) == pytest.approx(pull(0, -1 - far), rel=0.02)
    assert pull(-1, -1 + far) == pytest.approx(pull(0, -1 + far), rel=0.02)
    assert abs(pull(1, -1 + far)) < 1e-12
    assert abs(pull(-1, -1 - far)) < 1e-12
    grid = np.linspace(-6, 4, 101)
    assert min(pull(1, g) for g in grid) >= 0 >= max(pull(-1, g) for g in grid)


@pytest.mark.parametrize("side", [0.0, 1.0, -1.0])
def test_an_error_that_one_claim_has_alone_is_integrated_out(side: float) -> None:
    sd = 0.7
    for g in (-2.5, -1.0, 0.5):

        def density(b: float, g: float = g) -> float:
            return stats.norm.pdf(b, 0, sd) * np.exp(at(side, g, errors(shared=b), groups=(1, 0)))

        whole, _ = integrate.quad(density, -8, 8)
        assert at(side, g, errors(source=sd)) == pytest.approx(np.log(whole), abs=1e-8)


def test_a_claim_ages_instead_of_expiring() -> None:
    # δ = 0.3 per √year: after four years the variance has grown by 0.36
    assert at(0, 0.0, errors(drift=0.3), age=4.0) == pytest.approx(stats.norm(0, np.sqrt(0.25 + 0.36)).logpdf(-1))
    pulls = [at(1, -1.0, errors(drift=0.3), age=age) - at(1, -3.0, errors(drift=0.3), age=age) for age in (0.0, 1.0, 5.0, 50.0)]
    assert pulls == sorted(pulls, reverse=True)
    assert pulls[-1] > 0


@pytest.mark.parametrize("z", [-60.0, -21.0, -19.9, -3.0, -0.5, 0.5, 8.0])
def test_the_log_of_the_normal_distribution_and_its_slope(z: float) -> None:
    value, slope = log_normal_cdf(z)
    assert value == pytest.approx(stats.norm.logcdf(z), rel=1e-12)
    assert slope == pytest.approx(np.exp(stats.norm.logpdf(z) - stats.norm.logcdf(z)), rel=1e-9)
