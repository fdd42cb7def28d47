"""Tables that others send: workbooks of records, numbers of crowds as CSV and as workbook, the folder of a hub."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from article_files import part, repacked
from bad_input import PROJECT, Answer, Bad, call, command
from builders import write_dossier
from crowd_cases import CROWDS, HUB, HUB_TEXT
from openpyxl import Workbook, load_workbook

from forecasting.exchange.hub_import import read_hub
from forecasting.rules.load import load_dossier

EDITION, TODAY = "2024-07-ferry", dt.date(2024, 7, 20)
HEAD = "question,p,as_of\n"
MORE = {
    "nothing": ("", "an empty file"), "a header alone": ("question,p\n", "no rows"), "half a row": ("question,p\nx\n", "1 cells"),
    "a formula with a blank": ("question,p\npact-by-2025,@SUM(1)\n", "the formula '@SUM(1)'"),
    "a formula of plus": ("question,p\n+pact,0.3\n", "the formula '+pact'"),
    "infinity": ("question,p\npact-by-2025,inf\n", "p: found 'inf'"),
    "a digit of Arabic": ("question,p\npact-by-2025,٠.٣\n", "p: found"),
    "a number above one by a hair": ("question,p\npact-by-2025,1.0000001\n", "above 0 and below 1"),
    "a leading zero": ("question,p\npact-by-2025,00.3\n", "p: found '00.3'"),
    "an invisible letter": ("question,p\npact\u200b-by-2025,0.3\n", "invisible character U+200B"),
    "a date and an hour": (HEAD + "pact-by-2025,0.3,2024-07-03T10:00\n", "as_of: found '2024-07-03T10:00'"),
    "the year 0": (HEAD + "pact-by-2025,0.3,0000-07-03\n", "as_of: found '0000-07-03'"),
    "a column twice": ("question,p,p\npact-by-2025,0.3,0.4\n", "the column 'p' twice"),
    "a web page": ("<html>\n<body>\n", "no column"), "20,001 rows": ("question,p\n" + "x,0.3\n" * 20_001, "20,001 rows"),
}  # fmt: skip


@cache
def _folder() -> Path:
    import tempfile

    return write_dossier(Path(tempfile.mkdtemp()), PROJECT)


def crowd(name: str, content: bytes | str, says: str, file: str = "crowd.csv") -> Bad:
    """Return a case of a table of a crowd that is brought in; the ledger stays as it was."""

    def given(folder: Path) -> Answer:
        path = folder / file
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        ledger = folder / "ledger"
        said = ["--edition", EDITION, "--as", "A Market", "--source", "prices"]
        answer = command("import", path, *said, "--priors", _folder(), "--ledger", ledger)
        assert not (ledger / "ledger.jsonl").exists(), "some of it was written"
        return answer

    return Bad("crowd", name, given, tuple(part for part in re.split(r"\.\*", says.replace("\\", "")) if part))


def hub(name: str, change: Callable[[str], str], says: str, file: str = "2024-07-03-rival-crowd.csv") -> Bad:
    """Return a case of the folder of a hub with its one file of model output changed."""

    def given(folder: Path) -> Answer:
        path = folder / "model-output" / "rival-crowd" / file
        path.parent.mkdir(parents=True)
        path.write_text(change(HUB_TEXT))
        return call(lambda: read_hub(folder, load_dossier(_folder()).edition(EDITION), TODAY))

    return Bad("hub", name, given, tuple(part for part in says.split(".*") if part))


def settings(name: str, content: bytes, *says: str) -> Bad:
    """Return a case of a hub whose settings are what they should not be."""

    def given(folder: Path) -> Answer:
        output = "model-output/rival-crowd/2024-07-03-rival-crowd.csv"
        for path, raw in ((output, HUB_TEXT.encode()), ("hub-config/tasks.json", content)):
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(raw)
        return call(lambda: read_hub(folder, load_dossier(_folder()).edition(EDITION), TODAY))

    return Bad("hub", name, given, ("tasks.json", *says))


@cache
def _exported() -> bytes:
    import tempfile

    path = Path(tempfile.mkdtemp()) / "claims.xlsx"
    answer = command("export", path, "--priors", _folder())
    assert answer.code == 0, answer
    return path.read_bytes()


def edited(change: Callable[[Any], object]) -> bytes:
    """Return the workbook of claims with something done to its sheet."""
    book, out = load_workbook(io.BytesIO(_exported())), io.BytesIO()
    change(book)
    book.save(out)
    return out.getvalue()


def _at(column: str, value: object) -> Callable[[Any], object]:
    def put(book: Any) -> None:
        sheet = book["claims"]
        n = next(cell.column for cell in sheet[1] if cell.value == column)
        sheet.cell(2, n).value = value

    return put


def workbook(name: str, make: Callable[[], bytes], *says: str) -> Bad:
    """Return a case of a workbook of records that is brought back; no record is changed."""

    def given(folder: Path) -> Answer:
        root = write_dossier(folder, PROJECT)
        before = {path: path.read_bytes() for path in root.rglob("*.*")}
        (folder / "claims.xlsx").write_bytes(make())
        answer = command("import", folder / "claims.xlsx", "--priors", root)
        assert {path: path.read_bytes() for path in root.rglob("*.*")} == before, "a record was changed"
        return answer

    return Bad("xlsx", name, given, says)


def _zip(changes: dict[str, bytes]) -> Callable[[], bytes]:
    return lambda: repacked(_exported(), changes)


def _entity() -> bytes:
    sheet = part(_exported(), "xl/worksheets/sheet1.xml")
    return repacked(_exported(), {"xl/worksheets/sheet1.xml": b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + sheet})


def _wide() -> bytes:
    return edited(lambda book: book["claims"].cell(2, 300).__setattr__("value", "x"))


XLSX = [
    workbook("a formula", lambda: edited(_at("paraphrase", "=1+1")), "claims!", "a formula in column paraphrase", "its value"),
    workbook("a link as a formula", lambda: edited(_at("paraphrase", '=HYPERLINK("https://x.example","y")')), "a formula"),
    workbook("an error", lambda: edited(_at("credibility", "#REF!")), "claims!", "the error #REF!", "write a value"),
    workbook("a word for a number", lambda: edited(_at("credibility", "three")), "credibility", "three"),
    workbook("a grade that is none", lambda: edited(_at("reliability", "G")), "reliability", "'G'"),
    workbook("a number out of range", lambda: edited(_at("horizon.years", 1000)), "horizon.years", "less than or equal to 100"),
    workbook("a day that is a text", lambda: edited(_at("made_on", "3 May 2024")), "made_on", "YYYY-MM-DD"),
    workbook("an id in capitals", lambda: edited(_at("id", "N-001")), "claims!"),
    workbook("a wording that nobody knows", lambda: edited(_at("wording", "quite likely")), "quite likely"),
    workbook("an event that nobody knows", lambda: edited(_at("target.event", "pact-sined")), "pact-sined"),
    workbook("an invisible letter", lambda: edited(_at("paraphrase", "A sig\u200bnature.")), "U+200B"),
    workbook("another sheet", lambda: edited(lambda book: book["claims"].__setattr__("title", "clams")), "clams"),
    workbook("a column twice", lambda: edited(lambda book: book["claims"].cell(1, 2).__setattr__("value", "row")), "claims"),
    workbook("a cell under no column", lambda: edited(lambda book: book["claims"].cell(2, 60).__setattr__("value", "x")),
             "a cell under no column", "name its column in row 1"),
    workbook("200 columns and more", _wide, "sheet claims", "keep it under"),
    workbook("20,001 rows", lambda: edited(lambda book: book["claims"].cell(20_002, 1).__setattr__("value", "x")),
             "rows", "keep it"),
    workbook("a macro", _zip({"xl/vbaProject.bin": b"x"}), "a macro or a link to another file", "save it as .xlsx without"),
    workbook("a macro of Excel 4", _zip({"xl/macrosheets/sheet1.xml": b"<x/>"}), "a macro"),
    workbook("a link to another workbook", _zip({"xl/externalLinks/externalLink1.xml": b"<x/>"}), "a link to another file"),
    workbook("an embedded file", _zip({"xl/embeddings/oleObject1.bin": b"x"}), "a macro or a link"),
    workbook("a control", _zip({"xl/activeX/activeX1.xml": b"<x/>"}), "a macro or a link"),
    workbook("an external entity", _entity, "declarations of entities in xl/worksheets/sheet1.xml"),
    workbook("a zip bomb", _zip({"xl/media/a.png": bytes(101_000_000)}), "once unpacked", "keep one sheet"),
    workbook("600 parts", _zip({f"x{n}": b"" for n in range(600)}), "parts once unpacked"),
    workbook("half a workbook", lambda: _exported()[:3000], "not an .xlsx workbook"),
    workbook("nothing", lambda: b"", "not an .xlsx workbook", "save it as .xlsx"),
    workbook("an old workbook", lambda: b"\xd0\xcf\x11\xe0" + bytes(600), "an old .xls workbook", "without a password"),
    workbook("a table of text", lambda: b"id,source\n", "not an .xlsx workbook"),
    workbook("21 MB", lambda: bytes(21_000_000), "21,000,000 bytes", "keep the file under".removeprefix("keep the file ")),
    workbook("a workbook without its sheet", _zip({"xl/worksheets/sheet1.xml": b""}), "claims.xlsx"),
    workbook("a sheet that is no XML", _zip({"xl/worksheets/sheet1.xml": b"<worksheet"}), "claims.xlsx", "save it again"),
]  # fmt: skip


def _book(*rows: list[Any]) -> bytes:
    book, out = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


CASES = [
    *(crowd(name, text, says) for name, (text, says) in {**CROWDS, **MORE}.items() if name != "a day to come"),
    crowd("a day to come", HEAD + "pact-by-2025,0.2,2999-07-21\n", "as_of: found 2999-07-21, which is after today"),
    crowd("UTF-16", "question,p\n".encode("utf-16"), "is not UTF-8"),
    crowd("a formula in a workbook", _book(["question", "p"], ["pact-by-2025", "=1/3"]), "Sheet!B2.*a formula", "crowd.xlsx"),
    crowd("a truth value in a workbook", _book(["question", "p"], ["pact-by-2025", True]), "p: found True", "crowd.xlsx"),
    crowd("no workbook", "question,p\n", "not an .xlsx workbook", "crowd.xlsx"),
    *(hub(name, lambda text, old=old, new=new: text.replace(old, new), says) for name, ((old, new), says) in HUB.items()),
    hub("nothing", lambda text: "", "an empty file"),
    hub("no value", lambda text: text.replace(",value", ",p"), "no column 'value'"),
    hub("another name", lambda text: text, "a name that is not of a file of this model", "2024-07-03-other.csv"),
    hub("a parquet file", lambda text: text, "only .csv files are read", "2024-07-03-rival-crowd.parquet"),
    hub("a day to come", lambda text: text.replace("2024-07-03", "2031-07-03"), "after today", "2031-07-03-rival-crowd.csv"),
    hub("no day", lambda text: text, "in the file of not-a-date", "not-a-date-rival-crowd.csv"),
    hub("NaN", lambda text: text.replace("0.75", "nan"), "value: found 'nan'"),
    hub("a formula", lambda text: text.replace("0.75", "=1"), "the formula"),
    settings("no JSON", b"{", "no JSON"), settings("a key twice", b'{"a": 1, "a": 2}', "a key that stands twice"),
    settings("a list", b"[]", "not built as the schema"), settings("null", b"null", "not built as the schema"),
    settings("a round that is a number", b'{"rounds": [1]}', "not built as"), settings("deep", b"[" * 100_000, "too deep"),
    settings("settings with NaN", b'{"rounds": NaN}', "NaN"),
    settings("keys that are a list", b'{"rounds": [{"model_tasks": [{"target_metadata": '
             b'[{"target_keys": [1], "target_id": "x"}]}]}]}', "not built as"),
    settings("a target that is a list", b'{"rounds": [{"model_tasks": [{"target_metadata": [{"target_keys": null, '
             b'"target_id": ["x"]}]}]}]}', "not built as"),
    *XLSX,
]  # fmt: skip
