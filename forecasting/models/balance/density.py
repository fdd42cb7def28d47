"""The compiled density of a balance: machine code from disk, or compiled once per machine; PyMC's own where that cannot be."""

from __future__ import annotations

import logging
import sys
from functools import cache
from hashlib import sha256
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr
from filelock import FileLock

from forecasting.inference import compiled, internals
from forecasting.inference.compiled import CompiledDensity, c_function, cache_folder
from forecasting.inference.sample import compile_model
from forecasting.models.balance import fused
from forecasting.models.balance.layout import DATA, DERIVED, FREE, LAYOUT

if TYPE_CHECKING:
    from nutpie.compile_pymc import CompiledPyMCModel

log = logging.getLogger(__name__)
PACKAGES = ("numba", "nutpie", "numpy")


def bind_balance(inputs: xr.Dataset) -> CompiledPyMCModel:
    """Return a balance's density with its numbers: the fused one, or PyMC's own where numba or nutpie is of another form."""
    if said := internals.missing_parts():
        log.warning("numba or nutpie is not as the compiled density needs it (%s): sampling PyMC's own", said)
        from forecasting.models.balance.build import build_balance

        return compile_model(build_balance(inputs))
    coords = {dim: [str(label) for label in inputs[dim].values] for dim in (*FREE.values(), *DERIVED.values())}
    return compiled_density().bind(compiled_arrays(inputs), coords)


def compiled_arrays(inputs: xr.Dataset) -> dict[str, np.ndarray]:
    """Return every array that the compiled functions read, by name."""
    sizes = [inputs.sizes[dim] for dim in ("month", "speaker", "origin")]
    return {**{name: inputs[name].values for name in DATA}, "sizes": np.array(sizes, dtype="int64")}


@cache
def compiled_density() -> CompiledDensity:
    """Return the density of any balance, compiled or read from the user's cache; whoever comes second waits for the first."""
    key = f"balance-{density_key()}"
    inner = {"density": fused.density_and_gradient, "derived": fused.derived, "start": fused.start}
    functions = {name: c_function(name, LAYOUT, key, inner[name]) for name in inner}
    with FileLock(cache_folder() / f"{key}.lock"):
        for function in functions.values():
            function.compile()
    return CompiledDensity(LAYOUT, functions)


def density_key() -> str:
    """Return what the compiled density is kept under: a digest of its code and of the packages behind it."""
    digest = sha256(f"python {sys.version_info[:2]}\n".encode())
    for name in PACKAGES:
        digest.update(f"{name} {metadata.version(name)}\n".encode())
    folder = Path(__file__).parent
    for path in (folder / "fused.py", folder / "layout.py", Path(compiled.__file__), Path(internals.__file__)):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:24]
