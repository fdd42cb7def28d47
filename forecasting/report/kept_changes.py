"""What changed between two editions, kept beside their runs: working it out takes minutes, reading it back a moment.

``runs/<edition>.since-<other>.json`` says what it was made from: every file of the records, both runs, the program, the packages
and the seed. Where one of them differs, or the file is not as it was written, nobody believes it and it is worked out anew.
"""

from __future__ import annotations

import dataclasses
import json
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
from pydantic import Field, TypeAdapter, ValidationError

from forecasting.analysis.change_decomposition import COLUMNS, ENDS, Changes, changes_frame
from forecasting.dossier.edition import EditionDossier
from forecasting.dossier.fields import Record, Sha256
from forecasting.errors import FileError, ForecastingError
from forecasting.files import canonical_json, file_digest, leads_out, strict_json, text_digest, write_file
from forecasting.forecasts import Gate
from forecasting.runs.compare import what_changed
from forecasting.runs.freshness import code_digest, inputs
from forecasting.runs.manifest import read_manifest
from forecasting.runs.store import Run

log = logging.getLogger(__name__)
SCHEMA = 1
MOST_BYTES = 20_000_000  # that of the largest edition has 60,000
SINCE = ".since-"  # no edition's id has a full stop
Finite = Annotated[float, Field(allow_inf_nan=False)]
Runs = tuple[Run | None, Run | None]
_GATES = TypeAdapter(tuple[Gate, Gate])


class KeptChanges(Record):
    """A `Changes` as it stands in its file; ``digest`` is that of the canonical JSON of all other fields."""

    format: Annotated[int, Field(ge=SCHEMA, le=SCHEMA, alias="schema")]
    made_from: dict[str, Any]
    before: str
    after: str
    table: tuple[tuple[str, str, str, Finite, Finite], ...]
    ends: tuple[tuple[str, str, Finite, Finite], ...]
    behind: dict[str, tuple[str, ...]]
    skipped: dict[str, str]
    remarks: tuple[str, ...]
    expired: tuple[str, ...]
    refitted: tuple[str, ...]
    gates: tuple[dict[str, Any], dict[str, Any]]
    digest: Sha256

    def changes(self) -> Changes:
        """Return what was kept."""
        return Changes(
            self.before, self.after, changes_frame(list(self.table), COLUMNS), changes_frame(list(self.ends), ENDS), self.behind,
            self.skipped, self.remarks, self.expired, frozenset(self.refitted), _GATES.validate_json(json.dumps(self.gates)),
        )  # fmt: skip


def kept_file(folder: Path, edition: str, other: str) -> Path:
    """Return where what changed in an edition since another one is kept.

    Examples
    --------
    >>> kept_file(Path("runs"), "2024-12-syria", "2020-11-karabakh").name
    '2024-12-syria.since-2020-11-karabakh.json'
    """
    return folder / f"{edition}{SINCE}{other}.json"


def what_changed_kept(
    before: EditionDossier,
    after: EditionDossier,
    runs: Runs,
    folder: Path,
    progress: Callable[[float], None] = lambda share: None,
) -> Changes:
    """Return what changed between two editions of one dossier: as it was kept, else worked out now and kept.

    Parameters
    ----------
    before, after : EditionDossier
    runs : pair of Run, optional
        Their published runs, as far as they are at hand.
    folder : Path
        Where runs are: it is kept there. A folder that cannot be written is told to the log, and stands in nobody's way.
    progress : callable, optional
        Called with the share of the work done, if there is any.

    Returns
    -------
    Changes
        The same to the last digit whether it was kept or not.
    """
    if kept := read_changes(before, after, runs, folder):
        return kept
    found = what_changed(before, after, runs=runs, progress=progress)
    path = kept_file(folder, after.edition.id, before.edition.id)
    try:
        if path.exists() and not path.is_file():
            raise FileError(f"{path}: no plain file; remove it, or give it another name")
        write_file(path, _text(found, made_from(before, after, runs)))
    except FileError as error:
        log.warning("what changed was not kept, and is worked out anew next time: %s", error)
    return found


def read_changes(before: EditionDossier, after: EditionDossier, runs: Runs, folder: Path) -> Changes | None:
    """Return what is kept of two editions; None if nothing is, if it was made from anything else, or if it is damaged."""
    kept = _read(kept_file(folder, after.edition.id, before.edition.id))
    return kept.changes() if kept and _same(kept.made_from, made_from(before, after, runs)) else None


def made_from(before: EditionDossier, after: EditionDossier, runs: Runs) -> dict[str, Any]:
    """Return all that the digits of what changed depend on.

    Sets of parts are fitted that mix the records of both editions, so every file of the records counts, not those alone that
    one of the two sees.
    """
    editions = before, after
    files = [dict(edition.dossier.digests) for edition in editions]
    digests = [run.manifest.digest if run else "" for run in runs]
    return {
        **inputs(after, after.edition.seed),
        "files": text_digest(canonical_json(files)),
        "runs": {edition.edition.id: digest for edition, digest in zip(editions, digests, strict=True)},
        "kept_by": _own(),
    }


def remove_outdated(folder: Path) -> list[Path]:
    """Remove what was kept of runs that are no longer there, by another program, or damaged; return the files.

    What is no file, a folder or a named pipe, nobody has kept: it is told to the log and left where it is.
    """
    outdated = []
    for path in sorted(folder.glob(f"*{SINCE}*.json")):
        if not path.is_file() and not path.is_symlink():
            log.warning("%s: no plain file, so nothing is read from it; remove it, or give it another name", path)
        elif not _may_hold(path):
            outdated.append(path)
    for path in outdated:
        path.unlink(missing_ok=True)
    return outdated


def _may_hold(path: Path) -> bool:
    """Return whether a file was made by this program from the runs that are there."""
    kept = _read(path)
    if kept is None or (kept.made_from.get("code"), kept.made_from.get("kept_by")) != (code_digest(), _own()):
        return False
    made, ends = kept.made_from.get("runs"), path.stem.split(SINCE)  # no other folder is looked at, whatever the file names
    return isinstance(made, dict) and made.keys() == {*ends} and made == {name: _digest_at(path.parent / name) for name in ends}


def _own() -> str:
    """Return a digest of this file: what is kept by another is not read."""
    return file_digest(Path(__file__))


def _digest_at(directory: Path) -> str:
    try:
        return read_manifest(directory).digest
    except (ForecastingError, OSError, ValueError):
        return ""


def _same(one: Any, other: Any) -> bool:
    return canonical_json(one) == canonical_json(other)


def _text(found: Changes, source: dict[str, Any]) -> str:
    content = {
        "schema": SCHEMA, "made_from": source, "before": found.before, "after": found.after, "table": _rows(found.table),
        "ends": _rows(found.ends), "behind": {part: list(lines) for part, lines in found.behind.items()},
        "skipped": dict(found.skipped), "remarks": list(found.remarks), "expired": list(found.expired),
        "refitted": sorted(found.refitted), "gates": [dataclasses.asdict(gate) for gate in found.gates],
    }  # fmt: skip
    content = json.loads(json.dumps(content, default=str))
    return json.dumps({**content, "digest": text_digest(canonical_json(content))}, indent=1, ensure_ascii=False) + "\n"


def _rows(table: pd.DataFrame) -> list[list[Any]]:
    return [list(row) for row in table.itertuples(index=False)]


def _read(path: Path) -> KeptChanges | None:
    """Return what a file holds; None if there is none, or it is not as it was written."""
    try:
        if leads_out(path) or not path.is_file() or path.stat().st_size > MOST_BYTES:
            return None
        content = path.read_bytes()
        value = strict_json(content)
        digest = value.pop("digest")
        if text_digest(canonical_json(value)) != digest:
            return None
        kept = KeptChanges.model_validate_json(content, strict=True)
        kept.changes()
    except (OSError, ValueError, ValidationError, TypeError, AttributeError, KeyError, RecursionError):
        return None
    return kept
