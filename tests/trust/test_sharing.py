"""Before something is shared it is looked through: secrets, paths of a home folder, notes of coders, long passages."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from types import MappingProxyType

import pytest
from bad_input import command
from builders import TEXT, write_dossier
from sample_runs import sample_run

from forecasting.coding.texts.whole import page_text
from forecasting.dossier.load import read_dossier
from forecasting.errors import DossierError
from forecasting.report.render import render_report, write_report
from forecasting.report.sharing import look_through, passages_in, private_in

PRIVATE = {
    "-----BEGIN OPENSSH PRIVATE KEY-----": "a private key", "AKIA" + "A1B2" * 4: "a key of Amazon's",
    "ghp_" + "a1B2" * 9: "a token of GitHub's", "glpat-" + "a1B2c3D4e5" * 2: "a token of GitLab's",
    "xoxb-1234567890-abc": "Slack",
    "AIza" + "a1B2c" * 7: "a key of Google's", "sk-" + "a1B2" * 8: "a key of an interface",
    "eyJhbGciOiJIUzI1.eyJzdWIiOiIxMjM0.abc": "a signed token", "https://ann:hush-hush@news.example/a": "a link with a password",
    "http://127.0.0.1:8890/?token=a1B2c3": "the address of a panel", 'api_key = "0123456789abcdef"': "a password",
    "password: correct-horse-battery": "a password", "/home/ann/notes.txt": "'/home/ann'", "/Users/ann/x": "'/Users/ann'",
    r"C:\\Users\\Ann\\x": "a path of somebody's computer", "file:///srv/articles": "a path of somebody's computer",
    "/root/.ssh": "a path of somebody's computer",
}  # fmt: skip
HARMLESS = (
    "The secret talks of 2024 went on.", "the token of good will", "https://news.example/home/ann", "a password is needed",
    "api.key",
    "see https://example.org/a:b@c", "the home/away rule", "Key judgements: two", "sk-1", "AKIA", "priors/claims/a.yaml",
)  # fmt: skip


@pytest.mark.parametrize(("text", "found"), PRIVATE.items())
def test_what_is_private_is_found_with_its_line(text: str, found: str) -> None:
    results = list(private_in(f"One line.\nAnother with {text} in it.", "page.html"))
    assert any(found in result.found for result in results)
    assert {str(result.where) for result in results} == {"page.html:2"}


@pytest.mark.parametrize("text", HARMLESS)
def test_what_only_sounds_like_it_is_left_alone(text: str) -> None:
    assert not list(private_in(text, "page.html"))


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory, project_dir: Path) -> Path:
    return write_dossier(tmp_path_factory.mktemp("ferry"), project_dir)


def test_long_passages_are_found_and_short_ones_and_titles_are_not(root: Path) -> None:
    words = TEXT.split()
    assert not list(passages_in(" ".join(words[:8]), {"a": TEXT}, "x"))
    (result,) = passages_in("It says: " + " ".join(words[3:14]).upper() + " and more", {"a": TEXT}, "x")
    assert "11 words in a row of a" in result.found
    assert not list(passages_in(" ".join(words[:12]), {"a": TEXT}, "x", titles=[" ".join(words[:12])]))


@pytest.mark.slow
@pytest.mark.parametrize("name", ["2020-11-karabakh"])
def test_reports_of_this_project_for_readers_outside_show_nothing_of_it(name: str, project_dir: Path, tmp_path: Path) -> None:
    edition = read_dossier(project_dir / "priors")[0].edition(name)
    path = write_report(sample_run(edition, whole=True), edition, tmp_path, public=True)
    assert look_through([path], edition.dossier) == ()


def test_a_report_for_readers_outside_is_refused_with_its_place_and_nothing_is_written(root: Path, tmp_path: Path) -> None:
    dossier = read_dossier(root)[0]
    edition = dossier.edition("2024-07-ferry")
    event = edition.events[0].model_copy(update={"title": "As in /home/ann/articles, the pact is signed"})
    changed = dataclasses.replace(dossier, events=MappingProxyType({**dossier.events, event.id: event}))
    nasty = changed.edition("2024-07-ferry")
    with pytest.raises(DossierError, match=r"2024-07-ferry-public\.html:[0-9]+  a path of somebody's computer: '/home/ann'"):
        write_report(sample_run(nasty), nasty, tmp_path, public=True)
    assert not list(tmp_path.iterdir())
    assert write_report(sample_run(nasty), nasty, tmp_path).is_file()  # the analyst's own


def test_notes_of_coders_are_found_in_a_file_for_readers_outside_alone(root: Path, tmp_path: Path) -> None:
    dossier = read_dossier(root)[0]
    note = "Nobody but the coder should ever read this remark."
    source = dossier.sources["norland-times"].model_copy(update={"note": note})
    changed = dataclasses.replace(dossier, sources=MappingProxyType({source.id: source}))
    for name, n in (("a-public.html", 1), ("a.html", 0)):
        (tmp_path / name).write_text(f"<p>{note.replace(' ', '  <b></b>')}</p>", "utf-8")
        assert len(look_through([tmp_path / name], changed)) == n


def test_the_command_finds_it_in_pages_notebooks_tables_and_documents(root: Path, tmp_path: Path) -> None:
    from article_files import pdf, word

    notebook = {"cells": [{"cell_type": "code", "source": ["1"], "outputs": [{"text": ["/home/ann/priors"]}]}], "nbformat": 4}
    files = {"a.ipynb": json.dumps(notebook).encode(), "a.html": b"<p title='/home/ann/x'>y</p>",
             "a.csv": b"a,b\n1,/home/ann/x\n", "a.md": b"see /home/ann/x", "a.docx": word((f"{TEXT} /home/ann/x",)),
             "a.pdf": pdf(("see /home/ann/x",))}  # fmt: skip
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
        answer = command("verify", "--shared", tmp_path / name, "--priors", root)
        assert (answer.code, answer.foreign) == (2, ""), name
        assert "/home/ann" in answer.said, name
    (tmp_path / "good.md").write_text("Nothing to see.", "utf-8")
    assert command("verify", "--shared", tmp_path / "good.md", "--priors", root).code == 0
    (tmp_path / "long.md").write_text(TEXT, "utf-8")
    found = command("verify", "--shared", tmp_path / "long.md", "--texts", root.parent / "texts", "--priors", root)
    assert "words in a row of ferry.txt" in found.said
    assert command("verify", "--shared", tmp_path / "none.md", "--priors", root).code == 2


def test_the_lines_of_a_page_stay_those_of_its_file(root: Path) -> None:
    edition = read_dossier(root)[0].edition("2024-07-ferry")
    page = render_report(sample_run(edition), edition)
    assert page_text(page).count("\n") == page.count("\n")


@pytest.mark.parametrize("text", ["<a", "<a ", "<style", '<a "', "<a '", "<!a="])
def test_a_page_of_brackets_that_nothing_closes_is_looked_through_as_any_other(text: str) -> None:
    """Each of them was looked for to the end of the page, over and over: of two kilobytes that took twenty seconds."""
    said = page_text(text * 100_000 + "\n<p title='b'>see /home/ann/x</p>")
    assert [(str(one.where), one.found) for one in private_in(said, "page")] == [
        ("page:2", "a path of somebody's computer: '/home/ann'")
    ]


def test_styles_are_left_out_line_by_line_and_all_else_is_kept() -> None:
    page = "a<style>\n/home/ann\n</style>\n<b title=\"c > d\" e='f'>g &lt; h<style>i"
    assert page_text(page).split("\n")[:3] == ["a", "", ""]
    for part in ("c > d", "e='f'", "g < h", "i"):
        assert part in page_text(page)
    assert "/home/ann" not in page_text(page)
