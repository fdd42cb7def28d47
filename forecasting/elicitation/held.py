"""What keeps an event's probability where its class put it, once an effect or drivers spread its hazard over worlds.

The equation is that of `forecasting.models.network.compensation`, which the model solves with derivatives; here it is solved by
halving, for warnings that are given before any model is built. A test holds the two to each other.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

MOST = 6.0  # an event that is as good as sure within its horizon is held as at this cumulative hazard
MOST_HELD = float(np.log(50))  # no hazard is raised more than fifty-fold
HALVINGS = 50
_NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(12)


def held_by_cause(mass: np.ndarray, cause: np.ndarray, ratio: np.ndarray) -> np.ndarray:
    """Return log(θ/x), by how much a hazard differs from the marginal one as long as a cause has not happened.

    With T ~ Exponential(ν) the cause's time as a share of the target's reference horizon, U = (1 − T)₊ the share for which it
    is on, and r the hazard ratio, θ solves −log E exp(−θ (1 + (r − 1) U)) = x.

    Parameters
    ----------
    mass : (draw,) array
        x, the target's cumulative hazard over its reference horizon (dimensionless).
    cause : (draw,) array
        ν, the cause's over the same time.
    ratio : (draw,) array
        r; 0 for a cause that blocks.

    Returns
    -------
    (draw,) array
        Added to the log hazard where the cause has not happened; where it has, log r comes on top. Negative where the cause
        raises, positive where it lowers.

    Examples
    --------
    A cause that hardly ever comes leaves the hazard where it was, one that is nearly always on takes it down by its ratio:

    >>> held_by_cause(np.array([0.5, 0.5]), np.array([1e-3, 1e6]), np.array([4.0, 4.0])).round(3).tolist()
    [-0.001, -1.386]
    """
    excess = ratio - 1

    def kept(theta: np.ndarray) -> np.ndarray:
        y = theta * excess
        near = np.abs(cause - y) < 1e-9
        between = np.where(near, np.exp(-cause), (np.exp(-y) - np.exp(-cause)) / np.where(near, 1.0, cause - y))
        return theta - np.log(np.exp(-cause) + cause * between)

    return _root(np.minimum(mass, MOST), kept)


def held_by_drivers(mass: np.ndarray, variance: np.ndarray) -> np.ndarray:
    """Return log(θ/x) with −log E exp(−θ e^{s f}) = x, f ~ Normal(0, 1), for drivers whose shift has a ``variance`` s² (draw,).

    Examples
    --------
    A pressure that is as often high as low raises a small hazard in the mean, so that it has to be taken down:

    >>> held_by_drivers(np.array([0.8, 0.1]), np.array([1.0, 1.0])).round(2)
    array([-0.04, -0.42])
    """
    ratio = np.exp(np.sqrt(variance)[:, None] * _NODES)
    weights = _WEIGHTS / _WEIGHTS.sum()
    return _root(np.minimum(mass, MOST), lambda theta: -np.log(np.exp(-theta[:, None] * ratio) @ weights))


def _root(x: np.ndarray, kept: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
    """Return log(θ/x) with kept(θ) = x, within ±`MOST_HELD`, by halving; ``kept`` rises with θ."""
    low, high = np.full_like(x, -MOST_HELD), np.full_like(x, MOST_HELD)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        below = kept(x * np.exp(middle)) < x
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return (low + high) / 2
