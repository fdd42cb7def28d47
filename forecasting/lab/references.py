"""Hold the sampled numbers of notebooks to stored values, within what chance alone can do.

Draws differ between processors, so notebooks are never compared with them digit by digit. ``notebooks/references.json``
holds, for every outcome of every edition, its probability and Monte Carlo standard error at the time the notebooks were
last written. A number agrees with its reference if it lies within four combined standard errors,
|p − p_ref| ≤ 4 √(mcse² + mcse_ref²): chance alone breaks that once in 16,000 numbers.

``python -m forecasting.lab.references`` writes the file anew from the current runs, puts the new numbers into the first
cells of the notebooks, and clears what a notebook should not carry. Then ``make notebooks`` runs them again.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import nbformat

from forecasting.errors import ForecastingError
from forecasting.forecasts import likelihood_words
from forecasting.report.words import number
from forecasting.runs import Run, write_atomically

ERRORS = 4.0
TINY = 1e-9
# a sampled number in prose: **45 %**, unlikely (`khmeimim-held-2025`), or with an outcome after a colon
QUOTED = re.compile(r"\*\*(?P<percent>[<>]?\d+) %\*\*, (?P<words>[a-z ]+) \(`(?P<id>[a-z0-9-]+(?::[a-z0-9-]+)?)`\)")
Reference = Mapping[str, float]


def reference_numbers(run: Run) -> dict[str, dict[str, float]]:
    """Return p and MCSE of every outcome of a run, by ``question`` or, if it has several, ``question:outcome``."""
    return {
        f.question if f.kind == "yes/no" else f"{f.question}:{o.id}": {"p": round(o.p, 6), "mcse": round(o.mcse, 6)}
        for f in run.forecasts
        for o in f.outcomes
    }


def read_references(path: Path | str) -> dict[str, dict[str, Reference]]:
    """Return the stored numbers by edition and id."""
    return json.loads(Path(path).read_text("utf-8"))


def distance(now: Reference, reference: Reference) -> float:
    """Return how many combined Monte Carlo standard errors lie between two numbers.

    Examples
    --------
    >>> distance({"p": 0.45, "mcse": 0.003}, {"p": 0.43, "mcse": 0.004})
    4.0
    """
    apart = abs(now["p"] - reference["p"])
    error = math.hypot(now["mcse"], reference["mcse"])
    return round(apart / error, 9) if error else 0.0 if apart <= TINY else math.inf


def hold(run: Run, path: Path | str = "references.json") -> str:
    """Hold every number of a run to its stored reference.

    Parameters
    ----------
    run : Run
    path : path, default "references.json"
        As a notebook sees it.

    Returns
    -------
    str
        How many numbers were held.

    Raises
    ------
    ForecastingError
        If a number has no reference, or lies more than four combined Monte Carlo standard errors from it.
    """
    edition, now = run.manifest["edition"], reference_numbers(run)
    stored = read_references(path).get(edition, {})
    unknown = sorted(now.keys() ^ stored.keys())
    far = [name for name in sorted(now.keys() & stored.keys()) if distance(now[name], stored[name]) > ERRORS]
    lines = [f"{name}: {'no reference' if name in now else 'not asked any more'}" for name in unknown]
    lines += [f"{name}: {now[name]['p']:.4f}, stored {stored[name]['p']:.4f}, "
              f"{distance(now[name], stored[name]):.1f} standard errors apart" for name in far]  # fmt: skip
    if lines:
        fix = "write them anew if records or model have changed: python -m forecasting.lab.references"
        raise ForecastingError("\n  ".join([f"{path}: {edition} does not agree with its stored numbers", *lines, fix]))
    return f"{edition}: all {len(now)} numbers lie within {ERRORS:g} Monte Carlo standard errors of the stored ones"


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
    >>> requote("**40 %**, likely (`a`)", {"a": {"p": 0.45, "mcse": 0.0}})
    '**45 %**, unlikely (`a`)'
    """

    def anew(match: re.Match[str]) -> str:
        p = references[match["id"]]["p"]
        return f"**{number(p)} %**, {likelihood_words(p)} (`{match['id']}`)"

    return QUOTED.sub(anew, text)


def tidy(notebook: nbformat.NotebookNode) -> None:
    """Clear in place what changes from machine to machine: recorded times, widget states, the kernel's own version."""
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook.metadata = nbformat.from_dict({"kernelspec": kernel, "language_info": {"name": "python"}})
    for cell in notebook.cells:
        cell.metadata = nbformat.from_dict({"tags": cell.metadata.get("tags", [])} if cell.metadata.get("tags") else {})


def refresh(notebooks: Path, runs: Mapping[str, Run]) -> list[Path]:
    """Write the references anew from some runs, and bring the quoted numbers of the notebooks in line with them.

    Parameters
    ----------
    notebooks : Path
        The folder.
    runs : mapping of edition to Run

    Returns
    -------
    list of Path
        The files written.
    """
    stored = {edition: reference_numbers(run) for edition, run in runs.items()}
    path = notebooks / "references.json"
    write_atomically(path, json.dumps(stored, indent=1) + "\n")
    known = {name: reference for numbers in stored.values() for name, reference in numbers.items()}
    written = [path]
    for path in sorted(notebooks.glob("*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        tidy(notebook)
        for cell in notebook.cells:
            if cell.cell_type == "markdown":
                cell.source = requote(cell.source, known)
        write_atomically(path, nbformat.writes(notebook) + "\n")
        written.append(path)
    return written


def main(priors: Path = Path("priors"), runs: Path = Path("runs"), notebooks: Path = Path("notebooks")) -> None:
    """Refresh the notebooks' references from current runs, fitting what is out of date."""
    from forecasting.claims.load import load_dossier
    from forecasting.lab.open import open_run

    editions = load_dossier(priors).editions
    refresh(notebooks, {name: open_run(name, priors=priors, runs=runs) for name in editions})


if __name__ == "__main__":
    main()
