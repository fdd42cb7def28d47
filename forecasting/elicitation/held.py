"""What keeps an event's probability where its class put it, once an effect or drivers spread its hazard over worlds.

The equation is that of `forecasting.models.network.compensation`, which the model solves with derivatives; here it is
solved by SciPy, for warnings that are given before any model is built; a test holds the two to each other.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

MAX_CUMULATIVE = 6.0  # an event that is as good as sure within its horizon (99.8 %) needs no more
MAX_GIVEN = 500.0  # so many expected events leave nothing to chance; e to that power is still a number
MAX_ON_DATE = 25.0  # and so many leave a chance of 1e-11 on a date; more would say nothing more, and could not be read back
LEAST_KEPT = 1e-12  # share of its hazard that the surest block leaves: below it a difference of logarithms is rounding
MAX_HELD = float(np.log(50))  # a cause that is on nearly all the time cannot raise the hazard of its absence more than fifty-fold
# 12 nodes: within 0.002 of probability up to strong loadings of drivers, 0.005 for decisive ones
_NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(12)
Z, Z_WEIGHTS = _NODES, _WEIGHTS / _WEIGHTS.sum()


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
    def kept(theta: np.ndarray, cause: np.ndarray, excess: np.ndarray) -> np.ndarray:
        y = theta * excess
        near = np.abs(cause - y) < 1e-9
        between = np.where(near, np.exp(-cause), (np.exp(-y) - np.exp(-cause)) / np.where(near, 1.0, cause - y))
        return theta - np.log(np.exp(-cause) + cause * between)

    return _root(np.minimum(mass, MAX_CUMULATIVE), kept, cause, ratio - 1)


def held_by_drivers(mass: np.ndarray, variance: np.ndarray) -> np.ndarray:
    """Return log(θ/x) with −log E exp(−θ e^{s f}) = x, f ~ Normal(0, 1), for drivers whose shift has a ``variance`` s² (draw,).

    Examples
    --------
    A pressure that is as often high as low raises a small hazard in the mean, so that it has to be taken down:

    >>> held_by_drivers(np.array([0.8, 0.1]), np.array([1.0, 1.0])).round(2)
    array([-0.04, -0.42])
    """
    def kept(theta: np.ndarray, sd: np.ndarray) -> np.ndarray:
        return -np.log(np.exp(-theta[:, None] * np.exp(sd[:, None] * Z)) @ Z_WEIGHTS)

    return _root(np.minimum(mass, MAX_CUMULATIVE), kept, np.sqrt(variance))


def _root(x: np.ndarray, kept: Callable[..., np.ndarray], *parts: np.ndarray) -> np.ndarray:
    """Return log(θ/x) with kept(θ, *parts) = x, within ±`MAX_HELD`; ``kept`` rises with θ, and all arrays are (draw,)."""
    from scipy.optimize.elementwise import find_root

    found = find_root(
        lambda shift, x, *parts: kept(x * np.exp(shift), *parts) - x, (-MAX_HELD, MAX_HELD), args=(x, *parts),
        tolerances={"xatol": 1e-12, "fatol": 1e-14},
    )  # fmt: skip
    # where even the largest shift does not reach x, both ends lie on one side of it
    ends = [kept(x * np.exp(end), *parts) < x for end in (-MAX_HELD, MAX_HELD)]
    return np.where(ends[0], np.where(ends[1], MAX_HELD, found.x), -MAX_HELD)
