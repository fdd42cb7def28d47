"""Load a dossier: every file under ``priors/`` becomes frozen records that know their file and line."""

from __future__ import annotations

import difflib
import hashlib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, get_args

from pydantic import ValidationError

from forecasting.claims.parse import Parsed, ParseError, parse_csv, parse_yaml
from forecasting.claims.records import (
    Claim,
    Driver,
    Edition,
    Effect,
    Event,
    GradeRow,
    HistoryRow,
    Question,
    Record,
    ReferenceClass,
    Source,
    Wording,
)
from forecasting.errors import CheckResult, DossierError, UsageError, Where


@dataclass(frozen=True)
class Dossier:
    """All records under one ``priors/`` folder, by id, with the place of each in its file.

    ``places`` maps ``(kind, id)`` to the parsed file and the path of the record in it; history rows are addressed by
    their position. Mappings are read-only.
    """

    root: Path
    sources: MappingProxyType[str, Source]
    claims: MappingProxyType[str, Claim]
    lexicons: MappingProxyType[str, MappingProxyType[str, Wording]]
    grades: MappingProxyType[tuple[str, str], GradeRow]
    reference_classes: MappingProxyType[str, ReferenceClass]
    events: MappingProxyType[str, Event]
    effects: MappingProxyType[str, Effect]
    drivers: MappingProxyType[str, Driver]
    questions: MappingProxyType[str, Question]
    editions: MappingProxyType[str, Edition]
    history: tuple[HistoryRow, ...]
    places: MappingProxyType[tuple[str, Any], tuple[Parsed, tuple]]
    digests: MappingProxyType[str, str]

    def where(self, kind: str, key: Any, *path: Any) -> Where:
        """Return the file and line of a record, or of one of its fields."""
        parsed, prefix = self.places[kind, key]
        return parsed.where(*prefix, *path)

    def edition(self, edition_id: str) -> EditionDossier:
        """Return the part of the dossier that one edition may see.

        Raises
        ------
        UsageError
            If no edition has that id; near matches are named.
        """
        from forecasting.claims.edition import select_edition

        return select_edition(self, lookup(self.editions, edition_id, "edition"))


def lookup[T](table: MappingProxyType[str, T], key: str, kind: str) -> T:
    """Return ``table[key]`` or raise `UsageError` with the nearest ids."""
    if key in table:
        return table[key]
    raise UsageError(f"no {kind} '{key}'; {near(key, table, 'known ids')}")


def near(key: str, known: Iterable[str], label: str = "known") -> str:
    """Return a hint: the nearest known names, or the first few."""
    known = sorted(known)
    close = difflib.get_close_matches(key, known, n=3, cutoff=0.6)
    if close:
        return "did you mean " + " or ".join(f"'{name}'" for name in close) + "?"
    shown = ", ".join(known[:8]) + (", …" if len(known) > 8 else "")
    return f"{label}: {shown}" if known else f"{label}: none yet"


@dataclass
class _Collector:
    """What has been read so far: records by kind and id, their places, and every failure."""

    records: dict[str, dict[Any, Any]] = field(default_factory=dict)
    places: dict[tuple[str, Any], tuple[Parsed, tuple]] = field(default_factory=dict)
    failures: list[CheckResult] = field(default_factory=list)

    def add(self, kind: str, model: type[Record], parsed: Parsed, path: tuple, value: Any, key: Callable[[Any], Any]) -> None:
        if not isinstance(value, dict):
            self.failures.append(
                CheckResult(f"{kind}-form", parsed.where(*path), f"{value!r} instead of a record", f"write the fields of a {kind}")
            )
            return
        try:
            record = model.model_validate(value)
        except ValidationError as error:
            name = value.get("id", "")
            self.failures.extend(_failures(kind, str(name), model, parsed, path, error))
            return
        ident = key(record)
        table = self.records.setdefault(kind, {})
        folded = {str(known).casefold(): known for known in table}
        if str(ident).casefold() in folded:
            first = self.where(kind, folded[str(ident).casefold()])
            self.failures.append(
                CheckResult(
                    f"{kind}-unique", parsed.where(*path), f"{kind} '{ident}' again (first at {first})", "give each its own id"
                )
            )
            return
        table[ident] = record
        self.places[kind, ident] = (parsed, path)

    def where(self, kind: str, key: Any) -> Where:
        parsed, path = self.places[kind, key]
        return parsed.where(*path)


def _failures(
    kind: str, name: str, model: type[Record], parsed: Parsed, path: tuple, error: ValidationError
) -> list[CheckResult]:
    """Turn pydantic's list of errors into results that name file, line, field, finding and fix."""
    results = []
    for item in error.errors(include_url=False):
        loc = tuple(part for part in item["loc"] if part != "__key__")
        dotted = ".".join(str(part) for part in loc)
        where = parsed.where(*path, *loc)
        label = f"{kind} {name}".strip()
        given = item.get("input")
        match item["type"]:
            case "missing":
                found, fix = f"{label}: '{dotted}' is missing", f"write {dotted}: …"
            case "extra_forbidden":
                known = [f.alias or n for n, f in model.model_fields.items()]
                found, fix = f"{label}: unknown field '{dotted}'", near(str(loc[-1]), known, "known fields")
            case "string_pattern_mismatch":
                found = f"{label}: {dotted} is {given!r}"
                fix = "write lower-case letters, digits and hyphens, at most 64; a digest is 64 hexadecimal digits"
            case "literal_error":
                found, fix = f"{label}: {dotted} is {given!r}", f"write one of {item['ctx']['expected']}"
            case "value_error":
                text = str(item["ctx"]["error"])
                found, _, fix = f"{label}: {dotted + ' ' if dotted else ''}{text}".partition("; ")
                fix = fix or "mend the record"
            case _:
                found = f"{label}: {dotted} is {given!r}"
                fix = item["msg"].replace("Input should be", "write") + "; numbers are plain: 12 or 0.5"
        results.append(CheckResult(f"{kind}-fields", where, found, fix))
    return results


def _number(text: str, annotation: Any) -> Any:
    """Convert a CSV cell for a numeric field; anything that is not ``12`` or ``0.5`` stays text and is refused."""
    kinds = _plain_types(annotation)
    if int in kinds and re.fullmatch(r"-?\d+", text):
        return int(text)
    if float in kinds and re.fullmatch(r"-?\d+(\.\d+)?", text):
        return float(text)
    return text


def _plain_types(annotation: Any) -> set[Any]:
    """Return the plain types inside an annotation such as ``Annotated[float, …] | None``."""
    parts = get_args(annotation)
    return set().union(*map(_plain_types, parts)) if parts else {annotation} if isinstance(annotation, type) else set()


def _cells(model: type[Record], row: dict[str, str]) -> dict[str, Any]:
    fields = model.model_fields
    return {key: _number(cell, fields[key].annotation) if key in fields else cell for key, cell in row.items()}


YAML_FOLDERS: tuple[tuple[str, str, type[Record]], ...] = (
    ("claims", "claim", Claim),
    ("events", "event", Event),
    ("questions", "question", Question),
)
ONE_RECORD_FOLDERS: tuple[tuple[str, str, type[Record]], ...] = (
    ("sources", "source", Source),
    ("editions", "edition", Edition),
)


def read_dossier(root: str | Path) -> tuple[Dossier, tuple[CheckResult, ...]]:
    """Read every file under ``root``; return what could be read and every failure of form.

    Rules that look at several records at once are in `forecasting.claims.checks`.

    Parameters
    ----------
    root : path
        The ``priors`` folder.

    Raises
    ------
    UsageError
        If ``root`` is not a folder.
    """
    root = Path(root)
    if not root.is_dir():
        raise UsageError(f"no folder {root}; name the 'priors' folder of a project")
    got = _Collector()
    digests: dict[str, str] = {}

    def read(path: Path, parser: Callable[[Path, str], Parsed]) -> Parsed | None:
        name = f"{root.name}/{path.relative_to(root).as_posix()}"
        if not path.resolve().is_relative_to(root.resolve()):
            got.failures.append(CheckResult("inside", Where(name), "a link that leaves the folder", "put the file itself here"))
            return None
        try:
            parsed = parser(path, name)
        except ParseError as error:
            got.failures.append(error.result)
            return None
        digests[path.relative_to(root).as_posix()] = hashlib.sha256(path.read_bytes()).hexdigest()
        return parsed

    for folder, kind, model in ONE_RECORD_FOLDERS:
        for path in sorted((root / folder).glob("*.yaml")):
            if (parsed := read(path, parse_yaml)) is None:
                continue
            got.add(kind, model, parsed, (), parsed.value, lambda record: record.id)
    for folder, kind, model in YAML_FOLDERS:
        for path in sorted((root / folder).glob("*.yaml")):
            if (parsed := read(path, parse_yaml)) is None:
                continue
            _add_list(got, kind, model, parsed, (), parsed.value)
    if (root / "effects.yaml").exists() and (parsed := read(root / "effects.yaml", parse_yaml)) is not None:
        tables = parsed.value if isinstance(parsed.value, dict) else {}
        for key in tables.keys() - {"effects", "drivers"}:
            got.failures.append(
                CheckResult("effect-fields", parsed.where(key), f"unknown table '{key}'", "write effects: or drivers:")
            )
        _add_list(got, "effect", Effect, parsed, ("effects",), tables.get("effects", ()))
        _add_list(got, "driver", Driver, parsed, ("drivers",), tables.get("drivers", ()))
    _add_tables(root, got, read)
    tables = {kind: MappingProxyType(got.records.get(kind, {})) for kind in _KINDS}
    return (
        Dossier(
            root=root,
            sources=tables["source"],
            claims=tables["claim"],
            lexicons=MappingProxyType({k: MappingProxyType(v) for k, v in _lexicons(got).items()}),
            grades=tables["grade"],
            reference_classes=tables["reference_class"],
            events=tables["event"],
            effects=tables["effect"],
            drivers=tables["driver"],
            questions=tables["question"],
            editions=tables["edition"],
            history=tuple(got.records.get("history", {}).values()),
            places=MappingProxyType(got.places),
            digests=MappingProxyType(digests),
        ),
        tuple(got.failures),
    )


_KINDS = ("source", "claim", "event", "effect", "driver", "question", "edition", "reference_class", "grade")


def _add_list(got: _Collector, kind: str, model: type[Record], parsed: Parsed, path: tuple, values: Any) -> None:
    if not isinstance(values, tuple):
        if values is not None:
            got.failures.append(CheckResult(f"{kind}-form", parsed.where(*path), "not a list", f"write '- id: …' for each {kind}"))
        return
    for position, value in enumerate(values):
        got.add(kind, model, parsed, (*path, position), value, lambda record: record.id)


def _add_tables(root: Path, got: _Collector, read: Callable) -> None:
    """Read the CSV tables: reference classes, history, grades, lexicons."""
    tables: list[tuple[Path, str, type[Record], Callable[[Any], Any]]] = [
        (root / "reference_classes.csv", "reference_class", ReferenceClass, lambda record: record.id),
        (root / "grades.csv", "grade", GradeRow, lambda record: (record.scale, record.grade)),
    ]
    for path in sorted((root / "lexicons").glob("*.csv")):
        tables.append((path, "wording", Wording, lambda record, stem=path.stem: (stem, record.wording)))
    for path, kind, model, key in tables:
        if path.exists() and (parsed := read(path, parse_csv)) is not None:
            for position, row in enumerate(parsed.value):
                got.add(kind, model, parsed, (position,), _cells(model, row), key)
    path = root / "history.csv"
    if path.exists() and (parsed := read(path, parse_csv)) is not None:
        for position, row in enumerate(parsed.value):
            got.add("history", HistoryRow, parsed, (position,), _cells(HistoryRow, row), lambda _, p=position: p)


def _lexicons(got: _Collector) -> dict[str, dict[str, Wording]]:
    lexicons: dict[str, dict[str, Wording]] = {}
    for (lexicon, wording), record in got.records.get("wording", {}).items():
        lexicons.setdefault(lexicon, {})[wording] = record
    return lexicons


def load_dossier(root: str | Path = "priors") -> Dossier:
    """Load and check a dossier.

    Parameters
    ----------
    root : path, default "priors"
        The folder with ``sources/``, ``claims/``, ``events/`` and the rest.

    Returns
    -------
    Dossier
        All records, by id.

    Raises
    ------
    DossierError
        If any rule fails; the message lists every failure with file, line, finding and fix.

    Examples
    --------
    >>> import forecasting as fc
    >>> dossier = fc.load_dossier("priors")
    >>> dossier.events["khmeimim-lost"].reference_class
    'foreign-base-after-regime-change'
    """
    from forecasting.claims.checks import check_dossier

    dossier, failures = read_dossier(root)
    results = (*failures, *check_dossier(dossier))
    errors = tuple(result for result in results if result.status == "failure")
    if errors:
        raise DossierError(errors)
    return dossier


from forecasting.claims.edition import EditionDossier  # noqa: E402  (the type of a return value)
