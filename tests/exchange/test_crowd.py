"""The numbers of others: what is right is kept with its day and name; what is wrong is named with its row, and not written."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest
from builders import write_dossier
from crowd_cases import CROWDS, SCENARIOS
from openpyxl import Workbook
from typer.testing import CliRunner

from forecasting.cli.main import app
from forecasting.errors import DossierError, UsageError
from forecasting.exchange.crowd import read_crowd
from forecasting.ledger.others import Imported, issue_import, issue_imports
from forecasting.ledger.standing import Standing
from forecasting.ledger.store import read_ledger
from forecasting.rules.load import load_dossier

EDITION, TODAY = "2024-07-ferry", dt.date(2024, 7, 20)


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


@pytest.mark.parametrize("name", CROWDS)
def test_what_is_wrong_is_named_with_file_row_and_column(edition, tmp_path: Path, name: str) -> None:
    text, said = CROWDS[name]
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


@pytest.mark.parametrize("p", ["0.4", "0.3"])
def test_a_blank_day_and_the_editions_own_are_one_day(root: Path, tmp_path: Path, p: str) -> None:
    ledger = tmp_path / "ledger"
    path = table(tmp_path, f"question,p,as_of\npact-by-2025,0.3,\npact-by-2025,{p},2024-07-01\n")
    for more in ((), ("--dry-run",), ("--correct", "another page")):
        result = bring(root, ledger, path, *more)
        assert result.exit_code == 2
        said = " ".join(result.output.split())
        assert "crowd.csv:3: pact-by-2025 by a-market as of 2024-07-01, which crowd.csv:2 says too; keep one of them" in said
    assert not (ledger / "ledger.jsonl").exists()


def test_two_parts_that_name_one_forecaster_are_held_to_one_number_a_day(edition) -> None:
    numbers = [Imported("pact-by-2025", {"yes": 0.3})]
    with pytest.raises(UsageError, match=r"number 1 of A Market: pact-by-2025 by a-market .* number 1 of A Market says too"):
        issue_imports([("A Market", "prices", numbers), ("A Market", "prices", numbers)], edition, Standing(()), TODAY)
    with pytest.raises(UsageError, match="'A Market' and 'a_market' would be one forecaster, a-market"):
        issue_imports([("A Market", "prices", numbers), ("a_market", "prices", numbers)], edition, Standing(()), TODAY)
    two = issue_imports([("A Market", "prices", numbers), ("b_market", "prices", numbers)], edition, Standing(()), TODAY)
    assert [issue.drafts[0]["forecaster"] for issue in two] == ["a-market", "b-market"]


def test_names_that_are_spelled_otherwise_are_two_forecasters(edition) -> None:
    def called(name: str) -> str:
        (draft,) = issue_import([Imported("pact-by-2025", {"yes": 0.3})], edition, Standing(()), TODAY, forecaster=name,
                                source="prices").drafts  # fmt: skip
        return draft["forecaster"]

    long = "The Forecasting Panel of the Institute of Ports, "
    names = ["M\u00fcller", "M\u00f8ller", "M ller", f"{long}first", f"{long}second"]
    assert len({called(name) for name in names}) == len(names)
    assert called("M\u00fcller") == called("mu\u0308ller") == called("M\u00dcLLER")  # one name, however it is written
    assert (called("A. Analyst"), called("m-ller"), called("a" * 40)) == ("a-analyst", "m-ller", "a" * 40)
    assert all(len(called(name)) <= 40 for name in names)
