"""A record that is begun is in the right file, can be completed, and passes for nothing before that."""

from __future__ import annotations

import multiprocessing
import re
from pathlib import Path

import pytest
from broken_dossiers import edit
from builders import TEXT, write_dossier

from forecasting.coding.ids import next_claim_id, records_in, taken_ids
from forecasting.coding.scaffold import (
    begin_assumption,
    begin_claim,
    begin_class,
    begin_edition,
    begin_effect,
    begin_event,
    begin_history,
    begin_question,
    begin_source,
)
from forecasting.dossier.anchors import digest
from forecasting.dossier.load import read_dossier
from forecasting.errors import DossierError, UsageError
from forecasting.rules.check import check_dossier

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
    assert fields(begun) == {"paraphrase", "direction", "target.event", "reliability", "credibility", "origin"}


def test_a_quoted_claim_says_what_suggest_reads_in_its_sentence(root: Path):
    begun = begin_claim(root, "norland-times", quote="a new toll is unlikely", text=root.parent / "texts" / "ferry.txt")
    (record,) = (one for one in records_in(root, "claims") if one["id"] == "n-004")
    assert {name: record[name] for name in ("kind", "wording", "lexicon", "speaker", "made_on")} == {
        "kind": "judgement", "wording": "unlikely", "lexicon": "plain", "speaker": "Observers", "made_on": "2024-07-01",
    }  # fmt: skip
    assert begun.remarks == ("found in paragraph 2, 91-113; looks like a judgement; wording: unlikely; says: Observers",)


def test_of_words_that_mark_no_claim_the_kind_is_left_open(root: Path):
    file = root.parent / "plain.txt"
    file.write_text("The mayor is a tall man of good family. It would be a mistake to think the pact will be signed.", "utf-8")
    begin_source(root, "post", file)
    begun = begin_claim(root, "post", quote="a tall man", text=file)
    assert "kind" in fields(begun)
    assert "nothing in its sentence makes it a claim" in begun.remarks[0]
    denied = begin_claim(root, "post", quote="the pact will be signed", text=file)
    assert {"wording", "lexicon"} <= fields(denied)
    assert "so it is not what the sentence says" in denied.remarks[0]


def test_a_claim_without_words_has_an_anchor_to_fill_in(root: Path):
    assert {"anchor.start", "anchor.end", "anchor.sha256", "anchor.paragraph"} <= fields(begin_claim(root, "norland-times"))


def test_a_completed_claim_is_accepted(root: Path):
    begun = begin_claim(root, "norland-times", quote="Observers say", text=root.parent / "texts" / "ferry.txt")
    filled = {
        "paraphrase:": "paraphrase: Somebody speaks.",
        "kind: judgement": "kind: fact",
        "wording: unlikely": "# wording: unlikely",
        "target: {event: }": "target: {event: toll-raised}",
        "direction:": "seen_if: {comes: unlikely, stays_away: likely}  #",
        "horizon:": "# horizon:",
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
    tail = re.sub(r"  (?:wording|lexicon|target|direction|horizon):.*\n", "", tail)
    for old, new in {"paraphrase:": "paraphrase: Ours.", "reliability:": "reliability: C", "credibility:": "credibility: 3",
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


def test_a_series_belongs_to_its_source_in_whichever_file_its_claims_stand(root: Path):
    begin_source(root, "rudaw-2025-02")
    assert next_claim_id(root, "rudaw-2025-02") == "r-001"
    # proposals moved into a file of another name, and a record of another kind with the same letters
    (root / "claims/proposals.yaml").write_text("- {id: r-001, source: rudaw-2025-02}\n- {id: r-002, source: rudaw-2025-02}\n")
    begin_event(root, "r-100", "ferry")
    assert next_claim_id(root, "rudaw-2025-02") == begin_claim(root, "rudaw-2025-02").id == "r-003"
    # another source with that initial takes the next letter
    assert next_claim_id(root, "reporter-2025") == "re-001"


def test_an_effect_goes_below_the_others_and_is_completed_by_its_strength_and_reason(root: Path):
    begin_event(root, "bridge-built", "ferry")
    before = (root / "effects.yaml").read_text("utf-8")
    begun = begin_effect(root, "pact-signed", "bridge-built")
    assert (begun.id, begun.path) == ("e-001", root / "effects.yaml")
    assert fields(begun) == {"why"}
    after = begun.path.read_text("utf-8")
    lines = after.splitlines(keepends=True)
    assert lines[begun.line - 1].strip() == "- id: e-001"
    assert "".join([*lines[: begun.line - 1], *lines[begun.line + 7 :]]) == before
    (root / "effects.yaml").write_text(after.replace("  why:  #", "  why: A pact pays for it. #"), "utf-8")
    assert "effect e-001: lacks sign or grade" in " ".join(result.found for result in read_dossier(root)[1])


def test_an_effect_that_is_exact_has_no_strength_and_can_have_a_file_of_its_own(root: Path):
    begun = begin_effect(root, "pact-signed", "toll-raised", "pact-blocks-toll", acts="blocks", theme="tolls")
    text = begun.path.read_text("utf-8")
    assert (begun.path, begun.line, "sign:" in text) == (root / "effects/tolls.yaml", 2, False)
    begun.path.write_text(text.replace("  why:  #", "  why: The pact forbids it. #"), "utf-8")
    dossier, failures = read_dossier(root)
    assert failures == ()
    assert dossier.effects["pact-blocks-toll"].acts == "blocks"


def test_an_assumption_goes_on_the_series_and_is_completed_by_its_statement_reason_and_doubt(root: Path):
    first, second = begin_assumption(root), begin_assumption(root)
    assert ([first.id, second.id], second.path) == (["a-001", "a-002"], root / "assumptions.yaml")
    assert {"statement", "held_by", "why", "would_change"} <= fields(first)
    own = begin_assumption(root, "a-101", "tolls")
    assert own.path == root / "assumptions/tolls.yaml"
    filled = {
        "{occurs: }, by: , at_least: }": "{occurs: pact-signed}, by: 2025-06-30, at_least: 0.5}",
        **{f"  {name}:  #": f"  {name}: So it is. #" for name in ("statement", "held_by", "why", "would_change")},
    }
    for path in (first.path, own.path):
        text = path.read_text("utf-8")
        for old, new in filled.items():
            assert old in text
            text = text.replace(old, new)
        path.write_text(text, "utf-8")
    dossier, failures = read_dossier(root)
    assert (failures, check_dossier(dossier)) == ((), ())
    assert set(dossier.assumptions) == {"a-001", "a-002", "a-101"}
    with pytest.raises(UsageError, match="id 'A-101' is taken"):
        begin_assumption(root, "A-101")


def test_an_effect_or_a_row_about_an_unknown_event_is_refused_with_its_neighbours(root: Path):
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    for begin in (lambda: begin_effect(root, "pact-signd", "toll-raised"), lambda: begin_history(root, "pact-signd")):
        with pytest.raises(UsageError, match=r"no event 'pact-signd'; did you mean 'pact-signed'\?; or begin it: forecast new"):
            begin()
    assert {path: path.read_bytes() for path in root.rglob("*") if path.is_file()} == before


def test_an_edition_names_every_field_to_fill_in(root: Path):
    begun = begin_edition(root, "2024-08-ferry")
    assert begun.path == root / "editions/2024-08-ferry.yaml"
    assert fields(begun) == {"title", "as_of", "as_of_how", "sources", "questions", "seed"}


@pytest.mark.parametrize("theme", [None, "tolls"])
def test_a_class_is_a_row_that_is_refused_until_it_is_completed(theme: str | None, root: Path):
    file = root / ("reference_classes.csv" if theme is None else "reference_classes/tolls.csv")
    before = file.read_bytes() if file.exists() else b""
    begun = begin_class(root, "bridges", theme)
    assert begun.path == file
    assert file.read_bytes().startswith(before)
    assert fields(begun) == {"events", "exposure", "unit", "spread", "counted_from", "counted_until", "citation", "note"}
    assert {result.where.line for result in begun.open} == {begun.line}
    assert "bridges" not in read_dossier(root)[0].reference_classes
    row = file.read_text("utf-8").splitlines()[begun.line - 1]
    header = next(line for line in file.read_text("utf-8").splitlines() if line.startswith("id,")).split(",")
    cells = {"id": "bridges", "events": "3", "exposure": "120", "unit": "year", "spread": "0.7", "counted_from": "1900-01-01",
             "counted_until": "2000-12-31", "citation": "where the cases are listed", "note": "few"}  # fmt: skip
    filled = ",".join(cells.get(name, "") for name in header)
    file.write_text(file.read_text("utf-8").replace(row, filled), "utf-8")
    assert read_dossier(root)[0].reference_classes["bridges"].events == 3
    with pytest.raises(UsageError, match="reference class 'bridges' is there already"):
        begin_class(root, "Bridges".lower())


def test_a_row_of_history_needs_what_was_not_given(root: Path):
    before = (root / "history.csv").read_bytes()
    begun = begin_history(root, "toll-raised", what="survived", on="2024-06-30")
    assert fields(begun) == {"source", "status"}
    assert (root / "history.csv").read_bytes().startswith(before)
    lines = begun.path.read_text("utf-8").splitlines()
    header = lines[0].split(",")
    cells = dict(zip(header, lines[begun.line - 1].split(","), strict=True))
    assert (cells["on"], cells["event"], cells["what"]) == ("2024-06-30", "toll-raised", "survived")


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
    with pytest.raises(UsageError, match=r"no folder .*nowhere; begin a project of your own here with: forecast init"):
        begin_source(tmp_path / "nowhere", "fine")


def _begin_ten(root: str, worker: int) -> None:
    for n in range(10):
        begin_event(Path(root), f"event-{worker}-{n}", "many")


@pytest.mark.slow
def test_four_writers_at_once_lose_no_record(root: Path):
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_begin_ten, args=(str(root), worker)) for worker in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert (root / "events/many.yaml").read_text("utf-8").count("- id: event-") == 40
