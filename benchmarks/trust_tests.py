"""Rows of ``make trust`` whose figures are those of tests: the tests are run here, and what they note is read from their report.

A test notes a figure with the fixture ``measured``; beside those stands how many tests were run and passed.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.trust import PROJECT, Row


@dataclass(frozen=True)
class Tested:
    """A check that tests hold: the tests, and those that a quick look leaves out."""

    check: str
    how: str
    target: str
    tests: tuple[str, ...]
    limits: str = ""


TESTED = (
    Tested(
        "conjugate limits", "Gamma–Poisson, Beta–binomial, normal–normal in the published engine", "within 4 MCSE, all",
        ("tests/inference/test_limits.py",),
    ),
    Tested(
        "small networks", "simulated paths against the matrix exponential", "total variation ≤ 0.01",
        ("tests/paths/test_simulate.py", "tests/paths/test_following.py"),
    ),
    Tested(
        "reference posteriors", "our sampling settings on four posteriordb models", "z ≤ 7 MCSE and within 0.06 + 12.5 %",
        ("tests/inference/test_posteriordb.py",),
    ),
    Tested(
        "scores", "a second implementation, definitions, values by hand, propriety",
        "rel. error ≤ 1e-8; proper at 99 values of p",
        ("tests/scoring/test_rules.py", "tests/exchange/test_hub_scores.py"),
    ),
    Tested(
        "gate", "nine kinds of bad fits and twenty good models, sampled", "9/9 blocked with the reason, 0/20 blocked wrongly",
        ("tests/inference/test_gate.py",),
    ),
    Tested(
        "same seed", "two fits; one core and two; one thread of BLAS and two; two folders", "bit-identical",
        ("tests/fitting/test_fit.py::test_the_same_seed_gives_the_same_forecasts_to_the_last_bit",
         "tests/models/network/test_engine.py::test_the_same_seed_gives_the_same_bits_on_one_core_and_on_two",
         "tests/paths/test_simulate.py::test_the_number_of_cores_does_not_move_a_bit", "tests/analysis/test_same_digits.py",
         "tests/runs/test_same_bytes.py"),
    ),
    Tested(
        "as-of leakage", "generated dossiers with canaries dated after the as-of date", "0 leaks; posterior bit-identical",
        ("tests/fitting/test_as_of.py", "tests/backtest/test_known_on.py",
         "tests/models/network/test_build.py::test_nothing_dated_after_the_as_of_date_moves_a_bit",
         "tests/models/network/test_engine.py::test_what_is_dated_after_the_as_of_date_does_not_move_a_bit_of_the_posterior"),
    ),
    Tested(
        "anchors", "quotes altered in a word, and in quotation marks, dashes, spaces and line ends only",
        "500 edits: 0 accepted; 500 variants: ≥ 99 % accepted", ("tests/dossier/test_anchors.py",),
    ),
    Tested(
        "saved posterior", "flipped, truncated, linked, pickled and oversized files of a run",
        "300 flips, 20 truncations: 0 silent",
        ("tests/runs/test_damaged.py", "tests/runs/test_store.py"),
    ),
    Tested(
        "gate on every number", "every door of an edition that fails: run, whatif, given, tables, notebooks, reports",
        "0 numbers unmarked; override named, dated, reasoned",
        ("tests/runs/test_drafts.py", "tests/report/formats/test_twin.py", "tests/report/formats/test_pdf.py",
         "tests/lab/panel/test_session.py::test_a_fit_whose_gate_blocked_it_says_so"),
    ),
    Tested(
        "failed writes", "ENOSPC, EROFS, EACCES, EIO at each write of each command that writes",
        "old state intact, nothing stray, exit ≠ 0", ("tests/cli/test_failed_writes.py", "tests/test_files.py"),
    ),
    Tested(
        "dates past the horizon", "every public argument that takes a date", "refused or simulated, never read as the horizon",
        ("tests/analysis/test_simulated_days.py", "tests/test_arguments.py"),
    ),
)  # fmt: skip


def measure(quick: bool = False, checks: Sequence[str] = ()) -> list[Row]:
    """Run the tests of each check and return its row."""
    return [row_of(one, quick) for one in TESTED if not checks or one.check in checks]


def row_of(one: Tested, quick: bool) -> Row:
    """Run the tests of a check in a process of their own; a test that is skipped, or is not there, makes it fall short."""
    # xunit1: the newer form has no place for what a test notes
    command = ["-m", "pytest", "-q", "-n", "0", "-o", "junit_family=xunit1", *(["-m", "not slow"] if quick else [])]
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        run = subprocess.run(
            [sys.executable, *command, f"--junitxml={report}", *one.tests], cwd=PROJECT, capture_output=True, text=True,
            env=os.environ | {"FORECAST_EVERY_WRITE": "1"},
        )  # fmt: skip
        suite = ET.parse(report).getroot().find("testsuite") if report.is_file() else None
    shown = f"pytest {' '.join(one.tests)}"
    if suite is None or not int(suite.get("tests", 0)):
        said = [line for line in run.stdout.splitlines() if line.startswith("ERROR")] or ["no test was found"]
        return Row(one.check, one.how, one.target, "not measured", False, shown, said[0])
    n, bad, skipped = (sum(int(suite.get(key, 0)) for key in keys) for keys in (("tests",), ("failures", "errors"), ("skipped",)))
    notes = dict.fromkeys(x.get("value", "") for x in suite.iter("property") if x.get("name") == "measured")
    figure = "; ".join([f"{n - bad - skipped} of {n} tests pass", *notes])
    why = "; ".join(filter(None, [
        f"{bad} tests fail" if bad else "", f"{skipped} tests were skipped: what they need is not here" if skipped else "",
        one.limits])
    )  # fmt: skip
    return Row(one.check, one.how, one.target, figure, run.returncode == 0 and not skipped, shown, why)
