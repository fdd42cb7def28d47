"""Run tests against mutants, each in a process forked from one that has imported all that no mutant changes."""

from __future__ import annotations

import ast
import contextlib
import csv
import importlib.abc
import importlib.util
import io
import json
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.mutants import Mutant, mutants
from benchmarks.mutation import Group, Measured, program
from benchmarks.trust import PROJECT

EQUIVALENT = Path(__file__).with_name("equivalent_mutants.csv")
SEED, TIMEOUT = 20261129, 90
NOT_FOUND = 4  # what pytest ends with where a test that is asked for is not there
LONGEST = 4.0  # seconds: slower tests are run only against what the quicker ones have not killed


class Noting:
    """A plugin of pytest: tells coverage which test runs, and notes how long each takes and that it passes."""

    def __init__(self, cover: Any) -> None:
        self.cover, self.seconds = cover, {}
        self.failed: list[str] = []

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        self.cover.switch_context(nodeid)

    def pytest_runtest_logreport(self, report: Any) -> None:
        self.seconds[report.nodeid] = self.seconds.get(report.nodeid, 0.0) + report.duration
        if report.failed:
            self.failed.append(report.nodeid)


def reach(group: Group, into: Path) -> None:
    """Run a group's tests with coverage, and write what reaches which line."""
    import coverage
    import pytest

    files = [str(path) for path in group.files()]
    cover = coverage.Coverage(data_file=None, branch=True, include=files)
    noting = Noting(cover)
    cover.start()
    code = pytest.main(["-q", "-n", "0", "-p", "no:cacheprovider", "--hypothesis-seed=0", *group.tests], plugins=[noting])
    cover.stop()
    if code:
        raise SystemExit(f"the tests do not pass without a mutant: {noting.failed}")
    data = cover.get_data()
    lines = {name: data.contexts_by_lineno(name) for name in data.measured_files()}
    exits = [pair for name in files for pair in cover.branch_stats(name).values()]  # of each line: how many, how many taken
    there, reached = (sum(pair[i] for pair in exits) for i in (0, 1))
    into.write_text(json.dumps({"lines": lines, "seconds": noting.seconds, "branches": [reached, there]}), "utf-8")


def in_child(work: Any, timeout: float) -> int:
    """Do something in a forked process; return its exit code, or 124 if it took too long."""
    pid = os.fork()
    if not pid:
        os.setsid()
        try:
            with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
                os._exit(int(work() or 0))
        except BaseException:  # noqa: BLE001
            os._exit(99)
    end = time.monotonic() + timeout
    while time.monotonic() < end:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.02)
    os.killpg(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return 124


class Changed(importlib.abc.MetaPathFinder, importlib.abc.SourceLoader):
    """Finds one module with another source than its file has."""

    def __init__(self, name: str, path: Path, source: str) -> None:
        self.name, self.path, self.source = name, path, source

    def find_spec(self, fullname: str, path: object, target: object = None) -> Any:
        if fullname == self.name:
            return importlib.util.spec_from_file_location(fullname, self.path, loader=self)
        return None

    def get_filename(self, fullname: str) -> str:
        return str(self.path)

    def get_data(self, path: str) -> bytes:
        return self.source.encode() if path == str(self.path) else Path(path).read_bytes()

    def path_stats(self, path: str) -> dict[str, Any]:
        raise OSError  # no byte code is read or written


def survives(path: Path, mutant: Mutant, tests: Sequence[str], timeout: float = TIMEOUT) -> bool:
    """Return whether the tests pass with the mutant in place of the module."""
    if not tests:
        return True
    name = _name(path)

    def work(some: Iterable[str]) -> int:
        import pytest

        sys.meta_path.insert(0, Changed(name, path, mutant.source))
        early = "ignore:Module already imported so cannot be rewritten"  # only how its failures would look
        return int(pytest.main(["-x", "-q", "-n", "0", "-p", "no:cacheprovider", "--hypothesis-seed=0", "-W", early, *some]))

    code = in_child(lambda: work(tests), timeout)
    if code == NOT_FOUND:  # a constant may name the cases of a test: the files are asked, so that only a failure counts
        code = in_child(lambda: work(sorted({test.partition("::")[0] for test in tests})), timeout)
    return code == 0


def tested(group: Group, name: str, sample: int) -> Measured:
    """Mutate a group and return what was found."""
    with tempfile.TemporaryDirectory() as folder:
        into = Path(folder) / "reach.json"
        if code := in_child(lambda: reach(group, into), 1800):
            raise SystemExit(f"{name}: the tests do not pass without a mutant (code {code})")
        known = json.loads(into.read_text("utf-8"))
    _preload(group)
    drawn = [(path, mutant) for path in group.files() for mutant in mutants(path.read_text("utf-8"))]
    there = len(drawn)
    random.Random(SEED).shuffle(drawn)
    drawn = sorted(drawn[:sample], key=lambda pair: (pair[0], pair[1].line))
    _hold({path for path, _ in drawn}, known)
    equivalents, survivors, equal = _equivalents(), [], 0
    for i, (path, mutant) in enumerate(drawn):
        short = path.relative_to(PROJECT / "forecasting").as_posix()
        if (short, text_of(path, mutant.line), mutant.was, mutant.now) in equivalents:
            equal += 1
            continue
        reaching = reached_by(known["lines"].get(str(path), {}), path.read_text("utf-8"), mutant.line, known["seconds"])
        reaching.sort(key=lambda test: known["seconds"].get(test, 0.0))
        quick = [test for test in reaching if known["seconds"].get(test, 0.0) <= LONGEST]
        slow = [test for test in reaching if test not in quick]
        limits = [TIMEOUT + 5 * sum(known["seconds"].get(test, 0.0) for test in some) for some in (quick, slow)]
        if survives(path, mutant, quick, limits[0]) and survives(path, mutant, slow, 4 * limits[1]):
            survivors.append(f"{short}:{mutant.line}: {mutant.was}  →  {mutant.now}{'' if reaching else '  (untested)'}")
            print(f"  survived {i + 1}/{len(drawn)}: {survivors[-1]}", flush=True)
    reached, branches = known["branches"]
    return Measured(name, program(group), there, len(drawn), tuple(survivors), equal, reached, branches)


def reached_by(lines: Mapping[str, Sequence[str]], source: str, line: int, every: Iterable[str] = ()) -> list[str]:
    """Return the tests that a change of a line can fail.

    Of a line within a function those that reach it, or the function where coverage notes no such line (one of several of a
    statement). A line outside functions, such as a constant or a field's default, is run once, when the module is read:
    every test may rest on it, also one that reaches no line, as where a library makes a record of the module.

    Parameters
    ----------
    lines : mapping of str to sequence of str
        The tests that reach each line of the module, by its number; '' where it was reached outside any test.
    every : iterable of str, optional
        All tests of the group.
    """

    def of(numbers: Iterable[int]) -> list[str]:
        return sorted({test for number in numbers for test in lines.get(str(number), ()) if test})

    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    around = [node for node in ast.walk(ast.parse(source)) if isinstance(node, kinds) and _first(node) <= line <= _last(node)]
    if not around:
        return sorted({*of(map(int, lines)), *every})
    inner = max(around, key=_first)
    return of([line]) or of(range(_first(inner), _last(inner) + 1))


def _first(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return function.body[0].lineno


def _last(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return function.end_lineno or function.lineno


def _hold(paths: Iterable[Path], known: dict[str, Any]) -> None:
    """See that each module that is read this way and is not changed survives: else its mutants would seem to be killed."""
    for path in sorted(paths):
        tests = sorted({test for some in known["lines"].get(str(path), {}).values() for test in some if test})
        limit = 10 * TIMEOUT + 5 * sum(known["seconds"].get(test, 0.0) for test in tests)
        if not survives(path, Mutant(0, "", "", path.read_text("utf-8")), tests, limit):
            raise SystemExit(f"{path}: its tests fail although nothing was changed")


class Refused(importlib.abc.MetaPathFinder):
    """Lets some modules not be imported, and so no module that rests on one of them."""

    def __init__(self, names: Iterable[str]) -> None:
        self.names = frozenset(names)

    def find_spec(self, fullname: str, path: object, target: object = None) -> None:
        if fullname in self.names:
            raise ImportError(fullname)


def _preload(group: Group) -> None:
    """Import what no mutant of a group changes, once, before the forks: libraries, and modules that rest on none of the group."""
    for name in ("numpy", "scipy.stats", "pandas", "xarray", "pydantic", "yaml", "typer", "pytest", "rich", "numba",
                 "jinja2", "matplotlib.figure", "openpyxl", "hypothesis", "scoringrules", "scores.probability"):  # fmt: skip
        importlib.import_module(name)
    refused = Refused(map(_name, group.files()))
    sys.meta_path.insert(0, refused)
    for path in sorted((PROJECT / "forecasting").glob("**/*.py")):
        with contextlib.suppress(ImportError):
            importlib.import_module(_name(path).removesuffix(".__init__"))
    sys.meta_path.remove(refused)
    if early := refused.names & sys.modules.keys():
        raise SystemExit(f"imported before it is changed: {', '.join(sorted(early))}")


def _name(path: Path) -> str:
    return ".".join(path.relative_to(PROJECT).with_suffix("").parts)


def text_of(path: Path, line: int) -> str:
    """Return the text of a line, by which a mutant is named in the list of equivalent ones beside what was changed in it."""
    return path.read_text("utf-8").splitlines()[line - 1].strip()


def _equivalents() -> set[tuple[str, str, str, str]]:
    with EQUIVALENT.open(encoding="utf-8", newline="") as file:
        return {(row["module"], row["line"], row["was"], row["now"]) for row in csv.DictReader(file)}
