"""The compiled log density of a network: read from disk, and bound to the numbers of an edition.

PyMC states the model (`build`); `fused` evaluates its density and gradient, which `compile` hands to numba. The machine code
is kept in the user's cache folder. Its key is a digest of this folder and of the packages behind it, so a change of
either compiles anew. No number of an edition is in the compiled code: sizes, effects, claims and history all
come in as data, so that one compiled density serves every network.
"""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib import metadata
from pathlib import Path
from typing import Any

import numba
import numpy as np
import pandas as pd
from filelock import FileLock
from numba.core import sigutils
from numba.core.caching import CacheImpl, _CacheLocator
from numba.core.ccallback import CFunc
from nutpie.compile_pymc import CompiledPyMCModel, address_as_void_pointer, make_user_data
from platformdirs import user_cache_path

from forecasting.errors import ForecastingError
from forecasting.models.network.evidence import Evidence
from forecasting.models.network.structure import Structure

PACKAGES = ("pymc", "pytensor", "numba", "nutpie", "numpy")
DOUBLES = numba.types.CPointer(numba.types.double)
POINT_SIGNATURE = numba.types.int64(
    numba.types.uint64, numba.types.uint64, DOUBLES, DOUBLES, numba.types.voidptr
)  # what nutpie calls to expand a point: size, size of the result, point, result, data
DENSITY_SIGNATURE = numba.types.int64(numba.types.uint64, DOUBLES, DOUBLES, DOUBLES, numba.types.voidptr)


@dataclass(frozen=True)
class Variable:
    """A variable of the model: its name and the dimension it runs over ("" for a scalar)."""

    name: str
    dim: str


@dataclass(frozen=True)
class Shared:
    """An array that comes in as data: its name, type and number of dimensions."""

    name: str
    dtype: str
    ndim: int


@dataclass(frozen=True)
class Layout:
    """What is laid out where: free variables on their unconstrained scale, then what is computed from them."""

    free: tuple[Variable, ...]
    derived: tuple[Variable, ...]
    shared: Mapping[str, tuple[Shared, ...]]  # per compiled function, in the order of its arguments


@dataclass(frozen=True)
class CompiledDensity:
    """The compiled log density with its gradient, the derived variables, and the starting point."""

    layout: Layout
    functions: Mapping[str, CFunc]

    def bind(self, model_data: Mapping[str, np.ndarray], coords: Mapping[str, Sequence[str]]) -> CompiledPyMCModel:
        """Return the density of one edition, ready for `nutpie.sample`.

        Parameters
        ----------
        model_data : mapping
            From `forecasting.models.network.build.model_data`.
        coords : mapping
            Labels of every dimension.
        """
        sizes = {dim: np.array(len(labels), dtype="int64") for dim, labels in coords.items()}
        arrays = {**sizes, **model_data}
        used = {shared: None for group in self.layout.shared.values() for shared in group}
        data = {shared.name: np.array(arrays[shared.name], dtype=shared.dtype, order="C") for shared in used}
        keys = {shared: shared.name for shared in used}
        variables = (*self.layout.free, *self.layout.derived)
        shapes = [(len(coords[v.dim]),) if v.dim else () for v in variables]
        n_dim = sum(int(np.prod(shape)) for shape in shapes[: len(self.layout.free)])
        n_expanded = sum(int(np.prod(shape)) for shape in shapes)
        user_data = make_user_data(keys, data)
        return CompiledPyMCModel(
            _n_dim=n_dim,
            dims={v.name: (v.dim,) for v in variables if v.dim},
            _coords={dim: pd.Index(labels) for dim, labels in coords.items()}
            | {"unconstrained_parameter": pd.RangeIndex(n_dim)},
            _shapes=dict(zip([v.name for v in variables], shapes, strict=True)),
            compiled_logp_func=self.functions["density"],
            compiled_expand_func=self.functions["derived"],
            initial_point_func=_starting_point(self.functions["start"], n_dim, data, keys),
            shared_data=data,
            shared_var_keys=keys,
            user_data=user_data,
            n_expanded=n_expanded,
            shape_info=([v.name for v in variables], [], shapes),
            logp_func=None,
            expand_func=None,
            reparameterized_names=[v.name for v in self.layout.free if v.name.endswith("__")],
        )


def _starting_point(
    start: CFunc, n_dim: int, data: dict[str, np.ndarray], keys: dict[Shared, str]
) -> Callable[[int], np.ndarray]:
    """Return PyMC's starting point, moved by U(−1, 1) in every direction, as a function of a seed."""
    user_data, call = make_user_data(keys, data), start.ctypes

    def starting_point(seed: int) -> np.ndarray:
        point, unused = np.empty(n_dim), np.zeros(n_dim)
        doubles = np.ctypeslib.ctypes.POINTER(np.ctypeslib.ctypes.c_double)
        call(n_dim, n_dim, unused.ctypes.data_as(doubles), point.ctypes.data_as(doubles), user_data.ctypes.data)
        return point + np.random.default_rng(seed).uniform(-1, 1, n_dim)

    return starting_point


def compile_density(s: Structure, evidence: Evidence) -> CompiledDensity:
    """Compile the density in a process of its own and read it from disk.

    A fresh process, because what numba makes of a function depends in the last bit on what the process, and PyTensor's own
    cache, hold already: so every run on a machine sees the same bits. Whoever comes second waits for the first.

    Parameters
    ----------
    s, evidence
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
        command = [sys.executable, "-m", "forecasting.models.network.compile"]
        done = subprocess.run(command, input=pickle.dumps((s, evidence)), env=environment, capture_output=True, check=False)
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
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:24]


def cache_folder() -> Path:
    """Return the user's cache folder for compiled densities, made if there is none."""
    folder = user_cache_path("scenario-forecasting")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ForecastingError(f"{folder}: {error.strerror}; set XDG_CACHE_HOME to a folder that can be written") from error
    return folder


def layout_file(key: str) -> Path:
    """Return where the layout of a density is kept, beside its machine code."""
    return cache_folder() / f"network-{key}.json"


def read_layout(path: Path) -> Layout | None:
    """Return the layout, or nothing if there is none that can be read."""
    try:
        text = json.loads(path.read_text())
        return Layout(
            free=tuple(Variable(**v) for v in text["free"]),
            derived=tuple(Variable(**v) for v in text["derived"]),
            shared={name: tuple(Shared(**v) for v in group) for name, group in text["shared"].items()},
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


class _Locator(_CacheLocator):
    """Tells numba where the machine code of a network's functions is kept."""

    def __init__(self, key: str) -> None:
        self._key = key

    def get_cache_path(self) -> str:
        return str(cache_folder())

    def get_source_stamp(self) -> int:
        return 0  # the key says it all

    def get_disambiguator(self) -> str:
        return self._key

    @classmethod
    def from_function(cls, py_func: Callable, py_file: str) -> _Locator | None:
        return cls(_KEYS[py_func]) if py_func in _KEYS else None


_KEYS: dict[Callable, str] = {}
CacheImpl._locator_classes.insert(0, _Locator)


def c_function(name: str, layout: Layout, key: str, inner: Any) -> CFunc:
    """Return a C function around a numba function; it compiles, or comes from disk, once ``compile()`` is called."""
    source = _source(name, layout)
    scope: dict[str, Any] = {
        "__name__": __name__, "carray": numba.carray, "pointer": address_as_void_pointer, "np": np, "inner": inner,
    }  # fmt: skip
    exec(compile(source, f"<network {name}>", "exec"), scope)
    function = scope[f"network_{name}"]
    _KEYS[function] = key
    signature = DENSITY_SIGNATURE if name == "density" else POINT_SIGNATURE
    compiled = CFunc(function, sigutils.normalize_signature(signature), {}, {})
    compiled.enable_caching()
    return compiled


DENSITY = """\
def network_density(n, point_, gradient_, density_, data_):
    table = carray(data_, ({words},), np.uint64)
    out = carray(gradient_, (n,))
    arguments = (out, carray(point_, (n,))) + {arguments}
    try:
        value = inner(*arguments)
        carray(density_, ())[()] = value
        if not np.all(np.isfinite(out)):
            return 3
        if not np.isfinite(value):
            return 4
    except Exception:
        return 1
    return 0
"""
POINT = """\
def network_{name}(n, n_out, point_, out_, data_):
    table = carray(data_, ({words},), np.uint64)
    arguments = (carray(point_, (n,)),) + {arguments}
    try:
        (value,) = inner(*arguments)
        carray(out_, (n_out,))[...] = value
    except Exception:
        return -2
    return 0
"""


def _source(name: str, layout: Layout) -> str:
    """Return the source of a C function that reads its arrays from nutpie's table of addresses, sizes and shapes.

    The table is a packed record: one address per array, then one size each, then the shapes (all of eight bytes).
    """
    every = list({shared: None for group in layout.shared.values() for shared in group})
    first_shape = [2 * len(every) + sum(other.ndim for other in every[:i]) for i in range(len(every))]
    arguments = []
    for shared in layout.shared[name]:
        i = every.index(shared)
        shape = "".join(f"int(table[{first_shape[i] + j}]), " for j in range(shared.ndim))
        arguments.append(f"(carray(pointer(table[{i}]), ({shape}), np.{shared.dtype}),)")
    words = 2 * len(every) + sum(shared.ndim for shared in every)
    template = DENSITY if name == "density" else POINT
    return template.format(name=name, words=words, arguments=" + ".join(arguments))
