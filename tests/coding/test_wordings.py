"""A wording of one's own is placed among surveyed phrases and gets its quantiles, whether a command or a hand wrote its row."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from forecasting.cli.main import app
from forecasting.coding.remove import plan_wording_removal, remove
from forecasting.coding.wordings import place_wording
from forecasting.dossier.load import read_dossier
from forecasting.dossier.unknown_wordings import unknown_wording
from forecasting.errors import DossierError, UsageError
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


def test_that_something_cannot_be_ruled_out_is_a_floor_at_one_in_ten(root: Path) -> None:
    said = CliRunner().invoke(app, ["new", "wording", "Cannot be  ruled out", "--priors", str(root)])
    assert said.exit_code == 0, said.output
    row = read_dossier(root)[0].lexicons["my-hedges"]["cannot be ruled out"]
    assert (row.at, row.reads) == ("little chance", "at_least")
    assert row.p50 == pytest.approx(0.11, abs=0.01)
    assert "the chance is not nil, and no more" in row.citation


def test_a_wording_placed_before_is_placed_anew_only_when_asked_and_a_surveyed_one_never(root: Path) -> None:
    place_wording(root, "slim hopes", "mine", at="unlikely", why="first thought")
    placed = place_wording(root, "scant hopes", "mine", at="unlikely", why="other")
    with pytest.raises(UsageError, match="--replace places it anew"):
        place_wording(root, "slim hopes", "mine", at="little chance", why="x")
    kept = placed.path.read_text("utf-8").splitlines()[2]
    again = place_wording(root, "slim hopes", "mine", at="little chance", why="second thought", replace=True)
    assert (again.line, again.row.at) == (2, "little chance")
    assert placed.path.read_text("utf-8").splitlines()[2] == kept
    with pytest.raises(UsageError, match="was not placed by a coder, and stays"):
        place_wording(root, "likely", "capphrase-2026", at="unlikely", why="x", replace=True)
    with pytest.raises(UsageError, match="nothing to replace"):
        place_wording(root, "no hopes", "mine", at="unlikely", why="x", replace=True)


def test_a_wording_of_ones_own_is_removed_and_its_file_with_the_last(root: Path) -> None:
    path = place_wording(root, "slim hopes", "mine", at="unlikely", why="x").path
    place_wording(root, "scant hopes", "mine", at="unlikely", why="x")
    run = CliRunner()
    shown = run.invoke(app, ["remove", "slim hopes", "--lexicon", "mine", "--priors", str(root)])
    assert "nothing names it" in shown.output
    assert 'forecast remove "slim hopes" --lexicon mine --yes' in " ".join(shown.output.split())
    assert run.invoke(app, ["remove", "slim hopes", "--lexicon", "mine", "--yes", "--priors", str(root)]).exit_code == 0
    assert "slim hopes" not in path.read_text("utf-8")
    run.invoke(app, ["remove", "scant hopes", "--lexicon", "mine", "--yes", "--priors", str(root)])
    assert not path.exists()
    refused = run.invoke(app, ["remove", "likely", "--lexicon", "capphrase-2026", "--priors", str(root)])
    assert refused.exit_code == 2


@pytest.mark.slow
def test_a_wording_that_a_claim_reads_by_names_it_and_stays(tmp_path: Path, project_dir: Path) -> None:
    root = tmp_path / "priors"
    shutil.copytree(project_dir / "priors", root)
    dossier = read_dossier(root)[0]
    claim = next(c for c in dossier.claims.values() if (row := dossier.wording(c.lexicon, c.wording)) and row.at)
    removal = plan_wording_removal(root, claim.lexicon, claim.wording)
    assert f"claim {claim.id}" in [hanging.name for hanging in removal.hanging]
    with pytest.raises(DossierError):
        remove(root, removal)
    assert claim.wording in read_dossier(root)[0].lexicons[claim.lexicon]


@pytest.mark.parametrize(
    ("wording", "fix"),
    [
        ("Likely ", "write 'likely': the same words in other letters or with other blanks"),
        ("cannot be excluded", 'forecast new wording "cannot be excluded" --at "little chance" --reads at_least'),
        ("possible", 'forecast new wording "possible" --at "could happen" --reads at_least'),
    ],
)
def test_check_says_what_to_write_for_a_slip_and_for_a_floor(root: Path, wording: str, fix: str) -> None:
    lexicons = read_dossier(root)[0].lexicons
    without = {name: {w: row for w, row in rows.items() if w != wording} for name, rows in lexicons.items()}
    assert fix in unknown_wording(wording, without["capphrase-2026"], without)
