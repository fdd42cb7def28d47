"""Change files of a dossier through its rules: all of them are written, or the folder stays as it was."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from forecasting import files
from forecasting.dossier.edition import Dossier
from forecasting.dossier.load import read_dossier
from forecasting.errors import CheckResult, FileError
from forecasting.files import plain_bytes
from forecasting.rules.check import check_read


def new_failures(root: Path, contents: Mapping[str, bytes | None]) -> tuple[CheckResult, ...]:
    """Return the failures that a dossier would have with some files changed, and does not have without.

    Parameters
    ----------
    root : Path
        The ``priors`` folder; it is read alone.
    contents : mapping of str to bytes
        The new content of files, by their path below ``root``; None removes one.
    """
    before = Counter(_kind(result) for result in _failures(root))
    with _changed(root, contents) as copy:
        after = _failures(copy)
    found = []
    for result in after:
        before[_kind(result)] -= 1
        if before[_kind(result)] < 0:
            found.append(result)
    return tuple(found)


def read_changed(root: Path, contents: Mapping[str, bytes | None]) -> Dossier:
    """Return the records as they would be with some files changed; ``contents`` as in `new_failures`."""
    with _changed(root, contents) as copy:
        return read_dossier(copy)[0]


@contextmanager
def _changed(root: Path, contents: Mapping[str, bytes | None]) -> Iterator[Path]:
    """Give a copy of a dossier with some files changed, for a moment."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / (root.name or root.resolve().name)
        shutil.copytree(root, copy)
        for name, content in contents.items():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            (copy / name).unlink() if content is None else (copy / name).write_bytes(content)
        yield copy


def put_in_place(root: Path, contents: Mapping[str, bytes | None]) -> None:
    """Write files: all of them are on the disk, beside the old ones, before the first takes its place.

    So a full disk is found before anything has changed. If one cannot take its place all the same, those before it get back
    what they held.

    Raises
    ------
    FileError
        If a file cannot be written; then nothing has changed, or the error names what could not be put back.
    """
    before = {name: plain_bytes(root / name) if (root / name).exists() else None for name in contents}
    done: list[str] = []

    def put(names: Sequence[str]) -> None:
        if not names:
            return
        content = contents[names[0]]
        if content is None:
            put(names[1:])
            (root / names[0]).unlink()
        else:
            files.write_file(root / names[0], content, accept=lambda _: put(names[1:]))
        done.append(names[0])

    try:
        put(list(contents))
    except BaseException as error:
        if lost := [name for name in done if not _put_back(root / name, before[name])]:
            raise FileError(f"{error}; {', '.join(lost)} has the new content and could not be put back") from None
        raise


def _put_back(path: Path, content: bytes | None) -> bool:
    try:
        path.unlink() if content is None else files.write_file(path, content)
    except (OSError, FileError):
        return False
    return True


def _failures(root: Path) -> tuple[CheckResult, ...]:
    dossier, failures = read_dossier(root)
    return (*failures, *(result for result in check_read(dossier, failures, warnings=False) if result.status == "failure"))


def _kind(result: CheckResult) -> tuple[str, str, str]:
    return result.rule, result.where.file, result.found
