"""How strong the tests are: ``python -m benchmarks.mutation [GROUP …]`` mutates the rooms on which trust rests most.

For each group of modules the tests are run once with coverage, which tells for every line the tests that reach it and how long
each takes, and the branches that are reached. Then modules are changed in one place (`benchmarks.mutants`), and the tests that
reach that line are run against the change in a forked process: it is killed if one fails. Of a line outside functions, such as a
constant, these are all of the group. Mutants are drawn from all with a fixed seed. One that no input can tell from the
module is named in equivalent_mutants.csv, by its line, with the proof. Each run keeps what it found and writes
docs/test-strength.md, with every survivor.

Why no kept tool: mutmut 3 copies the project and wraps each function, which breaks digests of the program, compiled densities
and tests of the source; cosmic-ray imports the project anew for every mutant, which takes longer than most tests of it.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.trust import PROJECT, Row
from forecasting.files import text_digest

PAGE, RESULTS = PROJECT / "docs" / "test-strength.md", Path(__file__).with_name("mutation_results.json")
SAMPLE = 120
KILLED, BRANCHES = 0.85, 0.95
COMMAND = "python -m benchmarks.mutation"


@dataclass(frozen=True)
class Group:
    """Modules, as patterns below the package, and the tests that hold them."""

    modules: tuple[str, ...]
    tests: tuple[str, ...]

    def files(self) -> list[Path]:
        """Return the modules."""
        found = [path for pattern in self.modules for path in sorted((PROJECT / "forecasting").glob(pattern))]
        return [path for path in found if path.name != "__init__.py"]


GROUPS = {
    "ledger": Group(("ledger/*.py",), ("tests/ledger", "tests/cli/test_ledger.py", "tests/exchange/test_crowd.py")),
    "scoring": Group(("scoring/*.py",), ("tests/scoring", "tests/report/test_record.py")),
    "as-of": Group(("dossier/edition.py", "backtest/known_on.py"),
                   ("tests/backtest/test_known_on.py", "tests/backtest/test_divides.py", "tests/fitting/test_as_of.py",
                    "tests/dossier/test_edition.py", "tests/dossier/test_known_records.py", "tests/dossier/test_lookups.py",
                    "tests/dossier/test_load.py", "tests/dossier/test_dated_classes.py")),
    "anchors": Group(("dossier/anchors.py",), ("tests/dossier/test_anchors.py",)),
    "readings": Group(("models/network/readings.py", "models/network/claim_rows.py"),
                      ("tests/models/network/test_readings.py", "tests/models/network/test_claim_rows.py",
                       "tests/models/network/test_worlds_of_claims.py")),
}  # fmt: skip


@dataclass(frozen=True)
class Measured:
    """What was found of a group: mutants, survivors as lines of text, named equivalents, branches reached and there.

    ``program`` is the digest of the modules, ``there`` how many mutants they have, ``n`` how many were drawn of these.
    """

    name: str
    program: str
    there: int
    n: int
    survivors: tuple[str, ...]
    equivalent: int
    reached: int
    branches: int

    @property
    def killed(self) -> float:
        """The share of mutants killed, of those that are no equivalents."""
        return 1 - len(self.survivors) / max(self.n - self.equivalent, 1)

    @property
    def covered(self) -> float:
        """The share of branches that tests reach."""
        return self.reached / max(self.branches, 1)


def program(group: Group) -> str:
    """Return the digest of a group's modules."""
    return text_digest("".join(path.read_text("utf-8") for path in group.files()))


def kept() -> dict[str, Measured]:
    """Return what was found of each group when it was last measured."""
    known = json.loads(RESULTS.read_text("utf-8")) if RESULTS.is_file() else {}
    return {name: Measured(**{**known[name], "survivors": tuple(known[name]["survivors"])}) for name in GROUPS if name in known}


def keep(one: Measured) -> None:
    """Keep what was found of a group, and write the page anew."""
    found = kept() | {one.name: one}
    record = {name: asdict(value) for name, value in found.items()}
    RESULTS.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", "utf-8")
    PAGE.write_text(page([found[name] for name in GROUPS if name in found]), "utf-8")


def page(found: Sequence[Measured]) -> str:
    """Return the page with a row for each group, and every survivor."""
    lines = [
        "# How strong the tests are\n",
        f"*Written by `{COMMAND}`; do not edit. How: the head of `benchmarks/mutation.py`.*\n",
        "Mutants are drawn from all of a group with a fixed seed. Equivalent ones, which behave as the module does, are named in "
        "`benchmarks/equivalent_mutants.csv` with the reason. Survivors of earlier draws got tests, so a share is of "
        "mutants that were looked at; another seed may find fewer killed.\n",
        "| group | mutants drawn | of | equivalent | killed | branches reached |", "|---|---:|---:|---:|---:|---:|",
    ]  # fmt: skip
    for one in found:
        cells = (one.name, one.n, one.there, one.equivalent, f"{one.killed:.1%}", f"{one.covered:.1%}")
        lines.append(f"| {' | '.join(map(str, cells))} |")
    lines.append("\n## Survivors\n")
    lines += [f"- `{line.replace('`', chr(39))}`" for one in found for line in one.survivors] or ["None."]
    return "\n".join(lines) + "\n"


def measure() -> list[Row]:
    """Return the row of ``make trust`` from what was kept of each group."""
    how = "mutants of the ledger, scoring, as-of, anchors and readings"
    target, found = f"≥ {KILLED:.0%} killed, branches ≥ {BRANCHES:.0%}", kept()
    if not found:
        return [Row("test strength", how, target, "not measured", False, COMMAND, "no group was measured yet")]
    figure = "; ".join(
        f"{one.name}: {one.killed:.1%} of {one.n - one.equivalent}, branches {one.covered:.1%}" for one in found.values()
    )
    stale = [name for name, one in found.items() if one.program != program(GROUPS[name])]
    low = [name for name, one in found.items() if one.killed < KILLED or one.covered < BRANCHES]
    lacking = [name for name in GROUPS if name not in found]
    reason = "; ".join(filter(None, [
        f"short: {', '.join(low)}; each survivor stands in docs/test-strength.md" if low else "",
        f"changed since it was measured: {', '.join(stale)}" if stale else "",
        f"not measured: {', '.join(lacking)}" if lacking else "",
        "a sample of the mutants, drawn with a fixed seed"]))  # fmt: skip
    return [Row("test strength", how, target, figure, not (stale or low or lacking), COMMAND, reason)]


def main() -> None:
    """Measure the groups that are named, or all; keep what was found of each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("groups", nargs="*", choices=[*GROUPS, []], help="by default all")
    parser.add_argument("--sample", type=int, default=SAMPLE, help="mutants of each group at most")
    wanted = parser.parse_args()
    sys.path.insert(0, str(PROJECT / "tests" / "support"))
    os.chdir(PROJECT)
    os.environ |= dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"), "1")  # a process with threads is not forked
    from benchmarks.mutant_runs import tested

    name, *others = wanted.groups or GROUPS
    start = time.monotonic()
    one = tested(GROUPS[name], name, wanted.sample)
    print(f"{name}: {one.killed:.1%} of {one.n - one.equivalent} mutants killed, {one.covered:.1%} of {one.branches} "
          f"branches reached, {time.monotonic() - start:.0f} s", flush=True)  # fmt: skip
    keep(one)
    if others:  # in another process: this one has imported modules that the next group may change
        subprocess.run([sys.executable, "-m", "benchmarks.mutation", *others, "--sample", str(wanted.sample)], check=True)


if __name__ == "__main__":
    main()
