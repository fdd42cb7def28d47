"""Take a record out of a dossier, after saying what hangs on it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from forecasting.coding.splice import inside, without_record
from forecasting.coding.through_check import new_failures, put_in_place
from forecasting.coding.write import locked
from forecasting.dossier.edition import Dossier
from forecasting.dossier.load import read_dossier
from forecasting.dossier.parse import YAML_LOADER, FieldPath, Parsed, ParseError, parse_csv, parse_value, parse_yaml
from forecasting.errors import DossierError, UsageError, Where, near
from forecasting.files import plain_bytes

_NAME = re.compile(r"[a-z0-9][a-z0-9-]*")
_TEXTS = {
    "note", "title", "paraphrase", "why", "why_class", "grade_why", "moves_nothing", "reads_why", "counts", "does_not_count",
    "settled_by", "status_quo", "void_if", "citation", "speaker", "speaker_role", "sha256", "seal",
}  # fmt: skip


_KINDS = {
    "claims": "claim", "events": "event", "questions": "question", "sources": "source", "editions": "edition",
    "effects": "effect", "drivers": "driver", "assumptions": "assumption", "balances": "balance",
    "observations": "observation", "reference_classes": "reference_class", "series": "series",
}  # fmt: skip


@dataclass(frozen=True)
class Hanging:
    """A record that names another one: what it is called, where it stands, and the fields that name it."""

    name: str
    where: Where
    fields: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.name} ({self.where}): {', '.join(self.fields)}"


@dataclass(frozen=True)
class Removal:
    """A record that is to be removed: its file and line, what hangs on it, and the content of the file without it.

    ``unfinished``: it could not be read as it stands, since fields are empty or wrong.
    """

    id: str
    kind: str
    where: Where
    hanging: tuple[Hanging, ...]
    contents: dict[str, bytes | None]
    unfinished: bool = False


def plan_removal(root: Path, ident: str) -> Removal:
    """Return what the removal of a record would do; nothing is written.

    Raises
    ------
    UsageError
        If no record has the id.
    """
    dossier, _ = read_dossier(root)
    found = [(kind, key) for kind, key in dossier.places if kind not in ("history", "wording", "grade") and _of(key) == ident]
    if not found:
        kind, parsed, path = _unfinished(root, ident, {_of(key) for _, key in dossier.places})
        local = parsed.file.partition("/")[2]
        contents: dict[str, bytes | None] = {local: _without(root / local, path, ident)}
        return Removal(ident, kind, parsed.where(*path), tuple(_hanging(dossier, ident, kind)), contents, unfinished=True)
    kind = next((kind for kind, _ in found if kind not in ("case", "life_table")), found[0][0])
    parsed, path = dossier.places[next(place for place in found if place[0] == kind)]
    local = parsed.file.partition("/")[2]
    return Removal(
        ident, kind, parsed.where(*path), tuple(_hanging(dossier, ident, kind)), {local: _without(root / local, path, ident)}
    )


def plan_wording_removal(root: Path, lexicon: str, wording: str) -> Removal:
    """Return what the removal of a wording that a coder placed in a lexicon would do; nothing is written.

    Raises
    ------
    UsageError
        If the lexicon does not list the wording, or a survey or standard does and no coder placed it.
    """
    dossier, _ = read_dossier(root)
    said = " ".join(wording.casefold().split())
    if lexicon not in dossier.lexicons:
        raise UsageError(f"no lexicon '{lexicon}'; {near(lexicon, dossier.lexicons, 'known lexicons')}")
    row = dossier.lexicons[lexicon].get(said)
    if row is None:
        raise UsageError(f"lexicon '{lexicon}' does not list '{said}'; {near(said, dossier.lexicons[lexicon], 'wordings')}")
    if not row.at:
        raise UsageError(f"'{said}' in {lexicon} was not placed by a coder, and stays; only wordings of one's own are removed")
    parsed, path = dossier.places["wording", (lexicon, said)]
    local, where = parsed.file.partition("/")[2], parsed.where(*path)
    text = plain_bytes(root / local).decode("utf-8")
    alone = len(parsed.value) == 1
    contents: dict[str, bytes | None] = {
        local: None if alone else _without_rows(root / local, text, said, "wording").encode("utf-8")
    }
    return Removal(said, f"wording of {lexicon}", where, tuple(_reading(dossier, lexicon, said)), contents)


def _reading(dossier: Dossier, lexicon: str, wording: str) -> Iterator[Hanging]:
    """Yield the records that are read by a wording of a lexicon."""
    for (kind, key), (parsed, path) in dossier.places.items():
        if kind not in ("claim", "effect", "event", "history"):
            continue
        try:
            value = _part(parsed.value, path)
        except (KeyError, IndexError, TypeError):
            continue
        fields = tuple(dict.fromkeys(name for name in _saying(value, wording)))
        named = dossier.claims[key].lexicon if kind == "claim" and key in dossier.claims else lexicon
        if fields and named == lexicon:
            yield Hanging(f"{kind} {_of(key)}", parsed.where(*path), fields)


def _saying(value: Any, wording: str, field: str = "") -> Iterator[str]:
    """Yield the fields of a record that hold a wording."""
    if isinstance(value, dict):
        for name, part in value.items():
            yield from _saying(part, wording, f"{field}.{name}" if field else name)
    elif isinstance(value, tuple):
        for part in value:
            yield from _saying(part, wording, field)
    elif value == wording and field.rpartition(".")[2] in ("wording", "comes", "stays_away"):
        yield field


def remove(root: Path, removal: Removal) -> None:
    """Remove a record, through the rules.

    Raises
    ------
    DossierError
        If a rule would fail that holds now; then nothing is written.
    """
    with locked(root):
        of = removal.kind.removeprefix("wording of ")
        again = plan_removal(root, removal.id) if of == removal.kind else plan_wording_removal(root, of, removal.id)
        if again.contents != removal.contents:
            raise UsageError(f"{removal.where.file} has changed meanwhile; ask again")
        failures = new_failures(root, removal.contents)
        if removal.unfinished:  # what else was hidden while it could not be read is not for want of it
            failures = tuple(one for one in failures if re.search(rf"(?<![\w-]){re.escape(removal.id)}(?![\w-])", one.found))
        if failures:
            raise DossierError(failures)
        put_in_place(root, removal.contents)


def _of(key: Any) -> str:
    """Return the id in a key; a class's also says until when it was counted."""
    return str(key[0] if isinstance(key, tuple) else key).partition(" until ")[0]


def _unfinished(root: Path, ident: str, known: Iterable[str]) -> tuple[str, Parsed, FieldPath]:
    """Return kind, file and place of a record that is begun and could not be read yet.

    Raises
    ------
    UsageError
        If there is none either.
    """
    begun = set()
    for file in sorted(path for path in root.rglob("*") if path.suffix in (".yaml", ".csv") and "codings" not in path.parts):
        name = file.relative_to(root).as_posix()
        try:
            parsed = (parse_csv if file.suffix == ".csv" else parse_yaml)(file, f"{root.name or root.resolve().name}/{name}")
        except ParseError:
            continue
        for table, path, record in _records(parsed.value):
            if isinstance(record, dict) and (here := record.get("id")) is not None:
                begun.add(str(here))
                if here == ident:
                    return _KINDS.get(table or name.partition("/")[0].partition(".")[0], "record"), parsed, path
    raise UsageError(f"no record '{ident}'; {near(ident, {*known, *begun}, 'ids')}")


def _records(value: Any) -> Iterator[tuple[str, FieldPath, Any]]:
    """Yield the records of a file, finished or not, with the table and the place in which they stand."""
    if isinstance(value, tuple):
        yield from (("", (n,), record) for n, record in enumerate(value))
    elif isinstance(value, dict) and "id" in value:
        yield "", (), value
    elif isinstance(value, dict):
        for table, records in value.items():
            yield from ((str(table), (table, n), one) for n, one in enumerate(records if isinstance(records, tuple) else ()))


def _without(file: Path, path: tuple[Any, ...], ident: str) -> bytes | None:
    """Return a file without a record; None: the file holds nothing else and goes."""
    if not path:
        return None
    raw = plain_bytes(file)
    mark = b"\xef\xbb\xbf" if raw.startswith(b"\xef\xbb\xbf") else b""
    text = raw[len(mark) :].decode("utf-8")
    if file.suffix == ".csv":
        return mark + _without_rows(file, text, ident).encode("utf-8")
    node: Any = yaml.compose(text, Loader=YAML_LOADER)
    for step in path:
        node = inside(node, step)
    after = without_record(text, node)
    if len(path) > 1 and not parse_value(after).get(path[0]):
        after = re.sub(rf"(?m)^({path[0]}:)[ \t]*(?=\r?$|#)", r"\1 []", after)
    return mark + after.encode("utf-8")


def _without_rows(file: Path, text: str, ident: str, column: str = "id") -> str:
    """Return a CSV table without the rows of one id, or of what a column holds: a class may have a row for each day."""
    parsed = parse_csv(file, file.name)
    lines = text.splitlines(keepends=True)
    starts = [parsed.lines[(n,)] for n in range(len(parsed.value))] + [len(lines) + 1]
    gone = {n for n, row in enumerate(parsed.value) if row.get(column) == ident}
    taken = {line for n in gone for line in range(starts[n], starts[n + 1])}
    return "".join(line for n, line in enumerate(lines, 1) if n not in taken)


def _hanging(dossier: Dossier, ident: str, kind: str) -> Iterator[Hanging]:
    """Yield the records that name an id in a field that is no text."""
    for (other, key), (parsed, path) in dossier.places.items():
        if _of(key) == ident and other == kind:
            continue
        try:
            value = _part(parsed.value, path)
        except (KeyError, IndexError, TypeError):
            continue
        fields = tuple(dict.fromkeys(_naming(value, ident)))
        if fields:
            yield Hanging(f"{other.replace('_', ' ')} {_of(key)}".strip(), parsed.where(*path), fields)
    root = dossier.root
    for file in sorted(root.glob("codings/*/*.yaml")) if kind in ("claim", "source", "event", "effect", "driver") else ():
        name = file.relative_to(root).as_posix()
        try:
            coded = parse_yaml(file, f"{root.name}/{name}")
        except ParseError:
            continue
        for n, record in enumerate(coded.value or ()):
            if isinstance(record, dict) and (fields := tuple(dict.fromkeys(_naming(record, ident)))):
                yield Hanging(f"coded claim {record.get('id', n)}", coded.where(n), fields)


def _part(value: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        value = value[step]
    return value


def _naming(value: Any, ident: str, field: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for name, part in value.items():
            if name == ident:
                yield field or name
            if name not in _TEXTS and not (name == "id" and not field):
                yield from _naming(part, ident, f"{field}.{name}" if field else name)
    elif isinstance(value, tuple):
        for part in value:
            yield from _naming(part, ident, field)
    elif value == ident or (isinstance(value, str) and len(value) < 200 and ident in value.split() and _NAME.fullmatch(ident)):
        yield field
