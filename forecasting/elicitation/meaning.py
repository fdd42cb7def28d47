"""Surveys of verbal probability, and what a fitted phrase model predicts of a reader whom nobody has asked."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit, logit, ndtr

from forecasting.elicitation.habits import CUTS, N_ANSWERS, habit_maps, habit_shares

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
LOWEST, HIGHEST = 0.005, 0.995


@dataclass(frozen=True)
class Survey:
    """Answers in whole per cents, dims (reader, phrase); phrases in lower case, as a lexicon lists them."""

    id: str
    phrases: tuple[str, ...]
    answers: np.ndarray
    citation: str

    def __post_init__(self) -> None:
        """Refuse answers that are not whole per cents."""
        whole = np.issubdtype(self.answers.dtype, np.integer) and self.answers.ndim == 2
        if not whole or self.answers.shape[1] != len(self.phrases) or self.answers.min() < 0 or self.answers.max() > 100:
            raise ValueError(f"survey {self.id}: answers must be whole numbers from 0 to 100, one column a phrase")

    def readers(self, chosen: np.ndarray) -> Survey:
        """Return the same survey with some of its readers only (indices or truth values)."""
        return Survey(self.id, self.phrases, self.answers[chosen], self.citation)


@dataclass(frozen=True)
class PhraseDraws:
    """Posterior draws of a phrase model; a reader's bias is not among them, since all readers together have none.

    ``location``, ``scale``, ``skew`` and ``beside_even`` have dims (draw, phrase), ``rounding`` (draw, phrase, rounding),
    ``pile_up`` (draw, end), ``tail`` and ``slip`` (draw).
    """

    location: np.ndarray
    scale: np.ndarray
    skew: np.ndarray
    tail: np.ndarray
    rounding: np.ndarray
    beside_even: np.ndarray
    pile_up: np.ndarray
    slip: np.ndarray

    def cdf(self, x: np.ndarray) -> np.ndarray:
        """Return P(meaning ≤ x) of a new reader, given each draw.

        Φ(sinh(δ (asinh(t) − γ))) with t = cosh(γ) (x − μ) / (δ s) + sinh(γ): one half at the location μ, density
        φ(0) / s there.

        Parameters
        ----------
        x : ndarray
            On the logit scale; dims (draw or 1, phrase or 1, x).

        Returns
        -------
        ndarray
            Dims (draw, phrase, x).
        """
        skew, tail = self.skew[..., None], self.tail[:, None, None]
        step = (x - self.location[..., None]) / self.scale[..., None] * np.cosh(skew) / tail + np.sinh(skew)
        return ndtr(np.sinh(tail * (np.arcsinh(step) - skew)))


def answer_probabilities(draws: PhraseDraws) -> np.ndarray:
    """Return the predictive probability of each answer of a new reader, averaged over the draws.

    P(y) = mean over draws of (1 − π) Σ_h Σ_{atoms a that habit h maps to y} w_h(a) P(a) + π / 101.

    Returns
    -------
    ndarray
        Dims (phrase, answer), each row summing to one.
    """
    cdf = draws.cdf(logit(CUTS / 100)[None, None, :])
    ends = np.zeros((*cdf.shape[:2], 1))
    masses = np.diff(np.concatenate([ends, cdf, ends + 1], axis=2), axis=2)
    shares = habit_shares(draws.rounding, draws.beside_even, draws.pile_up[:, None, :])
    by_habit = (shares * masses[:, :, None, :]).reshape((*masses.shape[:2], -1))
    slip = draws.slip[:, None, None]
    return ((1 - slip) * (by_habit @ habit_maps().reshape((-1, N_ANSWERS))) + slip / N_ANSWERS).mean(axis=0)


def meaning_quantiles(draws: PhraseDraws) -> np.ndarray:
    """Return the quantiles of what a new reader means by each phrase, before rounding and without slips.

    Solved by bisection on the logit scale from the predictive distribution (the mean of `PhraseDraws.cdf` over draws).

    Returns
    -------
    ndarray
        Dims (phrase, quantile) at 5, 25, 50, 75 and 95 %, as probabilities. Beyond 0.5 and 99.5 % a survey in whole per
        cents says nothing of how far, so that quantiles stop there.
    """
    n_phrases = draws.location.shape[1]
    low = np.full((n_phrases, len(QUANTILES)), -12.0)
    high = -low
    for _ in range(40):
        middle = (low + high) / 2
        under = draws.cdf(middle[None]).mean(axis=0) < QUANTILES
        low, high = np.where(under, middle, low), np.where(under, high, middle)
    return expit((low + high) / 2).clip(LOWEST, HIGHEST)
