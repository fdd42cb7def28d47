"""What the sampler drew, as a tree of labelled arrays: the draws after tuning of every variable, and how the sampler did.

nutpie's own conversion keeps a second copy of the tuning steps and builds each array through ArviZ's, which takes as long as
sampling a short refit; the tree is the same (a test compares them).
"""

from __future__ import annotations

import ctypes
import sys
from typing import Any

import numpy as np
import nutpie
import pyarrow
import xarray as xr

SAMPLE_DIMS = ("chain", "draw")


def read_trace(results: Any, compiled: nutpie.CompiledPyMCModel) -> xr.DataTree | None:
    """Return the posterior and the sampler's statistics, or nothing if the chains are not of one length.

    Parameters
    ----------
    results
        Of ``nutpie.sample(…, return_raw_trace=True)``.
    compiled
        The density that was sampled: it knows every variable's dimensions and labels.

    Returns
    -------
    xr.DataTree
        Groups ``posterior`` (dims chain, draw, …; without the values on unconstrained scales) and ``sample_stats`` (chain,
        draw).
    """
    batches, stats = results.get_arrow_trace()
    tuned = [int(pyarrow.array(batch.column("tuning")).to_numpy(False).sum()) for batch in stats]
    if len({batch.num_rows - n for batch, n in zip(stats, tuned, strict=True)}) != 1:
        return None
    posterior = {
        name: ((*SAMPLE_DIMS, *compiled.dims.get(name, ())), _stack(batches, tuned, name, compiled.shapes[name]))
        for name in batches[0].column_names
        if not name.endswith("__")
    }
    used = {dim for dims, _ in posterior.values() for dim in dims}
    labels = {dim: np.asarray(index, dtype=object) for dim, index in compiled.coords.items() if dim in used}
    numbers = {
        name: (SAMPLE_DIMS, _stack(stats, tuned, name, ()))
        for name in stats[0].column_names
        if name not in SAMPLE_DIMS and all(_is_number(pyarrow.array(batch.column(name))) for batch in stats)
    }
    count = {"chain": np.arange(len(batches)), "draw": np.arange(batches[0].num_rows - tuned[0])}
    library = {"inference_library": "nutpie", "inference_library_version": nutpie.__version__}
    return xr.DataTree.from_dict(
        {"posterior": xr.Dataset(posterior, count | labels), "sample_stats": xr.Dataset(numbers, count, library)}
    )


def _is_number(column: pyarrow.Array) -> bool:
    """Return whether a statistic is a number of every draw; some are of divergent draws only."""
    kind, types = column.type, pyarrow.types
    return column.null_count == 0 and (types.is_floating(kind) or types.is_integer(kind) or types.is_boolean(kind))


def _stack(batches: list[Any], tuned: list[int], name: str, shape: tuple[int, ...]) -> np.ndarray:
    """Return one column of all chains without the tuning steps (chain, draw, …)."""
    chains = []
    for batch, n in zip(batches, tuned, strict=True):
        column = pyarrow.array(batch.column(name)).slice(n)
        values = (column.flatten() if shape else column).to_numpy(zero_copy_only=False)
        chains.append(values.reshape(len(column), *shape))
    return np.stack(chains)


def give_back_memory() -> None:
    """Have the C library return to the system what the sampler's threads have freed: glibc keeps an arena for each of them.

    For a network of a thousand events that is as much again as the draws. Other C libraries have no such call.
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
    if trim is not None:
        trim(0)
