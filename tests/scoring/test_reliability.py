"""CORP reliability against a second implementation, its parts, its bands, and the intervals of means over stories."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from forecasting.errors import UsageError
from forecasting.rules.load import load_dossier
from forecasting.scoring.reliability import Reliability, reliability, sharpness
from forecasting.scoring.uncertainty import mean_by, more_needed, stories


def forecasts(n: int, seed: int, tilt: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    p = rng.beta(1.2, 1.5, n)
    true = p**tilt / (p**tilt + (1 - p) ** tilt)
    return np.round(p, 3), rng.random(n) < true


def test_the_recalibration_is_that_of_another_library():
    xr, scores = pytest.importorskip("xarray"), pytest.importorskip("scores.probability")
    p, came = forecasts(300, 1)
    found = reliability(p, came)
    other = scores.isotonic_fit(xr.DataArray(p, dims="i"), xr.DataArray(came.astype(float), dims="i"))
    values, first = np.unique(found.p, return_index=True)
    np.testing.assert_allclose(values, other["fcst_sorted"])
    np.testing.assert_allclose(found.recalibrated[first], other["regression_values"], atol=1e-12)


def test_the_parts_add_up_to_the_score():
    p, came = forecasts(200, 2)
    found = reliability(p, came)
    assert found.brier == pytest.approx(np.square(p - came).mean())
    assert min(found.miscalibration, found.discrimination) >= 0
    assert found.uncertainty == pytest.approx(came.mean() * (1 - came.mean()))


def test_bands_hold_what_is_calibrated_and_not_what_is_not():
    good, bad = reliability(*forecasts(400, 3)), reliability(*forecasts(400, 3, tilt=0.2))
    assert good.n_outside < 0.2 * 400 < bad.n_outside
    assert good.miscalibration < bad.miscalibration


def by_rows(said, came):
    """The isotonic fit by its other formula: of each place the highest, over where a stretch begins, of the lowest mean of it."""
    values, inverse = np.unique(said, return_inverse=True)
    sums, sizes = np.bincount(inverse, weights=came), np.bincount(inverse)
    fit = [
        max(min(sums[a : b + 1].sum() / sizes[a : b + 1].sum() for b in range(i, len(values))) for a in range(i + 1))
        for i in range(len(values))
    ]
    return np.array(fit)[inverse]


def test_bands_are_those_of_a_thousand_draws_by_another_formula():
    p = np.array([0.0, 0.1, 0.1, 0.35, 0.6, 0.85, 1.0])
    found = reliability(p, [False, False, True, True, False, True, True])
    drawn = np.random.default_rng(20241213).random((1000, len(p))) < p
    fits = np.array([by_rows(p, row.astype(float)) for row in drawn])
    np.testing.assert_allclose(found.low, np.percentile(fits, 5, axis=0), atol=1e-12)
    np.testing.assert_allclose(found.high, np.percentile(fits, 95, axis=0), atol=1e-12)
    np.testing.assert_allclose(found.recalibrated, [0, 0.5, 0.5, 0.5, 0.5, 1, 1])


def test_what_is_said_may_come_in_any_order_and_stands_in_that_of_p():
    found = reliability([0.9, 0.1, 0.5], [True, False, False])
    assert found.p.tolist() == [0.1, 0.5, 0.9]
    assert found.came.tolist() == [0, 0, 1]


def test_a_value_is_outside_its_band_beyond_rounding_and_not_on_its_edge():
    low, high = np.full(8, 0.2), np.full(8, 0.6)
    fit = np.array([0.2, 0.6, 0.2 - 1e-13, 0.6 + 1e-13, 0.2 - 1e-12, 0.6 + 1e-12, 0.2 - 1e-9, 0.6 + 1e-9])
    both = Reliability(fit, fit, fit, low, high, 0.1, 0.2, 0.25)
    assert both.n_outside == 2
    assert both.brier == pytest.approx(0.15)
    assert Reliability(fit[:7], fit[:7], fit[:7], low[:7], high[:7], 0.1, 0.2, 0.25).n_outside == 1


def test_sharpness_is_the_distance_from_even_odds():
    assert sharpness([0.5, 0.5]) == 0
    assert sharpness([0.0, 1.0]) == pytest.approx(0.5)


@pytest.mark.parametrize(("p", "came"), [
    ([0.5], [True]), ([0.5, 1.5], [True, False]), ([0.5, -0.1], [True, False]), ([0.5, 0.4], [True]),
    ([0.5, float("nan")], [True, False]), ([[0.5, 0.4]], [[True, False]]), ([], []),
])  # fmt: skip
def test_what_has_no_reliability_is_refused(p, came):
    with pytest.raises(UsageError):
        reliability(p, came)


def test_the_interval_over_stories_is_that_of_all_resamples():
    """Two clusters: a quarter of the resamples has only the one, a quarter only the other, half has both."""
    found = mean_by([0.0, 0.0, 1.0], [0, 0, 1])
    assert (found.mean, found.low, found.high, found.n, found.clusters) == (pytest.approx(1 / 3), 0.0, 1.0, 3, 2)


@pytest.mark.parametrize("n", [7, 23])
def test_with_every_question_a_story_of_its_own_the_interval_is_the_bootstrap_of_another_library(n):
    values = np.random.default_rng(n).normal(size=n)
    rng = np.random.default_rng(20201114)
    other = stats.bootstrap((values,), np.mean, n_resamples=10_000, confidence_level=0.9, method="percentile", rng=rng)
    found = mean_by(values.tolist(), list(range(n)))
    assert (found.low, found.high) == pytest.approx(tuple(other.confidence_interval), abs=1e-12)
    assert (found.mean, found.n, found.clusters) == (pytest.approx(values.mean()), n, n)


def test_a_story_is_drawn_with_all_its_values():
    values, story = np.array([0.1, 0.4, 0.2, 0.9, 0.7, 0.3]), np.array([4, 4, 4, 2, 2, 9])
    drawn = np.random.default_rng(20201114).integers(3, size=(10_000, 3))
    members = [values[story == one] for one in (2, 4, 9)]
    means = [np.concatenate([members[i] for i in row]).mean() for row in drawn]
    found = mean_by(values.tolist(), story.tolist())
    assert (found.low, found.high) == pytest.approx(tuple(np.quantile(means, [0.05, 0.95])), abs=1e-12)


def test_the_interval_covers_the_mean_of_many_stories_as_often_as_it_says():
    rng, hits = np.random.default_rng(5), 0
    for _ in range(200):
        story = rng.normal(size=40)
        values = np.repeat(story, 3) + 0.1 * rng.normal(size=120)
        found = mean_by(values.tolist(), np.repeat(np.arange(40), 3).tolist())
        hits += found.low <= 0 <= found.high
    assert 0.83 <= hits / 200 <= 0.95


def test_questions_of_one_story_are_less_than_questions_apart():
    values = [0.1, 0.1, 0.5, 0.5, 0.9, 0.9]
    by_story, apart = mean_by(values, [0, 0, 1, 1, 2, 2]), mean_by(values, list(range(6)))
    assert by_story.high - by_story.low > apart.high - apart.low


def test_how_many_more_stories_would_tell():
    assert more_needed([0.1] * 5, list(range(5))) == 0
    assert more_needed([0.1, -0.1], [0, 1]) is None
    assert more_needed([0.3], [0]) is None
    assert more_needed([0.0] * 5, list(range(5))) is None  # no difference, and none to be found
    assert more_needed([0.5, -0.4, 0.3, 0.2], [0, 1, 2, 3]) is None  # four stories: their spread is a guess


def test_the_number_is_the_least_with_which_the_interval_of_the_mean_shown_leaves_out_zero():
    # two questions of one story count twice in the mean that is shown, and so here: not the mean of the stories' means
    d, story = np.array([0.2, 0.3, -0.05, -0.1, 0.02, 0.1, -0.2]), np.array([0, 0, 1, 2, 3, 4, 5])
    mean, sums = d.mean(), np.array([(d[story == one] - d.mean()).sum() for one in range(6)])
    error = np.sqrt(6 / 5 * (sums**2).sum()) / 7
    found = more_needed(d.tolist(), story.tolist())
    assert found is not None
    for many, tells in ((6 + found, True), (5 + found, False)):
        assert (mean > stats.t(many - 1).ppf(0.95) * error * np.sqrt(6 / many)) == tells


def test_a_small_mean_beside_large_differences_takes_hundreds_of_stories():
    d = np.random.default_rng(3).normal(0.0, 0.1, 20)
    d += 0.01 - d.mean()
    assert more_needed(d.tolist(), list(range(20))) > 150


def test_beyond_ten_thousand_more_stories_nothing_is_said():
    spread = np.array([1.0, -1.0, 1.0, -1.0, 0.5, -0.5])
    error = np.sqrt(6 / 5 * np.square(spread).sum()) / 6

    def edge(more):
        """The mean with which the interval of so many stories ends at zero."""
        return stats.t(6 + more - 1).ppf(0.95) * error * np.sqrt(6 / (6 + more))

    for more, found in ((0, 0), (1, 1), (9_999, 9_999), (10_000, 10_000), (10_001, None)):
        mean = (edge(more) + edge(more - 1)) / 2 if more else 2 * edge(0)
        for sign in (1, -1):
            assert more_needed((spread + sign * mean).tolist(), list(range(6))) == found


def test_stories_are_joined_by_shared_events_and_by_what_leads_from_one_to_the_other():
    """Of a chain a, b, c, d: all that is joined to it, in whichever direction; what multiplies a hazard joins nothing."""
    effects = load_dossier("priors").effects.values()
    real = next(effect for effect in effects if effect.acts not in ("multiplies", "implies"))

    def effect(first, then, acts=real.acts):
        return real.model_copy(update={"from_": first, "to": then, "acts": acts})

    def apart(events, *effects):
        return stories([frozenset(some) for some in events], effects)

    assert apart(["a", "b", "ca", "d"]) == (0, 1, 0, 2)
    assert apart(["a", "b", "c"], effect("a", "b")) == (0, 0, 1)
    assert apart(["a", "b", "c"], effect("b", "a")) == (0, 0, 1)
    assert apart(["a", "c", "x"], effect("a", "b"), effect("b", "c")) == (0, 0, 1)
    assert apart(["a", "c"], effect("a", "b"), effect("c", "b")) == (0, 0)
    assert apart(["a", "b"], effect("a", "b", "multiplies")) == (0, 1)
    assert apart(["a", "b"], effect("a", "b", "multiplies"), effect("a", "b")) == (0, 0)
