"""The least committed member of a family that has a given mass between two numbers, along the constraint itself.

Of the mass outside the interval a share u lies below it. Two quantiles are then known, F(lower) = u·(1 − mass) and
F(upper) = u·(1 − mass) + mass, and two quantiles have one member of a family with two parameters. What is left is one number,
u, over which the differential entropy is maximised. A search in both parameters at once, with the mass as a side condition,
stops far from the optimum where the interval is narrow.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy import optimize
from scipy.special import betainc, betaln, btdtria, expit, gammainc, gammaincinv, gammaln, log_expit, logit, ndtri, psi

GRID = expit(np.linspace(-6, 6, 49))  # shares below the interval that are tried before the search goes on from the best
SHAPES = (-12.0, 30.0)  # natural logarithms of the shapes between which a Beta or a Gamma is looked for
NODES, WEIGHTS = np.polynomial.hermite_e.hermegauss(200)
WEIGHTS = WEIGHTS / np.sqrt(2 * np.pi)
Pair = tuple[float, float]


class NoMember(ValueError):
    """No member of the family has these two quantiles, or none that arithmetic can tell from a point."""


def maximum_entropy(family: str, lower: float, upper: float, mass: float) -> Pair:
    """Return the parameters of the member of a family with the largest entropy among those with ``mass`` in an interval.

    Parameters
    ----------
    family : {"Beta", "LogitNormal", "Gamma", "LogNormal", "Normal"}
    lower, upper, mass : float
        As checked by `forecasting.elicitation.asked.check_answers`.

    Returns
    -------
    tuple of float
        In the order of `forecasting.elicitation.families.FAMILIES`.

    Raises
    ------
    NoMember
        If the interval is so narrow, or lies so near to an end of the range, that no parameters can be computed.

    Examples
    --------
    >>> mu, sigma = maximum_entropy("Normal", -1.0, 1.0, 0.8)
    >>> round(sigma, 4)
    0.7803
    """
    member, entropy = _FAMILIES[family]

    def at(share: float) -> Pair:
        below = share * (1 - mass)
        return member(lower, upper, below, below + mass)

    def loss(x: float) -> float:
        return -entropy(*at(float(expit(x))))

    found = [loss(float(logit(share))) for share in GRID]
    best = float(logit(GRID[int(np.argmin(found))]))
    step = 12 / (len(GRID) - 1)
    x = optimize.minimize_scalar(loss, bounds=(best - step, best + step), method="bounded", options={"xatol": 1e-9}).x
    return at(float(expit(x)))


def tails(cdf: Callable[[float], float], lower: float, upper: float) -> Pair:
    """Return the probabilities below and above an interval."""
    return float(cdf(lower)), float(1 - cdf(upper))


def _normal(lower: float, upper: float, p: float, q: float) -> Pair:
    """Return μ, σ of the Normal with quantiles ``lower`` of p and ``upper`` of q."""
    first, second = float(ndtri(p)), float(ndtri(q))
    sigma = (upper - lower) / (second - first)
    if not sigma > 0:
        raise NoMember("the two ends are one number to the computer")
    return lower - first * sigma, sigma


def _gamma(lower: float, upper: float, p: float, q: float) -> Pair:
    """Return shape and rate: given the first, the second follows from ``lower``; F(upper) rises with the first."""

    def rate(log_shape: float) -> float:
        return float(gammaincinv(np.exp(log_shape), p)) / lower

    return _solved(lambda x: float(gammainc(np.exp(x), upper * rate(x))) - q, lambda x: (float(np.exp(x)), rate(x)))


def _beta(lower: float, upper: float, p: float, q: float) -> Pair:
    """Return α and β: given the second, the first follows from ``lower``; F(upper) rises with the second."""

    def alpha(log_beta: float) -> float:
        return float(btdtria(p, np.exp(log_beta), lower))

    return _solved(lambda x: float(betainc(alpha(x), np.exp(x), upper)) - q, lambda x: (alpha(x), float(np.exp(x))))


def _solved(excess: Callable[[float], float], pair: Callable[[float], Pair]) -> Pair:
    ends = [excess(end) for end in SHAPES]
    if not ends[0] < 0 < ends[1]:
        raise NoMember("no shape has the two quantiles")
    return pair(float(optimize.brentq(excess, *SHAPES, xtol=1e-13, rtol=1e-14)))


def _transformed(change: Callable[[float], float]) -> Callable[[float, float, float, float], Pair]:
    """Return the solution for a family whose variable is Normal once changed, by log or logit."""
    return lambda lower, upper, p, q: _normal(float(change(lower)), float(change(upper)), p, q)


def _normal_entropy(mu: float, sigma: float) -> float:
    return 0.5 * float(np.log(2 * np.pi * np.e)) + float(np.log(sigma))


def _logit_normal_entropy(mu: float, sigma: float) -> float:
    """Return that of the Normal plus E[log p(1 − p)], by quadrature."""
    x = mu + sigma * NODES
    return _normal_entropy(mu, sigma) + float(WEIGHTS @ (log_expit(x) + log_expit(-x)))


def _gamma_entropy(shape: float, rate: float) -> float:
    return shape - float(np.log(rate)) + float(gammaln(shape) + (1 - shape) * psi(shape))


def _beta_entropy(a: float, b: float) -> float:
    return float(betaln(a, b) - (a - 1) * psi(a) - (b - 1) * psi(b) + (a + b - 2) * psi(a + b))


_FAMILIES: dict[str, tuple[Callable[[float, float, float, float], Pair], Callable[[float, float], float]]] = {
    "Beta": (_beta, _beta_entropy),
    "LogitNormal": (_transformed(logit), _logit_normal_entropy),
    "Gamma": (_gamma, _gamma_entropy),
    "LogNormal": (_transformed(np.log), lambda mu, sigma: mu + _normal_entropy(mu, sigma)),
    "Normal": (_normal, _normal_entropy),
}
