"""Fit each phrase of both surveys by itself, in few figures: ``python -m forecasting.fitting.survey_traits --data DIR``.

DIR holds the raw files of both surveys, as for `forecasting.fitting.lexicons`; what is written, next to
`forecasting.elicitation.survey_traits`, are figures. The likelihood is that of `forecasting.models.phrases.build` for one phrase:
over all readers a reader's bias leaves the answers to it as they are, so that they are a table of counts, and the mode with
the curvature there says what a sampler would. A test holds the quantiles of both against each other.
"""

from __future__ import annotations

import argparse
import logging
from pathlib import Path

import numpy as np
from scipy.optimize import minimize, minimize_scalar
from scipy.special import expit, logit, softmax

from forecasting.elicitation.habits import N_ANSWERS
from forecasting.elicitation.meaning import PhraseDraws, Survey, answer_probabilities
from forecasting.elicitation.survey_traits import FILE, TRAITS, Habits, SurveyTraits, write_traits
from forecasting.elicitation.surveys import FILES, folds, read_survey
from forecasting.errors import GateError

log = logging.getLogger(__name__)
SLIP = 0.01
"""Share of slips; the fits of whole surveys find one answer in a hundred."""
# location, log scale, skew, log odds of fives and of tens, logit of beside even and of the pile-ups at 0 and at 100
CENTRE = np.array([0.0, -0.5, 0.3, 2.5, 2.0, -1.4, -2.2, -2.2])
WIDTH = np.array([2.0, 0.7, 0.5, 1.0, 1.0, 1.0, 1.0, 1.0])
LOG_TAIL = (-0.2, 0.2)
STEP = 1e-4
MAX_SLOPE = 0.05  # nats per prior width, at the mode


def _habits(x: np.ndarray) -> Habits:
    rounding = softmax([0.0, *x[3:5]])
    return Habits(tuple(rounding.tolist()), float(expit(x[5])), (float(expit(x[6])), float(expit(x[7]))), SLIP)


def _predicted(x: np.ndarray, log_tail: float) -> np.ndarray:
    """Return P(answer) of one phrase, dims (answer)."""
    habits = _habits(x)
    one = PhraseDraws(
        x[None, :1], np.exp(x[None, 1:2]), x[None, 2:3], np.exp([log_tail]), np.array(habits.rounding)[None, None],
        np.array([[habits.beside_even]]), np.array(habits.pile_up)[None], np.array([habits.slip]),
    )  # fmt: skip
    return answer_probabilities(one)[0]


def _cost(x: np.ndarray, counts: np.ndarray, log_tail: float) -> float:
    """Return minus the log posterior, but for a constant."""
    return float(-(counts * np.log(_predicted(x, log_tail))).sum() + 0.5 * (((x - CENTRE) / WIDTH) ** 2).sum())


def _slopes(x: np.ndarray, counts: np.ndarray, log_tail: float) -> np.ndarray:
    """Return the gradient of the cost by central differences, in prior widths."""
    steps = STEP * np.diag(WIDTH)
    return np.array([(_cost(x + h, counts, log_tail) - _cost(x - h, counts, log_tail)) / (2 * STEP) for h in steps])


def _curvature(x: np.ndarray, counts: np.ndarray, log_tail: float) -> np.ndarray:
    """Return the second derivatives of the cost, in prior widths."""
    steps = 20 * STEP * np.diag(WIDTH)
    rows = [(_slopes(x + h, counts, log_tail) - _slopes(x - h, counts, log_tail)) / (40 * STEP) for h in steps]
    return (np.array(rows) + np.array(rows).T) / 2


def fit_phrase(counts: np.ndarray, log_tail: float, start: np.ndarray | None = None) -> tuple[np.ndarray, float]:
    """Return the mode of one phrase's parameters and the cost there."""
    middle = np.searchsorted(counts.cumsum(), counts.sum() / 2)
    begin = CENTRE + WIDTH * np.eye(len(CENTRE))[0] * logit((middle + 0.5) / 101) / WIDTH[0] if start is None else start
    found = minimize(
        lambda u: _cost(CENTRE + WIDTH * u, counts, log_tail), (begin - CENTRE) / WIDTH, method="BFGS",
        jac=lambda u: _slopes(CENTRE + WIDTH * u, counts, log_tail), options={"gtol": MAX_SLOPE / 5},
    )  # fmt: skip
    return CENTRE + WIDTH * found.x, float(found.fun)


def _sd(x: np.ndarray, counts: np.ndarray, log_tail: float, name: str) -> np.ndarray:
    """Return the standard deviations of the traits at a mode, once it is one.

    Raises
    ------
    GateError
        If the slope is not level there, or the cost curves down in some direction.
    """
    slope = np.abs(_slopes(x, counts, log_tail)).max()
    curvature = _curvature(x, counts, log_tail)
    if slope > MAX_SLOPE or np.linalg.eigvalsh(curvature)[0] <= 0:
        raise GateError(f"{name}: no mode (slope {slope:.2g}, least curvature {np.linalg.eigvalsh(curvature)[0]:.2g})")
    return np.sqrt(np.diag(np.linalg.inv(curvature)))[: len(TRAITS)] * WIDTH[: len(TRAITS)]


def fit_traits(survey: Survey, log_tail: float | None = None) -> SurveyTraits:
    """Return mode and standard deviation of the traits of every phrase of a survey.

    Parameters
    ----------
    log_tail : float, optional
        Weight of the tails, one for the survey; by default it is fitted too.

    Raises
    ------
    GateError
        If a phrase's mode is none.
    """
    tables = [np.bincount(column, minlength=N_ANSWERS) for column in survey.answers.T]
    modes: list[np.ndarray | None] = [None] * len(tables)

    def cost(tail: float) -> float:
        total = 0.5 * ((tail - LOG_TAIL[0]) / LOG_TAIL[1]) ** 2
        for j, counts in enumerate(tables):
            modes[j], one = fit_phrase(counts, tail, modes[j])
            total += one
        return total

    tail = log_tail if log_tail is not None else float(minimize_scalar(cost, bounds=(-0.9, 0.3), options={"xatol": 0.02}).x)
    cost(tail)
    x = np.array(modes)
    sd = [_sd(mode, counts, tail, phrase) for mode, counts, phrase in zip(x, tables, survey.phrases, strict=True)]
    each = [_habits(mode) for mode in x]
    habits = Habits(
        tuple(np.mean([one.rounding for one in each], axis=0).tolist()), float(np.mean([one.beside_even for one in each])),
        tuple(np.mean([one.pile_up for one in each], axis=0).tolist()), SLIP,
    )  # fmt: skip
    return SurveyTraits(survey.id, len(survey.answers), survey.phrases, x[:, : len(TRAITS)], np.array(sd), tail, habits)


def main(arguments: list[str] | None = None) -> None:
    """Fit the readers of each survey who are not held out, and those of each fold of the small one, and write."""
    parser = argparse.ArgumentParser(prog="python -m forecasting.fitting.survey_traits", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with the raw files of the surveys")
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    for name in FILES:
        survey = read_survey(options.data, name)
        held = folds(survey)
        whole = fit_traits(survey.readers(~held[0]) if len(held) == 1 else survey)
        log.info("%s: %d readers, log tail %.2f", name, whole.n, whole.log_tail)
        parts = [] if len(held) == 1 else [fit_traits(survey.readers(~out), whole.log_tail) for out in held]
        write_traits(FILE, name, [whole, *parts])


if __name__ == "__main__":
    main()
