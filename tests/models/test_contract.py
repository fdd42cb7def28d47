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
from toy import toy_edition

from forecasting.analysis.leave_one_out import leave_one_out
from forecasting.errors import UsageError
from forecasting.models.network.model import Network


@pytest.mark.slow
def test_the_event_network_keeps_the_contract() -> None:
    kept = keep_contract(Network(paths_per_draw=16), toy_edition(), claims=("n-001", "n-003"))
    assert "Event network" in kept.html
    moved = kept.influence[kept.influence["outcome"].str.startswith("pact-by")]
    assert moved["change"].abs().max() > 0.02


@pytest.mark.slow
def test_the_phrase_model_keeps_the_contract(project_dir: Path) -> None:
    support = project_dir / "tests" / "support"
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(project_dir), str(support)])}
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
