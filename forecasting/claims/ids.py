"""Ids of a dossier: which are well formed, which are taken, and which claim id comes next."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from forecasting.claims.parse import ParseError, parse_yaml
from forecasting.errors import UsageError

_FILES = tuple(f"{folder}/*.yaml" for folder in ("sources", "claims", "events", "effects", "questions", "editions"))


def check_form(ident: str, what: str = "id") -> None:
    """Raise `UsageError` unless an id is lower-case letters, digits and hyphens, at most 64."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,63}", ident):
        shown = ident if len(ident) <= 80 else ident[:77] + "..."
        raise UsageError(f"{what} {shown!r}: write lower-case letters, digits and hyphens, at most 64")


def check_free(root: Path, ident: str, ids: dict[str, str] | None = None) -> None:
    """Raise `UsageError` if a record of any kind has an id, in whatever case, or if it is malformed."""
    taken = (taken_ids(root) if ids is None else ids).get(ident.casefold())
    if taken:
        raise UsageError(f"id '{ident}' is taken ({taken}); choose another one")
    check_form(ident)


def taken_ids(root: Path) -> dict[str, str]:
    """Return every id of a dossier, in one case, with the place of its record; unfinished records count as well."""
    return {ident.casefold(): where for ident, where in _ids(root)}


def _ids(root: Path) -> Iterator[tuple[str, str]]:
    paths = {path for pattern in (*_FILES, "effects.yaml") for path in root.glob(pattern)}
    for path in sorted(path for path in paths if not path.name.startswith(".")):
        try:
            parsed = parse_yaml(path, f"{root.name or root.resolve().name}/{path.relative_to(root).as_posix()}")
        except ParseError as error:
            raise UsageError(f"ids cannot be compared before this is mended: {error.result}") from None
        value = parsed.value
        tables = [value] if not isinstance(value, dict) or "id" in value else [value.get("effects"), value.get("drivers")]
        for table in tables:
            for record in (table,) if isinstance(table, dict) else table if isinstance(table, tuple) else ():
                if isinstance(record, dict) and record.get("id") is not None:
                    yield str(record["id"]), f"in {parsed.file}"


def next_claim_id(root: Path, source: str, ids: dict[str, str] | None = None) -> str:
    """Return the next free claim id of a source: one more than its highest, or a new series after its initial.

    Examples
    --------
    >>> next_claim_id(Path("priors"), "carnegie-2024-12")[:3]
    'c-0'
    """
    ids = taken_ids(root) if ids is None else ids
    path = root / "claims" / f"{source}.yaml"
    records = parse_yaml(path, str(path)).value if path.is_file() else ()
    own = [re.fullmatch(r"(.*?)([0-9]+)", str(record.get("id"))) for record in records or () if isinstance(record, dict)]
    series = Counter(match[1] for match in own if match)
    if series:
        prefix = max(series, key=lambda name: series[name])
        width, n = max((len(match[2]), int(match[2])) for match in own if match and match[1] == prefix)
    else:
        letters = re.sub(r"[^a-z]", "", source) or "s"
        used = {ident.rpartition("-")[0] for ident in ids}
        prefix = next((letters[:k] for k in range(1, len(letters) + 1) if letters[:k] not in used), source) + "-"
        width, n = 3, 0
    while f"{prefix}{n + 1:0{width}}" in ids:
        n += 1
    return f"{prefix}{n + 1:0{width}}"
