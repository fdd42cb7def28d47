"""What the project is made from, as a row of ``make trust``: pinned, audited, listed, licensed; by tools/supply.py."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.trust import PROJECT, Row
from tools.supply import CLEAN, LOCK, TOOLS_LOCK, UNREACHABLE, licences, locked, write_sbom


def measure() -> list[Row]:
    """Return the row."""
    packages = [*locked(LOCK), *locked(TOOLS_LOCK)]
    hashed, named = sum(one.hashed for one in packages), licences()
    lacking = [name for name, licence in named.items() if not licence]
    with tempfile.TemporaryDirectory() as folder:
        listed = write_sbom(Path(folder) / "sbom.json")
    asked = subprocess.run([sys.executable, "-m", "tools.supply", "audit"], cwd=PROJECT, capture_output=True, text=True)
    audited = {CLEAN: "audit clean", UNREACHABLE: "not audited"}.get(asked.returncode, "audit found something")
    figure = (f"{hashed} of {len(packages)} packages held to hashes; SBOM {'valid' if listed == CLEAN else 'INVALID'}; "
              f"{len(named) - len(lacking)} of {len(named)} licences named; {audited}")  # fmt: skip
    passed = hashed == len(packages) and listed == asked.returncode == CLEAN and not lacking
    reason = "" if asked.returncode == CLEAN else asked.stdout.strip().splitlines()[-1]
    return [Row("dependencies", "every package hash-pinned, audit clean, SBOM by its schema", "100 %", figure, passed,
                "make audit; make sbom; make licences", reason)]  # fmt: skip


if __name__ == "__main__":
    for row in measure():
        print(" | ".join(row.cells()), row.reason, sep="\n")
