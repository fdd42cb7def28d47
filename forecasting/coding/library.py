"""Copy classes of the library into a dossier, every dated row of them; and say which classes an event's title finds."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from forecasting.coding.class_search import frames_of
from forecasting.coding.scaffold import CLASS_CELLS
from forecasting.coding.write import append_rows, inside, locked
from forecasting.dossier.library.own import find_own
from forecasting.dossier.library.records import LibraryClass, library, library_ids, library_rows
from forecasting.dossier.library.search import find_classes, words_of
from forecasting.dossier.load import read_dossier
from forecasting.dossier.reference_classes import ReferenceClass
from forecasting.errors import UsageError, near

FITS = 0.5  # more than this share of the telling words of a title must a class have, in whatever form, to be said to fit
_NAME = re.compile(r"(?<=\s)[A-Z][\w'\u2019-]*")  # a capital inside a title begins a name, which no class has
LIBRARY_FILE = "reference_classes/library.csv"


def add_class(root: Path, name: str) -> tuple[Path, int, int]:
    """Append the dated rows of a class of the library to ``reference_classes/library.csv``.

    Returns
    -------
    path : Path
        The file.
    line : int
        The line on which the first row stands.
    n : int
        How many rows were written.

    Raises
    ------
    UsageError
        If the library has no such class, or the dossier has a class of that id already: its own row is never replaced.
    """
    if name not in library():
        raise UsageError(f"the library has no class '{name}'; {near(name, library())}; forecast classes WORDS searches it")
    with locked(root):
        if name in read_dossier(root)[0].reference_classes:
            raise UsageError(f"reference class '{name}' is in the dossier already, and its own row stays; nothing was written")
        path = inside(root, root / LIBRARY_FILE)
        path.parent.mkdir(exist_ok=True)
        rows = library_rows([name])
        ordered = [{column: row[column] for column in CLASS_CELLS} for row in rows]
        line = append_rows(path, ordered, optional=("basis", "watched_years"))
    return path, line, len(ordered)


def own_classes(root: Path, title: str) -> list[ReferenceClass]:
    """Return the classes of a dossier's own tables that an event's title finds (as ``forecast classes`` does) or names.

    Parameters
    ----------
    root : Path
        The ``priors`` folder; it may hold unfinished records, or be absent.
    title : str
        What happens, as a sentence.
    """
    if not root.is_dir():
        return []
    dossier, _ = read_dossier(root)
    classes, but = list(dossier.reference_classes.values()), library_ids()
    found = find_own(classes, _told(title), but=but)
    words = [_stem(word) for word in words_of(_told(title))]
    named = [one for one in classes if one.id not in but and {_stem(part) for part in one.id.split("-")} & set(words)]
    return [*found, *(one for one in named if one not in found)]


def fits(found: Iterable[LibraryClass], title: str) -> bool:
    """Return whether classes of the library fit a title: a frame knows its kind, or one has more than half of its telling words.

    Names are left out.
    """
    found = list(found)
    if any(frames_of(title, one.latest.unit) for one in found):
        return True
    wanted = [word for word in words_of(_told(title)) if not word.isdigit()]
    having = [{one.id for one in find_classes(word)} for word in wanted]
    return any(sum(one.id in ids for ids in having) > FITS * len(wanted) for one in found)


def _told(title: str) -> str:
    return _NAME.sub("", title)


def _stem(word: str) -> str:
    return re.sub(r"(?:ings?|ed|s)$", "", word.casefold())
