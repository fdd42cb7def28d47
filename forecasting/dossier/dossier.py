"""A dossier: all records under one ``priors/`` folder, each with its place in a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from forecasting.dossier.messages import near
from forecasting.dossier.parse import FieldPath, Parsed
from forecasting.dossier.records import (
    Claim,
    Driver,
    Edition,
    Effect,
    Event,
    GradeRow,
    HistoryRow,
    LifeTableRow,
    Question,
    ReferenceClass,
    Source,
    Wording,
)
from forecasting.errors import UsageError, Where

if TYPE_CHECKING:
    from forecasting.dossier.edition import EditionDossier


@dataclass(frozen=True)
class Dossier:
    """All records under one ``priors/`` folder, by id, with the place of each in its file.

    ``places`` maps ``(kind, id)`` to the parsed file and the path of the record in it; history rows are addressed by
    their position in ``history``. Mappings are read-only.
    """

    root: Path
    sources: MappingProxyType[str, Source]
    claims: MappingProxyType[str, Claim]
    lexicons: MappingProxyType[str, MappingProxyType[str, Wording]]
    grades: MappingProxyType[tuple[str, str], GradeRow]
    reference_classes: MappingProxyType[str, ReferenceClass]
    life_tables: MappingProxyType[tuple[str, float], LifeTableRow]
    events: MappingProxyType[str, Event]
    effects: MappingProxyType[str, Effect]
    drivers: MappingProxyType[str, Driver]
    questions: MappingProxyType[str, Question]
    editions: MappingProxyType[str, Edition]
    history: tuple[HistoryRow, ...]
    places: MappingProxyType[tuple[str, Any], tuple[Parsed, FieldPath]]
    digests: MappingProxyType[str, str]

    def where(self, kind: str, key: Any, *path: Any) -> Where:
        """Return the file and line of a record, or of one of its fields."""
        parsed, prefix = self.places[kind, key]
        return parsed.where(*prefix, *path)

    def wording(self, lexicon: str | None, wording: str | None) -> Wording | None:
        """Return the entry of a lexicon that a claim names, or None if the lexicon or the entry is not there."""
        table = self.lexicons.get(lexicon or "")
        return table.get(wording or "") if table else None

    def relatives(self, class_id: str) -> tuple[ReferenceClass, ...]:
        """Return the classes from which a reference class borrows."""
        return tuple(self.reference_classes[name] for name in self.reference_classes[class_id].borrows)

    def edition(self, edition_id: str) -> EditionDossier:
        """Return the part of the dossier that one edition may see.

        Raises
        ------
        UsageError
            If no edition has that id; near matches are named.
        """
        from forecasting.dossier.edition import select_edition

        return select_edition(self, lookup(self.editions, edition_id, "edition"))


def lookup[T](table: Mapping[str, T], key: str, kind: str) -> T:
    """Return ``table[key]`` or raise `UsageError` with the nearest ids."""
    if key in table:
        return table[key]
    raise UsageError(f"no {kind} '{key}'; {near(key, table, 'known ids')}")
