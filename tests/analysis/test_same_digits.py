"""The same bytes with one core as with two: no reduction over draws goes through BLAS, which splits long sums over threads."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from arviz_stats.base import array_stats

from forecasting.analysis.distribution_distance import cumulative_distance

# 4 × 3,000 draws, as published: BLAS uses its threads from 10,000 terms on
PROBE = """
import numpy as np
from toy import toy_edition
from forecasting.analysis.power_scaling import _measured, scaled_weights
from forecasting.elicitation.quantify import quantify
from forecasting.inference.monte_carlo import paired_errors, weighted_mean
from forecasting.models.network.draws import base_draws
from forecasting.models.network.prior_density import BASE, log_prior
from forecasting.models.network.structure import build_structure
edition = toy_edition()
s = build_structure(edition, quantify(edition))
draws = base_draws(s, chains=4, draws=3000, random_seed=5)
hazard = draws["log_hazard"].values.reshape(12000, -1)
p = -np.expm1(-np.exp(hazard))
density = sum(values.sum(axis=1) for name, values in log_prior(draws, s).items() if name in BASE)
alphas, weights = scaled_weights(density)
rng = np.random.default_rng(1)
print(*(value for k in range(p.shape[1]) for value in _measured(p[:, k], alphas, weights, rng).values()))
print(*weighted_mean(weights[0].values, p), *paired_errors(weights[0].values, p, p))
"""


PROJECT = Path(__file__).resolve().parents[2]


def printed(threads: int) -> str:
    paths = os.pathsep.join([str(PROJECT), str(PROJECT / "tests" / "support")])
    environment = os.environ | {"OPENBLAS_NUM_THREADS": str(threads), "PYTHONPATH": paths}
    return subprocess.run(
        [sys.executable, "-c", PROBE], capture_output=True, text=True, check=True, env=environment
    ).stdout


@pytest.mark.slow
def test_sensitivities_weighted_means_and_their_errors_have_the_same_digits_with_one_thread_and_two() -> None:
    one, two = printed(1), printed(2)
    assert one == two
    assert len(one.split()) > 20


def test_the_distance_is_arvizs() -> None:
    rng = np.random.default_rng(4)
    x, weights = rng.beta(2, 5, 1000), rng.gamma(3.0, size=(2, 1000))
    weights /= weights.sum(axis=1, keepdims=True)
    below, above = (cumulative_distance(x, one) for one in weights)
    wanted = array_stats.power_scale_sense(
        x[None], weights[:1], weights[1:], lower_alpha=0.8, upper_alpha=1.25
    )
    assert (above / np.log2(1.25) - below / np.log2(0.8)) / 2 == pytest.approx(float(wanted), rel=1e-10)
    assert below > 0.005


ROOMS = ("analysis", "inference", "fitting")
# a small square matrix of a recursion over claims' ranks, none of draws
SMALL = {"inference/sbc_ranks.py"}


@pytest.mark.parametrize("room", ROOMS)
def test_no_table_comes_from_a_matrix_product(project_dir: Path, room: str) -> None:
    package = project_dir / "forecasting"
    for path in sorted((package / room).rglob("*.py")):
        name = path.relative_to(package).as_posix()
        products = [node.lineno for node in ast.walk(ast.parse(path.read_text("utf-8")))
                    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult)]  # fmt: skip
        assert not products or name in SMALL, f"{name}:{products}: write weighted_mean (forecasting/inference/monte_carlo.py)"
