"""A new project is whole: its rules hold, its links lead somewhere, nothing that was there is written over."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import nbformat
import pytest
from typer.testing import CliRunner

from forecasting.cli.main import app
from forecasting.coding.verify import verify_texts
from forecasting.errors import UsageError
from forecasting.project.begin import WHEEL, begin_project, project_files, requirement, unlinked
from forecasting.project.shipped import CLASSES, PAGES, published, read_rows, shipped_folder, shipped_tables
from forecasting.rules.load import load_dossier

RUN = CliRunner()


def test_init_and_check_end_well_with_the_example_and_without(tmp_path: Path) -> None:
    for name, more in (("with", ["--example"]), ("without", [])):
        began = RUN.invoke(app, ["init", str(tmp_path / name), *more])
        assert began.exit_code == 0, began.output
        checked = RUN.invoke(app, ["check", "--priors", str(tmp_path / name / "priors")])
        assert checked.exit_code == 0, checked.output
        assert "all rules hold" in checked.output
        assert ("nothing is coded yet" in checked.output) == (name == "without")
    assert (tmp_path / "without" / "texts").is_dir()


def test_the_example_is_coded_from_its_own_text(tmp_path: Path) -> None:
    begin_project(tmp_path, example=True)
    dossier = load_dossier(tmp_path / "priors")
    assert len(dossier.claims) == 7
    assert {claim.kind for claim in dossier.claims.values()} == {"judgement", "fact", "effect", "driver"}
    assert {result.status for result in verify_texts(dossier, tmp_path / "texts")} == {"passed"}
    # the counts behind made-up events are real ones, from the library that every project gets
    library = {row["id"] for row in read_rows(shipped_tables()[CLASSES])}
    assert {event.reference_class for event in dossier.events.values()} <= library


def test_nothing_that_is_there_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    refused = RUN.invoke(app, ["init", str(tmp_path)])
    assert refused.exit_code == 2
    assert f"{tmp_path} holds notes.txt, and nothing is written over" in refused.output.replace("\n", "")
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]
    inside = RUN.invoke(app, ["init", str(tmp_path / "forecasts")])  # what the message advises
    assert inside.exit_code == 0
    with pytest.raises(UsageError, match=r"it is a project already: forecast init .* --upgrade"):
        begin_project(tmp_path / "forecasts")
    with pytest.raises(UsageError, match="is a file"):
        begin_project(tmp_path / "notes.txt")


def test_an_empty_repository_is_an_empty_folder(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    assert begin_project(tmp_path)


@pytest.mark.parametrize("example", [True, False])
def test_every_link_of_every_page_leads_to_a_file_or_to_the_web(example: bool) -> None:
    files = project_files(example=example)
    for name, text in files.items():
        if name.endswith(".md"):
            assert unlinked(text, name, files) == text, name
            assert re.findall(r"\]\((?!https?:|#)[^)]*\)", text) or name != "README.md"


def test_every_page_that_is_shipped_is_there() -> None:
    assert all(list(shipped_folder().glob(pattern)) for pattern in PAGES)


def test_the_notebook_can_be_read_and_names_the_kernel_of_this_package(project_dir: Path) -> None:
    notebook = nbformat.reads(project_files()["notebooks/01-start-here.ipynb"], as_version=4)
    nbformat.validate(notebook)
    kernel = json.loads((project_dir / "forecasting" / "project" / "kernel" / "kernel.json").read_text())
    assert notebook.metadata.kernelspec.name == "forecasting"
    assert notebook.metadata.kernelspec.display_name == kernel["display_name"]


def test_a_class_is_shipped_only_with_what_it_borrows_from() -> None:
    row = {"basis": "table", "borrows": ""}
    a, b, c = {**row, "id": "a"}, {**row, "id": "b", "borrows": "a x"}, {**row, "id": "c", "borrows": "b"}
    other = {"id": "x", "basis": "unverified", "borrows": ""}
    assert published([a, b, c, other]) == [a]  # b borrows from x, which nobody looked up, and c from b
    assert published([a, {**b, "borrows": "a"}, c, other]) == [a, {**b, "borrows": "a"}, c]


@pytest.mark.parametrize(
    ("origin", "line"),
    [
        ({}, f"./{WHEEL}"),
        ({"url": "file:///home/me/forecasting", "dir_info": {"editable": True}}, f"./{WHEEL}"),
        (
            {"url": "https://example.org/f.git", "vcs_info": {"vcs": "git", "commit_id": "abc"}},
            "forecasting @ git+https://example.org/f.git@abc",
        ),
        ({"url": "file:///home/me/f", "vcs_info": {"vcs": "git", "commit_id": "abc"}}, f"./{WHEEL}"),
    ],
)
def test_ci_installs_what_was_installed_here_and_never_a_bare_name(
    origin: dict, line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Installed:
        def read_text(self, name: str) -> str:
            return json.dumps(origin)

    monkeypatch.setattr("forecasting.project.begin.distribution", lambda name: Installed())
    assert requirement() == line


def test_the_readme_speaks_of_an_example_only_where_there_is_one() -> None:
    with_it, without = (project_files(example=example)["README.md"] for example in (True, False))
    assert "delete its files" in with_it
    assert "delete its files" not in without
    assert "2024-03-mira" not in without
    assert "<!--" not in with_it + without


def test_every_page_of_documentation_that_the_readmes_or_the_messages_name_comes_with_a_project(project_dir: Path) -> None:
    files = project_files()
    named = set(re.findall(r"docs/[a-z-]+\.md", files["README.md"]))
    for path in (project_dir / "forecasting").rglob("*.py"):
        if not {"template", "shipped"} & set(path.parts):
            text = path.read_text("utf-8")
            named |= set(re.findall(r"docs/[a-z-]+\.md(?=[),.;\" ])", "\n".join(re.findall(r'f?"[^"\n]*"', text))))
    readme = (project_dir / "README.md").read_text("utf-8")
    own = readme[readme.index("## A project of your own") : readme.index("## What words mean")]
    named |= set(re.findall(r"docs/[a-z-]+\.md", own))
    assert {"docs/tutorial.md", "docs/choosing-a-class.md", "docs/reading-a-report.md", "docs/install.md"} <= named
    assert sorted(name for name in named if name not in files and (project_dir / name).exists()) == []


def test_what_is_shipped_is_what_the_wheel_takes(project_dir: Path) -> None:
    settings = tomllib.loads((project_dir / "pyproject.toml").read_text("utf-8"))
    taken = settings["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    pages = {name for name in taken if name.startswith("docs/")}
    assert pages == {pattern.removesuffix("/*.md") for pattern in PAGES if pattern.startswith("docs/")}


def test_the_readme_names_the_extras_where_it_speaks_of_what_they_read_and_write(project_dir: Path) -> None:
    for text in ((project_dir / "README.md").read_text("utf-8"), project_files()["README.md"]):
        assert re.search(r"`\.html`, `\.pdf`, `\.docx`[^|]{0,300}extra `texts`", text)
        assert "`formats`" in text
