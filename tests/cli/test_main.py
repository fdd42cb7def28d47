"""Commands at their edges: narrow terminals, other records, folders that cannot be written, Ctrl-C while sampling."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from manifests import made_up_manifest
from rich.console import Console
from toy import EDITION, made_up_run, toy_edition, toy_priors
from typer.testing import CliRunner

from forecasting.cli.main import app
from forecasting.cli.run import largest_moves
from forecasting.cli.tables import WIDE, forecast_table
from forecasting.errors import SamplingStopped, UsageError
from forecasting.runs import pipeline
from forecasting.runs.freshness import changed_records, current_run, record_digests
from forecasting.runs.manifest import read_manifest


def drawn(tmp_path: Path, width: int) -> str:
    console = Console(width=width, record=True, file=io.StringIO())
    console.print(forecast_table(made_up_run(tmp_path), width))
    return console.export_text()


def test_titles_stand_beside_ids_and_no_line_is_wider_than_the_terminal(tmp_path: Path) -> None:
    text = drawn(tmp_path, 80)
    forecast = made_up_run(tmp_path).forecasts[0]
    assert max(map(len, text.splitlines())) <= 80
    assert any(line.startswith(forecast.question) for line in text.splitlines())
    assert forecast.title.split()[0] in text


@pytest.mark.parametrize("width", [60, 80, 150])
def test_a_table_shows_every_answer_and_its_interval_whatever_the_width(tmp_path: Path, width: int) -> None:
    text = drawn(tmp_path, width)
    for part in ("47 %", "20-81", "15 %"):
        assert part in text
    assert "…" not in text
    assert ("prior" in text) == (width == 150)


@pytest.mark.parametrize("width", [80, 150])
def test_who_is_ahead_has_no_interval_in_a_terminal_either(tmp_path: Path, width: int) -> None:
    """On each draw it is the one or the other: an interval from 0 to 1 would say nothing, nor would its words."""
    run = made_up_run(tmp_path)
    first = run.forecasts[0]
    apart = tuple(replace(o, low=0.0, low_50=0.0, high_50=1.0, high=1.0) for o in first.outcomes)
    assert all(o.range_words for o in apart)
    console = Console(width=width, record=True, file=io.StringIO())
    console.print(forecast_table(replace(run, forecasts=(replace(first, outcomes=apart),)), width))
    text = console.export_text()
    assert text.count("none") == 2 * len(apart)
    assert "<1->99" not in text
    assert "almost no chance to" not in " ".join(text.split())


def stale(tmp_path: Path) -> Path:
    """Return a folder with a run that was made from other claims."""
    made_from = {**record_digests(toy_edition()), "claims": "0" * 64}
    (tmp_path / EDITION).mkdir()
    (tmp_path / EDITION / "manifest.json").write_text(json.dumps(made_up_manifest(toy_edition(), records=made_from).fields()))
    return tmp_path


def test_numbers_are_never_shown_beside_other_records(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    runs = stale(tmp_path)
    manifest = read_manifest(runs / EDITION)
    assert changed_records(toy_edition(), manifest) == ["claims"]
    run = made_up_run(tmp_path)
    monkeypatch.setattr("forecasting.runs.freshness.read_run", lambda _: replace(run, manifest=manifest))
    with pytest.raises(UsageError, match=rf"was made from other records \(claims\); make it again: forecast run {EDITION}"):
        current_run(toy_edition(), runs)
    for command in (["report", EDITION], ["trace", "pact-by-2025"]):
        result = CliRunner().invoke(app, [*command, "--priors", str(toy_priors()), "--runs", str(runs)])
        assert result.exit_code == 2
        assert "was made from other records (claims)" in result.output


def test_verify_names_every_damaged_run(tmp_path: Path) -> None:
    (tmp_path / EDITION).mkdir()
    (tmp_path / EDITION / "manifest.json").write_text("{")
    result = CliRunner().invoke(app, ["verify", "--priors", str(toy_priors()), "--runs", str(tmp_path)])
    assert result.exit_code == 2
    assert "found no JSON" in result.output


def test_a_folder_that_cannot_be_written_is_named_before_the_fit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("in the way")
    result = CliRunner().invoke(app, ["run", EDITION, "--priors", str(toy_priors()), "--runs", str(tmp_path / "file")])
    assert result.exit_code == 2
    assert f"{tmp_path / 'file'}: File exists; name a folder that can be written" in result.output.replace("\n", " ")


def test_a_sampler_that_was_interrupted_is_an_interruption_and_no_bad_fit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_: object, **__: object) -> None:
        raise SamplingStopped("sampling stopped at 4 × 198 draws of 4 × 2000")

    monkeypatch.setattr(pipeline, "run_edition", stopped)
    result = CliRunner().invoke(app, ["run", EDITION, "--priors", str(toy_priors()), "--runs", str(tmp_path)])
    assert result.exit_code == 130
    assert "interrupted; nothing half-made was published" in result.output.replace("\n", " ")


def test_an_event_without_a_run_is_answered_with_the_questions_about_it(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["trace", "quay-closed", "--priors", str(toy_priors()), "--runs", str(tmp_path)])
    assert result.exit_code == 0
    assert "no run has it yet" in result.output
    assert "quay-by-2025 (in no run yet)" in result.output


def test_the_width_of_the_whole_table_is_what_it_takes(tmp_path: Path) -> None:
    assert max(len(line) for line in drawn(tmp_path, WIDE).splitlines()) <= WIDE


def test_the_version_is_that_of_the_package() -> None:
    from forecasting import __version__

    assert CliRunner().invoke(app, ["--version"]).output.strip() == f"forecasting {__version__}"


def test_the_largest_moves_from_the_run_before_are_told_and_those_within_the_noise_are_not(tmp_path: Path) -> None:
    after = list(made_up_run(tmp_path).forecasts)
    assert largest_moves(after, after) == "no answer moved noticeably from the run that this replaces"
    first = after[0]
    outcome = replace(first.outcomes[0], p=first.outcomes[0].p / 2)
    before = [replace(first, outcomes=(outcome, *first.outcomes[1:])), *after[1:]]
    told = largest_moves(before, after)
    assert told.startswith(f"moved most from the run that this replaces: {first.question}")
    assert f"{outcome.percent} to {first.outcomes[0].percent}" in told
