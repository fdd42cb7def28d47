"""The count model: its closed limits, what an edition may know, and stocks that lose what leaves them."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest
import xarray as xr
from scipy import integrate, stats
from tickets import AS_OF, tickets_dossier, tickets_edition

from forecasting.inference.compiled import evaluate
from forecasting.models.base import LAYERS
from forecasting.models.counts.build import reading_log_likelihood
from forecasting.models.counts.kernel import brownian, covariance, share_after
from forecasting.models.counts.model import Counts, stacked
from forecasting.models.counts.paths import conditional, count_paths, log_paths
from forecasting.models.counts.readings import Departed, known_counts, readings_of, years

MODEL = Counts()


@pytest.mark.slow
def test_the_fused_density_is_that_of_pymc_and_its_gradient_is_its_own() -> None:
    """Also where a layer has no reading at all, on the same machine code."""
    for layer in LAYERS:
        inputs = MODEL.inputs(tickets_edition(), layer)
        bound, stated = MODEL.density(inputs), MODEL.build(inputs)
        logp, start, rng = stated.compile_logp(mode="FAST_COMPILE"), stated.initial_point(), np.random.default_rng(1)
        apart = []
        for _ in range(3):
            point = {name: values + rng.normal(size=values.shape) for name, values in start.items()}
            flat = np.concatenate([point[rv.name].ravel() for rv in stated.free_RVs])
            value, gradient = evaluate(bound, flat)
            apart.append(value - float(logp(point)))
            for j in range(flat.size):
                step = np.eye(flat.size)[j] * 1e-6
                slope = (evaluate(bound, flat + step)[0] - evaluate(bound, flat - step)[0]) / 2e-6
                assert gradient[j] == pytest.approx(slope, abs=1e-6, rel=1e-5)
        assert np.ptp(apart) < 1e-9


@pytest.mark.parametrize("spans", [(0, 1, 0, 1), (0, 2, 1, 3), (0, 1, 2, 4), (1, 1, 0, 3), (2, 2, 5, 5), (0.5, 2.5, 1, 1.5)])
def test_the_covariance_of_averages_is_the_double_integral(spans: tuple[float, ...]) -> None:
    a, b, c, d = (float(v) for v in spans)
    means = [(lambda f, lo=lo, hi=hi: f(lo) if lo == hi else integrate.quad(f, lo, hi, limit=200)[0] / (hi - lo))
             for lo, hi in ((a, b), (c, d))]  # fmt: skip
    expected = means[0](lambda s: means[1](lambda t: min(s, t)))
    assert float(brownian(*(np.array(v) for v in (a, b, c, d)))) == pytest.approx(expected, rel=1e-5)


def test_a_level_set_anew_shares_no_wander_with_what_was_before() -> None:
    a, b = np.array([0.0, 1.0, 2.5]), np.array([1.0, 2.0, 3.0])
    found = covariance(a, b, a, b, [2.0])
    assert found[0, 2] == found[1, 2] == 0
    assert found[2, 2] == pytest.approx(float(brownian(*(np.array(v) for v in (0.5, 1.0, 0.5, 1.0)))))
    assert share_after(np.array([1.0]), np.array([3.0]), 2.5).tolist() == [0.25]


def kalman(y: np.ndarray, gaps: np.ndarray, m0: float, p0: float, sigma: float, errors: np.ndarray) -> tuple[float, float, float]:
    """Return log likelihood, and mean and variance of the last state, of a local level by the Kalman recursion."""
    mean, variance, total = m0, p0, 0.0
    for value, gap, error in zip(y, gaps, errors, strict=True):
        variance += sigma**2 * gap
        spread = variance + error**2
        total += float(stats.norm.logpdf(value, mean, np.sqrt(spread)))
        gain = variance / spread
        mean, variance = mean + gain * (value - mean), variance * (1 - gain)
    return total, mean, variance


def test_a_stock_without_trend_is_the_kalman_filters_local_level() -> None:
    """The Gaussian case: likelihood, filtered level and forecast to rounding, for any wander and noise."""
    edition = tickets_edition()
    still = edition.series[0].model_copy(update={"drift": edition.series[0].drift.model_copy(update={"spread": 1e-9}),
                                                 "registers": ()})  # fmt: skip
    counts = tuple(c for c in edition.counts if c.series == "islanders" and c.counted_by == "harbour-office")
    alone = replace(edition, series=(still,), counts=counts)
    inputs = MODEL.inputs(alone)
    own = inputs.of("islanders")
    times = [reading.period(still.starts_on)[0] for reading in own]
    for sigma, noise in ((0.05, 0.01), (0.4, 0.002), (0.01, 0.2)):
        errors = np.hypot([reading.error for reading in own], noise)
        y, gaps = np.array([reading.log_level for reading in own]), np.diff([0.0, *times])
        total, mean, variance = kalman(y, gaps, np.log(still.level.median), still.level.spread**2, sigma, errors)
        found = reading_log_likelihood(inputs.data, np.array([[sigma]]), np.array([[noise]]))
        assert found.sum() == pytest.approx(total, rel=1e-9)
        ahead = np.array([times[-1] + 1.0])
        level, root = conditional(inputs, inputs.designs["islanders"], np.array([sigma]), np.array([noise]), ahead, ahead)
        assert level[0, 0] == pytest.approx(mean, abs=1e-6)
        assert root[0, 0, 0] ** 2 == pytest.approx(variance + sigma**2, rel=1e-4)


def test_one_rate_without_wander_is_the_normal_of_conjugate_updating() -> None:
    edition = tickets_edition()
    (tickets,) = [series for series in edition.series if series.id == "tickets"]
    still = tickets.model_copy(update={"drift": tickets.drift.model_copy(update={"spread": 1e-9})})
    inputs = MODEL.inputs(replace(edition, series=(still,), counts=tuple(c for c in edition.counts if c.series == "tickets")))
    own, noise = inputs.of("tickets"), 0.05
    precision = 1 / still.level.spread**2 + sum(1 / (reading.error**2 + noise**2) for reading in own)
    weighted = sum(reading.log_level / (reading.error**2 + noise**2) for reading in own)
    mean = (np.log(still.level.median) / still.level.spread**2 + weighted) / precision
    at = np.array([3.0])
    level, root = conditional(inputs, inputs.designs["tickets"], np.array([1e-7]), np.array([noise]), at, at)
    assert level[0, 0] == pytest.approx(mean, abs=1e-6)
    assert root[0, 0, 0] == pytest.approx(1 / np.sqrt(precision), rel=1e-4)


@pytest.mark.parametrize("sigma", [1e-5, 0.3])
@pytest.mark.parametrize("layer", ["base", "posterior"])
def test_only_the_wander_from_now_on_differs_between_paths_of_a_draw(layer: str, sigma: float) -> None:
    """Levels, trend and registers, and where the level stands today, are unknown constants: one thing for each draw."""
    inputs = MODEL.inputs(tickets_edition(), layer)
    design = inputs.designs["islanders"]
    ahead, n_draws, n_paths = design.bend + np.array([0.0, 0.5, 2.0]), 3000, 20
    sigmas, noise = np.full(n_draws, sigma), np.full(n_draws, 0.02)
    found = log_paths(inputs, design, sigmas, noise, ahead, ahead, np.random.default_rng(3), n_paths)
    within = found.var(axis=1, ddof=1).mean(axis=0)
    assert within == pytest.approx(sigma**2 * np.array([0.0, 0.5, 2.0]), rel=0.03, abs=1e-7)
    mean, root = conditional(inputs, design, sigmas[:1], noise[:1], ahead, ahead)
    total = np.diag(root[0] @ root[0].T)
    assert found[:, 0].var(axis=0, ddof=1) == pytest.approx(total, rel=5 * np.sqrt(2 / n_draws))
    assert (abs(found[:, 0].mean(axis=0) - mean[0]) < 5 * np.sqrt(total / n_draws)).all()


def test_what_an_event_is_worth_and_what_a_pipe_holds_are_one_thing_for_each_draw() -> None:
    from forecasting.dossier.counts import Shift

    edition = tickets_edition()
    (tickets,) = [series for series in edition.series if series.id == "tickets"]
    wide = tickets.level.model_copy(update={"median": 8.0, "spread": 1.0})
    certain = {"posterior": {"pact-signed": ((AS_OF, 1.0), (dt.date(2026, 1, 1), 1.0))}}
    sigma, noise, end = np.full((50, 1), 1e-6), np.full((50, 1), 0.02), dt.date(2025, 12, 31)
    for change in ({"shifts": (Shift(event="pact-signed", times=wide),)}, {"capacity": wide}):
        case = replace(edition, series=(tickets.model_copy(update=change),), chances=certain)
        logs = np.log(count_paths(MODEL.inputs(case), sigma, noise, end, 2).value("tickets", end))
        assert logs.std(axis=1).max() < 0.01
        assert 0.7 < logs.std(axis=0).mean() < 1.3


@pytest.mark.slow
def test_pymc_states_the_density_that_weights_are_made_from() -> None:
    inputs = MODEL.inputs(tickets_edition())
    logp = MODEL.build(inputs).compile_logp()
    rng = np.random.default_rng(4)
    for _ in range(3):
        wander, noise = rng.normal(-2, 0.5, 3), rng.normal(-3, 0.5, 3)
        prior = sum(
            stats.norm.logpdf(value, inputs.data[f"{name}_median"].values, inputs.data[f"{name}_spread"].values).sum()
            for name, value in (("wander", wander), ("noise", noise))
        )
        own = reading_log_likelihood(inputs.data, np.exp(wander)[None], np.exp(noise)[None]).sum()
        fillers = 3 * stats.norm.logpdf(0)
        assert float(logp({"log_wander": wander, "log_noise": noise})) == pytest.approx(prior + own + fillers, rel=1e-9)


def test_a_count_published_after_the_as_of_date_is_not_known() -> None:
    known = {count.id for count in tickets_edition().counts}
    late = {count.id for count in tickets_dossier().counts if count.published_on > AS_OF}
    assert late == {"ti-003", "is-004", "le-004"}
    assert not known & late
    assert "ti-003" not in {reading.id for reading in MODEL.inputs(tickets_edition()).readings}
    assert all(count.until <= count.published_on <= AS_OF for count in tickets_edition().counts)


@pytest.mark.parametrize("name", ["2024-12-syria", "2026-02-outlook"])
def test_poison_in_later_counts_moves_no_number_of_a_shipped_edition(name: str) -> None:
    from forecasting.rules.load import load_dossier

    dossier = load_dossier("priors")
    as_of = dossier.editions[name].as_of
    poisoned = tuple(c if c.published_on <= as_of else c.model_copy(update={"value": c.value * 7}) for c in dossier.counts)
    before, after = (MODEL.inputs(one.edition(name)) for one in (dossier, replace(dossier, counts=poisoned)))
    assert before.data.identical(after.data)
    assert before.readings == after.readings
    sigma, noise = np.full((2, len(before.designs)), 0.2), np.full((2, len(before.designs)), 0.05)
    paths = [count_paths(one, sigma, noise, dt.date(2027, 12, 31), 3) for one in (before, after)]
    for series in before.designs:
        assert np.array_equal(paths[0].series[series].values, paths[1].series[series].values)


def test_sums_of_a_register_are_read_less_the_one_before_and_a_sum_left_out_joins_its_neighbours() -> None:
    edition = tickets_edition()
    read = {reading.id: reading for reading in readings_of(edition, "posterior", frozenset())}
    gone = -np.log1p(-(420 - 250) / 10050) / years(dt.date(2024, 4, 1), dt.date(2024, 6, 16))
    assert np.exp(read["le-003"].log_level) == pytest.approx(gone)
    assert read["le-003"].error == pytest.approx(np.hypot(10, 10) / np.sqrt(12) / 170)
    without = {reading.id: reading for reading in readings_of(edition, "posterior", frozenset({"le-002"}))}
    joined = -np.log1p(-420 / 10050) / years(dt.date(2024, 1, 1), dt.date(2024, 6, 16))
    assert np.exp(without["le-003"].log_level) == pytest.approx(joined)


def test_a_stock_loses_on_every_path_what_leaves_it() -> None:
    inputs = MODEL.inputs(tickets_edition())
    place = list(inputs.designs)
    n = 40
    sigma, noise = np.full((n, 3), 1e-6), np.full((n, 3), 1e-6)
    found = count_paths(inputs, sigma, noise, dt.date(2025, 12, 31), 5, n_paths=4)
    stock, total = found.series["islanders"], found.series["leavers"]
    assert stock.days == total.days
    assert total.days[0] == dt.date(2024, 6, 15)
    assert np.allclose(total.values[:, :, 0], 420)
    assert (np.diff(total.values, axis=2) > 0).all()
    left, lost = np.diff(total.values, axis=2), -np.diff(stock.values, axis=2)
    # without wander births and deaths follow the trend alone, which is a few per cent a year
    assert np.abs(lost - left).max() < 0.03 * stock.values.max()
    assert place == ["islanders", "leavers", "tickets"]
    departed = Departed.of(tickets_edition(), known_counts(tickets_edition()), "islanders")
    assert departed.until(dt.date(2021, 1, 1)) == 0
    assert departed.until(dt.date(2024, 1, 1)) == pytest.approx(-np.log1p(-400 / 10100), rel=0.02)


def test_a_volume_is_what_has_flowed_and_what_is_still_to_come_up_to_its_capacity() -> None:
    edition = tickets_edition()
    (tickets,) = [series for series in edition.series if series.id == "tickets"]
    capped = tickets.model_copy(update={"capacity": tickets.level.model_copy(update={"median": 500.0, "spread": 1e-6})})
    inputs = MODEL.inputs(replace(edition, series=(capped,)))
    sigma, noise = np.full((8, 1), 0.3), np.full((8, 1), 0.05)
    paths = count_paths(inputs, sigma, noise, dt.date(2025, 12, 31), 1)
    assert paths.value("tickets", dt.date(2025, 12, 31)).max() <= 500 * 1.01
    assert paths.at_least("tickets", 1.0, dt.date(2025, 12, 31)).all()


def test_an_open_event_acts_on_the_share_of_paths_that_the_network_says() -> None:
    from forecasting.dossier.counts import Shift

    edition = tickets_edition()
    (tickets,) = [series for series in edition.series if series.id == "tickets"]
    times = tickets.level.model_copy(update={"median": 8.0, "spread": 1e-6})
    shifted = tickets.model_copy(update={"shifts": (Shift(event="pact-signed", times=times),)})
    certain = ((AS_OF, 0.25), (dt.date(2026, 1, 1), 0.25))
    case = replace(edition, series=(shifted,), chances={"posterior": {"pact-signed": certain}})
    inputs = MODEL.inputs(case)
    sigma, noise = np.full((400, 1), 1e-3), np.full((400, 1), 0.02)
    value = count_paths(inputs, sigma, noise, dt.date(2025, 12, 31), 2).value("tickets", dt.date(2025, 12, 31))
    share = (value > 3000).mean()
    assert abs(share - 0.25) < 4 * np.sqrt(0.25 * 0.75 / value.size)
    # without the network's curve the event is left out, and so it is where the edition does not have it
    none = MODEL.inputs(replace(case, chances={}))
    assert not (count_paths(none, sigma, noise, dt.date(2025, 12, 31), 2).value("tickets", dt.date(2025, 12, 31)) > 3000).any()


def test_paths_that_are_kept_are_those_that_would_be_simulated_and_none_lacks_a_reading() -> None:
    edition, rng, end = tickets_edition(), np.random.default_rng(6), dt.date(2025, 12, 31)
    names = [series.id for series in edition.series]
    posterior = xr.Dataset({
        name: (("chain", "draw", "series"), rng.normal(at, 0.2, (2, 30, len(names))))
        for name, at in (("log_wander", -2.0), ("log_noise", -3.0))
    })  # fmt: skip
    whole, again = MODEL.simulate(posterior, MODEL.inputs(edition), until=end, random_seed=3), set()
    for left_out in [frozenset(), *(frozenset({reading.id}) for reading in MODEL.inputs(edition).readings)]:
        inputs = MODEL.inputs(edition, without=left_out)
        found = MODEL.simulate(posterior, inputs, until=end, random_seed=3)
        fresh = count_paths(inputs, *stacked(posterior), end, 3)
        for name in names:
            assert np.array_equal(found.series[name].values, fresh.series[name].values)
            assert found.series[name].sums.keys() == fresh.series[name].sums.keys()
        again |= {(name, *left_out) for name in names if found.series[name] is whole.series[name]}
    kinds = {count.id: count.series for count in edition.counts}
    assert {(name,) for name in names} < again
    assert all(kinds.get(left_out) != name for name, *one in again for left_out in one)
    other = MODEL.simulate(posterior.copy(deep=True), MODEL.inputs(edition), until=end, random_seed=4)
    assert not np.array_equal(other.series[names[0]].values, whole.series[names[0]].values)
