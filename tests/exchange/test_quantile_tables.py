"""Quantiles of others: what is right is kept and scored; what is wrong is named with its row, and nothing is written."""

from __future__ import annotations

import csv
import datetime as dt
import json
import re
from pathlib import Path

import pytest
from openpyxl import Workbook
from typer.testing import CliRunner

from forecasting.cli.main import app
from forecasting.errors import DossierError, UsageError
from forecasting.exchange.crowd import read_crowd
from forecasting.ledger.others import RESERVED, Imported, issue_import
from forecasting.ledger.standing import Standing
from forecasting.ledger.store import read_ledger
from forecasting.rules.load import load_dossier

GAS, EDITION, TODAY = "turkstream-volume-2025", "2024-12-syria", dt.date(2024, 12, 20)
HEAD = "question,level,value\n"
GOOD = f"{GAS},0.5,16\n{GAS},0.05,12\n{GAS},0.95,19\n"
BAD = {
    "an unknown question": (HEAD + "turkstream-2025,0.5,16\n", r"q.csv:2  question: found 'turkstream-2025', which edition"),
    "no number": (HEAD + "khmeimim-held-2025,0.5,16\n", "question: found khmeimim-held-2025, which asks for no number in ranges"),
    "per cent": (HEAD + f"{GAS},50,16\n", "q.csv:2  level: found 50.*above 0 and below 1: write 0.5, if per cent"),
    "a level of one": (HEAD + f"{GAS},1,16\n", "level: found 1\n.*above 0 and below 1 "),
    "a level of 100": (HEAD + f"{GAS},100,16\n", "level: found 100\n.*above 0 and below 1 "),
    "an empty level": (HEAD + f"{GAS},,16\n", "level: found an empty cell"),
    "an empty value": (HEAD + f"{GAS},0.5,\n", "value: found an empty cell"),
    "a comma": (HEAD + f'{GAS},0.5,"16,5"\n', "value: found '16,5'.*no comma"),
    "nothing": (HEAD + f"{GAS},0.5,0\n", "value: found 0\n.*a number above 0"),
    "twice": (HEAD + GOOD + f"{GAS},0.5,17\n", "q.csv:5  level: found the same question, level and day as in q.csv:2"),
    "falling": (HEAD + GOOD + f"{GAS},0.9,15\n", r"16 at level 0.5 and 15 at 0.9 \(rows 2, 3, 4, 5\)\n.*values that rise"),
    "two": (HEAD + f"{GAS},0.05,12\n{GAS},0.95,19\n", "quantiles at 2 levels"),
    "no ends": (HEAD + f"{GAS},0.25,12\n{GAS},0.5,14\n{GAS},0.75,19\n", "levels from 0.25 to 0.75"),
    "another unit below": (HEAD + f"{GAS},0.05,0.012\n{GAS},0.5,0.016\n{GAS},0.95,0.019\n", "0.012 to 0.019 .*write it in bil"),
    "another unit above": (HEAD + f"{GAS},0.05,12000\n{GAS},0.5,16000\n{GAS},0.95,19000\n", "asks about 14 to 18.5.*billion"),
    "a day to come": ("question,level,value,as_of\n" + f"{GAS},0.5,16,2024-12-21\n", "as_of: found 2024-12-21, which is after"),
    "no day": ("question,level,value,as_of\n" + f"{GAS},0.5,16,soon\n", "as_of: found 'soon'"),
    "an outcome": ("question,level,value,outcome\n" + f"{GAS},0.5,16,yes\n", "the column 'outcome'"),
    "both": ("question,p,level,value\n" + f"{GAS},0.5,0.5,16\n", "q.csv:1  the columns 'p' and 'level' in one table"),
    "no value": ("question,level\n" + f"{GAS},0.5\n", "no column 'value'"),
}


@pytest.fixture(scope="module")
def edition():
    return load_dossier("priors").edition(EDITION)


def table(folder: Path, text: str) -> Path:
    path = folder / "q.csv"
    path.write_text(text, "utf-8")
    return path


def test_quantiles_are_read_in_any_order_each_day_by_itself(edition, tmp_path: Path) -> None:
    days = "".join(f"{GAS},{a},{x},{day}\n" for day in ("2024-12-14", "") for a, x in ((0.9, 19), (0.1, 12), (0.5, 16)))
    found = read_crowd(table(tmp_path, "question,level,value,as_of\n" + days), edition, TODAY)
    said = ((0.1, 12.0), (0.5, 16.0), (0.9, 19.0))
    assert found == [Imported(GAS, {}, dt.date(2024, 12, 14), said), Imported(GAS, {}, None, said)]
    first, second = issue_import(found, edition, Standing(()), TODAY, forecaster="A Panel", source="its table").drafts
    assert (first["as_of"], second["as_of"], first["unit"]) == ("2024-12-14", "2024-12-13", "billion cubic metres")
    assert first["quantiles"][0] == {"level": 0.1, "value": 12.0}
    assert "outcomes" not in first


def test_a_workbook_of_quantiles_says_the_same(edition, tmp_path: Path) -> None:
    book = Workbook()
    for row in (["question", "level", "value"], [GAS, 0.05, 12], [GAS, 0.5, 16.5], [GAS, 0.95, "19"]):
        book.active.append(row)
    book.save(tmp_path / "q.xlsx")
    assert read_crowd(tmp_path / "q.xlsx", edition, TODAY) == [Imported(GAS, {}, None, ((0.05, 12.0), (0.5, 16.5), (0.95, 19.0)))]


@pytest.mark.parametrize("name", BAD)
def test_what_is_wrong_is_named_with_file_row_and_column(edition, tmp_path: Path, name: str) -> None:
    text, said = BAD[name]
    with pytest.raises(DossierError) as raised:
        read_crowd(table(tmp_path, text), edition, TODAY)
    assert len(raised.value.results) == 1
    assert re.search(said, str(raised.value), re.DOTALL), str(raised.value)


def test_a_number_far_off_is_taken_if_some_of_it_is_near(edition, tmp_path: Path) -> None:
    """A pipe that may run dry: 0.95 lies at a tenth of the first edge."""
    rows = f"{GAS},0.05,0.1\n{GAS},0.5,0.5\n{GAS},0.95,1.4\n"
    assert len(read_crowd(table(tmp_path, HEAD + rows), edition, TODAY)) == 1
    rows = f"{GAS},0.05,185\n{GAS},0.5,1000\n{GAS},0.95,1400\n"
    assert len(read_crowd(table(tmp_path, HEAD + rows), edition, TODAY)) == 1


@pytest.mark.parametrize("name", RESERVED)
def test_nobody_goes_by_the_name_of_a_plain_forecaster(edition, name: str) -> None:
    with pytest.raises(UsageError, match=f"'{name}' is the name of .*; name the forecaster otherwise"):
        issue_import(
            [Imported("khmeimim-held-2025", {"yes": 0.2})], edition, Standing(()), TODAY, forecaster=name, source="prices"
        )


def command(*words: str, code: int = 0) -> str:
    """Run a command, and return what it printed with single blanks: where lines break depends on the terminal."""
    ran = CliRunner().invoke(app, list(words))
    assert ran.exit_code == code, ran.output
    return " ".join(ran.output.split())


@pytest.mark.slow
def test_quantiles_are_imported_settled_scored_and_exported(tmp_path: Path) -> None:
    ledger = ["--ledger", str(tmp_path / "ledger")]
    path = table(tmp_path, HEAD + GOOD)
    bring = ["import", str(path), "--edition", EDITION, "--as", "A Panel", "--source", "its table", *ledger]
    shown = command(*bring, "--dry-run")
    assert "5 % below 12, 50 % below 16, 95 % below 19" in shown
    assert "1 forecast would be written" in shown
    command(*bring)
    assert "issued already" in command(*bring)
    table(tmp_path, HEAD + GOOD.replace(",16\n", ",17\n"))
    assert "--correct" in command(*bring, code=2)
    command(*bring, "--correct", "a slip of the pen")
    last = read_ledger(tmp_path / "ledger").entries[-1]
    assert [(q.level, q.value) for q in last.quantiles] == [(0.05, 12.0), (0.5, 17.0), (0.95, 19.0)]
    by = ["--by", "Ann", "--source", "A gazette"]
    settle = ["resolve", GAS, "from-17", "--on", "2025-12-31", *by, *ledger]
    assert "18.6 does not lie in from-17" in command(*settle, "--value", "18.6", code=2)
    assert f"{GAS}: from-17 (17.6), since 2025-12-31" in command(*settle, "--value", "17.6")
    value = json.loads(command("score", "--json", *ledger))
    (row,) = value["ordered"]
    assert (row["forecaster"], row["value"]) == ("a-panel", 17.6)
    assert row["crps_quantiles"] == pytest.approx(2 * (0.05 * 5.6 + 0.5 * 0.6 + 0.05 * 1.4) / 3)
    assert value["scored"] == []
    printed = command("score", *ledger)
    assert f"{GAS}: 17.6" in printed  # in a cell, which a narrow terminal breaks
    assert "billion cubic metres" in printed
    assert "numbers in ranges: nothing was forecast by the model" in printed
    assert "time-weighted: no question with a forecast" in printed
    command("export", str(tmp_path / "record.csv"), *ledger)
    rows = list(csv.DictReader((tmp_path / "record.csv").read_text("utf-8").splitlines()))
    assert [(r["level"], r["value"], r["came"], r["status"]) for r in rows[3:]] == [
        ("0.05", "12.0", "17.6", "stands"), ("0.5", "17.0", "17.6", "stands"), ("0.95", "19.0", "17.6", "stands")
    ]  # fmt: skip
    command("export", "hubverse", str(tmp_path / "hub"), *ledger)
    (output,) = (tmp_path / "hub" / "model-output").glob("*/*.csv")
    assert ",quantile,0.5,17" in output.read_text("utf-8")


def test_a_value_goes_with_one_question(tmp_path: Path) -> None:
    said = command("resolve", "--history", "--by", "Ann", "--value", "3", "--ledger", str(tmp_path / "ledger"), code=2)
    assert "--value is the number of one question" in " ".join(said.split())
