"""Records as a spreadsheet and back, as an analyst does it; openpyxl makes the edits that a spreadsheet program would."""

from __future__ import annotations

import re
import time
import zipfile
from pathlib import Path

import pytest
from builders import write_dossier
from openpyxl import load_workbook
from typer.testing import CliRunner
from written_runs import written

from forecasting.cli.main import app
from forecasting.coding.scaffold import begin_claim
from forecasting.coding.sheets.tables import TABLES, rows_of
from forecasting.runs.store import read_run


def forecast(*words: object):
    return CliRunner().invoke(app, [str(word) for word in words])


def contents(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


class Sheet:
    """A workbook that was exported, and edits in it by row and column."""

    def __init__(self, root: Path, folder: Path, name: str = "claims"):
        self.root, self.path, self.name = root, folder / f"{name}.xlsx", name
        assert forecast("export", self.path, "--priors", root, "--force").exit_code == 0
        self.book = load_workbook(self.path)

    def cell(self, row: int, column: str):
        sheet = self.book[self.name]
        return next(sheet.cell(row, c.column) for c in sheet[1] if c.value == column)

    def bring(self, *more: str):
        self.book.save(self.path)
        return forecast("import", self.path, "--priors", self.root, *more)


@pytest.fixture
def root(tmp_path: Path, project_dir: Path) -> Path:
    return write_dossier(tmp_path / "own", project_dir)


@pytest.mark.parametrize("name", list(TABLES))
def test_without_edits_not_a_byte_changes(project_dir: Path, tmp_path: Path, name: str):
    before = contents(project_dir / "priors")
    result = Sheet(project_dir / "priors", tmp_path, name).bring()
    assert result.exit_code == 0, result.output
    assert "no difference" in result.output
    assert contents(project_dir / "priors") == before


def test_an_edit_is_shown_then_written_and_nothing_else_changes(root: Path, tmp_path: Path):
    sheet, before = Sheet(root, tmp_path), contents(root)
    row = next(n for n in range(2, 9) if sheet.cell(n, "id").value == "n-001")
    sheet.cell(row, "note").value = "Read twice: the minister said so."
    shown = sheet.bring("--dry-run")
    assert shown.exit_code == 0, shown.output
    assert "note: empty becomes 'Read twice: the minister said so.'" in shown.output
    assert contents(root) == before
    assert sheet.bring().exit_code == 0
    after = contents(root)
    (changed,) = (name for name in before if before[name] != after[name])
    old, new = before[changed].decode().splitlines(), after[changed].decode().splitlines()
    assert [line for line in new if line not in old] == ['  note: "Read twice: the minister said so."']
    assert [line for line in new if line in old] == old
    assert "no difference" in forecast("import", Sheet(root, tmp_path).path, "--priors", root).output


def test_a_value_that_breaks_a_rule_is_refused_with_its_cell_and_the_files_stay(root: Path, tmp_path: Path):
    sheet, before = Sheet(root, tmp_path), contents(root)
    sheet.cell(2, "reliability").value = "Z"
    sheet.cell(3, "note").value = "This alone would do."
    result = sheet.bring()
    assert result.exit_code == 2
    assert f"claims!{sheet.cell(2, 'reliability').coordinate} (" in result.output
    assert contents(root) == before


def test_all_bad_cells_are_named_whatever_kind_of_rule_they_break(root: Path, tmp_path: Path):
    before = contents(root)
    sheet = Sheet(root, tmp_path)
    sheet.cell(2, "wording").value = "quite likely"
    sheet.cell(3, "reliability").value = "very good"
    result = sheet.bring()
    assert result.exit_code == 2
    said = " ".join(result.output.split())
    assert "reliability is 'very good'" in said
    assert "no wording 'quite likely'" in said
    assert contents(root) == before


def test_a_wording_that_changes_asks_after_the_paraphrase_and_says_how_to_see_what_it_moves(root: Path, tmp_path: Path):
    sheet = Sheet(root, tmp_path)
    sheet.cell(2, "wording").value = "unlikely"
    result = sheet.bring()
    assert result.exit_code == 0, result.output
    assert "n-001: wording changed; does its paraphrase still say that?" in result.output
    assert "forecast run EDITION" in result.output
    graded = Sheet(root, tmp_path)
    graded.cell(2, "credibility").value = 4
    assert "paraphrase" not in graded.bring().output


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("anchor", "start 0 end 3", "another anchor than in"),
        ("id", "n-900", "another id than"),
        ("note", "=1+1", "a formula in column note"),
    ],
)
def test_locked_cells_and_formulas_are_refused_with_sheet_row_and_column(root: Path, tmp_path: Path, column, value, said):
    sheet, before = Sheet(root, tmp_path), contents(root)
    cell = sheet.cell(2, column)
    cell.value = value
    result = sheet.bring()
    assert result.exit_code == 2
    assert f"claims!{cell.coordinate}" in result.output
    assert said in result.output
    assert contents(root) == before


def test_a_record_that_changed_since_the_export_is_not_written_over(root: Path, tmp_path: Path):
    sheet = Sheet(root, tmp_path)
    other = Sheet(root, tmp_path / "other")
    other.cell(2, "note").value = "Another analyst was here."
    assert other.bring().exit_code == 0
    assert "no difference" in sheet.bring().output  # rows that nobody edited
    sheet.cell(2, "note").value = "So was I."
    result = sheet.bring()
    assert result.exit_code == 2
    assert "has changed since this was exported" in result.output


@pytest.mark.slow
def test_text_that_looks_like_a_formula_is_inert_and_comes_back(root: Path, tmp_path: Path):
    path = next(root.glob("claims/*.yaml"))
    first = next(rows_of(root, TABLES["claims"]))
    for words in ("=HYPERLINK(1)", "+1", "-1 of two", "@SUM"):
        sheet = Sheet(root, tmp_path)
        cell = sheet.cell(2, "note")
        cell.value, cell.data_type = words, "s"
        assert sheet.bring().exit_code == 0
        got = next(rows_of(root, TABLES["claims"]))
        assert str(got.cells["note"]) == words
        again = Sheet(root, tmp_path).cell(2, "note")
        assert (again.data_type, again.quotePrefix) == ("s", True)
    assert first.cells["id"] in path.read_text("utf-8")


def test_a_row_is_added_to_the_classes_and_one_is_changed(root: Path, tmp_path: Path):
    sheet = Sheet(root, tmp_path, "classes")
    before = (root / "reference_classes.csv").read_text("utf-8").splitlines()
    new = {"id": "pacts-kept", "events": 3, "exposure": 12.5, "unit": "year", "spread": 0.5, "counted_from": "1990-01-01",
           "counted_until": "2020-12-31", "basis": "table", "citation": "Made up, for a test", "note": "three"}  # fmt: skip
    for column, value in new.items():
        sheet.cell(5, column).value = value
    sheet.cell(2, "events").value = 7
    result = sheet.bring()
    assert result.exit_code == 0, result.output
    after = (root / "reference_classes.csv").read_text("utf-8").splitlines()
    assert after[1] == before[1].replace(",6,40,", ",7,40,")
    assert after[2:-1] == before[2:]
    assert after[-1] == 'pacts-kept,,3,12.5,year,0.5,1990-01-01,2020-12-31,table,"Made up, for a test",three'


@pytest.mark.parametrize("dry_run", [True, False])
def test_a_deleted_row_is_named_and_its_record_stays(root: Path, tmp_path: Path, dry_run: bool):
    sheet, before = Sheet(root, tmp_path), contents(root)
    gone = [sheet.cell(row, "id").value for row in (2, 3)]
    sheet.book["claims"].delete_rows(2, 2)
    result = sheet.bring(*(["--dry-run"] if dry_run else []))
    assert result.exit_code == 0, result.output
    said = " ".join(result.output.split())
    assert "no difference" in said
    assert "2 records of the export have no row in the workbook any more" in said
    assert all(f"claims {ident} (claims/" in said for ident in gone)
    assert f"nothing is removed by a deleted row; to remove one: forecast remove {gone[0]}" in said
    assert contents(root) == before
    assert forecast("remove", gone[0], "--priors", root).exit_code == 0


def test_a_deleted_row_is_named_beside_an_edit_and_only_of_what_was_exported(root: Path, tmp_path: Path):
    sheet = Sheet(root, tmp_path)
    gone = sheet.cell(3, "id").value
    sheet.cell(2, "note").value = "Read twice."
    sheet.book["claims"].delete_rows(3)
    result = sheet.bring()
    assert "1 record changed" in result.output
    assert f"claims {gone} (" in result.output
    assert begin_claim(root, "norland-times").id not in Sheet(root, tmp_path / "again").bring().output
    later = Sheet(root, tmp_path)
    begun = begin_claim(root, "norland-times")
    assert begun.id not in later.bring().output, "a record of after the export is not missed"


@pytest.mark.slow
def test_deleted_rows_of_tables_are_named_by_their_lines(root: Path, tmp_path: Path):
    for name, how in (("history", "delete its line in the file"), ("classes", "forecast remove ")):
        sheet = Sheet(root, tmp_path, name)
        place = sheet.cell(2, "row").value
        sheet.book[name].delete_rows(2)
        result = sheet.bring()
        assert f"({place})" in result.output
        assert how in result.output


def test_drop_downs_and_locks(root: Path, tmp_path: Path):
    sheet = Sheet(root, tmp_path)
    offered = {str(v.sqref).split(":")[0]: v.formula1 for v in sheet.book["claims"].data_validations.dataValidation}
    for column, wanted in {"kind": '"judgement,fact,effect,driver,quantity"', "grade": '"weak,moderate,strong,decisive"'}.items():
        assert offered[sheet.cell(2, column).coordinate] == wanted
    assert offered[sheet.cell(2, "wording").coordinate].startswith("choices!")
    assert sheet.book["claims"].protection.sheet
    locked = {c.value for c in sheet.book["claims"][1] if sheet.book["claims"].cell(2, c.column).protection.locked}
    assert locked == {"row", "id", "source", "anchor", "was"}


def _with_part(path: Path, name: str, content: bytes) -> None:
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("xl/vbaProject.bin", b"macro", "a macro"),
        ("xl/externalLinks/externalLink1.xml", b"<a/>", "a link to another file"),
        ("xl/more.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "declarations of entities"),
        ("xl/bomb.xml", b"0" * 110_000_000, "once unpacked"),
    ],
)
def test_dangerous_workbooks_are_refused_before_they_are_read(root: Path, tmp_path: Path, name, content, said):
    sheet, before = Sheet(root, tmp_path), contents(root)
    _with_part(sheet.path, name, content)
    result = forecast("import", sheet.path, "--priors", root)
    assert result.exit_code == 2
    assert said in result.output
    assert contents(root) == before


AREA = "A1:XFD1048576"  # every cell of a sheet
ROWS = "".join(f"<row r='{n}'>{'<c><v>1</v></c>' * 190}</row>" for n in range(2, 5000))
BOMBS = {
    "a merged area of every cell": (f"<mergeCells count='1'><mergeCell ref='{AREA}'/></mergeCells>", "", "no difference"),
    "a link on every cell": (f"<hyperlinks><hyperlink ref='{AREA}' location='x'/></hyperlinks>", "", "no difference"),
    "the last cell of a sheet": ("", "<row r='1048576'><c r='XFD1048576'><v>1</v></c></row>", "more than 20,000 rows"),
    "a million cells": ("", ROWS, "or 500,000 cells"),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", BOMBS)
def test_a_small_workbook_that_unfolds_into_millions_of_cells_is_answered_in_a_moment(root: Path, tmp_path: Path, name: str):
    below, rows, said = BOMBS[name]
    sheet = Sheet(root, tmp_path)
    parts = {}
    with zipfile.ZipFile(sheet.path) as archive:
        parts = {part.filename: archive.read(part) for part in archive.infolist()}
    page = parts["xl/worksheets/sheet1.xml"].decode()
    if rows == ROWS:
        page = re.sub("<row r=.2.*(?=</sheetData>)", "", page, flags=re.DOTALL)
    parts["xl/worksheets/sheet1.xml"] = page.replace("</sheetData>", f"{rows}</sheetData>{below}").encode()
    with zipfile.ZipFile(sheet.path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
    began = time.process_time()
    assert said in forecast("import", sheet.path, "--priors", root, "--dry-run").output
    assert time.process_time() - began < 20


@pytest.mark.parametrize("raw", [b"", b"PK\x03\x04broken", b"id,kind\n", b"\xd0\xcf\x11\xe0old"])
def test_what_is_no_workbook_is_refused(root: Path, tmp_path: Path, raw: bytes):
    path = tmp_path / "claims.xlsx"
    path.write_bytes(raw)
    result = forecast("import", path, "--priors", root)
    assert result.exit_code == 2
    assert "save it as .xlsx" in result.output


def test_unknown_tables_and_names_are_refused(root: Path, tmp_path: Path):
    assert "did you mean 'claims'?" in forecast("export", tmp_path / "claim.xlsx", "--priors", root).output
    assert "ends in .xlsx" in forecast("export", tmp_path / "claims.csv", "--priors", root).output
    assert "nothing is fitted" in forecast("export", tmp_path / "answers.xlsx", "--runs", tmp_path).output


def test_answers_are_written_and_not_brought_back(root: Path, tmp_path: Path):
    run = read_run(written(tmp_path / "runs"))
    path = tmp_path / "answers.xlsx"
    result = forecast("export", path, "--runs", tmp_path / "runs")
    assert result.exit_code == 0, result.output
    said = run.forecasts[0]
    cells = dict(zip(*[[c.value for c in load_workbook(path)["answers"][line]] for line in (1, 2)], strict=True))
    assert (cells["question"], cells["outcome"]) == (said.question, said.outcomes[0].id)
    assert (cells["p"], cells["words"], cells["deadline"]) == (said.outcomes[0].p, said.outcomes[0].words, str(said.deadline))
    assert "answers are results" in forecast("import", path, "--priors", root).output


def test_answers_that_were_changed_since_the_run_are_not_exported(tmp_path: Path):
    table = written(tmp_path / "runs") / "forecasts.csv"
    table.write_text("question,outcome,p\npact-by-2025,yes,0.99\n", "utf-8")
    result = forecast("export", tmp_path / "answers.xlsx", "--runs", tmp_path / "runs")
    assert (result.exit_code, (tmp_path / "answers.xlsx").exists()) == (2, False)
    assert "changed since the run" in result.output
