"""The notebooks of a project for one edition: executed with its parameters, as notebooks and as pages to read."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import nbformat

from forecasting.dossier.edition import EditionDossier
from forecasting.errors import UsageError, near
from forecasting.files import write_file
from forecasting.lab.notebooks.execute import Progress, execute
from forecasting.lab.notebooks.page import notebook_html
from forecasting.lab.notebooks.reading import read_notebook

PARAMETERS, INJECTED = "parameters", "injected-parameters"  # papermill's names for the two cells
MEANT = "editions:"  # a tag of the parameters' cell: editions:any, editions:<model>, editions:<edition id>


@dataclass(frozen=True)
class Written:
    """What was written: notebooks and pages, and of each notebook that was left out why."""

    paths: tuple[Path, ...]
    left: Mapping[str, str]


def write_notebooks(
    edition: EditionDossier, folder: Path, output: Path, *, only: str = "", values: Mapping[str, object] | None = None,
    progress: Progress | None = None,
) -> Written:  # fmt: skip
    """Execute the notebooks that are meant for an edition, and write each as ``.ipynb`` and as ``.html`` with its code folded.

    A notebook says by a tag of its parameters' cell which editions it is meant for: ``editions:any``, ``editions:balance`` (those
    that ask that model), or ``editions:2024-12-syria``. The parameter ``EDITION`` is set to the edition.

    Parameters
    ----------
    folder : Path
        With the notebooks, which stay as they are.
    output : Path
        Each file appears there whole, once its notebook is done.
    only : str, optional
        Number or beginning of the name of one notebook.
    values : mapping, optional
        Further parameters by name, for each notebook that has them.
    progress : callable, optional
        As for `forecasting.lab.notebooks.execute.execute`.

    Returns
    -------
    Written

    Raises
    ------
    UsageError
        If there is no such notebook, none is meant for the edition, or no chosen notebook has a parameter of ``values``.
    ForecastingError
        If a cell fails; pages of notebooks that were done before stay.
    """
    found = {path: read_notebook(path) for path in sorted(folder.glob("*.ipynb")) if path.name[0] != "."}
    chosen = {path: notebook for path, notebook in found.items() if path.stem.startswith(only)}
    if not chosen:
        raise UsageError(f"no notebook '{only}' in {folder}; {near(only, [path.stem for path in found], 'there are')}")
    left = {path.stem: why for path, notebook in chosen.items() if (why := why_not(notebook, edition))}
    run = {path: notebook for path, notebook in chosen.items() if path.stem not in left}
    if not run:
        told = "; ".join(f"{name}: {why}" for name, why in left.items())
        raise UsageError(f"no notebook to execute for {edition.edition.id}: {told}")
    given, known = dict(values or {}), {name for path, notebook in run.items() for name in _known(path, notebook)}
    if unknown := sorted(given.keys() - known):
        raise UsageError(f"no notebook has the parameter {unknown[0]}; {near(unknown[0], sorted(known), 'parameters')}")
    ready = {path: with_parameters(notebook, {"EDITION": edition.edition.id, **given}) for path, notebook in run.items()}
    pages = [path.stem for path in ready]

    def keep(path: Path, notebook: nbformat.NotebookNode) -> Path:
        page = output / f"{path.stem}.html"
        write_file(output / path.name, nbformat.writes(notebook) + "\n")
        write_file(page, notebook_html(notebook, pages))
        return page

    return Written(tuple(execute(ready, keep, progress)), left)


def why_not(notebook: nbformat.NotebookNode, edition: EditionDossier) -> str:
    """Return why a notebook is not meant for an edition; nothing where it is."""
    tags = [tag for cell in notebook.cells for tag in cell.metadata.get("tags", [])]
    meant = [tag.removeprefix(MEANT) for tag in tags if tag.startswith(MEANT)]
    if not meant:
        return f"it takes no edition (no cell has the tags {PARAMETERS} and {MEANT}any)"
    if {"any", edition.edition.id, *edition.further}.intersection(meant):
        return ""
    if meant[0] in edition.dossier.editions:
        return f"it is about {meant[0]}"
    return f"the edition asks nothing about {meant[0]}"


def _known(path: Path, notebook: nbformat.NotebookNode) -> dict[str, object]:
    """Return the parameters of a notebook; `UsageError` with its path if its cell cannot be read."""
    try:
        return parameters_of(notebook)
    except UsageError as error:
        raise UsageError(f"{path}: {error}") from None


def parameters_of(notebook: nbformat.NotebookNode) -> dict[str, object]:
    """Return the parameters of a notebook with their values: plain assignments of its cell with that tag.

    A value that is worked out is none that could be set from outside.

    Raises
    ------
    UsageError
        If the cell is no Python.

    Examples
    --------
    >>> cell = nbformat.v4.new_code_cell('EDITION = "a"  # or another', metadata={"tags": ["parameters"]})
    >>> parameters_of(nbformat.v4.new_notebook(cells=[cell]))
    {'EDITION': 'a'}
    """
    at = _position(notebook)
    if at is None:
        return {}
    try:
        body = ast.parse(notebook.cells[at].source).body
    except (SyntaxError, ValueError, RecursionError) as error:
        found = f"its cell with the tag '{PARAMETERS}' cannot be read ({error})"
        raise UsageError(f"{found}; write lines of NAME = VALUE there, and nothing else") from None
    return {
        target.id: value
        for line in body if isinstance(line, ast.Assign)
        for value in _literal(line.value)
        for target in line.targets if isinstance(target, ast.Name)
    }  # fmt: skip


def _literal(value: ast.expr) -> Iterator[object]:
    """Yield the value of an expression, if it is one that is written out."""
    with suppress(ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        yield ast.literal_eval(value)


def with_parameters(notebook: nbformat.NotebookNode, values: Mapping[str, object]) -> nbformat.NotebookNode:
    """Return a notebook with a cell after that of its parameters, which sets those of ``values`` that it has otherwise."""
    own, at = parameters_of(notebook), _position(notebook)
    lines = [f"{name} = {value!r}" for name, value in values.items() if name in own and own[name] != value]
    if at is None or not lines:
        return notebook
    cell = nbformat.v4.new_code_cell("\n".join(lines), metadata={"tags": [INJECTED]}, id=INJECTED)
    changed = nbformat.from_dict({**notebook, "cells": [*notebook.cells[: at + 1], cell, *notebook.cells[at + 1 :]]})
    assert isinstance(changed, nbformat.NotebookNode)
    return changed


def _position(notebook: nbformat.NotebookNode) -> int | None:
    """Return which cell holds the parameters."""
    return next((n for n, cell in enumerate(notebook.cells) if PARAMETERS in cell.metadata.get("tags", [])), None)
