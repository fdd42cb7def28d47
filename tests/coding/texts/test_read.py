"""A file gives the same text every time, and whatever is in it, nothing but a refusal of ours comes out."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from article_files import BODY, WHOLE, mail, page, pdf, word
from builders import write_dossier
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forecasting.coding.scaffold import begin_claim, begin_source
from forecasting.coding.texts import child, read
from forecasting.coding.texts.limits import LIMITS
from forecasting.coding.texts.read import read_file
from forecasting.coding.verify import verify_texts
from forecasting.dossier.anchors import digest, normalise
from forecasting.dossier.load import read_dossier
from forecasting.dossier.parse import ParseError, parse_yaml
from forecasting.errors import UsageError

KINDS = {"page": page(), "pdf": pdf(), "word": word(), "mail": mail(html=page().decode())}


@pytest.mark.parametrize("name", WHOLE)
def test_anchors_are_found_again_in_the_same_file(name: str, tmp_path: Path, project_dir: Path):
    root, texts = write_dossier(tmp_path, project_dir), tmp_path / "texts"
    (texts / name).write_bytes(WHOLE[name])
    begun = begin_source(root, "lume-gazette", texts / name)
    claim = begin_claim(root, "lume-gazette", quote="cannot be ruled out", text=texts / name)
    for path, fields in ((begun.path, SOURCE), (claim.path, CLAIM)):
        lines = path.read_text("utf-8").splitlines()
        path.write_text("\n".join(filled(line, fields) for line in lines) + "\n", "utf-8")
    dossier, failures = read_dossier(root)
    assert failures == ()
    ours = [result for result in verify_texts(dossier, texts) if "lume-gazette" in result.where.file]
    assert [(result.status, result.found) for result in ours] == [
        ("passed", "source lume-gazette: the text and 1 anchors confirmed")
    ]


SOURCE = {
    "title": "The last winter", "publisher": "The Gazette of Lume", "author": "Jon Ode", "published_on": "2024-05-03",
    "published_precision": "day", "published_how": "dateline", "licence": "made for a test", "origin_group": "lume",
    "kind": "news",
}  # fmt: skip
CLAIM = {
    "paraphrase": "War may come back.", "lexicon": "plain", "direction": "occurs", "made_on": "2024-05-03",
    "reliability": "B", "credibility": "3", "origin": "lume-gazette", "target": "{event: pact-signed}",
}  # fmt: skip


def filled(line: str, fields: dict[str, str]) -> str:
    """Return a line of a record that was begun, its field filled in if it was empty."""
    name, _, rest = line.lstrip(" -").partition(":")
    empty = not rest.partition("#")[0].strip(" {}") or name == "target"
    return (
        f"{line[: len(line) - len(line.lstrip())]}{name}: {fields[name]}" if name in fields and empty else line
    )


def test_what_a_file_says_of_itself_is_proposed_and_marked(tmp_path: Path, project_dir: Path):
    root = write_dossier(tmp_path, project_dir)
    (tmp_path / "page.html").write_bytes(page())
    begun = begin_source(root, "lume-gazette", tmp_path / "page.html", tmp_path / "page.txt")
    record = parse_yaml(begun.path, "lume-gazette.yaml").value
    assert (record["title"], record["published_on"], record["published_precision"]) == (
        "The garrison’s last winter",
        "2024-05-03",
        "day",
    )
    assert record["found_in_file"] == ("title", "author", "publisher", "published_on")
    kept = (tmp_path / "page.txt").read_text("utf-8")
    assert (record["text_file"], record["text_sha256"], record["text_length"]) == ("page.txt", digest(kept), len(kept))
    assert record["text_read_by"].startswith("trafilatura ")
    with pytest.raises(UsageError, match="name its file with --text"):
        begin_source(root, "another", None, tmp_path / "page2.txt")


def test_a_text_that_another_version_read_otherwise_is_told_from_one_that_changed(tmp_path: Path, project_dir: Path):
    root = write_dossier(tmp_path, project_dir)
    dossier = read_dossier(root)[0]
    (tmp_path / "texts" / "ferry.txt").write_text("Another text.", "utf-8")
    source = dossier.sources["norland-times"].model_copy(update={"text_read_by": "trafilatura 0.1"})
    results = verify_texts(replace(dossier, sources={"norland-times": source}), tmp_path / "texts")
    (said,) = [result for result in results if result.rule == "text-sha256"]
    assert said.fix.startswith("it was read by trafilatura 0.1, and ")


def test_characters_that_nobody_sees_do_not_get_into_the_text(tmp_path: Path):
    (tmp_path / "a.eml").write_bytes(mail("The port\u200b of\x07 Lu\u00adme is open.\n"))
    assert read_file(tmp_path / "a.eml", "a.eml").text == "The port of Lu\u00adme is open.\n"


def test_a_reader_that_takes_too_long_or_too_much_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "a.pdf").write_bytes(pdf())
    monkeypatch.setattr(read, "LIMITS", replace(LIMITS, seconds=0.001))
    with pytest.raises(ParseError, match=r"a PDF that takes more than 0\.001 seconds to read"):
        read_file(tmp_path / "a.pdf", "a.pdf")


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not hold a process to its memory")
def test_the_process_of_a_reader_is_held_to_its_memory():
    code = "from forecasting.coding.texts.child import hold_to_limits as hold; hold(); bytearray(3_000_000_000)"
    paths = {"PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, env=os.environ | paths, check=False)
    assert b"MemoryError" in done.stderr


def test_a_reader_that_is_not_installed_is_said_with_what_to_install(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "pypdf", None)
    said = child.answer("pdf", pdf())
    assert said["found"] == "reading it needs the package pypdf, which is not installed"
    assert said["fix"].startswith("pip install pypdf (the extra 'texts'")


def test_a_crash_of_a_reader_is_a_refusal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "a.pdf").write_bytes(pdf())
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(ParseError, match=r"a PDF at which its reader broke off \(exit code 1\)"):
        read_file(tmp_path / "a.pdf", "a.pdf")


@st.composite
def damaged(draw: st.DrawFn, whole: bytes) -> bytes:
    """Draw a file with some of its bytes changed, cut out, doubled or put elsewhere."""
    chance = random.Random(draw(st.integers(0, 2**32)))
    raw = bytearray(whole)
    for _ in range(draw(st.integers(0, 6))):
        at, length = chance.randrange(len(raw) + 1), chance.choice((1, 4, 40, 400))
        cut = raw[at : at + length]
        raw[at : at + length] = chance.choice((b"", cut * 2, chance.randbytes(len(cut)), bytes(len(cut)), cut[::-1]))
        if not raw:
            break
    return bytes(raw)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)
@given(data=st.data())
def test_a_damaged_file_is_read_or_refused_in_words(kind: str, data: st.DataObject):
    raw = data.draw(damaged(KINDS[kind]))
    said = child.answer(kind, raw)
    assert json.dumps(said)  # it can be handed from process to process
    if "found" in said:
        assert said["found"]
        assert said["fix"]
        assert not said["found"].startswith("a damaged file: its reader stopped with") or kind == "pdf", said
    else:
        assert normalise(said["text"]).strip()


@pytest.mark.parametrize("seed", range(12))
def test_nothing_but_our_own_error_comes_out_of_a_file_of_chance(seed: int, tmp_path: Path):
    chance = random.Random(seed)
    name = chance.choice((*WHOLE, "notes.txt", "strange"))
    start = WHOLE.get(name, BODY[0].encode())
    raw = chance.choice((chance.randbytes(3_000), start[: chance.randrange(len(start))] + chance.randbytes(99), start[99:], b""))
    (tmp_path / name).write_bytes(raw)
    said = outcome(tmp_path / name)
    if isinstance(said, ParseError):
        assert (said.result.rule, said.result.where.file) == ("text-form", name)
        assert said.result.found
        assert said.result.fix
    else:
        assert said.encode("utf-8").strip()


def outcome(path: Path) -> str | ParseError:
    """Return the text of a file, or our refusal of it; any other error goes through."""
    try:
        return read_file(path, path.name).text
    except ParseError as error:
        return error
