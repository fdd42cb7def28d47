"""Krippendorff's alpha of what several coders said of the same units, with a bootstrap interval."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any, Literal

import numpy as np

from forecasting.coding.set_distance import masi_distance

type Unit = Sequence[Hashable | None]  # what each coder said of one unit; None: nothing
Level = Literal["nominal", "ordinal", "interval", "sets"]
LEAST_DEFINED = 0.9  # of the resamples, for an interval to be given


def alpha(units: Sequence[Unit], level: Level, order: Sequence[Hashable] = ()) -> float | None:
    r"""Return Krippendorff's alpha, one less the ratio of observed to expected disagreement.

    .. math:: \alpha = 1 - D_o / D_e

    The distance is 0 or 1 for nominal values, the squared number of ranks passed for ordinal ones, the squared difference
    for interval ones, and `masi_distance` for sets.

    Parameters
    ----------
    units : sequence
        Per unit the value that each coder gave; ``None`` where a coder gave none. Sets are frozensets.
    level : {"nominal", "ordinal", "interval", "sets"}
        Level of measurement.
    order : sequence, optional
        The values of an ordinal scale, rising.

    Returns
    -------
    float or None
        1 where all agree, 0 where they agree as often as values dealt at random would, below 0 where less often. At least
        0.8 is customary for conclusions, 0.667 for tentative ones. None if nothing could have differed: fewer than two
        values, or no unit with two coders.

    References
    ----------
    Krippendorff, K. (2019), *Content Analysis: An Introduction to Its Methodology*, 4th edition, chapter 12.
    Castro, S. (2017), *Fast Krippendorff*, the package that computes it here.

    Examples
    --------
    The nominal example of Krippendorff (2011), *Computing Krippendorff's alpha-reliability*, section B:

    >>> round(alpha(list(zip("aabbdcccedda", "babbbccceddd")), "nominal"), 3)
    0.692
    """
    domain = _domain(units, level, order)
    return _alpha(_counts(units, domain), domain, level)


def alpha_interval(
    units: Sequence[Unit], level: Level, order: Sequence[Hashable] = (), *, clusters: Sequence[Hashable], random_seed: int,
    n_resamples: int = 1000, ci_prob: float = 0.9,
) -> tuple[float, float] | None:  # fmt: skip
    """Return a percentile bootstrap interval of alpha, in which whole clusters of units are drawn with replacement.

    Parameters
    ----------
    units, level, order
        As for `alpha`.
    clusters : sequence
        Per unit the cluster that it belongs to, for claims their paragraph: clauses of one paragraph share words and
        difficulties, so that drawing them one by one would promise too much.
    random_seed : int
        Seed of the resamples.
    n_resamples : int
        How many.
    ci_prob : float
        Probability inside, with equal tails.

    Returns
    -------
    tuple of float or None
        Lower and upper end; None if alpha is not defined in more than a tenth of the resamples.

    References
    ----------
    Davison, A. C. and Hinkley, D. V. (1997), *Bootstrap Methods and their Application*, section 3.8.
    Zapf, A. et al. (2016), *Measuring inter-rater reliability for nominal data*, BMC Medical Research Methodology 16: 93.
    """
    domain = _domain(units, level, order)
    counts = _counts(units, domain)
    names = sorted(set(clusters), key=str)
    members = [np.flatnonzero([cluster == name for cluster in clusters]) for name in names]
    rng = np.random.default_rng(random_seed)
    found = []
    for _ in range(n_resamples if names else 0):
        drawn = np.concatenate([members[i] for i in rng.integers(len(members), size=len(members))])
        found.append(_alpha(counts[drawn], domain, level))
    defined = [value for value in found if value is not None]
    if not defined or len(defined) < LEAST_DEFINED * n_resamples:
        return None
    low, high = np.quantile(defined, [(1 - ci_prob) / 2, (1 + ci_prob) / 2])
    return float(low), float(high)


def _domain(units: Sequence[Unit], level: Level, order: Sequence[Hashable]) -> list[Any]:
    """Return the values that occur, in the order of the scale; of sets and names any fixed order does."""
    values = {value for unit in units for value in unit if value is not None}
    if level == "ordinal":
        return [value for value in order if value in values]
    return sorted(values, key=lambda value: sorted(value) if isinstance(value, frozenset) else value)


def _counts(units: Sequence[Unit], domain: Sequence[Any]) -> np.ndarray:
    """Return per unit how many coders gave each value (unit × value)."""
    counts = np.zeros((len(units), len(domain)), dtype=int)
    column = {value: i for i, value in enumerate(domain)}
    for row, unit in zip(counts, units, strict=True):
        for value in unit:
            if value is not None:
                row[column[value]] += 1
    return counts


def _alpha(counts: np.ndarray, domain: Sequence[Any], level: Level) -> float | None:
    import krippendorff

    counts = counts[counts.sum(axis=1) > 1]  # a unit of one coder compares nothing
    if not len(counts) or (counts.sum(axis=0) > 0).sum() < 2:
        return None
    values = np.array(domain, dtype=float) if level == "interval" else np.arange(len(domain))
    metric = _masi(domain) if level == "sets" else level
    return float(krippendorff.alpha(value_counts=counts, value_domain=values, level_of_measurement=metric))


def _masi(domain: Sequence[frozenset[object]]) -> Any:
    """Return the distances of the sets in the form in which the package asks for them."""
    table = np.array([[masi_distance(a, b) for b in domain] for a in domain])

    def distance(v1: Any, v2: Any, i1: np.ndarray, i2: np.ndarray, n_v: Any, dtype: Any = float) -> np.ndarray:
        return table[i1, i2].astype(dtype)

    return distance
