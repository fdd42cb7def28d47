"""A disk that fails at one of its writes: each opening for writing, rename, link, new folder, sync and write counts as one.

Python says of each before it happens (its audit events), and an error raised there is what the caller sees; sync and write are
wrapped, and so is the one library that writes without Python (NetCDF), which fails with half of its file written.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import xarray as xr

KINDS = (errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EIO)
CHANGING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
PLACES = {"os.mkdir": 0, "os.rename": 1, "os.link": 1, "os.symlink": 1, "os.truncate": 0, "os.chmod": 0, "os.remove": 0}
FOLDERS = {"os.mkdir": 2, "os.rename": 2, "os.link": 2, "os.symlink": 2, "os.truncate": 2, "os.chmod": 2, "os.remove": 1}
NO_ROOM_NEEDED = ("os.remove", "os.truncate", "os.rename")  # they work on a full disk
SPARED = (".lock", ".writer")  # opened by whoever waits for a lock; there is nothing in them


@dataclass
class Disk:
    """What is below ``root`` fails at write number ``at`` (None: never), once or, a full disk, from then on."""

    root: str
    at: int | None
    number: int
    count: int = 0
    said: list[str] = field(default_factory=list)

    def write(self, what: str, path: Any) -> None:
        """Count a write, and fail if it is its turn."""
        if isinstance(path, bytes):
            path = os.fsdecode(path)
        if not isinstance(path, str | os.PathLike):
            return
        where = str(Path(path).absolute())
        if not where.startswith(self.root):
            return
        removes = what in NO_ROOM_NEEDED
        if (what == "os.remove" and Path(where).name.startswith(".")) or (what in ("os.mkdir", "open") and Path(where).is_dir()):
            return  # clearing up; a folder that is there
        self.said.append(f"{what} {where.removeprefix(self.root)}")
        hit = self.at is not None and self.count == self.at and not (self.number == errno.ENOSPC and removes)
        full = self.at is not None and self.number == errno.ENOSPC and self.count > self.at and not removes
        self.count += 1
        if hit or full:
            raise OSError(self.number, os.strerror(self.number), where)


DISK: list[Disk] = []  # the one that fails at present; hooks cannot be taken out again


def _hook(event: str, values: tuple) -> None:
    if not DISK:
        return
    if event == "open":
        path, _, flags = values
        if isinstance(flags, int) and flags & CHANGING and not str(path).endswith(SPARED):
            DISK[0].write("open", path)
    elif event in PLACES and not any(isinstance(value, int) and value >= 0 for value in values[FOLDERS[event]:]):
        DISK[0].write(event, values[PLACES[event]])


HOOKED: list[bool] = []


@contextmanager
def failing(root: Path, at: int | None, number: int) -> Iterator[Disk]:
    """Have the disk below a folder fail, or with ``at`` None only count."""
    if not HOOKED:
        sys.addaudithook(_hook)
        HOOKED.append(True)
    disk = Disk(str(root.resolve()), at, number)
    sync, write, netcdf = os.fsync, os.write, xr.DataTree.to_netcdf

    def path_of(handle: int) -> str | None:
        link = Path(f"/proc/self/fd/{handle}")
        path = str(link.readlink()) if link.is_symlink() else None
        if path is None or not path.startswith("/"):
            return None  # a pipe or a socket is not on the disk
        return None if Path(path).is_dir() else path  # a folder that cannot be synced is left alone

    def fsync(handle: int) -> None:
        disk.write("fsync", path_of(handle))  # and no more: nothing here has to outlive the machine

    def written(handle: int, content: Any) -> int:
        path = path_of(handle)
        try:
            disk.write("write", path)
        except OSError:
            if path and path.startswith(disk.root):
                write(handle, bytes(content)[: len(content) // 2])  # a part of it is there
            raise
        return write(handle, content)

    def to_netcdf(tree: xr.DataTree, path: Path, **more: Any) -> None:
        netcdf(tree, path, **more)
        try:
            disk.write("netcdf", path)
        except OSError as error:
            os.truncate(path, Path(path).stat().st_size // 2)
            raise RuntimeError("NetCDF: HDF error") from error  # what the library says

    os.fsync, os.write, xr.DataTree.to_netcdf = fsync, written, to_netcdf
    DISK.append(disk)
    try:
        yield disk
    finally:
        DISK.clear()
        os.fsync, os.write, xr.DataTree.to_netcdf = sync, write, netcdf


def faults(disk: Disk, every: bool = True) -> list[tuple[int, int]]:
    """Return each write that was counted with each error that it can meet, or with one of them in turn."""
    found = []
    for at, said in enumerate(disk.said):
        kinds = [number for number in KINDS if number != errno.ENOSPC or not said.startswith(NO_ROOM_NEEDED)]
        found += [(at, number) for number in (kinds if every else [kinds[at % len(kinds)]])]
    return found


def contents(root: Path) -> dict[str, bytes]:
    """Return every file below a folder but locks, by name."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*")) if path.is_file() and not path.name.endswith(SPARED)
    }  # fmt: skip
