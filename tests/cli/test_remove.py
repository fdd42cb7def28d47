"""`forecast remove` says what hangs on a record, and removes it through the rules or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest
from builders import write_dossier
from typer.testing import CliRunner

from forecasting.cli.main import app
from forecasting.dossier.load import read_dossier


def forecast(*words: object):
    return CliRunner().invoke(app, [str(word) for word in words])


def contents(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


@pytest.fixture
def root(tmp_path: Path, project_dir: Path) -> Path:
    return write_dossier(tmp_path, project_dir)


def test_it_says_what_hangs_on_a_record_and_writes_nothing(root: Path):
    before = contents(root)
    result = forecast("remove", "pact-signed", "--priors", root)
    assert result.exit_code == 0, result.output
    said = " ".join(result.output.split())
    for name in ("claim n-001", "effect pact-lowers-toll", "question pact-by-2025", "history"):
        assert f"named by {name}" in said
    assert contents(root) == before


def test_what_others_need_is_not_removed(root: Path):
    before = contents(root)
    for ident in ("n-002", "pact-signed", "norland-times", "pact-by-2025", "pacts-signed"):
        result = forecast("remove", ident, "--priors", root, "--yes")
        assert result.exit_code == 2, (ident, result.output)
        assert contents(root) == before, ident


def test_what_nothing_needs_is_removed_and_all_else_stays_byte_for_byte(root: Path):
    before = contents(root)
    result = forecast("remove", "n-003", "--priors", root, "--yes")
    assert result.exit_code == 0, result.output
    after = contents(root)
    (name,) = (name for name in before if after.get(name) != before[name])
    old, new = before[name].decode(), after[name].decode()
    start = old.index("- id: n-003")
    assert new == old[:start] + "".join(old[start:].partition("- id: n-004")[1:])
    assert "n-003" not in read_dossier(root)[0].claims


def test_the_last_effect_leaves_an_empty_table(root: Path):
    assert forecast("remove", "pact-lowers-toll", "--priors", root, "--yes").exit_code == 0
    dossier, failures = read_dossier(root)
    assert not failures
    assert not dossier.effects


def test_a_class_goes_with_all_its_rows(root: Path):
    before = (root / "reference_classes.csv").read_text("utf-8")
    assert forecast("remove", "deadlines-kept", "--priors", root, "--yes").exit_code == 0
    after = (root / "reference_classes.csv").read_text("utf-8")
    assert after == "".join(line for line in before.splitlines(keepends=True) if not line.startswith("deadlines-kept"))


def test_an_edition_that_claims_need_stays(root: Path):
    result = forecast("remove", "2024-07-ferry", "--priors", root, "--yes")
    assert result.exit_code == 2
    assert "moves no question of any edition" in result.output
    assert (root / "editions" / "2024-07-ferry.yaml").exists()


def test_an_unknown_id_names_the_nearest(root: Path):
    result = forecast("remove", "pact-sined", "--priors", root)
    assert result.exit_code == 2
    assert "did you mean 'pact-signed'" in result.output


def test_what_was_begun_a_minute_ago_and_is_unfinished_is_removed(root: Path):
    (root / "claims").mkdir(exist_ok=True)
    before = contents(root)
    for words in (
        ("claim", "--source", "norland-times"), ("event", "--id", "bridge-built", "--theme", "ferry"),
        ("class", "--id", "bridges"), ("edition", "--id", "2025-01-x"),
    ):  # fmt: skip
        begun = forecast("new", *words, "--priors", root)
        assert begun.exit_code == 0, begun.output
        ident = begun.output.partition("begun: ")[2].split()[0]
        told = forecast("remove", ident, "--priors", root)
        assert told.exit_code == 0, told.output
        assert ", unfinished)" in told.output
        gone = forecast("remove", ident, "--priors", root, "--yes")
        assert gone.exit_code == 0, gone.output
        assert {name: text.rstrip() for name, text in contents(root).items()} == {n: text.rstrip() for n, text in before.items()}


def test_an_unfinished_event_that_a_claim_names_stays(root: Path):
    path = root / "events" / "ferry.yaml"
    text = path.read_text("utf-8")
    path.write_text(text.replace("- id: pact-signed\n  title:", "- id: pact-signed\n  title:  #", 1), "utf-8")
    assert "pact-signed" not in read_dossier(root)[0].events
    result = forecast("remove", "pact-signed", "--priors", root, "--yes")
    assert result.exit_code == 2, result.output
    assert "no event 'pact-signed'" in result.output
