"""Find the classes of a dossier by words: those that stand in its own tables and not in the library of the package."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable

from forecasting.dossier.library.records import library_ids
from forecasting.dossier.library.search import words_of
from forecasting.dossier.reference_classes import ReferenceClass
from forecasting.errors import near

ENOUGH = 0.5  # share of the words that a class must have: it has few texts, so a lesser share says little


def find_own(
    classes: Iterable[ReferenceClass], words: str, unit: str | None = None, but: Collection[str] = ()
) -> list[ReferenceClass]:
    """Return the classes whose id, note or citation has half of some words at least, in whatever form; those with most first.

    Parameters
    ----------
    classes : iterable of ReferenceClass
        One row of each class.
    words : str
        What one looks for; without words all of a unit are returned, in the order of their ids.
    unit : str, optional
        ``"year"`` or ``"trial"``.
    but : collection of str
        Ids that are left out.

    Examples
    --------
    >>> import forecasting as fc
    >>> [one.id for one in find_own(fc.load_dossier("priors").reference_classes.values(), "rivalries about territory")][0]
    'rivalry-spatial'
    """
    rows = {one.id: one for one in classes if one.id not in but and unit in (None, one.unit)}
    wanted = [word for word in words_of(words) if not word.isdigit()]
    if not wanted:
        return [rows[name] for name in sorted(rows)] if not words.strip() else []
    index = sqlite3.connect(":memory:")
    index.execute("CREATE VIRTUAL TABLE own USING fts5(id UNINDEXED, said, tokenize = 'porter unicode61')")
    index.executemany("INSERT INTO own VALUES (?, ?)", [(one.id, f"{one.id} {one.note} {one.citation}") for one in rows.values()])
    hits = dict.fromkeys(rows, 0)
    for word in wanted:
        for (name,) in index.execute("SELECT id FROM own WHERE own MATCH ?", (f'"{word}"',)):
            hits[name] += 1
    index.close()
    found = [name for name, n in hits.items() if n >= ENOUGH * len(wanted)]
    return [rows[name] for name in sorted(found, key=lambda name: (-hits[name], name))]


def missing_class(name: str, known: Iterable[str]) -> str:
    """Return what to do about a class that a dossier lacks: copy it, where the library of the package has it."""
    if name in library_ids():
        return f"the package has it: forecast classes --add {name}"
    return near(name, known, "known classes")
