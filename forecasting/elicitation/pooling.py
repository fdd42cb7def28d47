"""Pool the probabilities of several experts: the linear pool, the logarithmic pool, and extremizing.

A pool answers one question with one number and hides that the experts differ. To keep their difference in sight, keep
their distributions as a `forecasting.elicitation.mixture.Mixture`; ``docs/decisions/pooling.md`` says which to use when.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit, log_softmax, logit

from forecasting.arguments import as_number, looked_at, shown, takes
from forecasting.errors import UsageError

SUM_TOLERANCE = 1e-8
MOST_POWER = 1e6  # no crowd is to be made more extreme than that, and larger ones leave no number


@takes()
def linear_pool(p: ArrayLike, weights: ArrayLike | None = None) -> np.ndarray:
    """Return the weighted mean of the experts' probabilities.

    q_k = Σ_i w_i p_ik

    Parameters
    ----------
    p : (expert,) or (expert, outcome) array_like
        Each expert's probability of one event, or of each member of an exhaustive set; strictly between 0 and 1, and
        over a set summing to 1.
    weights : (expert,) array_like, optional
        Not negative, summing to 1; by default equal.

    Returns
    -------
    () or (outcome,) ndarray
        The pooled probability, or probabilities. *How to read it:* the probability of the event if one of the experts,
        drawn by weight, is right as he stands. It lies between the experts, is never further from ½ than the most
        extreme of them, and is too cautious when each of them knows something the others do not.

    Raises
    ------
    UsageError
        If a probability is not inside (0, 1), an expert's set or the weights do not sum to 1 within 1e-8, a weight is
        negative, or the shapes differ. Nothing is clipped or rescaled.

    References
    ----------
    Stone, M. (1961), The opinion pool, *Annals of Mathematical Statistics* 32, 1339-1342.

    Genest, C. and Zidek, J. V. (1986), Combining probability distributions: a critique and an annotated bibliography,
    *Statistical Science* 1, 114-135. Section 2: the only pool, but for a fixed term, that commutes with marginalisation.

    Examples
    --------
    >>> float(linear_pool([0.1, 0.6], [0.75, 0.25]).round(6))
    0.225
    >>> linear_pool([[0.2, 0.3, 0.5], [0.6, 0.3, 0.1]]).round(6).tolist()
    [0.4, 0.3, 0.3]
    """
    p, w = _experts(p, weights)
    return w @ p


@takes()
def log_pool(p: ArrayLike, weights: ArrayLike | None = None) -> np.ndarray:
    """Return the normalised weighted geometric mean of the experts' probabilities.

    q_k = Π_i p_ik^w_i / Σ_l Π_i p_il^w_i; for one event, logit q = Σ_i w_i logit p_i.

    Parameters
    ----------
    p : (expert,) or (expert, outcome) array_like
        Each expert's probability of one event, or of each member of an exhaustive set; strictly between 0 and 1, and
        over a set summing to 1.
    weights : (expert,) array_like, optional
        Not negative, summing to 1; by default equal.

    Returns
    -------
    () or (outcome,) ndarray
        The pooled probability, or probabilities. *How to read it:* the average of the evidence, in log odds. News that
        all experts read alike may come before or after pooling (external Bayesianity). One expert close to 0 or 1 pulls
        hard, and the pool of a coarse set differs from the pool of a fine one summed up: pool on the set you report.

    Raises
    ------
    UsageError
        If a probability is not inside (0, 1), an expert's set or the weights do not sum to 1 within 1e-8, a weight is
        negative, or the shapes differ. Nothing is clipped or rescaled.

    References
    ----------
    Genest, C. and Zidek, J. V. (1986), Combining probability distributions: a critique and an annotated bibliography,
    *Statistical Science* 1, 114-135. Section 3: logarithmic pools and external Bayesianity.

    Examples
    --------
    Odds 1:9 and 9:1 with weights ¾ and ¼ pool to odds 9^(−½), one to three:

    >>> float(log_pool([0.1, 0.9], [0.75, 0.25]).round(6))
    0.25
    """
    p, w = _experts(p, weights)
    return expit(w @ logit(p)) if p.ndim == 1 else np.exp(log_softmax(w @ np.log(p)))


@takes()
def extremize(p: ArrayLike, a: float) -> np.ndarray:
    """Return a pooled probability with its log odds multiplied by ``a``.

    q = p^a / (p^a + (1 − p)^a), that is logit q = a · logit p; over a set, q_k = p_k^a / Σ_l p_l^a.

    Parameters
    ----------
    p : () or (outcome,) array_like
        A pooled probability strictly between 0 and 1, or those of an exhaustive set, which sum to 1.
    a : float
        Above 0. ``a`` > 1 moves away from ½ (or from equal shares), ``a`` < 1 towards it, 1 changes nothing. There is
        no default: no value holds across groups. Fit it on resolved questions, or leave it out.

    Returns
    -------
    () or (outcome,) ndarray
        *How to read it:* what a group would say if its members pooled their separate evidence, provided that each knows
        something of his own. Applied to experts who all read the same articles it counts the same evidence twice.

    Raises
    ------
    UsageError
        If a probability is not inside (0, 1), a set does not sum to 1 within 1e-8, or ``a`` is not a number above 0.

    References
    ----------
    Baron, J., Mellers, B. A., Tetlock, P. E., Stone, E. and Ungar, L. H. (2014), Two reasons to make aggregated
    probability forecasts more extreme, *Decision Analysis* 11, 133-145.

    Satopää, V. A., Baron, J., Foster, D. P., Mellers, B. A., Tetlock, P. E. and Ungar, L. H. (2014), Combining multiple
    probability predictions using a simple logit model, *International Journal of Forecasting* 30, 344-356.

    Examples
    --------
    Odds of 3 become odds of 9:

    >>> float(extremize(0.75, 2).round(6))
    0.9
    >>> extremize([0.2, 0.3, 0.5], 2).round(4).tolist()
    [0.1053, 0.2368, 0.6579]
    """
    p = _numbers(p, "p", "write one pooled probability, or those of one exhaustive set", (0, 1))
    power = as_number(a)
    if power is None or not 0 < power <= MOST_POWER:
        raise UsageError(f"a is {shown(a)}; write a number above 0, such as 1.5, or leave extremizing out")
    _inside(p)
    if p.ndim == 0:
        return expit(power * logit(p))
    _sums_to_one(p[None], "the set")
    return np.exp(log_softmax(power * np.log(p)))


def _experts(p: ArrayLike, weights: ArrayLike | None) -> tuple[np.ndarray, np.ndarray]:
    """Return probabilities and weights that a pool may use, or say what is wrong with them."""
    p = _numbers(p, "p", "write [p of expert 1, p of expert 2, …], or one such set of outcomes for each", (1, 2))
    _inside(p)
    if p.ndim == 2:
        _sums_to_one(p, "the set of expert")
    n = len(p)
    if weights is None:
        return p, np.full(n, 1 / n)
    w = _numbers(weights, "weights", f"write {n}, one for each expert", (1,))
    if len(w) != n:
        raise UsageError(f"{len(w)} weights for {n} experts; write one for each")
    if not np.all(w >= 0):
        raise UsageError(f"weights {w.tolist()} hold a negative number or none at all; write shares from 0 to 1")
    if not abs(w.sum() - 1) <= SUM_TOLERANCE:
        raise UsageError(f"weights {w.tolist()} sum to {w.sum():.10g}; write shares that sum to 1")
    return p, w


def _numbers(values: ArrayLike, name: str, fix: str, dims: tuple[int, ...]) -> np.ndarray:
    """Return an array of floats with as many dimensions as allowed."""
    array = looked_at(lambda: np.array(values))
    if array is None:  # rows of different lengths
        raise UsageError(f"{name} is not a table of numbers; {fix}")
    if array.dtype.kind not in "iuf" or array.ndim not in dims or array.size == 0:
        raise UsageError(f"{name} is {shown(values)}; {fix}")
    return array.astype(float)


def _inside(p: np.ndarray) -> None:
    outside = p[~((p > 0) & (p < 1))]
    if outside.size:
        shown = ", ".join(f"{value:.10g}" for value in outside[:5])
        raise UsageError(f"p holds {shown}, outside (0, 1); write probabilities strictly between 0 and 1")


def _sums_to_one(p: np.ndarray, label: str) -> None:
    for number, total in enumerate(p.sum(axis=1), 1):
        if not abs(total - 1) <= SUM_TOLERANCE:
            who = f"{label} {number}" if label.endswith("expert") else label
            raise UsageError(f"{who} sums to {total:.10g}; write the probabilities of all outcomes, summing to 1")
