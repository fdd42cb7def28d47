"""A ledger that is written by many, killed, cut, changed, moved, written anew: nothing acknowledged is lost, all is found."""

from __future__ import annotations

import datetime as dt
import errno
import json
import os
import random
import subprocess
from pathlib import Path

import pytest
from ledger_changes import CHANGES, NOW, chained, lines, rewritten
from ledgers import CONTRACT, DAY, clock, fill, forecast, killed_writers, many_writers, outcome

from forecasting.errors import FileError
from forecasting.ledger.anchors import tagged_heads
from forecasting.ledger.chain import Head, LedgerError
from forecasting.ledger.records import BEGINNING
from forecasting.ledger.store import HEAD, LEDGER, append, read_ledger


def test_records_follow_each_other_and_are_read_back(tmp_path):
    written = append(tmp_path, [forecast(), forecast("second")], clock=clock())
    later = append(tmp_path, [outcome()], clock=clock(DAY + dt.timedelta(hours=1)))
    ledger = read_ledger(tmp_path, now=NOW)
    assert ledger.entries == (*written.entries, *later.entries)
    assert [entry.number for entry in ledger.entries] == [1, 2, 3]
    assert ledger.entries[0].previous == BEGINNING
    assert ledger.head == Head(3, ledger.entries[2].digest)
    assert json.loads((tmp_path / HEAD).read_text()) == {"number": 3, "digest": ledger.head.digest}


def test_a_record_is_never_earlier_than_the_one_before(tmp_path):
    append(tmp_path, [forecast()], clock=clock())
    second = append(tmp_path, [forecast("b")], clock=clock(DAY - dt.timedelta(seconds=30)))
    assert second.entries[0].written_at == "2026-03-01T12:00:00Z"
    with pytest.raises(LedgerError, match="set the clock"):
        append(tmp_path, [forecast("c")], clock=clock(DAY - dt.timedelta(days=1)))


@pytest.mark.parametrize(
    ("draft", "said"),
    [
        (forecast(p=0.3, outcomes=[{"id": "yes", "title": "yes", "p": 0.3}]), "sum to 0.3"),
        (forecast(as_of="2026-04-01"), "before its as-of date"),
        (forecast(outcomes=[]), "neither"),
        (forecast(colour="red"), "colour"),
        (outcome(on="2026-03-02"), "before 2026-03-02"),
        (outcome(replaces="a" * 64), "no reason"),
        (forecast(quantiles=[{"level": 0.5, "value": 2.0}, {"level": 0.4, "value": 3.0}], outcomes=[]), "out of order"),
    ],
)  # fmt: skip
def test_what_is_no_record_is_refused_and_nothing_is_written(tmp_path, draft, said):
    append(tmp_path, [forecast("a")], clock=clock())
    before = (tmp_path / LEDGER).read_bytes()
    with pytest.raises(LedgerError, match=said):
        append(tmp_path, [forecast("b"), draft], clock=clock())
    assert (tmp_path / LEDGER).read_bytes() == before


@pytest.mark.slow
def test_a_thousand_mutations_are_all_found_and_no_ledger_is_refused_without(tmp_path):
    folder = fill(tmp_path / "ledger", 12)
    raw = (folder / LEDGER).read_bytes()
    rng = random.Random(20261129)
    for _ in range(1000):
        where = rng.randrange(len(raw))
        kind = rng.randrange(3)
        new = bytes([(raw[where] + rng.randrange(1, 256)) % 256])
        changed = {
            0: raw[:where] + new + raw[where + 1 :],
            1: raw[:where] + raw[where + 1 :],
            2: raw[:where] + new + raw[where:],
        }[kind]
        if changed == raw:
            continue
        (folder / LEDGER).write_bytes(changed)
        with pytest.raises(LedgerError, match=r"ledger\.jsonl"):
            read_ledger(folder, now=NOW)
        (folder / LEDGER).write_bytes(raw)
        read_ledger(folder, now=NOW)


@pytest.mark.parametrize("change", CHANGES)
def test_what_was_changed_with_a_plan_is_found(tmp_path, change):
    folder = fill(tmp_path / "ledger", 9)
    (folder / LEDGER).write_bytes(b"".join(CHANGES[change](lines(folder))))
    with pytest.raises(LedgerError, match=r"ledger\.jsonl"):
        read_ledger(folder, now=NOW)


def test_a_ledger_written_anew_with_its_head_is_found_by_a_head_that_a_report_printed(tmp_path):
    folder = fill(tmp_path / "ledger", 9)
    printed = read_ledger(folder, now=NOW).head
    new = chained(
        [{**json.loads(line), "title": "Tidied"} if b'"title":"Will' in line else json.loads(line) for line in lines(folder)]
    )
    last = json.loads(new[-1])
    (folder / LEDGER).write_bytes(b"".join(new))
    (folder / HEAD).write_text(json.dumps({"number": last["number"], "digest": last["digest"]}))
    read_ledger(folder, now=NOW)  # by itself it is whole
    with pytest.raises(LedgerError, match="written anew"):
        read_ledger(folder, anchors=[(printed, "the report")], now=NOW)


def test_a_tag_holds_the_head_that_it_names(tmp_path):
    def git(*arguments):
        subprocess.run(["git", "-C", str(tmp_path), *arguments], check=True, capture_output=True)

    assert tagged_heads(tmp_path / "nowhere") == []
    folder = fill(tmp_path / "ledger", 3)
    head = read_ledger(folder, now=NOW).head
    git("init", "-q")
    git("-c", "user.name=A", "-c", "user.email=a@example.org", "commit", "-q", "--allow-empty", "-m", "begin")
    git("tag", f"ledger-{head.number}-{head.digest}")
    git("tag", "ledger-of-another-kind")
    ((found, place),) = tagged_heads(folder)
    assert found == head
    new = b"".join(rewritten(lines(folder), lambda i, x: {"title": "Tidied"} if "title" in x else {}))
    (folder / LEDGER).write_bytes(new)
    last = json.loads(new.splitlines()[-1])
    (folder / HEAD).write_text(json.dumps({"number": last["number"], "digest": last["digest"]}))
    with pytest.raises(LedgerError, match="the tag ledger-"):
        read_ledger(folder, anchors=[(found, place)], now=NOW)


def test_an_anchor_of_a_record_that_is_still_there_is_no_alarm(tmp_path):
    folder = fill(tmp_path / "ledger", 5)
    printed = read_ledger(folder, now=NOW).head
    append(folder, [forecast("later")], clock=clock())
    assert len(read_ledger(folder, anchors=[(printed, "the report")], now=NOW).entries) == printed.number + 1


def test_a_torn_tail_is_set_aside_and_said(tmp_path):
    folder = fill(tmp_path / "ledger", 4)
    whole = (folder / LEDGER).read_bytes()
    torn = b'{"as_of":"2026-02-28","contr'
    (folder / LEDGER).write_bytes(whole + torn)
    assert read_ledger(folder, now=NOW).torn == torn
    done = append(folder, [forecast("after")], clock=clock())
    assert done.set_aside is not None
    assert done.set_aside.read_bytes() == torn
    ledger = read_ledger(folder, now=NOW)
    assert ledger.torn == b""
    assert (folder / LEDGER).read_bytes().startswith(whole)


def test_an_acknowledged_record_that_was_cut_is_not_set_aside(tmp_path):
    folder = fill(tmp_path / "ledger", 4)
    raw = (folder / LEDGER).read_bytes()
    (folder / LEDGER).write_bytes(raw[:-10])
    with pytest.raises(LedgerError, match="knows record"):
        append(folder, [forecast("after")], clock=clock())
    assert (folder / LEDGER).read_bytes() == raw[:-10]
    assert not list(folder.glob("torn*"))


def test_a_ledger_that_is_gone_is_not_begun_anew(tmp_path):
    folder = fill(tmp_path / "ledger", 2)
    (folder / LEDGER).unlink()
    with pytest.raises(LedgerError, match="restore"):
        append(folder, [forecast("after")], clock=clock())


def test_a_newer_schema_is_refused_and_nothing_lost(tmp_path):
    folder = fill(tmp_path / "ledger", 2)
    newer = [{**json.loads(line), "schema": 2} for line in lines(folder)]
    content = b"".join(chained(newer))
    (folder / LEDGER).write_bytes(content)
    for act in (lambda: read_ledger(folder, now=NOW), lambda: append(folder, [forecast("x")], clock=clock())):
        with pytest.raises(LedgerError, match="newer version"):
            act()
    assert (folder / LEDGER).read_bytes() == content


@pytest.mark.parametrize("step", ["write", "fsync", "replace"])
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO])
def test_a_full_disk_leaves_the_ledger_as_it_was(tmp_path, monkeypatch, step, code):
    folder = fill(tmp_path / "ledger", 3)
    before = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}

    def fail(*_, **__):
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(*((Path, "replace") if step == "replace" else (os, step)), fail)
    with pytest.raises(FileError):
        append(folder, [forecast("more"), forecast("and-more")], clock=clock())
    monkeypatch.undo()
    assert {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()} == before
    append(folder, [forecast("again")], clock=clock())


def test_eight_writers_at_once_lose_nothing(tmp_path):
    assert many_writers(tmp_path / "ledger", 8, 25) == 200


@pytest.mark.slow
def test_writers_that_are_killed_lose_nothing_that_was_acknowledged(tmp_path):
    acknowledged, lost = killed_writers(tmp_path / "ledger", 60, seed=7)
    assert acknowledged > 0
    assert lost == 0


def test_a_function_decides_from_the_ledger_as_it_is_when_its_records_are_written(tmp_path):
    def once(ledger):
        return [] if ledger.entries else [forecast()]

    assert len(append(tmp_path, once, clock=clock()).entries) == 1
    assert append(tmp_path, once, clock=clock()).entries == ()
    assert read_ledger(tmp_path, now=NOW).entries[0].contract == CONTRACT


@pytest.mark.parametrize("name", [LEDGER, HEAD])
@pytest.mark.parametrize("put", [os.mkfifo, Path.mkdir])
def test_what_is_no_file_is_never_read(tmp_path, name, put):
    """A named pipe would never end."""
    fill(tmp_path, 2)
    (tmp_path / name).unlink()
    put(tmp_path / name)
    for ask in (lambda: read_ledger(tmp_path, now=NOW), lambda: append(tmp_path, [forecast()], clock=clock())):
        with pytest.raises(LedgerError, match=rf"{name}: found no plain file.*restore"):
            ask()
