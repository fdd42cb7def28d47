"""The points of ``scipy.stats.qmc.Sobol``, bit for bit, without loading ``scipy.stats``, which takes most of a second."""

from __future__ import annotations

import numpy as np

BITS = 30
# of the second, third and fourth dimension: the coefficients of a primitive polynomial between its first and its last, and the
# numbers that the recurrence begins with
PRIMITIVE: tuple[tuple[tuple[int, ...], tuple[int, ...]], ...] = (((), (1,)), ((1,), (1, 3)), ((0, 1), (1, 3, 1)))
MOST = 1 + len(PRIMITIVE)


def sobol(dimensions: int, n: int, seed: int) -> np.ndarray:
    """Return the first points of a Sobol sequence with a random linear scramble and a random digital shift.

    Parameters
    ----------
    dimensions : int
        At most four.
    n : int
        A power of two, or the points lose their balance.
    seed : int
        Of the scramble.

    Returns
    -------
    (n, dimensions) array
        In [0, 1): what ``scipy.stats.qmc.Sobol(dimensions, rng=seed).random(n)`` returns.

    Raises
    ------
    ValueError
        If there are more dimensions.

    References
    ----------
    Joe, S. and Kuo, F. Y. (2008), *Constructing Sobol sequences with better two-dimensional projections*, SIAM J. Sci. Comput.
    30 (the table). Matoušek, J. (1998), *On the L2-discrepancy for anchored boxes*, J. Complexity 14 (the scramble).
    Antonov, I. A. and Saleev, V. M. (1979), USSR Comput. Math. Math. Phys. 19 (the order of the Gray code).

    Examples
    --------
    >>> sobol(2, 4, seed=1).shape
    (4, 2)
    """
    if not 1 <= dimensions <= MOST:
        raise ValueError(f"{dimensions} dimensions; write 1 to {MOST}")
    rng = np.random.default_rng(seed).spawn(1)[0]  # as scipy takes it
    shift = rng.integers(2, size=(dimensions, BITS), dtype=np.uint32) @ (1 << np.arange(BITS, dtype=np.uint32))
    lower = np.tril(rng.integers(2, size=(dimensions, BITS, BITS), dtype=np.uint32), -1) + np.eye(BITS, dtype=np.uint32)
    weight = 1 << np.arange(BITS - 1, -1, -1, dtype=np.uint32)  # of the digits of a binary fraction, the first one first
    digits = _directions(dimensions)[:, None, :] // weight[:, None] % 2
    scrambled = np.einsum("dpj,p->dj", lower @ digits % 2, weight)
    steps = np.arange(1, n)
    changed = np.bitwise_count((steps & -steps) - 1)  # the position of the lowest bit that is set
    found = np.bitwise_xor.accumulate(np.hstack([shift[:, None], scrambled[:, changed]]), axis=1)
    return np.ascontiguousarray(found.T) * (1 / 2**BITS)


def _directions(dimensions: int) -> np.ndarray:
    """Return the direction numbers (dimension, bit) of the first dimensions."""
    rows = [[1] * BITS]
    for coefficients, start in PRIMITIVE[: dimensions - 1]:
        row, degree = list(start), len(start)
        while len(row) < BITS:
            value = row[-degree] ^ row[-degree] << degree
            for k, coefficient in enumerate(coefficients, start=1):
                value ^= coefficient * row[-k] << k
            row.append(value)
        rows.append(row)
    return np.array([[m << BITS - 1 - j for j, m in enumerate(row)] for row in rows], dtype=np.uint32)
