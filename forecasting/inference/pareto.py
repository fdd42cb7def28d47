"""The tail of importance weights: a generalised Pareto distribution fitted to it, its shape k̂, and the tail smoothed by it.

ArviZ's formulas, in its order of operations, without the second and a half that loading ArviZ takes in every command that
weighs draws. A test holds every weight and every k̂ to ArviZ's.

References
----------
Vehtari, A., Simpson, D., Gelman, A., Yao, Y. and Gabry, J. (2024), *Pareto smoothed importance sampling*, JMLR 25.
Zhang, J. and Stephens, M. A. (2009), *A new and efficient estimation method for the generalized Pareto distribution*,
Technometrics 51 (the fit).
"""

from __future__ import annotations

import numpy as np
from scipy.special import logsumexp

MANY = 225  # draws from which on the tail is 3√S of them; of fewer it is a fifth
LEAST = 5  # draws that a tail needs
PRIOR_DRAWS, PRIOR_SHAPE = 10, 0.5  # a few draws' worth of a shape of one half steadies k̂ where the tail is short


def smoothed_log_weights(log_ratio: np.ndarray) -> tuple[np.ndarray, float]:
    """Return log weights (draw,) that sum to one, their largest replaced by quantiles of the fitted tail, and k̂.

    Parameters
    ----------
    log_ratio : (draw,) array
        log(target density / sampled density), up to a constant; 25 draws or more.

    Returns
    -------
    log_weights : (draw,) array
    k_hat : float
        Infinite or NaN where no tail can be fitted: the weights are then as they were.

    Raises
    ------
    ValueError
        If all ratios of the tail are the same, or there are too few draws for a tail.
    """
    n = log_ratio.size
    size = int(3 * n**0.5) if n > MANY else n // 5
    if size < LEAST:
        raise ValueError(f"{n} draws have no tail that could be fitted; {LEAST**2} are needed")
    values = log_ratio - log_ratio.max()
    order = np.argsort(values)
    tail = values[order[-size:]]
    largest, cutoff = tail.max(), np.exp(values[order[-size - 1]])
    if largest - tail.min() < np.finfo(float).tiny:
        raise ValueError("all ratios of the tail are the same")
    k_hat, scale = pareto_fit(np.exp(tail) - cutoff)
    if np.isfinite(k_hat):
        smoothed = np.log(_quantiles(np.arange(0.5, size) / size, k_hat, scale, cutoff))
        smoothed[smoothed > largest] = largest
        values[order[-size:]] = smoothed
    return values - logsumexp(values), float(k_hat)


def pareto_fit(excess: np.ndarray) -> tuple[float, float]:
    """Return (k, σ) of a generalised Pareto distribution of what lies above a threshold, in rising order.

    The posterior mean of b = k/σ under a weak prior on a grid of values, given the profile likelihood; then k given b.
    (NaN, NaN) if the first quartile is no larger than the least value.

    Examples
    --------
    Exponential excesses have a tail of shape zero; the prior pulls the estimate towards one half:

    >>> k, scale = pareto_fit(-2.0 * np.log1p(-np.arange(0.5, 1000) / 1000))
    >>> round(k, 2), round(scale, 1)
    (0.01, 2.0)
    """
    n = len(excess)
    quartile = excess[int(n / 4 + 0.5) - 1]
    if quartile <= excess[0]:
        return np.nan, np.nan
    m = 30 + int(n**0.5)
    grid = 1 - np.sqrt(m / (np.arange(1, m + 1, dtype=float) - 0.5))
    grid /= 3 * quartile
    grid += 1 / excess[-1]
    shapes = np.mean(np.log1p(-grid[:, None] * excess), axis=1)
    profile = n * (np.log(-grid / shapes) - shapes - 1)
    weights = np.exp(profile - logsumexp(profile))
    kept = weights >= 10 * np.finfo(float).eps
    weights = weights[kept] / weights[kept].sum()
    b = np.sum(grid[kept] * weights)
    shape = np.mean(np.log1p(-b * excess))
    scale = -shape / b
    shape = (n * shape + PRIOR_DRAWS * PRIOR_SHAPE) / (n + PRIOR_DRAWS)
    return (np.inf, np.nan) if np.isnan(shape) else (float(shape), float(scale))


def _quantiles(p: np.ndarray, k: float, scale: float, cutoff: float) -> np.ndarray:
    if scale <= 0:
        return np.full_like(p, np.nan)
    return cutoff - scale * np.log1p(-p) if k == 0 else cutoff + scale * np.expm1(-k * np.log1p(-p)) / k
