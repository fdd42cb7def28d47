"""The compiled log density of the network: compiled in a process of its own, kept on disk, read from there.

PyMC states the model (`build`); `fused` evaluates its density and gradient, which `compile` holds to PyMC's and hands to
numba. The machine code is kept in the user's cache folder. Its key is a digest of this folder, of
`forecasting.inference.compiled` and of the packages behind them, so a change of any of them compiles anew.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import tempfile
from functools import cache
from hashlib import sha256
from importlib import metadata
from pathlib import Path

import numba
import xarray as xr
from filelock import FileLock

from forecasting.errors import ForecastingError
from forecasting.inference import compiled, internals
from forecasting.inference.compiled import CompiledDensity, c_function, cache_folder, read_layout

PACKAGES = ("pymc", "pytensor", "numba", "nutpie", "numpy")


def compile_density(inputs: xr.Dataset) -> CompiledDensity:
    """Compile the density in a process of its own and read it from disk.

    A fresh process, because what numba makes of a function depends in the last bit on what the process, and PyTensor's own
    cache, hold already: so every run on a machine sees the same bits. Whoever comes second waits for the first.

    Parameters
    ----------
    inputs : xr.Dataset
        Of any edition: the compiled density is the same.

    Raises
    ------
    ForecastingError
        If the process failed; its last words are given.
    """
    with FileLock(cache_folder() / f"network-{density_key()}.lock"), tempfile.TemporaryDirectory() as scratch:
        if (found := read_density()) is not None:
            return found
        environment = os.environ | {"PYTENSOR_FLAGS": f"base_compiledir={scratch}"}
        command = [sys.executable, "-P", "-m", "forecasting.models.network.compile", str(os.getpid())]
        done = subprocess.run(command, input=pickle.dumps(inputs), env=environment, capture_output=True, check=False)
        read_density.cache_clear()
        found = read_density()
    if done.returncode or found is None:
        words = done.stderr.decode(errors="replace").strip().splitlines()
        raise ForecastingError(f"the model could not be compiled: {words[-1] if words else f'exit code {done.returncode}'}")
    return found


@cache
def read_density() -> CompiledDensity | None:
    """Return the density that this machine has compiled before, or nothing."""
    key = density_key()
    layout = read_layout(layout_file(key))
    if layout is None:
        return None
    if layout.disagreement:
        return CompiledDensity(layout, {})
    functions = {name: c_function(name, layout, key, None) for name in layout.shared}
    try:
        for function in functions.values():
            function.compile()
    except numba.errors.TypingError:  # the layout is there, the machine code is not: made on another kind of CPU
        return None
    return CompiledDensity(layout, functions)


def density_key() -> str:
    """Return what the compiled density is kept under: a digest of code and packages."""
    digest = sha256(f"python {sys.version_info[:2]}\n".encode())
    for name in PACKAGES:
        digest.update(f"{name} {metadata.version(name)}\n".encode())
    for path in (*sorted(Path(__file__).parent.glob("*.py")), Path(compiled.__file__), Path(internals.__file__)):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:24]


def layout_file(key: str) -> Path:
    """Return where the layout of a density is kept, beside its machine code."""
    return cache_folder() / f"network-{key}.json"
