"""What goes wrong, said once: the exceptions of this package and the result of a rule.

Every message follows one form: where (file and line), what was found, and what to write instead.
"""

from __future__ import annotations

import difflib
import os
import re
import traceback
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

MOST_SHOWN = 2_000  # characters of what was found in one place
WHOLE = "FORECAST_TRACEBACK"  # an environment variable: set, a notebook shows every line behind an error
PACKAGE = Path(__file__).parent  # as files of its code are named in tracebacks


class ForecastingError(Exception):
    """Base of every error that this package raises on purpose; a notebook shows the line that asked, and the message."""

    def _render_traceback_(self) -> list[str]:
        """Return what IPython shows of the error: the lines of the reader's own code that led to it, then the message."""
        if os.environ.get(WHOLE):
            return "".join(traceback.format_exception(self)).splitlines()
        name = type(self).__name__
        return [*_asked_in(self), f"{name}: {self}", "", f"(every line behind it: %env {WHOLE}=1, then %tb)"]


def _asked_in(error: BaseException) -> list[str]:
    """Return the lines of code that led into this package, the last one innermost, without those of IPython."""
    lines = []
    for frame, number in traceback.walk_tb(error.__traceback__):
        if _is_ours(frame.f_code.co_filename):
            break
        if str(frame.f_globals.get("__name__", "")).split(".")[0] not in ("IPython", "ipykernel"):
            lines += _told(frame, number)
    return lines


def _is_ours(file: str) -> bool:
    """Return whether a file is one of this package; a cell has a name in place of a file."""
    return PACKAGE in Path(file).parents


def _told(frame: FrameType, number: int) -> list[str]:
    """Return where a frame stands and its line of code; a cell's file has a name that says nothing to a reader."""
    file = frame.f_code.co_filename
    cell = file.startswith("<ipython-input") or "ipykernel_" in file
    code = traceback.FrameSummary(file, number, frame.f_code.co_name).line
    return [f"{'the cell' if cell else file}, line {number}", f"----> {str(code)[:MOST_SHOWN]}", ""]


class DossierError(ForecastingError):
    """The files under ``priors/`` break one or more rules.

    Parameters
    ----------
    results : tuple of CheckResult
        The failures, all of them, in file order.
    """

    def __init__(self, results: tuple[CheckResult, ...]):
        self.results = results
        super().__init__("\n".join(str(result) for result in results))


class GateError(ForecastingError):
    """A fit may not be published: a diagnostic of the gate failed."""


class UnfinishedError(ForecastingError):
    """A step after the fit failed; what was computed before it is kept as a draft."""


class SamplingStopped(ForecastingError):
    """The sampler came back early: it was interrupted, for a sampler takes Ctrl-C for itself."""


class FileError(ForecastingError):
    """A file or folder cannot be written: no room, no permission, or another command holds it."""


class UsageError(ForecastingError):
    """A call that cannot be answered: an unknown id, a malformed argument."""


class UnknownRecordError(UsageError, KeyError):
    """No record of a table has that id; a `KeyError` too, as of any mapping."""

    __str__ = BaseException.__str__  # that of KeyError shows the message as a quoted literal


def near(key: str, known: Iterable[str], label: str = "known") -> str:
    """Return a hint: the nearest known names, or the first few; names that differ in capitals and zeros alone come first.

    Examples
    --------
    >>> near("C-04", ["c-004", "c-064"]), near("pact", [], "known events")
    ("did you mean 'c-004' or 'c-064'?", 'known events: none yet')
    """
    key, known = str(key), sorted(map(str, known))
    same = [name for name in known if _plain(name) == _plain(key)]
    close = list(dict.fromkeys([*same, *difflib.get_close_matches(key, known, n=3, cutoff=0.6)]))[:3]
    if close:
        return "did you mean " + " or ".join(f"'{name}'" for name in close) + "?"
    shown = ", ".join(known[:8]) + (", …" if len(known) > 8 else "")
    return f"{label}: {shown}" if known else f"{label}: none yet"


def _plain(name: str) -> str:
    return re.sub(r"0+(?=\d)", "", name.casefold())


@dataclass(frozen=True)
class Where:
    """A place in a file; ``line`` counts from 1, and 0 means the file as a whole."""

    file: str
    line: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file


@dataclass(frozen=True)
class CheckResult:
    """The outcome of one rule at one place.

    Parameters
    ----------
    rule : str
        Id of the rule, as in ``docs/checks.md``.
    where : Where
        File and line.
    found : str
        What stands there.
    fix : str
        What to write instead.
    status : {"failure", "warning", "passed"}
        A failure makes ``forecast check`` exit with 2; a warning is shown and lets the run go on; "passed" says what
        was confirmed, and needs no fix.
    """

    rule: str
    where: Where
    found: str
    fix: str
    status: str = "failure"

    def __str__(self) -> str:
        mark = "warning: " if self.status == "warning" else ""
        fix = f"\n  {_cut(self.fix)}" if self.fix else ""
        return f"{self.where}  {mark}{_cut(self.found)}{fix}  [{self.rule}]"


def _cut(text: str) -> str:
    return text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}… ({len(text):,} characters)"


@dataclass(frozen=True)
class EmptyField(CheckResult):
    """A field of a record that was begun and is not completed yet.

    Parameters
    ----------
    record : str
        What the record is called in messages, for example ``claim c-001``.
    field : str
        Its field, with dots between the levels.
    begins : int
        The line on which the record begins.
    """

    record: str = ""
    field: str = ""
    begins: int = 0


def gather_empty(results: tuple[CheckResult, ...]) -> tuple[CheckResult, ...]:
    """Return results with the empty fields of one record in one result, at the place of the first of them.

    Examples
    --------
    >>> title, author = (
    ...     EmptyField("source-fields", Where("sources/a.yaml", line), "", "", record="source a", field=name, begins=1)
    ...     for line, name in ((2, "title"), (4, "author"))
    ... )
    >>> print(gather_empty((title, author))[0])
    sources/a.yaml:2  source a: 2 fields are still to be filled in: title (line 2), author (line 4)
      write what the comment beside each asks for; priors/README.md describes all fields  [source-fields]
    """
    empty: dict[tuple[str, int], list[EmptyField]] = {}
    for result in results:
        if isinstance(result, EmptyField):
            empty.setdefault((result.where.file, result.begins), []).append(result)
    gathered: list[CheckResult] = []
    for result in results:
        fields = empty[result.where.file, result.begins] if isinstance(result, EmptyField) else []
        if len(fields) < 2:
            gathered.append(result)
        elif result is fields[0]:
            gathered.append(_in_one(fields))
    return tuple(gathered)


def _in_one(fields: list[EmptyField]) -> CheckResult:
    """Return one result for the empty fields of a record; those of a table's row all stand on one line."""
    rule, where = fields[0].rule, fields[0].where
    lines = {item.where.line for item in fields}
    listed = ", ".join(f"{item.field} (line {item.where.line})" if len(lines) > 1 else item.field for item in fields)
    comment = "what the comment beside each asks for" if len(lines) > 1 else "them in"
    found = f"{fields[0].record}: {len(fields)} fields are still to be filled in: {listed}"
    return CheckResult(rule, where, found, f"write {comment}; priors/README.md describes all fields")
