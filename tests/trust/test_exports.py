"""No cell of what is exported is computed by a spreadsheet program: each exporter, with texts that begin like formulas."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from builders import write_dossier
from injection import NOW, edition
from ledgers import clock, fill, forecast, outcome
from openpyxl import load_workbook
from poison import poison

from forecasting.coding.sheets.bring import export_tables
from forecasting.exchange.hub_export import hub_files
from forecasting.exchange.ledger_tables import TABLES, ledger_table
from forecasting.forecasts import outcome_table
from forecasting.ledger.standing import Standing
from forecasting.ledger.store import append, read_ledger
from forecasting.report.formats.tables import answers_csv, answers_xlsx
from forecasting.report.formats.twin import twin_of
from forecasting.runs.tables import read_table, table_text

FORMULAS = ("=1+1", "+1+1", "-1+1", "@SUM(1)", "=HYPERLINK(\"https://example.org\",\"x\")", " =1+1", "\u00a0=1+1")
BEGINS = re.compile(r"^[\s\u00a0]*[=+@]|^[\s\u00a0]*-(?![0-9.]+(e-?[0-9]+)?$|inf$)")


def cells_alive(content: bytes) -> list[str]:
    """Return the cells of a CSV file that a spreadsheet program would compute; numbers below 0 are numbers."""
    return [cell for row in csv.reader(io.StringIO(content.decode("utf-8"))) for cell in row if BEGINS.match(cell)]


def formulas_in(content: bytes) -> list[str]:
    """Return the cells of a workbook that hold a formula, or a text that is not marked as one."""
    return [
        f"{sheet.title}!{cell.coordinate}"
        for sheet in load_workbook(io.BytesIO(content)).worksheets for row in sheet.iter_rows() for cell in row
        if cell.data_type == "f" or (isinstance(cell.value, str) and BEGINS.match(cell.value) and not cell.quotePrefix)
    ]  # fmt: skip


@pytest.fixture(scope="module")
def poisoned():
    return poison(edition(), FORMULAS)


@pytest.fixture(scope="module")
def standing(tmp_path_factory):
    folder = tmp_path_factory.mktemp("ledger")
    for n, text in enumerate(FORMULAS):
        append(folder, [forecast(f"q-{n}", title=text, judgement=text, forecaster="market")], clock=clock())
        append(folder, [outcome(f"q-{n}", source=text, by=text)], clock=clock())
    return Standing(read_ledger(fill(folder, 3), now=NOW).entries)


def test_answers_of_a_report(poisoned) -> None:
    twin = twin_of(*poisoned)
    assert any(question.title in FORMULAS for question in twin.questions)
    assert cells_alive(answers_csv(twin)) == []
    assert formulas_in(answers_xlsx(twin)) == []


def test_tables_of_a_run(poisoned) -> None:
    run, _ = poisoned
    tables = {**run.tables, "forecasts": outcome_table(run.forecasts, run.mark)}
    assert any(str(title) in FORMULAS for title in tables["forecasts"]["title"])
    for name, table in tables.items():
        for column in (column for column in table.columns if table[column].dtype == object):
            table = table.assign(**{column: [FORMULAS[n % len(FORMULAS)] for n in range(len(table))]})
        text = table_text(table).encode()
        assert cells_alive(text) == [], name
        assert read_table(text)[list(table.columns)].astype(str).equals(table.astype(str)) or table.empty, name


@pytest.mark.parametrize("table", TABLES)
def test_tables_of_the_ledger(standing, table: str) -> None:
    assert cells_alive(ledger_table(standing, table, ".csv")[0]) == []
    assert formulas_in(ledger_table(standing, table, ".xlsx")[0]) == []


def test_the_folder_of_a_hub(standing) -> None:
    made = hub_files(standing.forecasts, standing).files
    tables = {name: content for name, content in made.items() if name.endswith(".csv")}
    assert tables
    assert not [cell for content in tables.values() for cell in cells_alive(content)]


def test_workbooks_of_records(tmp_path: Path, project_dir: Path) -> None:
    root = write_dossier(tmp_path, project_dir)
    for path in root.rglob("*.yaml"):
        text = path.read_text("utf-8")
        path.write_text(re.sub(r"(?m)^(  paraphrase|  grade_why|  title): (.*)$", r"\1: '=1+1 \2'", text), "utf-8")
    content, counted = export_tables(root, ["claims", "history", "classes"])
    assert counted["claims"] == 3
    assert any(str(cell.value).startswith("=1+1") for cell in load_workbook(io.BytesIO(content))["claims"][2])
    assert formulas_in(content) == []


def test_no_other_module_writes_a_table(project_dir: Path) -> None:
    writers = {
        path.relative_to(project_dir / "forecasting").as_posix()
        for path in (project_dir / "forecasting").rglob("*.py")
        if re.search(r"\.to_csv\(|csv\.writer\(|csv\.DictWriter\(|\.to_excel\(|Workbook\(\)", path.read_text("utf-8"))
    }
    # the tables of the dossier itself are records, written as they are read: lexicons, grades, a class, a cell of a table
    records = {"elicitation/bridge.py", "fitting/lexicons.py", "fitting/hedges.py", "coding/splice.py", "coding/write.py",
               "project/shipped.py"}  # fmt: skip
    assert writers == {"shown/inert.py", "runs/tables.py", "coding/sheets/workbook.py", *records}


def test_what_is_alive_would_be_found() -> None:
    assert cells_alive(b"a,b\n=1+1,-0.5\n\" =2\",-x\n") == ["=1+1", " =2", "-x"]
