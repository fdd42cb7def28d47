"""Our sampling settings on four models of posteriordb, against its reference draws.

Reference means and standard deviations are read from the shared folder; the tests skip where it is absent.

References
----------
Magnusson, M. et al. (2024), *posteriordb: testing, benchmarking and developing Bayesian inference algorithms*, arXiv:2407.04967.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import arviz as az
import numpy as np
import nutpie
import pandas as pd
import pymc as pm
import pytest

from forecasting.inference.gate import check_fit
from forecasting.models.network.engine import TARGET_ACCEPT, TUNE

CHAINS, DRAWS = 4, 2000


def eight_schools(data: dict) -> None:
    mu, tau = pm.Normal("mu", 0, 5), pm.HalfCauchy("tau", 5)
    theta = pm.Deterministic("theta", mu + tau * pm.Normal("theta_offset", shape=data["J"]))
    pm.Normal("y", theta, data["sigma"], observed=data["y"])


def kidscore(data: dict) -> None:
    beta, sigma = pm.Flat("beta", shape=2), pm.HalfCauchy("sigma", 2.5)
    pm.Normal("y", beta[0] + beta[1] * np.array(data["mom_iq"]), sigma, observed=data["kid_score"])


def gauss_mix(data: dict) -> None:
    ordered = pm.distributions.transforms.ordered
    mu = pm.Normal("mu", 0, 2, shape=2, transform=ordered, initval=[-1.0, 1.0])
    sigma, theta = pm.HalfNormal("sigma", 2, shape=2), pm.Beta("theta", 5, 5)
    pm.NormalMixture("y", pm.math.stack([theta, 1 - theta]), mu, sigma, observed=data["y"])


def blr(data: dict) -> None:
    beta, sigma = pm.Normal("beta", 0, 10, shape=data["D"]), pm.HalfNormal("sigma", 10)
    pm.Normal("y", pm.math.dot(np.array(data["X"]), beta), sigma, observed=data["y"])


MODELS: dict[str, tuple[str, Callable[[dict], None]]] = {
    "eight_schools-eight_schools_noncentered": ("eight_schools", eight_schools),
    "kidiq-kidscore_momiq": ("kidiq", kidscore),
    "low_dim_gauss_mix-low_dim_gauss_mix": ("low_dim_gauss_mix", gauss_mix),
    "sblri-blr": ("sblri", blr),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", MODELS)
def test_a_reference_posterior_is_met(shared_dir: Path, name: str) -> None:
    folder = shared_dir / "data" / "posteriordb_reference"
    if not folder.is_dir():
        pytest.skip(f"no folder {folder}")
    data, state = MODELS[name]
    with pm.Model() as model:
        state(json.loads((folder / f"{data}.data.json").read_text("utf-8")))
    trace = nutpie.sample(
        nutpie.compile_pymc_model(model), draws=DRAWS, tune=TUNE, chains=CHAINS, target_accept=TARGET_ACCEPT, seed=1,
        progress_bar=False, save_warmup=False,
    )  # fmt: skip
    posterior = trace["posterior"].to_dataset()
    report = check_fit(posterior, trace["sample_stats"].to_dataset(), {}, chains=CHAINS, draws=DRAWS)
    assert report.passed, [verdict for verdict in report.verdicts if not verdict.passed]
    reference = pd.read_csv(folder / "reference_summary.csv").query("posterior == @name")
    assert len(reference) >= 3
    for row in reference.itertuples():
        variable, _, position = row.parameter.rstrip("]").partition("[")
        draws = posterior[variable].values.reshape(CHAINS, DRAWS, -1)[..., int(position or 1) - 1]
        off, error = abs(draws.mean() - row.mean), np.hypot(float(az.mcse(draws)), row.mcse_mean)
        assert off <= 5 * error, row.parameter
        assert error <= 0.04 * row.sd, row.parameter
        assert draws.std() == pytest.approx(row.sd, rel=0.125), row.parameter
