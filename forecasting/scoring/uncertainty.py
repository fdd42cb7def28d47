"""How sure a mean score is when many questions are one story: bootstrap over stories, and how many more it would take."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse.csgraph import connected_components

from forecasting.dossier.effects import Effect
from forecasting.dossier.graph import joined, reach

RESAMPLES, SEED, LEVEL = 10_000, 20201114, 90.0
Z = 1.6448536269514722  # the 95th percentile of a standard normal: a two-sided interval of 90 %
FEW = 10  # clusters, below which a bootstrap interval is rough and mostly too narrow
MOST = 10_000


@dataclass(frozen=True)
class Mean:
    """A mean with the central 90 % of what it would be with clusters drawn anew.

    ``low`` and ``high`` are equal to ``mean`` where there is one cluster only: it says nothing about others.
    """

    mean: float
    low: float
    high: float
    n: int
    clusters: int


def mean_by(values: Sequence[float], clusters: Sequence[int]) -> Mean:
    """Return the mean of values and its interval by a bootstrap over clusters.

    Clusters are drawn with replacement, each with all of its values; the mean is that of all values drawn. With every value a
    cluster of its own it is the bootstrap over questions. 10,000 resamples under a fixed seed, percentile interval.

    References
    ----------
    Cameron, A. C., Gelbach, J. B. and Miller, D. L. (2008), Bootstrap-based improvements for inference with clustered errors,
    *Review of Economics and Statistics* 90, 414–427.

    Examples
    --------
    >>> mean_by([0.1, 0.3], [0, 0])
    Mean(mean=0.2, low=0.2, high=0.2, n=2, clusters=1)
    """
    each, labels = np.asarray(values, dtype=float), np.asarray(clusters)
    ids = np.unique(labels)
    sums = np.array([each[labels == one].sum() for one in ids])
    sizes = np.array([(labels == one).sum() for one in ids])
    drawn = np.random.default_rng(SEED).integers(len(ids), size=(RESAMPLES, len(ids)))
    means = sums[drawn].sum(axis=1) / sizes[drawn].sum(axis=1)
    low, high = np.percentile(means, [(100 - LEVEL) / 2, (100 + LEVEL) / 2])
    return Mean(float(each.mean()), float(low), float(high), len(each), len(ids))


def more_needed(differences: Sequence[float], clusters: Sequence[int]) -> int | None:
    """Return about how many more clusters would tell two forecasters apart, if they go on differing as they do.

    The mean difference d per cluster has standard error s/√k; the interval of 90 % leaves out 0 once k ≥ (1.645 s/d)². What is
    returned is that k less the clusters there are; 0 if there are enough, None if it is more than 10,000 or cannot be said
    (fewer than two clusters).

    Examples
    --------
    >>> more_needed([0.1, -0.1, 0.1, 0.1], [0, 1, 2, 3])
    7
    """
    each, labels = np.asarray(differences, dtype=float), np.asarray(clusters)
    means = np.array([each[labels == one].mean() for one in np.unique(labels)])
    if len(means) < 2:
        return None
    mean, spread = float(means.mean()), float(means.std(ddof=1))
    if spread == 0:
        return 0 if mean else None
    if abs(mean) * math.sqrt(MOST) < Z * spread:
        return None
    return max(0, math.ceil((Z * spread / mean) ** 2) - len(means))


def stories(events: Sequence[frozenset[str]], effects: Iterable[Effect]) -> tuple[int, ...]:
    """Return for each question's events a number that it shares with questions of the same story.

    Two questions are one story if they share an event, or if events of theirs follow from, imply, wait for or exclude each
    other by a chain of effects. What only multiplies a hazard joins no stories.
    """
    pairs = [(e.from_, e.to) for e in effects if e.acts != "multiplies"]
    reached = [reach(joined([*pairs, *((b, a) for a, b in pairs)]), some) for some in events]
    shared = np.array([[bool(one & other) for other in reached] for one in reached])
    return tuple(connected_components(shared, directed=False)[1].tolist())
