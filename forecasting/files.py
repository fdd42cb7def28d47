"""Files and folders on disk: written whole or not at all, under a lock, with digests; what killed writers left is removed."""

from __future__ import annotations

import ctypes
import errno
import hashlib
import json
import math
import os
import secrets
import shutil
import stat
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from forecasting.errors import FileError

SUFFIX = ".tmp"  # of everything that is being written: ".name.random.tmp"
OLD = ".old"  # of a folder that is out of its place for the moment between two renames
WRITER = ".writer"  # the lock inside a scratch folder; whoever can take it knows that the writer has died
LOCK = ".lock"
PATIENCE = 60.0  # seconds: no lock here is held for longer than a rename, and no file is written for longer
AT_FDCWD, RENAME_EXCHANGE = -100, 2


def plain_bytes(path: Path) -> bytes:
    """Return the bytes of a plain file; a named pipe or a device, which would never end, is refused.

    Raises
    ------
    OSError
        If it cannot be read, or is no plain file: as of a file that is not there, with what it is.
    """
    _refuse_no_plain_file(path)
    return path.read_bytes()


def plain_text(path: Path) -> str:
    """Return the text of a plain file in UTF-8; raises as `plain_bytes`, and ValueError if it is not UTF-8."""
    return plain_bytes(path).decode("utf-8")


def _refuse_no_plain_file(path: Path) -> None:
    kind = path.stat().st_mode
    if not stat.S_ISREG(kind) and not stat.S_ISDIR(kind):  # a folder the system refuses in its own words
        raise OSError(errno.EINVAL, "a pipe or a device, and no plain file", str(path))


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a plain file's bytes in hexadecimal; raises as `plain_bytes`."""
    _refuse_no_plain_file(path)
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def text_digest(text: str) -> str:
    r"""Return the SHA-256 of a text in UTF-8.

    Examples
    --------
    >>> text_digest("abc")[:12]
    'ba7816bf8f01'
    """
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def canonical_json(value: Any) -> str:
    """Return the one JSON text of a value: keys sorted, no spaces, no NaN.

    Examples
    --------
    >>> canonical_json({"b": [1, 0.5], "a": "ß"})
    '{"a":"ß","b":[1,0.5]}'
    """
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def strict_json(content: bytes) -> Any:
    r"""Return what JSON text stands for; no key may stand twice, and NaN and Infinity are no numbers.

    Raises
    ------
    ValueError
        Saying what was found.

    Examples
    --------
    >>> strict_json(b'{"a": [1, 0.5]}')
    {'a': [1, 0.5]}
    >>> strict_json(b'{"a": 1, "a": 2}')
    Traceback (most recent call last):
    ValueError: no JSON (a key that stands twice)
    """

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len({name for name, _ in pairs}) < len(pairs):
            raise ValueError("a key that stands twice")
        return dict(pairs)

    def constant(name: str) -> Any:
        raise ValueError(f"{name}, which is no number")

    def finite(text: str) -> float:
        return float(text) if math.isfinite(float(text)) else constant(text)

    try:
        return json.loads(content.decode("utf-8"), object_pairs_hook=once, parse_constant=constant, parse_float=finite)
    except RecursionError:
        raise ValueError("nesting too deep to read") from None
    except ValueError as error:
        raise ValueError(f"no JSON ({error})") from None


def write_file(path: Path, content: str | bytes, *, accept: Callable[[Path], None] | None = None) -> None:
    """Put content in place of a file in one step; a reader, or a power cut, finds the old content or the new, never a part.

    Missing folders are made. A file that is there keeps its permissions; of a link, what it points to is replaced, if that lies
    in or below the link's own folder: a project that somebody sent must not lead a command to files elsewhere.

    Parameters
    ----------
    accept : callable, optional
        Called with the path of the finished new file before it takes its place; what it raises leaves the old one there.

    Raises
    ------
    FileError
        If it cannot be written; then nothing has changed.
    """
    with writing(path):
        refuse_leading_out(path)
        path = path.resolve()
        path.parent.mkdir(parents=True, exist_ok=True)
        mode = path.stat().st_mode & 0o777 if path.exists() else None
    with _finished(path, content, mode) as new:
        if accept:
            accept(new)
        with writing(path):
            new.replace(path)
            sync_folder(path.parent)


def leads_out(path: Path) -> bool:
    """Return whether a path is a link to something that lies neither in nor below the folder of the link."""
    return path.is_symlink() and not path.resolve().is_relative_to(path.parent.resolve())


def refuse_leading_out(path: Path) -> None:
    """Refuse to write to a link that leads out of the folder in which it lies.

    Raises
    ------
    FileError
        If ``path`` is such a link.
    """
    if leads_out(path):
        raise FileError(f"{path}: a link that leads out of its folder; remove it, or name the file itself")


def create_file(path: Path, content: str | bytes, *, private: bool = False) -> None:
    """Put a file where there is none, in one step.

    Parameters
    ----------
    private : bool
        Only its owner may read it.

    Raises
    ------
    FileExistsError
        If there is something already.
    FileError
        If it cannot be written.
    """
    with _finished(path, content, 0o600 if private else None) as new:
        try:
            os.link(new, path)  # unlike a rename it fails where something stands
        except FileExistsError:
            raise
        except OSError as error:
            raise _error(path, error) from None
        sync_folder(path.parent)


@contextmanager
def _finished(path: Path, content: str | bytes, mode: int | None) -> Iterator[Path]:
    """Give a new file beside ``path`` with the whole content on the disk; it is gone afterwards, if it is still there."""
    with writing(path):
        raw = content.encode("utf-8") if isinstance(content, str) else content
        new = _beside(path)
    try:
        with writing(path):
            handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
            with os.fdopen(handle, "wb") as file:
                file.write(raw)
                file.flush()
                os.fsync(file.fileno())
            if mode is not None:
                new.chmod(mode)
        yield new
    finally:
        with suppress(OSError):
            new.unlink(missing_ok=True)


def _beside(path: Path) -> Path:
    return path.with_name(f".{path.name}.{secrets.token_hex(4)}{SUFFIX}")


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Answer what the system, or a name that it cannot have, says against writing with an error of this package.

    Raises
    ------
    FileError
        If it cannot be written.
    """
    try:
        yield
    except (OSError, ValueError) as error:  # a ValueError: no file can have such a name, or hold such a text
        raise _error(path, error) from None


def _error(path: Path, error: OSError | ValueError) -> FileError:
    number = error.errno if isinstance(error, OSError) else None
    fix = "make room on the disk" if number in (errno.ENOSPC, errno.EDQUOT) else "name a folder that can be written"
    said = (error.strerror if isinstance(error, OSError) else None) or error
    return FileError(f"{path}: cannot be written ({said}), and is as it was; {fix}")


def sync_folder(folder: Path) -> None:
    """See that the names in a folder are on the disk; a system that cannot sync folders is left alone."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextmanager
def locked(folder: Path, *, patience: float = PATIENCE) -> Iterator[None]:
    """Keep other writers out of a folder, for a moment; the system lets go of the lock of a process that dies.

    Raises
    ------
    FileError
        If another process holds it for longer than ``patience`` seconds, or the folder cannot be written.
    """
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / LOCK)
        try:
            lock.acquire(timeout=patience)
        except Timeout:
            raise FileError(f"{folder / LOCK}: another command has held it for {patience:.0f} s; wait for that one") from None
    try:
        yield
    finally:
        lock.release()


@contextmanager
def scratch_folder(target: Path) -> Iterator[Path]:
    """Give an empty folder beside ``target`` to write in; `publish` puts it in place, and without that it is removed.

    The process that made it holds a lock in it. When that process has died, `remove_leftovers` removes the folder.
    """
    with locked(target.parent), writing(target):
        new = _beside(target)
        new.mkdir()
        lock = FileLock(new / WRITER)
        lock.acquire(timeout=0)
    try:
        yield new
    finally:
        lock.release()
        shutil.rmtree(new, ignore_errors=True)


def publish(scratch: Path, target: Path) -> None:
    """Put a finished scratch folder in place of ``target`` in one step, with its files on the disk; the old one is removed.

    Two that publish at once come one after the other, and the last one stays. Where the system cannot exchange two
    folders, there is no ``target`` for a moment; a reader who takes the lock (`locked`) does not see that moment.
    """
    refuse_leading_out(target)
    with locked(target.parent), writing(target):
        (scratch / WRITER).unlink(missing_ok=True)
        sync_folder(scratch)
        if not target.exists():
            scratch.rename(target)
        elif not _exchanged(scratch, target):
            old = target.with_name(f".{target.name}{OLD}")
            target.rename(old)
            scratch.rename(target)
            old.rename(scratch)
        sync_folder(target.parent)


def _exchanged(one: Path, other: Path) -> bool:
    """Exchange two folders in one step, and return whether the system can do that."""
    if not sys.platform.startswith("linux"):
        return False
    call = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if call is None:
        return False
    if call(AT_FDCWD, os.fsencode(one), AT_FDCWD, os.fsencode(other), RENAME_EXCHANGE) == 0:
        return True
    number = ctypes.get_errno()
    if number in (errno.EINVAL, errno.ENOSYS):  # this file system, or this kernel, cannot
        return False
    raise OSError(number, os.strerror(number), str(other))


def remove_leftovers(folder: Path) -> list[Path]:
    """Remove what killed writers have left in a folder, and return it; what is being written is left alone."""
    patterns = f".*{SUFFIX}", f".*{OLD}"
    if not any(path for pattern in patterns for path in folder.glob(pattern)):
        return []
    with locked(folder):
        for old in folder.glob(f".*{OLD}"):
            target = folder / old.name[1 : -len(OLD)]
            old.rename(_beside(target) if target.exists() else target)  # killed after the second rename, or before it
        found = [path for path in sorted(folder.glob(f".*{SUFFIX}")) if _abandoned(path)]
        for path in found:
            path.unlink(missing_ok=True) if path.is_symlink() or not path.is_dir() else shutil.rmtree(path, ignore_errors=True)
    return found


def _abandoned(path: Path) -> bool:
    if path.is_symlink() or not path.is_dir():
        return abs(time.time() - path.lstat().st_mtime) > PATIENCE  # also of a clock that has been set back since
    lock = FileLock(path / WRITER)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return False
    lock.release()
    return True
