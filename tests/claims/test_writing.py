"""Files appear in one step or not at all, and what cannot be written is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from forecasting.claims.writing import append_record, write_file
from forecasting.errors import UsageError


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
    with pytest.raises(UsageError, match=r"file cannot be written to \(.+\); choose another place"):
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
