"""Files and folders are replaced whole or not at all, by one writer or two, and what killed writers leave is removed."""

from __future__ import annotations

import errno
import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from forecasting import files
from forecasting.backtest.points import read_point
from forecasting.errors import FileError, ForecastingError
from forecasting.files import (
    canonical_json,
    create_file,
    file_digest,
    locked,
    plain_bytes,
    publish,
    remove_leftovers,
    scratch_folder,
    text_digest,
    write_file,
)
from forecasting.lab.notebooks.references import read_references
from forecasting.runs.manifest import manifest_bytes


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()} - {files.LOCK}


def test_a_file_is_written_and_replaced_and_nothing_stays_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "a.txt"
    write_file(path, "old ß\n")
    write_file(path, b"new\n")
    assert path.read_bytes() == b"new\n"
    assert names(path.parent) == {"a.txt"}


def test_a_file_keeps_its_permissions_and_a_new_one_has_those_of_its_owner(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    before = os.umask(0o027)
    try:
        write_file(path, "one")
        assert stat.S_IMODE(path.stat().st_mode) == 0o640
        path.chmod(0o600)
        write_file(path, "two")
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    finally:
        os.umask(before)


def test_a_link_stays_and_what_it_points_to_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "real.txt").write_text("old")
    (tmp_path / "link.txt").symlink_to(tmp_path / "real.txt")
    write_file(tmp_path / "link.txt", "new")
    assert (tmp_path / "link.txt").is_symlink()
    assert (tmp_path / "real.txt").read_text() == "new"


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO, errno.EROFS, errno.EACCES])
@pytest.mark.parametrize("call", ["fsync", "open"])
def test_a_write_that_fails_leaves_the_old_file_and_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, call: str
) -> None:
    path = tmp_path / "a.txt"
    write_file(path, "old")

    def fails(*_: object) -> int:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(files.os, call, fails)
    fix = "make room on the disk" if number == errno.ENOSPC else "name a folder that can be written"
    with pytest.raises(FileError, match=rf"a\.txt: cannot be written \({os.strerror(number)}\), and is as it was; {fix}"):
        write_file(path, "new, and longer")
    with pytest.raises(FileError, match=r"b\.txt: cannot be written"):
        create_file(tmp_path / "b.txt", "new")
    monkeypatch.undo()
    assert path.read_text() == "old"
    assert names(tmp_path) == {"a.txt"}


def test_a_new_file_that_is_not_accepted_does_not_take_the_place_of_the_old(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    write_file(path, "old")

    def refuse(new: Path) -> None:
        assert new.read_text() == "new"
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        write_file(path, "new", accept=refuse)
    assert path.read_text() == "old"
    assert names(tmp_path) == {"a.txt"}


def test_a_file_is_created_where_there_is_none_and_only_there(tmp_path: Path) -> None:
    path = tmp_path / "secret.txt"
    create_file(path, "salt", private=True)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(FileExistsError):
        create_file(path, "other")
    assert path.read_text() == "salt"
    assert names(tmp_path) == {"secret.txt"}


def test_equal_values_have_one_json_text_and_one_digest(tmp_path: Path) -> None:
    assert canonical_json({"b": 1, "a": [0.1, None, "ü"]}) == canonical_json({"a": [0.1, None, "ü"], "b": 1})
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical_json(float("nan"))
    write_file(tmp_path / "a", "ü")
    assert file_digest(tmp_path / "a") == text_digest("ü")


def put(target: Path, text: str) -> None:
    """Publish a folder of two files that say the same."""
    with scratch_folder(target) as scratch:
        for name in ("a", "b"):
            write_file(scratch / name, text)
        publish(scratch, target)


@pytest.mark.parametrize("exchange", [True, False], ids=["in one step", "in two renames"])
def test_a_published_folder_replaces_the_old_one_and_leaves_nothing_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, exchange: bool
) -> None:
    if not exchange:
        monkeypatch.setattr(files, "_exchanged", lambda *_: False)
    for text in ("old", "new"):
        put(tmp_path / "run", text)
    assert (tmp_path / "run" / "a").read_text() == "new"
    assert names(tmp_path) == {"run"}
    assert names(tmp_path / "run") == {"a", "b"}


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="folders are exchanged in one step on Linux only")
def test_linux_exchanges_two_folders_in_one_step(tmp_path: Path) -> None:
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "name").write_text(name)
    assert files._exchanged(tmp_path / "one", tmp_path / "other")
    assert (tmp_path / "one" / "name").read_text() == "other"
    with pytest.raises(FileNotFoundError):
        files._exchanged(tmp_path / "one", tmp_path / "nothing")


def test_what_is_not_published_is_gone_and_the_old_folder_stays(tmp_path: Path) -> None:
    put(tmp_path / "run", "old")

    def interrupted() -> None:
        with scratch_folder(tmp_path / "run") as scratch:
            (scratch / "a").write_text("half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert (tmp_path / "run" / "a").read_text() == "old"
    assert names(tmp_path) == {"run"}


WRITER = """
import sys, time
from pathlib import Path
from forecasting.files import scratch_folder
with scratch_folder(Path(sys.argv[1])) as scratch:
    (scratch / "a").write_text("half")
    print("begun", flush=True)
    time.sleep(60)
"""


def test_what_a_killed_writer_leaves_is_removed_and_what_a_living_one_writes_is_not(tmp_path: Path) -> None:
    writer = subprocess.Popen([sys.executable, "-c", WRITER, tmp_path / "run"], stdout=subprocess.PIPE, text=True)
    with writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "begun\n"
        assert remove_leftovers(tmp_path) == []
        writer.send_signal(signal.SIGKILL)
    (left,) = remove_leftovers(tmp_path)
    assert left.name.startswith(".run.")
    assert names(tmp_path) == set()
    assert remove_leftovers(tmp_path / "nowhere") == []


def test_a_file_left_half_written_is_removed_after_a_minute(tmp_path: Path) -> None:
    left, being_written = tmp_path / ".a.txt.0000.tmp", tmp_path / ".b.txt.0000.tmp"
    for path in (left, being_written):
        path.write_text("half")
    os.utime(left, (time.time() - 90, time.time() - 90))
    assert remove_leftovers(tmp_path) == [left]
    assert names(tmp_path) == {being_written.name}


@pytest.mark.parametrize("placed", [True, False])
def test_a_folder_whose_writer_was_killed_between_two_renames_is_put_back(tmp_path: Path, placed: bool) -> None:
    put(tmp_path / ".run.old", "old")
    if placed:
        put(tmp_path / "run", "new")
    removed = remove_leftovers(tmp_path)
    assert len(removed) == placed
    assert (tmp_path / "run" / "a").read_text() == ("new" if placed else "old")
    assert names(tmp_path) == {"run"}


def test_a_lock_that_another_holds_is_named(tmp_path: Path) -> None:
    said = r"\.lock: another command has held it for 0 s"
    with locked(tmp_path), pytest.raises(FileError, match=said), locked(tmp_path, patience=0):
        pass


OFTEN = """
import sys
from pathlib import Path
from forecasting.files import publish, scratch_folder, write_file
target, text, times = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
for _ in range(times):
    with scratch_folder(target) as scratch:
        for name in ("a", "b"):
            write_file(scratch / name, text)
        publish(scratch, target)
    print("published", flush=True)
"""


@pytest.mark.slow
def test_two_writers_at_once_never_fail_and_a_reader_never_finds_a_folder_missing_or_mixed(
    tmp_path: Path, measured
) -> None:
    times, target = 500, tmp_path / "run"
    put(target, "x")
    command = [sys.executable, "-c", OFTEN, str(target)]
    writers = [subprocess.Popen([*command, text, str(times)], stdout=subprocess.PIPE, text=True) for text in "yz"]
    looked, missing, mixed = 0, 0, 0
    while any(writer.poll() is None for writer in writers):
        looked += 1
        time.sleep(0.0005)
        try:
            folder = os.open(target, os.O_RDONLY)
        except FileNotFoundError:
            missing += 1
            continue
        try:  # one folder, whatever is put in its place meanwhile; its files may go, for it is the old one then
            said = set()
            for name in ("a", "b"):
                handle = os.open(name, os.O_RDONLY, dir_fd=folder)
                said.add(os.read(handle, 9))
                os.close(handle)
            mixed += len(said) > 1
        except FileNotFoundError:
            pass
        finally:
            os.close(folder)
    failed = 2 * times - sum(len(writer.communicate()[0].split()) for writer in writers)
    measured(f"two writers of one folder: {failed} of {2 * times} failed; {looked} looks: {missing} missing, {mixed} mixed")
    assert (failed, missing, mixed) == (0, 0, 0)
    assert looked > 100
    assert names(tmp_path) == {"run"}


READS = {
    "a manifest": lambda path: manifest_bytes(path.parent),
    "a digest": file_digest,
    "bytes": plain_bytes,
    "a point of a backtest": read_point,
    "references": read_references,
}


@pytest.mark.parametrize("read", READS.values(), ids=READS.keys())
def test_a_pipe_is_refused_and_never_waited_for(read, tmp_path):
    path = tmp_path / "manifest.json"
    os.mkfifo(path)
    with pytest.raises((ForecastingError, OSError), match="a pipe or a device"):
        read(path)
