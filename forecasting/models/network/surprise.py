"""How surprising what has happened is to what was believed before: the tail of the prior predictive distribution."""

from __future__ import annotations

import numpy as np
from scipy.special import pdtr, pdtrc

from forecasting.models.network.evidence import Evidence
from forecasting.models.network.parameters import Parameters
from forecasting.models.network.predictor import row_predictor_of_draws
from forecasting.models.network.structure import Structure


def predictive_tail(at_most: np.ndarray | float, at_least: np.ndarray | float) -> float:
    """Return the two-sided tail probability 2·min(E[P(Y ≤ y | θ)], E[P(Y ≥ y | θ)]) over draws θ of the prior, at most 1.

    Parameters
    ----------
    at_most, at_least : (draw,) arrays
        P(Y ≤ y | θ) and P(Y ≥ y | θ) of what was observed, y; or zeros and ones for replicated y.

    Returns
    -------
    float
        Read 0.001 as: in one of a thousand data sets that the prior leads to expect, Y is as far out on either side. It says
        that prior and data disagree, not which of them is wrong.

    References
    ----------
    Box, G. E. P. (1980), *Sampling and Bayes' inference in scientific modelling and robustness*, J. R. Stat. Soc. A 143.
    Evans, M. and Moshonov, H. (2006), *Checking for prior-data conflict*, Bayesian Analysis 1.

    Examples
    --------
    >>> round(predictive_tail(np.array([0.99, 0.97]), np.array([0.01, 0.03])), 12)
    0.04
    """
    return min(1.0, 2 * min(float(np.mean(at_most)), float(np.mean(at_least))))


def history_tails(p: Parameters, s: Structure, evidence: Evidence) -> dict[str, float]:
    """Return, for every event that has a history, how far out its history is under draws of the prior layer.

    Given θ the number of times an event happened in all its rows is Poisson with mean Σ Λ_i, or one trial with probability
    1 − exp(−Λ) on its date, whose tails at 0 and 1 are the same. So the tail of an event that happened is P(T ≤ t) of the
    day on which it did, and of one that did not, P(T > t).

    Parameters
    ----------
    p : Parameters
        Of the prior layer, draws first.
    evidence : Evidence
        With the history: that of the posterior layer.

    Returns
    -------
    dict of event id to float
    """
    mass = np.exp(row_predictor_of_draws(p, s, evidence.rows, len(evidence.claims.reading)))
    event = np.array([world.event for world in evidence.history.worlds], dtype=int)
    found = {}
    for k in np.unique(event):
        n, mean = evidence.history.count[event == k].sum(), mass[:, event == k].sum(axis=1)
        found[s.event_ids[k]] = predictive_tail(pdtr(n, mean), pdtrc(n - 1, mean) if n else 1.0)
    return found
