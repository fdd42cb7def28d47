"""Draws from the prior of a network, by PyMC's own forward sampling: no density and no Markov chain is involved."""

from __future__ import annotations

import pymc as pm
import xarray as xr
from pytensor.compile.mode import Mode

NOTHING_COMPILED = Mode(linker="py", optimizer=None)  # a third of a second for a thousand draws; numba needs seven


def draw_prior(model: pm.Model, n: int, *, random_seed: int) -> xr.Dataset:
    """Draw every parameter of a network from its prior.

    Parameters
    ----------
    model : pm.Model
        From `forecasting.models.network.build.build_network`, which takes seconds: one model serves all draws of a network.
    n : int
        Independent draws.
    random_seed : int
        Same seed, same digits.

    Returns
    -------
    xr.Dataset
        Laid out as a posterior of one chain (dims chain, draw, …), with the same names.
    """
    names = [variable.name for variable in model.unobserved_RVs]
    values = pm.draw(model.unobserved_RVs, draws=n, random_seed=random_seed, mode=NOTHING_COMPILED)
    dims = {name: tuple(dim for dim in model.named_vars_to_dims.get(name, ())) for name in names}
    shapes = {name: (1, n, *(len(model.coords[dim]) for dim in dims[name])) for name in names}  # one draw comes without its axis
    used = {dim for group in dims.values() for dim in group}
    return xr.Dataset(
        {name: (("chain", "draw", *dims[name]), value.reshape(shapes[name])) for name, value in zip(names, values, strict=True)},
        coords={dim: list(model.coords[dim]) for dim in used},
    )
