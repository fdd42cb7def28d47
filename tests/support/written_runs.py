"""A run that nobody fitted, written to disk the way that runs are published."""

from __future__ import annotations

from pathlib import Path

from manifests import PASSED, gate_entry
from toy import made_up_run, toy_edition

from forecasting.files import write_file
from forecasting.forecasts import Gate
from forecasting.runs.freshness import inputs
from forecasting.runs.manifest import MANIFEST, entries, manifest_text
from forecasting.runs.store import TABLES, forecasts_json
from forecasting.runs.tables import table_text

NAME = "2024-07-ferry"


def written(root: Path, gate: Gate = PASSED) -> Path:
    """Write the made-up run the way that runs are published, with a manifest of digests."""
    directory = root / NAME
    run, edition = made_up_run(directory), toy_edition()
    for table in TABLES:
        write_file(directory / f"{table}.csv", table_text(getattr(run, table)))
    common = {"edition": NAME, "as_of": edition.as_of, "seed": edition.edition.seed}
    write_file(directory / "forecasts.json", forecasts_json(run.forecasts, **common, gate=gate))
    write_file(directory / "forecasts.csv", "question\n")
    write_file(directory / "posterior.nc", "draws")
    write_file(directory / "answers.nc", "answers")
    vouch(directory, gate=gate_entry(gate))
    return directory


def vouch(directory: Path, **changes: object) -> None:
    """Write a manifest that is in order for the files of a folder."""
    edition = toy_edition()
    names = [path.name for path in directory.iterdir() if path.name != MANIFEST]
    fields = {
        "as_of": str(edition.as_of), "command": "test", **inputs(edition, edition.edition.seed), "gate": gate_entry(PASSED),
        "outputs": entries(directory, names), **changes,
    }  # fmt: skip
    write_file(directory / MANIFEST, manifest_text(**fields))
