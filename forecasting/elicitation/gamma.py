"""Gamma distributions of rates: Jeffreys' half event, and the member of the family nearest to another distribution."""

from __future__ import annotations

import numpy as np
from scipy import optimize
from scipy.special import digamma, polygamma

JEFFREYS = 0.5  # p(λ) ∝ λ^(−1/2), the prior under which N events in E years give Gamma(N + ½, E)


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

    found = optimize.root_scalar(excess, fprime=slope, x0=np.log(0.5 / gap), method="newton", xtol=1e-12)
    return float(np.exp(found.root))
