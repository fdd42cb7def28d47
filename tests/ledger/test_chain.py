"""What a chain of records is held to, each part by itself: where a fault is said to be, and how far a clock may be ahead."""

from __future__ import annotations

import datetime as dt
import errno
import json
import os

import pytest
from ledger_changes import NOW, chained, lines
from ledgers import DAY, clock, fill, forecast, outcome

from forecasting.errors import FileError, UsageError
from forecasting.ledger.anchors import given_heads, tagged_heads
from forecasting.ledger.chain import NOTHING, Head, LedgerError, hold_to, parse_head, parse_line
from forecasting.ledger.records import BEGINNING
from forecasting.ledger.store import HEAD, LEDGER, MOST_BYTES, TAIL, append, read_ledger

A = "a" * 64


def test_a_record_may_be_a_day_ahead_of_the_clock_and_no_more(tmp_path):
    append(tmp_path, [forecast()], clock=clock())
    day = dt.timedelta(days=1)
    assert len(read_ledger(tmp_path, now=DAY - day).entries) == 1
    with pytest.raises(LedgerError, match="still to come"):
        read_ledger(tmp_path, now=DAY - day - dt.timedelta(seconds=1))


def test_a_writers_clock_may_be_a_minute_behind_and_no_more(tmp_path):
    append(tmp_path, [forecast()], clock=clock())
    behind = append(tmp_path, [forecast("b")], clock=clock(DAY - dt.timedelta(minutes=1))).entries
    assert behind[0].time == DAY
    with pytest.raises(LedgerError, match="set the clock"):
        append(tmp_path, [forecast("c")], clock=clock(DAY - dt.timedelta(seconds=61)))


def test_the_line_of_a_fault_is_named(tmp_path):
    folder = fill(tmp_path / "ledger", 3)
    own = lines(folder)
    (folder / LEDGER).write_bytes(b"".join([own[0], *own[2:]]))
    with pytest.raises(LedgerError, match=r"ledger\.jsonl:2: found record 3 after 1"):
        read_ledger(folder, now=NOW)
    (folder / LEDGER).write_bytes(b"".join([*own[:2], b"{}\n", *own[3:]]))
    with pytest.raises(LedgerError, match=r"ledger\.jsonl:3: found"):
        read_ledger(folder, now=NOW)
    (folder / LEDGER).write_bytes(b"\n" + b"".join(own))
    with pytest.raises(LedgerError, match=r"ledger\.jsonl:1: "):
        read_ledger(folder, now=NOW)


def test_a_record_that_follows_another_or_an_earlier_day_or_speaks_of_nothing_is_named(tmp_path):
    folder = fill(tmp_path / "ledger", 2)
    values = [json.loads(line) for line in lines(folder)]

    def refused(changed, said):
        (folder / LEDGER).write_bytes(b"".join(changed))
        with pytest.raises(LedgerError, match=said):
            read_ledger(folder, now=NOW)

    refused(chained(values, begins=A), "1: record 1 follows another record")
    early = [*values[:2], {**values[2], "written_at": "2026-03-01T11:59:59Z"}]
    refused(chained(early), "3: record 3 says 2026-03-01T11:59:59Z, earlier than the one before it")
    spoken = [values[0], {**values[1], "replaces": A, "reason": "a slip"}, values[2]]
    refused(chained(spoken), f"2: record 2 speaks of {A[:12]}…, which stands nowhere before it")
    retraction = {k: values[0][k] for k in ("schema", "written_at")} | {
        "entry": "retraction", "retracts": A, "by": "Ann", "reason": "a slip"
    }  # fmt: skip
    refused(chained([*values, retraction]), "4: record 4 speaks of")


@pytest.mark.parametrize(
    "line",
    [b"", b"{", b"[]", b"null", b"3", b'{"schema":"2"}', b'{"schema":1,"entry":"forecast"}', b'{"a":1,"a":2}'],
)
def test_what_is_no_record_is_named_with_its_place(line):
    with pytest.raises(LedgerError, match="here:4: found"):
        parse_line(line, "here:4")


def test_a_line_that_is_spelt_otherwise_is_another_one(tmp_path):
    folder = fill(tmp_path / "ledger", 1)
    (line, *_) = lines(folder)
    line = line.rstrip(b"\n")
    assert parse_line(line, "here").number == 1
    for other in (line.replace(b'":"', b'": "', 1), line.replace(b'"p":0.1', b'"p":0.10', 1), b" " + line):
        with pytest.raises(LedgerError, match="not as this program writes it"):
            parse_line(other, "here")
    with pytest.raises(LedgerError, match="other content than its digest"):
        parse_line(line.replace(b"spring", b"summer"), "here")
    with pytest.raises(LedgerError, match="schema 2, of a newer version"):
        parse_line(line.replace(b'"schema":1', b'"schema":2'), "here")
    with pytest.raises(LedgerError, match="schema"):
        parse_line(line.replace(b'"schema":1', b'"schema":0'), "here")


def test_a_head_is_a_number_and_a_digest():
    assert parse_head(json.dumps({"number": 0, "digest": BEGINNING}).encode(), "head") == NOTHING
    assert parse_head(json.dumps({"number": 7, "digest": A}).encode(), "head") == Head(7, A)
    for bad in ({"number": -1, "digest": A}, {"number": True, "digest": A}, {"number": 7.0, "digest": A}, {"digest": A},
                {"number": 7}, {"number": 7, "digest": A[1:]}, {"number": 7, "digest": A.upper()}, [], 7, None):  # fmt: skip
        with pytest.raises(LedgerError, match="head: found no head"):
            parse_head(json.dumps(bad).encode(), "head")
    with pytest.raises(LedgerError, match="head: found no head"):
        parse_head(b"{", "head")


def test_records_are_held_to_heads_from_elsewhere(tmp_path):
    entries = read_ledger(fill(tmp_path / "ledger", 3), now=NOW).entries
    assert len(entries) == 4
    own = [(Head(n, entry.digest), "the report") for n, entry in enumerate(entries, 1)]
    hold_to(entries, [(NOTHING, "nothing"), (Head(0, A), "a report of nothing"), *own], "file")
    with pytest.raises(LedgerError, match="file: ends with record 4, and the report knows 5: it was cut"):
        hold_to(entries, [(Head(5, A), "the report")], "file")
    with pytest.raises(LedgerError, match="file:2: record 2 has another digest than the report knows"):
        hold_to(entries, [(Head(2, entries[2].digest), "the report")], "file")


def test_heads_are_given_by_number_and_digest():
    assert given_heads([f"7:{A}"]) == [(Head(7, A), "the head given with --head")]
    assert given_heads([f" 7:{A} ", f"12:{A}"])[1][0].number == 12
    for bad in (A, f"7:{A[1:]}", f"seven:{A}", f"7-{A}"):
        with pytest.raises(UsageError, match="NUMBER:DIGEST"):
            given_heads([bad])


def test_without_git_there_are_no_tags(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert tagged_heads(tmp_path) == []


def test_a_folder_outside_any_repository_has_no_tags(tmp_path):
    assert tagged_heads(tmp_path) == []


def test_a_file_that_is_too_large_is_not_read(tmp_path):
    append(tmp_path, [forecast()], clock=clock())
    os.truncate(tmp_path / LEDGER, MOST_BYTES + 1)
    with pytest.raises(LedgerError, match=r"500,000,001 bytes, more than the 500,000,000 that are read"):
        read_ledger(tmp_path, now=NOW)


def test_a_message_about_a_draft_names_its_question_or_what_it_takes_back(tmp_path):
    with pytest.raises(LedgerError, match=r"^b: "):
        append(tmp_path, [forecast("b", as_of="2026-04-01")], clock=clock())
    with pytest.raises(LedgerError, match=f"^{A}: "):
        append(tmp_path, [{"entry": "retraction", "retracts": A, "by": "Ann"}], clock=clock())
    with pytest.raises(LedgerError, match=r"^a record: "):
        append(tmp_path, [{"entry": "retraction"}], clock=clock())


@pytest.mark.parametrize("step", ["write", "fsync"])
def test_a_full_disk_leaves_nothing_where_nothing_was(tmp_path, monkeypatch, step):
    def fail(*_, **__):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, step, fail)
    with pytest.raises(FileError, match="make room"):
        append(tmp_path, [forecast()], clock=clock())
    monkeypatch.undo()
    assert not (tmp_path / LEDGER).exists() or (tmp_path / LEDGER).read_bytes() == b""
    assert append(tmp_path, [forecast()], clock=clock()).entries[0].number == 1


def test_what_stops_a_writer_leaves_the_ledger_as_it_was(tmp_path, monkeypatch):
    """Not only what the system refuses: also a key that is pressed."""
    folder = fill(tmp_path / "ledger", 2)
    before = (folder / LEDGER).read_bytes()

    def stopped(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", stopped)
    with pytest.raises(KeyboardInterrupt):
        append(folder, [forecast("more")], clock=clock())
    monkeypatch.undo()
    assert (folder / LEDGER).read_bytes() == before


def test_a_write_that_takes_a_part_at_a_time_is_carried_through(tmp_path, monkeypatch):
    whole = os.write
    monkeypatch.setattr(os, "write", lambda handle, data: whole(handle, bytes(data)[:100]))
    append(tmp_path, [forecast("a"), forecast("b")], clock=clock())
    assert len(read_ledger(tmp_path, now=NOW).entries) == 2


def test_each_append_and_each_mending_is_synced(tmp_path, monkeypatch):
    synced, sync = [], os.fsync

    def noted(handle):
        synced.append(handle)
        sync(handle)

    monkeypatch.setattr(os, "fsync", noted)
    append(tmp_path, [forecast("a")], clock=clock())
    once = len(synced)
    assert once >= 1
    raw = (tmp_path / LEDGER).read_bytes()
    (tmp_path / LEDGER).write_bytes(raw + b"{")
    aside = append(tmp_path, [], clock=clock()).set_aside
    assert aside.read_bytes() == b"{"
    of_mending = len(synced) - once
    (tmp_path / LEDGER).write_bytes(raw + b"{")
    append(tmp_path, [], clock=clock())  # the part is there already: the cut alone is synced
    assert len(synced) - once - of_mending >= 1
    assert (tmp_path / LEDGER).read_bytes() == raw


def test_a_first_record_that_was_torn_is_set_aside(tmp_path):
    append(tmp_path, [forecast("a")], clock=clock())
    raw = (tmp_path / LEDGER).read_bytes()
    (tmp_path / LEDGER).write_bytes(raw[:50])
    with pytest.raises(LedgerError, match="knows record 1"):
        append(tmp_path, [forecast("b")], clock=clock())
    (tmp_path / HEAD).unlink()
    done = append(tmp_path, [forecast("b")], clock=clock())
    assert done.set_aside.read_bytes() == raw[:50]
    assert done.entries[0].number == 1


def test_a_head_that_is_behind_is_no_fault_and_one_that_is_ahead_or_other_is(tmp_path):
    append(tmp_path, [forecast("a")], clock=clock())
    behind = (tmp_path / HEAD).read_bytes()
    append(tmp_path, [forecast("b")], clock=clock())
    (tmp_path / HEAD).write_bytes(behind)  # a kill between the record and the head
    assert append(tmp_path, [forecast("c")], clock=clock()).entries[0].number == 3
    (tmp_path / HEAD).write_text(json.dumps({"number": 4, "digest": A}))
    with pytest.raises(LedgerError, match=r"ends with record 3, and .* knows 4: it was cut"):
        append(tmp_path, [forecast("d")], clock=clock())
    (tmp_path / HEAD).write_text(json.dumps({"number": 3, "digest": A}))
    with pytest.raises(LedgerError, match="record 3 has another digest than"):
        append(tmp_path, [forecast("d")], clock=clock())


@pytest.mark.parametrize("length", [TAIL - 2000, TAIL, 5 * TAIL])
def test_a_record_that_is_longer_than_what_is_read_from_the_end_is_found(tmp_path, length):
    append(tmp_path, [forecast("a"), forecast("b", judgement="x" * length)], clock=clock())
    assert append(tmp_path, [forecast("c")], clock=clock()).entries[0].number == 3
    assert len(read_ledger(tmp_path, now=NOW).entries) == 3


def test_a_reason_has_three_letters_or_more(tmp_path):
    append(tmp_path, [forecast("a")], clock=clock())
    (first,) = append(tmp_path, [outcome("a")], clock=clock()).entries
    with pytest.raises(LedgerError, match="says no reason"):
        append(tmp_path, [outcome("a", replaces=first.digest, reason="no")], clock=clock())
    assert append(tmp_path, [outcome("a", replaces=first.digest, reason="yes")], clock=clock()).entries


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"outcomes": [{"id": "yes", "title": "yes", "p": 0.5}] * 2}, "an outcome twice"),
        ({"quantiles": [{"level": 0.5, "value": 2.0}]}, "both outcomes and quantiles"),
        ({"quantiles": [{"level": 0.5, "value": 2.0}] * 2, "outcomes": []}, "out of order"),
        ({"quantiles": [{"level": 0.4, "value": 3.0}, {"level": 0.5, "value": 2.0}], "outcomes": []}, "out of order"),
        ({"outcomes": [{"id": "yes", "title": "y", "p": 0.5}, {"id": "no", "title": "n", "p": 0.500002}]}, "sum to 1"),
    ],
)
def test_a_forecast_that_contradicts_itself_is_refused(tmp_path, changes, said):
    with pytest.raises(LedgerError, match=said):
        append(tmp_path, [forecast("a", **changes)], clock=clock())


def test_what_is_rounded_on_the_way_is_taken(tmp_path):
    close = [{"id": "yes", "title": "yes", "p": 0.5}, {"id": "no", "title": "no", "p": 0.5000005}]
    flat = [{"level": 0.4, "value": 2.0}, {"level": 0.5, "value": 2.0}]
    drafts = [forecast("a", outcomes=close), forecast("b", outcomes=[], quantiles=flat), forecast("c", as_of="2026-03-01")]
    assert len(append(tmp_path, drafts, clock=clock()).entries) == 3
    today = append(tmp_path, [outcome("a", on="2026-03-01")], clock=clock()).entries[0]
    assert today.on == today.day


@pytest.mark.parametrize("bad", [f"0:{A}", f"000:{A}", f" 0:{'0' * 64} ", "0:last"])
def test_a_head_of_no_record_is_refused_with_what_to_write(bad):
    with pytest.raises(UsageError, match=r"no record has the number 0.*write the number and digest of a record"):
        given_heads([bad])


def test_a_head_with_zeros_before_it_is_none():
    with pytest.raises(UsageError, match="NUMBER:DIGEST"):
        given_heads([f"07:{A}"])


def test_a_noted_head_of_record_0_is_that_of_an_empty_ledger_alone():
    with pytest.raises(LedgerError, match="a head of record 0, which no ledger has"):
        parse_head(f'{{"number": 0, "digest": "{A}"}}'.encode(), "head.json")
