"""Quasi-random points: a scrambled Sobol sequence of up to four dimensions, in a few lines of NumPy.

The same points as ``scipy.stats.qmc.Sobol``, digit for digit (a test compares them), without the half second that loading
``scipy.stats`` takes, which every command that reads a reference class would wait for.

References
----------
Joe, S. and Kuo, F. Y. (2008), *Constructing Sobol sequences with better two-dimensional projections*, SIAM J. Sci. Comput. 30
(the direction numbers). Matoušek, J. (1998), *On the L2-discrepancy for anchored boxes*, J. Complexity 14 (the scrambling).
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

BITS = 30
# per dimension: the inner coefficients of its primitive polynomial, and its first direction numbers
POLYNOMIALS: tuple[tuple[tuple[int, ...], tuple[int, ...]], ...] = (((), ()), ((), (1,)), ((1,), (1, 3)), ((0, 1), (1, 3, 1)))


@lru_cache(maxsize=16)
def sobol(dimensions: int, n: int, seed: int) -> np.ndarray:
    """Return the first ``n`` points of a scrambled Sobol sequence (n, dimensions), uniform on [0, 1), not to be written to.

    Parameters
    ----------
    dimensions : int
        One to four.
    n : int
        A power of two, or the points are not balanced.
    seed : int
        Of the scrambling: a random lower triangular matrix of bits per dimension, and a random shift.

    Examples
    --------
    Of four points, one lies in each quarter:

    >>> sorted((4 * sobol(1, 4, seed=1)[:, 0]).astype(int).tolist())
    [0, 1, 2, 3]
    """
    rng, places = np.random.default_rng(seed).spawn(1)[0], np.arange(BITS)
    shift = rng.integers(0, 2, size=(dimensions, BITS), dtype=np.uint32) @ (1 << places)
    lower = np.tril(rng.integers(0, 2, size=(dimensions, BITS, BITS), dtype=np.uint32), -1) + np.eye(BITS, dtype=np.int64)
    numbers = np.array([_direction_numbers(d) for d in range(dimensions)])
    digits = (numbers[:, None, :] >> (BITS - 1 - places)[:, None]) & 1  # (dimension, digit from the first, number)
    scrambled = ((lower @ digits) % 2 << (BITS - 1 - places)[:, None]).sum(axis=1)
    index = np.arange(n)
    gray, points = index ^ (index >> 1), np.tile(shift, (n, 1))
    for place in range(max(1, n - 1).bit_length()):
        points ^= np.where((gray >> place & 1)[:, None] > 0, scrambled[:, place], 0)
    points = points / 2**BITS
    points.flags.writeable = False
    return points


def _direction_numbers(dimension: int) -> list[int]:
    """Return the direction numbers of a dimension, v_j = m_j 2^(BITS − j), by their recurrence."""
    if dimension == 0:
        return [1 << (BITS - j) for j in range(1, BITS + 1)]
    inner, m = POLYNOMIALS[dimension][0], list(POLYNOMIALS[dimension][1])
    degree = len(m)
    while len(m) < BITS:
        new = m[-degree] ^ (m[-degree] << degree)
        for i, coefficient in enumerate(inner, start=1):
            new ^= coefficient * m[-i] << i
        m.append(new)
    return [number << (BITS - j) for j, number in enumerate(m, start=1)]
