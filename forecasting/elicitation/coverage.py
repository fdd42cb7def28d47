"""Are the answers of readers who were held out where a prediction puts them? For answers heaped on few values."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from scipy.special import logit
from scipy.stats import norm

from forecasting.elicitation.habits import N_ANSWERS
from forecasting.elicitation.meaning import Survey

LEVELS = (0.5, 0.8, 0.9)


def central_coverage(probabilities: np.ndarray, answers: np.ndarray, level: float) -> np.ndarray:
    """Return the share of answers inside the central predictive interval of each phrase.

    Nine in ten readers answer 50 to "about even": no set of answers holds half of them. So an answer y counts by the part
    of its step, from F(y − 1) to F(y), that lies between (1 − level)/2 and (1 + level)/2; this is the expectation of the
    randomised probability integral transform, without its noise. If the predictive distribution is true, the expected
    share is ``level`` for every phrase, however heaped its answers.

    Parameters
    ----------
    probabilities : ndarray
        Predictive probability of each answer from 0 to 100, dims (phrase, answer), positive.
    answers : ndarray
        Whole per cents, dims (reader, phrase).
    level : float
        Probability of the interval, such as 0.9.

    Returns
    -------
    ndarray
        Dims (phrase): above ``level`` the predictive distribution is too wide, below it too narrow (or off centre).

    References
    ----------
    Randomised transform for counts: Smith, J. Q. (1985), *Diagnostic checks of non-standard time series models*, Journal of
    Forecasting 4; its non-randomised mean: Czado, C., Gneiting, T. and Held, L. (2009), *Predictive model assessment for
    count data*, Biometrics 65.

    Examples
    --------
    >>> coin = np.zeros((1, 101))
    >>> coin[0, [10, 30]] = 0.4, 0.6
    >>> answers = np.array([[10], [10], [30], [30], [30]])
    >>> central_coverage(coin, answers, 0.5).round(3)  # 2/5 × 0.15/0.4 + 3/5 × 0.35/0.6
    array([0.5])
    """
    upper = probabilities.cumsum(axis=1)
    lower = upper - probabilities
    inside = np.minimum(upper, (1 + level) / 2) - np.maximum(lower, (1 - level) / 2)
    share = np.divide(inside.clip(min=0), probabilities, out=np.zeros_like(probabilities), where=probabilities > 0)
    return share[np.arange(answers.shape[1]), answers].mean(axis=0)


def log_score(probabilities: np.ndarray, answers: np.ndarray) -> np.ndarray:
    """Return the mean log probability (nats) of the answers to each phrase: the higher the better, judged heap by heap.

    Coverage asks whether intervals are honest; a wide and honest prediction has it too. This asks how much a prediction
    knows. Proper: nobody does better by predicting what he does not believe.

    Parameters
    ----------
    probabilities : ndarray
        Dims (phrase, answer); an answer that came and had probability zero gives minus infinity.
    answers : ndarray
        Whole per cents, dims (reader, phrase).

    Returns
    -------
    ndarray
        Dims (phrase).

    References
    ----------
    Good, I. J. (1952), *Rational decisions*, Journal of the Royal Statistical Society B 14.

    Examples
    --------
    >>> coin = np.full((1, 101), 1 / 101)
    >>> log_score(coin, np.array([[10], [90]])).round(3)  # log(1/101)
    array([-4.615])
    """
    with np.errstate(divide="ignore"):
        return np.log(probabilities)[np.arange(answers.shape[1]), answers].mean(axis=0)


def counted(answers: np.ndarray) -> np.ndarray:
    """Return how often each answer was given, as a share: the first rival; dims (phrase, answer)."""
    return np.stack([np.bincount(column, minlength=N_ANSWERS) for column in answers.T]) / len(answers)


def with_one_more(probabilities: np.ndarray, n_readers: int) -> np.ndarray:
    """Return a prediction from ``n_readers`` joined by one who answers anything, so that nothing is impossible for it.

    Examples
    --------
    >>> coin = np.zeros((1, 101))
    >>> coin[0, [10, 30]] = 0.5
    >>> with_one_more(coin, 3)[0, [10, 11]].round(4)  # (3 × 0.5 + 1/101) / 4 and 1/404
    array([0.3775, 0.0025])
    """
    return (n_readers * probabilities + 1 / N_ANSWERS) / (n_readers + 1)


def normal_on_logit(answers: np.ndarray) -> np.ndarray:
    """Return the answers that a normal on the logit scale predicts: the second rival; dims (phrase, answer).

    Mean and standard deviation of logit(y/100), with 0 and 100 read as 0.5 and 99.5, and whole per cents as cells.
    """
    x = logit(np.clip(answers, 0.5, 99.5) / 100)
    cuts = logit(np.arange(0.5, 100) / 100)
    cdf = norm.cdf(cuts[None, :], x.mean(axis=0)[:, None], x.std(axis=0)[:, None])
    ends = np.zeros((len(cdf), 1))
    return np.diff(np.concatenate([ends, cdf, ends + 1], axis=1), axis=1)


def _average(score: Callable[..., np.ndarray], survey: Survey, tables: list[np.ndarray], held: list[np.ndarray]) -> np.ndarray:
    """Return a score for each phrase over all held-out readers, each judged by the fit that did not know him."""
    scores = [score(table, survey.answers[out]) for table, out in zip(tables, held, strict=True)]
    return np.average(scores, axis=0, weights=[out.sum() for out in held])


def coverage_lines(survey: Survey, probabilities: list[np.ndarray], held: list[np.ndarray]) -> list[str]:
    """Return coverage of held-out answers at 50, 80 and 90 % and their mean log score, model and rivals; then each phrase."""
    fitted = [survey.answers[~out] for out in held]
    rivals = {
        "model": probabilities,
        "counted": [with_one_more(counted(answers), len(answers)) for answers in fitted],
        "normal on logit": [with_one_more(normal_on_logit(answers), len(answers)) for answers in fitted],
    }
    lines = [f"{survey.id}: {sum(out.sum() for out in held)} held-out readers; coverage of 50, 80, 90 %; nats an answer"]
    for name, tables in rivals.items():
        by_level = [_average(partial(central_coverage, level=level), survey, tables, held) for level in LEVELS]
        score = _average(log_score, survey, tables, held).mean()
        lines.append(f"  {name}: " + ", ".join(f"{100 * c.mean():.1f}" for c in by_level) + f"; {score:.3f}")
    by_level = [_average(partial(central_coverage, level=level), survey, probabilities, held) for level in LEVELS]
    rows = zip(survey.phrases, *by_level, strict=True)
    return [*lines, *(f"    {phrase}: " + ", ".join(f"{100 * share:.1f}" for share in row) for phrase, *row in rows)]
