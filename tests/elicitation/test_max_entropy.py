"""The least committed member of a family: random askings, narrow ones among them, against two other ways of finding it."""

from __future__ import annotations

import datetime as dt
import warnings
from typing import Any

import numpy as np
import pytest
from scipy import optimize, stats

from forecasting.elicitation.elicited import ElicitedPrior
from forecasting.elicitation.families import FAMILIES, marginals
from forecasting.elicitation.fitting import maxent
from forecasting.elicitation.max_entropy import maximum_entropy
from forecasting.errors import UsageError

FAMILIES_OF_ONE = ("Beta", "LogitNormal", "Gamma", "LogNormal", "Normal")
WHO: dict[str, Any] = {"id": "deal-a", "about": "P(a deal within a year)", "analyst": "A. Analyst", "made_on": "2024-12-13"}


def askings(family: str, n: int) -> list[tuple[float, float, float]]:
    """Return intervals from a thousandth of the range to most of it, and masses from 30 to 97 %."""
    rng = np.random.default_rng(len(family))
    found = []
    for _ in range(n):
        width, mass = 10 ** rng.uniform(-3, -0.1), rng.uniform(0.3, 0.97)
        if FAMILIES[family].support == "probability":
            lower = rng.uniform(0.001, 0.999 - width)
            upper = lower + width
        elif FAMILIES[family].support == "positive":
            lower = 10 ** rng.uniform(-2, 2)
            upper = lower * (1 + 10 * width)
        else:
            lower = rng.normal(0, 10)
            upper = lower + 10 * width
        found.append(tuple(float(f"{x:.8g}") for x in (lower, upper, mass)))
    return found


def entropy(family: str, parameters: dict[str, float]) -> float:
    """Return the differential entropy: SciPy's, and for a LogitNormal −∫ f log f over x = logit p on a fine grid."""
    if family != "LogitNormal":
        return float(marginals(family, parameters)[0].entropy())
    mu, sigma = parameters["mu"], parameters["sigma"]
    x = np.linspace(mu - 12 * sigma, mu + 12 * sigma, 20_001)
    density = stats.norm.pdf(x, mu, sigma)
    log_density_of_p = stats.norm.logpdf(x, mu, sigma) + np.logaddexp(0, x) + np.logaddexp(0, -x)
    return -float(np.trapezoid(density * log_density_of_p, x))


@pytest.mark.slow
@pytest.mark.parametrize("family", FAMILIES_OF_ONE)
def test_random_askings_are_met_and_no_neighbour_along_the_constraint_has_more_entropy(family: str, measured) -> None:
    names, worst = FAMILIES[family].parameters, 0.0
    for lower, upper, mass in askings(family, 24):
        best = np.array(maximum_entropy(family, lower, upper, mass))
        made = marginals(family, dict(zip(names, best, strict=True)))[0]
        below, above = made.cdf(lower), 1 - made.cdf(upper)
        worst = max(worst, abs(1 - below - above - mass))
        # a second way: shift the share below the interval, and solve for the member that has it by a root of two equations
        here = entropy(family, dict(zip(names, best, strict=True)))
        for shift in (-0.05, 0.05):
            p = (below / (1 - mass) + shift) * (1 - mass)
            if not 0.001 < p < 1 - mass - 0.001:
                continue
            there = solved(family, best, (lower, upper), (p, p + mass))
            assert entropy(family, there) < here, (family, lower, upper, mass, shift)
    assert worst < 1e-9
    measured(f"maximum entropy, {family}: mass met to {worst:.0e} in 24 random askings")


def solved(family: str, start: np.ndarray, at: tuple[float, float], wanted: tuple[float, float]) -> dict[str, float]:
    """Return the member with two given quantiles by Powell's hybrid method, from the optimum; positive ones on the log scale."""
    shape = FAMILIES[family]
    logs = np.array([name in shape.positive for name in shape.parameters])
    scale = np.where(logs, 1.0, 1.0 if logs.all() else start[-1])

    def parameters(x: np.ndarray) -> dict[str, float]:
        values = np.where(logs, start * np.exp(np.where(logs, x, 0)), start + scale * x)
        return dict(zip(shape.parameters, values.tolist(), strict=True))

    def excess(x: np.ndarray) -> np.ndarray:
        return np.asarray(marginals(family, parameters(x))[0].cdf(np.array(at))) - wanted

    root = optimize.root(excess, np.zeros(2), method="hybr", tol=1e-12)
    assert np.abs(excess(root.x)).max() < 1e-6, (family, at, wanted)
    return parameters(root.x)


@pytest.mark.parametrize(
    ("family", "lower", "upper"), [("Beta", 0.1, 0.6), ("Gamma", 2, 9), ("LogNormal", 2, 9), ("Normal", -3, 8)]
)
def test_wide_intervals_give_what_preliz_gives(family: str, lower: float, upper: float) -> None:
    import preliz as pz

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = pz.maxent(getattr(pz, family)(), lower=lower, upper=upper, mass=0.9, plot=False).params_dict
    ours = maxent(family, lower, upper, **WHO).parameters
    assert {name: ours[name] for name in theirs} == pytest.approx(theirs, rel=2e-3)


def test_a_narrow_interval_has_even_tails_where_a_free_search_left_them_at_29_and_5_per_cent() -> None:
    got = maxent("Beta", 0.351, 0.392, mass=0.66, **WHO)
    assert float(got.cdf(0.351)) == pytest.approx(0.17, abs=0.005)
    assert float(1 - got.cdf(0.392)) == pytest.approx(0.17, abs=0.005)


def test_a_record_that_has_the_mass_but_not_the_entropy_is_refused_with_both() -> None:
    # 66 % inside, but lopsided: a Beta with 29 % below, found by a root of two equations
    best = np.array(maximum_entropy("Beta", 0.351, 0.392, 0.66))
    lopsided = solved("Beta", best, (0.351, 0.392), (0.29, 0.95))
    asked = {"lower": 0.351, "upper": 0.392, "mass": 0.66}
    parameters = {name: float(f"{value:.8g}") for name, value in lopsided.items()}
    fields = {**WHO, "made_on": dt.date(2024, 12, 13), "method": "maxent", "family": "Beta", "asked": asked}
    with pytest.raises(ValueError, match=r"has 29 % below, 66 % inside and 5 % above, the one of largest entropy 16.6 % below"):
        ElicitedPrior(**fields, parameters=parameters)


def test_an_interval_that_arithmetic_cannot_tell_from_a_point_is_refused_with_what_to_do() -> None:
    with pytest.raises(UsageError, match=r"(?s)choose another family or interval"):
        maxent("Beta", 0.3, 0.300000000001, **WHO)
