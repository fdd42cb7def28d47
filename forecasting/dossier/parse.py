"""Read YAML and CSV files into plain values, keeping the line of every field.

A dossier is written by hand, so its YAML is a small, strict part of YAML 1.2: one document of mappings, lists and
scalars. An unquoted scalar is ``null``, ``true``, ``false``, a whole number (``12``), a decimal (``0.5``) or text;
everything else that some reader might take for a number or a truth value (``NO``, ``1e-3``, ``.5``, ``50%``) stays
text, and the field that wanted a number then says so. Aliases, tags, duplicate keys and deep nesting are refused.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from forecasting.errors import CheckResult, ForecastingError, Where
from forecasting.shown.text import INVISIBLE as INVISIBLE

MAX_BYTES = 5_000_000
MAX_DEPTH = 12
MAX_VALUES = 200_000  # of a YAML file: keys, texts, numbers and brackets; the longest of ours has 3,100
MAX_KEYS = 1_000  # of one mapping
MAX_COLUMNS = 200
MAX_ROWS = 200_000
_WORDS = {"null": None, "~": None, "": None, "true": True, "false": False}
_WHOLE = re.compile(r"-?(0|[1-9][0-9]{0,14})")
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]{0,14})\.[0-9]{1,30}")
YAML_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class ParseError(ForecastingError):
    """A file that cannot be read; carries the result to show."""

    def __init__(self, rule: str, where: Where, found: str, fix: str):
        self.result = CheckResult(rule, where, found, fix)
        super().__init__(str(self.result))


type FieldPath = tuple[str | int, ...]  # keys and positions that lead to a part of a file


@dataclass
class Parsed:
    """A value with the line of each of its parts, addressed by the path of keys and positions that leads there.

    Of a table ``columns`` holds the header.
    """

    value: Any
    file: str
    lines: dict[FieldPath, int] = field(default_factory=dict)
    columns: tuple[str, ...] = ()

    def where(self, *path: Any) -> Where:
        """Return the place of the part at ``path``, or of its nearest parent that has a line of its own."""
        for n in range(len(path), -1, -1):
            if path[:n] in self.lines:
                return Where(self.file, self.lines[path[:n]])
        return Where(self.file)


def read_text(path: Path, name: str) -> str:
    """Return the text of a UTF-8 file, or raise `ParseError` naming what is wrong with its bytes."""
    try:
        if not path.is_file():  # a named pipe would never end
            raise ParseError("readable", Where(name), "not a file", "put a plain file here")
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise ParseError("file-size", Where(name), f"{size:,} bytes", f"keep the file under {MAX_BYTES:,} bytes")
        raw = path.read_bytes()
    except OSError as error:
        raise ParseError("readable", Where(name), f"cannot be read: {error.strerror}", "make it readable") from None
    try:
        text = raw.decode("utf-8-sig")  # spreadsheets begin a file with a byte order mark
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise ParseError(
            "utf-8", Where(name, line), f"byte 0x{raw[error.start]:02x} is not UTF-8", "save the file as UTF-8"
        ) from None
    bad = INVISIBLE.search(text)
    if bad:
        line = text.count("\n", 0, bad.start()) + 1
        raise ParseError(
            "invisible-characters", Where(name, line), f"invisible character U+{ord(bad.group()):04X}", "delete it"
        )
    return text


def _scalar(event: yaml.ScalarEvent) -> Any:
    text = event.value
    if not event.implicit[0]:
        return text
    if text in _WORDS:
        return _WORDS[text]
    return plain_number(text)


def plain_number(text: str) -> int | float | str:
    """Return ``12`` as an int and ``0.5`` as a float; anything else stays text.

    ASCII digits only, and no more than a double holds: longer rows of digits are digests or slips, never numbers. A row of digits
    that begins with 0 is none either: in ``2.0,03`` the point of 0.3 has been lost.

    Examples
    --------
    >>> [plain_number(text) for text in ("12", "-0.5", "1e-3", ".5", "0,5", "50%", "03")]
    [12, -0.5, '1e-3', '.5', '0,5', '50%', '03']
    """
    if not text or text[0] not in "-0123456789":  # nearly every text; the patterns take five times as long to say so
        return text
    if _WHOLE.fullmatch(text):
        return int(text)
    return float(text) if _DECIMAL.fullmatch(text) else text


def parse_yaml(path: Path, name: str) -> Parsed:
    """Parse one YAML file; mappings become dicts, lists become tuples.

    Raises
    ------
    ParseError
        If the file is not UTF-8, not one well-formed document, uses an alias, a tag or a key twice, or has more than
        ``MAX_DEPTH`` levels, ``MAX_VALUES`` values or ``MAX_KEYS`` keys in one mapping.
    """
    return _parsed(read_text(path, name), name)


def parse_value(text: str, name: str = "value") -> Any:
    """Return one value written in the YAML of records: text, a plain number, true, false, null, a list or a mapping.

    Raises
    ------
    ParseError
        As `parse_yaml` does.

    Examples
    --------
    >>> parse_value("0.5"), parse_value("NO"), parse_value("[a, b]")
    (0.5, 'NO', ('a', 'b'))
    """
    return _parsed(text, name).value


def _parsed(text: str, name: str) -> Parsed:
    parsed = Parsed(None, name)
    try:
        events = _content(yaml.parse(io.StringIO(text), Loader=YAML_LOADER), name)
        parsed.value = _build(events, next(events), (), parsed)
        extra = next(events, None)
    except StopIteration:
        return parsed
    except yaml.MarkedYAMLError as error:
        raise _not_yaml(error, name) from None
    except yaml.YAMLError as error:
        raise ParseError("yaml", Where(name), f"not well-formed YAML: {error}", "mend the file") from None
    if extra is not None:
        where = Where(name, _line(extra))
        raise ParseError("yaml-one-document", where, "a second document", "keep one document in a file")
    return parsed


def _not_yaml(error: yaml.MarkedYAMLError, name: str) -> ParseError:
    """Say what is wrong with the YAML, and on which line; a quote that never closes is shown where it opens."""
    if "quoted scalar" in (error.context or "") and error.context_mark:
        where = Where(name, error.context_mark.line + 1)
        return ParseError("yaml", where, f"a quotation mark that is not closed: {error.problem}", "close it")
    mark = error.problem_mark or error.context_mark
    where = Where(name, mark.line + 1 if mark else 0)
    fix = "mend the line; quote texts that hold ': ' or start with a special character"
    return ParseError("yaml", where, f"not well-formed YAML: {error.problem}", fix)


def _content(events: Iterator[yaml.Event], name: str) -> Iterator[yaml.Event]:
    """Yield the events that carry content; refuse what a hand-written record has no use for."""
    depth = 0
    for number, event in enumerate(events):
        if number > MAX_VALUES:
            raise ParseError("file-size", Where(name, _line(event)), f"more than {MAX_VALUES:,} values", "use several files")
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise ParseError("yaml-plain", Where(name, _line(event)), "a YAML alias or anchor", "write the value out")
        if (tag := getattr(event, "tag", None)) not in (None, "!"):
            raise ParseError("yaml-plain", Where(name, _line(event)), f"the tag {tag}", "write a plain value without a tag")
        if isinstance(event, yaml.ScalarEvent):
            yield event
        elif isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                found = f"more than {MAX_DEPTH} levels of nesting"
                raise ParseError("yaml-plain", Where(name, _line(event)), found, "flatten the record")
            yield event
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
            yield event


def _line(event: yaml.Event) -> int:
    """Return the line on which an event of the parser starts, counted from 1."""
    assert event.start_mark is not None  # the parser puts one on every event it reads from a text
    return event.start_mark.line + 1


def _build(events: Iterator[yaml.Event], event: yaml.Event, path: FieldPath, parsed: Parsed) -> Any:
    parsed.lines.setdefault(path, _line(event))
    if isinstance(event, yaml.ScalarEvent):
        return _scalar(event)
    if isinstance(event, yaml.SequenceStartEvent):
        items: list[Any] = []
        while not isinstance(event := next(events), yaml.SequenceEndEvent):
            items.append(_build(events, event, (*path, len(items)), parsed))
        return tuple(items)
    mapping: dict[Any, Any] = {}
    while not isinstance(event := next(events), yaml.MappingEndEvent):
        line = _line(event)
        if not isinstance(event, yaml.ScalarEvent):
            raise ParseError("yaml-plain", Where(parsed.file, line), "a key that is not text", "write a plain key")
        key = event.value
        if key in mapping:
            first = parsed.lines[(*path, key)]
            found = f"the key '{key}' again (first on line {first})"
            raise ParseError("yaml-duplicate-key", Where(parsed.file, line), found, "keep one")
        if len(mapping) >= MAX_KEYS:
            found = f"more than {MAX_KEYS:,} keys in one mapping"
            raise ParseError("file-size", Where(parsed.file, line), found, "write a list of records")
        parsed.lines[(*path, key)] = line
        mapping[key] = _build(events, next(events), (*path, key), parsed)
    return mapping


def parse_csv(path: Path, name: str) -> Parsed:
    """Parse one CSV file with a header into a tuple of dicts of text; empty cells are left out."""
    text = read_text(path, name)
    reader = csv.reader(io.StringIO(text), strict=True)
    parsed = Parsed((), name)
    rows: list[dict[str, str]] = []
    last = 1
    try:
        header = next(reader, [])
        if not header:
            raise ParseError("csv-columns", Where(name, 1), "an empty file", "write the header line, or delete the file")
        if len(header) == 1 and ";" in header[0]:
            raise ParseError("csv-columns", Where(name, 1), "columns parted by semicolons", "part them by commas")
        _distinct(header, name)
        parsed.columns = tuple(header)
        last = reader.line_num
        for cells in reader:
            first, last = last + 1, reader.line_num  # a quoted cell may run over several lines
            if not cells:
                continue
            where = Where(name, first)
            if len(rows) >= MAX_ROWS:
                raise ParseError("file-size", where, f"more than {MAX_ROWS:,} rows", "use several files")
            if len(cells) != len(header):
                raise ParseError(
                    "csv-columns", where, f"{len(cells)} cells under {len(header)} columns",
                    'give every row as many cells as the header; put texts with commas in "quotes"',
                )  # fmt: skip
            parsed.lines[(len(rows),)] = first
            rows.append({key: cell for key, cell in zip(header, cells, strict=True) if cell != ""})
    except csv.Error as error:
        raise ParseError("csv", Where(name, last + 1), f"not well-formed CSV: {error}", "mend the row") from None
    parsed.value = tuple(rows)
    return parsed


def _distinct(header: list[str], name: str) -> None:
    if len(header) > MAX_COLUMNS:
        raise ParseError("csv-columns", Where(name, 1), f"{len(header):,} columns", f"keep at most {MAX_COLUMNS}")
    for column in header:
        if header.count(column) > 1:
            raise ParseError("csv-columns", Where(name, 1), f"the column '{column}' twice", "keep one")
