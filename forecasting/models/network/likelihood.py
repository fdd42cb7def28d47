"""The likelihood of an edition's evidence, row by row, for posterior draws: the model's terms evaluated with NumPy.

Importance weights need it (what would the posterior be without this claim?). A test holds it to PyMC's own log density.
"""

from __future__ import annotations

import numpy as np
import xarray as xr
from scipy.special import log_ndtr

from forecasting.models.network.constants import DRIFT_SD, HALF_LOG_TAU, ORIGIN_SD, RESIDUAL_SD, SOURCE_SD
from forecasting.models.network.evidence import Evidence
from forecasting.models.network.parameters import Parameters
from forecasting.models.network.predictor import Effects, row_predictor
from forecasting.models.network.readings import ReadingErrors, Readings
from forecasting.models.network.structure import Structure


def reading_errors(posterior: xr.Dataset) -> ReadingErrors:
    """Return the errors of readings with draws (chain by chain) as first dimension."""
    n = posterior.sizes["chain"] * posterior.sizes["draw"]

    def take(name: str, scale: float = 1.0) -> np.ndarray:
        return scale * posterior[name].values.reshape(n, -1) if name in posterior else np.zeros((n, 0))

    source, origin, none = take("source_spread", SOURCE_SD), take("origin_spread", ORIGIN_SD), np.zeros((n, 1))
    return ReadingErrors(
        residual=take("claim_residual", RESIDUAL_SD),
        drift=take("claim_drift", DRIFT_SD),
        source=source,
        origin=origin,
        by_source=np.hstack([none, source * take("source_offset")]),
        by_origin=np.hstack([none, origin * take("origin_offset")]),
    )


def log_reading(rows: Readings, expected: np.ndarray, errors: ReadingErrors) -> np.ndarray:
    """Return the log likelihood of readings whose true values are ``expected`` (draw, row).

    A level y is Normal(g + b, s²). A bound is the outcome of one trial, whether the speaker's private reading of g lies above
    or below y: a floor has Φ((g + b − y)/s), a ceiling Φ((y − g − b)/s).
    """
    shift, sd = errors.of(np, rows)
    z = (expected + shift - rows.reading) / sd
    bound = np.flatnonzero(rows.side)
    log_density = -(z**2) / 2 - np.log(sd) - HALF_LOG_TAU
    log_density[:, bound] = log_ndtr(rows.side[bound] * z[:, bound])
    return log_density


def log_likelihood(
    p: Parameters, errors: ReadingErrors, s: Structure, evidence: Evidence, effects: Effects | None = None
) -> np.ndarray:
    """Return the log likelihood of all rows, judgements first, then driver claims, then history (draw, row).

    ``effects`` are the terms of the network's effects, where they were computed before.
    """
    claims, drivers, history = evidence.claims, evidence.drivers, evidence.history
    log_mass = row_predictor(np, p, s, evidence.rows, effects)
    n = len(claims.reading)
    judged = log_reading(claims, log_mass[:, :n], errors)
    reported = log_reading(drivers, p.driver[:, drivers.driver], errors)
    mass = np.exp(log_mass[:, n:])
    with np.errstate(divide="ignore"):
        on_date = np.where(history.count > 0, np.log(-np.expm1(-mass)), -mass)
    known = np.where(history.scheduled > 0, on_date, history.count * log_mass[:, n:] - mass)
    return np.concatenate([judged, reported, known], axis=1)
