"""Scores of a hub's tables, worked by hand and by a second way of writing each formula."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest

from forecasting.errors import UsageError
from forecasting.exchange.hub_scores import score_hub

HEAD = "origin_date,target,output_type,output_type_id,value\n"
SAID = HEAD + (
    "2026-01-05,rain,pmf,yes,0.75\n2026-01-05,rain,pmf,no,0.25\n"
    "2026-01-05,stage,pmf,none,0.5\n2026-01-05,stage,pmf,talks,0.3\n2026-01-05,stage,pmf,pact,0.2\n"
    "2026-01-05,sorties,quantile,0.5,3\n2026-01-05,sorties,quantile,0.25,1\n2026-01-05,sorties,quantile,0.75,6\n"
    "2026-01-05,unknown,pmf,yes,0.5\n2026-01-05,unknown,pmf,no,0.5\n2026-01-05,sorties,mean,NA,3.5\n"
)
ORACLE = (
    "target,output_type,output_type_id,oracle_value\nrain,pmf,yes,0\nrain,pmf,no,1\n"
    "stage,pmf,none,0\nstage,pmf,talks,0\nstage,pmf,pact,1\nsorties,quantile,NA,8\n"
)
TASKS = {
    "rounds": [{"model_tasks": [{
        "output_type": {"pmf": {"output_type_id": {"required": ["none", "talks", "pact"]}}},
        "target_metadata": [{"target_type": "ordinal", "target_keys": {"target": "stage"}, "target_id": "stage"}],
    }]}],
}  # fmt: skip


def hub(folder: Path, said: str = SAID, oracle: str = ORACLE, model: str = "us-net") -> Path:
    for name, text in {
        f"model-output/{model}/2026-01-05-{model}.csv": said, "target-data/oracle-output.csv": oracle,
        "hub-config/tasks.json": json.dumps(TASKS),
    }.items():  # fmt: skip
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def test_scores_are_those_worked_by_hand(tmp_path: Path) -> None:
    found = score_hub(hub(tmp_path)).set_index("target")
    # rain: 0.75² = 0.5625; −ln 0.25
    assert found.loc["rain", "brier"] == 0.5625
    assert found.loc["rain", "log_score"] == pytest.approx(math.log(4), abs=1e-15)
    assert math.isnan(found.loc["rain", "rps"])
    # stage: (0.5² + 0.3² + 0.8²)/2 = 0.49; cumulative 0.5, 0.8 against 0, 0: (0.25 + 0.64)/2 = 0.445
    assert found.loc["stage", "brier"] == pytest.approx(0.49, abs=1e-15)
    assert found.loc["stage", "rps"] == pytest.approx(0.445, abs=1e-15)
    # sorties, 8: median |8 − 3| = 5 at weight 1/2; interval 1 to 6 at α = 0.5: width 5 + 2/0.5·(8 − 6) = 13, weight α/2 = 1/4;
    # (2.5 + 3.25)/(1 + 1/2)
    assert found.loc["sorties", "wis"] == pytest.approx(5.75 / 1.5, abs=1e-12)
    assert found.loc["sorties", "coverage_50"] == 0
    assert math.isnan(found.loc["sorties", "coverage_90"])
    assert list(found.index) == ["rain", "stage", "sorties"]
    assert found.attrs == {"open": 1, "left_out": {"mean": 1}}


def test_the_interval_score_agrees_with_its_other_definition_on_random_quantiles(tmp_path: Path) -> None:
    rng = np.random.default_rng(20261129)
    alphas = (0.1, 0.2, 0.5)
    levels = sorted([0.5, *(a / 2 for a in alphas), *(1 - a / 2 for a in alphas)])
    covered = []
    for n in range(12):
        values, observed = np.sort(rng.normal(2, 3, len(levels))), float(rng.normal(2, 3))
        text = HEAD + "".join(f"2026-01-05,x,quantile,{a!r},{v!r}\n" for a, v in zip(levels, map(float, values), strict=True))
        oracle = f"target,output_type,output_type_id,oracle_value\nx,quantile,NA,{observed!r}\n"
        row = score_hub(hub(tmp_path / str(n), text, oracle)).iloc[0]
        at = dict(zip(levels, values, strict=True))
        total = 0.5 * abs(observed - at[0.5])
        for a in alphas:
            low, high = at[a / 2], at[1 - a / 2]
            total += a / 2 * (high - low + 2 / a * max(low - observed, 0) + 2 / a * max(observed - high, 0))
        assert row["wis"] == pytest.approx(total / (len(alphas) + 0.5), rel=1e-12)
        assert row["coverage_90"] == (at[0.05] <= observed <= at[0.95])
        covered.append(row["coverage_90"])
    assert 0 < sum(covered) < 12


def test_an_interval_holds_its_bounds(tmp_path: Path) -> None:
    assert score_hub(hub(tmp_path, oracle=ORACLE.replace("NA,8", "NA,6"))).set_index("target").loc["sorties", "coverage_50"] == 1


def test_models_are_scored_apart(tmp_path: Path) -> None:
    hub(tmp_path)
    hub(tmp_path, SAID.replace("yes,0.75", "yes,0.5").replace("no,0.25", "no,0.5"), model="them-crowd")
    found = score_hub(tmp_path)
    rain = found[found["target"] == "rain"].set_index("model_id")["brier"]
    assert rain.to_dict() == {"us-net": 0.5625, "them-crowd": 0.25}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("yes,0.75", "yes,0.7", "sum to 0.95"),
        ("yes,0.75", "no,0.75", "a category twice"),
        ("no,0.25", "nope,0.25", "no category 'no', which came"),
        ("yes,0.75", "yes,much", "not all numbers"),
        ("0.75,6", "0.75,2", "must not fall"),
        ("value", "p", "no column 'value'"),
    ],
)
def test_tables_that_are_wrong_are_named(tmp_path: Path, old: str, new: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        score_hub(hub(tmp_path, SAID.replace(old, new, 1)))


def test_a_folder_that_is_no_hub_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="model-output"):
        score_hub(tmp_path)
    (hub(tmp_path) / "target-data" / "oracle-output.csv").unlink()
    with pytest.raises(UsageError, match=r"oracle-output\.csv: no such file"):
        score_hub(tmp_path)
