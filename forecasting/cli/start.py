"""What ``forecast`` alone says: what can be asked next, in an empty folder, in a project, and in one with runs."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from forecasting.dossier.location import PRIORS, project_folder
from forecasting.errors import ForecastingError
from forecasting.files import plain_text
from forecasting.shown.records import counted

EVERY = ("forecast --help", "every command; forecast COMMAND --help has an example of each")
RUNS = "runs"
ID = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")  # what is shown to be typed is an id, and nothing that a shell takes for more


@dataclass(frozen=True)
class Found:
    """What a run has that an example can name: ids of an edition, of its first question, of an event and of a claim."""

    edition: str
    question: str
    event: str
    claim: str


def next_lines(start: Path | None = None) -> Iterator[str]:
    """Yield what one can ask next from where one stands; only files of a few kilobytes are read for it."""
    root = project_folder(start)
    if root is None:
        yield "There is no project here, nor in a folder above. Begin one:"
        yield from _commands([
            ("forecast init . --example", "a project in this folder, with a small worked example"),
            ("forecast init forecasts", "one in a folder of its own, with no example"),
            EVERY,
        ])  # fmt: skip
        return
    editions = sorted(path.stem for path in (root / PRIORS / "editions").glob("*.yaml") if ID.fullmatch(path.stem))
    runs = [name for name in editions if (root / RUNS / name / "manifest.json").is_file()]
    yield f"Project {root}: {_listed(editions, 'edition')}; {_listed(runs, 'run')}"
    if not editions:
        yield "Next, from an article to a first edition:"
        yield from _commands([
            ("forecast new source --id ID --text FILE", "begin the record of an article"),
            ("forecast suggest FILE --source ID", "the sentences of it worth coding, best first"),
            ("forecast new event --id ID --theme THEME", "what could happen; then new question, new edition"),
            ("forecast check", "every rule over the records"),
            EVERY,
        ])  # fmt: skip
    elif not runs:
        last = editions[-1]
        yield "Next:"
        yield from _commands([
            ("forecast check", "every rule over the records: what breaks one, with file, line and fix"),
            (f"forecast run {last}", "fit it and print its answers"),
            ("forecast build", "fit every edition, write the reports, run the notebooks"),
            EVERY,
        ])  # fmt: skip
    else:
        yield "Next, for example:"
        yield from _commands(list(_asked(root, runs)))


def _asked(root: Path, runs: list[str]) -> Iterator[tuple[str, str]]:
    found = found_in(root / RUNS / runs[-1])
    stale = stale_kinds(root, runs[-1])
    if stale is None:
        yield "forecast check", "a record breaks a rule: file, line and fix"
    elif stale:
        yield f"forecast run {runs[-1]}", f"fit it again: its records have changed since ({', '.join(stale).replace('_', ' ')})"
    else:
        yield f"forecast report {runs[-1]}", "the report as one HTML file"
    if found:
        if found.question:
            yield f"forecast trace {found.question}", "where the number comes from, down to sentences"
        if found.event:
            yield f"forecast given {found.edition} --event {found.event}", "every answer once the event is seen"
            yield f"forecast watch {found.edition}", "which events to look out for"
        if found.claim:
            yield f"forecast whatif {found.edition} --set {found.claim}.credibility=5", "every answer, were that claim doubtful"
    if len(runs) > 1:
        yield f"forecast compare {runs[-1]} --with {runs[-2]}", "what changed between two editions, and why"
    if stale is not None:
        yield "forecast check", "every rule over the records, after an edit of them"
    yield EVERY


def stale_kinds(root: Path, edition: str) -> list[str] | None:
    """Return the kinds of records that have changed since an edition's run; None if the records cannot be read as they are.

    A run that is damaged counts as one that is not stale: other commands say what is wrong with it.
    """
    from forecasting.dossier.load import read_dossier
    from forecasting.runs.freshness import changed_records
    from forecasting.runs.manifest import read_manifest

    try:
        dossier, failures = read_dossier(root / PRIORS)
        return None if failures else changed_records(dossier.edition(edition), read_manifest(root / RUNS / edition))
    except (ForecastingError, OSError, ValueError, KeyError, TypeError, RecursionError):  # an edition may follow on itself
        return []


def found_in(run: Path) -> Found | None:
    """Return what examples can name of a run; None if its files are not there, or are not what a run holds."""
    try:
        told = json.loads(plain_text(run / "forecasts.json"))
        first = next(iter(told["forecasts"]), {"question": ""})
        last = {row["event"]: float(row["p"]) for row in _rows(run / "curves.csv") if row["layer"] == "posterior"}
        event = next((name for name, p in last.items() if 0.05 < p < 0.95), "")  # one that is open still, and may yet come
        moved = [row for row in _rows(run / "influence.csv") if row["change"] not in ("", "nan")]
        claim = max(moved, key=lambda row: abs(float(row["change"])))["claim"] if moved else ""
        found = Found(told["edition"], first["question"], event, claim)
    except (OSError, ValueError, KeyError, TypeError, csv.Error, RecursionError):
        return None
    return found if all(not name or ID.fullmatch(name) for name in dataclasses.astuple(found)) else None


def _rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(plain_text(path), newline="")))


def _listed(names: list[str], what: str) -> str:
    most = 3
    said = ", ".join(names[-most:]) + (f" and {len(names) - most} more" if len(names) > most else "")
    return f"{counted(len(names), what)} ({said})" if names else f"no {what} yet"


def _commands(pairs: list[tuple[str, str]]) -> Iterator[str]:
    for command, what in pairs:
        yield f"  {command}"
        yield f"      {what}"
