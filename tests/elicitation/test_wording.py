"""Words become a distribution on the cloglog scale; the numbers are worked by hand below."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasting.dossier.wordings import Wording
from forecasting.elicitation.wording import Reading, cloglog, inverse_cloglog, read_wording


def wording(*quantiles: float) -> Wording:
    names = ("p05", "p25", "p50", "p75", "p95")
    return Wording(wording="some words", n=10, citation="made up", **dict(zip(names, quantiles, strict=True)))


def test_location_and_spread_are_the_least_squares_line_through_the_normal_quantiles() -> None:
    # quantiles whose cloglogs are x = −2, −1, 0.2, 0.5, 1.1; z = ±1.644854, 0, ±0.674490
    # location = mean = −1.2/5 = −0.24
    # spread = (1.644854·(1.1 + 2) + 0.674490·(0.5 + 1)) / (2·(2.705543 + 0.454937)) = 6.110782/6.320960 = 0.966749
    read = read_wording(wording(*(-math.expm1(-math.exp(x)) for x in (-2.0, -1.0, 0.2, 0.5, 1.1))))
    assert read.location == pytest.approx(-0.24, abs=1e-12)
    assert read.spread == pytest.approx(0.966749, abs=1e-6)  # six decimals is what the hand calculation carries


def test_words_that_deny_the_event_are_read_through_the_complement() -> None:
    # 1 − q in reverse: 0.60, 0.75, 0.80, 0.90, 0.95, with cloglogs −0.087422, 0.326634, 0.475885, 0.834032, 1.097189
    # location = 2.646318/5; spread = (1.644854·1.184611 + 0.674490·0.507398)/6.320960
    read = read_wording(wording(0.05, 0.10, 0.20, 0.25, 0.40), "does-not-occur")
    assert read.location == pytest.approx(0.529264, abs=1e-6)
    assert read.spread == pytest.approx(0.362405, abs=1e-6)


def test_denying_with_q_says_the_same_as_affirming_with_one_minus_q() -> None:
    denied = read_wording(wording(0.05, 0.10, 0.20, 0.25, 0.40), "does-not-occur")
    affirmed = read_wording(wording(0.60, 0.75, 0.80, 0.90, 0.95))
    assert (denied.location, denied.spread) == pytest.approx((affirmed.location, affirmed.spread), abs=1e-12)
    assert denied.location != pytest.approx(read_wording(wording(0.05, 0.10, 0.20, 0.25, 0.40)).location, abs=0.5)


def test_a_normal_distribution_on_the_scale_is_found_again_exactly() -> None:
    z = (-1.6448536269514722, -0.6744897501960817, 0.0, 0.6744897501960817, 1.6448536269514722)
    read = read_wording(wording(*inverse_cloglog([-0.7 + 0.35 * value for value in z])))
    assert (read.location, read.spread) == pytest.approx((-0.7, 0.35), abs=1e-12)


def test_the_interval_of_a_reading_is_that_of_its_normal_distribution() -> None:
    # location 0, spread 1: 1 − exp(−exp(∓1.644854)) = 1 − exp(−0.193041), 1 − exp(−5.180252)
    assert Reading(0.0, 1.0).interval(0.9) == pytest.approx((0.175552, 0.994373), abs=1e-6)


@pytest.mark.parametrize("p", [0.0, 1.0, -0.1, 1.0000001, math.nan, math.inf])
def test_a_probability_on_or_beyond_the_edge_is_refused_and_never_clipped(p: float) -> None:
    with pytest.raises(ValueError, match=r"is outside \(0, 1\)"):
        cloglog([0.5, p])


@given(st.floats(1e-12, 1 - 1e-9))
def test_the_inverse_undoes_the_scale(p: float) -> None:
    assert float(inverse_cloglog(cloglog(p))) == pytest.approx(p, rel=1e-9)


def test_on_this_scale_horizons_add_as_logarithms() -> None:
    # hazard 0.4 a year: P within three years is 1 − exp(−1.2)
    assert float(cloglog(-math.expm1(-1.2))) == pytest.approx(math.log(0.4) + math.log(3.0), abs=1e-12)
    assert np.all(np.diff(cloglog(np.linspace(0.01, 0.99, 99))) > 0)
