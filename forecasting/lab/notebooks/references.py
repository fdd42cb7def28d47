"""Hold the sampled numbers of notebooks to stored values, within what chance alone can do.

Draws differ between processors, so notebooks are never compared with them digit by digit. ``notebooks/references.json``
holds probabilities with their Monte Carlo standard errors as they were when the notebooks were last written: for every
outcome of every edition (``questions``), and for every event that a notebook hands to a model of its own (``events``:
within a year, per layer of evidence). A number agrees with its reference if they differ by at most 4 √(mcse² + mcse_ref²);
chance alone breaks that once in 16,000 numbers. `forecasting.lab.notebooks.rewrite` writes the file anew.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from forecasting.arguments import BOOL, DOSSIER, MAPPING, NUMBERS, PATH, REFERENCE, RUN, RUNS, WHOLE, takes
from forecasting.dossier.edition import Dossier
from forecasting.elicitation.wording import inverse_cloglog
from forecasting.errors import ForecastingError, UsageError
from forecasting.files import plain_text, write_file
from forecasting.runs.store import Run

ERRORS = 4.0
LEAST = 4  # draws of a chain
TINY = 1e-9
EVENTS = {"2024-12-syria": ("moscow-leaves-syria",)}
Reference = Mapping[str, float]


@takes(run=RUN)
def reference_numbers(run: Run) -> dict[str, dict[str, float]]:
    """Return p and MCSE of every outcome of a run, by ``question`` or, if it has several, ``question:outcome``."""
    return {
        f.question if o.id == "yes" else f"{f.question}:{o.id}": {"p": round(o.p, 6), "mcse": round(o.mcse, 6)}
        for f in run.forecasts
        for o in f.outcomes
    }


@takes(p=NUMBERS, chains=WHOLE)
def sampled_number(p: np.ndarray, chains: int = 4) -> dict[str, float]:
    """Return the mean of some draws, chain after chain, and its Monte Carlo standard error.

    Examples
    --------
    >>> sampled_number(np.tile([0.2, 0.4], 500))["p"]
    0.3
    """
    import arviz as az

    draws = np.asarray(p)
    if draws.size % chains or draws.size < LEAST * chains:
        raise UsageError(f"{draws.size} draws are not {chains} chains of {LEAST} or more; write how many chains there are")
    return {"p": round(float(draws.mean()), 6), "mcse": round(float(az.mcse(draws.reshape(chains, -1))), 6)}


@takes(run=RUN, dossier=DOSSIER)
def event_numbers(run: Run, dossier: Dossier) -> dict[str, dict[str, float]]:
    """Return P(T ≤ 1 year) of the edition's ``EVENTS`` under base rate, prior and posterior, by ``event:layer``."""
    from forecasting.lab.draws import event_draws

    edition = dossier.edition(run.manifest.edition)
    return {
        f"{event}:{layer}": sampled_number(inverse_cloglog(event_draws(run, edition, event, layer)))
        for event in EVENTS.get(run.manifest.edition, ())
        for layer in ("base", "prior", "posterior")
    }


@takes(dossier=DOSSIER, runs=RUNS, path=PATH)
def write_references(dossier: Dossier, runs: Mapping[str, Run], path: Path) -> None:
    """Write the numbers of some runs, by edition, as the new references."""
    stored = {
        edition: {"questions": reference_numbers(run), "events": event_numbers(run, dossier)}
        for edition, run in runs.items()
    }
    write_file(Path(path), json.dumps(stored, indent=1) + "\n")


@takes(path=PATH)
def read_references(path: Path | str) -> dict[str, dict[str, dict[str, Reference]]]:
    """Return the stored numbers: by edition, ``questions`` or ``events``, and id."""
    try:
        return json.loads(plain_text(Path(path)))
    except (OSError, ValueError) as error:
        raise UsageError(f"{path}: cannot be read ({error}); make it with fc.references.write_references") from None


@takes(path=PATH)
def all_references(path: Path | str) -> dict[str, Reference]:
    """Return the stored numbers of all editions by id."""
    editions = read_references(path).values()
    return {name: number for parts in editions for numbers in parts.values() for name, number in numbers.items()}


@takes(now=REFERENCE, reference=REFERENCE)
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


@takes(run=RUN, path=PATH, events=MAPPING, strict=BOOL)
def hold(
    run: Run, path: Path | str = "references.json", events: Mapping[str, Reference] | None = None, *, strict: bool = True
) -> str:
    """Hold every number of a run to its stored reference.

    Parameters
    ----------
    run : Run
    path : path, default "references.json"
        As a notebook sees it.
    events : mapping, optional
        Numbers of `sampled_number` by ``event:layer``, to be held as well.
    strict : bool, default True
        Whether a difference is an error. A notebook says it and goes on: who changes a record changes numbers.

    Returns
    -------
    str
        How many numbers were held, or what differs.

    Raises
    ------
    ForecastingError
        If ``strict``, and a number has no reference or lies more than four combined Monte Carlo errors from it.
    """
    if not strict and run.manifest.edition not in read_references(path):
        return f"{run.manifest.edition}: no stored numbers to compare with; make notebooks stores them"
    edition, parts = run.manifest.edition, read_references(path).get(run.manifest.edition, {})
    now = {**reference_numbers(run), **(events or {})}
    stored = {**parts.get("questions", {}), **{k: v for k, v in parts.get("events", {}).items() if k in now}}
    alone = sorted(now.keys() ^ stored)
    lines = [f"{name}: {'no reference' if name in now else 'not asked any more'}" for name in alone]
    for name in sorted(now.keys() & stored):
        p, reference, apart = now[name]["p"], stored[name]["p"], distance(now[name], stored[name])
        if apart > ERRORS:
            lines.append(f"{name}: {p:.4f}, stored {reference:.4f}, {apart:.1f} standard errors apart")
    if lines:
        fix = "if records or model have changed, store them anew: make notebooks"
        text = "\n  ".join([f"{path}: {edition} does not agree with its stored numbers", *lines, fix])
        if strict:
            raise ForecastingError(text)
        return text
    return f"{edition}: all {len(now)} numbers lie within {ERRORS:g} Monte Carlo standard errors of the stored ones"
