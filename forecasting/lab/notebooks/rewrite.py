"""Bring the notebooks up to date: their references, the numbers quoted in their prose, their outputs.

``python -m forecasting.lab.notebooks.rewrite`` does all of it from current runs, fitting what is out of date. A number in prose
is written as ``**45 %**, unlikely (`khmeimim-held-2025`)``, or with an outcome after a colon; it and its words are then
known to come from that forecast, and a test holds them to it.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import nbformat

from forecasting.files import write_file
from forecasting.forecasts import likelihood_words
from forecasting.lab.notebooks.page import WIDGET
from forecasting.lab.notebooks.references import Reference, all_references, write_references
from forecasting.report.formatting import number

QUOTED = re.compile(r"\*\*(?P<percent>[<>]?\d+) %\*\*, (?P<words>[a-z ]+) \(`(?P<id>[a-z0-9-]+(?::[a-z0-9-]+)?)`\)")


def quoted_numbers(text: str) -> Iterator[tuple[str, str, str]]:
    """Yield (id, per cent, words) of every sampled number that a text quotes.

    Examples
    --------
    >>> list(quoted_numbers("Held: **45 %**, unlikely (`khmeimim-held-2025`)."))
    [('khmeimim-held-2025', '45', 'unlikely')]
    """
    for match in QUOTED.finditer(text):
        yield match["id"], match["percent"], match["words"]


def requote(text: str, references: Mapping[str, Reference]) -> str:
    """Return a text with every quoted number and its words as the references have them.

    Examples
    --------
    >>> requote("**40 %**, likely (`a`)", {"a": {"p": 0.42, "mcse": 0.0}})
    '**42 %**, unlikely (`a`)'
    """

    def anew(match: re.Match[str]) -> str:
        p = references[match["id"]]["p"]
        return f"**{number(p)} %**, {likelihood_words(p)} (`{match['id']}`)"

    return QUOTED.sub(anew, text)


def tidy(notebook: nbformat.NotebookNode) -> None:
    """Clear in place what changes from machine to machine: recorded times, widget states, the kernel's own version.

    An empty line goes too: what was said while a run was being fitted leaves one behind. Of a widget the text stays: its view
    is nothing without a kernel.
    """
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook.metadata = nbformat.from_dict({"kernelspec": kernel, "language_info": {"name": "python"}})
    for cell in notebook.cells:
        tags = cell.metadata.get("tags", [])
        cell.metadata = nbformat.from_dict({"tags": tags} if tags else {})
        if cell.cell_type == "code":
            for output in cell.outputs:
                output.get("data", {}).pop(WIDGET, None)
            cell.outputs = [output for output in cell.outputs if output.get("data") != {"text/plain": ""}]


def rewrite_notebooks(folder: Path) -> None:
    """Bring the numbers quoted in prose in line with the references, run every notebook, and tidy it; in place.

    Raises
    ------
    ForecastingError
        If a cell fails; outputs then stay as they were.
    """
    from forecasting.lab.notebooks.execute import run_notebooks

    known = all_references(folder / "references.json")
    for path in sorted(folder.glob("*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        for cell in notebook.cells:
            if cell.cell_type == "markdown":
                cell.source = requote(cell.source, known)
        write_file(path, nbformat.writes(notebook) + "\n")
    with tempfile.TemporaryDirectory() as scratch:
        for path in run_notebooks(folder, Path(scratch)):
            notebook = nbformat.read(path, as_version=4)
            tidy(notebook)
            write_file(folder / path.name, nbformat.writes(notebook) + "\n")


def main(priors: Path = Path("priors"), runs: Path = Path("runs"), notebooks: Path = Path("notebooks")) -> None:
    """Write the references anew from current runs, fitting what is out of date, and the notebooks after them."""
    from forecasting.lab.open import open_run
    from forecasting.rules.load import load_dossier

    dossier = load_dossier(priors)
    found = {name: open_run(name, priors=priors, runs=runs) for name in dossier.editions}
    write_references(dossier, found, notebooks / "references.json")
    rewrite_notebooks(notebooks)


if __name__ == "__main__":
    main()
