"""Every reader of a file or a message, with good ones to begin with, and what reads them in earnest."""

from __future__ import annotations

import datetime as dt
import gc
import json
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import bad_tables
from article_files import BODY, WHOLE
from bad_calls import MESSAGES
from bad_input import PROJECT
from bad_kept import PRIOR
from builders import write_dossier
from crowd_cases import CROWDS, HUB_TEXT
from fuzz_changes import changed
from hypothesis import HealthCheck, given, settings
from ledger_changes import NOW
from ledgers import fill
from pydantic_core import from_json
from rule_edits import LISTED, assumption, coding, driver, fact, life_table
from written_runs import written

from forecasting.backtest.points import Point, Said, parse_point, point_text
from forecasting.coding.sheets.bring import import_workbook
from forecasting.coding.texts import plain
from forecasting.coding.texts.child import answer as read_in_child
from forecasting.coding.texts.extracted import Refused
from forecasting.dossier.edition import EditionDossier
from forecasting.dossier.load import read_dossier
from forecasting.dossier.parse import parse_value
from forecasting.elicitation.prior_files import read_prior
from forecasting.errors import ForecastingError
from forecasting.exchange.crowd import read_crowd
from forecasting.exchange.hub_import import read_hub
from forecasting.exchange.hub_scores import score_hub
from forecasting.forecasts import Gate
from forecasting.lab.panel.message import Message
from forecasting.ledger.store import HEAD, LEDGER, read_ledger
from forecasting.rules.check import check_read
from forecasting.rules.load import load_dossier
from forecasting.runs.store import read_run

EDITION, TODAY = "2024-07-ferry", dt.date(2024, 7, 20)
AGAIN = 1.0  # seconds after which an example is read once more
ANSWERED = (ForecastingError, Refused)


@dataclass(frozen=True)
class Reader:
    """A reader: good files, and a function that reads one; what it raises beside our own errors is a crash."""

    name: str
    goods: Callable[[], Sequence[bytes]]
    read: Callable[[bytes], object]


@dataclass
class Found:
    """What came of many examples: how many, the crashes by their first example, the slowest in seconds of processor time.

    ``memory`` is what one example took at its highest, in MB, beyond what the process had before it: Hypothesis keeps every
    example that it has made, which is no memory of the reader's.
    """

    examples: int = 0
    slowest: float = 0.0
    memory: float = 0.0
    crashes: dict[str, bytes] = field(default_factory=dict)

    def note(self, reader: Reader, raw: bytes) -> None:
        """Read one example and note what came of it."""
        before = _forget_peak()
        taken = self._read(reader, raw)
        self.memory = max(self.memory, _kilobytes("VmHWM") / 1024 - before / 1024)
        if taken > AGAIN:  # a library that is loaded, or code that is compiled, takes its time once
            taken = self._read(reader, raw)
        self.examples += 1
        self.slowest = max(self.slowest, taken)
        gc.collect()  # so that the most memory is that of an example, and not of many

    def _read(self, reader: Reader, raw: bytes) -> float:
        begun = time.process_time()
        try:
            reader.read(raw)
        except ANSWERED:
            pass
        except Exception as error:  # noqa: BLE001  which is what is looked for
            at = error.__traceback__
            while at and at.tb_next:
                at = at.tb_next
            place = f"{Path(at.tb_frame.f_code.co_filename).name}:{at.tb_lineno}" if at else ""
            self.crashes.setdefault(f"{type(error).__name__} at {place}: {str(error)[:80]!r}", raw)
        return time.process_time() - begun


def _forget_peak() -> int:
    """Have Linux forget the most memory that this process had; return what it has now, in kilobytes."""
    Path("/proc/self/clear_refs").write_text("5")
    return _kilobytes("VmRSS")


def _kilobytes(what: str) -> int:
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith(what))
    return int(line.split()[1])


def fuzz(reader: Reader, examples: int) -> Found:
    """Read many changed files, always the same ones."""
    found, goods = Found(), reader.goods()
    for good in goods[:1]:
        reader.read(good)  # what is loaded and compiled once counts to no example

    @settings(max_examples=examples, database=None, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
    @given(changed(goods))
    def run(raw: bytes) -> None:
        found.note(reader, raw)

    gc.freeze()  # what is there already need not be looked through after each example
    try:
        run()
    finally:
        gc.unfreeze()
    return found


@cache
def _root() -> Path:
    """Return a dossier with records of every kind."""
    from broken_dossiers import edit

    root = write_dossier(Path(tempfile.mkdtemp()), PROJECT)
    more = (driver("trade", "pact-signed"), fact("n-004", "toll-raised"), life_table("tolls-raised,,1,30,2,Made up for a test"),
            coding(), LISTED, assumption("p: {occurs: pact-signed}, by: 2025-06-30, at_least: 0.2"))  # fmt: skip
    for change in more:
        edit(root, *change)
    return root


def _files(suffix: str) -> Callable[[], Sequence[bytes]]:
    return lambda: [path.read_bytes() for path in sorted(_root().rglob(f"*{suffix}"))]


@cache
def _by_content() -> dict[str, list[Path]]:
    return {suffix: sorted(_root().rglob(f"*{suffix}")) for suffix in (".yaml", ".csv")}


def _dossier(suffix: str) -> Callable[[bytes], object]:
    """Return what reads a dossier with one of its files changed, and holds it to every rule."""
    def read(raw: bytes) -> object:
        # the file most like it, so that what was done to claims is read as claims
        path = max(_by_content()[suffix], key=lambda path: len(set(path.read_bytes().split(b"\n")) & set(raw.split(b"\n"))))
        before = path.read_bytes()
        path.write_bytes(raw)
        try:
            dossier, failures = read_dossier(_root())
            return dossier, check_read(dossier, failures), str(failures)
        finally:
            path.write_bytes(before)

    return read


def _in_file(name: str, read: Callable[[Path], object]) -> Callable[[bytes], object]:
    """Return what writes an example into a file of its own and has that read."""
    folder = Path(tempfile.mkdtemp())

    def reads(raw: bytes) -> object:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(raw)
        return read(folder / name)

    return reads


@cache
def _edition() -> EditionDossier:
    return load_dossier(write_dossier(Path(tempfile.mkdtemp()), PROJECT)).edition(EDITION)


@cache
def _kept() -> Path:
    return fill(Path(tempfile.mkdtemp()) / "ledger", 4)


@cache
def _run() -> Path:
    return written(Path(tempfile.mkdtemp()))


def _in_folder(folder: Callable[[], Path], names: Callable[[], Sequence[str]], read: Callable[[Path], object]):
    """Return what puts an example in place of the file that it is most like, and has the folder read."""

    def reads(raw: bytes) -> object:
        files = [folder() / name for name in names()]
        path = max(files, key=lambda path: len(set(path.read_bytes().split(b"\n")) & set(raw.split(b"\n"))))
        before = path.read_bytes()
        path.write_bytes(raw)
        try:
            return read(folder())
        finally:
            path.write_bytes(before)

    return reads


def _run_files() -> Sequence[str]:
    return sorted(path.name for path in _run().iterdir() if path.is_file())


@cache
def _hub() -> Path:
    folder = Path(tempfile.mkdtemp())
    rows = [["2024-07-03", "pact_by_2025", "2025-12-31", "", came, value] for came, value in (("yes", "1"), ("no", "0"))]
    tasks = {"rounds": [{"round_id": "origin_date", "additional_metadata": {"team": "us"}, "model_tasks": [{
        "output_type": {"pmf": {"output_type_id": {"required": ["yes", "no"]}}},
        "target_metadata": [{"target_id": "pact_by_2025", "target_keys": None, "target_type": "ordinal",
                             "additional_metadata": {"question": "pact-by-2025"}}]}]}]}  # fmt: skip
    header = "origin_date,target,target_date,output_type,output_type_id,oracle_value\n"
    for name, text in (
        ("model-output/rival-crowd/2024-07-03-rival-crowd.csv", HUB_TEXT), ("hub-config/tasks.json", json.dumps(tasks, indent=1)),
        ("target-data/oracle-output.csv", header + "".join(",".join(row) + "\n" for row in rows)),
    ):  # fmt: skip
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def _read_hub(folder: Path) -> object:
    with suppress(ForecastingError):
        read_hub(folder, _edition(), TODAY)
    return score_hub(folder)


def _workbook(path: Path) -> object:
    return import_workbook(bad_tables._folder(), path, write=False)


def _child(kind: str) -> Callable[[bytes], object]:
    return lambda raw: read_in_child(kind, raw)


def _message(raw: bytes) -> object:
    try:
        said = from_json(raw, allow_inf_nan=False)
    except ValueError:
        return None  # the page's connection is closed then
    return Message.of(said)


def _value(raw: bytes) -> object:
    return parse_value(raw.decode("utf-8", "replace"))


VALUES = (b"likely", b"0.5", b"[pact-signed, toll-raised]", b"{comes: likely, stays_away: unlikely}", b"true", b'"a text"')
ASKED = [b'{"do": "set", "record": "n-001", "field": "wording", "value": "likely"}', b'{"do": "undo", "index": 0}',
         b'{"do": "write", "reason": "because"}', *(json.dumps(said).encode() for said, _ in MESSAGES.values())]  # fmt: skip
CROWD = [text.encode() for text, _ in CROWDS.values()]
SAID = {"pact-by-2025": {"yes": Said(0.3, 0.2, 0.4, 0.1, 0.5, 0.002)}}
POINT = point_text(Point(
    EDITION, "all", dt.date(2024, 7, 1), 1, "4 × 500", Gate(10), SAID, {}, {}, 2, 3, 2, "a" * 64, "b" * 64,
)).encode()  # fmt: skip
GOOD_CROWD = b"question,outcome,p,as_of\npact-by-2025,yes,0.3,2024-07-03\ntoll-by-2025,,0.4,\n"
READERS: tuple[Reader, ...] = (
    Reader("YAML of a dossier, held to every rule", _files(".yaml"), _dossier(".yaml")),
    Reader("CSV of a dossier, held to every rule", _files(".csv"), _dossier(".csv")),
    Reader("workbook of records", lambda: [bad_tables._exported()], _in_file("claims.xlsx", _workbook)),
    Reader("page", lambda: [WHOLE["page.html"]], _child("page")),
    Reader("PDF", lambda: [WHOLE["report.pdf"]], _child("pdf")),
    Reader("Word document", lambda: [WHOLE["memo.docx"]], _child("word")),
    Reader("mail", lambda: [WHOLE["letter.eml"]], _child("mail")),
    Reader("plain text", lambda: ["\n\n".join(BODY).encode()], plain.read),
    Reader("ledger and its head", lambda: [(_kept() / name).read_bytes() for name in (LEDGER, HEAD)],
           _in_folder(_kept, lambda: (LEDGER, HEAD), lambda folder: read_ledger(folder, now=NOW))),
    Reader("run: manifest, tables, NetCDF", lambda: [(_run() / name).read_bytes() for name in _run_files()],
           _in_folder(_run, _run_files, read_run)),
    Reader("table of a crowd", lambda: [GOOD_CROWD, *CROWD],
           _in_file("crowd.csv", lambda path: read_crowd(path, _edition(), TODAY))),
    Reader("hub: output, settings, what came", lambda: [path.read_bytes() for path in sorted(_hub().rglob("*.*"))],
           _in_folder(_hub, lambda: [str(path.relative_to(_hub())) for path in sorted(_hub().rglob("*.*"))], _read_hub)),
    Reader("elicited prior", lambda: [PRIOR.encode()], _in_file("deal-a.yaml", read_prior)),
    Reader("point of a backtest", lambda: [POINT], lambda raw: parse_point(raw, "point.json")),
    Reader("message to the panel", lambda: ASKED, _message),
    Reader("value on the command line", lambda: VALUES, _value),
)  # fmt: skip
