"""What a case of a broken rule is."""

from __future__ import annotations

from dataclasses import dataclass

from broken_dossiers import Edit


@dataclass(frozen=True)
class Case:
    """A rule, what breaks it, where that must be reported, and words of what must be said."""

    rule: str
    edits: tuple[Edit, ...]
    file: str
    at: tuple[str, ...]  # texts that lead to the line, one after the other; none for the file as a whole
    found: str
    fix: str
    also: tuple[str, ...] = ()  # what the same edit cannot avoid
