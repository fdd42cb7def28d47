"""Pool several forecasters, question by question, with a factor that earlier questions taught."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from forecasting.elicitation.pooling import extremize, linear_pool, log_pool
from forecasting.learning.recalibration import Map, fit_map


@dataclass(frozen=True)
class Pools:
    """What pools say of each row, with the factor of the one that extremises.

    ``p`` holds (row,) arrays by name: *linear* (the mean of probabilities), *log-odds* (the mean of log odds), *extremised* (that
    mean times the factor).
    """

    p: Mapping[str, np.ndarray]
    factor: Map


def fit_factor(p: ArrayLike, came: ArrayLike, clusters: ArrayLike) -> Map:
    """Return the factor by which to multiply the mean log odds of forecasters, learned with a prior of 1 ± 0.5.

    Parameters
    ----------
    p : (row, forecaster) array_like
        On earlier questions.

    References
    ----------
    Satopää, V. A. et al. (2014), Combining multiple probability predictions using a simple logit model, *International Journal
    of Forecasting* 30, 344–356: factors from 1.2 to 3.9 in groups whose members know different things; Baron, J. et al. (2014).
    """
    rows = np.atleast_2d(np.asarray(p, dtype=float))
    mean = np.array([log_pool(row) for row in rows]) if rows.size else np.zeros(0)
    return fit_map("extremising", mean, came, clusters)


def pools(p: ArrayLike, factor: Map) -> Pools:
    """Return what each pool says of later questions.

    Examples
    --------
    >>> found = pools([[0.6, 0.9]], fit_factor(np.empty((0, 2)), [], []))
    >>> {name: round(float(value[0]), 3) for name, value in found.p.items()}
    {'linear': 0.75, 'log-odds': 0.786, 'extremised': 0.786}
    """
    rows = np.atleast_2d(np.asarray(p, dtype=float))
    mean = np.array([log_pool(row) for row in rows])
    return Pools(
        {
            "linear": np.array([linear_pool(row) for row in rows]),
            "log-odds": mean,
            "extremised": np.array([extremize(float(one), factor.theta[0]) for one in mean]),
        },
        factor,
    )
