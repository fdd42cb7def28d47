"""The CRPS of ranges, ranges of quantiles and of a random walk: each computed a second time."""

from __future__ import annotations

import dataclasses
import datetime as dt
import math

import numpy as np
import pytest
import scores
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from scipy.interpolate import interp1d

from forecasting.dossier.questions import Question
from forecasting.errors import UsageError
from forecasting.ledger.values import edges_of
from forecasting.models.counts.readings import DAYS, Stock
from forecasting.rules.load import load_dossier
from forecasting.scoring.ranges import Walk, logs_known, ranges_of_quantiles, ranges_of_walk, walk_of
from forecasting.scoring.rules import crps_of_ranges

weights = st.lists(st.floats(0.001, 1), min_size=3, max_size=7).map(lambda ws: (np.array(ws) / sum(ws)).tolist())


@pytest.fixture(scope="module")
def dossier():
    return load_dossier("priors")


@pytest.mark.slow
@given(p=weights, at=st.floats(0, 1), data=st.data())
def test_crps_of_ranges_is_that_of_another_library(p, at, data):
    gaps = data.draw(st.lists(st.floats(0.5, 5), min_size=len(p) - 2, max_size=len(p) - 2))
    edges = np.cumsum([3.0, *gaps])
    observed = float(edges[0] + at * (edges[-1] - edges[0]))
    cdf = xr.DataArray(np.cumsum(p)[:-1], {"x": edges}, ("x",))
    other = scores.probability.crps_cdf(cdf, xr.DataArray(observed), threshold_dim="x", integration_method="exact")
    assert crps_of_ranges(edges, p, observed) == pytest.approx(float(other["total"]), abs=1e-9)


@given(p=weights, observed=st.floats(-5, 25))
def test_crps_of_ranges_is_that_of_the_number_clipped_to_the_edges(p, observed):
    edges = np.linspace(0, 10, len(p) - 1)
    clipped = min(max(observed, 0.0), 10.0)
    x = np.linspace(0, 10, 200_001)
    integral = np.trapezoid((np.interp(x, edges, np.cumsum(p)[:-1]) - (x >= clipped)) ** 2, x)
    assert crps_of_ranges(edges, p, observed) == pytest.approx(integral, abs=2e-4)


@pytest.mark.slow
@given(p=weights, q=weights)
def test_crps_of_ranges_is_proper(p, q):
    """What is believed scores best, where a number is as likely anywhere within its range: by the integral over the ranges."""
    if len(p) != len(q):
        return
    edges = np.arange(len(p) - 1, dtype=float)
    middles = [[-1.0], *([a + (np.arange(50) + 0.5) / 50] for a in edges[:-1]), [edges[-1] + 1]]

    def expected(said: list[float]) -> float:
        each = [np.mean([crps_of_ranges(edges, said, float(v)) for v in np.ravel(values)]) for values in middles]
        return float(np.dot(p, each))

    assert expected(p) <= expected(q) + 1e-4


def test_a_number_said_to_lie_in_the_right_range_costs_less_the_narrower_the_range():
    assert crps_of_ranges([0, 10, 20], [0, 0, 1, 0], 15.0) == pytest.approx(2 * 5 / 12)  # ∫ over the range of (u − 1{½ ≤ u})²
    assert crps_of_ranges([0, 10, 20], [1, 0, 0, 0], 5.0) == pytest.approx(5)
    assert crps_of_ranges([0, 10, 20], [0, 0, 0, 1], -3.0) == pytest.approx(20)
    assert crps_of_ranges([0, 10, 20], [1, 0, 0, 0], -3.0) == 0
    assert crps_of_ranges([0, 10, 20], [0, 0, 0, 1], 20.0) == 0


@pytest.mark.parametrize(
    ("edges", "p", "observed", "said"),
    [
        ([5.0], [0.5, 0.5], 4.0, "two or more edges"),
        ([5.0, 5.0], [0.5, 0.2, 0.3], 4.0, "edges that rise"),
        ([5.0, math.inf], [0.5, 0.2, 0.3], 4.0, "edges that rise"),
        ([5.0, 6.0], [0.5, 0.5], 4.0, "2 ranges, 2 edges"),
        ([5.0, 6.0], [0.5, 0.2, 0.3], math.nan, "a finite number"),
        ([5.0, 6.0], [0.5, 0.2, 0.2], 4.0, "sum to 0.9"),
    ],
)
def test_ranges_that_cannot_be_scored_are_refused(edges, p, observed, said):
    with pytest.raises(UsageError, match=said):
        crps_of_ranges(edges, p, observed)


@given(
    values=st.lists(st.floats(1, 100), min_size=3, max_size=7, unique=True).map(sorted),
    edges=st.lists(st.floats(1, 100), min_size=2, max_size=5, unique=True).map(sorted),
)
def test_quantiles_are_read_as_straight_lines_that_go_on(values, edges):
    if min(np.diff(values)) < 1e-3:
        return
    levels = np.linspace(0.05, 0.95, len(values))
    line = interp1d(values, levels, fill_value="extrapolate")
    wanted = np.diff([0.0, *np.clip(line(edges), 0, 1), 1.0])
    found = ranges_of_quantiles(levels, values, edges)
    assert found == pytest.approx(wanted, abs=1e-9)
    assert sum(found) == pytest.approx(1)


def test_several_levels_at_one_value_are_a_jump_to_the_highest():
    assert ranges_of_quantiles([0.1, 0.5, 0.9], [4.0, 4.0, 8.0], [4.0, 6.0]) == pytest.approx([0.5, 0.2, 0.3])


@pytest.mark.parametrize(
    ("levels", "values", "said"),
    [
        ([0.5, 0.9], [3.0, 3.0], "two or more values"),
        ([0.5, 0.4], [3.0, 4.0], "levels have to rise"),
        ([0.4, 0.4, 0.5], [3.0, 3.5, 4.0], "levels have to rise"),
        ([[0.4, 0.5]], [[3.0, 4.0]], "levels have to rise"),
        ([0.4, 0.5], [4.0, 3.0], "must not fall"),
        ([0.4, 0.5], [4.0], "levels have to rise"),
    ],
)
def test_what_are_no_quantiles_is_refused(levels, values, said):
    with pytest.raises(UsageError, match=said):
        ranges_of_quantiles(levels, values, [1.0, 2.0])


def test_a_walk_is_estimated_by_maximum_likelihood():
    rng = np.random.default_rng(3)
    times = np.cumsum(rng.uniform(0.1, 0.5, 400))
    steps = rng.normal(-0.2 * np.diff(times), 0.3 * np.sqrt(np.diff(times)))
    walk = walk_of(times, np.array([1.0, *1.0 + np.cumsum(steps)]))
    likelihood = stats.norm(walk.drift * np.diff(times), walk.sd * np.sqrt(np.diff(times))).logpdf(steps).sum()
    for drift, sd in ((1.02, 1.0), (0.98, 1.0), (1.0, 1.02), (1.0, 0.98)):
        scale = drift * walk.drift * np.diff(times), sd * walk.sd * np.sqrt(np.diff(times))
        assert stats.norm(*scale).logpdf(steps).sum() < likelihood
    assert walk.sd == pytest.approx(0.3, rel=0.1)


def test_a_walk_needs_little_to_be_one():
    assert walk_of(np.array([]), np.array([])) is None
    assert walk_of(np.array([2.0]), np.array([1.0])) == Walk(1.0, 2.0, 0.0, 0.1)
    assert walk_of(np.array([2.0, 4.0]), np.array([1.0, 2.0])) == Walk(2.0, 4.0, 0.5, 0.5)
    assert walk_of(np.array([4.0, 2.0]), np.array([2.0, 1.0])) == Walk(2.0, 4.0, 0.5, 0.5)  # in the order of time
    assert walk_of(np.array([2.0, 2.0]), np.array([1.0, 3.0])) == Walk(3.0, 2.0, 0.0, 0.1)  # no step in time
    at_once = walk_of(np.array([0.0, 1.0, 1.0, 2.0]), np.array([0.0, 1.0, 1.5, 2.0]))
    assert (at_once.drift, at_once.sd) == pytest.approx((1.0, math.sqrt((0.0 + 0.25) / 2)))


def test_a_walk_that_has_no_time_to_move_stays():
    walk = Walk(1.0, 2.0, 0.5, 0.3)
    assert (walk.below(1.0, 2.0), walk.below(1.001, 2.0), walk.below(1.001, 1.0)) == (0.0, 1.0, 1.0)
    assert walk.below(1.5, 3.0) == pytest.approx(0.5)
    assert walk.below(1.8, 3.0) == pytest.approx(stats.norm(1.5, 0.3).cdf(1.8))


def test_what_a_walk_goes_through_are_the_counts_of_its_own_series_that_were_public_then(dossier):
    edition = dossier.edition("2024-12-syria")
    for series in edition.series:
        public = [c for c in dossier.counts if c.series == series.id and c.published_on <= edition.as_of]
        times, logs = logs_known(edition, series)
        if series.kind == "stock":
            wanted = {((c.until - series.starts_on).days + 1, math.log(c.value)) for c in public}
            assert {(round(DAYS * time), log) for time, log in zip(times, logs, strict=True)} == wanted
        else:  # of a volume the yearly rate of each period, in its middle; a total is counted from its first day on
            assert len(times) == len(public)
        if series.kind == "volume":
            days = [(c.until - c.since).days + 1 for c in public]
            assert sorted(np.exp(logs)) == pytest.approx(sorted(c.value * DAYS / n for c, n in zip(public, days, strict=True)))


def test_a_sum_is_known_in_the_middle_of_its_period_and_a_claim_is_no_count(dossier):
    """The period of a sum begins where the one before it, of the same register from the same day, has ended."""
    edition = dossier.edition("2026-02-outlook")
    for series in edition.series:
        own = sorted((c for c in edition.counts if c.series == series.id), key=lambda c: c.until)
        times, _ = logs_known(edition, series)
        assert len(times) == len(own)
        if series.kind == "stock":
            assert len(series.claims) == 1
            continue
        middles, ends = [], {}
        for count in own:
            begin = ends.get((count.counted_by, count.since), count.since)
            end = ends[count.counted_by, count.since] = count.until + dt.timedelta(days=1)
            middles.append((begin + (end - begin) / 2 - series.starts_on).days + (end - begin).days % 2 / 2)
        assert sorted(times) == pytest.approx(sorted(day / DAYS for day in middles)), series.id


def test_a_walk_has_no_ranges_where_nothing_was_counted(dossier):
    edition = dataclasses.replace(dossier.edition("2024-12-syria"), counts=())
    for name in ("syrians-in-turkey-2025", "turkstream-volume-2025"):
        assert ranges_of_walk(edition, dossier.questions[name]) is None


@pytest.mark.parametrize("name", ["syrians-in-turkey-2025", "turkstream-volume-2025"])
def test_ranges_of_a_walk_are_those_of_its_paths(dossier, name):
    question, edition = dossier.questions[name], dossier.edition("2024-12-syria")
    (series,) = [one for one in edition.series if one.id == question.form.stated.quantity]
    walk = walk_of(*logs_known(edition, series))
    year_end = (question.deadline - series.starts_on).days + 1
    time = year_end if series.kind == "stock" else year_end - 365 / 2
    gap = time / DAYS - walk.time
    logs = walk.log + walk.drift * gap + walk.sd * math.sqrt(gap) * np.random.default_rng(5).standard_normal(400_000)
    drawn = np.exp(logs) * (1 if series.kind == "stock" else 365 / DAYS)
    counted = np.histogram(drawn, [0, *edges_of(question), np.inf])[0] / len(drawn)
    assert ranges_of_walk(edition, question) == pytest.approx(counted, abs=4e-3)
    levels = np.log(edges_of(question)) - (0 if series.kind == "stock" else math.log(365 / DAYS))
    below = stats.norm(walk.log + walk.drift * gap, walk.sd * math.sqrt(gap)).cdf(levels)
    assert ranges_of_walk(edition, question) == pytest.approx(np.diff([0, *below, 1]), abs=1e-12)


def test_a_total_is_what_leaves_a_stock(dossier):
    """A total has no question about ranges in the dossier; one is made of the question whether it reaches a number."""
    edition = dossier.edition("2024-12-syria")
    (series,) = [one for one in edition.series if one.kind == "total"]
    stock = Stock.of(edition, edition.counts, series.out_of).on(series.total_since)
    edges = (100_000.0, 1_000_000.0, stock, 9e9)
    stated = {"quantity": series.id, "at": dt.date(2025, 12, 31), "edges": edges}
    question = Question.model_validate({"id": "q-1", "title": "How many will have left?", "level": stated})
    p = ranges_of_walk(edition, question)
    walk = walk_of(*logs_known(edition, series))
    length = ((question.deadline - series.total_since).days + 1) / DAYS
    middle = (series.total_since - series.starts_on).days / DAYS + length / 2
    gap = middle - walk.time
    rate = np.exp(walk.log + walk.drift * gap + walk.sd * math.sqrt(gap) * np.random.default_rng(5).standard_normal(400_000))
    counted = np.histogram(stock * -np.expm1(-rate * length), [0, *edges, np.inf])[0] / len(rate)
    assert p == pytest.approx(counted, abs=4e-3)
    assert p[-2:] == [0, 0]  # nobody can leave who is not there, and not everybody leaves
    levels = np.log(-np.log1p(-np.array(edges[:2]) / stock) / length)
    below = stats.norm(walk.log + walk.drift * gap, walk.sd * math.sqrt(gap)).cdf(levels)
    assert p[:2] == pytest.approx(np.diff([0, *below]), abs=1e-12)


def test_only_a_number_with_counts_has_a_walk(dossier):
    edition = dossier.edition("2024-12-syria")
    assert ranges_of_walk(edition, dossier.questions["khmeimim-held-2025"]) is None
    early = dossier.edition("2020-11-karabakh")
    assert ranges_of_walk(early, dossier.questions["turkstream-volume-2025"]) is None
