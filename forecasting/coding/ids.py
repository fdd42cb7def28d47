"""Ids of a dossier: which are well formed, which are taken, and which claim id comes next."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from forecasting.dossier.parse import ParseError, parse_yaml
from forecasting.errors import UsageError

_FOLDERS = ("sources", "claims", "events", "effects", "questions", "editions", "assumptions", "balances", "observations")
_FILES = tuple(f"{folder}/*.yaml" for folder in _FOLDERS)


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
    paths = {path for pattern in (*_FILES, "effects.yaml", "assumptions.yaml") for path in root.glob(pattern)}
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


def records_in(root: Path, folder: str) -> Iterator[dict]:
    """Yield what stands as a record in the files of a folder, finished or not; files that cannot be read are passed over."""
    for path in sorted(root.glob(f"{folder}/*.yaml")):
        try:
            value = parse_yaml(path, str(path)).value
        except ParseError:
            continue
        yield from (record for record in (value if isinstance(value, tuple) else ()) if isinstance(record, dict))


def next_claim_id(root: Path, source: str, ids: dict[str, str] | None = None) -> str:
    """Return the next free claim id of a source, for whoever writes one: ``forecast new`` and ``forecast suggest`` alike.

    It goes on the series of the claims that name the source, in whichever file they stand: one more than the highest. The
    first claim begins a series: the shortest beginning of the source's letters that no other source's claims have, a hyphen,
    and 001.

    Examples
    --------
    >>> next_claim_id(Path("priors"), "carnegie-2024-12")[:3]
    'c-0'
    """
    ids = taken_ids(root) if ids is None else ids
    claims = [(str(record.get("source")), str(record.get("id"))) for record in records_in(root, "claims")]
    letters = re.sub(r"[^a-z]", "", source) or "s"
    used = {ident.rpartition("-")[0] for other, ident in claims if other != source}
    first = next((letters[:k] for k in range(1, len(letters) + 1) if letters[:k] not in used), source) + "-"
    return next_in_series([ident for other, ident in claims if other == source], first, ids)


def next_in_series(own: Iterable[str], first: str, ids: Collection[str]) -> str:
    """Return the id after the highest of the commonest series among some ids, or the first of a new series; never a taken one.

    Examples
    --------
    >>> next_in_series(["e-007", "e-009", "odd"], "e-", {"e-010"}), next_in_series([], "e-", ())
    ('e-011', 'e-001')
    """
    matches = [match for match in (re.fullmatch(r"(.*?)([0-9]+)", ident) for ident in own) if match]
    series = Counter(match[1] for match in matches)
    prefix = max(series, key=lambda name: series[name]) if series else first
    width, n = max(((len(match[2]), int(match[2])) for match in matches if match[1] == prefix), default=(3, 0))
    return free_ids(f"{prefix}{n + 1:0{width}}", 1, ids)[0]


def free_ids(first: str, n: int, ids: Collection[str]) -> tuple[str, ...]:
    """Return the first ``n`` ids of a series from ``first`` on that no record has, of whatever kind.

    Examples
    --------
    >>> free_ids("c-008", 3, {"c-009"})
    ('c-008', 'c-010', 'c-011')
    """
    prefix, number = re.fullmatch(r"(.*?)([0-9]+)", first).groups()  # type: ignore[union-attr]
    series = (f"{prefix}{k:0{len(number)}}" for k in itertools.count(int(number)))
    return tuple(itertools.islice((ident for ident in series if ident not in ids), n))
