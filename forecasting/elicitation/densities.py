"""Log densities and distribution functions that the model is made of, on scipy.special alone.

Each is the formula of ``scipy.stats``, without what that wraps around it: half a second to load, and four passes over an
array where one does. A test holds them to it.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from scipy import special

LOG_ROOT_TWO_PI = 0.5 * math.log(2 * math.pi)


def normal_log_density(x: Any, mean: Any = 0.0, sd: Any = 1.0) -> Any:
    """Return log φ((x − mean)/sd) − log sd.

    Examples
    --------
    >>> round(float(normal_log_density(1.0, 3.0, 2.0)), 6)
    -2.112086
    """
    z = (x - mean) / sd
    return -0.5 * z * z - np.log(sd) - LOG_ROOT_TWO_PI


def half_normal_log_density(x: Any) -> Any:
    """Return the log density of |Z|, Z ~ Normal(0, 1), at x ≥ 0: log 2 + log φ(x)."""
    return math.log(2) - 0.5 * x * x - LOG_ROOT_TWO_PI


def gamma_log_density(x: Any, shape: Any, rate: Any) -> Any:
    """Return the log density of Gamma(shape, rate) at x > 0: k log β + (k − 1) log x − β x − log Γ(k).

    Examples
    --------
    Gamma(1, 2) is the exponential distribution of rate 2:

    >>> round(float(gamma_log_density(0.5, 1.0, 2.0)), 6)
    -0.306853
    """
    return special.xlogy(shape - 1, x) + special.xlogy(shape, rate) - rate * x - special.gammaln(shape)


def beta_log_density(x: Any, a: Any, b: Any) -> Any:
    """Return the log density of Beta(a, b) at 0 < x < 1: (a − 1) log x + (b − 1) log(1 − x) − log B(a, b)."""
    return special.xlogy(a - 1, x) + special.xlog1py(b - 1, -x) - special.betaln(a, b)


def half_normal_quantile(u: Any) -> Any:
    """Return the quantile of |Z|, Z ~ Normal(0, 1): Φ⁻¹((1 + u)/2)."""
    return special.ndtri((1 + u) / 2)
