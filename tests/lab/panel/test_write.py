"""Changes are kept only with a reason, written only through the rules, and all of them or none."""

from __future__ import annotations

import datetime as dt
import os
import shutil
from pathlib import Path

import pytest
import yaml
from faulty import failing, faults
from toy import EDITION, toy_priors

from forecasting.dossier.edition import EditionDossier
from forecasting.errors import DossierError, FileError, UsageError
from forecasting.lab.panel.behind import Behind
from forecasting.lab.panel.controls import InLexicon
from forecasting.lab.panel.disk import Disk
from forecasting.lab.panel.edits import Edit, Edits, made
from forecasting.lab.panel.text import as_yaml, note_of
from forecasting.lab.panel.view import disk_view, edit_view
from forecasting.lab.panel.write import write_changes as written
from forecasting.rules.load import load_dossier

ON = dt.date(2024, 7, 9)
REASON = "The customs office has denied it."


@pytest.fixture
def edition(tmp_path: Path) -> EditionDossier:
    shutil.copytree(toy_priors(), tmp_path / "priors")
    return load_dossier(tmp_path / "priors").edition(EDITION)


def write_changes(edition: EditionDossier, edits: Edits, reason: str, on: dt.date) -> tuple[str, ...]:
    return written(Disk(edition), edits, reason, on)[1]


def edits_of(edition: EditionDossier, question: str, *wanted: tuple[str, str, object]) -> Edits:
    cards = {card.id: card for card in Behind.of(edition, question).cards()}
    edits: Edits = ()
    for record, field, value in wanted:
        edits = made(edits, cards[record].control(field), value)
    return edits


def bytes_of(edition: EditionDossier) -> dict[str, bytes]:
    root = edition.dossier.root
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_yaml_holds_the_new_fields_the_old_ones_as_comments_and_the_reason(edition: EditionDossier) -> None:
    edits = edits_of(edition, "quay-by-2025", ("n-010", "reliability", "D"), ("tolls-raised", "events", 4.0))
    text = as_yaml(edition, edits, REASON)
    assert yaml.safe_load(text) == [{"id": "n-010", "reliability": "D"}, {"id": "tolls-raised", "events": 4.0}]
    assert text.startswith(f"# Reason: {REASON}\n")
    assert "reliability: D  # was B" in text
    where = edition.dossier.where("claim", "n-010")
    assert f"# {where}\n- id: n-010" in text


@pytest.mark.parametrize("reason", ["", "  ", "because so", "two words"])
def test_nothing_is_kept_without_a_reason(edition: EditionDossier, reason: str) -> None:
    edits, before = edits_of(edition, "quay-by-2025", ("n-010", "reliability", "D")), bytes_of(edition)
    for keep in (lambda: as_yaml(edition, edits, reason), lambda: write_changes(edition, edits, reason, ON)):
        with pytest.raises(UsageError, match="a change needs its reason"):
            keep()
    with pytest.raises(UsageError, match="nothing is changed"):
        write_changes(edition, (), REASON, ON)
    assert bytes_of(edition) == before


def test_claims_effects_classes_and_history_are_written_and_nothing_else_is_touched(edition: EditionDossier) -> None:
    signal = next(i for i, row in enumerate(edition.dossier.history) if row.what == "signal")
    edits = edits_of(
        edition, "toll-by-2025", ("pact-lowers-toll", "grade", "weak"), ("tolls-raised", "events", 4.0),
        (f"history-{signal}", "likelihood_ratio", 3.0), ("n-020", "credibility", 5),
    )  # fmt: skip
    before = bytes_of(edition)
    files = write_changes(edition, edits, REASON, ON)
    assert set(files) == {"priors/effects.yaml", "priors/reference_classes.csv", "priors/history.csv",
                          "priors/claims/norland-times.yaml"}  # fmt: skip
    after = bytes_of(edition)
    assert {f"priors/{name}" for name in after if after[name] != before.get(name)} == set(files)
    fresh = load_dossier(edition.dossier.root)
    assert fresh.effects["pact-lowers-toll"].grade == "weak"
    why = f"The pact caps the toll. On 2024-07-09 grade “strong” became “weak”: {REASON}"
    assert fresh.effects["pact-lowers-toll"].why == why
    assert fresh.reference_classes["tolls-raised"].events == 4
    assert fresh.history[signal].likelihood_ratio == 3
    assert fresh.claims["n-020"].credibility == 5
    assert fresh.claims["n-020"].note.endswith(f"On 2024-07-09 credibility 3 became 5: {REASON}")
    one = (before["claims/norland-times.yaml"], after["claims/norland-times.yaml"])
    kept = set(one[0].splitlines()) - set(one[1].splitlines())
    assert kept <= {b"  credibility: 3"}


def test_a_row_that_is_left_out_goes_and_the_others_stay(edition: EditionDossier) -> None:
    rows = edition.dossier.history
    gone = next(i for i, row in enumerate(rows) if row.what == "signal")
    write_changes(edition, edits_of(edition, "toll-by-2025", (f"history-{gone}", "counted", False)), REASON, ON)
    assert load_dossier(edition.dossier.root).history == (*rows[:gone], *rows[gone + 1 :])


def test_what_check_refuses_is_not_written_and_no_file_is_touched(edition: EditionDossier) -> None:
    good = edits_of(edition, "toll-by-2025", ("tolls-raised", "events", 4.0))
    bad = (*good, Edit("pact-lowers-toll", "grade", "strong", "enormous"))
    before = bytes_of(edition)
    with pytest.raises(DossierError, match="grade"):
        write_changes(edition, bad, REASON, ON)
    assert bytes_of(edition) == before


def test_a_record_that_has_changed_on_disk_is_not_written_over(edition: EditionDossier) -> None:
    path = edition.dossier.root / "effects.yaml"
    path.write_text(path.read_text("utf-8").replace("sign: lowers, grade: strong", "sign: lowers, grade: decisive"), "utf-8")
    before = bytes_of(edition)
    with pytest.raises(UsageError, match="pact-lowers-toll has changed on disk since the fit"):
        write_changes(edition, edits_of(edition, "toll-by-2025", ("pact-lowers-toll", "grade", "weak")), REASON, ON)
    assert bytes_of(edition) == before


def test_the_note_says_what_became_what() -> None:
    edits = (Edit("c-1", "reads", None, "level"), Edit("c-1", "reliability", "B", "C"))
    assert note_of(edits, REASON, ON) == f"On 2024-07-09 reads (by its lexicon) became “level”, reliability B became C: {REASON}"


@pytest.mark.slow
def test_changed_words_are_quoted_so_that_the_rules_for_sentences_pass_over_them(tmp_path: Path) -> None:
    """Two terms for one number are refused in a note; what was and what is are such terms."""
    shutil.copytree(Path(__file__).resolve().parents[3] / "priors", tmp_path / "priors")
    edition = load_dossier(tmp_path / "priors").edition("2024-12-syria")
    words = (("c-003", "seen_if.comes", "very likely"), ("e-041", "wording", "likely"))
    write_changes(edition, edits_of(edition, "khmeimim-held-2025", *words), REASON, ON)
    fresh = load_dossier(tmp_path / "priors")
    assert fresh.claims["c-003"].seen_if.comes == "very likely"
    assert fresh.effects["e-041"].why.endswith(f"wording “almost certain” became “likely”: {REASON}")


@pytest.mark.slow
def test_each_write_of_several_files_may_fail_and_none_is_changed(edition: EditionDossier, tmp_path: Path) -> None:
    edits = edits_of(
        edition, "toll-by-2025", ("pact-lowers-toll", "grade", "weak"), ("tolls-raised", "events", 4.0),
        ("n-020", "credibility", 5),
    )  # fmt: skip
    before, root = bytes_of(edition), edition.dossier.root
    with failing(root, None, 0) as disk:
        assert len(write_changes(edition, edits, REASON, ON)) == 3
    for name, content in before.items():
        (root / name).write_bytes(content)
    assert disk.count >= 9
    for at, number in faults(disk):
        with failing(root, at, number), pytest.raises((FileError, OSError), match=os.strerror(number)):
            write_changes(edition, edits, REASON, ON)
        assert bytes_of(edition) == before, (os.strerror(number), disk.said[at])


def test_a_written_change_that_is_undone_is_still_in_the_file_until_it_is_written_back(edition: EditionDossier) -> None:
    edits = edits_of(edition, "quay-by-2025", ("n-010", "reliability", "D"), ("tolls-raised", "events", 4.0))
    disk, files = written(Disk(edition), edits, REASON, ON)
    assert disk.pending(edits) == ()
    assert all(disk.holds(edit) for edit in edits)
    with pytest.raises(UsageError, match="all of this is written already"):
        written(disk, edits, REASON, ON)
    assert disk.taken_back(edits[1:]) == (Edit("n-010", "reliability", "D", "B"),)
    disk, back = written(disk, edits[1:], "It was right as it stood.", ON)
    assert back == ("priors/claims/norland-times.yaml",)
    assert set(back) < set(files)
    fresh = load_dossier(edition.dossier.root)
    assert fresh.claims["n-010"].reliability == "B"
    assert fresh.claims["n-010"].note.endswith("reliability D became B: It was right as it stood.")
    assert fresh.reference_classes["tolls-raised"].events == 4
    disk, _ = written(disk, (), "This one was right as well.", ON)
    assert (disk.written, load_dossier(edition.dossier.root).reference_classes["tolls-raised"].events) == ((), 2)


def test_a_written_change_can_be_changed_further(edition: EditionDossier) -> None:
    first = edits_of(edition, "quay-by-2025", ("n-010", "reliability", "D"))
    disk, _ = written(Disk(edition), first, REASON, ON)
    then = edits_of(edition, "quay-by-2025", ("n-010", "reliability", "E"))
    assert disk.pending(then) == (Edit("n-010", "reliability", "D", "E"),)
    disk, _ = written(disk, then, REASON, ON)
    assert disk.written == (Edit("n-010", "reliability", "B", "E"),)
    assert load_dossier(edition.dossier.root).claims["n-010"].note.count(REASON) == 2


def test_rows_that_were_left_out_are_put_back_where_they_stood(edition: EditionDossier) -> None:
    rows, path = edition.dossier.history, edition.dossier.root / "history.csv"
    places = [i for i, row in enumerate(rows) if row.event in ("toll-raised", "pact-signed") and row.on <= edition.as_of]
    assert len(places) > 1
    edits = edits_of(edition, "toll-by-2025", *((f"history-{i}", "counted", False) for i in places))
    before = path.read_text("utf-8")
    disk, _ = written(Disk(edition), edits, REASON, ON)
    assert load_dossier(edition.dossier.root).history == tuple(row for i, row in enumerate(rows) if i not in places)
    for kept in range(len(edits) - 1, -1, -1):  # one after the other, the last of them first
        disk, files = written(disk, edits[:kept], "It did happen.", ON)
        assert files == ("priors/history.csv",)
    found = load_dossier(edition.dossier.root).history
    assert [row.model_copy(update={"note": ""}) for row in found] == [row.model_copy(update={"note": ""}) for row in rows]
    assert all(found[i].note.endswith("On 2024-07-09 counted False became True: It did happen.") for i in places)
    after = path.read_text("utf-8")
    assert len(after.splitlines()) == len(before.splitlines())
    assert [i for i, (one, other) in enumerate(zip(before.splitlines(), after.splitlines(), strict=True)) if one != other] == [
        i + 1 for i in places
    ]  # fmt: skip


def test_a_row_is_not_put_back_into_a_history_that_has_changed(edition: EditionDossier) -> None:
    place = next(i for i, row in enumerate(edition.dossier.history) if row.what == "signal")
    disk, _ = written(Disk(edition), edits_of(edition, "toll-by-2025", (f"history-{place}", "counted", False)), REASON, ON)
    path = edition.dossier.root / "history.csv"
    path.write_text("\n".join(path.read_text("utf-8").splitlines()[:-1]) + "\n", "utf-8")
    before = bytes_of(edition)
    with pytest.raises(UsageError, match="the history has changed on disk since"):
        written(disk, (), REASON, ON)
    assert bytes_of(edition) == before


@pytest.mark.slow
def test_a_standard_word_in_place_of_a_placed_phrase_is_written_with_its_lexicon_and_back(tmp_path: Path) -> None:
    shutil.copytree(Path(__file__).resolve().parents[3] / "priors", tmp_path / "priors")
    edition = load_dossier(tmp_path / "priors").edition("2024-12-syria")
    edits = edits_of(edition, "khmeimim-held-2025", ("c-004", "wording", InLexicon("likely", "icd203")))
    assert "wording: likely  # was may well have no choice" in as_yaml(edition, edits, REASON)
    disk, _ = written(Disk(edition), edits, REASON, ON)
    claim = load_dossier(tmp_path / "priors").claims["c-004"]
    assert (claim.wording, claim.lexicon) == ("likely", "icd203")
    written(disk, (), REASON, ON)
    claim = load_dossier(tmp_path / "priors").claims["c-004"]
    assert (claim.wording, claim.lexicon) == ("may well have no choice", "article-hedges")


def edited_file(edition: EditionDossier, name: str, old: str, new: str) -> EditionDossier:
    path = edition.dossier.root / name
    text = path.read_text("utf-8") if path.exists() else ""
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), "utf-8")
    return load_dossier(edition.dossier.root).edition(EDITION)


def test_rows_below_one_whose_note_loses_lines_are_written_where_they_stand(edition: EditionDossier) -> None:
    edition = edited_file(edition, "reference_classes.csv", "six pacts in forty pact-years", '"six pacts\nin forty pact-years"')
    before = dict(edition.dossier.reference_classes)
    edits = edits_of(edition, "toll-by-2025", ("pacts-signed", "spread", 0.1), ("tolls-raised", "spread", 0.11))
    for order in (edits, edits[::-1]):
        write_changes(edition, order, REASON, ON)
        after = load_dossier(edition.dossier.root).reference_classes
        assert (after["pacts-signed"].spread, after["tolls-raised"].spread) == (0.1, 0.11)
        assert after["pacts-signed"].note == f"six pacts in forty pact-years On 2024-07-09 spread 0.5 became 0.1: {REASON}"
        assert after["deadlines-kept"] == before["deadlines-kept"]
        shutil.rmtree(edition.dossier.root)
        shutil.copytree(toy_priors(), edition.dossier.root)
        edited_file(edition, "reference_classes.csv", "six pacts in forty pact-years", '"six pacts\nin forty pact-years"')


def test_the_last_row_is_put_back_while_the_one_before_it_is_changed(edition: EditionDossier) -> None:
    rows = edition.dossier.history
    last = len(rows) - 1
    assert rows[last].what == "signal"
    head, cells = (edition.dossier.root / "history.csv").read_text("utf-8").splitlines()[0 :: last + 1]
    more = "2024-04-11,toll-raised,signal,1.5,Test Gazette 2024-04-11,confirmed,a second booth"
    edition = edited_file(edition, "history.csv", cells, f"{cells}\n{more}")
    assert head.startswith("on,event")
    out = edits_of(edition, "toll-by-2025", (f"history-{last + 1}", "counted", False))
    disk, _ = written(Disk(edition), out, REASON, ON)
    then = edits_of(edition, "toll-by-2025", (f"history-{last}", "likelihood_ratio", 2.5))
    written(disk, then, REASON, ON)
    found = load_dossier(edition.dossier.root).history
    assert [row.likelihood_ratio for row in found[last:]] == [2.5, 1.5]
    assert [row.on for row in found] == [row.on for row in edition.dossier.history]


@pytest.fixture
def two_files(edition: EditionDossier) -> EditionDossier:
    """The history in two files: the last row of the first one is followed by the rows of the other."""
    root = edition.dossier.root
    (root / "history").mkdir()
    head = (root / "history.csv").read_text("utf-8").splitlines()[0]
    row = "2024-05-02,toll-raised,signal,1.2,Test Gazette 2024-05-02,confirmed,a sign was painted"
    (root / "history/more.csv").write_text(f"{head}\n{row}\n", "utf-8")
    return load_dossier(root).edition(EDITION)


def test_the_last_row_of_a_file_is_put_back_at_its_end_and_not_by_the_lines_of_the_next_file(two_files: EditionDossier) -> None:
    rows, path = two_files.dossier.history, two_files.dossier.root / "history.csv"
    last = len(rows) - 2
    before = path.read_text("utf-8").splitlines()
    disk, _ = written(Disk(two_files), edits_of(two_files, "toll-by-2025", (f"history-{last}", "counted", False)), REASON, ON)
    disk, files = written(disk, (), "It did happen.", ON)
    assert files == ("priors/history.csv",)
    after = path.read_text("utf-8").splitlines()
    assert (after[:-1], len(after)) == (before[:-1], len(before))
    assert load_dossier(two_files.dossier.root).history[last] == disk.record(f"history-{last}")
    assert disk.record(f"history-{last}").on == rows[last].on


def test_what_would_not_say_what_it_should_is_not_written(edition: EditionDossier, monkeypatch: pytest.MonkeyPatch) -> None:
    """Were a row ever looked for in the wrong lines, the record that is there would be another one; no file is touched then."""
    edits, before = edits_of(edition, "toll-by-2025", ("pacts-signed", "spread", 0.1)), bytes_of(edition)
    monkeypatch.setattr("forecasting.lab.panel.write.span_of", lambda text, parsed, path: (3, 3))
    with pytest.raises(UsageError, match="pacts-signed would not say what it should; no file was changed"):
        write_changes(edition, edits, REASON, ON)
    assert bytes_of(edition) == before


def test_of_a_row_that_is_left_out_nothing_else_is_taken_back(edition: EditionDossier) -> None:
    row = next(i for i, row in enumerate(edition.dossier.history) if row.what == "signal")
    card = next(card for card in Behind.of(edition, "toll-by-2025").cards() if card.id == f"history-{row}")
    ratio, out = edits_of(edition, "toll-by-2025", (card.id, "likelihood_ratio", 2.5), (card.id, "counted", False))
    disk, _ = written(Disk(edition), (ratio,), REASON, ON)
    disk, _ = written(disk, (ratio, out), REASON, ON)
    assert disk_view(disk, (out,), lambda name: card) == {"taken_back": [], "unwritten": []}
    assert [disk.holds(edit) for edit in (ratio, out)] == [False, True]
    assert [edit_view(edit, card, "", disk)["kept"] for edit in (ratio, out)] == ["", "written"]
    told = disk_view(disk, (), lambda name: card)
    assert "priors/history.csv had, before its row was left out, Likelihood ratio: 2.5" in told["taken_back"][0]
    assert len(told["unwritten"]) == 2
    disk, _ = written(disk, (), "It was right as it stood.", ON)
    found = load_dossier(edition.dossier.root).history
    assert (len(found), found[row].likelihood_ratio) == (len(edition.dossier.history), 1.5)
    assert disk.written == ()


def test_numbers_keep_every_digit(edition: EditionDossier) -> None:
    edition = edited_file(edition, "reference_classes.csv", "pacts-signed,,6,40,", "pacts-signed,,6,12345.67,")
    one = edits_of(edition, "toll-by-2025", ("pacts-signed", "exposure", 12000.0))
    disk, _ = written(Disk(edition), one, REASON, ON)
    written(disk, (), "It was right as it stood.", ON)
    found = load_dossier(edition.dossier.root).reference_classes["pacts-signed"]
    assert found.exposure == 12345.67
    assert "exposure 12000 became 12345.67" in found.note
    assert "pacts-signed,,6,12345.67,year" in (edition.dossier.root / "reference_classes.csv").read_text("utf-8")


def test_large_numbers_are_written_without_an_exponent(edition: EditionDossier) -> None:
    edition = edited_file(edition, "reference_classes.csv", "pacts-signed,,6,40,", "pacts-signed,,6,1500000,")
    write_changes(edition, edits_of(edition, "toll-by-2025", ("pacts-signed", "exposure", 2e6)), REASON, ON)
    assert "pacts-signed,,6,2000000,year" in (edition.dossier.root / "reference_classes.csv").read_text("utf-8")


def test_a_reading_that_is_written_back_gets_its_first_reason_back(edition: EditionDossier) -> None:
    why = "It speaks of how likely it is."
    text = (edition.dossier.root / "claims/norland-times.yaml").read_text("utf-8")
    end = text.index("- id: n-002")
    edition = edited_file(edition, "claims/norland-times.yaml", text[:end], f"{text[:end]}  reads: level\n  reads_why: {why}\n")
    edits = edits_of(edition, "pact-by-2025", ("n-001", "reads", "at_least"))
    disk, _ = written(Disk(edition), edits, REASON, ON)
    assert load_dossier(edition.dossier.root).claims["n-001"].reads_why == REASON
    written(disk, (), "It was right as it stood.", ON)
    claim = load_dossier(edition.dossier.root).claims["n-001"]
    assert (claim.reads, claim.reads_why) == ("level", why)
    assert claim.note.endswith("It was right as it stood.")
