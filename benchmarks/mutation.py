"""How strong the tests are: ``python -m benchmarks.mutation [GROUP …]`` mutates the rooms on which trust rests most.

For each group of modules the tests are run once with coverage, which tells for every line the tests that reach it and how long
each takes, and the branches that are reached. Then modules are changed in one place (`benchmarks.mutants`), and the tests that
reach that line are run against the change in a forked process: it is killed if one fails. Mutants are drawn from all with a fixed
seed. A whole run writes docs/test-strength.md, with every survivor.

Why no kept tool: mutmut 3 copies the project and wraps each function, which breaks digests of the program, compiled densities
and tests of the source; cosmic-ray imports the project anew for every mutant, which takes longer than most tests of it.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.trust import PROJECT, Row
from forecasting.files import text_digest

PAGE = PROJECT / "docs" / "test-strength.md"
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
                   ("tests/backtest/test_known_on.py", "tests/fitting/test_as_of.py", "tests/dossier/test_edition.py",
                    "tests/dossier/test_load.py", "tests/dossier/test_dated_classes.py", "tests/dossier/test_worlds.py")),
    "anchors": Group(("dossier/anchors.py",), ("tests/dossier/test_anchors.py",)),
    "readings": Group(("models/network/readings.py", "models/network/claim_rows.py"),
                      ("tests/models/network/test_readings.py", "tests/models/network/test_claim_rows.py",
                       "tests/models/network/test_ageing.py", "tests/models/network/test_likelihood.py")),
}  # fmt: skip


@dataclass(frozen=True)
class Measured:
    """What was found of a group: mutants, survivors as lines of text, named equivalents, branches reached and there."""

    name: str
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


def program() -> str:
    """Return the digest of all modules that are mutated."""
    return text_digest("".join(path.read_text("utf-8") for group in GROUPS.values() for path in group.files()))


def page(found: Sequence[Measured]) -> str:
    """Return the page with a row for each group, and every survivor."""
    lines = [
        "# How strong the tests are\n",
        f"*Written by `{COMMAND}`; do not edit. How: the head of `benchmarks/mutation.py`.*\n",
        f"Modules as of `{program()[:16]}`. At most {SAMPLE} mutants of each group, drawn with a fixed seed; equivalent ones, "
        "which behave as the module does, are named in `benchmarks/equivalent_mutants.csv` with the reason.\n",
        "| group | mutants | equivalent | killed | branches reached |", "|---|---:|---:|---:|---:|",
    ]  # fmt: skip
    lines += [f"| {one.name} | {one.n} | {one.equivalent} | {one.killed:.1%} | {one.covered:.1%} |" for one in found]
    lines.append("\n## Survivors\n")
    lines += [f"- `{line}`" for one in found for line in one.survivors]
    return "\n".join(lines) + "\n"


def measure() -> list[Row]:
    """Return the row of ``make trust`` from the page that a whole run wrote."""
    how = "mutants of the ledger, scoring, as-of, anchors and readings"
    target = f"≥ {KILLED:.0%} killed, branches ≥ {BRANCHES:.0%}"
    text = PAGE.read_text("utf-8") if PAGE.is_file() else ""
    rows = re.findall(r"^\| ([\w-]+) \| (\d+) \| (\d+) \| ([\d.]+)% \| ([\d.]+)% \|$", text, re.MULTILINE)
    if not rows:
        return [Row("test strength", how, target, "not measured", False, COMMAND, "docs/test-strength.md is not there")]
    figure = "; ".join(
        f"{name}: {killed} % of {int(n) - int(equal)}, branches {covered} %" for name, n, equal, killed, covered in rows
    )
    stale = f"`{program()[:16]}`" not in text
    low = [name for name, _, _, killed, covered in rows if float(killed) < 100 * KILLED or float(covered) < 100 * BRANCHES]
    reason = "; ".join(filter(None, [
        "the modules have changed since it was measured" if stale else "",
        f"short: {', '.join(low)}; each survivor stands in docs/test-strength.md" if low else "",
        *(f"{name} not measured" for name in GROUPS if name not in {row[0] for row in rows})]))  # fmt: skip
    return [Row("test strength", how, target, figure, not (stale or low) and len(rows) == len(GROUPS), COMMAND, reason)]


def main() -> None:
    """Measure the groups that are named, or all; a run of all keeps the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("groups", nargs="*", choices=[*GROUPS, []], help="by default all, and the page is written")
    parser.add_argument("--sample", type=int, default=SAMPLE, help="mutants of each group at most")
    wanted = parser.parse_args()
    sys.path.insert(0, str(PROJECT / "tests" / "support"))
    os.chdir(PROJECT)
    from benchmarks.mutant_runs import tested

    found = []
    for name in wanted.groups or GROUPS:
        start = time.monotonic()
        found.append(tested(GROUPS[name], name, wanted.sample))
        one = found[-1]
        print(f"{name}: {one.killed:.1%} of {one.n - one.equivalent} mutants killed, {one.covered:.1%} of {one.branches} "
              f"branches reached, {time.monotonic() - start:.0f} s", flush=True)  # fmt: skip
    if not wanted.groups and wanted.sample >= SAMPLE:
        PAGE.write_text(page(found), "utf-8")
        print(f"kept in {PAGE.relative_to(PROJECT)}")


if __name__ == "__main__":
    main()
