"""Opening a run makes it if it is missing or out of date, and only once however many ask."""

from __future__ import annotations

import json
import threading
import time

import pandas as pd
import pytest
from manifests import PASSED, VERDICTS, made_up_manifest

import forecasting as fc
from forecasting.analysis.registry import columns_of
from forecasting.errors import UsageError
from forecasting.files import WRITER, publish, scratch_folder
from forecasting.lab import open as opening
from forecasting.rules.load import load_dossier
from forecasting.runs.manifest import entries
from forecasting.runs.store import TABLES, forecasts_json


@pytest.fixture
def fits(monkeypatch):
    """Replace fitting by writing empty tables, and count how often it happens."""
    made = []

    def run_edition(priors, edition_id, runs, *, command, progress):
        progress(edition_id, "sampling", 0.5)
        time.sleep(0.2)
        edition, directory = load_dossier(priors).edition(edition_id), runs / edition_id
        with scratch_folder(directory) as scratch:
            for name in TABLES:
                rows = VERDICTS if name == "gate" else ()
                pd.DataFrame(rows, columns=list(columns_of(name))).to_csv(scratch / f"{name}.csv", index=False)
            common = {"edition": edition_id, "as_of": edition.as_of, "seed": edition.edition.seed, "gate": PASSED}
            common |= {"reconstructed": edition.edition.reconstructed} if edition.edition.reconstructed else {}
            (scratch / "forecasts.json").write_text(forecasts_json((), **common))
            for name in ("forecasts.csv", "answers.nc", "posterior.nc"):
                (scratch / name).write_text("")
            names = [path.name for path in scratch.iterdir() if path.name != WRITER]
            manifest = made_up_manifest(edition, command=command, outputs=entries(scratch, names))
            (scratch / "manifest.json").write_text(json.dumps(manifest.fields()))
            publish(scratch, directory)
        made.append(edition_id)

    monkeypatch.setattr("forecasting.runs.pipeline.run_edition", run_edition)
    monkeypatch.setattr(opening, "_current", lambda edition, runs: (runs / edition.edition.id).is_dir())
    return made


def test_a_missing_run_is_made_once_and_then_read(fits, project_dir, tmp_path):
    for _ in range(2):
        run = fc.open_run("2020-11-karabakh", priors=project_dir / "priors", runs=tmp_path / "runs")
        assert run.manifest.command == 'fc.open_run("2020-11-karabakh")'
    assert fits == ["2020-11-karabakh"]


@pytest.mark.slow
def test_notebooks_that_open_the_same_edition_at_once_fit_it_once(fits, project_dir, tmp_path):
    found = []

    def ask():
        found.append(fc.open_run("2020-11-karabakh", priors=project_dir / "priors", runs=tmp_path / "runs"))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert fits == ["2020-11-karabakh"]


def test_an_unknown_edition_is_an_error_before_anything_is_made(fits, project_dir, tmp_path):
    with pytest.raises(UsageError, match="2020-11-karabakh"):
        fc.open_run("2020-11-karabak", priors=project_dir / "priors", runs=tmp_path / "runs")
    assert not (tmp_path / "runs").exists()
    assert fits == []
