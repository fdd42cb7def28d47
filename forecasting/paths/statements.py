"""How likely a statement is on simulated paths: alone, under a condition, or under one condition beside another."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

from forecasting.dossier.assumptions import Held
from forecasting.dossier.statements import Expression
from forecasting.inference.monte_carlo import mean_errors
from forecasting.paths.questions import PathHappenings, linearised
from forecasting.paths.simulate import Paths

LEAST_PATHS = 100  # fewer paths of a condition say too little of what happens under it


@dataclass(frozen=True)
class Measured:
    """A probability, or a difference of two, its Monte Carlo standard error, and the fewest paths behind one of them."""

    p: float
    mcse: float
    n_paths: int


def measure(paths: Paths, held: Held) -> Measured:
    """Return the number that is held to lie within bounds, as it is on the paths.

    P(p | given) = Σ 1[p and given] / Σ 1[given] over all draws and paths: a ratio, so draws under which the condition is
    likelier count more. Its error is that of the mean of the linearised ratio over draws, as they depend on each other.
    Both parts of a difference come from the same draws, so what they share of the noise cancels in its error.

    Parameters
    ----------
    paths : Paths
        Up to the last day of the statements.
    held : Held
        The statements. What is held of their number is not looked at.

    Returns
    -------
    Measured
        Not a number, with an infinite error, where a condition comes true on none of the paths. Under `LEAST_PATHS` paths
        the error is itself too uncertain to rely on.

    References
    ----------
    Cochran, W. G. (1977), *Sampling Techniques*, 3rd ed., section 6.4 (a ratio to first order).
    """
    day = held.day or dt.date.max
    hits = _truth(paths, held.p, day)
    conditions = [_truth(paths, condition, day) for condition in (held.given, held.than_given) if condition is not None]
    seen = conditions or [np.ones_like(hits)]
    n_paths = min(int(condition.sum()) for condition in seen)
    if n_paths == 0:
        return Measured(float("nan"), float("inf"), 0)
    terms = [linearised(hits & condition, condition).mean(axis=1) for condition in seen]
    number = terms[0] - terms[1] if len(terms) > 1 else terms[0]
    error = mean_errors(number[:, None], paths.world.n_chains)[0]
    return Measured(float(number.mean()), float(error), n_paths)


def _truth(paths: Paths, statement: Expression, day: dt.date) -> np.ndarray:
    """Return on which paths a statement is true (draw, path)."""
    return statement.truth(PathHappenings(paths), day)
