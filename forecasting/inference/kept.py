"""Densities that models write for numba: from the user's cache, or compiled once per machine; PyMC's where neither can be."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from filelock import FileLock

from forecasting.inference import compiled, internals
from forecasting.inference.compiled import CompiledDensity, Layout, c_function, cache_folder
from forecasting.inference.sample import CompiledModel, compile_model

if TYPE_CHECKING:
    import pymc as pm

log = logging.getLogger(__name__)
PACKAGES = ("numba", "nutpie", "numpy")


def kept_density(name: str, layout: Layout, functions: Mapping[str, Any], code: Sequence[Path]) -> CompiledDensity:
    """Return a density with its machine code; whoever comes second waits for the first.

    Parameters
    ----------
    name : str
        Of the model: the first part of what it is kept under.
    layout : Layout
        What the functions read and return.
    functions : mapping
        The numba functions *density*, *derived* and *start*.
    code : sequence of Path
        The files that they are written in: another line in one of them, and it is compiled anew.
    """
    key = f"{name}-{code_key(code)}"
    made = {part: c_function(part, layout, key, inner) for part, inner in functions.items()}
    with FileLock(cache_folder() / f"{key}.lock"):
        for function in made.values():
            function.compile()
    return CompiledDensity(layout, made)


def code_key(code: Sequence[Path]) -> str:
    """Return a digest of some files and of the packages that make machine code of them."""
    digest = sha256(f"python {sys.version_info[:2]}\n".encode())
    for name in PACKAGES:
        digest.update(f"{name} {metadata.version(name)}\n".encode())
    for path in (*code, Path(compiled.__file__), Path(internals.__file__)):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:24]


def bound(
    density: Callable[[], CompiledDensity], build: Callable[[], pm.Model], data: Mapping[str, np.ndarray],
    coords: Mapping[str, Sequence[str]],
) -> CompiledModel:  # fmt: skip
    """Return a density with its numbers, or the one that PyMC states where numba or nutpie is of another form."""
    if said := internals.missing_parts():
        log.warning("numba or nutpie is not as the compiled density needs it (%s): sampling PyMC's own", said)
        return compile_model(build())
    return density().bind(data, coords)
