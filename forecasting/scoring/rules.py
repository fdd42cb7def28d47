"""Proper scores of one forecast: lower is better, and saying what one believes is the best policy under each of them.

The formulas of yes/no, ordered and quantile forecasts are those of ``scoringrules``; a test computes all of them a second time.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from forecasting.errors import UsageError


def checked(p: Sequence[float], came: int) -> np.ndarray:
    """Return probabilities as an array, held to be a distribution of which outcome ``came`` is one.

    Raises
    ------
    UsageError
        If a probability is outside [0, 1] or no number, they do not sum to 1, or there is no such outcome.
    """
    try:
        values = np.asarray(p, dtype=float)
    except (TypeError, ValueError):
        raise UsageError(f"found {p!r} where probabilities of outcomes belong; write numbers") from None
    if values.ndim != 1 or len(values) < 2 or not np.isfinite(values).all() or (values < 0).any() or (values > 1).any():
        raise UsageError(f"found probabilities {values.tolist()}; write two or more of them, each from 0 to 1")
    if abs(values.sum() - 1) > 1e-6:
        raise UsageError(f"the probabilities sum to {values.sum():.6g}; write ones that sum to 1")
    if not 0 <= came < len(values):
        raise UsageError(f"there is no outcome {came} of {len(values)}")
    return values


def brier(p: Sequence[float], came: int) -> float:
    """Return half the squared distance between probabilities and what came: Σ(p − o)²/2, from 0 to 1.

    Of a yes/no question this is (p − o)², so that both kinds are on one scale: 0.25 for even odds on two outcomes. Brier's own
    definition is without the half.

    References
    ----------
    Brier, G. W. (1950), Verification of forecasts expressed in terms of probability, *Monthly Weather Review* 78, 1–3.

    Examples
    --------
    >>> brier([0.75, 0.25], 1), brier([0.5, 0.25, 0.25], 0)
    (0.5625, 0.1875)
    """
    values = checked(p, came)
    return float(np.square(values - np.eye(len(values))[came]).sum() / 2)


def log_score(p: Sequence[float], came: int) -> float:
    """Return −ln p of the outcome that came, in nats; infinite if it was said to be impossible.

    References
    ----------
    Good, I. J. (1952), Rational decisions, *Journal of the Royal Statistical Society B* 14, 107–114.

    Examples
    --------
    >>> round(log_score([0.8, 0.2], 0), 4), log_score([1.0, 0.0], 1)
    (0.2231, inf)
    """
    value = float(checked(p, came)[came])
    return -math.log(value) if value > 0 else math.inf


def ranked(p: Sequence[float], came: int) -> float:
    """Return the ranked probability score of outcomes in order, divided by their number less one: from 0 to 1.

    Σ(P(≤ k) − 1{came ≤ k})² / (K − 1): a miss by one step costs less than one by three. For K = 2 it is `brier`.

    References
    ----------
    Epstein, E. S. (1969), A scoring system for probability forecasts of ranked categories, *Journal of Applied Meteorology* 8,
    985–987.

    Examples
    --------
    >>> ranked([0.75, 0.25], 1), round(ranked([0.5, 0.3, 0.2], 2), 3)
    (0.5625, 0.445)
    """
    values = checked(p, came)
    return float(_scoringrules().rps_score(came + 1, values) / (len(values) - 1))


def crps_of_quantiles(levels: Sequence[float], values: Sequence[float], observed: float) -> float:
    """Return the continuous ranked probability score of a forecast given by quantiles, in units of the quantity.

    Twice the mean pinball loss over the levels; with many evenly spaced levels it tends to the integral of
    (F(x) − 1{observed ≤ x})². Of a point forecast it is the absolute error.

    Raises
    ------
    UsageError
        If levels do not rise within (0, 1), or values fall.

    References
    ----------
    Bracher, J. et al. (2021), Evaluating epidemic forecasts in an interval format, *PLOS Computational Biology* 17, e1008618.

    Examples
    --------
    >>> crps_of_quantiles([0.5], [3.0], 5.0)
    2.0
    """
    alpha, quantiles = np.asarray(levels, dtype=float), np.asarray(values, dtype=float)
    if alpha.shape != quantiles.shape or alpha.ndim != 1 or not len(alpha):
        raise UsageError(f"{alpha.size} levels and {quantiles.size} values; write as many of the one as of the other")
    if (np.diff(alpha) <= 0).any() or alpha[0] <= 0 or alpha[-1] >= 1 or (np.diff(quantiles) < 0).any():
        raise UsageError("levels have to rise within (0, 1), and values must not fall")
    if not (np.isfinite(quantiles).all() and math.isfinite(observed)):
        raise UsageError("a quantile or what was observed is no finite number")
    return float(_scoringrules().crps_quantile(observed, quantiles, alpha))


def crps_censored(days: Sequence[float], p: Sequence[float], observed: float | None) -> float:
    """Return the CRPS of a forecast of when something happens, up to a horizon after which nobody looks.

    ∫₀ᴴ (F(t) − 1{T ≤ t})² dt, with F linear between the points given: exact, since the square of a linear function is
    integrated by Simpson's rule. ``observed`` is None if it had not happened by the horizon: then all that is known is T > H, and
    the indicator is 0 throughout. The score stays proper: it is the threshold-weighted CRPS with weight 1 up to H.

    Parameters
    ----------
    days : sequence of float
        Points in time, rising, the last one the horizon H.
    p : sequence of float
        P(T ≤ t) at each.
    observed : float or None
        When it happened, in the unit of ``days``.

    References
    ----------
    Gneiting, T. and Ranjan, R. (2011), Comparing density forecasts using threshold- and quantile-weighted scoring rules,
    *Journal of Business & Economic Statistics* 29, 411–422.

    Examples
    --------
    >>> crps_censored([0.0, 10.0], [0.0, 0.0], 4.0), crps_censored([0.0, 10.0], [0.0, 0.0], None)
    (6.0, 0.0)
    """
    t, cdf = np.asarray(days, dtype=float), np.asarray(p, dtype=float)
    if t.shape != cdf.shape or len(t) < 2 or (np.diff(t) <= 0).any():
        raise UsageError("write two or more days that rise, each with its probability")
    if (np.diff(cdf) < -1e-9).any() or cdf[0] < 0 or cdf[-1] > 1 + 1e-9:
        raise UsageError("P(T ≤ t) has to rise from 0 or more to 1 or less")
    if observed is None or observed >= t[-1]:
        return _square(t, cdf)
    at = max(float(observed), float(t[0]))
    here = float(np.interp(at, t, cdf))
    early, late = t < at, t > at
    before = _square(np.append(t[early], at), np.append(cdf[early], here)) if early.any() else 0.0
    return before + _square(np.insert(t[late], 0, at), 1 - np.insert(cdf[late], 0, here))


def crps_of_ranges(edges: Sequence[float], p: Sequence[float], observed: float) -> float:
    """Return the CRPS of a number of which the probabilities of ranges were forecast, censored at the first and the last edge.

    ∫ (F(x) − 1{observed ≤ x})² dx from the first edge to the last, with F known at the edges and linear between them. Nothing was
    said of where below the first or above the last edge the number lies, so nothing is scored there: it is the CRPS of the number
    clipped to the edges, which stays proper (`crps_censored`). In units of the number.

    Parameters
    ----------
    edges : sequence of float
        Two or more, rising.
    p : sequence of float
        Probability of each range: one more than there are edges, the first below the first edge.

    Raises
    ------
    UsageError
        If there are fewer than two edges, they do not rise, or the probabilities are not one for each range.

    Examples
    --------
    >>> crps_of_ranges([10.0, 20.0], [0.0, 0.0, 1.0], 14.0), crps_of_ranges([10.0, 20.0], [0.0, 0.0, 1.0], 99.0)
    (6.0, 0.0)
    """
    at, values = np.asarray(edges, dtype=float), checked(p, 0)
    if at.ndim != 1 or len(at) < 2 or not np.isfinite(at).all() or (np.diff(at) <= 0).any():
        raise UsageError("write two or more edges that rise: within a single one no number is told from another")
    if len(values) != len(at) + 1 or not math.isfinite(observed):
        raise UsageError(f"{len(values)} ranges, {len(at)} edges, observed {observed}; write one range more, and a finite number")
    return crps_censored(at.tolist(), np.minimum(np.cumsum(values)[:-1], 1.0).tolist(), observed)


def _square(t: np.ndarray, f: np.ndarray) -> float:
    """Return the integral of the square of a function that is linear between points."""
    a, b = f[:-1], f[1:]
    return float((np.diff(t) * (a * a + a * b + b * b) / 3).sum())


def time_weighted(scores: Sequence[float], days: Sequence[float]) -> float:
    """Return the mean of scores weighted by the days for which each forecast stood; of a forecast that never changed, its score.

    Raises
    ------
    UsageError
        If a forecast stood for a negative time, or none for any.

    Examples
    --------
    >>> time_weighted([0.25, 0.04], [30, 90])
    0.0925
    """
    weights = np.asarray(days, dtype=float)
    if weights.shape != np.shape(scores) or (weights < 0).any() or weights.sum() <= 0:
        raise UsageError("each forecast needs the days for which it stood, none negative, and some above 0")
    return float(np.average(np.asarray(scores, dtype=float), weights=weights))


def flip_flop(said: Sequence[Sequence[float]]) -> float:
    """Return how far a forecast moved from one time to the next, on average; 0 where it was made only once.

    Σ|change of P(outcome)|/2, the share of probability that moved: of a yes/no question the absolute change of P(yes).

    Parameters
    ----------
    said : sequence of sequences of float
        P(outcome) of all outcomes, in the same order each time.

    Examples
    --------
    >>> round(flip_flop([[0.2, 0.8], [0.5, 0.5], [0.4, 0.6]]), 3), flip_flop([[0.3, 0.7]])
    (0.2, 0.0)
    """
    values = np.asarray(said, dtype=float)
    return float(np.abs(np.diff(values, axis=0)).sum(axis=1).mean() / 2) if len(values) > 1 else 0.0


def _scoringrules() -> Any:
    import scoringrules  # compiles for two seconds: only when something is scored

    return scoringrules
