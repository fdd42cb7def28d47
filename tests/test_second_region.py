"""Another region comes in as files beside those that are there; nothing of them is changed, and nothing of theirs moves."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from builders import write_dossier
from typer.testing import CliRunner

from forecasting.cli.main import app
from forecasting.elicitation.quantify import quantify
from forecasting.models.network.inputs import network_inputs
from forecasting.rules.load import load_dossier
from forecasting.runs.freshness import record_digests
from forecasting.runs.store import read_run

EDITION = "2024-07-ferry"
OWN_FILES = {
    "effects.yaml": "effects/ferry.yaml",
    "reference_classes.csv": "reference_classes/ferry.csv",
    "history.csv": "history/ferry.csv",
}


@pytest.fixture(scope="module")
def beside(tmp_path_factory: pytest.TempPathFactory, project_dir: Path) -> Path:
    """Return the project's own records with the ferry's put beside them, file by file."""
    root = tmp_path_factory.mktemp("regions")
    shutil.copytree(project_dir / "priors", root / "priors")
    ferry = write_dossier(root / "ferry", project_dir)
    for path in sorted(file for file in ferry.rglob("*.*") if file.name != "grades.csv"):
        local = path.relative_to(ferry).as_posix()
        target = root / "priors" / OWN_FILES.get(local, local)
        assert not target.exists(), f"{target} is there already: the region would have to change it"
        target.parent.mkdir(exist_ok=True)
        shutil.copy(path, target)
    return root


def arrays(priors: Path, edition_id: str) -> dict[str, np.ndarray]:
    edition = load_dossier(priors).edition(edition_id)
    return {name: values.values for name, values in network_inputs(edition, quantify(edition)).data_vars.items()}


def test_every_rule_holds_for_both_regions(beside: Path) -> None:
    result = CliRunner().invoke(app, ["check", "--priors", str(beside / "priors")])
    assert result.exit_code == 0, result.output


@pytest.mark.slow
def test_no_number_of_the_first_region_moves_and_its_runs_stay_current(beside: Path, project_dir: Path) -> None:
    before, after = load_dossier(project_dir / "priors"), load_dossier(beside / "priors")
    for name in before.editions:
        one, other = (arrays(priors, name) for priors in (project_dir / "priors", beside / "priors"))
        assert one.keys() == other.keys()
        assert all(np.array_equal(one[key], other[key]) for key in one), name
        assert record_digests(before.edition(name)) == record_digests(after.edition(name))


@pytest.mark.slow
def test_the_new_region_is_checked_and_fitted_as_if_it_were_alone(beside: Path, tmp_path: Path) -> None:
    one, other = (arrays(priors, EDITION) for priors in (beside / "ferry" / "priors", beside / "priors"))
    assert all(np.array_equal(one[key], other[key]) for key in one)
    run = ["run", EDITION, "--priors", str(beside / "priors"), "--runs", str(tmp_path)]
    result = CliRunner().invoke(app, run)
    assert result.exit_code == 0, result.output
    assert [f.question for f in read_run(tmp_path / EDITION).forecasts] == ["pact-by-2025", "toll-by-2025", "ferry-order-2025"]


def test_a_file_in_the_wrong_place_is_named(beside: Path, tmp_path: Path) -> None:
    shutil.copytree(beside / "priors", tmp_path / "priors")
    (tmp_path / "priors" / "history" / "ferry.csv").rename(tmp_path / "priors" / "history" / "ferry.yaml")
    result = CliRunner().invoke(app, ["check", "--priors", str(tmp_path / "priors")])
    assert result.exit_code == 2
    assert "this file is not read" in result.output
