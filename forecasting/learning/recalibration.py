"""Recalibration maps that shrink to the identity: probabilities as they ought to have been said, fitted on earlier questions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import minimize
from scipy.special import expit

from forecasting.errors import GateError, UsageError

MAX_SLOPE = 1e-4  # of the cost at its least, in prior widths


@dataclass(frozen=True)
class Form:
    """A family of maps logit q = Σ θ_j f_j(p): its features, and the prior Normal(mean, sd²) of each θ_j.

    ``positive`` says which θ_j may not fall below 0, so that the map never turns the order of forecasts round.
    """

    title: str
    parameters: tuple[str, ...]
    mean: tuple[float, ...]
    sd: tuple[float, ...]
    positive: tuple[bool, ...]
    source: str

    def features(self, p: np.ndarray) -> np.ndarray:
        """Return f_j(p), (row, parameter)."""
        log_p, log_q = np.log(p), np.log1p(-p)
        columns = {"shift": np.ones_like(p), "slope": log_p - log_q, "a": log_p, "b": -log_q}
        return np.stack([columns[name] for name in self.parameters], axis=1)


FORMS: Mapping[str, Form] = {
    "log-odds": Form(
        "linear in log odds", ("shift", "slope"), (0.0, 1.0), (0.25, 0.25), (False, True),
        "Platt (1999); Turner, Steyvers, Merkle, Budescu and Wallsten (2014)",
    ),
    "beta": Form(
        "beta calibration", ("shift", "a", "b"), (0.0, 1.0, 1.0), (0.25, 0.25, 0.25), (False, True, True),
        "Kull, Silva Filho and Flach (2017)",
    ),
    "extremising": Form("extremising", ("slope",), (1.0,), (0.5,), (True,), "Satopää et al. (2014); Baron et al. (2014)"),
}  # fmt: skip


@dataclass(frozen=True)
class Map:
    """A fitted map.

    Parameters
    ----------
    theta, sd : tuple of float
        Posterior mode, and standard deviations from the curvature there, in the order of the form's ``parameters``.
    weight : float
        How many independent outcomes it was fitted on: a cluster counts as one.
    """

    form: Form
    theta: tuple[float, ...]
    sd: tuple[float, ...]
    weight: float

    def __call__(self, p: ArrayLike) -> np.ndarray:
        """Return recalibrated probabilities."""
        return expit(self.form.features(probabilities(p)) @ np.array(self.theta))

    @property
    def learned(self) -> tuple[float, ...]:
        """Of each parameter 1 − (sd / prior sd)², the share of what was open that is not any more."""
        return tuple(1 - (sd / prior) ** 2 for sd, prior in zip(self.sd, self.form.sd, strict=True))


def fit_map(form: str, p: ArrayLike, came: ArrayLike, clusters: ArrayLike, *, towards: Map | None = None) -> Map:
    """Return the map with the largest posterior density, by default shrunk to the identity.

    Minimises −Σ w_i log P(came_i | p_i, θ) + ½ Σ ((θ_j − m_j)/s_j)², which is convex; w_i is one over the number of rows of
    i's cluster, so that a question that was asked in five rounds counts once.

    Parameters
    ----------
    form : {"log-odds", "beta", "extremising"}
        See `FORMS`. *log-odds*: logit q = shift + slope · logit p; *beta*: logit q = shift + a log p − b log(1 − p), which may
        bend either end by itself; *extremising*: logit q = slope · logit p.
    p, came, clusters : (row,) array_like
        What was said, whether it came, and whose rows belong together. No row at all gives the prior's map.
    towards : Map, optional
        Another map to shrink to, such as the one of all sources together.

    Raises
    ------
    UsageError
        If the form is unknown, or a probability is not inside (0, 1).
    GateError
        If no minimum was found.

    References
    ----------
    Platt, J. (1999), Probabilistic outputs for support vector machines, *Advances in Large Margin Classifiers*, 61–74.
    Turner, B. M., Steyvers, M., Merkle, E. C., Budescu, D. V. and Wallsten, T. S. (2014), Forecast aggregation via
    recalibration, *Machine Learning* 95, 261–289.
    Kull, M., Silva Filho, T. and Flach, P. (2017), Beta calibration: a well-founded and easily implemented improvement on
    logistic calibration for binary classifiers, *AISTATS*, PMLR 54, 623–631.

    Examples
    --------
    >>> fit_map("log-odds", [], [], []).theta
    (0.0, 1.0)
    >>> found = fit_map("log-odds", [0.1] * 20 + [0.9] * 20, [0] * 14 + [1] * 6 + [1] * 14 + [0] * 6, range(40))
    >>> round(float(found([0.9])[0]), 2)  # 70 % came true; the prior holds back
    0.78
    """
    if form not in FORMS:
        raise UsageError(f"there is no map '{form}'; write one of {', '.join(FORMS)}")
    shape = FORMS[form]
    said, happened = probabilities(p), np.asarray(came, dtype=float)
    _, group, counts = np.unique(np.asarray(clusters), return_inverse=True, return_counts=True)
    if not len(said) == len(happened) == len(group):
        raise UsageError(f"{len(said)} probabilities, {len(happened)} outcomes, {len(group)} clusters; write as many of each")
    x, weight = shape.features(said), 1.0 / counts[group] if len(group) else np.zeros(0)
    mean, width = np.array(towards.theta if towards else shape.mean), np.array(shape.sd)

    def cost(u: np.ndarray) -> tuple[float, np.ndarray]:
        score = x @ (mean + width * u)
        value = float(weight @ (np.logaddexp(0, score) - happened * score)) + 0.5 * float(u @ u)
        return value, width * (x.T @ (weight * (expit(score) - happened))) + u

    bounds = [(-m / s if positive else None, None) for m, s, positive in zip(mean, width, shape.positive, strict=True)]
    found = minimize(cost, np.zeros(len(mean)), jac=True, bounds=bounds, method="L-BFGS-B", options={"ftol": 1e-15, "gtol": 1e-8})
    free = np.array([low is None or u > low + 1e-9 for u, (low, _) in zip(found.x, bounds, strict=True)])
    if np.abs(cost(found.x)[1][free]).max(initial=0.0) > MAX_SLOPE:
        raise GateError(f"{shape.title}: no minimum was found ({found.message})")
    theta = mean + width * found.x
    q = expit(x @ theta)
    curvature = x.T @ (x * (weight * q * (1 - q))[:, None]) + np.diag(width**-2.0)
    sd = np.sqrt(np.diag(np.linalg.inv(curvature)))
    return Map(shape, tuple(theta.tolist()), tuple(sd.tolist()), float(weight.sum()))


def probabilities(p: ArrayLike) -> np.ndarray:
    """Return probabilities as an array of one dimension, or say that one has no log odds."""
    said = np.atleast_1d(np.asarray(p, dtype=float))
    if outside := [float(value) for value in said[~((said > 0) & (said < 1))][:5]]:
        raise UsageError(
            f"p holds {', '.join(f'{v:.10g}' for v in outside)}; only probabilities strictly between 0 and 1 have log odds"
        )
    return said
