"""An upgrade shows what a newer package changes and where one's own rows differ; it writes only what the project left alone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from forecasting.cli.main import app
from forecasting.errors import UsageError
from forecasting.project import baseline, begin, shipped, upgrade
from forecasting.project.baseline import BASELINE
from forecasting.project.begin import begin_project
from forecasting.project.upgrade import compared, differences, upgrade_project

GRADES = "priors/grades.csv"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    begin_project(tmp_path / "p")
    return tmp_path / "p"


def newer(monkeypatch: pytest.MonkeyPatch, changes: dict[str, str], name: str = GRADES) -> None:
    """Have the package ship other rows: lines of one table are replaced, or added where the old line is empty."""
    text = shipped.shipped_tables()[name]
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new) if old else text + new
    tables = {**shipped.shipped_tables(), name: text}
    for module in (baseline, begin, upgrade):
        monkeypatch.setattr(module, "shipped_tables", lambda: tables)


def edit(project: Path, old: str, new: str, name: str = GRADES) -> None:
    path = project / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def kinds(project: Path) -> dict[str, str]:
    return {item.key: item.what for item in differences(project)}


def test_a_project_just_begun_differs_in_nothing(project: Path) -> None:
    assert differences(project) == []
    shown = CliRunner().invoke(app, ["init", str(project), "--upgrade"])
    assert (shown.exit_code, "nothing differs" in shown.output) == (0, True)


def test_what_the_package_changed_is_told_from_what_the_project_changed(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit(project, "strength,weak,1.3,", "strength,weak,1.4,")  # own
    edit(project, "strength,moderate,2.0,", "strength,moderate,2.5,")  # both
    edit(project, "truth,6,0.5,,STIX leaves 6 without a value; read here as even with the widest spread\n", "")  # taken out
    with (project / GRADES).open("a") as file:
        file.write("strength,slight,1.1,0.1,our own\n")  # an own row is no difference
    newer(monkeypatch, {"moderate,2.0,": "moderate,2.2,", "strong,4.0,": "strong,4.5,", "": "strength,huge,20.0,0.6,new\n"})
    assert kinds(project) == {
        "strength | weak": "own change", "strength | moderate": "both changed", "truth | 6": "removed here",
        "strength | strong": "changed", "strength | huge": "new",
    }  # fmt: skip
    before = (project / GRADES).read_bytes()
    shown = CliRunner().invoke(app, ["init", str(project), "--upgrade"])
    assert shown.exit_code == 0
    assert "strength | strong: value: here '4.0', package '4.5'" in shown.output
    assert "takes over 2" in shown.output
    assert (project / GRADES).read_bytes() == before  # nothing without --write

    written = CliRunner().invoke(app, ["init", str(project), "--upgrade", "--write"])
    assert written.exit_code == 0, written.output
    text = (project / GRADES).read_text()
    for row in ("strong,4.5,", "huge,20.0,", "weak,1.4,", "moderate,2.5,", "slight,1.1,"):
        assert row in text
    assert "truth,6" not in text
    assert set(kinds(project).values()) == {"own change", "removed here"}


def test_a_row_that_the_package_no_longer_has_stays(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = next(line for line in shipped.shipped_tables()[GRADES].splitlines(keepends=True) if line.startswith("truth,6"))
    newer(monkeypatch, {gone: ""})
    assert kinds(project) == {"truth | 6": "gone"}
    upgrade_project(project)
    assert gone in (project / GRADES).read_text()


def test_pages_are_compared_as_a_whole(project: Path) -> None:
    edit(project, "# The dossier", "# Our dossier", "priors/README.md")
    (project / "docs" / "glossary.md").unlink()
    assert {item.file: item.what for item in differences(project)} == {
        "priors/README.md": "own change", "docs/glossary.md": "removed here",
    }  # fmt: skip


def test_digests_say_who_changed_a_row() -> None:
    assert compared("a", "a", "a") is None
    assert compared("", "b", "b") is None
    assert compared("", "b", "c") == "both changed"
    assert compared("a", "b", "") == "own change"


def test_a_folder_that_init_did_not_begin_is_refused(tmp_path: Path, project: Path) -> None:
    with pytest.raises(UsageError, match="no project that forecast init began"):
        differences(tmp_path)
    (project / BASELINE).write_text("{")
    with pytest.raises(UsageError, match="is damaged"):
        differences(project)


def test_options_that_contradict_each_other_are_refused(project: Path) -> None:
    for more in (["--write"], ["--upgrade", "--example"]):
        ran = CliRunner().invoke(app, ["init", str(project), *more])
        assert (ran.exit_code, "--upgrade looks at" in ran.output) == (2, True)


@pytest.mark.parametrize("mark", ["\ufeff", ""], ids=["with the mark of a spreadsheet", "without"])
def test_no_row_of_a_table_is_lost_that_a_spreadsheet_saved(project: Path, monkeypatch: pytest.MonkeyPatch, mark: str) -> None:
    before = (project / GRADES).read_text("utf-8")
    (project / GRADES).write_text(mark + before.replace("\n", "\r\n") + "strength,mine,1.1,,own\r\n", "utf-8")
    newer(monkeypatch, {"": "strength,theirs,7.0,,new\n"})
    assert kinds(project) == {"strength | theirs": "new"}
    upgrade_project(project)
    after = (project / GRADES).read_text("utf-8").splitlines()
    assert sorted(after) == sorted([*before.splitlines(), "strength,mine,1.1,,own", "strength,theirs,7.0,,new"])


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (b"strength,weak,1.9,,twice\n", r"grades\.csv:\d+: another row of 'strength \| weak'; keep one of them"),
        (b"strength,mine,1.1,,own,more\n", r"grades\.csv:\d+  6 cells under 5 columns"),
        (b"strength,mine,1.1,,\xfcber\n", r"grades\.csv:\d+  byte 0xfc is not UTF-8"),
        (b'strength,mine,1.1,,"' + b"x" * 200_000 + b'"\n', r"grades\.csv:\d+  not well-formed CSV: field larger"),
    ],
)
def test_a_table_that_cannot_be_read_row_by_row_is_named_and_left_alone(
    project: Path, monkeypatch: pytest.MonkeyPatch, more: bytes, says: str
) -> None:
    (project / GRADES).write_bytes((project / GRADES).read_bytes() + more)
    before = (project / GRADES).read_bytes()
    newer(monkeypatch, {"": "strength,theirs,7.0,,new\n"})
    for options in ([], ["--write"]):
        shown = CliRunner().invoke(app, ["init", str(project), "--upgrade", *options], env={"COLUMNS": "300"})
        assert shown.exit_code == 2
        assert re.search(says, shown.output), shown.output
    assert (project / GRADES).read_bytes() == before


NO_TABLE = '{"tables": {"priors/grades.csv": 5}, "pages": {}, "forecasting": "1"}'


@pytest.mark.parametrize("note", ["[]", "{", NO_TABLE, "[" * 100_000], ids=["a list", "half of it", "no table", "deep"])
def test_a_damaged_note_of_what_was_shipped_is_named(project: Path, note: str) -> None:
    (project / BASELINE).write_text(note)
    with pytest.raises(UsageError, match="is damaged; take it from your repository's history"):
        differences(project)
