"""A new region is files alone: source, claims, events, question, edition; no line of Python."""

from __future__ import annotations

import json

import pytest
from builders import write_dossier
from typer.testing import CliRunner

from forecasting.cli.main import app
from forecasting.errors import ForecastingError
from forecasting.runs.store import read_run

EDITION = "2024-07-ferry"


@pytest.fixture(scope="module")
def finished(tmp_path_factory, project_dir):
    """Run the commands that a newcomer types, once: check, run, report; return their results and folders."""
    root = tmp_path_factory.mktemp("region")
    priors = write_dossier(root, project_dir)
    folders = ["--priors", str(priors), "--runs", str(root / "runs")]
    runner = CliRunner()
    results = {
        "check": runner.invoke(app, ["check", "--priors", str(priors)]),
        "run": runner.invoke(app, ["run", EDITION, *folders]),
        "report": runner.invoke(app, ["report", EDITION, *folders, "--reports", str(root / "reports")]),
        "question": runner.invoke(app, ["trace", "toll-by-2025", "--depth", "3", *folders]),
        "source": runner.invoke(app, ["trace", "norland-times", *folders]),
        "claim": runner.invoke(app, ["trace", "n-003", *folders]),
        "verify": runner.invoke(app, ["verify", "--texts", str(root / "texts"), *folders]),
    }
    return root, results


@pytest.mark.slow
def test_every_command_ends_well(finished):
    _, results = finished
    assert {name: (r.exit_code, r.output[-300:]) for name, r in results.items() if r.exit_code} == {}


def test_the_run_holds_a_gated_forecast_of_every_question(finished):
    root, _ = finished
    run = read_run(root / "runs" / EDITION)
    assert [f.question for f in run.forecasts] == ["pact-by-2025", "toll-by-2025", "ferry-order-2025"]
    assert bool(run.gate["passed"].all())
    scenario = run.forecast("ferry-order-2025")
    assert abs(sum(o.p for o in scenario.outcomes) - 1) < 1e-8
    for forecast in run.forecasts:
        for o in forecast.outcomes:
            assert 0 < o.low <= o.p <= o.high < 1
            assert 0 < o.mcse < 0.005


def test_claims_move_the_forecast_the_way_they_point(finished):
    root, _ = finished
    run = read_run(root / "runs" / EDITION)
    pact, toll = run.forecast("pact-by-2025").outcomes[0], run.forecast("toll-by-2025").outcomes[0]
    # the article says that a pact is likely (class: 6 in 40 years) and a toll unlikely within a year (p about 0.2)
    assert pact.prior_p > pact.base_p + 0.03
    moved = run.influence[(run.influence["claim"] == "n-001") & (run.influence["question"] == "pact-by-2025")]
    assert float(moved["change"].iloc[0]) > 0
    assert toll.base_p > 0.05


def test_trace_names_class_claim_effect_and_file(finished):
    _, results = finished
    text = results["question"].output
    for part in ("tolls-raised", "2 in 30 years", "pact-lowers-toll", "n-002", "norland-times.yaml", "HISTORY 2024-06-30"):
        assert part in text, part
    assert "pact-by-2025:yes" in results["source"].output
    assert "pact-by-2025" in results["claim"].output


def test_the_report_is_one_file_with_every_number(finished):
    root, _ = finished
    html = (root / "reports" / f"{EDITION}.html").read_text("utf-8")
    run = read_run(root / "runs" / EDITION)
    assert "<script" not in html
    for forecast in run.forecasts:
        assert forecast.title in html
        assert forecast.headline.percent in html.replace("\u202f", " ").replace("\xa0", " ").replace("&lt;", "<")


def test_a_changed_file_is_refused(finished):
    root, _ = finished
    directory = root / "runs" / EDITION
    manifest = json.loads((directory / "manifest.json").read_text("utf-8"))
    assert "posterior.nc" in manifest["outputs"]
    path = directory / "layers.csv"
    original = path.read_bytes()
    path.write_bytes(original.replace(b"0.", b"1.", 1))
    try:
        with pytest.raises(ForecastingError, match=r"layers\.csv: missing or changed"):
            read_run(directory)
    finally:
        path.write_bytes(original)


def test_an_unknown_edition_is_named_with_its_neighbours(finished):
    root, _ = finished
    result = CliRunner().invoke(app, ["run", "2024-07-fery", "--priors", str(root / "priors")])
    assert result.exit_code == 2
    assert "did you mean '2024-07-ferry'" in result.output
