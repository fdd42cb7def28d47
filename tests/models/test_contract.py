"""Every model keeps the contract: inputs, build, sample, gate, simulate, outcomes, leave one out, trace, report section."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from contract import keep_contract
from protest_counts import CASE, ProtestCounts, exact
from tickets import tickets_edition
from town_balance import GAUSSIAN, GAUSSIAN_LOOKS, town_edition
from town_balance import exact as balance_exact
from toy import toy_edition

from forecasting.analysis.leave_one_out import leave_one_out
from forecasting.errors import UsageError
from forecasting.inference.monte_carlo import mcse
from forecasting.inference.sample import Length
from forecasting.models.balance.model import BalanceModel
from forecasting.models.counts.build import reading_log_likelihood
from forecasting.models.counts.model import Counts
from forecasting.models.counts.paths import count_paths
from forecasting.models.network.model import Network

BALANCE_LENGTH = Length(chains=4, draws=3000, tune=400, target_accept=0.85)


@pytest.mark.slow
def test_the_event_network_keeps_the_contract() -> None:
    kept = keep_contract(Network(paths_per_draw=16), toy_edition(), claims=("n-001", "n-003"))
    assert "Event network" in kept.html
    moved = kept.influence[kept.influence["outcome"].str.startswith("pact-by")]
    assert moved["change"].abs().max() > 0.02


@pytest.mark.slow
def test_the_balance_keeps_the_contract_and_gives_its_gaussian_limit(tmp_path: Path, project_dir: Path) -> None:
    case = town_edition(tmp_path, project_dir, GAUSSIAN_LOOKS, GAUSSIAN)
    kept = keep_contract(BalanceModel(brief_length=BALANCE_LENGTH), case, length=BALANCE_LENGTH)
    p = kept.fit.outcomes
    for outcome, expected in balance_exact().items():
        found = p.sel(outcome=outcome).values
        assert abs(found.mean() - expected) < 4 * mcse(found.ravel(), 4), outcome
        table = kept.influence[kept.influence["outcome"] == outcome].set_index("claim")
        for claim in ("o-001", "o-002", "o-003"):
            change = expected - balance_exact(claim)[outcome]
            assert abs(table.loc[claim, "change"] - change) < 4 * table.loc[claim, "mcse"] + 1e-4, (outcome, claim)
    sides = p.sel(outcome=[f"toll-index:{side}" for side in ("low", "neither", "high")]).mean(("chain", "draw"))
    assert float(sides.sum()) == pytest.approx(1.0)
    assert "Who has the upper hand" in kept.html


@pytest.mark.slow
def test_the_phrase_model_keeps_the_contract(project_dir: Path) -> None:
    support = project_dir / "tests" / "support"
    # the sampler's density is compiled by numba all the same; what is evaluated for importance weights needs no compiler
    flags = {"PYTENSOR_FLAGS": "linker=py,optimizer=fast_compile"}
    environment = os.environ | flags | {"PYTHONPATH": os.pathsep.join([str(project_dir), str(support)])}
    command = [sys.executable, str(support / "contract.py")]
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert ran.stdout == "contract kept\n", ran.stderr


@pytest.mark.slow
def test_a_model_that_is_written_in_a_test_keeps_the_contract_and_gives_its_closed_forms() -> None:
    kept = keep_contract(ProtestCounts(), CASE)
    p = kept.fit.outcomes
    assert float(p.sel(outcome="none:yes").mean()) == 1  # at least none
    found = p.sel(outcome="twenty-next-month:yes").values
    assert abs(found.mean() - exact(CASE, 20)) < 4 * found.std() / np.sqrt(found.size / 4)
    table = kept.influence[kept.influence["outcome"] == "twenty-next-month:yes"].set_index("claim")
    for month in CASE.months:
        change = exact(CASE, 20) - exact(CASE, 20, without=month)
        assert abs(table.loc[month, "change"] - change) < 4 * table.loc[month, "mcse"] + 1e-4, month
    # 31 protests in March raise the answer, the quiet months lower it
    assert table.loc["c-mar", "change"] > 0.1 > 0 > table.loc["c-feb", "change"]
    assert "Protests &lt;per month&gt;" in kept.html
    with pytest.raises(UsageError, match="protest-counts reads no claim 'c-may' here"):
        leave_one_out(kept.fit, claims=("c-may",))
    assert "<script" not in kept.html


@pytest.mark.slow
def test_the_count_model_keeps_the_contract_and_gives_sums_over_a_grid() -> None:
    # most of what is not known of a count is one thing for each draw, so that draws are what its error hangs on
    length = Length(chains=4, draws=2000, tune=500, target_accept=0.95)
    kept = keep_contract(Counts(), tickets_edition(), claims=("ti-002", "le-003"), length=length)
    fit = kept.fit
    for name in ("tickets-2025:below", "leavers-2025:yes", "islanders-2025:yes"):
        found = fit.outcomes.sel(outcome=name).values
        assert abs(found.mean() - on_a_grid(name)) < 4 * mcse(found.reshape(-1), 4) + 0.01, name
    moved = kept.influence.set_index(["claim", "outcome"])
    for claim, name in (("ti-002", "tickets-2025:below"), ("le-003", "leavers-2025:yes")):
        change = on_a_grid(name) - on_a_grid(name, frozenset({claim}))
        assert abs(moved.loc[(claim, name), "change"] - change) < 4 * moved.loc[(claim, name), "mcse"] + 0.015, claim
    assert "Counts and volumes" in kept.html


def on_a_grid(name: str, without: frozenset[str] = frozenset()) -> float:
    """Return P(outcome) by a sum over wander and noise of every series that bears on it, on 9 × 9 points of each."""
    model = Counts()
    inputs = model.inputs(tickets_edition(), without=without)
    priors = [[inputs.data[f"{part}_{what}"].values for what in ("median", "spread")] for part in ("wander", "noise")]
    z = np.linspace(-2.6, 2.6, 9)
    first, second = (grid.ravel() for grid in np.meshgrid(z, z))
    asked = next(q for q in model.questions(inputs.case) if name.startswith(f"{q.id}:"))
    # the series that bear on the question: a total and its stock have a grid each, in turn with the other's
    sigma, noise = (np.exp(median + spread * points[:, None]) for (median, spread), points in
                    zip(priors, (first, second), strict=True))  # fmt: skip
    rng = np.random.default_rng(8)
    own = [rng.permutation(first.size) for _ in range(40)]
    draws = [(np.concatenate([grid[:, :1], grid[order][:, 1:2], grid[:, 2:]], axis=1)) for order in own for grid in (sigma,)]
    noises = [(np.concatenate([grid[:, :1], grid[order][:, 1:2], grid[:, 2:]], axis=1)) for order in own for grid in (noise,)]
    sigmas, errors = np.concatenate(draws), np.concatenate(noises)
    standard = np.stack([(np.log(values) - median) / spread for values, (median, spread) in
                         zip((sigmas, errors), priors, strict=True)])  # fmt: skip
    logs = reading_log_likelihood(inputs.data, sigmas, errors)
    lengths = np.cumsum([0, *(len(inputs.of(series)) for series in inputs.designs)])
    bear = [0, 1] if "tickets" not in name else [2]
    weights = sum(logs[:, lengths[k] : lengths[k + 1]].sum(axis=1) - 0.5 * (standard[:, :, k] ** 2).sum(axis=0) for k in bear)
    weights = np.exp(weights - weights.max())
    p = model.outcomes(count_paths(inputs, sigmas, errors, asked.deadline, 9), asked)
    return float((weights * p.p[:, p.outcomes.index(name.split(":")[1])]).sum() / weights.sum())
