"""``forecast notebook``: execute the notebooks for an edition, as notebooks and as pages that need no JupyterLab."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from forecasting.cli.terminal import (
    HERE_PRIORS,
    HERE_REPORTS,
    HERE_RUNS,
    EditionId,
    Priors,
    Reports,
    Runs,
    err,
    out,
    plain_errors,
    progress_bars,
    tidy,
)
from forecasting.errors import UsageError


def notebook(
    edition: EditionId,
    only: Annotated[str, typer.Option("--notebook", help="Number or name of one notebook, such as 03; by default all.")] = "",
    folder: Annotated[Path | None, typer.Option("--out", help="Where they go; by default reports/notebooks/EDITION.")] = None,
    setting: Annotated[list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="Another parameter, as text.")] = None,
    priors: Priors = HERE_PRIORS,
    runs: Runs = HERE_RUNS,
    reports: Reports = HERE_REPORTS,
) -> None:
    """Execute the notebooks with an edition's run, and write each as .ipynb and as an HTML page with its code folded.

    A page needs no JupyterLab, runs nothing and fetches nothing. A notebook that is not meant for the edition is named and left
    out. The run must be there: forecast run EDITION.

    Example: forecast notebook 2024-12-syria
    Example: forecast notebook 2026-02-outlook --notebook 03 --set THEME=Gas --out pages
    """
    from forecasting.coding.write import inside
    from forecasting.dossier.location import in_project
    from forecasting.lab.notebooks.for_edition import write_notebooks
    from forecasting.rules.load import load_dossier
    from forecasting.runs.freshness import current_run, is_current

    with plain_errors():
        values = dict(_pair(text) for text in setting or ())
        selected, source = load_dossier(priors).edition(edition), in_project("notebooks")
        if not source.is_dir():
            raise UsageError(f"no folder {source}; notebooks lie in notebooks/ of the project")
        if not is_current(selected, current_run(selected, runs).directory):  # or each kernel would make it again, unseen
            raise UsageError(f"the run of {edition} is of an older program; make it again: forecast run {edition}")
        for name, path in (("PRIORS", priors), ("RUNS", runs)):
            values |= {name: str(path.resolve())} if path.resolve() != (source / ".." / name.lower()).resolve() else {}
        target = folder or inside(reports, reports / "notebooks" / edition)
        tidy(target)
        with progress_bars() as progress:
            written = write_notebooks(selected, source, target, only=only, values=values, progress=progress)
        for name, why in written.left.items():
            err.print(f"left out {name}: {why}", markup=False)
        for path in written.paths:
            out.print(f"wrote {path} and {path.stem}.ipynb", markup=False)


def _pair(text: str) -> tuple[str, str]:
    """Return name and value of a setting.

    Examples
    --------
    >>> _pair("THEME=Gas")
    ('THEME', 'Gas')
    """
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise UsageError(f"--set {text}: no NAME=VALUE; write for example --set THEME=Gas")
    return name, value
