"""CORP reliability against a second implementation, its parts, its bands, and the intervals of means over stories."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from forecasting.errors import UsageError
from forecasting.scoring.reliability import reliability, sharpness
from forecasting.scoring.uncertainty import mean_by, more_needed


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


def test_sharpness_is_the_distance_from_even_odds():
    assert sharpness([0.5, 0.5]) == 0
    assert sharpness([0.0, 1.0]) == pytest.approx(0.5)


@pytest.mark.parametrize(("p", "came"), [([0.5], [True]), ([0.5, 1.5], [True, False]), ([0.5, 0.4], [True])])
def test_what_has_no_reliability_is_refused(p, came):
    with pytest.raises(UsageError):
        reliability(p, came)


def test_the_interval_over_stories_is_that_of_all_resamples():
    """Two clusters: a quarter of the resamples has only the one, a quarter only the other, half has both."""
    found = mean_by([0.0, 0.0, 1.0], [0, 0, 1])
    assert (found.mean, found.low, found.high, found.n, found.clusters) == (pytest.approx(1 / 3), 0.0, 1.0, 3, 2)


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
