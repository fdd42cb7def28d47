"""The compiled density of the count model: machine code from disk, or compiled once per machine; else PyMC's own."""

from __future__ import annotations

from functools import cache, partial
from pathlib import Path

import numpy as np
import xarray as xr

from forecasting.inference.compiled import CompiledDensity
from forecasting.inference.kept import bound, kept_density
from forecasting.inference.sample import CompiledModel
from forecasting.models.counts import fused, layout
from forecasting.models.counts.layout import BLOCKS, LAYOUT, PRIORS, ROWS


def bind_counts(data: xr.Dataset) -> CompiledModel:
    """Return the density of some readings."""
    from forecasting.models.counts.build import build_counts

    return bound(compiled_density, partial(build_counts, data), stacked_arrays(data), {"series": list(data["series"].values)})


def stacked_arrays(data: xr.Dataset) -> dict[str, np.ndarray]:
    """Return the numbers of all series end to end, as the compiled functions read them."""
    each = range(data.sizes["series"])
    found = {name: np.concatenate([data[f"{name}_{k}"].values.ravel() for k in each]) for name in (*ROWS, *BLOCKS)}
    lengths = np.array([data.sizes[f"reading_{k}"] for k in each], dtype="int64")
    return {**found, "lengths": lengths, **{name: data[name].values for name in PRIORS}}


@cache
def compiled_density() -> CompiledDensity:
    """Return the density of any series and readings."""
    functions = {"density": fused.density_and_gradient, "derived": fused.derived, "start": fused.start}
    return kept_density("counts", LAYOUT, functions, [Path(fused.__file__), Path(layout.__file__)])
