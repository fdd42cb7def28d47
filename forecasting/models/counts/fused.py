r"""The density of the count model with its gradient; for numba.

It computes what `forecasting.models.counts.build` states, up to a constant; a test holds value and gradient to PyMC's. With
r = y − m, Σ = B·Λ·Bᵀ + σ²·W + diag(e² + z·s²) and α = Σ⁻¹ r,

.. math::

    \log p = -\tfrac{1}{2} r^\top \alpha - \tfrac{1}{2} \log|\Sigma|, \quad
    \frac{\partial \log p}{\partial \theta} = \tfrac{1}{2} \mathrm{tr}\bigl((\alpha \alpha^\top - \Sigma^{-1})
    \tfrac{\partial \Sigma}{\partial \theta}\bigr)

where ∂Σ/∂log σ = 2σ²·W and ∂Σ/∂log s = 2s²·diag(z) (z is one for readings that have the series' own noise).

References
----------
Rasmussen, C. E. and Williams, C. K. I. (2006), *Gaussian Processes for Machine Learning*, equations 2.30 and 5.9.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit


@njit(error_model="numpy")
def inverse_root(full):
    """Return L⁻¹ of Σ = L·Lᵀ and ½ log|Σ|; NaN where Σ has no root."""
    n, half_log = full.shape[0], 0.0
    root, inverse = np.zeros((n, n)), np.zeros((n, n))
    for i in range(n):
        for j in range(i + 1):
            rest = full[i, j]
            for k in range(j):
                rest -= root[i, k] * root[j, k]
            if i > j:
                root[i, j] = rest / root[j, j]
                continue
            root[i, i] = math.sqrt(rest) if rest > 0 else math.nan
            half_log += math.log(root[i, i])
    for i in range(n):
        inverse[i, i] = 1 / root[i, i]
        for j in range(i):
            rest = 0.0
            for k in range(j, i):
                rest -= root[i, k] * inverse[k, j]
            inverse[i, j] = rest / root[i, i]
    return inverse, half_log


@njit(error_model="numpy")
def one_series(y, mean, error, noisy, known, wander, sigma_2, noise_2):
    """Return the log likelihood of one series and its derivatives by log σ and log s."""
    n = y.shape[0]
    full = known + sigma_2 * wander
    for i in range(n):
        full[i, i] += error[i] ** 2 + noisy[i] * noise_2
    inverse, half_log = inverse_root(full)
    z, alpha = np.zeros(n), np.zeros(n)
    for i in range(n):
        for k in range(i + 1):
            z[i] += inverse[i, k] * (y[k] - mean[k])
    for i in range(n):
        for k in range(i, n):
            alpha[i] += inverse[k, i] * z[k]
    by_wander = by_noise = square = 0.0
    for i in range(n):
        square += z[i] ** 2
        for j in range(i + 1):
            if i > j and wander[i, j] == 0.0:
                continue
            precision = 0.0
            for k in range(i, n):
                precision += inverse[k, i] * inverse[k, j]
            pull = alpha[i] * alpha[j] - precision
            by_wander += sigma_2 * wander[i, j] * (pull if i == j else 2 * pull)
            if i == j:
                by_noise += noise_2 * noisy[i] * pull
    return -0.5 * square - half_log, by_wander, by_noise


@njit(error_model="numpy")
def density_and_gradient(
    out, point, y, mean, error, noisy, known, wander, lengths, wander_median, wander_spread, noise_median, noise_spread
):
    """Return the log density of a point, and write its gradient to ``out``."""
    n_series, row, block, value = lengths.shape[0], 0, 0, 0.0
    for k in range(n_series):
        n = lengths[k]
        rows, cells, shape = slice(row, row + n), slice(block, block + n * n), (n, n)
        got, by_wander, by_noise = one_series(
            y[rows], mean[rows], error[rows], noisy[rows], known[cells].reshape(shape), wander[cells].reshape(shape),
            math.exp(2 * point[k]), math.exp(2 * point[n_series + k]),
        )  # fmt: skip
        first = (point[k] - wander_median[k]) / wander_spread[k]
        second = (point[n_series + k] - noise_median[k]) / noise_spread[k]
        value += got - 0.5 * (first**2 + second**2)
        out[k] = by_wander - first / wander_spread[k]
        out[n_series + k] = by_noise - second / noise_spread[k]
        row, block = row + n, block + n * n
    return value


@njit(error_model="numpy")
def derived(point, y, mean, error, noisy, known, wander, lengths, wander_median, wander_spread, noise_median, noise_spread):
    """Return the point: nothing else is published with the draws."""
    return (point.copy(),)


@njit(error_model="numpy")
def start(point, y, mean, error, noisy, known, wander, lengths, wander_median, wander_spread, noise_median, noise_spread):
    """Return where sampling starts: at the medians of the priors."""
    return (np.concatenate((wander_median, noise_median)),)
