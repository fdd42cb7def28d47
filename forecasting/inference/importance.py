"""Importance weights that say when they are not to be trusted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

MAX_K_HAT = 0.7
# Below it the weights have a variance, so their Monte Carlo error means something (Vehtari et al. 2024, section 3.2). An effect
# left out of the test edition: 1,000 draws of four seeds gave k-hat 0.5 to 0.65 and answers three such errors too high.
PRECISE_K_HAT = 0.5
# The estimate of k̂ is noisy: without one sharp claim the draws of one seed gave 0.48 and an answer 6 points off, those of three
# other seeds 0.75 to 0.80. The share of the draws that the weights still stand for (9 % there) tells such cases apart.
MIN_SHARE = 0.2
SAME = 1e-9  # log ratios that differ by no more than this differ by rounding


@dataclass(frozen=True)
class Weights:
    """Normalised weights over draws, and the shape k̂ of their tail."""

    values: np.ndarray
    k_hat: float

    @property
    def share(self) -> float:
        """The effective number of draws, 1/Σw², as a share of their number."""
        return float(1 / (self.values**2).sum() / self.values.size)

    @property
    def reliable(self) -> bool:
        """Whether k̂ is at most 0.7 and the weights stand for at least a fifth of the draws."""
        return self.k_hat <= MAX_K_HAT and self.share >= MIN_SHARE

    @property
    def precise(self) -> bool:
        """Whether they are reliable, and the Monte Carlo error of what they give is too (k̂ at most ½)."""
        return self.reliable and self.k_hat <= PRECISE_K_HAT


def smoothed_weights(log_ratio: np.ndarray) -> Weights:
    """Return Pareto-smoothed weights for draws from one density used as draws from another.

    Parameters
    ----------
    log_ratio : (draw,) array
        log(target density / sampled density), up to a constant.

    Returns
    -------
    Weights
        Summing to one; equal weights with k̂ = 0 where the ratio is constant.

    References
    ----------
    Vehtari, A., Simpson, D., Gelman, A., Yao, Y. and Gabry, J. (2024), *Pareto smoothed importance sampling*, JMLR 25
    (the smoothing, the diagnostic k̂ and its bound 0.7).

    Examples
    --------
    >>> weights = smoothed_weights(np.zeros(4))
    >>> weights.values.tolist(), weights.reliable
    ([0.25, 0.25, 0.25, 0.25], True)
    """
    if np.ptp(log_ratio) < SAME:
        return Weights(np.full(log_ratio.size, 1 / log_ratio.size), 0.0)
    from arviz_stats.base import array_stats  # takes a second to load, and most commands weigh nothing

    log_weights, k_hat = array_stats.psislw(-log_ratio)
    return Weights(np.exp(log_weights - np.logaddexp.reduce(log_weights)), float(k_hat))
