"""Let a counted class borrow from its relatives: a Gamma-Poisson hierarchy, summed exactly on a grid."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from forecasting.dossier.reference_classes import ReferenceClass
from forecasting.elicitation.gamma import gamma_nearest
from forecasting.elicitation.life_tables import counts
from forecasting.elicitation.special import digamma, gammaln, logsumexp

# The family's mean rate: once in ten years, give or take a factor of 7 (one sd), so that the counts decide.
CENTRE, SPAN = np.log(0.1), 2.0
# How much members of a family differ: coefficient of variation ~ HalfNormal(1). Bases with and without a demand to leave,
# or alliances and deployments, differ by an order of magnitude; ceasefires with and without peacekeepers hardly.
VARIATION = 1.0
GRID = 161


def pooled_shape(reference_class: ReferenceClass, relatives: Sequence[ReferenceClass]) -> tuple[float, float]:
    """Return (shape, rate) of a class's rate once it has borrowed from its relatives.

    The rates of a class and its relatives are draws of one family, λ_i ~ Gamma(a, a/μ) with mean μ and coefficient of
    variation c = 1/√a; counts are N_i ~ Poisson(λ_i E_i). Then N_i given (a, μ) is negative binomial, so the posterior of
    (log μ, c) is summed on a grid, and

        λ_r | a, μ, N_r  ~  Gamma(a + N_r, a/μ + E_r).

    This mixture is returned as the Gamma distribution with the same E[λ] and E[log λ]: among Gamma distributions the one
    nearest to it in Kullback-Leibler divergence.

    Parameters
    ----------
    reference_class : ReferenceClass
        The class, counted per year.
    relatives : sequence of ReferenceClass
        Classes of the same kind with other cases; at least one.

    Returns
    -------
    shape, rate : float
        In place of (N + ½, E): read shape − ½ as the events, and rate as the years, that the class now stands on.

    Raises
    ------
    ValueError
        If there are no relatives, or a class is counted per trial.

    References
    ----------
    George, E. I., Makov, U. E. and Smith, A. F. M. (1993), *Conjugate likelihood distributions*, Scand. J. Statist. 20
    (Gamma-Poisson hierarchy). Gelman, A. (2006), *Prior distributions for variance parameters*, Bayesian Analysis 1
    (half-normal scales). Bishop, C. M. (2006), *Pattern Recognition and Machine Learning*, section 10.7 (moments of the
    sufficient statistics give the nearest member of an exponential family).

    Examples
    --------
    Nothing in 19 years, but bases with a demand to leave went once in three and deployments end once in 35 years:

    >>> import datetime as dt
    >>> when = dict(counted_from=dt.date(1959, 1, 1), counted_until=dt.date(2024, 12, 8))
    >>> known = dict(unit="year", spread=0.9, citation="made up", note="made up", **when)
    >>> quiet = ReferenceClass(id="no-demand", events=0, exposure=19.15, **known)
    >>> demand = ReferenceClass(id="demand", events=9, exposure=28.56, **known)
    >>> deployed = ReferenceClass(id="deployed", events=34, exposure=1182, **known)
    >>> shape, rate = pooled_shape(quiet, [demand, deployed])
    >>> round(0.5 / 19.15, 3), round(shape / rate, 3)
    (0.026, 0.028)
    """
    if not relatives:
        raise ValueError(f"class {reference_class.id} borrows from nobody; use its own counts")
    members = (reference_class, *relatives)
    if per_trial := [member.id for member in members if member.unit != "year"]:
        raise ValueError(f"{', '.join(per_trial)}: counted per trial; only rates per year are pooled")
    return _pooled(tuple(counts(member) for member in members))


@lru_cache(maxsize=256)
def _pooled(counts: tuple[tuple[float, float], ...]) -> tuple[float, float]:
    log_mean, variation = np.meshgrid(
        np.linspace(CENTRE - 4 * SPAN, CENTRE + 4 * SPAN, 2 * GRID),
        np.linspace(0, 4 * VARIATION, GRID + 1)[1:],
        indexing="ij",
    )
    a = variation**-2
    b = a / np.exp(log_mean)
    log_weight = -0.5 * ((log_mean - CENTRE) / SPAN) ** 2 - 0.5 * (variation / VARIATION) ** 2
    for events, exposure in counts:
        log_weight += gammaln(a + events) - gammaln(a) + a * np.log(b) - (a + events) * np.log(b + exposure)
    weight = np.exp(log_weight - logsumexp(log_weight))
    events, exposure = counts[0]
    mean = float((weight * (a + events) / (b + exposure)).sum())
    mean_log = float((weight * (digamma(a + events) - np.log(b + exposure))).sum())
    return gamma_nearest(mean, mean_log)
