"""Gamma distributions of rates: Jeffreys' half event, and the member of the family nearest to another distribution."""

from __future__ import annotations

import numpy as np

from forecasting.elicitation.special import digamma, polygamma

JEFFREYS = 0.5  # p(λ) ∝ λ^(−1/2), the prior under which N events in E years give Gamma(N + ½, E)
STEPS = 50  # of Newton's method, which takes four or five


def gamma_nearest(mean: float, mean_log: float) -> tuple[float, float]:
    """Return (shape, rate) of the Gamma distribution with E[λ] = ``mean`` and E[log λ] = ``mean_log``.

    Among Gamma distributions it is the one nearest in Kullback-Leibler divergence to any distribution with these moments.

    References
    ----------
    Bishop, C. M. (2006), *Pattern Recognition and Machine Learning*, section 10.7 (moments of the sufficient statistics
    give the nearest member of an exponential family).

    Examples
    --------
    >>> [round(float(x), 6) for x in gamma_nearest(1.5, digamma(3.0) - np.log(2.0))]
    [3.0, 2.0]
    """
    shape = gamma_shape(np.log(mean) - mean_log)
    return shape, shape / mean


def gamma_shape(gap: float) -> float:
    """Return the shape k of the Gamma distribution with log E[λ] − E[log λ] = ``gap`` > 0: log k − ψ(k) = gap.

    Examples
    --------
    >>> round(gamma_shape(np.log(3.0) - digamma(3.0)), 6)
    3.0
    """

    def excess(log_k: float) -> float:
        return log_k - digamma(np.exp(log_k)) - gap

    def slope(log_k: float) -> float:
        return 1 - np.exp(log_k) * polygamma(1, np.exp(log_k))

    log_k = float(np.log(0.5 / gap))  # by Newton's method; ``scipy.optimize`` takes longer to load than this to run
    for _ in range(STEPS):
        step = excess(log_k) / slope(log_k)
        log_k -= step
        if abs(step) < 1e-12 + 1e-14 / gap:  # the second part is what rounding leaves of a step where log k is large
            return float(np.exp(log_k))
    raise ArithmeticError(f"no Gamma distribution was found with log E[λ] − E[log λ] = {gap}")
