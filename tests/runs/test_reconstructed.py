"""A reconstructed edition says so wherever its numbers go: report, table, page of all answers, forecasts and manifest."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from broken_dossiers import write_broken
from manifests import made_up_manifest
from sample_runs import sample_run

from forecasting.cli.tables import forecast_table
from forecasting.dossier.edition import EditionDossier
from forecasting.errors import ForecastingError
from forecasting.lab.reprs import forecast_html
from forecasting.report.plausibility import plausibility
from forecasting.report.render import render_report
from forecasting.rules.load import load_dossier
from forecasting.runs.store import _forecasts, forecasts_json

WHY = "The gazette was coded two years later."


@pytest.fixture(scope="module", params=[True, False])
def edition(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, project_dir: Path) -> EditionDossier:
    late = ("editions/2024-07-ferry.yaml", "as_of_how:", f"reconstructed: {WHY}\nas_of_how:")
    root = write_broken(tmp_path_factory.mktemp("ferry"), project_dir, *([late] if request.param else []))
    return load_dossier(root).edition("2024-07-ferry")


def test_every_place_that_shows_a_number_says_whether_it_was_made_on_its_day(edition: EditionDossier) -> None:
    late, run = bool(edition.edition.reconstructed), sample_run(edition)
    first, page = run.forecasts[0], plausibility([run], edition.dossier)
    assert ("as of 2024-07-01, reconstructed, by" in repr(first)) == late
    assert ("as of 2024-07-01, reconstructed;" in str(forecast_table(run).title)) == late
    assert ("2024, reconstructed, deadline" in forecast_html(first)) == late
    report = render_report(run, edition)
    assert ("Reconstructed, not made on 1 July 2024: " in report) == (WHY in report) == late
    assert ("## 2024-07-ferry, as of 2024-07-01, reconstructed" in page) == (WHY in page) == late


def test_forecasts_and_manifest_keep_it_for_a_later_score(edition: EditionDossier) -> None:
    run, manifest = sample_run(edition), made_up_manifest(edition)
    late = {"reconstructed": WHY} if edition.edition.reconstructed else {}
    common = {"edition": manifest.edition, "as_of": manifest.as_of, "seed": manifest.seed, "gate": manifest.gate.mark()}
    text = forecasts_json(run.forecasts, **common, **late)
    assert ("reconstructed" in json.loads(text)) == ("reconstructed" in manifest.fields()) == bool(late)
    assert _forecasts(text.encode(), manifest, Path("runs/x/forecasts.json")) == run.forecasts


def test_forecasts_that_say_otherwise_than_the_manifest_are_refused(edition: EditionDossier) -> None:
    run, manifest = sample_run(edition), made_up_manifest(edition)
    other = {} if edition.edition.reconstructed else {"reconstructed": WHY}
    common = {"edition": manifest.edition, "as_of": manifest.as_of, "seed": manifest.seed, "gate": manifest.gate.mark()}
    with pytest.raises(ForecastingError, match="found reconstructed"):
        _forecasts(forecasts_json(run.forecasts, **common, **other).encode(), manifest, Path("runs/x/forecasts.json"))
