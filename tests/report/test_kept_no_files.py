"""A folder or a named pipe where a comparison is kept: nobody reads it, takes it away or waits for it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from toy import toy_edition

from forecasting.report import kept_changes
from forecasting.report.kept_changes import kept_file, read_changes, remove_outdated, what_changed_kept


@pytest.mark.parametrize("put", [os.mkfifo, Path.mkdir])
def test_what_is_no_file_is_told_to_the_log_and_left_alone(put, tmp_path: Path, caplog, monkeypatch) -> None:
    edition = toy_edition()
    path = kept_file(tmp_path, edition.edition.id, edition.edition.id)
    put(path)
    found = object()
    monkeypatch.setattr(kept_changes, "what_changed", lambda *ends, **more: found)
    assert read_changes(edition, edition, (None, None), tmp_path) is None
    assert what_changed_kept(edition, edition, (None, None), tmp_path) is found
    assert remove_outdated(tmp_path) == []
    said = [record.getMessage() for record in caplog.records]
    assert len(said) == 2
    assert all(f"{path}: no plain file" in line and "remove it" in line for line in said)
    assert path.exists()
    assert not path.is_file()
