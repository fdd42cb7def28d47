"""Base rates: what a counted reference class says before anything is known of the case at hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from forecasting.arguments import CLASS, POWER, many, takes
from forecasting.dossier.reference_classes import ReferenceClass
from forecasting.elicitation.gamma import JEFFREYS
from forecasting.elicitation.life_tables import counts, time_shape
from forecasting.elicitation.partial_pooling import pooled_shape
from forecasting.elicitation.special import betaincinv, gammaincinv, ndtri
from forecasting.elicitation.wording import cloglog

SEED = 20201110  # of the quasi-random points: the same for every class, so that classes are compared like with like
TABLE = 2048  # points at which a density is tabulated
BLOCK = 64  # rows of terms at a time, which stay in the processor's cache


@dataclass(frozen=True)
class BaseRate:
    """Samples of the log hazard (per year, or cloglog of the probability of a scheduled event) of one class member.

    ``log_hazard`` (sample,) is constant over time, or, for a class with a life table, in its operational time
    T (t/T)^κ with T = ``years`` and κ = exp(``log_shape``) (sample,); see `forecasting.elicitation.life_tables`.
    """

    log_hazard: np.ndarray
    log_shape: np.ndarray
    years: float

    def within(self, years: float = 1.0) -> np.ndarray:
        """Return P(T ≤ years) for each sample, from age zero on; ``years`` = 1 for a scheduled event."""
        operational = self.years * (years / self.years) ** np.exp(self.log_shape)
        return -np.expm1(-np.exp(self.log_hazard) * operational)

    def probability(self, years: float = 1.0) -> float:
        """Return P(T ≤ years), averaged over what is not known of the rate; ``years`` = 1 for a scheduled event."""
        return float(np.mean(self.within(years)))

    def interval(self, years: float = 1.0, prob: float = 0.9) -> tuple[float, float]:
        """Return the equal-tailed interval of P(T ≤ years)."""
        tail = (1 - prob) / 2
        low, high = np.quantile(self.within(years), [tail, 1 - tail])
        return float(low), float(high)


@takes(reference_class=CLASS, relatives=many(CLASS), n=POWER)
def base_rate(reference_class: ReferenceClass, relatives: Sequence[ReferenceClass] = (), n: int = 4096) -> BaseRate:
    """Return the distribution of a class member's log hazard by stratified (quasi-random) draws.

    Rate: λ_r ~ Gamma(N + ½, E) for N events in E years (the posterior under Jeffreys' prior), pooled with the relatives
    that the class borrows from (`forecasting.elicitation.partial_pooling`), or, per trial, p_r ~ Beta(N + ½, n − N + ½)
    read as cloglog(p_r). A member differs from its class by ω·z with ω ~ HalfNormal(spread)
    and z ~ Normal(0, 1). These are the priors of `forecasting.models.network.build`, without any claim or history.

    Parameters
    ----------
    reference_class : ReferenceClass
        Counted events and exposure.
    relatives : sequence of ReferenceClass
        The classes it borrows from: ``dossier.relatives(id)``.
    n : int
        Points of a scrambled Sobol sequence with a fixed seed, so the answer is reproducible to about 1e-3.

    Returns
    -------
    BaseRate
        *How to read it:* ``probability(years)`` is what the class alone says of a member; ``interval(years)`` is how far members
        differ and how little their number tells of the rate.

    Raises
    ------
    UsageError
        If ``reference_class`` is no class, or ``n`` no power of two.

    References
    ----------
    Gelman et al. (2013), *Bayesian Data Analysis*, 3rd ed., sections 2.6-2.8 (Gamma-Poisson, Jeffreys' prior).

    Examples
    --------
    >>> import forecasting as fc
    >>> dossier = fc.load_dossier("priors")
    >>> counted = dossier.reference_classes["foreign-base-no-demand"]
    >>> rate = base_rate(counted, dossier.relatives(counted.id))
    >>> round(rate.probability(1.0), 3), [round(end, 3) for end in rate.interval(1.0)]
    (0.039, [0.0, 0.158])
    """
    shape = time_shape(reference_class)
    u = _points(4 if shape else 3, n)
    mu = _log_class_hazard(reference_class, relatives, u[:, 0])
    omega = reference_class.spread * ndtri((1 + u[:, 1]) / 2)
    log_shape = shape.log_shape + shape.log_shape_sd * ndtri(u[:, 3]) if shape else np.zeros(n)
    return BaseRate(mu + omega * ndtri(u[:, 2]), log_shape, shape.years if shape else 1.0)


def class_shape(reference_class: ReferenceClass, relatives: Sequence[ReferenceClass] = ()) -> tuple[float, float]:
    """Return (shape, rate) of the Gamma distribution of a class's rate, or (a, b) of the Beta distribution of its p."""
    events, exposure = counts(reference_class)
    if reference_class.unit == "year":
        return pooled_shape(reference_class, relatives) if relatives else (events + JEFFREYS, exposure)
    return events + JEFFREYS, exposure - events + JEFFREYS


@lru_cache(maxsize=16)
def _points(dimensions: int, n: int) -> np.ndarray:
    """Return the first ``n`` points of a scrambled Sobol sequence (n, dimensions), within (0, 1), not to be written to."""
    from scipy.stats.qmc import Sobol  # half a second to load

    points = np.clip(Sobol(dimensions, scramble=True, rng=SEED).random(n), 1e-9, 1 - 1e-9)
    points.flags.writeable = False
    return points


def _log_class_hazard(reference_class: ReferenceClass, relatives: Sequence[ReferenceClass], u: np.ndarray) -> np.ndarray:
    """Return quantiles of the class's log rate, or of cloglog of its probability per trial."""
    first, second = class_shape(reference_class, relatives)
    if reference_class.unit == "year":
        return np.log(gammaincinv(first, u) / second)
    return cloglog(betaincinv(first, second, u))


def log_density(
    reference_class: ReferenceClass, x: np.ndarray, n: int = 512, relatives: Sequence[ReferenceClass] = ()
) -> np.ndarray:
    """Return the log density of a class member's log hazard at ``x``, or the joint one of several members.

    The density is a mixture of Normal(log λ_r, ω²) over the class's rate and spread, summed over quasi-random points.
    The members of a class share both, so together they have one mixture of products, not a product of mixtures.

    Parameters
    ----------
    x : (draw,) or (draw, member) array
        Log hazards per year (or cloglog of p).

    Returns
    -------
    (draw,) array
        Zero where there are no members.
    """
    u = _points(2, n)
    mu = _log_class_hazard(reference_class, relatives, u[:, 0])
    omega = np.maximum(reference_class.spread * ndtri((1 + u[:, 1]) / 2), 0.02)
    members = x[:, None] if x.ndim == 1 else x
    count, total, squares = members.shape[1], members.sum(axis=1), (members**2).sum(axis=1)
    if not count:
        return np.zeros(len(x))
    # Σ log φ((m − μ)/ω)/ω over the members is a quadratic in μ: as much work for many members as for one
    weight, constant = -0.5 / omega**2, -count * (np.log(omega) + np.log(2 * np.pi) / 2)
    linear, rest, found = -2 * mu * weight, count * mu**2 * weight + constant, np.empty(len(x))
    for first in range(0, len(x), BLOCK):
        some = slice(first, first + BLOCK)
        terms = squares[some, None] * weight
        terms += total[some, None] * linear
        terms += rest
        top = terms.max(axis=1)
        terms -= top[:, None]
        np.exp(terms, out=terms)
        found[some] = top + np.log(terms.mean(axis=1))
    return found


def interpolated_log_density(
    reference_class: ReferenceClass, x: np.ndarray, relatives: Sequence[ReferenceClass] = ()
) -> np.ndarray:
    """Return `log_density` of single members at many points ``x`` (draw,), from a table of it.

    In a tenth of the time, and within 0.01 for any spread from 0.1 on: weights are then right to one per cent.
    """
    grid = np.linspace(x.min(), x.max(), TABLE)
    return np.interp(x, grid, log_density(reference_class, grid, relatives=relatives))
