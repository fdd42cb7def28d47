"""The ledger as a table: what stands, or everything with what came of it; and no text of it is computed by a program."""

from __future__ import annotations

import csv
import datetime as dt
import io
from pathlib import Path

import pytest
from ledgers import clock, forecast, outcome
from openpyxl import load_workbook
from typer.testing import CliRunner

from forecasting.cli.main import app
from forecasting.exchange.ledger_tables import TABLES
from forecasting.ledger.store import append, read_ledger
from forecasting.shown.inert import begins_formula, inert, restored

LATER = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    folder = tmp_path / "ledger"
    first = append(folder, [forecast("came", 0.3), forecast("open", 0.4, title='=HYPERLINK("x")')], clock=clock()).entries
    append(
        folder,
        [
            forecast("came", 0.25, replaces=first[0].digest, reason="-a slip"),
            forecast("came", 0.75, forecaster="market", judgement="@x"),
            {"entry": "retraction", "retracts": first[1].digest, "by": "The editor", "reason": "issued from a draft"},
            forecast("void", 0.5), forecast("after", late=True),
        ],
        clock=clock(),
    )  # fmt: skip
    settled = [outcome("came", on="2026-03-02"), outcome("void", "void")]
    append(folder, [*settled, forecast("came", 0.875, forecaster="expert", edition="late")], clock=clock(LATER))
    return folder


def export(path: Path, ledger: Path, *more: str):
    return CliRunner().invoke(app, ["export", str(path), "--ledger", str(ledger), *more], env={"COLUMNS": "300"})


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8"))))


def test_the_record_has_every_forecast_with_its_status_and_what_came(ledger: Path, tmp_path: Path) -> None:
    done = export(tmp_path / "record.csv", ledger)
    assert done.exit_code == 0, done.output
    found = rows(tmp_path / "record.csv")
    assert len(found) == 14  # seven forecasts of two outcomes
    said = {(row["record"], row["outcome"]): (row["p"], row["status"], row["came"]) for row in found}
    assert said["1", "yes"] == ("0.3", "corrected", "1")
    assert said["2", "yes"] == ("0.4", "taken back", "")
    assert said["3", "no"] == ("0.75", "stands", "0")
    assert said["4", "yes"] == ("0.75", "stands", "1")
    assert said["6", "yes"][0] == "0.5"
    assert said["6", "yes"][2] == ""  # void: neither came
    assert said["7", "yes"] == ("0.3", "late", "")
    assert said["10", "yes"] == ("0.875", "outcome known before", "1")
    assert {row["resolved_to"] for row in found if row["question"] == "void"} == {"void"}
    assert next(row["status_reason"] for row in found if row["record"] == "2") == "issued from a draft"


def test_forecasts_are_those_that_stand(ledger: Path, tmp_path: Path) -> None:
    assert export(tmp_path / "forecasts.csv", ledger).exit_code == 0
    found = rows(tmp_path / "forecasts.csv")
    assert tuple(found[0]) == TABLES["forecasts"]
    assert [row["record"] for row in found if row["outcome"] == "yes"] == ["3", "4", "6", "7", "10"]
    assert export(tmp_path / "forecasts.csv", ledger, "--edition", "late", "--force").exit_code == 0
    assert {row["edition"] for row in rows(tmp_path / "forecasts.csv")} == {"late"}


def test_no_text_is_computed_and_every_number_reads_back(ledger: Path, tmp_path: Path) -> None:
    export(tmp_path / "record.csv", ledger)
    text = rows(tmp_path / "record.csv")
    assert next(row["title"] for row in text if row["question"] == "open") == "'=HYPERLINK(\"x\")"
    assert {row["judgement"] for row in text if row["forecaster"] == "market"} == {"'@x"}
    assert "'-a slip" in {row["status_reason"] for row in text}
    said = [entry for entry in read_ledger(ledger).entries if entry.entry == "forecast"]
    exact = {(entry.number, share.id): share.p for entry in said for share in entry.outcomes}
    assert {(int(row["record"]), row["outcome"]): float(row["p"]) for row in text} == exact
    assert export(tmp_path / "record.xlsx", ledger).exit_code == 0
    (sheet,) = load_workbook(tmp_path / "record.xlsx").worksheets
    assert sheet.title == "record"
    cells = [cell for line in sheet.iter_rows() for cell in line]
    assert not [cell for cell in cells if cell.data_type == "f"]
    titles = [cell for cell in cells if cell.value == '=HYPERLINK("x")']
    assert [(title.data_type, title.quotePrefix) for title in titles] == [("s", True)] * 2


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@a", "\t=1", " =1", "\n=1", "\u200b=1", "\uff1d1", "\u3000=1"])
def test_whatever_a_program_would_compute_is_marked_as_text(text: str) -> None:
    assert str(inert(text)).startswith("'")
    assert inert(-0.25) == -0.25
    assert inert("plain - text") == "plain - text"


@pytest.mark.parametrize("text", ["war;=1+1", "war; @a", "war;\u200b=1", "=1;=2", "a; b = c", "war;\uff1d1"])
def test_what_a_program_would_compute_after_a_semicolon_is_marked_and_read_back_as_it_was(text: str) -> None:
    assert not any(begins_formula(part) for part in str(inert(text)).split(";"))
    assert restored(inert(text)) == text.replace("\u200b", "")


def test_slips_are_named(ledger: Path, tmp_path: Path) -> None:
    assert "such as record.csv" in export(tmp_path / "record.txt", ledger).output
    export(tmp_path / "record.csv", ledger)
    assert "exists already" in export(tmp_path / "record.csv", ledger).output
    assert "has no forecast" in export(tmp_path / "forecasts.csv", tmp_path / "none").output
    assert "hubverse" in export(tmp_path / "record.csv", ledger, str(tmp_path)).output
