"""The compiled loop behind the bounds of an index: a pair of grid points for each draw, at a quantile of its posterior."""

from __future__ import annotations

import math

import numba
import numpy as np

ROOT_2 = math.sqrt(2)


@numba.njit(nogil=True, cache=True)
def chosen(at, low, high, prior, levels, spread, sides, left, uniform):
    """Return the number of a pair for each draw, places of high within places of low.

    Parameters
    ----------
    at : ndarray
        Every point at which a bound may lie; ``low`` and ``high`` say which of them are points of either bound.
    prior : ndarray
        Weight of every pair before the cases (low, high).
    levels : ndarray
        Of every case in every draw (draw, case).
    sides : ndarray
        How each case came out: 0 for *low*, 1 for *neither*, 2 for *high*.
    left : ndarray of bool
        Which sides each case could come out for (case, side).
    uniform : ndarray
        The quantile for each draw.
    """
    n_low, n_high = low.size, high.size
    found, weight, below = np.empty(len(levels), np.int64), np.empty((n_low, n_high)), np.empty(at.size)
    sums = np.empty(n_low)
    for d in range(len(levels)):
        weight[:] = prior
        for n in range(sides.size):
            for i in range(at.size):
                below[i] = 0.5 * math.erfc((levels[d, n] - at[i]) / spread / ROOT_2)
            weigh(weight, below, low, high, sides[n], left[n])
        for i in range(n_low):
            sums[i] = 0.0
            for j in range(n_high):
                sums[i] += weight[i, j]
        found[d] = reached(weight, sums, uniform[d])
    return found


@numba.njit(nogil=True, cache=True)
def weigh(weight, below, low, high, side, left):
    """Multiply the weights of all pairs by the share of a side among those that are left.

    Where the bounds are the wrong way round nothing lies between them; where nothing is left, *neither* has all.
    """
    every, upto = left.all(), below[high]
    for i in range(low.size):
        first = below[low[i]]
        for j in range(high.size):
            between = upto[j] - first if upto[j] > first else 0.0
            share = first if side == 0 else between if side == 1 else 1 - upto[j]
            if not every:
                total = left[0] * first + left[1] * between + left[2] * (1 - upto[j])
                share = share / total if total > 0 else 1.0 if side == 1 else 0.0
            weight[i, j] *= share


@numba.njit(nogil=True, cache=True)
def reached(weight, sums, share):
    """Return the number of the first pair up to which a share of all weight lies."""
    passed, wanted, i = 0.0, share * sums.sum(), 0
    while i < sums.size - 1 and passed + sums[i] < wanted:
        passed += sums[i]
        i += 1
    j = 0
    while j < weight.shape[1] - 1 and passed + weight[i, j] < wanted:
        passed += weight[i, j]
        j += 1
    return i * weight.shape[1] + j
