"""Compile a network's density and keep it on disk; run in a process of its own by `forecasting.models.network.density`."""

from __future__ import annotations

import json
import os
import pickle
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pymc as pm
import pytensor.tensor as pt
from pymc.initial_point import make_initial_point_expression
from pymc.pytensorf import compile as compile_pymc
from pytensor.compile.mode import get_mode
from pytensor.graph import clone_replace

from forecasting.errors import ForecastingError
from forecasting.models.network.build import build_network
from forecasting.models.network.density import Layout, Shared, Variable, c_function, density_key, layout_file
from forecasting.models.network.fused import ARRAYS, FREE, SIZES, density_and_gradient


def main() -> None:
    """Compile for the structure and evidence that come in, pickled by our own parent process."""
    s, evidence = pickle.load(sys.stdin.buffer)
    keep(build_network(s, evidence), density_key())


def keep(model: pm.Model, key: str) -> None:
    """Compile the density of a model and write machine code and layout to disk."""
    layout, inner = derive(model)
    for name in inner:
        c_function(name, layout, key, inner[name]).compile()
    write_layout(layout_file(key), layout)


def write_layout(path: Path, layout: Layout) -> None:
    """Write the layout whole or not at all; once it is there, the machine code is too."""
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, suffix=".json")
    with os.fdopen(descriptor, "w") as file:
        json.dump(asdict(layout), file)
    Path(temporary).replace(path)


def derive(model: pm.Model) -> tuple[Layout, dict[str, Any]]:
    """Return the layout and the three functions of a model, as numba functions of a flat vector and of the data.

    The density is that of `forecasting.models.network.fused`; the start and the derived variables are PyTensor's.
    """
    values = [model.rvs_to_values[rv] for rv in model.free_RVs]
    dims = {name: dim[0] if dim else "" for name, dim in model.named_vars_to_dims.items()}
    free = [Variable(value.name, dims.get(rv.name, "")) for rv, value in zip(model.free_RVs, values, strict=True)]
    if (names := tuple(variable.name for variable in free)) != FREE:
        raise ForecastingError(f"models/network/fused.py is not the density of models/network/build.py: FREE has to be {names}")
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
    arrays = [*(model.dim_lengths[name] for name in SIZES), *(model[name] for name in ARRAYS)]
    layout = Layout(
        free=tuple(free),
        derived=tuple(Variable(v.name, dims.get(v.name, "")) for v in derived),
        shared={
            "density": tuple(Shared(array.name, array.type.dtype, array.type.ndim) for array in arrays),
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
