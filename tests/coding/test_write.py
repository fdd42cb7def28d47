"""Files appear in one step or not at all, and what cannot be written is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from forecasting.coding.write import append_record, append_row, insert_record, write_file
from forecasting.errors import FileError, UsageError


def test_a_new_file_holds_exactly_the_text(tmp_path: Path):
    write_file(tmp_path / "new" / "a.yaml", "id: é\n")
    assert (tmp_path / "new" / "a.yaml").read_bytes() == "id: é\n".encode()
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["a.yaml"]


def test_a_file_a_broken_link_and_a_folder_are_in_the_way(tmp_path: Path):
    (tmp_path / "a.yaml").write_text("mine", "utf-8")
    (tmp_path / "link.yaml").symlink_to(tmp_path / "nowhere")
    for name, message in {"a.yaml": "exists already", "link.yaml": "exists already", ".": "is a folder"}.items():
        with pytest.raises(UsageError, match=message):
            write_file(tmp_path / name, "ours")
    assert (tmp_path / "a.yaml").read_text("utf-8") == "mine"


def test_a_place_that_cannot_be_written_to_is_named(tmp_path: Path):
    (tmp_path / "file").write_text("x", "utf-8")
    with pytest.raises(FileError, match=r"a\.yaml: cannot be written \(.+\).*name a folder that can be written"):
        write_file(tmp_path / "file" / "a.yaml", "ours")


def test_a_file_keeps_its_permissions_when_a_record_is_appended(tmp_path: Path):
    path = tmp_path / "a.yaml"
    path.write_text("- id: a\n", "utf-8")
    path.chmod(0o640)
    # "- id: a", an empty line, then the record on line 3
    assert append_record(path, "- id: b\n") == 3
    assert path.read_text("utf-8") == "- id: a\n\n- id: b\n"
    assert path.stat().st_mode & 0o777 == 0o640


def test_a_record_that_would_not_parse_is_not_written(tmp_path: Path):
    path = tmp_path / "a.yaml"
    path.write_text("- id: a\n", "utf-8")
    with pytest.raises(UsageError, match="not well-formed YAML"):
        append_record(path, "- {id: b\n")
    with pytest.raises(UsageError, match="nothing can be appended"):
        append_record(path, "  more: c\n")
    assert path.read_text("utf-8") == "- id: a\n"
    assert [found.name for found in tmp_path.iterdir()] == ["a.yaml"]


RECORD = "- id: new\n  why:\n"


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        ("effects:\n- id: a\n# drivers\ndrivers:\n- id: d\n", "effects:\n- id: a\n{}# drivers\ndrivers:\n- id: d\n", 3),
        (
            "effects:\n  - id: a\n    why: |\n      x\n\ndrivers: []\n",
            "effects:\n  - id: a\n    why: |\n      x\n{}\ndrivers: []\n",
            5,
        ),
        ("drivers: []\neffects:\n- id: a", "drivers: []\neffects:\n- id: a\n{}", 4),
        ("effects:  # none yet\ndrivers: []\n", "effects:  # none yet\n{}drivers: []\n", 2),
        ("drivers: []\n", "drivers: []\neffects:\n{}", 3),
        ("", "effects:\n{}", 2),
    ],
)
def test_a_record_goes_to_the_end_of_its_table_and_all_else_stays(
    before: str, after: str, line: int, newline: str, tmp_path: Path
):
    path = tmp_path / "effects.yaml"
    if before:
        path.write_bytes(before.replace("\n", newline).encode())
    indent = "  " if "  - id" in before else ""
    assert insert_record(path, "effects", RECORD) == line
    written = after.format("".join(f"{indent}{row}\n" for row in RECORD.splitlines()))
    newline = newline if before.count("\n") else "\n"
    assert path.read_bytes() == written.replace("\n", newline).encode()


@pytest.mark.parametrize(
    "content", ["effects: [{id: a}]\n", "- id: a\n", "{effects: [], drivers: []}\n", "effects: [\n"]
)
def test_tables_written_in_another_way_are_left_as_they_are(content: str, tmp_path: Path):
    path = tmp_path / "effects.yaml"
    path.write_text(content, "utf-8")
    with pytest.raises(UsageError):
        insert_record(path, "effects", RECORD)
    assert path.read_text("utf-8") == content
    assert [file.name for file in tmp_path.iterdir()] == ["effects.yaml"]


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        ("b,a,c\n1,2,3\n", "b,a,c\n1,2,3\ny,x,\n", 3),  # the order of its own header; a further column stays empty
        ("a,b\r\n1,2", "a,b\r\n1,2\r\nx,y\r\n", 3),
        ('a,b\n"1\n1",2\n', 'a,b\n"1\n1",2\nx,y\n', 4),
        ("", "a,b\nx,y\n", 2),
    ],
)
def test_a_row_is_appended_in_the_order_of_the_header_and_all_else_stays(before: str, after: str, line: int, tmp_path: Path):
    path = tmp_path / "table.csv"
    if before:
        path.write_bytes(before.encode())
    assert append_row(path, {"a": "x", "b": "y"}) == line
    assert path.read_bytes() == after.encode()


@pytest.mark.parametrize(("content", "found"), [("a,c\n1,2\n", "lacks the column b"), ("a,b\n1\n", "1 cells under 2 columns")])
def test_a_table_that_a_row_does_not_fit_is_left_as_it_is(content: str, found: str, tmp_path: Path):
    path = tmp_path / "table.csv"
    path.write_text(content, "utf-8")
    with pytest.raises(UsageError, match=found):
        append_row(path, {"a": "x", "b": "y"})
    assert path.read_text("utf-8") == content
