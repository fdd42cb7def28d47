"""A compiled log density: its machine code kept on disk, bound to the numbers of one data set, ready for nutpie.

A model may bring a density of its own, written as a numba function of a flat unconstrained point and of arrays
(`forecasting.models.base.Model.density`). No number is in the compiled code: sizes, positions and values all come in as
data, so one compiled density serves every data set of its model.
"""

from __future__ import annotations

import ctypes
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numba
import numpy as np
import pandas as pd
from platformdirs import user_cache_path

from forecasting.errors import ForecastingError
from forecasting.files import write_file
from forecasting.inference.internals import address_as_pointer, cached_c_function, nutpie_model, shared_table

if TYPE_CHECKING:
    from numba.core.ccallback import CFunc
    from nutpie.compile_pymc import CompiledPyMCModel

DOUBLES = numba.types.CPointer(numba.types.double)
POINT_SIGNATURE = numba.types.int64(
    numba.types.uint64, numba.types.uint64, DOUBLES, DOUBLES, numba.types.voidptr
)  # what nutpie calls to expand a point: size, size of the result, point, result, data
POINTERS = ctypes.POINTER(ctypes.c_double)
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
    disagreement: str = ""  # how the density differs from the one that PyMC states; then there is no machine code


@dataclass(frozen=True)
class CompiledDensity:
    """The compiled log density with its gradient, the derived variables, and the starting point."""

    layout: Layout
    functions: Mapping[str, CFunc]

    def bind(self, data: Mapping[str, np.ndarray], coords: Mapping[str, Sequence[str]]) -> CompiledPyMCModel:
        """Return the density of one data set, ready for `nutpie.sample`.

        Parameters
        ----------
        data : mapping of str to array
            Every array that the compiled functions read, by name.
        coords : mapping of str to labels
            Labels of every dimension.
        """
        sizes = {dim: np.array(len(labels), dtype="int64") for dim, labels in coords.items()}
        arrays = {**sizes, **data}
        used = {shared: None for group in self.layout.shared.values() for shared in group}
        numbers = {shared.name: np.array(arrays[shared.name], dtype=shared.dtype, order="C") for shared in used}
        keys = {shared: shared.name for shared in used}
        variables = (*self.layout.free, *self.layout.derived)
        shapes = [(len(coords[v.dim]),) if v.dim else () for v in variables]
        n_dim = sum(int(np.prod(shape)) for shape in shapes[: len(self.layout.free)])
        n_expanded = sum(int(np.prod(shape)) for shape in shapes)
        user_data = shared_table(keys, numbers)
        return nutpie_model(
            _n_dim=n_dim,
            dims={v.name: (v.dim,) for v in variables if v.dim},
            _coords={dim: pd.Index(labels) for dim, labels in coords.items()}
            | {"unconstrained_parameter": pd.RangeIndex(n_dim)},
            _shapes=dict(zip([v.name for v in variables], shapes, strict=True)),
            compiled_logp_func=self.functions["density"],
            compiled_expand_func=self.functions["derived"],
            initial_point_func=_starting_point(self.functions["start"], n_dim, numbers, keys),
            shared_data=numbers,
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
    user_data, call = shared_table(keys, data), start.ctypes

    def starting_point(seed: int) -> np.ndarray:
        point, unused = np.empty(n_dim), np.zeros(n_dim)
        call(n_dim, n_dim, unused.ctypes.data_as(POINTERS), point.ctypes.data_as(POINTERS), user_data.ctypes.data)
        return point + np.random.default_rng(seed).uniform(-1, 1, n_dim)

    return starting_point


def evaluate(bound: CompiledPyMCModel, point: np.ndarray) -> tuple[float, np.ndarray]:
    """Return a bound density and its gradient (n,) at an unconstrained point (n,); NaN where it cannot be evaluated."""
    gradient, value = np.empty(bound.n_dim), np.empty(1)
    arrays = (a.ctypes.data_as(POINTERS) for a in (point, gradient, value))
    failed = bound.compiled_logp_func.ctypes(bound.n_dim, *arrays, bound.user_data.ctypes.data)
    return (np.nan if failed else float(value[0])), gradient


def cache_folder() -> Path:
    """Return the user's cache folder for compiled densities, made if there is none."""
    folder = user_cache_path("scenario-forecasting")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ForecastingError(f"{folder}: {error.strerror}; set XDG_CACHE_HOME to a folder that can be written") from error
    return folder


def write_layout(path: Path, layout: Layout) -> None:
    """Write the layout in one step; once it is there, the machine code is too."""
    write_file(path, json.dumps(asdict(layout)))


def read_layout(path: Path) -> Layout | None:
    """Return the layout, or nothing if there is none that can be read."""
    try:
        text = json.loads(path.read_text())
        return Layout(
            free=tuple(Variable(**v) for v in text["free"]),
            derived=tuple(Variable(**v) for v in text["derived"]),
            shared={name: tuple(Shared(**v) for v in group) for name, group in text["shared"].items()},
            disagreement=text["disagreement"],
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def c_function(name: str, layout: Layout, key: str, inner: Any) -> CFunc:
    """Return a C function around a numba function; it compiles, or comes from disk, once ``compile()`` is called."""
    source = _source(name, layout)
    scope: dict[str, Any] = {
        "__name__": __name__, "carray": numba.carray, "pointer": address_as_pointer(), "np": np, "inner": inner,
    }  # fmt: skip
    exec(compile(source, f"<network {name}>", "exec"), scope)
    signature = DENSITY_SIGNATURE if name == "density" else POINT_SIGNATURE
    return cached_c_function(scope[f"network_{name}"], signature, cache_folder(), key)


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
