"""A record that is begun is in the right file, can be completed, and passes for nothing before that."""

from __future__ import annotations

import multiprocessing
from pathlib import Path

import pytest
from broken_dossiers import edit
from builders import TEXT, write_dossier

from forecasting.claims.anchors import digest
from forecasting.claims.checks import check_dossier
from forecasting.claims.ids import next_claim_id, taken_ids
from forecasting.claims.load import read_dossier
from forecasting.claims.scaffold import (
    begin_claim,
    begin_event,
    begin_question,
    begin_source,
)
from forecasting.errors import DossierError, UsageError

CLAIMS = "claims/norland-times.yaml"


@pytest.fixture
def root(tmp_path: Path, project_dir: Path) -> Path:
    return write_dossier(tmp_path, project_dir)


def fields(begun) -> set[str]:
    """Return the fields that the messages call unfinished."""
    return {result.found.split("'")[1] for result in begun.open if "still to be filled in" in result.found}


def test_a_source_gets_the_fingerprint_and_length_of_its_text(root: Path):
    begun = begin_source(root, "sudland-post", root.parent / "texts" / "ferry.txt")
    written = begun.path.read_text("utf-8")
    assert f"text_file: ferry.txt\ntext_sha256: {digest(TEXT)}\ntext_length: {len(TEXT)}\n" in written
    assert fields(begun) == {
        "title", "publisher", "author", "published_on", "published_precision", "published_how", "licence", "origin_group", "kind",
    }  # fmt: skip


def test_every_empty_field_of_a_source_without_a_text_is_named(root: Path):
    assert fields(begin_source(root, "sudland-post")) >= {"text_sha256", "text_length"}


def test_every_empty_field_of_an_event_is_named_with_its_line(root: Path):
    before = (root / "events/ferry.yaml").read_bytes()
    begun = begin_event(root, "bridge-built", "ferry")
    assert (root / "events/ferry.yaml").read_bytes().startswith(before)
    assert fields(begun) == {"title", "opens_on", "reference_class", "why_class", "class_fit"} | {
        f"resolution.{name}" for name in ("counts", "does_not_count", "settled_by", "status_quo", "void_if")
    }
    lines = begun.path.read_text("utf-8").splitlines()
    assert lines[begun.line - 1] == "- id: bridge-built"
    assert all(name.rpartition(".")[2] in lines[r.where.line - 1] for r in begun.open for name in [r.found.split("'")[1]])


@pytest.mark.parametrize("form", ["asks", "stages", "scenarios"])
def test_a_question_of_each_form_is_refused_until_it_is_completed(form: str, root: Path):
    begun = begin_question(root, "ferry-sinks", "ferry", form)
    assert begun.open
    assert "ferry-sinks" not in read_dossier(root)[0].questions
    assert "title" in fields(begun)


def test_a_claim_gets_its_anchor_from_words_that_stand_once(root: Path):
    begun = begin_claim(root, "norland-times", quote="a new toll is unlikely", text=root.parent / "texts" / "ferry.txt")
    assert begun.id == "n-004"
    assert "start: 91, end: 113" in begun.path.read_text("utf-8")  # 77 code points of line 1, then "Observers say "
    assert fields(begun) == {"paraphrase", "speaker", "kind", "made_on", "reliability", "credibility", "origin"}
    assert "unlikely" not in begun.path.read_text("utf-8")[begun.path.read_text("utf-8").index("n-004") :]


def test_a_claim_without_words_has_an_anchor_to_fill_in(root: Path):
    assert {"anchor.start", "anchor.end", "anchor.sha256", "anchor.paragraph"} <= fields(begin_claim(root, "norland-times"))


def test_a_completed_claim_is_accepted(root: Path):
    begun = begin_claim(root, "norland-times", quote="Observers say", text=root.parent / "texts" / "ferry.txt")
    filled = {
        "paraphrase:": "paraphrase: Somebody speaks.",
        "speaker:": "speaker: observers",
        "kind:": "kind: fact",
        "target: {}": "target: {event: toll-raised}",
        "direction:": "direction: lowers",
        "# grade:": "grade: weak #",
        "made_on:": "made_on: 2024-07-01",
        "reliability:": "reliability: C",
        "credibility:": "credibility: 3",
        "origin:": "origin: observers",
    }
    head, tail = begun.path.read_text("utf-8").split("- id: n-004\n")
    for old, new in filled.items():
        assert old in tail
        tail = tail.replace(old, new, 1)
    begun.path.write_text(head + "- id: n-004\n" + tail, "utf-8")
    dossier, failures = read_dossier(root)
    assert failures == ()
    assert check_dossier(dossier) == ()


def test_a_kind_alone_does_not_complete_a_claim(root: Path):
    begun = begin_claim(root, "norland-times", quote="Observers say", text=root.parent / "texts" / "ferry.txt")
    text = begun.path.read_text("utf-8")
    head, tail = text.split("- id: n-004\n")
    for old, new in {"paraphrase:": "paraphrase: Ours.", "speaker:": "speaker: observers", "kind:": "kind: judgement",
                     "made_on:": "made_on: 2024-07-01", "reliability:": "reliability: C", "credibility:": "credibility: 3",
                     "origin:": "origin: observers"}.items():  # fmt: skip
        tail = tail.replace(old, new, 1)
    begun.path.write_text(head + "- id: n-004\n" + tail, "utf-8")
    (failure,) = read_dossier(root)[1]
    assert "a judgement lacks wording, lexicon, horizon, direction, target.event" in failure.found


@pytest.mark.parametrize(
    "taken",
    ["toll-raised", "TOLL-RAISED", "n-001", "N-001", "pact-lowers-toll", "ferry-order-2025", "norland-times", "2024-07-ferry"],
)
def test_an_id_of_any_kind_in_any_case_is_taken(taken: str, root: Path):
    for begin in (
        lambda: begin_source(root, taken),
        lambda: begin_event(root, taken, "new"),
        lambda: begin_question(root, taken, "new"),
        lambda: begin_claim(root, "norland-times", taken),
    ):
        with pytest.raises(UsageError, match=rf"id '{taken}' is taken \(in priors/"):
            begin()
    assert not (root / "events/new.yaml").exists()


@pytest.mark.parametrize("ident", ["", "../../etc/x", "Über", "a b", "-a", "a" * 65, "a" * 300, "A-New-One", "a\n"])
def test_a_malformed_id_is_refused(ident: str, root: Path):
    before = {path: path.read_bytes() for path in root.rglob("*.yaml")}
    for begin in (
        lambda: begin_source(root, ident),
        lambda: begin_event(root, ident, "new"),
        lambda: begin_event(root, "fine", ident),
    ):
        with pytest.raises(UsageError, match="write lower-case letters, digits and hyphens, at most 64"):
            begin()
    assert {path: path.read_bytes() for path in root.rglob("*.yaml")} == before


def test_an_unfinished_record_keeps_its_id_to_itself(root: Path):
    begin_event(root, "bridge-built", "ferry")
    with pytest.raises(UsageError, match=r"id 'bridge-built' is taken \(in priors/events/ferry.yaml\)"):
        begin_question(root, "bridge-built", "ferry")


def test_words_that_do_not_stand_in_the_text_are_answered_with_the_nearest_passage(root: Path):
    with pytest.raises(UsageError, match=r"nearest passage: 'Observers say a new toll is unlikely.'"):
        begin_claim(root, "norland-times", quote="a new toll is likely", text=root.parent / "texts" / "ferry.txt")
    with pytest.raises(UsageError, match="the quote stands 2 times"):
        begin_claim(root, "norland-times", quote="Sudland", text=root.parent / "texts" / "ferry.txt")


def test_a_claim_needs_a_source_and_the_text_that_it_was_coded_from(root: Path):
    with pytest.raises(UsageError, match="no source 'norland-tims'; did you mean 'norland-times'"):
        begin_claim(root, "norland-tims")
    (root.parent / "other.txt").write_text("Another text.", "utf-8")
    with pytest.raises(UsageError, match="is not the text of norland-times"):
        begin_claim(root, "norland-times", quote="Another", text=root.parent / "other.txt")
    with pytest.raises(UsageError, match="--quote and --text go together"):
        begin_claim(root, "norland-times", quote="Another")
    with pytest.raises(DossierError, match="no such file"):
        begin_source(root, "fine", root / "nowhere.txt")


def test_the_next_claim_id_follows_the_highest_and_a_new_source_begins_a_series(root: Path):
    assert next_claim_id(root, "norland-times") == "n-004"
    assert next_claim_id(root, "sudland-post") == "s-001"
    assert next_claim_id(root, "nordic-press") == "no-001"  # "n-" is another source's
    edit(root, CLAIMS, "id: n-003", "id: n-0099")
    assert next_claim_id(root, "norland-times") == "n-0100"


def test_effects_and_drivers_are_among_the_ids(root: Path):
    assert taken_ids(root)["pact-lowers-toll"] == "in priors/effects.yaml"


@pytest.mark.parametrize("end", ["", "\n", "\n\n", "\r\n"])
def test_what_stands_in_a_file_is_kept_byte_for_byte(end: str, root: Path):
    path = root / "questions/ferry.yaml"
    before = path.read_bytes().rstrip(b"\n") + end.encode()
    before = before.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n") if end == "\r\n" else before
    path.write_bytes(before)
    begin_question(root, "ferry-sinks", "ferry")
    after = path.read_bytes()
    assert after.startswith(before)
    assert b"- id: ferry-sinks" in after[len(before) :]
    assert end != "\r\n" or after.count(b"\n") == after.count(b"\r\n")


@pytest.mark.parametrize("content", ["[]\n", "id: x\n", "- {id: x}\n  broken: [\n", "text\n"])
def test_a_file_that_is_no_list_of_records_is_left_as_it_is(content: str, root: Path):
    path = root / "questions/odd.yaml"
    path.write_text(content, "utf-8")
    with pytest.raises(UsageError):
        begin_question(root, "ferry-sinks", "odd")
    assert path.read_text("utf-8") == content
    assert sorted(root.glob("questions/.*")) == []


def test_a_link_that_leaves_the_folder_is_not_followed(root: Path, tmp_path: Path):
    (tmp_path / "outside.yaml").write_text("- id: x\n", "utf-8")
    (root / "questions/link.yaml").symlink_to(tmp_path / "outside.yaml")
    with pytest.raises(UsageError, match="a link that leaves the folder"):
        begin_question(root, "ferry-sinks", "link")
    assert (tmp_path / "outside.yaml").read_text("utf-8") == "- id: x\n"


def test_a_missing_folder_is_named(tmp_path: Path):
    with pytest.raises(UsageError, match=r"no folder .*nowhere; name the 'priors' folder"):
        begin_source(tmp_path / "nowhere", "fine")


def _begin_ten(root: str, worker: int) -> None:
    for n in range(10):
        begin_event(Path(root), f"event-{worker}-{n}", "many")


def test_four_writers_at_once_lose_no_record(root: Path):
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_begin_ten, args=(str(root), worker)) for worker in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert (root / "events/many.yaml").read_text("utf-8").count("- id: event-") == 40
