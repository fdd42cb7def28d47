"""What the project is made from: ``python tools/supply.py licences|sbom|audit``; ``make`` has a target for each.

*licences* writes docs/licences.md from the metadata of what is installed. *sbom* writes dist/forecasting.cdx.json, a CycloneDX
bill of materials, held to its schema. *audit* asks the register of advisories about every locked package; where the register
cannot be reached it says so and ends with code 3, because nothing was audited then.
"""

from __future__ import annotations

import csv
import datetime as dt
import ensurepip
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import Distribution, distributions
from pathlib import Path

from packaging.utils import canonicalize_name

PROJECT = Path(__file__).resolve().parents[1]
LOCK, TOOLS_LOCK = PROJECT / "requirements.lock", PROJECT / "tools" / "audit.lock"
EXCEPTIONS = PROJECT / "tools" / "audit-exceptions.csv"
PAGE, SBOM = PROJECT / "docs" / "licences.md", PROJECT / "dist" / "forecasting.cdx.json"
TOOLS = Path(os.environ.get("FORECAST_AUDIT", Path(sys.prefix) / "audit"))  # the environment of tools/audit.lock
CLEAN, FOUND, UNREACHABLE = 0, 1, 3
ENTRY = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)(.*?)(?=^\S|\Z)", re.MULTILINE | re.DOTALL)
HASH = "--hash=sha256:"
HEAD = """\
# Licences of what the project uses

*Written by `make licences` from the packages' own metadata; do not edit.* The project itself is under BSD-3-Clause (`LICENSE`).

Every package of `requirements.lock` that this system installs. A package that names no licence in its metadata is shown with
the first words of the licence file that it ships.

| package | licence |
|---|---|
"""
TABLE = "| package | licence |"
TEXTS = {
    "Apache-2.0": r"apache license\s+version 2\.0", "MIT": r"permission is hereby granted, free of charge",
    "BSD-3-Clause": r"neither the name of", "BSD-2-Clause": r"redistribution and use in source and binary forms",
    "MPL-2.0": r"mozilla public license,? version 2\.0",
}  # fmt: skip


@dataclass(frozen=True)
class Locked:
    """A package of a lock file, and whether it is held to hashes."""

    name: str
    version: str
    hashed: bool


def locked(path: Path) -> list[Locked]:
    """Return the packages of a lock file."""
    found = ENTRY.findall(path.read_text("utf-8"))
    return [Locked(canonicalize_name(name), version, HASH in rest) for name, version, rest in found]


def licence_of(package: Distribution) -> str:
    """Return the licence of an installed package: its expression, classifiers or field, or what the text that it ships is."""
    told = package.metadata
    if expression := told.get("License-Expression"):
        return expression
    kinds = [line.rpartition(" :: ")[2] for line in told.get_all("Classifier") or [] if line.startswith("License :: ")]
    if kinds := [kind for kind in kinds if kind != "OSI Approved"]:
        return ", ".join(kinds)
    field = (told.get("License") or "").strip()
    if field and "\n" not in field and field.upper() != "UNKNOWN":
        return field
    shipped = [str(file) for file in package.files or [] if re.search(r"licen[cs]e|copying", str(file), re.IGNORECASE)]
    texts = [field, *(_text(package, file) for file in shipped)]
    found = [name for text in texts for name, words in TEXTS.items() if re.search(words, text, re.IGNORECASE)]
    return f"{found[0]} (by its text)" if found else ""


def _text(package: Distribution, file: str) -> str:
    path = Path(str(package.locate_file(file)))
    return path.read_text("utf-8", errors="replace") if path.is_file() and path.suffix != ".py" else ""


def licences() -> dict[str, str]:
    """Return the licence of every locked package that is installed, "" where none is found."""
    installed = {canonicalize_name(one.metadata["Name"]): one for one in distributions()}
    return {one.name: licence_of(installed[one.name]) for one in locked(LOCK) if one.name in installed}


def write_licences() -> int:
    """Write the page; 1 if a package has no licence that could be found."""
    found = licences()
    strong = [f"{name} ({licence})" for name, licence in sorted(found.items())
              if re.search(r"\bA?GPL", licence) and not re.search(" OR |BSD", licence)]  # fmt: skip
    rows = [f"| `{name}` | {licence.replace('|', '/') or '**none found**'} |" for name, licence in sorted(found.items())]
    note = f"Licences that ask the same of what is passed on with them: {', '.join(strong) or 'none'}.\n\n"
    PAGE.write_text(HEAD.replace(TABLE, note + TABLE) + "\n".join(rows) + "\n", "utf-8")
    lacking = [name for name, licence in found.items() if not licence]
    said = f"; without a licence: {', '.join(lacking)}" if lacking else ""
    print(f"{PAGE.relative_to(PROJECT)}: {len(found)} packages{said}")
    return FOUND if lacking else CLEAN


def write_sbom(path: Path = SBOM) -> int:
    """Write the bill of materials, valid by its schema, and hold it to the lock: nothing beyond it but the interpreter's pip."""
    path.parent.mkdir(parents=True, exist_ok=True)
    command = [_tool("cyclonedx-py"), "environment", sys.executable, "--pyproject", "pyproject.toml", "--output-reproducible",
               "--validate", "--of", "JSON", "-o", str(path)]  # fmt: skip
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True)
    if done.returncode:
        print(done.stderr, file=sys.stderr)
        return FOUND
    listed = json.loads(path.read_text("utf-8"))["components"]
    # pip comes inside the interpreter, as the one that its venv begins with; any other version was installed by somebody
    pinned = {("pip", ensurepip.version()), *((one.name, one.version) for one in locked(LOCK))}
    there = {(canonicalize_name(part["name"]), part["version"]) for part in listed}
    beyond = [f"{name} {version}" for name, version in sorted(there - pinned) if name != "forecasting"]
    print(f"{path}: {len(listed)} components, valid" + (f"; not in requirements.lock: {', '.join(beyond)}" if beyond else ""))
    return FOUND if beyond else CLEAN


def audit() -> int:
    """Ask the register of advisories about every package of both locks; exceptions are dated, and fail once they have run out."""
    ignored, over = _exceptions(dt.datetime.now(dt.UTC).date())
    if over:
        print(f"tools/audit-exceptions.csv: run out: {', '.join(over)}; take the fix, or say anew why not")
        return FOUND
    if reason := _unreachable():
        print(f"NOT AUDITED: the register of advisories cannot be reached from here ({reason}). Run make audit where it can be.")
        return UNREACHABLE
    worst = CLEAN
    for lock in (LOCK, TOOLS_LOCK):
        report = _ask(lock, ["--require-hashes", *(word for name in ignored for word in ("--ignore-vuln", name))])
        known = [one for one in report if "skip_reason" not in one]
        bad = [f"{one['name']} {one['version']}: {', '.join(x['id'] for x in one['vulns'])}" for one in known if one["vulns"]]
        skipped = [f"{one['name']}: {one['skip_reason']}" for one in report if "skip_reason" in one]
        print(f"{lock.relative_to(PROJECT)}: {len(known)} packages audited, {len(bad)} with advisories, {len(skipped)} not known")
        print("\n".join([*bad, *skipped]))
        worst = max(worst, FOUND if bad or skipped else CLEAN)
    return worst


def _exceptions(today: dt.date) -> tuple[list[str], list[str]]:
    with EXCEPTIONS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    over = [row["advisory"] for row in rows if dt.date.fromisoformat(row["until"]) < today or not row["reason"].strip()]
    return [row["advisory"] for row in rows], over


def _unreachable() -> str:
    """Return why the register does not answer about one package of the lock, or nothing if it does."""
    first = next(one for one in locked(LOCK) if one.name == "numpy")
    with tempfile.TemporaryDirectory() as folder:
        one = Path(folder) / "one.txt"
        one.write_text(f"{first.name}=={first.version}\n", "utf-8")
        try:
            report = _ask(one, ["--no-deps"])
        except RuntimeError as error:
            return str(error)
    return next((entry["skip_reason"] for entry in report if "skip_reason" in entry), "")


def _ask(requirements: Path, more: Sequence[str]) -> list[dict]:
    command = [_tool("pip-audit"), "-r", str(requirements), "--disable-pip", "--progress-spinner", "off", "--timeout", "15",
               "-f", "json", *more]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True)
    if not done.stdout.strip():
        lines = done.stderr.strip().splitlines() or ["no answer"]
        raise RuntimeError(lines[-1][:200])
    return json.loads(done.stdout)["dependencies"]


def _tool(name: str) -> str:
    path = TOOLS / ("Scripts" if os.name == "nt" else "bin") / name
    if not path.is_file():
        raise SystemExit(f"{path} is not there; `make sbom` and `make audit` install it from tools/audit.lock first")
    return str(path)


def main(words: Sequence[str]) -> int:
    """Do what is asked for."""
    done = {"licences": write_licences, "sbom": write_sbom, "audit": audit}
    if len(words) != 1 or words[0] not in done:
        raise SystemExit(f"write one of: {', '.join(done)}")
    return done[words[0]]()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
