"""Write new records into a dossier: whole files in one step, records appended without touching what stands before."""

from __future__ import annotations

import csv
import io
import os
import re
import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from forecasting import files
from forecasting.dossier.anchors import digest
from forecasting.dossier.parse import ParseError, parse_csv, parse_yaml
from forecasting.errors import FileError, UsageError
from forecasting.files import plain_bytes

PATIENCE = 30.0  # seconds


@contextmanager
def locked(root: Path) -> Iterator[None]:
    """Keep other writers out of a dossier, so that none loses the other's record.

    Raises
    ------
    UsageError
        If another process holds it for longer than `PATIENCE` seconds.
    FileError
        If there is no folder for temporary files, in which the lock is.
    """
    name = f"forecasting-{os.getuid() if hasattr(os, 'getuid') else 0}-{digest(str(root.resolve()))[:16]}.lock"
    try:
        path = Path(tempfile.gettempdir()) / name
    except FileNotFoundError as error:
        raise FileError(f"{error.strerror}; set TMPDIR to a folder that can be written") from None
    with files.writing(path):
        lock = FileLock(path)
        try:
            lock.acquire(timeout=PATIENCE)
        except Timeout:
            raise UsageError(f"another command is writing into {root}; wait for that one, and try again") from None
    try:
        yield
    finally:
        lock.release()


def inside(root: Path, path: Path) -> Path:
    """Return a path below a folder, unless a link on the way leads out of it: a project that somebody sent may have one.

    `forecasting.files.write_file` looks at the file alone. Where a folder lies between a file and the folder that was named, or
    that is the project's, it is looked at here.

    Raises
    ------
    UsageError
        If it lies elsewhere.
    """
    if path.resolve().is_relative_to(root.resolve()):
        return path
    if path.is_symlink():
        raise UsageError(f"{path} is a link that leaves the folder; put the file itself there")
    raise UsageError(f"{path}: a link on the way to it leads out of {root}; put the folder itself there")


def write_file(path: Path, text: str | bytes, *, force: bool = False) -> None:
    """Write a new file in one step: whoever looks finds all of it, or none.

    Raises
    ------
    UsageError
        If something is there already and ``force`` is not set.
    FileError
        If it cannot be written.
    """
    if path.is_dir():
        raise UsageError(f"{path} is a folder; name a file")
    if not force and (path.exists() or path.is_symlink()):
        raise UsageError(f"{path} exists already; name another file, or write over it with --force")
    files.write_file(path, text)


def append_record(path: Path, record: str, n_records: int = 1) -> int:
    """Append one record, or several, to a list in a YAML file, or begin the file with it.

    What stands there stays byte for byte; a line end that the last line lacks is added. Before the file is replaced the
    new one is read back: it must hold so many records more.

    Returns
    -------
    int
        The line on which the record begins.

    Raises
    ------
    UsageError
        If the file holds no list of records, or cannot be read or written; it is left as it was.
    """
    before = plain_bytes(path) if path.exists() else b""
    newline = b"\r\n" if b"\r\n" in before else b"\n"
    n = _count(path) if before else 0
    gap = b"" if not before else newline if before.endswith(b"\n") else newline * 2
    after = before + gap + record.encode("utf-8").replace(b"\n", newline)
    _replace(path, after, lambda new: _count(new, str(path)) == n + n_records, "write its records as '- id: …' lines")
    return (before + gap).count(b"\n") + 1


def _count(path: Path, name: str = "") -> int:
    try:
        value = parse_yaml(path, name or str(path)).value
    except ParseError as error:
        raise UsageError(str(error.result)) from None
    if value is not None and not isinstance(value, tuple):
        raise UsageError(f"{path} holds no list of records; mend it first")
    return len(value or ())


def insert_record(path: Path, table: str, record: str) -> int:
    """Append one record to a table of a YAML file that holds several, such as ``effects:`` before ``drivers:``.

    All else stays byte for byte. The record takes the indentation of those before it; before the file is replaced the new
    one is read back: the table must hold one record more, and everything else what it held.

    Returns
    -------
    int
        The line on which the record begins.

    Raises
    ------
    UsageError
        If the file holds no such tables, or its table is not written line by line; it is left as it was.
    """
    text = plain_bytes(path).decode("utf-8") if path.exists() else ""
    end = "\r" if "\r\n" in text else ""
    old = _tables(path) if text else {}
    lines = text.split("\n") if not text or text.endswith("\n") else [*text.split("\n")[:-1], text.split("\n")[-1] + end, ""]
    lines = [re.sub(rf"^({table}:)[ \t]*\[\][ \t]*", r"\1", line) for line in lines]  # an empty table is opened
    at, indent = _end_of(lines, table)
    if table not in old:
        lines[at:at] = [f"{table}:{end}"]
        at += 1
    lines[at:at] = [f"{indent}{line}{end}" for line in record.rstrip("\n").split("\n")]
    kept = {name: values for name, values in old.items() if name != table}

    def holds(new: Path) -> bool:
        got = _tables(new, str(path))
        return {name: values for name, values in got.items() if name != table} == kept and (
            (got[table] or ())[:-1] == (old.get(table) or ()) and len(got[table] or ()) == len(old.get(table) or ()) + 1
        )

    fix = f"write '{table}:' on a line of its own and its records as '- id: …' lines"
    _replace(path, "\n".join(lines).encode("utf-8"), holds, fix)
    return at + 1


def _end_of(lines: list[str], table: str) -> tuple[int, str]:
    """Return the position after the last line of a table, and the indentation of its records; the last line is empty."""
    head = next((n for n, line in enumerate(lines) if re.fullmatch(rf"{table}:\s*(#.*)?", line)), None)
    if head is None:
        return len(lines) - 1, ""
    end, indent = head + 1, None
    for n, line in enumerate(lines[head + 1 :], head + 1):
        if not line.strip() or line.startswith("#"):
            continue
        if re.match(r"[^\s-]", line):
            break
        end = n + 1
        indent = re.match(r"\s*", line).group() if indent is None else indent  # type: ignore[union-attr]
    return end, indent or ""


def _tables(path: Path, name: str = "") -> dict:
    try:
        value = parse_yaml(path, name or str(path)).value
    except ParseError as error:
        raise UsageError(str(error.result)) from None
    if value is not None and not isinstance(value, dict):
        raise UsageError(f"{path} holds no tables; write effects: and drivers:, each with its list")
    return value or {}


def append_row(path: Path, cells: Mapping[str, str], optional: Collection[str] = ()) -> int:
    """Append one row to a CSV table as `append_rows` does, and return the line on which it begins."""
    return append_rows(path, [cells], optional)


def append_rows(path: Path, rows: Sequence[Mapping[str, str]], optional: Collection[str] = ()) -> int:
    """Append rows to a CSV table, or begin the table with them, all or none; each has all its columns, in order.

    What stands there stays byte for byte, and the rows follow the order of its header, which may lack ``optional`` columns.

    Returns
    -------
    int
        The line on which the first row begins.

    Raises
    ------
    UsageError
        If the file is no table, or its header lacks a column; it is left as it was.
    """
    before = plain_bytes(path) if path.exists() else b""
    newline = "\r\n" if b"\r\n" in before else "\n"
    columns, n = list(rows[0]), 0
    try:
        if before:
            n = len(parse_csv(path, str(path)).value)
            columns = next(csv.reader(io.StringIO(before.decode("utf-8-sig"))))
    except ParseError as error:
        raise UsageError(str(error.result)) from None
    if lacking := [name for name in rows[0] if name not in columns and name not in optional]:
        raise UsageError(f"{path} lacks the column {lacking[0]}; add it to the header, and a cell to each row")
    new_rows = io.StringIO()
    writer = csv.DictWriter(new_rows, columns, restval="", lineterminator=newline)
    if not before:
        writer.writeheader()
    writer.writerows({name: cell for name, cell in cells.items() if name in columns} for cells in rows)
    head = before + (b"" if not before or before.endswith(b"\n") else newline.encode())
    whole, content = n + len(rows), head + new_rows.getvalue().encode("utf-8")
    _replace(path, content, lambda new: len(parse_csv(new, str(path)).value) == whole, "mend it")
    return (head.count(b"\n") if before else 1) + 1


def replace_row(path: Path, column: str, value: str, cells: Mapping[str, str]) -> int:
    """Put a row of a CSV table in place of the one that has a value in a column; all other rows stay byte for byte.

    Returns
    -------
    int
        The line on which the row begins.

    Raises
    ------
    UsageError
        If no row has the value, or the file cannot be read; it is left as it was.
    """
    try:
        parsed = parse_csv(path, str(path))
    except ParseError as error:
        raise UsageError(str(error.result)) from None
    n = next((n for n, row in enumerate(parsed.value) if row.get(column) == value), None)
    if n is None:
        raise UsageError(f"{path} has no row whose {column} is '{value}'")
    lines = plain_bytes(path).decode("utf-8").splitlines(keepends=True)
    starts = [parsed.lines[(m,)] for m in range(len(parsed.value))] + [len(lines) + 1]
    new = io.StringIO()
    columns = next(csv.reader(io.StringIO(lines[0].removeprefix("\ufeff"))))
    end = "\r\n" if lines[0].endswith("\r\n") else "\n"
    csv.DictWriter(new, columns, restval="", extrasaction="ignore", lineterminator=end).writerow(dict(cells))
    after = "".join([*lines[: starts[n] - 1], new.getvalue(), *lines[starts[n + 1] - 1 :]]).encode("utf-8")
    _replace(path, after, lambda got: len(parse_csv(got, str(path)).value) == len(parsed.value), "mend it")
    return starts[n]


def _replace(path: Path, content: bytes, holds: Callable[[Path], bool], fix: str) -> None:
    """Put content in place of a file if something holds of the new one."""

    def accept(new: Path) -> None:
        if not holds(new):
            raise UsageError(f"nothing can be appended to {path} as it is written; {fix}")

    files.write_file(path, content, accept=accept)
