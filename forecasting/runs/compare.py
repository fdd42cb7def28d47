"""What changed between two editions of which some are at hand as published runs.

Where the records of both are at hand, the change is split into parts (`forecasting.analysis.change_decomposition`); between
runs alone the manifests say what differs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from forecasting.analysis.change_decomposition import ENDS, NOISE, Changes, by_outcome, changes_frame, split_change
from forecasting.dossier.edition import EditionDossier
from forecasting.errors import UsageError
from forecasting.fitting.fit import EditionFit
from forecasting.forecasts import Forecast
from forecasting.runs.freshness import inputs
from forecasting.runs.store import Run

FURTHER = "records"  # what moved the answer of a model beside the network: all of its records together


def what_changed(
    before: EditionDossier | EditionFit | Run,
    after: EditionDossier | EditionFit | Run,
    question: str | None = None,
    *,
    runs: tuple[Run | None, Run | None] = (None, None),
    random_seed: int | None = None,
    progress: Callable[[float], None] = lambda share: None,
) -> Changes:
    """Split the change between two editions, or between two states of one edition's records, into parts.

    Parameters
    ----------
    before, after : EditionDossier, EditionFit or Run
        As in `forecasting.analysis.change_decomposition.split_change`. Of two runs without their records only the total is
        known, and what kinds of records differ (`between_runs`).
    question, random_seed, progress
        The same as there.
    runs : pair of Run, optional
        The published runs of the two.

    Returns
    -------
    Changes
        The published numbers are shown; what those worked out anew differ by is *noise*.

    Raises
    ------
    UsageError
        If the second is the earlier edition, or no question can be asked of both.

    Examples
    --------
    >>> fc.what_changed(dossier.edition("2024-12-syria"), dossier.edition("2026-02-outlook"))  # doctest: +SKIP
    """
    if isinstance(before, Run) or isinstance(after, Run):
        return between_runs(before, after, question)
    first, then = (run.forecasts if run else () for run in runs)
    found = split_change(before, after, question, published=(first, then), random_seed=random_seed, progress=progress)
    return with_further(found, first, then, question)


def with_further(found: Changes, before: Sequence[Forecast], after: Sequence[Forecast], question: str | None = None) -> Changes:
    """Return changes with those of the questions that models beside the event network answer in both published runs.

    How much is due to which records is not worked out for them: the one part is *records*.
    """
    old, new = by_outcome(before), by_outcome(after)
    split = set(found.ends["question"])
    common = [key for key in new if key in old and key[0] not in split and question in (None, key[0])]
    if not common:
        return found
    rows = [(*key, FURTHER, new[key][0] - old[key][0], float(np.hypot(old[key][1], new[key][1]))) for key in common]
    ends = [(*key, old[key][0], new[key][0]) for key in common]
    table, shown = (pd.concat([had, changes_frame(more, tuple(had.columns))], ignore_index=True)
                    for had, more in ((found.table, rows), (found.ends, ends)))  # fmt: skip
    return replace(found, table=table, ends=shown)


def between_runs(before: Any, after: Any, question: str | None = None) -> Changes:
    """Return how far two runs of common questions are apart, when the records of one are not at hand.

    The manifests say what kinds of records, and whether program, packages or seed, differ. The one part is named after
    them; the sampler's noise is in it, as large as its Monte Carlo error says. If nothing but the seed differs the part is
    *noise*.

    Raises
    ------
    UsageError
        If one of the two is no run and no fit, or they have no question in common.
    """
    if not all(isinstance(item, Run | EditionFit) for item in (before, after)):
        raise UsageError("a run can be compared with a run or a fit; give the records of both for a split into parts")
    first, then = (by_outcome(item.forecasts if isinstance(item, Run) else item.all_forecasts()) for item in (before, after))
    common = [key for key in then if key in first and question in (None, key[0])]
    if not common:
        raise UsageError("the two runs have no question in common; give the records of both to ask the same of each")
    part, remarks = _cause(*(_made_from(item) for item in (before, after)))
    rows = [(*key, part, then[key][0] - first[key][0], float(np.hypot(first[key][1], then[key][1]))) for key in common]
    ends = [(*key, first[key][0], then[key][0]) for key in common]
    old, new = (str(_made_from(item)["edition"]) for item in (before, after))
    old = f"{old} (earlier run)" if old == new else old
    old_gate, new_gate = (item.mark if isinstance(item, Run) else item.gate.mark for item in (before, after))
    gates = old_gate, new_gate
    return Changes(old, new, changes_frame(rows), changes_frame(ends, ENDS), {part: remarks}, {}, remarks, gates=gates)


def _made_from(item: Run | EditionFit) -> dict[str, Any]:
    return item.manifest.fields() if isinstance(item, Run) else inputs(item.edition, item.seed)


def _cause(old: dict[str, Any], new: dict[str, Any]) -> tuple[str, tuple[str, ...]]:
    """Return the name of what differs between two manifests, and the details."""
    kinds = [kind for kind in new["records"] if old.get("records", {}).get(kind) != new["records"][kind]]
    packages = [name for name, number in new["packages"].items() if old.get("packages", {}).get(name) != number]
    program = [*(["the program"] if old.get("code") != new["code"] else []), *packages]
    remarks = []
    if kinds:
        remarks.append(f"records that differ: {', '.join(kinds).replace('_', ' ')}")
    if program:
        remarks.append(f"made by other versions of {', '.join(program)}")
    if old.get("seed") != new["seed"]:
        remarks.append(f"seeds {old.get('seed')} and {new['seed']}")
    name = " and ".join([*(["records"] if kinds else []), *(["program"] if program else [])])
    return name or NOISE, tuple(remarks)
