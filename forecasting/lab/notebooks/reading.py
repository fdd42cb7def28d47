"""Read a notebook from its file, and refuse what is none: half a file, two versions of one merged, a list."""

from __future__ import annotations

from pathlib import Path

import nbformat

from forecasting.errors import UsageError
from forecasting.files import plain_text

MOST_SHOWN = 200  # characters of what is wrong


def read_notebook(path: Path) -> nbformat.NotebookNode:
    """Return the notebook in a file.

    Raises
    ------
    UsageError
        If it holds none.
    OSError
        If it cannot be read.
    """
    try:
        notebook = nbformat.reads(plain_text(path), as_version=4)
        if not isinstance(notebook, nbformat.NotebookNode):
            raise ValueError("it names no version of the format")
        nbformat.validate(notebook, relax_add_props=True)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, nbformat.ValidationError) as error:
        wrong = " ".join(str(error).split())[:MOST_SHOWN]
        raise UsageError(f"{path}: no notebook ({wrong}); mend it, or take it from your repository's history") from None
    return notebook
