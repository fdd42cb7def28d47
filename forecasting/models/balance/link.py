"""From a level to a side of an index: the analyst's link, moved by how the index came out before."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np
from scipy.special import ndtr

from forecasting.dossier.forms.favours import Index
from forecasting.models.balance.future import Futures

OFF = 1.0  # steps by which a stated bound may be off: one grade
POINTS = 33  # of each bound, a quarter of `OFF` apart, up to four times `OFF` either way
BLOCK = 2048  # draws looked at together


def bounds(index: Index, levels: np.ndarray, sides: Sequence[str], rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    r"""Return the bounds of an index, one pair per draw, given the cases that are known.

    With l₀ and h₀ the bounds as stated, x the levels of the cases and s the error of the index,

    .. math::

        l \sim N(l_0, 1), \quad h \sim N(h_0, 1), \quad l \le h, \quad
        P(low) = \Phi((l - x)/s), \quad P(high) = \Phi((x - h)/s)

    and *neither* has the rest. A pair is drawn from its posterior given the levels of the draw, on a grid of 33 × 33 points; a
    test holds it to one of 801 × 801. The cases move the link and not the level (a cut): an index has more causes than that.

    Parameters
    ----------
    levels : ndarray
        Level of each case in steps (draw, case).
    sides : sequence of {"low", "neither", "high"}
        How each came out.
    rng : numpy.random.Generator
        Draws the pairs.

    Returns
    -------
    (low_to, high_from) : tuple of ndarray
        In steps (draw,), low_to ≤ high_from.

    References
    ----------
    Ordinal probit with unknown bounds: McKelvey, R. D. and Zavoina, W. (1975), *A statistical model for the analysis of ordinal
    level dependent variables*, Journal of Mathematical Sociology 4.
    """
    z = np.linspace(-4, 4, POINTS)
    low, high = index.low_to + OFF * z, index.high_from + OFF * z
    apart = np.clip((high - low[:, None]) / (OFF * (z[1] - z[0])), -1, 1)
    ordered = np.where(apart < 0, (1 + apart) ** 2 / 2, 1 - (1 - apart) ** 2 / 2)  # share of a cell in which low ≤ high
    prior = np.exp(-(z[:, None] ** 2 + z**2) / 2) * ordered
    chosen = np.concatenate([
        _chosen(low, high, prior, levels[i : i + BLOCK], sides, index.spread, rng.random(len(levels[i : i + BLOCK])))
        for i in range(0, len(levels), BLOCK)
    ])  # fmt: skip
    return low[chosen // POINTS], np.maximum(low[chosen // POINTS], high[chosen % POINTS])


def _chosen(
    low: np.ndarray, high: np.ndarray, prior: np.ndarray, levels: np.ndarray, sides: Sequence[str], spread: float,
    uniform: np.ndarray,
) -> np.ndarray:  # fmt: skip
    """Return the number of a pair per draw, POINTS·(place of low) + place of high, at a quantile of its posterior."""
    weight = np.broadcast_to(prior, (len(levels), POINTS, POINTS)).copy()
    for n, side in enumerate(sides):
        below, upto = (ndtr((bar - levels[:, n, None]) / spread) for bar in (low, high))
        if side == "low":
            weight *= below[:, :, None]
        elif side == "high":
            weight *= 1 - upto[:, None, :]
        else:
            weight *= np.maximum(upto[:, None, :] - below[:, :, None], 0)
    passed = np.cumsum(weight.reshape(len(levels), -1), axis=1)
    return (passed < (uniform * passed[:, -1])[:, None]).sum(axis=1)


def bounds_on(paths: Futures, question_id: str, index: Index) -> tuple[np.ndarray, np.ndarray]:
    """Return the bounds of an index under the draws of a fit, given its cases that had ended by the as-of date.

    They are drawn by a generator of the question's own, so that no other question changes a digit.
    """
    known = [(case, paths.balance.months_to(case.on)) for case in index.cases if case.on <= paths.as_of]
    field, n_draws = paths.balance.fields.index(index.balance), len(paths.draws.level)
    if not known:
        return np.full(n_draws, index.low_to), np.full(n_draws, index.high_from)
    levels = np.empty((n_draws, len(known)))
    for n, (case, month) in enumerate(known):
        levels[:, n] = paths.draws.level[:, field, month] if case.level is None else case.level
    rng = np.random.default_rng((paths.seed, zlib.crc32(question_id.encode())))
    return bounds(index, levels, [case.side for case, _ in known], rng)
