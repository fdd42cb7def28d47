"""Tables for spreadsheet programs: the same bytes every time, no cell computed, every row marked where a run is."""

from __future__ import annotations

import csv
import io
import zipfile

import openpyxl
import pytest
from builders import write_dossier
from poison import PAYLOADS, poison
from sample_runs import sample_run

from forecasting.dossier.load import read_dossier
from forecasting.report.formats.archive import stable_zip
from forecasting.report.formats.tables import ANSWERS, answers_csv, answers_xlsx
from forecasting.report.formats.twin import twin_of
from forecasting.shown.inert import begins_formula


@pytest.fixture(scope="module")
def edition(tmp_path_factory, project_dir):
    dossier, _ = read_dossier(write_dossier(tmp_path_factory.mktemp("ferry"), project_dir))
    return dossier.edition("2024-07-ferry")


@pytest.fixture(scope="module")
def nasty(edition):
    """Return the numbers of an edition whose every text is one that a spreadsheet would compute, or a script."""
    return twin_of(*poison(edition, [*filter(begins_formula, PAYLOADS), PAYLOADS[0]]))


def test_csv_has_a_row_per_outcome_with_the_numbers_in_full(edition):
    run = sample_run(edition)
    rows = list(csv.DictReader(io.StringIO(answers_csv(twin_of(run, edition)).decode("utf-8"))))
    assert tuple(rows[0]) == ANSWERS
    said = [outcome.p for forecast in run.forecasts for outcome in forecast.outcomes]
    assert [float(row["p"]) for row in rows] == said


def test_no_cell_of_any_table_is_a_formula(nasty):
    cells = [cell for row in csv.reader(io.StringIO(answers_csv(nasty).decode("utf-8"))) for cell in row]
    assert not [cell for cell in cells if cell.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert any(cell.startswith("'=HYPERLINK") for cell in cells)
    book = openpyxl.load_workbook(io.BytesIO(answers_xlsx(nasty)))
    found = [cell for sheet in book for row in sheet for cell in row if isinstance(cell.value, str)]
    assert any(cell.value.startswith("=HYPERLINK") for cell in found)
    assert {cell.data_type for cell in found} == {"s"}
    assert not [cell for cell in found if cell.hyperlink]


def test_a_workbook_has_the_same_bytes_whenever_it_is_written(edition):
    twin = twin_of(sample_run(edition), edition)
    once = answers_xlsx(twin)
    with zipfile.ZipFile(io.BytesIO(once)) as archive:
        assert {entry.date_time[0] for entry in archive.infolist()} == {1980}
        core = archive.read("docProps/core.xml").decode("utf-8")
    assert core.count("2000-01-01T00:00:00Z") == 2
    assert answers_xlsx(twin) == once == stable_zip(once)


def test_a_workbook_has_a_sheet_for_each_thing_that_is_asked_of_it(nasty):
    book = openpyxl.load_workbook(io.BytesIO(answers_xlsx(nasty)))
    assert book.sheetnames == ["answers", "what moves them", "what changed", "gate", "sources"]
