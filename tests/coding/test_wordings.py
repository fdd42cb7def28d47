"""A wording of one's own is placed among surveyed phrases and gets its quantiles, whether a command or a hand wrote its row."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from forecasting.cli.main import app
from forecasting.coding.wordings import place_wording
from forecasting.dossier.load import read_dossier
from forecasting.errors import UsageError
from forecasting.fitting.hedges import main as compute

HEAD = "wording,p05,p25,p50,p75,p95,reads,at,towards,share,instead,n,citation\n"


@pytest.fixture
def root(tmp_path: Path, project_dir: Path) -> Path:
    shutil.copytree(project_dir / "priors" / "lexicons", tmp_path / "priors" / "lexicons")
    return tmp_path / "priors"


def test_a_placed_wording_is_read_as_its_phrase_and_the_table_computes_to_the_same_bytes(root: Path) -> None:
    placed = place_wording(root, "Very unlikely", "my-hedges", at="highly unlikely", why="the same said otherwise")
    assert (placed.row.wording, placed.row.reads, placed.line) == ("very unlikely", "at_most", 2)
    assert placed.row.p50 == pytest.approx(0.06, abs=0.01)  # of readers: 6 % in both surveys
    before = placed.path.read_bytes()
    compute(["--priors", str(root), "--lexicon", "my-hedges"])
    assert placed.path.read_bytes() == before


def test_empty_quantiles_of_a_placed_row_are_computed_and_check_says_by_what(root: Path) -> None:
    path = root / "lexicons" / "my-hedges.csv"
    path.write_text(HEAD + "hardly,,,,,,at_most,highly unlikely,,,,,Coder: about as strong\n", "utf-8")
    said = [result.fix for result in read_dossier(root)[1] if result.rule == "wording-fields"]
    assert said
    assert all("python -m forecasting.fitting.hedges --lexicon my-hedges" in fix for fix in said)
    compute(["--priors", str(root), "--lexicon", "my-hedges"])
    dossier, failures = read_dossier(root)
    assert not failures
    assert dossier.lexicons["my-hedges"]["hardly"].n == 2633


def test_the_absence_of_what_a_phrase_is_said_of_turns_its_bound(root: Path) -> None:
    assert place_wording(root, "bound to", "mine", at="not unlikely", why="x").row.reads == "at_least"


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ({"at": "remote"}, "no survey asked about 'remote'; place 'so so' at one of 'almost no chance' (2 %)"),
        ({"at": "about even", "towards": "likely"}, "'so so': at, towards and share do not fit"),
    ],
)
def test_a_place_that_is_none_is_refused_and_nothing_is_written(root: Path, place: dict[str, str], said: str) -> None:
    with pytest.raises(UsageError) as caught:
        place_wording(root, "so so", "mine", why="x", **place)
    assert said in str(caught.value)
    assert not (root / "lexicons" / "mine.csv").exists()


def test_the_command_says_what_the_wording_stands_for_and_what_to_write(root: Path) -> None:
    words = ["new", "wording", "very unlikely", "--at", "highly unlikely", "--why", "the same", "--priors", str(root)]
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 0, result.output
    assert "'very unlikely': 6 % (1-22), read as at_most" in result.output
    assert "write  wording: very unlikely  and  lexicon: my-hedges" in result.output
    again = CliRunner().invoke(app, words)
    assert again.exit_code == 2
    assert "lists 'very unlikely' already" in again.output


def test_a_lexicon_that_is_not_there_is_said_without_a_traceback(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        compute(["--priors", str(root), "--lexicon", "nowhere"])
    assert "nowhere.csv" in capsys.readouterr().err
