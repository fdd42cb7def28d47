"""Life tables: the Weibull fit against simulated cases, closed forms and another way to integrate."""

from __future__ import annotations

import datetime as dt
import itertools

import numpy as np
import pytest
from scipy import integrate, stats

from forecasting.dossier.reference_classes import LifeTableRow, ReferenceClass
from forecasting.elicitation.base_rates import base_rate, class_shape
from forecasting.elicitation.life_tables import SHAPE_SD, counts, fit_life_table, time_shape

UNTIL = (0.25, 0.5, 1.0, 2.0, 3.0, 5.0)


def table(at_risk: tuple[int, ...], failed: tuple[int, ...], until: tuple[float, ...] = UNTIL) -> tuple[LifeTableRow, ...]:
    return tuple(
        LifeTableRow(reference_class="cases", until_years=t, at_risk=n, failed=d, citation="made up")
        for t, n, d in zip(until, at_risk, failed, strict=True)
    )


def simulated(shape: float, rate: float, n: int, seed: int) -> tuple[LifeTableRow, ...]:
    """Return the life table of n cases whose ages at failure are Weibull with Λ(t) = rate · 5 (t/5)^shape."""
    ages = 5 * (np.random.default_rng(seed).exponential(size=n) / (5 * rate)) ** (1 / shape)
    left = [int((ages > t).sum()) for t in (0.0, *UNTIL)]
    return table(tuple(left[:-1]), tuple(a - b for a, b in itertools.pairwise(left)))


def ageing_class(rows: tuple[LifeTableRow, ...], spread: float = 0.0) -> ReferenceClass:
    return ReferenceClass(
        id="cases", events=sum(row.failed for row in rows), exposure=100.0, unit="year", spread=spread,
        counted_from=dt.date(1990, 1, 1), counted_until=dt.date(2020, 12, 31),
        citation="made up", note="made up", life_table=rows,
    )  # fmt: skip


@pytest.mark.parametrize(("shape", "rate"), [(0.5, 0.2), (1.0, 0.1), (1.8, 0.15)])
def test_many_simulated_cases_give_their_shape_and_rate_back(shape: float, rate: float) -> None:
    found = fit_life_table(simulated(shape, rate, 20_000, 1))
    assert found.log_shape == pytest.approx(np.log(shape), abs=4 * found.log_shape_sd)
    assert found.log_shape_sd < 0.02
    # Jeffreys' half event is part of the Gamma distribution's shape
    assert (found.events + 0.5) / found.exposure == pytest.approx(rate, rel=4 / np.sqrt(found.events))


@pytest.mark.slow
def test_the_posterior_covers_the_truth_as_often_as_it_says() -> None:
    # 400 tables of 40 cases, truths drawn from the prior: ranks of the truth must be uniform
    rng, ranks = np.random.default_rng(2), []
    for seed in range(400):
        log_shape = rng.normal(0, SHAPE_SD)
        rows = simulated(np.exp(log_shape), 0.2, 40, seed)
        if sum(row.failed > 0 for row in rows) >= 2:
            found = fit_life_table(tuple(row for row in rows if row.at_risk > 0))
            ranks.append(stats.norm.cdf(log_shape, found.log_shape, found.log_shape_sd))
    assert len(ranks) > 350
    assert stats.kstest(ranks, "uniform").pvalue > 0.01


def test_the_grid_agrees_with_adaptive_quadrature() -> None:
    rows = table((36, 35, 31, 29, 25, 23), (1, 4, 2, 4, 2, 2))
    begin = (0.0, *UNTIL[:-1])

    def weight(log_rate: float, log_kappa: float) -> float:
        total = -0.5 * (log_kappa / SHAPE_SD) ** 2 + 0.5 * log_rate
        for a, row in zip(begin, rows, strict=True):
            mass = np.exp(log_rate) * 5 * ((row.until_years / 5) ** np.exp(log_kappa) - (a / 5) ** np.exp(log_kappa))
            total += row.failed * np.log(-np.expm1(-mass)) - (row.at_risk - row.failed) * mass
        return np.exp(total + 75)

    box = (-2.5, 2.5, -4.0, -0.5)
    mass = integrate.dblquad(weight, *box)[0]
    mean = integrate.dblquad(lambda r, k: k * weight(r, k), *box)[0] / mass
    square = integrate.dblquad(lambda r, k: k * k * weight(r, k), *box)[0] / mass
    rate = integrate.dblquad(lambda r, k: np.exp(r) * weight(r, k), *box)[0] / mass
    found = fit_life_table(rows)
    assert found.log_shape == pytest.approx(mean, abs=1e-3)
    assert found.log_shape_sd == pytest.approx(np.sqrt(square - mean**2), abs=1e-3)
    assert (found.events + 0.5) / found.exposure == pytest.approx(rate, rel=1e-3)


def test_cases_that_were_censored_count_until_they_leave() -> None:
    # those who leave unfailed after the first interval say nothing of the later ones: fewer at risk, same failures
    full = fit_life_table(table((100, 90), (10, 9), (1.0, 2.0)))
    censored = fit_life_table(table((100, 45), (10, 9), (1.0, 2.0)))
    assert censored.log_shape > full.log_shape + 0.3
    assert censored.exposure < full.exposure


def test_the_shipped_ceasefires_fail_early(project_dir) -> None:
    from forecasting.rules.load import load_dossier

    classes = load_dossier(project_dir / "priors").reference_classes
    quiet, kept = (time_shape(classes[f"ceasefire-{name}"]) for name in ("no-peacekeepers", "peacekept"))
    assert np.exp(quiet.log_shape) == pytest.approx(0.50, abs=0.01)
    assert np.exp(kept.log_shape) == pytest.approx(0.72, abs=0.01)
    # the counts behind them: 59 ceasefires, of which 47 held three months, 35 a year, 22 five years
    for years, held in ((0.25, 47), (1.0, 35), (5.0, 22)):
        rate = (quiet.events + 0.5) / quiet.exposure
        fitted = np.exp(-rate * 5 * (years / 5) ** np.exp(quiet.log_shape))
        assert fitted == pytest.approx(held / 59, abs=0.045)  # within a standard error of 59 cases


def test_base_rates_follow_the_shape_over_time() -> None:
    rows = simulated(0.5, 0.2, 20_000, 3)
    rate = base_rate(ageing_class(rows))
    for years in (0.25, 1.0, 5.0):
        assert rate.probability(years) == pytest.approx(-np.expm1(-5 * 0.2 * (years / 5) ** 0.5), abs=0.01)


def test_a_class_counts_in_operational_time_and_one_without_a_table_as_it_stands() -> None:
    rows = table((36, 35, 31, 29, 25, 23), (1, 4, 2, 4, 2, 2))
    events, exposure = counts(ageing_class(rows))
    assert class_shape(ageing_class(rows)) == (events + 0.5, exposure)
    plain = ageing_class(rows).model_copy(update={"life_table": ()})
    assert counts(plain) == (15, 100.0)
    assert time_shape(plain) is None
