"""Which records have a sheet, what its columns are, and how a value stands in a cell."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from forecasting.dossier.claims import Claim
from forecasting.dossier.events import HistoryRow
from forecasting.dossier.fields import Record
from forecasting.dossier.messages import plain_types
from forecasting.dossier.parse import Parsed, ParseError, parse_csv, parse_yaml, plain_number
from forecasting.dossier.reference_classes import ReferenceClass
from forecasting.errors import DossierError
from forecasting.files import text_digest

ROW, WAS = "row", "was"  # where a row stands in its file, and what stood in its cells when it was exported
EXPORTED = "exported"  # the hidden sheet that lists every record of the export, so that a row that was deleted is noticed
INHERITED = "inherited"  # what a claim takes from the defaults of its source; shown, never brought back
MAPPING = "target.given"  # written event=true event=false


@dataclass(frozen=True)
class Table:
    """A kind of record that has a sheet: its model, its files, and which columns nobody may change there."""

    name: str
    model: type[Record]
    files: tuple[str, ...]
    locked: tuple[str, ...]

    @property
    def is_yaml(self) -> bool:
        """Whether its records stand in YAML rather than in a CSV table."""
        return self.files[0].endswith(".yaml")

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of its fields, in the order of the model; a field inside a field has a dot."""
        return tuple(_columns(self.model))

    def annotation(self, column: str) -> Any:
        """Return the type that the model gives to a column."""
        model: Any = self.model
        *above, last = column.split(".")
        for name in above:
            model = next(kind for kind in plain_types(model.model_fields[name].annotation) if issubclass(kind, Record))
        return model.model_fields[last].annotation

    def choices(self, column: str) -> tuple[Any, ...]:
        """Return the values that a column can have, if they are few and fixed."""
        return tuple(_choices(self.annotation(column)))


TABLES = {
    "claims": Table("claims", Claim, ("claims/*.yaml",), ("id", "source", "anchor")),
    "history": Table("history", HistoryRow, ("history.csv", "history/*.csv"), ()),
    "classes": Table("classes", ReferenceClass, ("reference_classes.csv", "reference_classes/*.csv"), ()),
}


@dataclass(frozen=True)
class Row:
    """A record as it stands in a file: which file and which place in it, its line, and its fields by column."""

    file: str
    index: int
    line: int
    cells: Mapping[str, Any]
    inherited: str = ""

    @property
    def place(self) -> str:
        """The file and the line, as messages name them."""
        return f"{self.file}:{self.line}"

    @property
    def name(self) -> str:
        """What the record is called: its id, or the event that a row of history is about."""
        return str(self.cells.get("id") or self.cells.get("event") or "")

    @property
    def digest(self) -> str:
        """Sixteen digits of the fingerprint of the fields."""
        return digest_of(self.cells)


def digest_of(cells: Mapping[str, Any]) -> str:
    """Return sixteen digits of the fingerprint of some cells; a number is the same whether written 5 or 5.0."""
    plain = {k: float(v) if type(v) in (int, float) else v for k, v in cells.items() if v is not None}
    return text_digest(json.dumps(plain, sort_keys=True))[:16]


def rows_of(root: Path, table: Table, parsed: Mapping[str, Parsed] | None = None) -> Iterator[Row]:
    """Yield the records of a table in the order of their files, finished or not.

    Raises
    ------
    DossierError
        If a file cannot be read.
    """
    parsed = read_files(root, table) if parsed is None else parsed
    for name, file in parsed.items():
        for index, record in enumerate(file.value or ()):
            cells = flat(record) if table.is_yaml else {k: plain_cell(v) for k, v in record.items()}
            yield Row(name, index, file.lines[(index,)], cells)


def read_files(root: Path, table: Table) -> dict[str, Parsed]:
    """Return the files of a table by their path below ``root``."""
    found: dict[str, Parsed] = {}
    for path in sorted(path for pattern in table.files for path in root.glob(pattern) if not path.name.startswith(".")):
        name = path.relative_to(root).as_posix()
        try:
            found[name] = (parse_yaml if table.is_yaml else parse_csv)(path, f"{root.name}/{name}")
        except ParseError as error:
            raise DossierError((error.result,)) from None
        if table.is_yaml and any(not isinstance(record, dict) for record in found[name].value or ()):
            del found[name]  # no records; forecast check says so
    return found


def flat(record: Mapping[str, Any], above: str = "") -> dict[str, Any]:
    """Return a record with a field inside a field under one name, and a list as words.

    Examples
    --------
    >>> flat({"id": "c-1", "target": {"event": ("a", "b"), "given": {"c": True}}})
    {'id': 'c-1', 'target.event': 'a b', 'target.given': 'c=true'}
    """
    cells: dict[str, Any] = {}
    for name, value in record.items():
        column = above + name
        if column == "anchor" and isinstance(value, dict):
            cells[column] = " ".join(f"{key} {part}" for key, part in value.items())
        elif column == MAPPING and isinstance(value, dict):
            cells[column] = " ".join(f"{key}={json.dumps(part)}" for key, part in value.items())
        elif isinstance(value, dict):
            cells |= flat(value, f"{column}.")
        elif isinstance(value, tuple):
            cells[column] = " ".join(map(str, value))
        elif value is not None:
            cells[column] = value
    return cells


def plain_cell(text: str) -> Any:
    """Return a cell of a CSV table as a number if the number is written back the same way, else as text.

    Examples
    --------
    >>> [plain_cell(text) for text in ("12", "0.50", "2020-11-10")]
    [12, '0.50', '2020-11-10']
    """
    number = plain_number(text)
    return number if str(number) == text else text


def typed(table: Table, column: str, value: Any) -> Any:
    """Return what a cell of a spreadsheet holds as the field wants it: a day as text, a number that was typed as text as one."""
    if isinstance(value, dt.datetime | dt.date):
        day = value.date() if isinstance(value, dt.datetime) else value
        return day.isoformat()
    wanted = plain_types(table.annotation(column)) if column in table.columns else set()
    if isinstance(value, str):
        value = value.replace("\r\n", "\n")
        if not value.strip():
            return None
        number = plain_number(value.strip())
        if wanted & {int, float} or literal_type(table.annotation(column)) is int:
            return number
        return {"true": True, "false": False}.get(value.strip().lower(), value) if bool in wanted else value
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    return value


def literal_type(annotation: Any) -> type | None:
    """Return the type of the values of a `Literal` annotation, None for any other annotation."""
    return type(get_args(annotation)[0]) if get_origin(annotation) is Literal else None


def _columns(model: type[Record], above: str = "") -> Iterator[str]:
    for name, field in model.model_fields.items():
        inner = next((kind for kind in plain_types(field.annotation) if issubclass(kind, Record)), None)
        if name == "life_table":
            continue  # a file of its own
        if inner and name != "anchor":
            yield from _columns(inner, f"{above}{name}.")
        else:
            yield above + name


def _choices(annotation: Any) -> Iterator[Any]:
    if get_origin(annotation) is Literal:
        yield from get_args(annotation)
    for part in get_args(annotation) if get_origin(annotation) is not Literal else ():
        yield from _choices(part)
