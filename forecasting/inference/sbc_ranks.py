"""Are ranks uniform? The statistics of simulation-based calibration.

Draw parameters θ from the prior, data from the likelihood at θ, and refit: then θ is one more draw from the posterior, and
its rank among L posterior draws is uniform on 0, …, L, for every quantity f(θ, data). What is not uniform is a fault of the
model's code, of its data or of the sampler. A quantity that looks at the data (the joint log likelihood) must be among them:
with the likelihood lost, the posterior is the prior, and the ranks of θ alone stay uniform.

References
----------
Talts, S., Betancourt, M., Simpson, D., Vehtari, A. and Gelman, A. (2018), *Validating Bayesian inference algorithms with
simulation-based calibration*, arXiv:1804.06788.
Modrák, M., Moon, A. H., Kim, S., Bürkner, P., Huurre, N., Faltejsková, K., Gelman, A. and Vehtari, A. (2023),
*Simulation-based calibration checking for Bayesian computation: the choice of test quantities shapes sensitivity*, Bayesian
Analysis (the log likelihood as a test quantity; ties broken at random).
Säilynoja, T., Bürkner, P.-C. and Vehtari, A. (2022), *Graphical test for discrete uniformity and its applications in
goodness-of-fit evaluation and multiple sample comparison*, Statistics and Computing 32 (the simultaneous band).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import optimize, stats
from scipy.special import gammaln

LEVEL = 0.01  # of all quantities together
MAX_FAILED = 0.01
N_BINS = 16


def random_tie_ranks(truth: np.ndarray, draws: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return the rank of each true value among its draws, ties broken at random: #{draws < truth} + U{0, …, #ties}.

    Parameters
    ----------
    truth : (quantity,) array
    draws : (draw, quantity) array
        Thinned until they are as good as independent; correlated draws make ranks pile up at both ends.

    Returns
    -------
    (quantity,) array of int
        From 0 to the number of draws.

    Examples
    --------
    >>> random_tie_ranks(np.array([0.5, 9.0]), np.array([[0.1, 1.0], [0.7, 2.0]]), np.random.default_rng(1))
    array([1, 2])
    """
    below, ties = (draws < truth).sum(axis=0), (draws == truth).sum(axis=0)
    return below + rng.integers(0, ties, endpoint=True)


def counts_below(ranks: np.ndarray, n_ranks: int) -> np.ndarray:
    """Return #{rank < i} for i = 1, …, n_ranks − 1: the steps of the empirical distribution function."""
    return np.bincount(ranks, minlength=n_ranks)[:-1].cumsum()


def pointwise_tails(n: int, n_ranks: int) -> np.ndarray:
    """Return 2·min(P(C ≤ c), P(C ≥ c)) of C ~ Binomial(n, i/n_ranks), one row per i = 1, …, n_ranks − 1, one column per c."""
    share = np.arange(1, n_ranks)[:, None] / n_ranks
    c = np.arange(n + 1)
    return 2 * np.minimum(stats.binom.cdf(c, n, share), stats.binom.sf(c - 1, n, share))


def stays_inside(n: int, n_ranks: int, inside: np.ndarray) -> float:
    """Return the probability that the empirical distribution of ``n`` uniform ranks stays in a region at every step.

    Exact: given C_{i−1} = j, the number of ranks equal to i − 1 is Binomial(n − j, 1/(n_ranks − i + 1)), so the probability
    of every allowed path is summed step by step.

    Parameters
    ----------
    inside : (n_ranks − 1, n + 1) array of bool
        Whether C_i = c is allowed.
    """
    log_factorial = gammaln(np.arange(n + 2) + 1)
    reached, weight = np.array([0]), np.array([1.0])
    for i, allowed in enumerate(inside):
        to = np.flatnonzero(allowed)
        if not to.size:
            return 0.0
        q = 1 / (n_ranks - i)
        new, left = to[None, :] - reached[:, None], n - to[None, :]
        log_mass = (
            log_factorial[n - reached][:, None] - log_factorial[np.maximum(new, 0)] - log_factorial[left]
            + new * np.log(q) + left * np.log1p(-q)
        )  # fmt: skip
        weight = weight @ np.where(new >= 0, np.exp(np.where(new >= 0, log_mass, 0.0)), 0.0)
        reached = to
    return float(weight.sum())


def ecdf_p_value(ranks: np.ndarray, n_ranks: int) -> float:
    """Return the probability that uniform ranks would leave a simultaneous band that these just touch.

    The statistic is the least pointwise tail probability along the empirical distribution function; its own distribution is
    exact (`stays_inside`), not simulated.

    Parameters
    ----------
    ranks : (simulation,) array of int
        From 0 to n_ranks − 1.

    Returns
    -------
    float
        Uniform (up to discreteness) if the ranks are. Read 0.002 as: two in a thousand correct models look this bad at their
        worst point.

    References
    ----------
    Säilynoja, Bürkner and Vehtari (2022), section 2.3.
    """
    tails = pointwise_tails(len(ranks), n_ranks)
    worst = tails[np.arange(n_ranks - 1), counts_below(ranks, n_ranks)].min()
    return max(0.0, 1 - stays_inside(len(ranks), n_ranks, tails > worst * (1 + 1e-9)))


def ecdf_band(n: int, n_ranks: int, prob: float = 0.95) -> tuple[np.ndarray, np.ndarray]:
    """Return the lower and upper edge of the band that holds the whole empirical distribution with probability ``prob``.

    Returns
    -------
    lower, upper : (n_ranks − 1,) arrays
        Bounds of #{rank < i}/n. The probability is at least ``prob``, and nearly equal to it.
    """
    tails = pointwise_tails(n, n_ranks)

    def excess(log_tail: float) -> float:
        return stays_inside(n, n_ranks, tails > np.exp(log_tail)) - prob

    found = optimize.bisect(excess, np.log(1e-12), np.log(1 - prob), xtol=1e-3)
    inside = tails > np.exp(found - 1e-3)
    return inside.argmax(axis=1) / n, (n - inside[:, ::-1].argmax(axis=1)) / n


def chi_square_p_value(ranks: np.ndarray, n_ranks: int) -> float:
    """Return the p-value of Pearson's chi-square over 16 equal bins of ranks.

    Raises
    ------
    ValueError
        If ``n_ranks`` is no multiple of 16: the bins would not be equally likely.
    """
    if n_ranks % N_BINS:
        raise ValueError(f"{n_ranks} ranks do not fall into {N_BINS} equal bins; keep {N_BINS}·k − 1 draws")
    return float(stats.chisquare(np.bincount(ranks * N_BINS // n_ranks, minlength=N_BINS)).pvalue)


@dataclass(frozen=True)
class Uniformity:
    """How uniform the ranks of one quantity are."""

    quantity: str
    ranks: np.ndarray
    ecdf_p: float
    chi_square_p: float

    @property
    def p(self) -> float:
        """The smaller of the two p-values."""
        return min(self.ecdf_p, self.chi_square_p)


@dataclass(frozen=True)
class Calibration:
    """The verdict of simulation-based calibration over all quantities."""

    rows: tuple[Uniformity, ...]
    n_ranks: int
    n_failed: int

    @property
    def n_simulations(self) -> int:
        """How many simulations were ranked."""
        return len(self.rows[0].ranks)

    @property
    def bound(self) -> float:
        """What every p-value must exceed: 0.01/K for K quantities (Bonferroni)."""
        return LEVEL / len(self.rows)

    @property
    def worst(self) -> Uniformity:
        """The least uniform quantity."""
        return min(self.rows, key=lambda row: row.p)

    @property
    def uniform(self) -> bool:
        """Whether every quantity's ranks may be uniform."""
        return self.worst.p > self.bound

    @property
    def passed(self) -> bool:
        """Whether ranks are uniform and at most 1 % of the fits failed."""
        return self.uniform and self.n_failed <= MAX_FAILED * self.n_simulations


def judge_ranks(ranks: Mapping[str, Sequence[int] | np.ndarray], n_ranks: int, n_failed: int = 0) -> Calibration:
    """Hold the ranks of every quantity to uniformity.

    Parameters
    ----------
    ranks : mapping of quantity to (simulation,) ranks
        From 0 to n_ranks − 1.
    n_failed : int
        Simulations whose fit failed. They stay among the ranks: leaving them out would select.

    Returns
    -------
    Calibration
        Passed if min p > 0.01/K over both tests and at most 1 % of the fits failed. A correct model fails with a
        probability of at most 2 %.

    Raises
    ------
    ValueError
        If a rank is out of range, or there is none.
    """
    rows = []
    for name, values in ranks.items():
        array = np.asarray(values)
        if not array.size or array.min() < 0 or array.max() >= n_ranks:
            raise ValueError(f"ranks of {name}: wanted whole numbers from 0 to {n_ranks - 1}, at least one")
        rows.append(Uniformity(name, array, ecdf_p_value(array, n_ranks), chi_square_p_value(array, n_ranks)))
    return Calibration(tuple(rows), n_ranks, n_failed)
