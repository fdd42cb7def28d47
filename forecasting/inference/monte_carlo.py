"""The Monte Carlo error of a mean over draws, which depend on each other: for one number as for thousands.

ArviZ's formula, evaluated over whole arrays (`forecasting.inference.diagnostics`), because comparisons need thousands of errors;
a test holds it to ArviZ's. A weighted or paired mean has the error of the mean of its terms.

References
----------
Vehtari, A., Gelman, A., Simpson, D., Carpenter, B. and Bürkner, P.-C. (2021), *Rank-normalization, folding, and
localization: an improved R-hat*, Bayesian Analysis 16 (sd / √ESS of the mean).
Owen, A. B. (2013), *Monte Carlo theory, methods and examples*, section 9.2 (error of self-normalised weights).
"""

from __future__ import annotations

import numpy as np

from forecasting.inference.diagnostics import effective_draws

CONSTANT = 1e-12  # draws that spread no further differ by rounding


def mcse(draws: np.ndarray, n_chains: int) -> float:
    """Return the Monte Carlo standard error of the mean of draws, chain by chain; 0 for a constant.

    Examples
    --------
    >>> mcse(np.full(8, 0.3), n_chains=2)
    0.0
    """
    return float(mean_errors(draws.reshape(-1, 1), n_chains)[0])


def mean_errors(values: np.ndarray, n_chains: int = 1) -> np.ndarray:
    """Return the Monte Carlo standard error of the mean over draws of every column (draw, outcome) → (outcome,).

    sd / √ESS, with the effective number of draws of the mean.

    Parameters
    ----------
    values : (draw, outcome) array
        Draws chain by chain.
    n_chains : int, default 1
        Where the chains are not told apart they are taken as one long one: its joins are a few draws of thousands.
    """
    n = len(values)
    effective = effective_draws(values.T.reshape(-1, n_chains, n // n_chains))
    spread = values.std(axis=0, ddof=1)
    return np.where(spread < CONSTANT, 0.0, spread / np.sqrt(effective))


def weighted_mean(weights: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Return Σ w p over draws (draw,), (draw, …) → (…).

    Not by a matrix product: BLAS splits a long sum over its threads, so that its last digits depend on how many there are.

    Examples
    --------
    >>> weighted_mean(np.array([0.25, 0.75]), np.array([[0.2, 1.0], [0.6, 0.0]]))
    array([0.5 , 0.25])
    """
    return np.einsum("d,d...->...", weights, values)


def weighted_errors(weights: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Return the Monte Carlo standard error of Σ w p over draws (draw, outcome) → (outcome,).

    The error of the mean of the terms n w_i (p_i − P), with P the weighted mean.

    Examples
    --------
    >>> weighted_errors(np.full(4, 0.25), np.full((4, 1), 0.3))
    array([0.])
    """
    return mean_errors(len(weights) * weights[:, None] * (values - weighted_mean(weights, values)))


def paired_errors(weights: np.ndarray, without: np.ndarray, full: np.ndarray) -> np.ndarray:
    """Return the Monte Carlo standard error of Σ w p_without − mean(p_full), whose draws are the same (outcome,).

    The draws are paired, so most of their noise cancels: the error is that of the mean of the terms
    n w_i (p_i′ − P′) − (p_i − P), with P′ and P the two means.
    """
    centred = without - weighted_mean(weights, without)
    return mean_errors(len(weights) * weights[:, None] * centred - (full - full.mean(axis=0)))


def share_error(hits: np.ndarray, seen: np.ndarray, less: np.ndarray | float = 0.0) -> float:
    """Return the Monte Carlo standard error of the ratio Σ hits / Σ seen, draw by draw (draw,), less a paired mean.

    The error of the mean of (hits_i − R seen_i) / mean(seen) − less_i, with R the ratio.

    References
    ----------
    Cochran, W. G. (1977), *Sampling Techniques*, 3rd ed., section 2.11 (variance of a ratio estimator).
    """
    ratio = hits.sum() / seen.sum()
    return float(mean_errors(((hits - ratio * seen) / seen.mean() - less)[:, None])[0])
