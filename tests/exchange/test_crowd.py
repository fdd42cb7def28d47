"""The numbers of others: what is right is kept with its day and name; what is wrong is named with its row, and not written."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest
from builders import write_dossier
from openpyxl import Workbook
from typer.testing import CliRunner

from forecasting.cli.main import app
from forecasting.errors import DossierError, UsageError
from forecasting.exchange.crowd import read_crowd
from forecasting.ledger.others import Imported, issue_import
from forecasting.ledger.standing import Standing
from forecasting.ledger.store import read_ledger
from forecasting.rules.load import load_dossier

EDITION, TODAY = "2024-07-ferry", dt.date(2024, 7, 20)
SCENARIOS = "ferry-order-2025,pact-no-toll,0.5\nferry-order-2025,toll-no-pact,0.125\n"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory, project_dir: Path) -> Path:
    return write_dossier(tmp_path_factory.mktemp("own"), project_dir)


@pytest.fixture(scope="module")
def edition(root: Path):
    return load_dossier(root).edition(EDITION)


def table(folder: Path, text: str) -> Path:
    path = folder / "crowd.csv"
    path.write_text(text, "utf-8")
    return path


def bring(root: Path, ledger: Path, path: Path, *more: str):
    said = ["--edition", EDITION, "--as", "A Market", "--source", "prices of 3 July"]
    words = ["import", path, *said, "--priors", root, "--ledger", ledger, *more]
    return CliRunner().invoke(app, [str(word) for word in words], env={"COLUMNS": "300"})


def test_numbers_are_read_and_the_outcome_left_out_gets_the_rest(edition, tmp_path: Path) -> None:
    path = table(tmp_path, "question,outcome,p,as_of\npact-by-2025,,0.3,2024-07-03\npact-by-2025,yes,0.4,2024-07-04\n"
                 "toll-by-2025,no,0.75,\n" + SCENARIOS.replace("\n", ",\n"))  # fmt: skip
    found = read_crowd(path, edition, TODAY)
    assert found == [
        Imported("pact-by-2025", {"yes": 0.3}, dt.date(2024, 7, 3)),
        Imported("pact-by-2025", {"yes": 0.4}, dt.date(2024, 7, 4)),
        Imported("toll-by-2025", {"no": 0.75}, None),
        Imported("ferry-order-2025", {"pact-no-toll": 0.5, "toll-no-pact": 0.125}, None),
    ]
    drafts = issue_import(found, edition, Standing(()), TODAY, forecaster="A Market", source="prices").drafts
    assert [(d["as_of"], d["standing"], d["forecaster"]) for d in drafts] == [
        ("2024-07-03", "live", "a-market"), ("2024-07-04", "live", "a-market"), ("2024-07-01", "live", "a-market"),
        ("2024-07-01", "live", "a-market"),
    ]  # fmt: skip
    assert [(s["id"], s["p"]) for s in drafts[3]["outcomes"]] == [("pact-no-toll", 0.5), ("toll-no-pact", 0.125), ("rest", 0.375)]


def test_a_workbook_says_the_same_as_a_csv_file(edition, tmp_path: Path) -> None:
    book = Workbook()
    for row in (["question", "p", "as_of"], ["pact-by-2025", 0.3, dt.datetime(2024, 7, 3)], ["toll-by-2025", "0.2", None]):
        book.active.append(row)
    book.save(tmp_path / "crowd.xlsx")
    found = read_crowd(tmp_path / "crowd.xlsx", edition, TODAY)
    assert found == [Imported("pact-by-2025", {"yes": 0.3}, dt.date(2024, 7, 3)), Imported("toll-by-2025", {"yes": 0.2}, None)]
    book.active["B3"] = "=1/5"
    book.save(tmp_path / "crowd.xlsx")
    with pytest.raises(DossierError, match=r"Sheet!B3.*a formula in column p"):
        read_crowd(tmp_path / "crowd.xlsx", edition, TODAY)


WRONG = {
    "an unknown question": (
        "question,p\npact-by-2025,0.2\npact-by-2026,0.3\n",
        r"crowd.csv:3  question: found 'pact-by-2026'.*did you mean 'pact-by-2025'",
    ),
    "no question": ("question,p\n,0.3\n", "crowd.csv:2  question: found ''"),
    "an unknown outcome": (
        "question,outcome,p\npact-by-2025,maybe,0.3\n",
        "crowd.csv:2  outcome: found 'maybe'.*write one of yes, no",
    ),
    "no outcome of many": (
        "question,p\nferry-order-2025,0.3\n",
        "crowd.csv:2  outcome: found no outcome.*pact-no-toll, toll-no-pact, rest",
    ),
    "zero": ("question,p\npact-by-2025,0\n", "crowd.csv:2  p: found 0.*above 0 and below 1"),
    "one": ("question,p\npact-by-2025,1\n", "crowd.csv:2  p: found 1.*nothing open is certain"),
    "per cent": ("question,p\npact-by-2025,35\n", "p: found 35.*write 0.35, if per cent were meant"),
    "a sign of per cent": ("question,p\npact-by-2025,35%\n", "p: found '35%'.*write a plain number"),
    "a comma": ('question,p\npact-by-2025,"0,35"\n', "p: found '0,35'.*no comma"),
    "an exponent": ("question,p\npact-by-2025,3e-1\n", "p: found '3e-1'.*no exponent"),
    "not a number": ("question,p\npact-by-2025,NaN\n", "p: found 'NaN'"),
    "no number": ("question,p\npact-by-2025,\n", "p: found an empty cell"),
    "negative": ("question,p\npact-by-2025,-0.2\n", "p: found -0.2"),
    "a formula": ("question,p\npact-by-2025,=1/3\n", "crowd.csv:2  p: found the formula '=1/3'.*write its value"),
    "a sum below one": (
        "question,outcome,p\n" + SCENARIOS + "ferry-order-2025,rest,0.25\n",
        r"crowd.csv:4  p: found .*sum to 0.875 \(rows 2, 3, 4\).*write ones that sum to 1",
    ),
    "a sum above one": ("question,outcome,p\npact-by-2025,yes,0.5\npact-by-2025,no,0.625\n", r"sum to 1.125 \(rows 2, 3\)"),
    "too few outcomes": ("question,outcome,p\nferry-order-2025,rest,0.2\n", "no probability for pact-no-toll, toll-no-pact"),
    "a row twice": (
        "question,p\npact-by-2025,0.2\npact-by-2025,0.3\n",
        "crowd.csv:3  question: found the same question, outcome and day as in crowd.csv:2",
    ),
    "a day to come": (
        "question,p,as_of\npact-by-2025,0.2,2024-07-21\n",
        "as_of: found 2024-07-21, which is after today, 2024-07-20",
    ),
    "another spelling of a day": ("question,p,as_of\npact-by-2025,0.2,3/7/2024\n", "as_of: found '3/7/2024'.*YYYY-MM-DD"),
    "a day that is none": ("question,p,as_of\npact-by-2025,0.2,2024-02-30\n", "as_of: found '2024-02-30'"),
    "a column that is missing": ("question,outcome\npact-by-2025,yes\n", "crowd.csv:1  no column 'p'"),
    "a column too many": ("question,p,probability\npact-by-2025,0.2,0.2\n", "crowd.csv:1  the column 'probability'"),
    "no rows": ("question,p\n", "no rows"),
    "semicolons": ("question;p\npact-by-2025;0.2\n", "semicolons"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_named_with_file_row_and_column(edition, tmp_path: Path, name: str) -> None:
    text, said = WRONG[name]
    with pytest.raises(DossierError) as raised:
        read_crowd(table(tmp_path, text), edition, TODAY)
    assert len(raised.value.results) == 1
    assert re.search(said, str(raised.value), re.DOTALL), str(raised.value)


def test_a_day_after_the_deadline_is_refused(edition, tmp_path: Path) -> None:
    path = table(tmp_path, "question,p,as_of\npact-by-2025,0.2,2026-01-01\n")
    with pytest.raises(DossierError, match="after the deadline of pact-by-2025, 2025-12-31"):
        read_crowd(path, edition, dt.date(2026, 2, 1))
    with pytest.raises(UsageError, match="after its deadline"):
        issue_import(
            [Imported("pact-by-2025", {"yes": 0.2}, dt.date(2026, 1, 1))], edition, Standing(()), dt.date(2026, 2, 1),
            forecaster="market", source="prices",
        )  # fmt: skip


def test_all_that_is_wrong_is_said_at_once(edition, tmp_path: Path) -> None:
    with pytest.raises(DossierError) as raised:
        read_crowd(table(tmp_path, "question,p\npact-by-2025,0\nnone-such,0.2\ntoll-by-2025,x\n"), edition, TODAY)
    assert [result.where.line for result in raised.value.results] == [2, 3, 4]


@pytest.mark.parametrize(
    ("day", "today", "standing"),
    [
        (dt.date(2024, 7, 3), dt.date(2024, 8, 3), "live"),  # 31 days
        (dt.date(2024, 7, 3), dt.date(2024, 8, 4), "reconstructed"),
        (dt.date(2025, 12, 30), dt.date(2025, 12, 31), "live"),
        (dt.date(2025, 12, 30), dt.date(2026, 1, 1), "reconstructed"),  # the deadline has passed since
    ],
)
def test_a_number_with_its_own_day_is_live_only_while_its_day_can_be_believed(edition, day, today, standing) -> None:
    (draft,) = issue_import(
        [Imported("pact-by-2025", {"yes": 0.2}, day)], edition, Standing(()), today, forecaster="market", source="prices"
    ).drafts
    assert (draft["as_of"], draft["standing"], draft["late"]) == (day.isoformat(), standing, False)
    assert bool(draft["why"]) is (standing == "reconstructed")


def test_the_command_shows_writes_once_and_corrects_with_a_reason(root: Path, tmp_path: Path) -> None:
    ledger = tmp_path / "ledger"
    path = table(tmp_path, "question,p,as_of\npact-by-2025,0.3,2024-07-03\npact-by-2025,0.35,2024-07-04\n")
    shown = bring(root, ledger, path, "--dry-run")
    assert shown.exit_code == 0, shown.output
    assert "pact-by-2025 by a-market as of 2024-07-03 (reconstructed): yes 0.3, no 0.7" in shown.output
    assert "2 forecasts would be written; nothing is" in shown.output
    assert not (ledger / "ledger.jsonl").exists()
    written = bring(root, ledger, path)
    assert written.exit_code == 0, written.output
    first, second = read_ledger(ledger).entries
    assert (first.judgement, first.as_of, first.outcomes[0].p) == ("prices of 3 July", dt.date(2024, 7, 3), 0.3)
    assert (second.as_of, second.replaces) == (dt.date(2024, 7, 4), None)
    again = bring(root, ledger, path)
    assert "nothing was written" in again.output
    assert "issued already" in again.output
    path = table(tmp_path, "question,p,as_of\npact-by-2025,0.25,2024-07-04\n")
    refused = bring(root, ledger, path)
    assert refused.exit_code == 2
    assert "--correct" in refused.output
    assert bring(root, ledger, path, "--correct", "misread the page").exit_code == 0
    assert read_ledger(ledger).entries[2].replaces == second.digest


def test_a_table_that_is_refused_writes_nothing(root: Path, tmp_path: Path) -> None:
    ledger = tmp_path / "ledger"
    result = bring(root, ledger, table(tmp_path, "question,p\npact-by-2025,0.3\ntoll-by-2025,1\n"))
    assert result.exit_code == 2
    assert "crowd.csv:3  p: found 1" in result.output
    assert not (ledger / "ledger.jsonl").exists()


def test_what_is_missing_on_the_command_line_is_said(root: Path, tmp_path: Path) -> None:
    path = table(tmp_path, "question,p\npact-by-2025,0.3\n")
    bare = CliRunner().invoke(app, ["import", str(path), "--priors", str(root)], env={"COLUMNS": "300"})
    assert bare.exit_code == 2
    assert "--edition EDITION --as NAME --source TEXT" in bare.output
    model = bring(root, tmp_path / "ledger", path, "--as", "model")
    assert model.exit_code == 2
    assert "name the forecaster otherwise" in model.output
