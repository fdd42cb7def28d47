"""YAML and CSV that would be misread elsewhere is read by one plain rule here, or refused with its line."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasting.dossier.parse import MAX_BYTES, ParseError, parse_csv, parse_yaml, plain_number


def refuse(path: Path, text: str | bytes, parser=parse_yaml):
    """Write a file that must be refused; return the result that says so."""
    path.write_bytes(text.encode("utf-8") if isinstance(text, str) else text)
    with pytest.raises(ParseError) as caught:
        parser(path, "priors/x")
    return caught.value.result


def read(path: Path, text: str):
    path.write_text(text, "utf-8")
    return parse_yaml(path, "priors/x")


REFUSED = {
    "a duplicate key": ("a: 1\nb: 2\na: 3\n", "yaml-duplicate-key", 3, "the key 'a' again (first on line 1)"),
    "a duplicate key in a list": ("- {b: 1,\n   b: 2}\n", "yaml-duplicate-key", 2,
        "the key 'b' again (first on line 1)"),
    "an alias": ("a: &x [1, 2]\nb: *x\n", "yaml-plain", 1, "alias or anchor"),
    "an alias bomb": ("a: &a [lol]\n" + "".join(f"{b}: &{b} [*{a}, *{a}]\n" for a, b in zip("abcdefg",
        "bcdefgh", strict=True)),
                      "yaml-plain", 1, "alias or anchor"),
    "a merge key": ("a: {b: 1}\nc:\n  <<: *a\n", "yaml-plain", 3, "alias or anchor"),
    "nesting 2,000 deep": ("a:\n" + " " * 2 + "[" * 2000 + "]" * 2000, "yaml-plain", 2, "more than 12 levels"),
    "an object tag": ("a: 1\nb: !!python/object/apply:os.system [ls]\n", "yaml-plain", 2, "os.system"),
    "a tag of a type": ("a: !!int 3\n", "yaml-plain", 1, "the tag tag:yaml.org,2002:int"),
    "two documents": ("a: 1\n---\nb: 2\n", "yaml-one-document", 3, "a second document"),
    "a tab": ("a:\n\tb: 1\n", "yaml", 2, "cannot start any token"),
    "a double quote left open": ('a: 1\nb: "two\nc: 3\nd: 4\n', "yaml", 2, "a quotation mark that is not closed"),
    "a single quote left open": ("a: 1\nb: 'two\nc: 3\n", "yaml", 2, "a quotation mark that is not closed"),
    "a bracket left open": ("a: [1, 2\nb: 3\n", "yaml", 2, "not well-formed"),
    "a colon in plain text": ("a: Answer: no\n", "yaml", 1, "mapping values are not allowed"),
    "a key that is a list": ("? [a, b]\n: 1\n", "yaml-plain", 1, "a key that is not text"),
    "a zero-width space": ("a: 1\nb: li\u200bkely\n", "invisible-characters", 2, "U+200B"),
    "a bidirectional override": ("a: \u202eylekil\n", "invisible-characters", 1, "U+202E"),
    "a control character": ("a: 1\n\nb: bell\x07\n", "invisible-characters", 3, "U+0007"),
    "a byte order mark inside": ("a: 1\nb: \ufeff2\n", "invisible-characters", 2, "U+FEFF"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "rule", "line", "found"), REFUSED.values(), ids=REFUSED.keys())
def test_what_a_record_has_no_use_for_is_refused_at_its_line(tmp_path: Path, text, rule, line, found):
    result = refuse(tmp_path / "x.yaml", text)
    assert (result.rule, result.where.line) == (rule, line)
    assert found in result.found
    assert result.fix


def test_bytes_that_are_not_utf8_are_refused_at_their_line(tmp_path: Path):
    result = refuse(tmp_path / "x.yaml", "a: 1\nb: Türkiye\n".encode("latin-1"))
    assert (result.rule, result.where.line, result.found) == ("utf-8", 2, "byte 0xfc is not UTF-8")


def test_a_file_that_is_too_long_is_refused_before_it_is_read(tmp_path: Path):
    path = tmp_path / "x.yaml"
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    with pytest.raises(ParseError) as caught:
        parse_yaml(path, "priors/x")
    assert caught.value.result.rule == "file-size"


def test_what_is_no_file_is_refused_and_never_waited_for(tmp_path: Path):
    os.mkfifo(tmp_path / "pipe.yaml")
    (tmp_path / "folder.yaml").mkdir()
    for name in ("pipe.yaml", "folder.yaml", "absent.yaml"):
        with pytest.raises(ParseError) as caught:
            parse_yaml(tmp_path / name, "priors/x")
        assert caught.value.result.rule == "readable"


SCALARS = {
    "NO": "NO", "no": "no", "on": "on", "Yes": "Yes", "True": "True", "y": "y", "12:30": "12:30", "1e-3": "1e-3",
    "1E5": "1E5", ".5": ".5", "5.": "5.", "50%": "50%", "0,5": "0,5", "NaN": "NaN", ".nan": ".nan", ".inf": ".inf",
    "-.inf": "-.inf", "0x1F": "0x1F", "0o17": "0o17", "1_000": "1_000", "+3": "+3", "٣": "٣",
        "2024-12-13": "2024-12-13",
    "1" * 20: "1" * 20, "'12'": "12", '"true"': "true", "=": "=", "Null": "Null",
    "null": None, "~": None, "": None, "true": True, "false": False, "12": 12, "-3": -3, "0.5": 0.5, "-0.25": -0.25,
}  # fmt: skip


@pytest.mark.parametrize(("written", "value"), SCALARS.items())
def test_a_scalar_is_read_by_one_plain_rule(tmp_path: Path, written: str, value):
    got = read(tmp_path / "x.yaml", f"a: {written}\n").value["a"]
    assert got == value
    assert type(got) is type(value)


def test_every_field_knows_its_line(tmp_path: Path):
    parsed = read(
        tmp_path / "x.yaml", "# a comment\n- id: x\n  list:\n    - one\n    - two\n  flow: {a: 1,\n         b: 2}\n"
    )
    assert parsed.value == ({"id": "x", "list": ("one", "two"), "flow": {"a": 1, "b": 2}},)
    paths = {(0, "id"): 2, (0, "list"): 3, (0, "list", 1): 5, (0, "flow", "b"): 7}
    assert {path: parsed.where(*path).line for path in paths} == paths
    assert str(parsed.where(0, "flow", "c")) == "priors/x:6"


def test_an_empty_file_holds_nothing(tmp_path: Path):
    assert read(tmp_path / "x.yaml", "").value is None
    assert read(tmp_path / "x.yaml", "# only a comment\n").value is None


@given(st.text(max_size=200))
def test_no_text_makes_the_parser_raise_anything_but_its_own_error(tmp_path_factory, text: str):
    path = tmp_path_factory.getbasetemp() / "any.yaml"
    path.write_text(text, "utf-8", errors="replace")
    for parser in (parse_yaml, parse_csv):
        with contextlib.suppress(ParseError):
            parser(path, "priors/x")


@given(st.from_regex(r"[-+0-9.,eE_%xXoO:٣１ ]{1,12}", fullmatch=True))
def test_a_number_is_read_only_if_everybody_reads_the_same_number(text: str):
    got = plain_number(text)
    if not isinstance(got, str):
        assert text.isascii()
        assert set(text) <= set("-0123456789.")
        assert float(text) == got
    else:
        assert got == text


CSV_REFUSED = {
    "a row with too many cells": ("a,b\n1,2\n1,2,3\n", "csv-columns", 3, "3 cells under 2 columns"),
    "a row with too few cells": ("a,b\n1\n", "csv-columns", 2, "1 cells under 2 columns"),
    "a column twice": ("a,b,a\n1,2,3\n", "csv-columns", 1, "the column 'a' twice"),
    "a quote left open": ('a,b\n1,2\n"1,2\n3,4\n', "csv", 3, "not well-formed CSV"),
    "text after a quote": ('a,b\n"1"x,2\n', "csv", 2, "not well-formed CSV"),
}


@pytest.mark.parametrize(("text", "rule", "line", "found"), CSV_REFUSED.values(), ids=CSV_REFUSED.keys())
def test_a_table_whose_cells_may_have_shifted_is_refused(tmp_path: Path, text, rule, line, found):
    result = refuse(tmp_path / "x.csv", text, parse_csv)
    assert (result.rule, result.where.line) == (rule, line)
    assert found in result.found


def test_a_row_of_several_lines_is_placed_where_it_begins(tmp_path: Path):
    path = tmp_path / "x.csv"
    path.write_text('a,b\n1,"two\nlines"\n\n3,\n', "utf-8")
    parsed = parse_csv(path, "priors/x")
    assert parsed.value == ({"a": "1", "b": "two\nlines"}, {"a": "3"})
    assert [parsed.where(row).line for row in (0, 1)] == [2, 5]


def test_a_byte_order_mark_at_the_beginning_is_how_spreadsheets_write_utf8(tmp_path: Path):
    (tmp_path / "x.csv").write_bytes("\ufeffid,n\na,1\n".encode())
    assert parse_csv(tmp_path / "x.csv", "x.csv").value == ({"id": "a", "n": "1"},)


@pytest.mark.parametrize(("text", "found"), [("", "an empty file"), ("id;n\na;1\n", "columns parted by semicolons")])
def test_a_table_without_columns_is_refused(tmp_path: Path, text: str, found: str):
    (tmp_path / "x.csv").write_text(text)
    with pytest.raises(ParseError) as error:
        parse_csv(tmp_path / "x.csv", "x.csv")
    assert error.value.result.found == found
