"""Surveys of verbal probability, and what a fitted phrase model predicts of a reader whom nobody has asked."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit, logit

from forecasting.elicitation.habits import CUTS, N_ANSWERS, habit_maps

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
LOWEST, HIGHEST = 0.005, 0.995
NODES = np.arange(-2.4, 2.41, 0.8)
"""Bias of a reader, dims (node): a regular grid of standard normal values."""


def node_weights() -> np.ndarray:
    """Return the probability of each node: the normal density there, scaled to sum to one."""
    density = np.exp(-0.5 * NODES**2)
    return density / density.sum()


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
    """Posterior draws of a phrase model, dims (draw, phrase); ``habit_weight`` (draw, phrase, habit), ``slip`` (draw)."""

    location: np.ndarray
    below: np.ndarray
    above: np.ndarray
    lean: np.ndarray
    habit_weight: np.ndarray
    slip: np.ndarray

    def cdf(self, x: np.ndarray) -> np.ndarray:
        """Return P(meaning ≤ x) of a new reader, given each draw.

        Two-piece logistic around the location that a reader's bias shifts, averaged over the nodes of bias.

        Parameters
        ----------
        x : ndarray
            On the logit scale; dims (draw or 1, phrase or 1, x).

        Returns
        -------
        ndarray
            Dims (draw, phrase, x).
        """
        total = np.zeros(np.broadcast_shapes(x.shape, (*self.location.shape, 1)))
        low, high = self.below[..., None], self.above[..., None]
        for node, weight in zip(NODES, node_weights(), strict=True):
            step = x - (self.location + self.lean * node)[..., None]
            left = 2 * low / (low + high) * expit(np.minimum(step, 0) / low)
            right = 2 * high / (low + high) * (expit(np.maximum(step, 0) / high) - 0.5)
            total += weight * (left + right)
        return total


def answer_probabilities(draws: PhraseDraws) -> np.ndarray:
    """Return the predictive probability of each answer of a new reader, averaged over the draws.

    P(y) = mean over draws of (1 − π) Σ_h w_h Σ_{atoms that habit h maps to y} P(atom) + π / 101.

    Returns
    -------
    ndarray
        Dims (phrase, answer), each row summing to one.
    """
    cdf = draws.cdf(logit(CUTS / 100)[None, None, :])
    ends = np.zeros((*cdf.shape[:2], 1))
    masses = np.diff(np.concatenate([ends, cdf, ends + 1], axis=2), axis=2)
    by_habit = np.einsum("dpa,haz->dphz", masses, habit_maps(), optimize=True)
    slip = draws.slip[:, None, None]
    return ((1 - slip) * np.einsum("dphz,dph->dpz", by_habit, draws.habit_weight) + slip / N_ANSWERS).mean(axis=0)


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
