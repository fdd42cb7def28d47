"""What vouches for a run: every file with its digest, what the run was made from, what its gate found, and a digest of itself."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, ValidationError

from forecasting.dossier.fields import Date, Id, Record, Sha256, Text
from forecasting.errors import ForecastingError, UsageError
from forecasting.files import LOCK, canonical_json, file_digest, locked, plain_bytes, strict_json, text_digest
from forecasting.forecasts import Gate, Override

SCHEMA = 4  # forecasts have the 50 % interval beside the 90 % one
MANIFEST = "manifest.json"
DRAFT = ".draft"
MOST_BYTES = 1_000_000  # that of a large edition has 5,000
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,40}\.(csv|json|nc)$")]
Version = Annotated[str, Field(pattern=r"^[0-9A-Za-z.+!_-]{1,40}$")]


class FileEntry(Record):
    """One file of a run."""

    sha256: Sha256
    n_bytes: Annotated[int, Field(ge=0)]


class OverrideEntry(Record):
    """Who had a run published whose fit failed the gate, on which day and why."""

    by: Text
    on: Date
    reason: Text


class GateEntry(Record):
    """What the gate found; `forecasting.forecasts.Gate` as a record."""

    n_criteria: Annotated[int, Field(gt=0)]
    failed: tuple[str, ...]
    override: OverrideEntry | None

    def mark(self) -> Gate:
        """Return what goes with every number of the run."""
        override = Override(**self.override.model_dump()) if self.override else None
        return Gate(self.n_criteria, self.failed, override)


class Manifest(Record):
    """The manifest of a run; ``digest`` is that of the canonical JSON of all other fields.

    ``reconstructed`` says why the numbers were not made on the as-of date, so that a score of them can say so too; it is
    left out where they were. ``draft`` says why the run is a draft, which nobody may publish; a run that is none lacks it.
    """

    format: Annotated[int, Field(ge=SCHEMA, le=SCHEMA, alias="schema")]
    edition: Id
    as_of: Date
    seed: Annotated[int, Field(ge=0)]
    command: str
    records: dict[str, Sha256]
    code: Sha256
    python: Version
    packages: dict[str, Version]
    gate: GateEntry
    reconstructed: str = Field(default="", exclude_if=lambda why: not why)
    draft: str = Field(default="", exclude_if=lambda why: not why)
    outputs: dict[Name, FileEntry]
    digest: Sha256

    def fields(self) -> dict[str, Any]:
        """Return all fields as JSON has them."""
        return self.model_dump(mode="json", by_alias=True)


def draft_of(directory: Path) -> Path:
    """Return the folder of an edition's draft, beside that of its run; no edition can have such an id."""
    return directory.with_name(directory.name + DRAFT)


def again(directory: Path) -> str:
    """Return what to do about a run, or a draft, that cannot be read."""
    return f"make the run again: forecast run {directory.name.removesuffix(DRAFT)}"


def manifest_text(**fields: Any) -> str:
    """Return the manifest with these fields, and its digest, as JSON text."""
    content = {"schema": SCHEMA, **fields}
    made = Manifest.model_validate_json(canonical_json({**content, "digest": text_digest(canonical_json(content))}))
    return json.dumps(made.fields(), indent=1, ensure_ascii=False) + "\n"


def entries(folder: Path, names: list[str]) -> dict[str, dict[str, Any]]:
    """Return what a manifest says of some files: digest and size."""
    return {n: {"sha256": file_digest(folder / n), "n_bytes": (folder / n).stat().st_size} for n in sorted(names)}


def manifest_bytes(directory: Path) -> bytes:
    """Return the manifest as it stands in the folder.

    Raises
    ------
    UsageError
        If there is no run.
    ForecastingError
        If the file is larger than any manifest; it is not read then.
    """
    path = directory / MANIFEST
    if not path.is_file() and (directory.parent / LOCK).is_file():
        with locked(directory.parent):  # a writer may be between two renames, where folders cannot be exchanged
            return _bytes(path)
    return _bytes(path)


def _bytes(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise _refused(path, f"{size:,} bytes, more than any manifest has")
        return plain_bytes(path)
    except (FileNotFoundError, NotADirectoryError):
        raise UsageError(f"no run in {path.parent}; make one with: forecast run {path.parent.name.removesuffix(DRAFT)}") from None
    except OSError as error:
        raise _refused(path, error.strerror or str(error)) from None


def read_manifest(directory: Path) -> Manifest:
    """Read and check the manifest of a run.

    Raises
    ------
    UsageError
        If there is no run.
    ForecastingError
        If the manifest is not of the form and schema that this program writes, or was changed since it was written.
    """
    return parse_manifest(manifest_bytes(directory), directory / MANIFEST)


def parse_manifest(content: bytes, path: Path) -> Manifest:
    """Return the manifest that some bytes hold; ``path`` is named in errors."""
    value = _json(content, path)
    if not isinstance(value, dict):
        raise _refused(path, f"{_said(value)} where a manifest has its fields")
    schema = value.get("schema")
    if isinstance(schema, int) and schema != SCHEMA:
        age = "an older" if schema < SCHEMA else "a newer"
        raise _refused(path, f"schema {schema}, of {age} version of this program, which reads {SCHEMA}")
    try:
        manifest = Manifest.model_validate_json(content, strict=True)
    except ValidationError as error:
        wrong = [f"{'.'.join(map(str, e['loc'])) or 'manifest'}: {e['msg']}" for e in error.errors(include_input=False)[:3]]
        raise _refused(path, "; ".join(wrong)) from None
    content_digest = text_digest(canonical_json({name: field for name, field in value.items() if name != "digest"}))
    if content_digest != manifest.digest:
        raise _refused(path, "other content than its digest stands for: it was changed since the run")
    return manifest


def _json(content: bytes, path: Path) -> Any:
    try:
        return strict_json(content)
    except ValueError as error:
        raise _refused(path, str(error)) from None


def _said(value: Any) -> str:
    kinds = {list: "a list", str: "a text", type(None): "null", bool: "true or false"}
    return kinds.get(type(value), "a number")


def _refused(path: Path, found: str) -> ForecastingError:
    return ForecastingError(f"{path}: found {found}; {again(path.parent)}")


def check_files(directory: Path, manifest: Manifest) -> None:
    """Refuse a folder that does not hold exactly the files of its manifest, each with its size and digest.

    Raises
    ------
    ForecastingError
        Naming the first file that is not listed, missing, no plain file, or changed.
    """
    for path in sorted(directory.iterdir()):
        if path.name not in manifest.outputs and path.name != MANIFEST:
            found = f"not listed in {MANIFEST}, so nobody vouches for it"
            raise ForecastingError(f"{path}: {found}; remove it, or {again(directory)}")
    for name, entry in manifest.outputs.items():
        path = directory / name
        plain = path.is_file() and not path.is_symlink()
        if not plain or path.stat().st_size != entry.n_bytes or file_digest(path) != entry.sha256:
            raise ForecastingError(f"{path}: missing or changed since the run; {again(directory)}")
