"""The distributions that a prior may have, under the names and parameters that PreliZ and PyMC share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats
from scipy.special import expit, logit, ndtr, ndtri

Support = Literal["probability", "positive", "real", "simplex"]
Parameters = Mapping[str, float | tuple[float, ...]]


class Marginal(Protocol):
    """What is asked of a distribution of one number; SciPy's frozen distributions have it."""

    def cdf(self, x: ArrayLike) -> np.ndarray:
        """Return P(X ≤ x)."""
        ...

    def ppf(self, q: ArrayLike) -> np.ndarray:
        """Return the quantile of ``q``."""
        ...

    def mean(self) -> float:
        """Return E[X]."""
        ...

    def std(self) -> float:
        """Return the standard deviation."""
        ...


@dataclass(frozen=True)
class LogitNormal:
    """The distribution of p where logit p ~ Normal(``mu``, ``sigma``²), which SciPy lacks.

    Moments are by Gauss-Hermite quadrature with 200 nodes, good to 1e-6 for ``sigma`` up to 5.
    """

    mu: float
    sigma: float

    def cdf(self, x: ArrayLike) -> np.ndarray:
        """Return Φ((logit x − μ)/σ)."""
        return ndtr((logit(x) - self.mu) / self.sigma)

    def ppf(self, q: ArrayLike) -> np.ndarray:
        """Return the quantile 1/(1 + exp(−μ − σ Φ⁻¹(q)))."""
        return expit(self.mu + self.sigma * ndtri(q))

    def _moment(self, order: int) -> float:
        nodes, weights = np.polynomial.hermite_e.hermegauss(200)
        return float(weights @ expit(self.mu + self.sigma * nodes) ** order / np.sqrt(2 * np.pi))

    def mean(self) -> float:
        """Return E[p]."""
        return self._moment(1)

    def std(self) -> float:
        """Return the standard deviation of p."""
        return float(np.sqrt(self._moment(2) - self._moment(1) ** 2))


@dataclass(frozen=True)
class Family:
    """A named distribution: where it lives, its parameters in order, and which of them are above 0."""

    support: Support
    parameters: tuple[str, ...]
    positive: tuple[str, ...]
    marginal: Callable[..., Marginal]


FAMILIES: dict[str, Family] = {
    "Beta": Family("probability", ("alpha", "beta"), ("alpha", "beta"), stats.beta),
    "LogitNormal": Family("probability", ("mu", "sigma"), ("sigma",), LogitNormal),
    "Gamma": Family("positive", ("alpha", "beta"), ("alpha", "beta"), lambda a, b: stats.gamma(a, scale=1 / b)),
    "LogNormal": Family("positive", ("mu", "sigma"), ("sigma",), lambda m, s: stats.lognorm(s, scale=np.exp(m))),
    "Normal": Family("real", ("mu", "sigma"), ("sigma",), stats.norm),
    "Dirichlet": Family("simplex", ("alpha",), ("alpha",), stats.beta),
}


def marginals(family: str, parameters: Parameters) -> tuple[Marginal, ...]:
    """Return the distribution as a tuple of one, or of one per outcome for a Dirichlet.

    The share of outcome k under Dirichlet(α) is Beta(α_k, Σα − α_k).
    """
    made = FAMILIES[family].marginal
    if family == "Dirichlet":
        alpha = np.asarray(parameters["alpha"])
        return tuple(made(a, alpha.sum() - a) for a in alpha)
    return (made(*(parameters[name] for name in FAMILIES[family].parameters)),)


def within(support: Support, x: float) -> bool:
    """Return whether a number lies strictly inside where a family lives."""
    low, high = {"probability": (0, 1), "simplex": (0, 1), "positive": (0, np.inf)}.get(support, (-np.inf, np.inf))
    return bool(low < x < high)
