"""How sure a mean score is when many questions are one story: bootstrap over stories, and how many more it would take."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse.csgraph import connected_components
from scipy.special import stdtrit

from forecasting.dossier.effects import Effect
from forecasting.dossier.graph import joined, reach

RESAMPLES, SEED, LEVEL = 10_000, 20201114, 90.0
LEVEL_ABOVE = (1 + LEVEL / 100) / 2  # above the lower end of a two-sided interval of that level
FEWEST = 5  # clusters, below which nothing is said of how many more it takes
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
    r"""Return about how many more clusters would tell two forecasters apart, if they go on differing as they do.

    The mean difference over all n questions is d, and its standard error over the k clusters, with e_j the sum of d_i − d in
    cluster j,

    .. math:: s_k = \frac{1}{n} \sqrt{\frac{k}{k - 1} \sum_j e_j^2}

    With K clusters of the same kind it is s_k √(k/K), and the interval of 90 % leaves out 0 once |d| exceeds that times the
    95th percentile of Student's t with K − 1 degrees of freedom. What is returned is the least such K, less k; 0 if there are
    enough, None if it is more than 10,000 or cannot be said: with fewer than five clusters s_k itself is a guess.

    References
    ----------
    Cameron, A. C. and Miller, D. L. (2015), A practitioner's guide to cluster-robust inference, *Journal of Human Resources* 50,
    317–372: the standard error, and the t quantile where clusters are few.

    Examples
    --------
    >>> more_needed([0.1, -0.1, 0.1, 0.1, 0.0], [0, 1, 2, 3, 4])
    11
    """
    each, labels = np.asarray(differences, dtype=float), np.asarray(clusters)
    ids = np.unique(labels)
    k = len(ids)
    if k < FEWEST:
        return None
    mean = float(each.mean())
    over = np.array([(each[labels == one] - mean).sum() for one in ids])
    error = math.sqrt(k / (k - 1) * float((over**2).sum())) / len(each)
    if error == 0:
        return 0 if mean else None
    ways = np.arange(k, k + MOST + 1)
    enough = abs(mean) >= stdtrit(ways - 1, LEVEL_ABOVE) * error * np.sqrt(k / ways)
    return int(ways[enough][0]) - k if enough.any() else None


def stories(events: Sequence[frozenset[str]], effects: Iterable[Effect]) -> tuple[int, ...]:
    """Return for each question's events a number that it shares with questions of the same story.

    Two questions are one story if they share an event, or if events of theirs follow from, imply, wait for or exclude each
    other by a chain of effects. What only multiplies a hazard joins no stories.
    """
    pairs = [(e.from_, e.to) for e in effects if e.acts != "multiplies"]
    reached = [reach(joined([*pairs, *((b, a) for a, b in pairs)]), some) for some in events]
    shared = np.array([[bool(one & other) for other in reached] for one in reached])
    return tuple(connected_components(shared, directed=False)[1].tolist())
