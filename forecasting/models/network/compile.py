"""Compile a network's density, hold it to the one that PyMC states, and keep it on disk; run in a process of its own."""

from __future__ import annotations

import pickle
import sys
from typing import Any

import numpy as np
import pymc as pm
import pytensor.tensor as pt
import xarray as xr
from pymc.initial_point import make_initial_point_expression
from pymc.pytensorf import compile as compile_pymc
from pytensor.compile.mode import Mode, get_mode
from pytensor.graph import clone_replace

from forecasting.inference.compiled import CompiledDensity, Layout, Shared, Variable, c_function, evaluate, write_layout
from forecasting.inference.parallel import end_with_parent
from forecasting.models.network.build import build_network
from forecasting.models.network.density import density_key, layout_file
from forecasting.models.network.fused import FREE, SIZES, density_and_gradient
from forecasting.models.network.inputs import coords_of
from forecasting.models.network.stacked import STACKS, compiled_arrays, stack_type

POINTS = 3
AGREES = 1e-9  # of the value: on 60 random networks the two differ by 4e-13
UNCOMPILED = Mode(linker="py", optimizer=None)  # three evaluations do not repay a compiler


def main() -> None:
    """Compile for the inputs that come in, pickled by our own parent process, whose id is the argument."""
    end_with_parent(int(sys.argv[1]))
    keep(pickle.load(sys.stdin.buffer), density_key())


def keep(inputs: xr.Dataset, key: str) -> None:
    """Compile the density of a network and write machine code and layout to disk; of one that is not PyMC's, only why."""
    model = build_network(inputs)
    path = layout_file(key)
    if said := unknown_variables(model):
        write_layout(path, Layout((), (), {}, said))
        return
    layout, inner = derive(model)
    functions = {name: c_function(name, layout, key, inner[name]) for name in inner}
    for function in functions.values():
        function.compile()
    said = disagreement(model, CompiledDensity(layout, functions), inputs)
    write_layout(path, Layout((), (), {}, said) if said else layout)


def free_variables(model: pm.Model) -> tuple[str, ...]:
    """Return the names of the model's free variables on their unconstrained scales, in order."""
    return tuple(model.rvs_to_values[rv].name for rv in model.free_RVs)


def unknown_variables(model: pm.Model) -> str:
    """Return how the variables that PyMC states differ from those that the fused density knows; nothing if they do not."""
    stated = free_variables(model)
    if stated == FREE:
        return ""
    new, gone = sorted(set(stated) - set(FREE)), sorted(set(FREE) - set(stated))
    return f"variables that only build.py has: {', '.join(new) or 'none'}; that only fused.py has: {', '.join(gone) or 'none'}"


def disagreement(model: pm.Model, density: CompiledDensity, inputs: xr.Dataset) -> str:
    """Return how far a density is off the one that PyMC states, up to one constant, at three points; nothing if it is not.

    Points are the model's start moved by U(−1, 1) in every direction, so that any term that depends on some variable tells.
    """
    bound = density.bind(compiled_arrays(inputs), coords_of(inputs))
    stated = model.compile_logp(mode=UNCOMPILED)
    start, rng = model.initial_point(), np.random.default_rng(1)
    apart, size = np.empty(POINTS), 1.0
    for i in range(POINTS):
        point = {name: start[name] + rng.uniform(-1, 1, np.shape(start[name])) for name in free_variables(model)}
        value = evaluate(bound, np.concatenate([np.ravel(values) for values in point.values()]))[0]
        apart[i], size = value - float(stated(point)), max(size, abs(value))
    if np.isfinite(apart).all() and np.ptp(apart) <= AGREES * size:
        return ""
    return f"at {POINTS} points the two differ by up to {np.ptp(apart):.3g} where they should differ by one constant"


def derive(model: pm.Model) -> tuple[Layout, dict[str, Any]]:
    """Return the layout and the three functions of a model, as numba functions of a flat vector and of the data.

    The density is that of `forecasting.models.network.fused`; the start and the derived variables are PyTensor's.
    """
    values = [model.rvs_to_values[rv] for rv in model.free_RVs]
    dims = {name: dim[0] if dim else "" for name, dim in model.named_vars_to_dims.items()}
    free = [Variable(value.name, dims.get(rv.name, "")) for rv, value in zip(model.free_RVs, values, strict=True)]
    point = pt.dvector("unconstrained_point")
    sizes = pt.stack([model.dim_lengths[variable.dim] if variable.dim else pt.constant(1, dtype="int64") for variable in free])
    pieces = pt.split(point, sizes, n_splits=len(free))
    replacements = {
        value: piece if variable.dim else piece[0] for value, piece, variable in zip(values, pieces, free, strict=True)
    }
    known = {variable.name for variable in free}
    derived = [variable for variable in model.unobserved_value_vars if variable.name not in known]
    starts = make_initial_point_expression(
        free_rvs=model.free_RVs, rvs_to_transforms=model.rvs_to_transforms, return_transformed=True,
        initval_strategies=model.rvs_to_initial_values, jitter_rvs=set(), default_strategy="support_point",
    )  # fmt: skip
    outputs = {
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
            "density": (*(Shared(dim, "int64", 0) for dim in SIZES), *(Shared(name, stack_type(name), 2) for name in STACKS)),
            **{
                name: tuple(Shared(v.name, v.type.dtype, v.type.ndim) for v in function.get_shared())
                for name, function in compiled.items()
            },
        },
    )
    functions = {name: function.vm.jit_fn for name, function in compiled.items()}
    return layout, {"density": density_and_gradient, **functions}


if __name__ == "__main__":
    main()
