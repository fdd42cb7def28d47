"""A kept comparison that somebody made to be read: none stops a command, and no folder but its own runs is looked at."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from toy import toy_edition

from forecasting.files import canonical_json, text_digest
from forecasting.report import kept_changes
from forecasting.report.kept_changes import read_changes, remove_outdated
from forecasting.runs.freshness import code_digest

GATE = {"n_criteria": 1, "failed": [], "override": None}


def kept(runs: object, **changes: object) -> dict[str, object]:
    """Return a comparison of this program with nothing in it, sealed."""
    made = {"code": code_digest(), "kept_by": kept_changes._own(), "runs": runs}
    content = {"schema": 1, "made_from": made, "before": "x", "after": "y", "table": [], "ends": [], "behind": {}, "skipped": {},
               "remarks": [], "expired": [], "refitted": [], "gates": [GATE, GATE], **changes}  # fmt: skip
    return {**content, "digest": text_digest(canonical_json(content))}


def put(folder: Path, text: str) -> Path:
    name = toy_edition().edition.id
    path = folder / f"{name}.since-{name}.json"
    path.write_text(text, "utf-8")
    return path


@pytest.mark.parametrize("number", ["1e999", "-1e999", "1" * 5000])
def test_a_number_that_is_none_is_no_comparison(tmp_path: Path, number: str) -> None:
    path = put(tmp_path, json.dumps(kept({"far": 0.125})).replace("0.125", number))
    assert read_changes(toy_edition(), toy_edition(), (None, None), tmp_path) is None
    assert remove_outdated(tmp_path) == [path]


@pytest.mark.parametrize("name", ["a\0b", "x" * 300, "../elsewhere", "/etc", "2024-07-ferry/../elsewhere"])
def test_no_folder_but_that_of_its_own_runs_is_looked_at(tmp_path: Path, monkeypatch, name: str) -> None:
    looked: list[Path] = []

    def look(directory: Path) -> None:
        looked.append(directory)
        raise ValueError

    monkeypatch.setattr(kept_changes, "read_manifest", look)
    path = put(tmp_path, json.dumps(kept({name: ""})))
    assert remove_outdated(tmp_path) == [path]
    assert looked == []


def test_one_whose_runs_are_gone_is_kept_until_something_changes(tmp_path: Path) -> None:
    put(tmp_path, json.dumps(kept({toy_edition().edition.id: ""})))
    assert remove_outdated(tmp_path) == []
