"""Nine bad fits, each with the criteria of the gate that must name it.

What is bad through sampling is sampled: the funnel, the switching labels, the divergences, the interrupted run. A chain that
stands still is one whose draws are repeated, as a sampler does that rejects every step.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
import nutpie
from densities import ACCEPT, DRAWS, TUNE, Density, as_fit, compiled, sample
from good_fits import SCHOOLS, normal
from scipy import stats

from forecasting.models.network.surprise import predictive_tail

NORMALS = Density(3, lambda x: normal(x).sum(-1))


def funnel() -> dict:
    """Neal's funnel: log variance v ~ N(0, 3²) and nine xᵢ ~ N(0, eᵛ), sampled as they stand."""
    v = Density(10, lambda x: normal(x[..., 0], sd=3.0) + normal(x[..., 1:], sd=np.exp(x[..., :1] / 2)).sum(-1))
    return sample(v)


def label_switching() -> dict:
    """Two equal components without an order: which is which differs between chains."""
    data = np.random.default_rng(1).normal(np.repeat([-3.0, 3.0], 30), 1.0)[:, None]

    def log_density(x):
        a, b = (normal(data[:, 0], x[..., i : i + 1]) for i in (0, 1))
        return np.log(np.exp(a) / 2 + np.exp(b) / 2 + 1e-300).sum(-1) + normal(x, sd=5.0).sum(-1)

    return sample(Density(2, log_density), seed=3)


def stuck_chain() -> dict:
    fit = sample(NORMALS)
    x = fit["posterior"]["x"].copy()
    x[1] = x[1, 0]
    return fit | {"posterior": fit["posterior"].assign(x=x)}


def one_chain() -> dict:
    return sample(NORMALS, chains=1, draws=4 * DRAWS)


def fifty_draws() -> dict:
    return sample(NORMALS, draws=50)


def divergent() -> dict:
    """Eight schools as they stand (centred), stepped coarsely."""

    def log_density(x):
        mu, log_tau, theta = x[..., 0:1], x[..., 1:2], x[..., 2:]
        data = normal(SCHOOLS[0], theta, SCHOOLS[1]).sum(-1) + normal(theta, mu, np.exp(log_tau)).sum(-1)
        return data + (normal(mu, sd=5.0) + normal(np.exp(log_tau), sd=5.0) + log_tau)[..., 0]

    return sample(Density(10, log_density), accept=0.6)


def interrupted() -> dict:
    """A run that is stopped from outside once it has begun to draw: what nutpie hands back looks like any other."""
    asked = 1_000_000
    run = nutpie.sample(
        compiled(NORMALS), draws=asked, tune=TUNE, chains=4, target_accept=ACCEPT, seed=1, cores=2, progress_bar=False,
        save_warmup=False, blocking=False,
    )  # fmt: skip
    time.sleep(1.5)
    return as_fit(run.abort(), NORMALS, draws=asked)


def not_a_number() -> dict:
    """A probability through a logarithm that some draws make negative."""
    return sample(Density(3, NORMALS.log_density, lambda x: np.exp(-np.sqrt(np.where(x[..., 0] > -2, 1.0, np.nan)))))


def prior_data_conflict() -> dict:
    """Belief N(0, 1) about a mean, and ten readings of sd 1 around 6: the fit itself is flawless."""
    y = 6.0
    fit = sample(Density(1, lambda x: normal(x[..., 0]) + 10 * normal(y, x[..., 0])))
    believed = np.random.default_rng(1).normal(size=4000)
    tail = stats.norm(believed, 10**-0.5)
    return fit | {"tails": {"mean of ten readings": predictive_tail(tail.cdf(y), tail.sf(y))}}


BAD: dict[str, tuple[Callable[[], dict], set[str]]] = {
    "funnel": (funnel, {"R-hat", "ESS (bulk)", "E-BFMI"}),
    "label switching": (label_switching, {"R-hat", "ESS (bulk)"}),
    "stuck chain": (stuck_chain, {"stuck"}),
    "one chain": (one_chain, {"chains"}),
    "50 draws": (fifty_draws, {"ESS (bulk)"}),
    "divergent": (divergent, {"divergences"}),
    "interrupted": (interrupted, {"draws returned"}),
    "not a number": (not_a_number, {"finite"}),
    "prior–data conflict": (prior_data_conflict, {"prior–data conflict"}),
}
