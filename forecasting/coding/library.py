"""Copy classes of the library into a dossier, every dated row of them."""

from __future__ import annotations

from pathlib import Path

from forecasting.coding.scaffold import CLASS_CELLS
from forecasting.coding.write import append_rows, locked
from forecasting.dossier.library.records import library, library_rows
from forecasting.dossier.load import read_dossier
from forecasting.dossier.messages import near
from forecasting.errors import UsageError

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
        path = root / LIBRARY_FILE
        path.parent.mkdir(exist_ok=True)
        rows = library_rows([name])
        ordered = [{column: row[column] for column in CLASS_CELLS} for row in rows]
        line = append_rows(path, ordered, optional=("basis", "watched_years"))
    return path, line, len(ordered)
