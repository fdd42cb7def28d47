"""Coverage of heaped answers, by hand; and two rivals of the phrase model."""

from __future__ import annotations

import numpy as np
import pytest

from forecasting.elicitation.coverage import LEVELS, central_coverage, counted, log_score, normal_on_logit, with_one_more


def lottery(**chances: float) -> np.ndarray:
    row = np.zeros((1, 101))
    for name, p in chances.items():
        row[0, int(name[1:])] = p
    return row


@pytest.mark.parametrize("level", LEVELS)
def test_answers_in_the_predicted_shares_are_covered_exactly_as_often_as_promised(level: float) -> None:
    truth = lottery(y1=0.1, y20=0.2, y50=0.6, y99=0.1)
    answers = np.repeat([1, 20, 50, 99], [10, 20, 60, 10])[:, None]
    assert central_coverage(truth, answers, level)[0] == pytest.approx(level)


def test_an_answer_on_the_edge_of_an_interval_counts_in_part() -> None:
    truth = lottery(y10=0.4, y30=0.6)
    # the central 80 % runs from 0.1 to 0.9: of 10 (0 to 0.4) three quarters are inside, of 30 (0.4 to 1) five sixths
    assert central_coverage(truth, np.array([[10]]), 0.8)[0] == pytest.approx(0.75)
    assert central_coverage(truth, np.array([[30]]), 0.8)[0] == pytest.approx(5 / 6)


def test_a_prediction_that_is_too_narrow_covers_too_little_and_one_too_wide_too_much() -> None:
    answers = np.arange(10, 91)[:, None]
    narrow = np.zeros((1, 101))
    narrow[0, 40:61] = 1 / 21
    wide = np.full((1, 101), 1 / 101)
    assert central_coverage(narrow, answers, 0.9)[0] < 0.25
    assert central_coverage(wide, answers, 0.5)[0] > 0.6


def test_what_was_counted_is_its_own_best_prediction() -> None:
    answers = np.array([[10, 50], [10, 50], [20, 50], [40, 55]])
    np.testing.assert_allclose(counted(answers)[0, [10, 20, 40]], [0.5, 0.25, 0.25])
    np.testing.assert_allclose(central_coverage(counted(answers), answers, 0.8), [0.8, 0.8])


def test_one_more_reader_who_answers_anything_leaves_nothing_impossible() -> None:
    row = with_one_more(counted(np.array([[10], [20], [20]])), 3)[0]
    # three readers and a fourth of whom every answer gets 1/101
    assert row[20] == pytest.approx((2 + 1 / 101) / 4)
    assert row[77] == pytest.approx(1 / 404)
    assert row.sum() == pytest.approx(1)


def test_the_log_score_is_the_mean_log_probability_and_highest_for_the_truth() -> None:
    truth, off = lottery(y10=0.4, y30=0.6), lottery(y10=0.7, y30=0.3)
    answers = np.repeat([10, 30], [40, 60])[:, None]
    # 0.4 ln 0.4 + 0.6 ln 0.6 = -0.3665 - 0.3065; 0.4 ln 0.7 + 0.6 ln 0.3 = -0.1427 - 0.7224
    assert log_score(truth, answers)[0] == pytest.approx(-0.6730, abs=1e-4)
    assert log_score(off, answers)[0] == pytest.approx(-0.8651, abs=1e-4)
    assert log_score(truth, np.array([[50]]))[0] == -np.inf


def test_the_normal_on_the_logit_scale_has_its_median_between_the_answers() -> None:
    # logit(0.2) = -1.386 and logit(0.8) = 1.386: mean 0, so the median is 50 %, and the two sides are mirrored
    row = normal_on_logit(np.array([[20], [80]]))[0]
    assert row.sum() == pytest.approx(1)
    np.testing.assert_allclose(row, row[::-1])
