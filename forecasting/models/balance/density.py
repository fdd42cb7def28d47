"""The compiled density of a balance: machine code from disk, or compiled once per machine; PyMC's own where that cannot be."""

from __future__ import annotations

from functools import cache, partial
from pathlib import Path

import numpy as np
import xarray as xr

from forecasting.inference.compiled import CompiledDensity
from forecasting.inference.kept import bound, kept_density
from forecasting.inference.sample import CompiledModel
from forecasting.models.balance import fused, layout
from forecasting.models.balance.layout import DATA, DERIVED, FREE, LAYOUT


def bind_balance(inputs: xr.Dataset) -> CompiledModel:
    """Return a balance's density with its numbers."""
    from forecasting.models.balance.build import build_balance

    coords = {dim: [str(label) for label in inputs[dim].values] for dim in (*FREE.values(), *DERIVED.values())}
    return bound(compiled_density, partial(build_balance, inputs), compiled_arrays(inputs), coords)


def compiled_arrays(inputs: xr.Dataset) -> dict[str, np.ndarray]:
    """Return every array that the compiled functions read, by name."""
    sizes = [inputs.sizes[dim] for dim in ("month", "speaker", "origin")]
    return {**{name: inputs[name].values for name in DATA}, "sizes": np.array(sizes, dtype="int64")}


@cache
def compiled_density() -> CompiledDensity:
    """Return the density of any balance."""
    functions = {"density": fused.density_and_gradient, "derived": fused.derived, "start": fused.start}
    return kept_density("balance", LAYOUT, functions, [Path(fused.__file__), Path(layout.__file__)])
