"""Whoever has the texts gets every anchor confirmed, or told where its words are now."""

from __future__ import annotations

from pathlib import Path

import pytest
from broken_dossiers import edit, line_of, read_broken
from builders import TEXT, write_dossier
from rule_edits import CODING, LISTED, coding

from forecasting.coding.texts.limits import LIMITS
from forecasting.coding.texts.read import read_article
from forecasting.coding.verify import seal_verified, verify_texts
from forecasting.dossier.load import read_dossier
from forecasting.dossier.parse import ParseError
from forecasting.errors import UsageError
from forecasting.rules.check import check_dossier

CLAIMS, SOURCE = "claims/norland-times.yaml", "sources/norland-times.yaml"


def verified(tmp_path: Path, project_dir: Path, text: str | bytes | None, name: str = "ferry.txt"):
    """Verify the small dossier against one text; None leaves the folder empty."""
    dossier = read_broken(tmp_path, project_dir)
    (tmp_path / "texts" / "ferry.txt").unlink()
    if text is not None:
        (tmp_path / "texts" / name).write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return verify_texts(dossier, tmp_path / "texts")


def test_every_anchor_of_the_projects_dossier_verifies(project_dir: Path, shared_dir: Path):
    dossier = read_dossier(project_dir / "priors")[0]
    results = verify_texts(dossier, shared_dir / "sources")
    assert [result.status for result in results] == ["passed"] * len(dossier.sources), "\n".join(map(str, results))


def test_confirmed_anchors_are_counted(tmp_path: Path, project_dir: Path):
    (result,) = verified(tmp_path, project_dir, TEXT)
    assert str(result) == (
        "priors/sources/norland-times.yaml:1  source norland-times: the text and 3 anchors confirmed  [anchors]"
    )


def test_codings_are_held_to_the_text_as_claims_are(tmp_path: Path, project_dir: Path):
    moved = coding("paragraph: 1", "paragraph: 2", "k-002")
    copied = "The ferry pact between Norland and Sudland is likely to be"
    said = coding("A signature within months is more probable than not.", copied, "k-003")
    dossier = read_broken(tmp_path, project_dir, LISTED, coding(), moved, said)
    results = verify_texts(dossier, tmp_path / "texts")
    assert [(result.rule, result.found.partition(": ")[0]) for result in results] == [
        ("anchors", "coding k-002"), ("text-copied", "coding k-003")
    ]  # fmt: skip
    assert results[0].where.line == line_of(tmp_path / "priors" / CODING, "id: k-002")


def test_confirmed_anchors_of_codings_are_counted_too(tmp_path: Path, project_dir: Path):
    (result,) = verify_texts(read_broken(tmp_path, project_dir, LISTED, coding()), tmp_path / "texts")
    assert result.found == "source norland-times: the text and 4 anchors confirmed"


def test_a_text_under_another_name_is_found_by_its_fingerprint(tmp_path: Path, project_dir: Path):
    (result,) = verified(tmp_path, project_dir, TEXT, "download (3).txt")
    assert result.status == "passed"


def test_line_ends_and_composed_letters_do_not_matter(tmp_path: Path, project_dir: Path):
    (result,) = verified(tmp_path, project_dir, ("\ufeff" + TEXT).replace("\n", "\r\n"))
    assert result.status == "passed"


def test_a_changed_word_is_named_with_the_nearest_passage(tmp_path: Path, project_dir: Path):
    results = verified(tmp_path, project_dir, TEXT.replace("a new toll is unlikely", "a new toll is likely!!"))
    said = {result.rule: result for result in results}
    assert set(said) == {"text-sha256", "anchors"}
    assert said["anchors"].found.startswith("claim n-002: the digest does not match the span 91-113")
    assert said["anchors"].fix == "nearest passage: 'Observers say a new toll is likely!!.'"
    assert said["anchors"].where.line == line_of(tmp_path / "priors" / CLAIMS, "n-002", "anchor:")


def test_passages_that_moved_are_named_with_their_new_offsets(tmp_path: Path, project_dir: Path):
    results = verified(tmp_path, project_dir, "A headline\n" + TEXT)
    fixes = [result.fix for result in results if result.rule == "anchors"]
    assert fixes[0] == "write start: 57, end: 86, paragraph: 2"
    assert len(fixes) == 3
    assert any(result.fix.startswith("write text_length: 185") for result in results)


def test_a_span_that_cuts_a_word_is_refused(tmp_path: Path, project_dir: Path):
    from forecasting.dossier.anchors import make_anchor

    whole, cut = make_anchor(TEXT, 91, 113), make_anchor(TEXT, 107, 113)
    assert TEXT[107:113] == "likely"
    root = write_dossier(tmp_path, project_dir)
    for name in ("start", "sha256", "seal"):
        edit(root, CLAIMS, str(getattr(whole, name)), str(getattr(cut, name)))
    dossier = read_dossier(root)[0]
    assert check_dossier(dossier) == ()
    (result,) = verify_texts(dossier, tmp_path / "texts")
    assert result.found == "claim n-002: the span begins or ends inside the word 'unlikely'"


def test_a_paraphrase_that_copies_the_article_is_refused(tmp_path: Path, project_dir: Path):
    copied = "Sudland has moved its customs officers back from the quay."
    change = (CLAIMS, "Customs staff of Sudland have left the quay.", copied)
    dossier = read_broken(tmp_path, project_dir, change)
    (result,) = verify_texts(dossier, tmp_path / "texts")
    assert result.rule == "text-copied"
    assert "repeats the article: 'sudland has moved its customs officers back from the'" in result.found


def test_an_absent_text_is_said_and_not_failed_if_another_is_there(tmp_path: Path, project_dir: Path):
    root = write_dossier(tmp_path, project_dir)
    other = (root / SOURCE).read_text("utf-8").replace("norland-times", "sudland-post").replace("ferry.txt", "post.txt")
    digest = read_dossier(root)[0].sources["norland-times"].text_sha256
    (root / "sources" / "sudland-post.yaml").write_text(other.replace(digest, "0" * 64), "utf-8")
    results = verify_texts(read_dossier(root)[0], tmp_path / "texts")
    assert [result.status for result in results] == ["passed", "warning"]
    assert "source sudland-post: its text is not in" in results[1].found
    assert "so 0 anchors were not looked at" in results[1].found


def test_a_folder_without_any_text_fails(tmp_path: Path, project_dir: Path):
    absent, nothing = verified(tmp_path, project_dir, None)
    assert (absent.status, nothing.status) == ("warning", "failure")
    assert nothing.found == "no text of any source is in this folder"


def test_a_folder_that_does_not_exist_is_a_usage_error(tmp_path: Path, project_dir: Path):
    with pytest.raises(UsageError, match="no folder"):
        verify_texts(read_broken(tmp_path, project_dir), tmp_path / "absent")


NO_TEXTS = {
    "an empty file": (b"", "an empty text"),
    "white space": (b"\xef\xbb\xbf \r\n\t", "an empty text"),
    "a renamed PDF": (b"%PDF-1.7\n%\xe2\xe3", "a PDF, but the file's name ends with '.txt'"),
    "a renamed docx": (b"PK\x03\x04word/document.xml", "a zip archive"),
    "UTF-16 with a mark": ("Türkiye".encode("utf-16"), "UTF-16 text"),
    "UTF-16 without a mark": ("Tur".encode("utf-16-le"), "binary data, or UTF-16 text"),
    "binary data": (bytes(range(256)), "binary data"),
    "Latin-1": ("One line.\nTürkiye.\n".encode("latin-1"), "byte 0xfc is not UTF-8, perhaps Latin-1"),
}


@pytest.mark.parametrize(("raw", "found"), NO_TEXTS.values(), ids=NO_TEXTS.keys())
def test_what_is_no_text_is_refused_by_name(raw: bytes, found: str, tmp_path: Path, project_dir: Path):
    (result,) = verified(tmp_path, project_dir, raw)
    assert result.status == "failure"
    assert found in result.found
    assert result.fix


def test_the_line_of_a_foreign_byte_is_named(tmp_path: Path):
    (tmp_path / "a.txt").write_bytes(b"One\ntwo\nT\xfcrkiye")
    with pytest.raises(ParseError) as caught:
        read_article(tmp_path / "a.txt", "a.txt")
    assert str(caught.value.result.where) == "a.txt:3"


def test_a_text_of_more_than_50_mb_is_refused_before_it_is_read(tmp_path: Path):
    with (tmp_path / "a.txt").open("wb") as file:
        file.truncate(LIMITS.n_bytes + 1)
    with pytest.raises(ParseError, match="too long for an article"):
        read_article(tmp_path / "a.txt", "a.txt")


def test_unreadable_strangers_in_the_folder_fail_nothing(tmp_path: Path, project_dir: Path):
    dossier = read_broken(tmp_path, project_dir)
    (tmp_path / "texts" / "notes.txt").write_bytes(b"\xff\xfenotes")
    (tmp_path / "texts" / "folder.txt").mkdir()
    assert [result.status for result in verify_texts(dossier, tmp_path / "texts")] == ["passed"]


def test_only_confirmed_anchors_are_sealed(tmp_path: Path, project_dir: Path):
    root = write_dossier(tmp_path, project_dir)
    edit(root, CLAIMS, ', seal: "a1cb7084"', "")
    before = (root / CLAIMS).read_bytes()
    (tmp_path / "texts" / "ferry.txt").write_text(TEXT.replace("likely", "certain"), "utf-8")
    assert all(result.rule != "anchor-seal" for result in seal_verified(read_dossier(root)[0], tmp_path / "texts"))
    assert (root / CLAIMS).read_bytes() == before
    (tmp_path / "texts" / "ferry.txt").write_text(TEXT, "utf-8")
    results = seal_verified(read_dossier(root)[0], tmp_path / "texts")
    assert results[-1].found == "1 seals written"
    assert check_dossier(read_dossier(root)[0]) == ()
