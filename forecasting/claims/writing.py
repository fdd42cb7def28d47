"""Write new records into a dossier: whole files in one step, records appended without touching what stands before."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock

from forecasting.claims.anchors import digest
from forecasting.claims.parse import ParseError, parse_yaml
from forecasting.errors import UsageError


@contextmanager
def locked(root: Path) -> Iterator[None]:
    """Keep other writers out of a dossier, so that none loses the other's record."""
    name = f"forecasting-{os.getuid() if hasattr(os, 'getuid') else 0}-{digest(str(root.resolve()))[:16]}.lock"
    with FileLock(Path(tempfile.gettempdir()) / name, timeout=30):
        yield


def write_file(path: Path, text: str, *, force: bool = False) -> None:
    """Write a new file in one step: whoever looks finds all of it, or none.

    Raises
    ------
    UsageError
        If something is there already and ``force`` is not set, or the folder cannot be written to.
    """
    if path.is_dir():
        raise UsageError(f"{path} is a folder; name a file")
    if not force and (path.exists() or path.is_symlink()):
        raise UsageError(f"{path} exists already; name another file, or write over it with --force")
    _replace(path, text.encode("utf-8"))


def append_record(path: Path, record: str) -> int:
    """Append one record to a list in a YAML file, or begin the file with it.

    What stands there stays byte for byte; a line end that the last line lacks is added. Before the file is replaced the
    new one is read back: it must hold one record more.

    Returns
    -------
    int
        The line on which the record begins.

    Raises
    ------
    UsageError
        If the file holds no list of records, or cannot be read or written; it is left as it was.
    """
    before = path.read_bytes() if path.exists() else b""
    newline = b"\r\n" if b"\r\n" in before else b"\n"
    n = _count(path) if before else 0
    gap = b"" if not before else newline if before.endswith(b"\n") else newline * 2
    after = before + gap + record.encode("utf-8").replace(b"\n", newline)
    _replace(path, after, n_records=n + 1)
    return (before + gap).count(b"\n") + 1


def _count(path: Path, name: str = "") -> int:
    try:
        value = parse_yaml(path, name or str(path)).value
    except ParseError as error:
        raise UsageError(str(error.result)) from None
    if value is not None and not isinstance(value, tuple):
        raise UsageError(f"{path} holds no list of records; mend it first")
    return len(value or ())


def _replace(path: Path, content: bytes, n_records: int | None = None) -> None:
    """Put content in place of a file; where it is a list, only after counting its records."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise UsageError(f"{path.parent} cannot be written to ({error.strerror}); choose another place") from None
    new = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if n_records is not None and _count(new, str(path)) != n_records:
            raise UsageError(f"{path} is not written as '- id: …' lines, so nothing can be appended; write it that way")
        new.chmod(path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask())
        new.replace(path)
    except OSError as error:
        raise UsageError(f"{path} cannot be written ({error.strerror}); nothing was changed") from None
    finally:
        new.unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
