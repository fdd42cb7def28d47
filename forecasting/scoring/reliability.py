"""Whether things said to have a chance of 30 % happen in 30 of 100 cases: CORP reliability, its bands, and the score in parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import isotonic_regression

from forecasting.errors import UsageError

RESAMPLES, SEED = 1000, 20241213


@dataclass(frozen=True)
class Reliability:
    """Forecast and recalibrated probabilities of yes/no questions, with consistency bands, and the Brier score in parts.

    Parameters
    ----------
    p, came, recalibrated, low, high : np.ndarray
        In order of p: what was said, what happened (1 or 0), the isotonic fit of the one to the
        other, and the central 90 % of that fit if every p were right and the questions independent.
    miscalibration, discrimination, uncertainty : float
        mean Brier = miscalibration − discrimination + uncertainty (MCB, DSC, UNC). Discrimination is what Murphy called the
        resolution term.
    """

    p: np.ndarray
    came: np.ndarray
    recalibrated: np.ndarray
    low: np.ndarray
    high: np.ndarray
    miscalibration: float
    discrimination: float
    uncertainty: float

    @property
    def brier(self) -> float:
        """The mean Brier score."""
        return self.miscalibration - self.discrimination + self.uncertainty

    @property
    def n_outside(self) -> int:
        """How many of the recalibrated probabilities lie outside their band; about a tenth do by chance."""
        return int(((self.recalibrated < self.low - 1e-12) | (self.recalibrated > self.high + 1e-12)).sum())


def reliability(p: Sequence[float], happened: Sequence[bool]) -> Reliability:
    """Return the CORP reliability of yes/no forecasts: no bins to choose, since isotonic regression finds them.

    Raises
    ------
    UsageError
        If there are fewer than two, or a probability is outside [0, 1].

    References
    ----------
    Dimitriadis, T., Gneiting, T. and Jordan, A. I. (2021), Stable reliability diagrams for probabilistic classifiers, *PNAS* 118,
    e2016191118.

    Examples
    --------
    >>> found = reliability([0.1, 0.4, 0.6, 0.9], [False, True, False, True])
    >>> [round(float(x), 3) for x in found.recalibrated], round(found.brier, 4)
    ([0.0, 0.5, 0.5, 1.0], 0.185)
    """
    said, came = np.asarray(p, dtype=float), np.asarray(happened, dtype=float)
    inside = np.isfinite(said).all() and ((said >= 0) & (said <= 1)).all()
    if said.shape != came.shape or said.ndim != 1 or len(said) < 2 or not inside:
        raise UsageError("reliability needs two or more probabilities from 0 to 1, each with what happened")
    order = np.argsort(said, kind="stable")
    said, came = said[order], came[order]
    fitted = _isotonic(said, came)
    rng = np.random.default_rng(SEED)
    drawn = np.array([_isotonic(said, (rng.random(len(said)) < said).astype(float)) for _ in range(RESAMPLES)])
    low, high = np.percentile(drawn, [5, 95], axis=0)
    rate = came.mean()
    score, recalibrated, climate = (float(np.square(f - came).mean()) for f in (said, fitted, np.full_like(came, rate)))
    return Reliability(said, came, fitted, low, high, score - recalibrated, climate - recalibrated, climate)


def _isotonic(said: np.ndarray, came: np.ndarray) -> np.ndarray:
    """Return the isotonic fit of what came to what was said; equal probabilities get one value."""
    _, inverse, counts = np.unique(said, return_inverse=True, return_counts=True)
    means = np.bincount(inverse, weights=came) / counts
    return np.asarray(isotonic_regression(means, weights=counts.astype(float)).x)[inverse]


def sharpness(p: Sequence[float]) -> float:
    """Return how far probabilities are from even odds, on average: from 0 to 0.5.

    Examples
    --------
    >>> sharpness([0.5, 0.9])
    0.2
    """
    return float(np.abs(np.asarray(p, dtype=float) - 0.5).mean())
