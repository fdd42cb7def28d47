"""Runs on disk: what is written is read back, and what the manifest does not vouch for is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pandas as pd
import pytest
from manifest_changes import EDITED
from manifests import FAILED, PASSED, made_up_manifest
from toy import made_up_run, toy_edition
from written_runs import NAME, vouch, written

from forecasting.errors import ForecastingError, UsageError
from forecasting.rules.load import load_dossier
from forecasting.runs import freshness, store
from forecasting.runs.freshness import code_digest, is_current
from forecasting.runs.manifest import MANIFEST, entries
from forecasting.runs.store import REQUIRED, TABLES, Run, forecasts_json, read_run


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
    with pytest.raises(ForecastingError, match=f"{name}: missing or changed since the run; make the run again"):
        read_run(directory)


def test_what_changed_is_read_back_where_a_run_has_it_and_guarded_like_the_rest(tmp_path: Path) -> None:
    directory = written(tmp_path)
    assert read_run(directory).changes.empty
    row = {"question": "pact-by-2025", "outcome": "yes", "part": "time", "change": -0.05, "mcse": 0.001}
    table = pd.DataFrame([row])
    table.to_csv(directory / "changes.csv", index=False)
    with pytest.raises(ForecastingError, match=r"changes\.csv: not listed in manifest\.json, so nobody vouches for it"):
        read_run(directory)
    vouch(directory)
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
    made_from = made_up_manifest(outlook, records=known)
    assert freshness.changed_records(other.edition("2026-02-outlook"), made_from) == ["previous_edition"]


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    directory = written(tmp_path)
    (directory / "curves.csv").unlink()
    with pytest.raises(ForecastingError, match=r"curves\.csv: missing or changed"):
        read_run(directory)


@pytest.mark.parametrize("name", [*REQUIRED])
def test_a_file_that_the_manifest_does_not_list_is_not_read(tmp_path: Path, name: str) -> None:
    directory = written(tmp_path)
    outputs = entries(directory, [path.name for path in directory.iterdir() if path.name not in (name, MANIFEST)])
    vouch(directory, outputs=outputs)
    with pytest.raises(ForecastingError, match=rf"does not vouch for {name}; make the run again"):
        read_run(directory)


@pytest.mark.parametrize(("change", "found"), EDITED, ids=lambda value: value if isinstance(value, str) else "")
def test_a_manifest_that_is_none_or_was_edited_is_refused_with_what_was_found(
    tmp_path: Path, change: Callable[[str], str], found: str
) -> None:
    directory = written(tmp_path)
    path = directory / MANIFEST
    path.write_text(change(path.read_text("utf-8")), "utf-8")
    message = rf"manifest\.json: found .*{found}.*; make the run again: forecast run {NAME}"
    with pytest.raises(ForecastingError, match=message):
        read_run(directory)
    assert not is_current(toy_edition(), directory)


@pytest.mark.parametrize(("field", "value"), [("as_of", "2024-07-02"), ("seed", 7), ("edition", "2024-08-ferry")])
def test_a_manifest_that_was_edited_with_its_digest_still_has_to_agree_with_the_forecasts(
    tmp_path: Path, field: str, value: object
) -> None:
    directory = written(tmp_path)
    vouch(directory, **{field: value})
    with pytest.raises(ForecastingError, match=rf"forecasts\.json: found {field} .*, where manifest\.json has '?{value}"):
        read_run(directory)


def test_a_gate_that_was_edited_has_to_agree_with_its_table(tmp_path: Path) -> None:
    directory = written(tmp_path, FAILED)
    with pytest.raises(ForecastingError, match=r"gate\.csv: found another verdict than manifest\.json has"):
        read_run(directory)


@pytest.mark.parametrize("name", ["notes.txt", ".hidden", "posterior2.nc"])
def test_a_file_that_is_not_listed_is_refused(tmp_path: Path, name: str) -> None:
    directory = written(tmp_path)
    (directory / name).write_text("mine")
    with pytest.raises(ForecastingError, match=f"{name}: not listed in manifest.json, so nobody vouches for it; remove it"):
        read_run(directory)
    assert not is_current(toy_edition(), directory)


def test_a_link_to_a_file_with_the_same_content_is_refused(tmp_path: Path) -> None:
    directory = written(tmp_path)
    (directory / "posterior.nc").rename(tmp_path / "elsewhere.nc")
    (directory / "posterior.nc").symlink_to(tmp_path / "elsewhere.nc")
    with pytest.raises(ForecastingError, match=r"posterior\.nc: missing or changed"):
        read_run(directory)


def test_a_run_that_is_replaced_while_it_is_read_is_read_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    directory, other = written(tmp_path), written(tmp_path / "other")
    vouch(other, command="the later one")
    check = store.check_files

    def replaced(*args: object) -> None:
        monkeypatch.setattr(store, "check_files", check)
        for path in other.iterdir():
            path.replace(directory / path.name)
        raise ForecastingError("gate.csv: missing or changed")

    monkeypatch.setattr(store, "check_files", replaced)
    assert read_run(directory).manifest.command == "the later one"


def test_where_there_is_no_run_the_command_to_make_one_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=f"make one with: forecast run {NAME}"):
        read_run(tmp_path / NAME)


def test_a_run_is_current_until_a_record_a_seed_the_code_or_a_package_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    edition, directory = toy_edition(), written(tmp_path)
    assert is_current(edition, directory)
    for field, value in (("seed", 1), ("python", "3.11.0"), ("records", {}), ("packages", {"pymc": "5"})):
        vouch(directory, **{field: value})
        assert not is_current(edition, directory), field
        vouch(directory)
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
    common = {"edition": NAME, "as_of": toy_edition().as_of, "seed": 7, "gate": PASSED}
    record = json.loads(forecasts_json(run.forecasts, **common))
    assert record["forecasts"][0]["outcomes"][0]["mcse"] == 0.0028
    assert record["as_of"] == "2024-07-01"
    assert record["gate"] == {"n_criteria": 10, "failed": [], "override": None}


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
