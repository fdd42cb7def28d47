"""Change fields of records in the text of their file: what is not changed stays byte for byte, comments and order included.

A library that reads YAML and writes it again (ruamel.yaml keeps comments) sets long texts, quotes and indentation anew in the
whole file, so that one changed grade would show as a hundred changed lines. Here the parser says where the value of a field
stands, and only these characters are replaced.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from forecasting.dossier.parse import YAML_LOADER, ParseError, parse_value
from forecasting.errors import UsageError

LONG = 90  # characters, from which on a text is folded over several lines
WIDTH = 120
_CELL = re.compile(r'"(?:[^"]|"")*"|[^,"\r\n]*')


def with_fields(text: str, index: int | Sequence[str | int], changes: Mapping[str, Any], order: Sequence[str]) -> str:
    r"""Return the text of a YAML file with top-level fields of one of its records changed.

    Parameters
    ----------
    text : str
        The file, without a byte order mark.
    index : int or sequence of str and int
        Which record of a list, counted from 0; or the keys and positions that lead to it, such as ("effects", 2).
    changes : mapping of str to value
        The new values; None removes the field.
    order : list of str
        The fields in the order in which new ones are put in.

    Raises
    ------
    UsageError
        If a value spans comments, which a new value would swallow.

    Examples
    --------
    >>> order = ("id", "grade", "note")
    >>> print(with_fields("- id: a  # first\n  grade: weak\n", 0, {"grade": "strong", "note": "Seen."}, order))
    - id: a  # first
      grade: strong
      note: Seen.
    <BLANKLINE>
    """
    for name, value in changes.items():
        record: Any = yaml.compose(text, Loader=YAML_LOADER)
        for step in (index,) if isinstance(index, int) else index:
            record = inside(record, step)
        text = _with_field(text, record, name, value, order)
    return text


def inside(node: Any, step: str | int) -> Any:
    """Return the part of a composed YAML node under a key or at a position."""
    return node.value[step] if isinstance(step, int) else next(value for key, value in node.value if key.value == step)


def without_record(text: str, node: Any) -> str:
    """Return the text of a YAML file without one record of a list: from its dash to its last line.

    Comments directly above the record stay.
    """
    begin = text.rfind("\n", 0, node.start_mark.index) + 1
    end = _end(text, node)
    end = text.find("\n", end) + 1 or len(text)
    blank = re.match(r"(?:[ \t]*\r?\n)+", text[end:])
    return text[:begin] + text[end + (blank.end() if blank else 0) :]


def _with_field(text: str, record: Any, name: str, value: Any, order: Sequence[str]) -> str:
    fields = {key.value: (key, node) for key, node in record.value}
    if record.flow_style:
        return _with_field_on_one_line(text, fields, name, value, order)
    newline = "\r\n" if "\r\n" in text else "\n"
    indent = record.value[0][0].start_mark.column
    if name in fields:
        key, node = fields[name]
        start, end = node.start_mark.index, _end(text, node)
        if "#" in _comments(text[start:end], node):
            raise UsageError(f"the field {name} on line {key.start_mark.line + 1} holds comments; change it in the file itself")
        if value is None:
            line = text.rfind("\n", 0, key.start_mark.index) + 1
            stop = text.find("\n", max(end, key.end_mark.index)) + 1 or len(text)
            if "- " in text[line : key.start_mark.index]:
                raise UsageError(f"the field {name} on line {key.start_mark.line + 1} begins its record; it cannot be emptied")
            return text[:line] + text[stop:]
        colon = text.index(":", key.end_mark.index) + 1
        begin = start if start > colon and text[colon:start].strip(" ") == "" else colon
        lead = " " if begin == colon else ""
        return text[:begin] + lead + _written(value, indent, newline) + text[max(end, begin) :]
    before = [n for n in order[: order.index(name)] if n in fields] or list(fields)[:1]
    _, node = fields[before[-1]]
    at = max(_end(text, node), fields[before[-1]][0].end_mark.index)
    stop = text.find("\n", at)
    head, tail = (text + newline, "") if stop < 0 else (text[: stop + 1], text[stop + 1 :])
    return f"{head}{' ' * indent}{name}: {_written(value, indent, newline)}{newline}{tail}"


def _with_field_on_one_line(text: str, fields: Mapping[str, Any], name: str, value: Any, order: Sequence[str]) -> str:
    """Return the text with a field of a record in braces changed: there a value stays on its line, and commas part the fields."""
    if name in fields:
        key, node = fields[name]
        if value is not None:
            return text[: node.start_mark.index] + _written_inside(value) + text[node.end_mark.index :]
        comma = text.rfind(",", 0, key.start_mark.index)
        if next(iter(fields)) == name:
            raise UsageError(f"the field {name} on line {key.start_mark.line + 1} begins its record; it cannot be emptied")
        return text[:comma] + text[node.end_mark.index :]
    before = [n for n in order[: order.index(name)] if n in fields] or list(fields)[:1]
    at = fields[before[-1]][1].end_mark.index
    return f"{text[:at]}, {name}: {_written_inside(value)}{text[at:]}"


def _end(text: str, node: Any) -> int:
    """Return where a value ends; the line ends and comments that the parser counts to a block are left out."""
    if isinstance(node, yaml.ScalarNode) and node.style not in ("|", ">"):
        return int(node.end_mark.index)
    if isinstance(node, yaml.ScalarNode):
        return int(node.start_mark.index) + len(text[node.start_mark.index : node.end_mark.index].rstrip())
    if node.flow_style or not node.value:
        return int(node.end_mark.index)
    last = node.value[-1]
    return _end(text, last[1] if isinstance(last, tuple) else last)


def _comments(span: str, node: Any) -> str:
    """Return what may hold a comment: nothing of a text, all of a mapping or list but its quoted texts."""
    return "" if isinstance(node, yaml.ScalarNode) else re.sub(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^']|'')*'", "", span)


def _written(value: Any, indent: int, newline: str) -> str:
    """Return a value as the YAML of a field: long texts folded, mappings and lists in braces and brackets."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_written_inside(part)}" for key, part in value.items()) + "}"
    if isinstance(value, tuple | list):
        return "[" + ", ".join(map(_written_inside, value)) + "]"
    text = value if isinstance(value, str) else None
    if text and len(text) > LONG and " ".join(text.split()) == text:
        lines = textwrap.wrap(text, WIDTH - indent - 2, break_long_words=False, break_on_hyphens=False)
        if " ".join(lines) == text:
            return newline.join([">-", *(" " * (indent + 2) + line for line in lines)])
    return _written_inside(value) if not text or not _plain(text, f"k: {text}") else text


def _written_inside(value: Any) -> str:
    if isinstance(value, dict | tuple | list):
        return _written(value, 0, "\n")
    if isinstance(value, str):
        return value if _plain(value, f"k: [{value}]", listed=True) else json.dumps(value, ensure_ascii=False)
    return value.isoformat() if isinstance(value, dt.date) else json.dumps(value)


def _plain(text: str, line: str, *, listed: bool = False) -> bool:
    """Return whether a text is read back as itself without quotation marks."""
    try:
        return bool(parse_value(line) == {"k": (text,) if listed else text})
    except ParseError:
        return False


def with_cells(text: str, first: int, last: int, header: Sequence[str], changes: Mapping[str, str]) -> str:
    r"""Return a CSV table with cells of one row changed; ``first`` and ``last`` are its lines, counted from 1.

    Other cells keep the quotation marks they have.

    Examples
    --------
    >>> with_cells('a,b\n"1",x\n', 2, 2, ("a", "b"), {"b": "y, z"})
    'a,b\n"1","y, z"\n'
    """
    lines = text.splitlines(keepends=True)
    row = "".join(lines[first - 1 : last])
    body = row.rstrip("\r\n")
    raw = split_row(body)
    for name, value in changes.items():
        raw[header.index(name)] = quoted(value)
    return "".join([*lines[: first - 1], ",".join(raw) + row[len(body) :], *lines[last:]])


def split_row(row: str) -> list[str]:
    """Return the cells of one row of a CSV table as they are written, quotation marks included."""
    cells, at = [], 0
    while True:
        match = _CELL.match(row, at)
        cells.append(match.group())  # type: ignore[union-attr]
        at = match.end() + 1  # type: ignore[union-attr]
        if at > len(row):
            return cells


def quoted(value: str) -> str:
    """Return a cell as it stands in a CSV table."""
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow([value, ""])
    return out.getvalue()[:-1]
