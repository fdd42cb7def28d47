"""The likelihood of an edition's evidence, row by row, for posterior draws: the model's terms evaluated with NumPy.

Importance weights need it (what would the posterior be without this claim?). A test holds it to PyMC's own log density.
"""

from __future__ import annotations

import numpy as np
import xarray as xr
from scipy import stats

from forecasting.models.network.constants import ORIGIN_SD, RESIDUAL_SD, SOURCE_SD
from forecasting.models.network.evidence import Evidence
from forecasting.models.network.parameters import Parameters, SharedErrors
from forecasting.models.network.predictor import Effects, row_predictor
from forecasting.models.network.structure import Structure


def shared_errors(posterior: xr.Dataset) -> SharedErrors:
    """Return residual, source and origin errors with draws (chain by chain) as first dimension."""
    n = posterior.sizes["chain"] * posterior.sizes["draw"]

    def take(name: str) -> np.ndarray:
        return posterior[name].values.reshape(n, -1) if name in posterior else np.zeros((n, 1))

    return SharedErrors(
        residual=take("claim_residual") * RESIDUAL_SD,
        by_source=take("source_spread") * SOURCE_SD * take("source_offset"),
        by_origin=take("origin_spread") * ORIGIN_SD * take("origin_offset"),
    )


def log_likelihood(
    p: Parameters, errors: SharedErrors, s: Structure, evidence: Evidence, effects: Effects | None = None
) -> np.ndarray:
    """Return the log likelihood of all rows, judgements first, then driver claims, then history (draw, row).

    ``effects`` are the terms of the network's effects, where they were computed before.
    """
    claims, drivers, history = evidence.claims, evidence.drivers, evidence.history
    log_mass = row_predictor(np, p, s, evidence.rows, effects)
    n = len(claims.reading)
    error = errors.by_source[:, claims.source_group] + errors.by_origin[:, claims.origin_group]
    judged = stats.norm.logpdf(claims.reading, log_mass[:, :n] + error, np.hypot(claims.spread, errors.residual))
    error = errors.by_source[:, drivers.source_group] + errors.by_origin[:, drivers.origin_group]
    expected = p.driver[:, drivers.driver] + error
    reported = stats.norm.logpdf(drivers.reading, expected, np.hypot(drivers.spread, errors.residual))
    mass = np.exp(log_mass[:, n:])
    with np.errstate(divide="ignore"):
        on_date = np.where(history.count > 0, np.log(-np.expm1(-mass)), -mass)
    known = np.where(history.scheduled > 0, on_date, history.count * log_mass[:, n:] - mass)
    return np.concatenate([judged, reported, known], axis=1)
