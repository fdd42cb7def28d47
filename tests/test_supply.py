"""What the project is made from: pinned by hash, licences named, exceptions dated, and no audit claimed that was none."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture(scope="module")
def supply(project_dir: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("supply", project_dir / "tools" / "supply.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["supply"] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


def test_every_package_of_both_locks_is_held_to_hashes(supply: ModuleType) -> None:
    for lock, least in ((supply.LOCK, 200), (supply.TOOLS_LOCK, 30)):
        packages = supply.locked(lock)
        assert len(packages) > least
        assert [one.name for one in packages if not one.hashed] == []


def test_a_package_without_a_hash_is_seen(supply: ModuleType, tmp_path: Path) -> None:
    lock = tmp_path / "a.lock"
    lock.write_text("a-b==1.0 \\\n    --hash=sha256:00\nc==2 ; python_version < '3'\nD_e==3 \\\n    --hash=sha256:11\n", "utf-8")
    assert [(one.name, one.version, one.hashed) for one in supply.locked(lock)] == [
        ("a-b", "1.0", True), ("c", "2", False), ("d-e", "3", True),
    ]  # fmt: skip


def test_the_page_of_licences_names_every_locked_package_that_is_installed(supply: ModuleType) -> None:
    page = supply.PAGE.read_text("utf-8")
    found = supply.licences()
    assert len(found) > 200
    assert [name for name, licence in found.items() if not licence] == []
    lacking = [name for name in found if f"| `{name}` |" not in page]
    assert not lacking, "docs/licences.md is out of date: make licences"


@pytest.mark.parametrize(("row", "over"), [
    ("X-1,numpy,2999-01-01,not reachable from our code", []), ("X-1,numpy,2020-01-01,too old", ["X-1"]),
    ("X-1,numpy,2999-01-01, ", ["X-1"]),
])  # fmt: skip
def test_an_exception_holds_until_its_day_and_needs_a_reason(
    supply: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, row: str, over: list[str]
) -> None:
    path = tmp_path / "exceptions.csv"
    path.write_text(f"advisory,package,until,reason\n{row}\n", "utf-8")
    monkeypatch.setattr(supply, "EXCEPTIONS", path)
    assert supply._exceptions(supply.dt.date(2026, 11, 1))[1] == over


@pytest.mark.parametrize("answer", [
    [{"name": "numpy", "skip_reason": "Dependency not found"}], RuntimeError("no route to host"),
])  # fmt: skip
def test_a_register_that_does_not_answer_is_no_clean_audit(
    supply: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], answer: object
) -> None:
    def ask(*_: object) -> object:
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(supply, "_ask", ask)
    assert supply.audit() == supply.UNREACHABLE
    assert "NOT AUDITED" in capsys.readouterr().out


@pytest.mark.parametrize(("told", "code"), [
    ([{"name": "a", "version": "1", "vulns": []}], "CLEAN"), ([{"name": "a", "version": "1", "vulns": [{"id": "X-1"}]}], "FOUND"),
])  # fmt: skip
def test_an_advisory_fails_the_audit(supply: ModuleType, monkeypatch: pytest.MonkeyPatch, told: list, code: str) -> None:
    answers = iter([[{"name": "numpy", "version": "1", "vulns": []}], told, []])
    monkeypatch.setattr(supply, "_ask", lambda *_: next(answers))
    assert supply.audit() == getattr(supply, code)
