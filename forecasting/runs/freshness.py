"""Say whether a run was made from these very records, program, packages and seed; light, because it is asked often."""

from __future__ import annotations

import json
import platform
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from forecasting.dossier.edition import EditionDossier, known_claims
from forecasting.dossier.fields import Record
from forecasting.dossier.lexicons import wordings_read
from forecasting.dossier.observed import balance_of
from forecasting.dossier.signatures import SIGNED
from forecasting.errors import ForecastingError, UsageError
from forecasting.files import file_digest, plain_text, text_digest, write_file
from forecasting.forecasts import in_standard
from forecasting.runs.manifest import Manifest, check_files, draft_of, read_manifest
from forecasting.runs.store import Run, read_run
from forecasting.standards.tables import DEFAULT

PACKAGES = ("forecasting", "pymc", "pytensor", "nutpie", "arviz", "numba", "numpy", "scipy", "pandas", "xarray")
# what the digits of a run depend on, and nothing else: a new word in a report does not make a run stale
CODE = ("dossier", "elicitation", "inference", "paths", "models", "fitting", "analysis", "runs", "forecasts.py", "files.py")
# what moves no number: who signed and who coded, what a reader's page begins with, how a question reads in a sentence
_UNMOVED: dict[str, Any] = {"defaults": None, "found_in_file": (), "text_read_by": None}
_EDITION: dict[str, Any] = {**dict.fromkeys(SIGNED, ()), "key_questions": None, "standard": DEFAULT}
_QUESTION: dict[str, Any] = {"statement": None, "short": None}


@cache
def code_digest() -> str:
    """Return one digest of the source files behind a run's digits, so that a run knows which program made it."""
    root = Path(__file__).parents[1]
    files = [path for name in CODE for path in ([root / name] if name.endswith(".py") else (root / name).rglob("*.py"))]
    lines = (f"{path.relative_to(root).as_posix()} {file_digest(path)}\n" for path in sorted(files))
    return text_digest("".join(lines))


def record_digests(edition: EditionDossier) -> dict[str, str]:
    """Return a digest of the records behind an edition, kind by kind.

    Only what the edition sees counts: another region, or what happened after its as-of date, leaves its run current.
    """
    dossier = edition.dossier
    classes = {name for event in edition.events for name in (event.reference_class, *event.rivals)}
    classes |= {relative.id for name in classes for relative in dossier.relatives(name)}
    wordings = wordings_read(edition.claims, edition.history)
    kinds: dict[str, Iterable[Record]] = {
        "edition": [edition.edition.model_copy(update=_EDITION)],
        # what claims inherit stands in them already; who coded them, and who has looked at a source, moves no number
        "sources": [dossier.sources[name].model_copy(update=_UNMOVED) for name in sorted(edition.edition.sources)],
        "claims": [claim.model_copy(update={"coded_by": None}) for claim in edition.claims],
        "events": edition.events,
        "effects": edition.effects,
        "drivers": edition.drivers,
        "questions": [question.model_copy(update=_QUESTION) for question in edition.questions],
        "history": edition.history,
        "assumptions": edition.assumptions,
        "reference_classes": [dossier.reference_classes[name] for name in sorted(classes)],
        "wordings": [dossier.lexicons[lexicon][wording] for lexicon, wording in sorted(wordings)],
        "grades": dossier.grades.values(),
    }
    if name := edition.edition.learned:
        kinds["learned"] = dossier.learned.get(name, ())
    kinds |= {kind: records for kind, records in further_records(edition).items() if records}
    digests = {kind: _digest(records) for kind, records in kinds.items()}
    if name := edition.edition.previous:  # what changed since then depends on what was known then
        known = record_digests(dossier.edition(name))
        del known["assumptions"]  # what was held then informs no number
        before = json.dumps(known, sort_keys=True)
        digests["previous_edition"] = text_digest(before)
    return digests


def further_records(edition: EditionDossier) -> dict[str, tuple[Record, ...]]:
    """Return the records that only models beside the event network read, kind by kind; an edition without them has none."""
    asked = tuple(question.model_copy(update=_QUESTION) for questions in edition.further.values() for question in questions)
    shifting = {shift.event for series in edition.series for shift in series.shifts if shift.event}
    happened = tuple(row for row in edition.dossier.history if row.event in shifting and row.on <= edition.as_of)
    found: dict[str, tuple[Record, ...]] = {
        "further_questions": asked, "series": edition.series, "counts": edition.counts, "shifting_events": happened,
    }  # fmt: skip
    if about := edition.further.get("balance"):
        seen = balance_of(edition, about)
        cited = {look.record.claim for look in seen.looks}
        claims = known_claims(edition.dossier, edition.edition)
        found |= {
            "balances": (seen.balance,), "observations": tuple(look.record for look in seen.looks),
            "observed_claims": tuple(claim for claim in claims if claim.id in cited),
        }  # fmt: skip
    return found


def _digest(records: Iterable[Record]) -> str:
    lines = (json.dumps(record.model_dump(mode="json"), sort_keys=True) + "\n" for record in records)
    return text_digest("".join(lines))


def inputs(edition: EditionDossier, seed: int) -> dict:
    """Return what a run of the edition depends on: records, program, packages, seed."""
    return {
        "edition": edition.edition.id,
        "seed": seed,
        "records": record_digests(edition),
        "code": code_digest(),
        "python": platform.python_version(),
        "packages": {name: version(name) for name in PACKAGES},
    }


@dataclass(frozen=True)
class MadeFrom:
    """A note of what some outputs were made from, kept beside them, so that they are made anew only when that changes.

    ``inputs`` are files and folders (with everything below them); this package is always among them.
    """

    note: Path
    inputs: tuple[Path, ...]

    def holds(self, outputs: Iterable[Path]) -> bool:
        """Return whether all outputs are there and nothing has changed since `write`."""
        there = self.note.is_file() and all(path.is_file() for path in outputs)
        return there and plain_text(self.note) == self._text()

    def write(self) -> None:
        """Note what the outputs have just been made from."""
        write_file(self.note, self._text())

    def _text(self) -> str:
        files: list[Path] = []
        for path in (Path(__file__).parents[1], *self.inputs):
            found = path.rglob("*") if path.is_dir() else [path]
            files += sorted(p for p in found if p.is_file() and "__pycache__" not in p.parts)
        return "".join(f"{path.name} {file_digest(path)}\n" for path in files)


def changed_records(edition: EditionDossier, manifest: Manifest) -> list[str]:
    """Return the kinds of records that differ from those a run was made from: its numbers do not belong to them."""
    made_from, now = manifest.records, record_digests(edition)
    return [kind for kind in now if made_from.get(kind) != now[kind]]


def in_words_of(run: Run, edition: EditionDossier) -> Run:
    """Return a run whose forecasts are said in the words of the edition's standard, which may be set after the run."""
    return replace(run, forecasts=in_standard(run.forecasts, edition.edition.standard))


def current_run(edition: EditionDossier, runs: Path, *, draft: bool = False) -> Run:
    """Read the run of an edition, or its ``draft``, refusing one that was made from other records.

    Raises
    ------
    UsageError
        If there is no run, or claims, events, classes, … have changed since.
    ForecastingError
        If the run is damaged, or its manifest has another edition or as-of date.
    """
    name = edition.edition.id
    folder = draft_of(runs / name) if draft else runs / name
    run = in_words_of(read_run(folder), edition)
    if (run.manifest.edition, run.manifest.as_of) != (name, edition.as_of):
        found = f"edition {run.manifest.edition} as of {run.manifest.as_of}, not {name} as of {edition.as_of}"
        raise ForecastingError(f"{folder}: found {found}; make the run again: forecast run {name}")
    if changed := changed_records(edition, run.manifest):
        what = ", ".join(changed).replace("_", " ")
        raise UsageError(f"{folder} was made from other records ({what}); make it again: forecast run {name}")
    return run


def is_current(edition: EditionDossier, directory: Path) -> bool:
    """Return whether a run in the directory was made from these very records, program, packages and seed.

    One that was published by an override of the gate is, as long as nothing changes: a new fit would fail the gate again.
    """
    wanted = inputs(edition, edition.edition.seed)
    try:
        manifest = read_manifest(directory)
        made_from = manifest.fields()
        if manifest.as_of != edition.as_of or any(made_from[name] != value for name, value in wanted.items()):
            return False
        check_files(directory, manifest)
    except (ForecastingError, FileNotFoundError, NotADirectoryError):  # none, or another process is replacing it
        return False
    return True
