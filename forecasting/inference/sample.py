"""Sample the posterior of any model: how long, with which numbers, and nothing less than was asked for."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import xarray as xr

from forecasting.errors import SamplingStopped

if TYPE_CHECKING:
    import pymc as pm
    from nutpie.compile_pymc import CompiledPyMCModel

type CompiledModel = CompiledPyMCModel
"""A compiled density with the numbers of one data set: nutpie's record, under a name that needs no sampler to be imported."""


@dataclass(frozen=True)
class Length:
    """How long a sampler runs: chains, draws and tuning steps of each, and the acceptance it tunes its steps for.

    ``adaptation`` of the mass matrix is diagonal, or ``low_rank`` (a diagonal and a few directions) for posteriors with long
    ridges.
    """

    chains: int
    draws: int
    tune: int
    target_accept: float
    adaptation: Literal["diag", "low_rank"] = "diag"


def compile_model(model: pm.Model) -> CompiledModel:
    """Compile the density that PyMC states, with the gradient that PyTensor derives; for any model, ten seconds and more."""
    import nutpie

    return nutpie.compile_pymc_model(model)


def with_numbers(compiled: CompiledModel, data: Mapping[str, np.ndarray]) -> CompiledModel:
    """Return a compiled density with other numbers; names of ``data`` that are not of this density are passed over."""
    known = {getattr(name, "name", name) for name in compiled.shared_var_keys}
    return compiled.with_data(**{name: value for name, value in data.items() if name in known})


def sample(
    compiled: CompiledModel,
    *,
    length: Length,
    random_seed: int,
    data: Mapping[str, np.ndarray] | None = None,
    cores: int | None = None,
) -> xr.DataTree:
    """Draw from the posterior of a compiled model with nutpie.

    Parameters
    ----------
    compiled : CompiledModel
        From `compile_model`, or a density of the model's own (`forecasting.inference.compiled.CompiledDensity.bind`).
    length : Length
        Chains, draws, tuning, acceptance.
    random_seed : int
        Same seed, same data, same machine: same digits, whatever the number of cores.
    data : mapping of str to array, optional
        Numbers that go in instead of those with which the model was compiled; names that it does not know are left out.
    cores : int, optional
        All by default.

    Returns
    -------
    xr.DataTree
        With groups ``posterior`` (dims chain, draw, …) and ``sample_stats`` (chain, draw).

    Raises
    ------
    SamplingStopped
        If the sampler returned fewer draws or chains than asked for (an interrupted run looks normal otherwise).
    """
    import nutpie

    from forecasting.inference.traces import give_back_memory, read_trace

    changed = with_numbers(compiled, data or {})
    more = {} if length.adaptation == "diag" else {"adaptation": length.adaptation}
    results = nutpie.sample(
        changed, draws=length.draws, tune=length.tune, chains=length.chains, target_accept=length.target_accept,
        seed=random_seed, cores=cores or os.cpu_count(), progress_bar=False, return_raw_trace=True, **more,
    )  # fmt: skip
    trace = read_trace(results, changed)
    del results
    give_back_memory()
    sizes = trace["posterior"].sizes if trace else {"chain": 0, "draw": 0}
    found, wanted = (sizes["chain"], sizes["draw"]), (length.chains, length.draws)
    if trace is None or found != wanted:
        raise SamplingStopped("sampling stopped at {} × {} draws of {} × {}".format(*found, *wanted))
    return trace
