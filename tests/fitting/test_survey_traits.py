"""A phrase fitted by itself recovers readers whose truth is known, and what is no mode is refused."""

from __future__ import annotations

import numpy as np
import pytest

from forecasting.elicitation.meaning import PhraseDraws, Survey, answer_probabilities
from forecasting.errors import GateError
from forecasting.fitting.survey_traits import _sd, fit_phrase, fit_traits

TRUTH = np.array([[0.9, np.log(0.6), 0.3], [-1.5, np.log(0.8), -0.4]])
LOG_TAIL = -0.2


def readers(n: int, seed: int) -> Survey:
    """Return readers of two phrases who mean what is known and round as most people do."""
    truth = PhraseDraws(
        TRUTH[None, :, 0], np.exp(TRUTH[None, :, 1]), TRUTH[None, :, 2], np.exp([LOG_TAIL]), np.tile([0.1, 0.5, 0.4], (1, 2, 1)),
        np.full((1, 2), 0.2), np.array([[0.1, 0.1]]), np.array([0.01]),
    )  # fmt: skip
    rng = np.random.default_rng(seed)
    columns = [rng.choice(101, size=n, p=row / row.sum()) for row in answer_probabilities(truth)]
    return Survey("s", ("likely", "unlikely"), np.stack(columns, axis=1), "c")


def test_known_traits_are_found_within_their_standard_deviations() -> None:
    fit = fit_traits(readers(3000, seed=1), LOG_TAIL)
    assert (np.abs(fit.mean - TRUTH) < 3 * fit.sd).all()
    assert fit.sd[:, 0].max() < 0.05
    assert (fit.n, fit.phrases, fit.log_tail) == (3000, ("likely", "unlikely"), LOG_TAIL)
    np.testing.assert_allclose(fit.habits.rounding, [0.1, 0.5, 0.4], atol=0.06)


def test_a_tenth_of_the_readers_leaves_three_times_the_doubt() -> None:
    many, few = (fit_traits(readers(n, seed=2), LOG_TAIL) for n in (4000, 400))
    np.testing.assert_allclose(few.sd[:, 0] / many.sd[:, 0], np.sqrt(10), rtol=0.25)


def test_what_is_no_mode_is_refused() -> None:
    counts = np.bincount(readers(500, seed=3).answers[:, 0], minlength=101)
    mode, _ = fit_phrase(counts, LOG_TAIL)
    assert _sd(mode, counts, LOG_TAIL, "likely").shape == (3,)
    with pytest.raises(GateError, match="likely: no mode"):
        _sd(mode + 0.2, counts, LOG_TAIL, "likely")
