r"""The compiled loop over draws: levels given readings, and paths of them.

With a the rows that are asked for, r the readings, P and W the prior covariance and that of the wander, σ of the draw,

.. math::

    A = P_{aa} + \sigma^2 W_{aa}, \; B = P_{ar} + \sigma^2 W_{ar}, \; K = P_{rr} + \sigma^2 W_{rr} + \mathrm{diag}(e^2 + z s^2)

and K = L·Lᵀ, the mean is m + (L⁻¹Bᵀ)ᵀ L⁻¹(y − m_r) and the covariance A − (L⁻¹Bᵀ)ᵀ L⁻¹Bᵀ: one draw after another, each small
enough to stay in the processor's own memory.
"""

from __future__ import annotations

import math

import numba
import numpy as np

JITTER = 1e-10


@numba.njit(nogil=True, cache=True)
def rooted(full):
    """Put L of Σ = L·Lᵀ in the place of Σ, of which the lower half is read; return whether it has one."""
    n, column = full.shape[0], np.empty(full.shape[0])
    for k in range(n):
        if not full[k, k] > 0:
            return False
        root = math.sqrt(full[k, k])
        full[k, k] = root
        for i in range(k + 1, n):
            full[i, k] /= root
            column[i] = full[i, k]
            for j in range(k + 1, i + 1):
                full[i, j] -= column[i] * column[j]
    return True


@numba.njit(nogil=True, cache=True)
def given(variance, noise, prior, wander, prior_seen, wander_seen, known, known_wander, error, noisy, residual, mean, root):
    """Write mean and Cholesky factor of some rows given the readings to ``mean`` and ``root``; return whether there is one.

    Parameters
    ----------
    variance, noise : float
        σ² and s of the draw.
    prior, wander : ndarray
        Covariance of the rows by the priors, and of their wander with σ = 1 (row, row).
    prior_seen, wander_seen : ndarray
        The same between readings and rows (reading, row).
    known, known_wander : ndarray
        The same of the readings (reading, reading).
    error, noisy, residual : ndarray
        Of each reading: its own error, one if it has the noise of the series, how far it lies from its prior mean.
    """
    n, m = prior.shape[0], residual.shape[0]
    for i in range(n):
        for j in range(i + 1):
            root[i, j] = prior[i, j] + variance * wander[i, j]
    if m > 0:
        full = known + variance * known_wander
        for k in range(m):
            full[k, k] += error[k] ** 2 + noisy[k] * noise**2
        if not rooted(full):
            return False
        seen, left = prior_seen + variance * wander_seen, residual.copy()
        for k in range(m):
            for i in range(k):
                left[k] -= full[k, i] * left[i]
                for j in range(n):
                    seen[k, j] -= full[k, i] * seen[i, j]
            left[k] /= full[k, k]
            for j in range(n):
                seen[k, j] /= full[k, k]
                mean[j] += left[k] * seen[k, j]
            for i in range(n):
                for j in range(i + 1):
                    root[i, j] -= seen[k, i] * seen[k, j]
    trace = 0.0
    for i in range(n):
        trace += root[i, i]
    for i in range(n):
        root[i, i] += JITTER + 1e-9 * trace / n
    return rooted(root)


@numba.njit(nogil=True, cache=True)
def every_root(sigma, noise, expected, numbers, mean, root):
    """Write mean (draw, row) and Cholesky factor (draw, row, row) for every draw; return how many draws have none."""
    failed = 0
    for d in range(sigma.size):
        mean[d], root[d] = expected, 0.0
        failed += not given(sigma[d] ** 2, noise[d], *numbers, mean[d], root[d])
    return failed


@numba.njit(nogil=True, cache=True)
def every_path(sigma, noise, expected, numbers, fixed, chance):
    """Put paths in the place of normal variates (draw, path, row); return how many draws have none.

    ``fixed`` (draw, row) are the variates of the first rows, which all paths of a draw share.
    """
    n, still, failed = expected.size, fixed.shape[1], 0
    mean, root = np.empty(n), np.empty((n, n))
    turned = np.empty((n - still, chance.shape[1]))
    for d in range(sigma.size):
        mean[:] = expected
        failed += not given(sigma[d] ** 2, noise[d], *numbers, mean, root)
        for i in range(still, n):
            for j in range(still):
                mean[i] += root[i, j] * fixed[d, j]
        for i in range(n - still):
            for p in range(chance.shape[1]):
                turned[i, p] = chance[d, p, i]
        for i in range(n - still - 1, -1, -1):
            own = root[still + i, still : still + i + 1]
            for p in range(chance.shape[1]):
                turned[i, p] = mean[still + i] + own[i] * turned[i, p]
            for j in range(i):
                for p in range(chance.shape[1]):
                    turned[i, p] += own[j] * turned[j, p]
        for p in range(chance.shape[1]):
            for i in range(n - still):
                chance[d, p, i] = turned[i, p]
    return failed
