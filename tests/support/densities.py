"""Sample a log density written in NumPy with the engine's own sampler; nothing is compiled.

Gradients are complex-step derivatives, exact to the last digits: Im f(x + ih)/h with h = 1e-30 (Squire and Trapp 1998).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import nutpie
import xarray as xr

CHAINS, DRAWS, TUNE, ACCEPT = 4, 800, 400, 0.9
STEP = 1e-30


@dataclass(frozen=True)
class Density:
    """A log density of ``n`` unconstrained parameters, over the last axis of an array that may be complex."""

    n: int
    log_density: Callable[[np.ndarray], np.ndarray]
    probability: Callable[[np.ndarray], np.ndarray] = field(default=lambda x: 1 / (1 + np.exp(-x[..., 0] / 4)))


def value_and_gradient(density: Density) -> Callable[[np.ndarray], tuple[float, np.ndarray]]:
    """Return the function that nutpie calls."""
    steps = STEP * 1j * np.eye(density.n)

    def evaluate(x: np.ndarray) -> tuple[float, np.ndarray]:
        with np.errstate(all="ignore"):
            values = density.log_density(x + steps)
        return float(values[0].real), values.imag / STEP

    return evaluate


def compiled(density: Density):
    """Return the density as a nutpie model with one variable, ``x``."""
    return nutpie.compiled_pyfunc.from_pyfunc(
        density.n, lambda: value_and_gradient(density), lambda *_: lambda x: {"x": x},
        [np.dtype("float64")], [(density.n,)], ["x"], dims={"x": ("parameter",)},
        coords={"parameter": [f"x{i}" for i in range(density.n)]},
    )  # fmt: skip


def as_fit(trace: xr.DataTree, density: Density, chains: int = CHAINS, draws: int = DRAWS) -> dict:
    """Return what the gate takes: draws, statistics, one probability, and what was asked for."""
    posterior = trace["posterior"].to_dataset()[["x"]]
    return {
        "posterior": posterior, "sample_stats": trace["sample_stats"].to_dataset(),
        "probabilities": {"q:yes": density.probability(posterior["x"].values)}, "chains": chains, "draws": draws,
    }  # fmt: skip


def sample(density: Density, *, seed: int = 1, chains: int = CHAINS, draws: int = DRAWS, accept: float = ACCEPT) -> dict:
    """Sample a density and return what the gate takes."""
    trace = nutpie.sample(
        compiled(density), draws=draws, tune=TUNE, chains=chains, target_accept=accept, seed=seed, cores=1,
        progress_bar=False, save_warmup=False,
    )  # fmt: skip
    return as_fit(trace, density, chains, draws)
