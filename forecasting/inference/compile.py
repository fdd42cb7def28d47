"""Compile the network's log density once per machine; every edition and every edit is data to it.

PyMC states the model and PyTensor derives its gradient; what numba makes of them is kept on disk beside PyTensor's own
compiled functions. The key is a digest of the model's code and of the packages behind it, so a change of either
compiles anew. No number of an edition is in the compiled code: sizes, arrows, claims and history all come in as data.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from hashlib import sha256
from importlib import metadata
from pathlib import Path
from typing import Any

import numba
import numpy as np
import pandas as pd
import pymc as pm
import pytensor
import pytensor.tensor as pt
from numba.core import sigutils
from numba.core.ccallback import CFunc
from nutpie.compile_pymc import CompiledPyMCModel, address_as_void_pointer, make_user_data
from pymc.initial_point import make_initial_point_expression
from pymc.pytensorf import compile as compile_pymc
from pytensor.compile.mode import get_mode
from pytensor.graph import clone_replace, rewrite_graph
from pytensor.link.numba import cache as numba_cache

PACKAGES = ("pymc", "pytensor", "numba", "nutpie", "numpy")
SOURCES = ("models/network.py", "models/predictor.py", "inference/compile.py")
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
            From `forecasting.models.network.model_data`.
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


def compile_density(model_of: Callable[[], pm.Model], depth: int) -> CompiledDensity:
    """Return the compiled density, from disk where this machine has compiled it before.

    Parameters
    ----------
    model_of : callable
        Builds the model; called only if it has to be compiled.
    depth : int
        Length of the longest chain of enablers: the one thing that changes the model's formulas.
    """
    if depth not in _IN_PROCESS:
        key = _key(depth)
        _IN_PROCESS[depth] = _from_disk(key) or _compile(model_of(), key)
    return _IN_PROCESS[depth]


_IN_PROCESS: dict[int, CompiledDensity] = {}


def _from_disk(key: str) -> CompiledDensity | None:
    layout = _read_layout(_layout_file(key))
    if layout is None:
        return None
    try:
        functions = {name: _c_function(name, layout, key, None) for name in layout.shared}
        for function in functions.values():
            function.compile()
        return CompiledDensity(layout, functions)
    except numba.errors.TypingError:  # the layout is there, the machine code is not: made on another kind of CPU
        return None


def _compile(model: pm.Model, key: str) -> CompiledDensity:
    # PyTensor keeps each operation that numba compiled. What comes out of a mixture of fresh and kept ones depends in the last
    # bit on what else this machine has compiled before, so the operations of a density are kept for as long as that takes.
    with tempfile.TemporaryDirectory() as scratch:
        with _operations_in(Path(scratch)):
            layout, inner = _derive(model)
        functions = {name: _c_function(name, layout, key, inner[name]) for name in inner}
        with _operations_in(Path(scratch)):
            for function in functions.values():
                function.compile()
    density = CompiledDensity(layout, functions)
    _write_layout(_layout_file(key), layout)
    return density


@contextmanager
def _operations_in(path: Path) -> Iterator[None]:
    """Have PyTensor keep what numba compiles in another place."""
    before, numba_cache.NUMBA_CACHE_PATH = numba_cache.NUMBA_CACHE_PATH, path
    try:
        yield
    finally:
        numba_cache.NUMBA_CACHE_PATH = before


def _layout_file(key: str) -> Path:
    return numba_cache.NUMBA_CACHE_PATH / f"network-{key}.json"


def is_compiled(depth: int) -> bool:
    """Say whether the density lies ready on disk."""
    return depth in _IN_PROCESS or _layout_file(_key(depth)).is_file()


def _key(depth: int) -> str:
    package = Path(__file__).parents[1]
    digest = sha256(f"depth {depth}".encode())
    for name in PACKAGES:
        digest.update(f"{name} {metadata.version(name)}\n".encode())
    for name in SOURCES:
        digest.update((package / name).read_bytes())
    digest.update(f"{pytensor.config.floatX} {pytensor.config.numba__fastmath}".encode())
    return digest.hexdigest()[:24]


def _read_layout(path: Path) -> Layout | None:
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


def _write_layout(path: Path, layout: Layout) -> None:
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, suffix=".json")
    with os.fdopen(descriptor, "w") as file:
        json.dump(asdict(layout), file)
    Path(temporary).replace(path)


def _derive(model: pm.Model) -> tuple[Layout, dict[str, Any]]:
    """Return the layout and the three functions of a model, as numba functions of a flat vector and of the data."""
    values = [model.rvs_to_values[rv] for rv in model.free_RVs]
    dims = {name: dim[0] if dim else "" for name, dim in model.named_vars_to_dims.items()}
    free = [Variable(value.name, dims.get(rv.name, "")) for rv, value in zip(model.free_RVs, values, strict=True)]
    point = pt.dvector("unconstrained_point")
    sizes = pt.stack([model.dim_lengths[variable.dim] if variable.dim else pt.constant(1, dtype="int64") for variable in free])
    pieces = pt.split(point, sizes, n_splits=len(free))
    replacements = {
        value: piece if variable.dim else piece[0] for value, piece, variable in zip(values, pieces, free, strict=True)
    }
    density = rewrite_graph(model.logp(), include=["canonicalize", "stabilize"])
    gradient = pt.concatenate([pt.atleast_1d(part) for part in pt.grad(density, values)])
    known = {variable.name for variable in free}
    derived = [variable for variable in model.unobserved_value_vars if variable.name not in known]
    starts = make_initial_point_expression(
        free_rvs=model.free_RVs, rvs_to_transforms=model.rvs_to_transforms, return_transformed=True,
        initval_strategies=model.rvs_to_initial_values, jitter_rvs=set(), default_strategy="support_point",
    )  # fmt: skip
    outputs = {
        "density": clone_replace([density, gradient], replacements),
        "derived": [pt.concatenate([point, *(pt.atleast_1d(v) for v in clone_replace(derived, replacements))])],
        "start": [pt.concatenate([pt.atleast_1d(start) for start in starts])],
    }
    # The lengths that PyTensor would check again at every evaluation are those of dimensions, which `bind` gives.
    mode = get_mode("NUMBA").including("local_remove_all_assert")
    with model:
        compiled = {
            name: compile_pymc((point,), output, mode=mode, on_unused_input="ignore") for name, output in outputs.items()
        }
    layout = Layout(
        free=tuple(free),
        derived=tuple(Variable(v.name, dims.get(v.name, "")) for v in derived),
        shared={
            name: tuple(Shared(v.name, v.type.dtype, v.type.ndim) for v in function.get_shared())
            for name, function in compiled.items()
        },
    )
    return layout, {name: function.vm.jit_fn for name, function in compiled.items()}


def _c_function(name: str, layout: Layout, key: str, inner: Any) -> CFunc:
    """Return a C function around a numba function; it compiles, or comes from disk, once ``compile()`` is called."""
    source = _source(name, layout)
    scope: dict[str, Any] = {
        "__name__": __name__, "carray": numba.carray, "pointer": address_as_void_pointer, "np": np, "inner": inner,
    }  # fmt: skip
    exec(compile(source, f"<network {name}>", "exec"), scope)
    function = scope[f"network_{name}"]
    numba_cache.CACHED_SRC_FUNCTIONS[function] = f"network_{name}_{key}"
    signature = DENSITY_SIGNATURE if name == "density" else POINT_SIGNATURE
    compiled = CFunc(function, sigutils.normalize_signature(signature), {}, {})
    compiled.enable_caching()
    return compiled


DENSITY = """\
def network_density(n, point_, gradient_, density_, data_):
    table = carray(data_, ({words},), np.uint64)
    arguments = (carray(point_, (n,)),) + {arguments}
    try:
        value, gradient = inner(*arguments)
        carray(density_, ())[()] = value
        out = carray(gradient_, (n,))
        out[...] = gradient
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
