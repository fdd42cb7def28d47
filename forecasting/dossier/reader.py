"""Build records from the files of a dossier one by one, and keep where each stands and what is wrong with it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pydantic import ValidationError

from forecasting.dossier.defaults import Inherited, SourceDefaults
from forecasting.dossier.layout import MODELS, stranger
from forecasting.dossier.messages import a, cells, failures_of
from forecasting.dossier.parse import FieldPath, Parsed, ParseError, parse_csv, parse_yaml
from forecasting.errors import CheckResult, Where, near
from forecasting.files import plain_bytes
from forecasting.shown.records import Records

Key = Callable[[Any], Any]
MOST_FAILURES = 1_000  # of one file: whoever has more reads the first ones, and a file made to have millions keeps nobody waiting


# the fields by which others name a record
NAMED_BY = dict.fromkeys(
    ("source", "claim", "event", "effect", "driver", "question", "edition", "assumption", "reference_class"), ("id",)
) | {"wording": ("wording",), "grade": ("scale", "grade")}


def _own_id(record: Any) -> str:
    return str(record.id)


@dataclass
class Reader:
    """What has been read so far: records by kind and id, their places, the files' digests, and every failure."""

    root: Path
    records: dict[str, dict[Any, Any]] = field(default_factory=dict)
    places: dict[tuple[str, Any], tuple[Parsed, FieldPath]] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)
    failures: list[CheckResult] = field(default_factory=list)
    spellings: dict[tuple[str, str], Any] = field(default_factory=dict)  # ids folded to one case
    unread: set[tuple[str, Any]] = field(default_factory=set)
    nameless: set[str] = field(default_factory=set)
    defaults: dict[str, SourceDefaults] = field(default_factory=dict)  # by source
    inherited: dict[str, Mapping[str, Inherited]] = field(default_factory=dict)  # by claim

    def files(self, pattern: str) -> Iterator[Path]:
        """Yield files in a fixed order, but for the hidden ones that editors and file managers leave."""
        yield from sorted(path for path in self.root.glob(pattern) if not path.name.startswith("."))

    def one_or_many(self, name: str) -> Iterator[Path]:
        """Yield the file ``name.suffix``, then those of the folder ``name/``: a region can bring its own."""
        file = self.root / name
        yield file
        yield from self.files(f"{file.stem}/*{file.suffix}")

    @property
    def name(self) -> str:
        """What the folder is called in messages."""
        return self.root.name or self.root.resolve().name

    def read(self, kind: str, path: Path, parser: Callable[[Path, str], Parsed]) -> Parsed | None:
        """Return a file's content, or note why it cannot be read; a file that is out of place gets no other result."""
        local = path.relative_to(self.root).as_posix()
        name = f"{self.name}/{local}"
        if not path.resolve().is_relative_to(self.root.resolve()):
            self.fail("inside", Where(name), "a link that leaves the folder", "put the file itself here")
            self.miss(kind, path)
            return None
        try:
            parsed = parser(path, name)
            self.digests[local] = hashlib.sha256(plain_bytes(path)).hexdigest()
        except ParseError as error:
            self.failures.append(error.result)
            self.miss(kind, path)
            return None
        if misplaced := stranger(kind, path, parsed.value):
            self.fail("file-place", Where(name), *misplaced)
            return None
        return parsed

    def add(self, kind: str, parsed: Parsed, path: FieldPath, value: Any, key: Key = _own_id) -> None:
        """Build one record, or note why it cannot be built."""
        where = parsed.where(*path)
        if not isinstance(value, dict):
            self.fail(f"{kind}-form", where, f"{value!r} instead of a record", f"write the fields of {a(kind)}")
            self.nameless.add(kind)
            return
        source = self.defaults.get(str(value.get("source"))) if kind == "claim" else None
        fields, inherited = source.inherit(value) if source else (value, {})
        try:
            record = MODELS[kind].model_validate(fields)
        except ValidationError as error:
            unread = source.unread if source else ()
            self.failures.extend(failures_of(kind, MODELS[kind], parsed, path, error, fields, unread))
            self.miss(kind, Path(parsed.file), value, {item["loc"][0] for item in error.errors() if item["loc"]})
            return
        ident = key(record)
        folded = (kind, str(ident).casefold())
        if folded in self.spellings:
            first, inside = self.places[kind, self.spellings[folded]]
            found = f"{kind} '{ident}' again (first at {first.where(*inside)})"
            self.fail(f"{kind}-unique", where, found, "give each its own id; ids that differ only in case are one")
            return
        self.spellings[folded] = ident
        self.records.setdefault(kind, {})[ident] = record
        self.places[kind, ident] = (parsed, path)
        if inherited:
            self.inherited[ident] = MappingProxyType(inherited)

    def add_list(self, kind: str, parsed: Parsed, path: FieldPath, values: Any) -> None:
        """Build every record of a list; nothing at all is an empty list."""
        if values is None:
            return
        if not isinstance(values, tuple):
            self.fail(f"{kind}-form", parsed.where(*path), "not a list", f"write '- id: …' for each {kind}")
            self.nameless.add(kind)
            return
        before = len(self.failures)
        for position, value in enumerate(values):
            if self.gives_up(kind, parsed, (*path, position), before):
                return
            self.add(kind, parsed, (*path, position), value)

    def add_table(self, kind: str, path: Path, key: Key = _own_id) -> None:
        """Build every record of a CSV table, if the table exists."""
        if path.exists() and (parsed := self.read(kind, path, parse_csv)) is not None:
            known = {field.alias or name for name, field in MODELS[kind].model_fields.items()}
            filled = set().union(*parsed.value)  # what stands below a column is named where it stands
            for column in parsed.columns:
                if column not in known and column not in filled:
                    where = Where(parsed.file, 1)
                    self.fail(f"{kind}-fields", where, f"unknown field '{column}'", near(column, known, "known fields"))
            before = len(self.failures)
            for position, row in enumerate(parsed.value):
                if self.gives_up(kind, parsed, (position,), before):
                    return
                self.add(kind, parsed, (position,), cells(MODELS[kind], row), key)

    def gives_up(self, kind: str, parsed: Parsed, path: FieldPath, before: int) -> bool:
        """Return whether a file has so many failures that the rest of it is not read, and say so."""
        if len(self.failures) - before <= MOST_FAILURES:
            return False
        found = f"more than {MOST_FAILURES:,} failures so far; the rest of the file was not read"
        self.fail("file-size", parsed.where(*path), found, "mend the first ones, and check again")
        self.miss(kind, Path(parsed.file))
        return True

    def add_effects(self, path: Path) -> None:
        """Build the effects and the drivers, two lists in one file."""
        if not path.exists() or (parsed := self.read("effect", path, parse_yaml)) is None or parsed.value is None:
            return
        if not isinstance(parsed.value, dict):
            self.fail("effect-form", parsed.where(), "no tables", "write effects: and drivers:, each with its list")
            self.miss("effect", path)
            return
        for table in parsed.value.keys() - {"effects", "drivers"}:
            self.fail("effect-form", parsed.where(table), f"unknown table '{table}'", "write effects: or drivers:")
            self.miss("effect", path)
        self.add_list("effect", parsed, ("effects",), parsed.value.get("effects"))
        self.add_list("driver", parsed, ("drivers",), parsed.value.get("drivers"))

    def fail(self, rule: str, where: Where, found: str, fix: str) -> None:
        """Note one failure."""
        self.failures.append(CheckResult(rule, where, found, fix))

    def miss(self, kind: str, path: Path, value: dict[str, Any] | None = None, wrong: Collection[Any] = ()) -> None:
        """Note that a record, or without a ``value`` a whole file, could not be read; ``wrong`` are the fields it broke on."""
        if kind == "wording":
            self.unread.add(("lexicon", path.stem))
        keys = NAMED_BY.get(kind, ())
        if value is None or not keys or any(key in wrong or not isinstance(value.get(key), str) for key in keys):
            self.nameless |= {"effect", "driver"} if kind == "effect" and value is None else {kind}
            return
        name = tuple(value[key] for key in keys)
        self.unread.add((kind, (path.stem, *name) if kind == "wording" else name if len(name) > 1 else name[0]))

    def table(self, kind: str) -> MappingProxyType[Any, Any]:
        """Return the records of one kind, read-only."""
        return MappingProxyType(Records(self.records.get(kind, {})))
