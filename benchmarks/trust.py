"""What can be relied on, measured: each check with its target and the figure that was found; writes ``docs/trust.md``.

    make trust                        # everything, up to an hour on two cores
    make trust ARGS=--quick           # smaller samples, some ten minutes
    make trust ARGS="--only ledger"   # the checks whose name has the word; the other rows stay as they were measured

Each figure comes from the tool named beside it, run here or, where that takes hours, from the file that the tool writes.
"""

from __future__ import annotations

import argparse
import datetime as dt
import importlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
PAGE, RESULTS = PROJECT / "docs" / "trust.md", Path(__file__).with_name("trust_results.json")
NOTHING = "not measured"
HEAD = """\
# What can be relied on

*Written by `make trust`; do not edit. What is promised and what is not: [SECURITY.md](../SECURITY.md).*

Each row is a promise with a figure to reach, the figure that was found, and the command that measures it again.
{passed} of {n} reach their target with the samples that it names{few}.

"""
SHORT = "\n## What falls short, and why\n\n"
COLUMNS = ("check", "how", "target", "measured", "reached", "command", "measured on")


@dataclass(frozen=True)
class Row:
    """One check: what is promised, how it is tried, the figure to reach, the one found, and the command that finds it.

    ``reason`` says why a figure falls short, or what limits it.
    """

    check: str
    how: str
    target: str
    measured: str
    passed: bool
    command: str
    reason: str = ""

    def cells(self) -> tuple[str, ...]:
        """Return what the table shows."""
        return self.check, self.how, self.target, self.measured, "yes" if self.passed else "**no**", f"`{self.command}`"


@dataclass(frozen=True)
class Kept:
    """A row with the day on which it was measured, and whether with the smaller samples."""

    row: Row
    on: str
    quick: bool


# Which module measures each check, in the order of the page; a module without `measure(quick) -> list[Row]` is an error.
ORDER: dict[str, str] = {
    "SBC, each model": "benchmarks.trust_files",
    "SBC, planted faults": "benchmarks.trust_files",
    "conjugate limits": "benchmarks.trust_tests",
    "small networks": "benchmarks.trust_tests",
    "reference posteriors": "benchmarks.trust_tests",
    "scores": "benchmarks.trust_tests",
    "gate": "benchmarks.trust_tests",
    "published numbers": "benchmarks.trust_files",
    "same seed": "benchmarks.trust_tests",
    "seed stability": "benchmarks.seeds",
    "as-of leakage": "benchmarks.trust_tests",
    "ledger": "benchmarks.ledger",
    "ledger, crash and concurrency": "benchmarks.ledger",
    "anchors": "benchmarks.trust_tests",
    "report injection": "benchmarks.injection",
    "saved posterior": "benchmarks.trust_tests",
    "gate on every number": "benchmarks.trust_tests",
    "failed writes": "benchmarks.trust_tests",
    "killed builds": "benchmarks.kills",
    "dates past the horizon": "benchmarks.trust_tests",
    "bad input": "benchmarks.bad_input",
    "fuzzed readers": "benchmarks.fuzz",
    "test strength": "benchmarks.mutation",
    "dependencies": "benchmarks.supply",
}


def measure_all(checks: Sequence[str], quick: bool, say: Callable[[str], None]) -> list[Row]:
    """Return the rows of some checks in the order of the page; a module that measures several is run once.

    A module that takes ``checks`` gets those that are asked of it. A check of `ORDER` for which no row came back is one that
    was not measured, and falls short; rows beyond those of `ORDER` follow the last of their module.
    """
    found: dict[str, Row] = {}
    for module in dict.fromkeys(ORDER[check] for check in checks):
        asked = [check for check in checks if ORDER[check] == module]
        for row in _measured(module, asked, quick):
            if row.check in checks or row.check not in ORDER:
                found[row.check] = row
                say(" | ".join(row.cells()))
    for check in checks:
        found.setdefault(check, Row(check, "", "", NOTHING, False, f"python -m {ORDER[check]}", "nothing measures it yet"))
    places = {check: i for i, check in enumerate(ORDER)}
    last = -1
    keys = {name: (last := places.get(name, last)) for name in found}
    return sorted(found.values(), key=lambda row: keys[row.check])


def _measured(module: str, asked: list[str], quick: bool) -> list[Row]:
    try:
        measure = importlib.import_module(module).measure
    except (ModuleNotFoundError, AttributeError):
        return []
    wants = measure.__code__.co_varnames[: measure.__code__.co_argcount]
    return list(measure(**{name: value for name, value in {"quick": quick, "checks": asked}.items() if name in wants}))


def table(rows: Sequence[Row], days: Sequence[str]) -> str:
    """Return the rows, with the days on which they were measured, as a table in Markdown."""
    told = [(*row.cells(), day) for row, day in zip(rows, days, strict=True)]
    lines = [COLUMNS, *(tuple(cell.replace("|", "\\|") for cell in cells) for cells in told)]
    return "\n".join(["| " + " | ".join(lines[0]) + " |", "|---" * len(COLUMNS) + "|",
                      *("| " + " | ".join(line) + " |" for line in lines[1:])]) + "\n"  # fmt: skip


def kept() -> dict[str, Kept]:
    """Return the rows that were measured before, by check."""
    known = json.loads(RESULTS.read_text("utf-8")) if RESULTS.is_file() else {}
    return {check: Kept(Row(**one["row"]), one["on"], one["quick"]) for check, one in known.items()}


def keep(rows: Sequence[Row], on: dt.date, quick: bool) -> dict[str, Kept]:
    """Keep rows beside those measured before; a quick look takes no place of a full measurement."""
    known = kept()
    known |= {row.check: Kept(row, on.isoformat(), quick) for row in rows
              if row.measured != NOTHING and not (quick and row.check in known and not known[row.check].quick)}  # fmt: skip
    record = {name: asdict(one) for name, one in known.items()}
    RESULTS.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", "utf-8")
    PAGE.write_text(page(known), "utf-8")
    return known


def page(known: Mapping[str, Kept]) -> str:
    """Return the page of the documentation: every check of `ORDER`, measured or not, and what else was measured."""
    names = [*ORDER, *(name for name in known if name not in ORDER)]
    again = "make trust ARGS='--only \"{}\"'"
    nothing = {name: Row(name, "", "", NOTHING, False, again.format(name), "not yet measured") for name in names}
    rows = [known[name].row if name in known else nothing[name] for name in names]
    days = [f"{known[name].on}{', quick' if known[name].quick else ''}" if name in known else "" for name in names]
    quick = sum(row.passed and name in known and known[name].quick for name, row in zip(names, rows, strict=True))
    few = f", {quick} more with smaller ones (*quick*)" if quick else ""
    head = HEAD.format(passed=sum(row.passed for row in rows) - quick, n=len(rows), few=few)
    short = [f"- *{row.check}*: {row.reason or 'NO REASON GIVEN'}" for row in rows if not row.passed]
    limits = [f"- *{row.check}*: {row.reason}" for row in rows if row.passed and row.reason]
    parts = [head + table(rows, days), SHORT + "\n".join(short) + "\n" if short else "",
             "\n## Limits of what was measured\n\n" + "\n".join(limits) + "\n" if limits else ""]  # fmt: skip
    return "".join(parts)


def main() -> int:
    """Print each row as it is measured, keep it and write the page; 1 if one falls short without a reason."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="smaller samples, which the page says of each row")
    parser.add_argument("--only", action="append", default=[], metavar="WORD", help="checks with this word in their name")
    wanted = parser.parse_args()
    checks = [check for check in ORDER if not wanted.only or any(word in check for word in wanted.only)]
    today = dt.datetime.now(dt.UTC).date()
    rows = measure_all(checks, wanted.quick, lambda line: print(line, flush=True))
    keep(rows, today, wanted.quick)
    print(f"\n{table(rows, [str(today)] * len(rows))}\nkept in {PAGE.relative_to(PROJECT)}")
    return int(any(not row.passed and not row.reason for row in rows))


def shortened(row: Row, reason: str) -> Row:
    """Return a row with the reason why it falls short, if it does."""
    return row if row.passed else replace(row, reason=reason)


if __name__ == "__main__":
    from benchmarks.trust import main as run  # the Row of this module, and not one of __main__

    raise SystemExit(run())
