"""Runs on disk: what is written is read back, and what the manifest does not vouch for is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pandas as pd
import pytest
from toy import made_up_run, toy_edition

from forecasting.errors import ForecastingError, UsageError
from forecasting.files import file_digest, write_file
from forecasting.rules.load import load_dossier
from forecasting.runs import freshness
from forecasting.runs.freshness import code_digest, inputs, is_current
from forecasting.runs.store import TABLES, Run, forecasts_json, read_run

NAME = "2024-07-ferry"


def written(root: Path) -> Path:
    """Write the made-up run the way that runs are published, with a manifest of digests."""
    directory = root / NAME
    run = made_up_run(directory)
    for table in TABLES:
        text = getattr(run, table).to_csv(index=False, na_rep="nan", lineterminator="\n")
        write_file(directory / f"{table}.csv", text)
    write_file(directory / "forecasts.json", forecasts_json(run.forecasts))
    outputs = {path.name: file_digest(path) for path in sorted(directory.iterdir())}
    manifest = {**run.manifest, **inputs(toy_edition(), toy_edition().edition.seed), "outputs": outputs}
    write_file(directory / "manifest.json", json.dumps(manifest))
    return directory


def edit_manifest(directory: Path, change: Callable[[dict], None]) -> None:
    manifest = json.loads((directory / "manifest.json").read_text("utf-8"))
    change(manifest)
    (directory / "manifest.json").write_text(json.dumps(manifest), "utf-8")


def test_a_run_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    directory = written(tmp_path)
    made, got = made_up_run(directory), read_run(directory)
    assert got.forecasts == made.forecasts
    for table in TABLES:
        pd.testing.assert_frame_equal(getattr(got, table), getattr(made, table), check_dtype=False)
    assert got.forecast("toll-by-2025").headline.p == 0.148
    with pytest.raises(UsageError, match="run 2024-07-ferry has no question 'nothing'"):
        got.forecast("nothing")


@pytest.mark.parametrize("name", [*(f"{table}.csv" for table in TABLES), "forecasts.json"])
def test_one_changed_character_is_refused(tmp_path: Path, name: str) -> None:
    directory = written(tmp_path)
    path = directory / name
    data = bytearray(path.read_bytes())
    data[-2] ^= 1
    path.write_bytes(bytes(data))
    with pytest.raises(ForecastingError, match=f"{name}: missing or changed since the run; make it again"):
        read_run(directory)


def test_what_changed_is_read_back_where_a_run_has_it_and_guarded_like_the_rest(tmp_path: Path) -> None:
    directory = written(tmp_path)
    assert read_run(directory).changes.empty
    row = {"question": "pact-by-2025", "outcome": "yes", "part": "time", "change": -0.05, "mcse": 0.001}
    table = pd.DataFrame([row])
    table.to_csv(directory / "changes.csv", index=False)
    assert read_run(directory).changes.empty  # nobody vouches for it
    edit_manifest(directory, lambda m: m["outputs"].update({"changes.csv": file_digest(directory / "changes.csv")}))
    pd.testing.assert_frame_equal(read_run(directory).changes, table)
    (directory / "changes.csv").unlink()
    with pytest.raises(ForecastingError, match=r"changes\.csv: missing or changed"):
        read_run(directory)


def test_a_run_with_a_previous_edition_depends_on_what_that_one_knew(project_dir: Path) -> None:
    dossier = load_dossier(project_dir / "priors")
    outlook = dossier.edition("2026-02-outlook")
    known = freshness.record_digests(outlook)
    assert "previous_edition" in known
    assert "previous_edition" not in freshness.record_digests(dossier.edition("2024-12-syria"))
    sooner = dossier.editions["2024-12-syria"].model_copy(update={"sources": ("carnegie-2024-12",)})
    other = replace(dossier, editions=MappingProxyType({**dossier.editions, "2024-12-syria": sooner}))
    assert freshness.changed_records(other.edition("2026-02-outlook"), {"records": known}) == ["previous_edition"]


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    directory = written(tmp_path)
    (directory / "curves.csv").unlink()
    with pytest.raises(ForecastingError, match=r"curves\.csv: missing or changed"):
        read_run(directory)


def test_a_file_that_the_manifest_does_not_vouch_for_is_not_read(tmp_path: Path) -> None:
    directory = written(tmp_path)
    edit_manifest(directory, lambda manifest: manifest["outputs"].pop("influence.csv"))
    with pytest.raises(ForecastingError, match=r"does not vouch for influence\.csv"):
        read_run(directory)


def test_a_run_of_another_schema_is_refused(tmp_path: Path) -> None:
    directory = written(tmp_path)
    edit_manifest(directory, lambda manifest: manifest.update(schema=1))
    with pytest.raises(ForecastingError, match="the run has schema 1, this program reads 3"):
        read_run(directory)


def test_a_torn_manifest_is_our_error_and_no_traceback(tmp_path: Path) -> None:
    directory = written(tmp_path)
    path = directory / "manifest.json"
    path.write_text(path.read_text("utf-8")[:-20], "utf-8")
    with pytest.raises(ForecastingError, match="not JSON; make the run again"):
        read_run(directory)
    assert not is_current(toy_edition(), directory)


def test_where_there_is_no_run_the_command_to_make_one_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=f"make one with: forecast run {NAME}"):
        read_run(tmp_path / NAME)


def test_a_run_is_current_until_a_record_a_seed_the_code_or_a_package_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    edition, directory = toy_edition(), written(tmp_path)
    assert is_current(edition, directory)
    for field, value in (("seed", 1), ("python", "3.11.0"), ("records", {}), ("packages", {"pymc": "5"})):
        before = (directory / "manifest.json").read_text("utf-8")
        edit_manifest(directory, lambda manifest, field=field, value=value: manifest.update({field: value}))
        assert not is_current(edition, directory), field
        (directory / "manifest.json").write_text(before, "utf-8")
    monkeypatch.setattr(freshness, "code_digest", lambda: "another program")
    assert not is_current(edition, directory)
    monkeypatch.undo()
    assert is_current(edition, directory)
    (directory / "gate.csv").unlink()
    assert not is_current(edition, directory)


def test_the_code_behind_the_digits_is_digested_and_nothing_that_is_not_there(project_dir: Path) -> None:
    package = project_dir / "forecasting"
    assert all((package / name).exists() for name in freshness.CODE)
    assert len(code_digest()) == 64
    assert code_digest() == code_digest()


def test_numbers_keep_every_digit(tmp_path: Path) -> None:
    run: Run = made_up_run(tmp_path)
    records = json.loads(forecasts_json(run.forecasts))
    assert records[0]["outcomes"][0]["mcse"] == 0.0028
    assert records[0]["as_of"] == "2024-07-01"


def test_outputs_are_made_anew_when_an_input_changes_or_an_output_is_gone(tmp_path: Path) -> None:
    source, output = tmp_path / "in" / "a.txt", tmp_path / "out.html"
    source.parent.mkdir()
    source.write_text("one")
    output.write_text("made")
    made_from = freshness.MadeFrom(tmp_path / ".made-from", (source.parent,))
    assert not made_from.holds([output])
    made_from.write()
    assert made_from.holds([output])
    source.write_text("two")
    assert not made_from.holds([output])
    source.write_text("one")
    assert made_from.holds([output])
    (source.parent / "b.txt").write_text("new")
    assert not made_from.holds([output])
    (source.parent / "b.txt").unlink()
    output.unlink()
    assert not made_from.holds([output])
