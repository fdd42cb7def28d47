"""A disk that fails at any one write of any command that writes: what was there stays, nothing stray is left, and it is said.

Each write of each command fails once, in turn with no room, a read-only disk, no permission and an error of the device: of a
command with many, four that are spread over it, and all of them with FORECAST_EVERY_WRITE=1, as `make trust` has it.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from builders import FILES, write_dossier
from faulty import contents, failing, faults
from openpyxl import load_workbook
from refits import EDITION
from toy import PROJECT, toy_fit, toy_priors
from typer.testing import CliRunner

from forecasting.cli.main import app
from forecasting.runs import write

ARTICLE = "Grain Pact in Doubt\n\nKeyra will probably keep its 2,000 soldiers in the port until June 2031.\n"
FEW = 24  # a command with at most so many writes fails at each of them in every way, one with more in one way each
TRIED = 4
JUDGED = ["--judgement", "pact-by-2025=0.3", "--by", "Ann", "--why", "talks have stalled"]
RECORD = f"editions/{EDITION}.yaml"
QUICK = {RECORD: FILES[RECORD].replace("draws: 1000", "draws: 150\n        paths_per_draw: 4")}


@dataclass(frozen=True)
class Command:
    """What is typed; ``whole`` says that it writes all or nothing, where each file of the others is whole by itself."""

    words: Callable[[Path, Path], list[object]]
    whole: bool = True
    priors: bool = True
    runs: bool = True
    ledger: bool = False
    reports: bool = False


COMMANDS = {
    "run": Command(lambda root, given: ["run", EDITION]),
    "report": Command(
        lambda root, given: ["report", EDITION, *(word for kind in ("md", "csv", "json", "xlsx", "svg", "docx")
                                                  for word in ("--format", kind))],
        whole=False, ledger=True, reports=True),
    "report, brief": Command(lambda root, given: ["report", EDITION, "--audience", "brief"], ledger=True, reports=True),
    "build": Command(lambda root, given: ["build", "--no-notebooks", "--docs", root / "docs"], whole=False, ledger=True,
                     reports=True),
    "issue": Command(lambda root, given: ["issue", EDITION], ledger=True),
    "issue, a judgement": Command(lambda root, given: ["issue", EDITION, *JUDGED], ledger=True),
    "resolve": Command(lambda root, given: ["resolve", "pact-by-2025", "yes", "--on", "2025-05-01", "--source", "Gazette", "--by",
                                            "Ann"], runs=False, ledger=True),
    "retract": Command(lambda root, given: ["retract", "1", "--reason", "a slip", "--by", "Ann"], priors=False, runs=False,
                       ledger=True),
    "score": Command(lambda root, given: ["score", "--write", root / "record"], whole=False, ledger=True),
    "import, a workbook": Command(lambda root, given: ["import", given / "claims.xlsx"], runs=False),
    "import, a crowd": Command(lambda root, given: ["import", given / "crowd.csv", "--edition", EDITION, "--as", "Market",
                                                    "--source", "prices"], runs=False, ledger=True),
    "export, a workbook": Command(lambda root, given: ["export", root / "claims.xlsx"], ledger=True),
    "export, answers": Command(lambda root, given: ["export", root / "answers.xlsx"], ledger=True),
    "export, forecasts": Command(lambda root, given: ["export", root / "forecasts.csv"], ledger=True),
    "export, a hub": Command(lambda root, given: ["export", "hubverse", root / "hub"], whole=False, ledger=True),
    "backtest": Command(lambda root, given: ["backtest", EDITION, "--from", "2024-07-01", "--to", "2024-07-02"], whole=False,
                        ledger=True),
    "init": Command(lambda root, given: ["init", root / "own"], priors=False, runs=False),
    "new source": Command(lambda root, given: ["new", "source", "--id", "gazette", "--text", given / "article.txt", "--plain",
                                               root / "texts" / "gazette.txt"], runs=False),
    "new claim": Command(lambda root, given: ["new", "claim", "--source", "norland-times", "--id", "n-099"], runs=False),
    "new event": Command(lambda root, given: ["new", "event", "--id", "ferry-sold", "--theme", "trade"], runs=False),
    "new edition": Command(lambda root, given: ["new", "edition", "--id", "2024-09-ferry"], runs=False),
    "suggest": Command(lambda root, given: ["suggest", given / "article.txt", "--source", "gazette", "--out",
                                            root / "proposals.yaml"], runs=False),
    "classes": Command(lambda root, given: ["classes", "--add", "coup-attempt-closed"], runs=False),
    "remove": Command(lambda root, given: ["remove", "a-002", "--yes"], runs=False),
    "refresh": Command(lambda root, given: ["refresh", "--issue", "--markdown", root / "moved.md"], whole=False, ledger=True),
}  # fmt: skip


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is brought: an article, a workbook in which one note was written, and numbers of others."""
    folder = tmp_path_factory.mktemp("given")
    (folder / "article.txt").write_text(ARTICLE, "utf-8")
    (folder / "crowd.csv").write_text("question,p\npact-by-2025,0.3\n", "utf-8")
    assert typed("export", folder / "claims.xlsx", "--priors", toy_priors()).exit_code == 0
    book = load_workbook(folder / "claims.xlsx")
    sheet = book["claims"]
    column = next(cell.column for cell in sheet[1] if cell.value == "note")
    sheet.cell(2, column).value = "Read twice."
    book.save(folder / "claims.xlsx")
    return folder


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with a published run and a ledger of one record."""
    root = tmp_path_factory.mktemp("project")
    for name in ("priors", "texts"):
        shutil.copytree(toy_priors().parent / name, root / name)
    write.write_run(toy_fit(), root / "runs" / EDITION, "forecast run")
    where = ["--priors", root / "priors", "--runs", root / "runs", "--ledger", root / "ledger"]
    assert typed("issue", EDITION, *JUDGED, *where).exit_code == 0
    return root


def typed(*words: object):
    return CliRunner().invoke(app, [str(word) for word in words], env={"COLUMNS": "300"})


@cache
def tables() -> list:
    return list(write.each_table(toy_fit()))


def fitted(monkeypatch: pytest.MonkeyPatch) -> None:
    """What `forecast run` writes is under trial, so the fit and its tables are those that are there already."""
    made = tables()
    monkeypatch.setattr("forecasting.fitting.fit.fit", lambda *_, **__: toy_fit())
    monkeypatch.setattr(write, "each_table", lambda *_: iter(made))


def spread(numbers: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the first, the last and some between, if not all are asked for."""
    if os.environ.get("FORECAST_EVERY_WRITE") == "1" or len(numbers) <= TRIED:
        return numbers
    return [numbers[round(i * (len(numbers) - 1) / (TRIED - 1))] for i in range(TRIED)]


@pytest.mark.slow
@pytest.mark.parametrize("name", COMMANDS)
def test_each_write_may_fail(
    name: str, project: Path, given: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, measured: Callable[[str], None]
) -> None:
    command = COMMANDS[name]
    if name == "issue, a judgement":
        words = ["issue", EDITION, "--judgement", "pact-by-2025=0.4", *JUDGED[2:], "--correct", "a better look"]
        command = Command(lambda root, given: [*words], ledger=True)
    base = project
    if name == "run":
        fitted(monkeypatch)
    if name == "init":
        base = tmp_path / "empty"
        base.mkdir()
    if name == "backtest":  # its fits are real, and short
        base = tmp_path / "quick"
        write_dossier(base, PROJECT, QUICK)
    before = contents(base)

    def tried(at: int | None, number: int):
        root = tmp_path / "own"
        shutil.rmtree(root, ignore_errors=True)
        shutil.copytree(base, root)
        monkeypatch.chdir(root)
        options = [word for option in ("priors", "runs", "ledger", "reports") if getattr(command, option)
                   for word in (f"--{option}", root / option)]  # fmt: skip
        with failing(root, at, number) as disk:
            result = typed(*command.words(root, given), *options)
        return result, disk, contents(root), root

    result, disk, after, root = tried(None, 0)
    assert result.exit_code == 0, result.output
    assert disk.count, "it writes nothing"
    numbers = spread(faults(disk, every=disk.count <= FEW))
    for at, number in numbers:
        result, faulty, left, root = tried(at, number)
        where = f"{name}: {os.strerror(number)} at write {at} ({faulty.said[at]}): {result.output}"
        assert result.exit_code == 2, where
        assert result.exception is None or isinstance(result.exception, SystemExit), where
        assert os.strerror(number) in result.output or "HDF error" in result.output, where
        if command.whole:
            assert left == before, where + str(sorted(left.keys() ^ before.keys()))
        else:
            assert all(content in (before.get(key), after.get(key)) for key, content in left.items()), where
        strays = [path.name for path in root.rglob(".*") if path.suffix in (".tmp", ".old")]
        assert not strays, where + str(strays)
    measured(f"failed writes: {name}: {len(numbers)} faults at {disk.count} writes")
