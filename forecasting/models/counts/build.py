"""The count model in PyMC: two parameters for each series; levels, trends, steps and registers are integrated out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from forecasting.models.counts.inputs import PARTS

if TYPE_CHECKING:
    import pymc as pm

LOG_2PI = float(np.log(2 * np.pi))


def build_counts(data: xr.Dataset) -> pm.Model:
    """State y ~ Normal(m, B·Λ·Bᵀ + σ²·W + diag(e² + s²)) for each series, log σ and log s normal a priori.

    Every other unknown is Gaussian given these two, so it is integrated out exactly: what is sampled has two dimensions per
    series, however many counts there are.
    """
    import pymc as pm
    import pytensor.tensor as pt

    names = [str(name) for name in data["series"].values]
    with pm.Model(coords={"series": names}) as model:
        shared = {str(name): pm.Data(str(name), data[name].values) for name in data.data_vars}
        log_wander = pm.Normal("log_wander", shared["wander_median"], shared["wander_spread"], dims="series")
        log_noise = pm.Normal("log_noise", shared["noise_median"], shared["noise_spread"], dims="series")
        for k, name in enumerate(names):
            y, mean, known, wander, error, noisy = (shared[f"{part}_{k}"] for part in PARTS)
            full = known + pt.exp(2 * log_wander[k]) * wander + pt.diag(error**2 + noisy * pt.exp(2 * log_noise[k]))
            root = pt.linalg.cholesky(full)
            z = pt.linalg.solve_triangular(root, y - mean, lower=True)
            pm.Potential(f"counts of {name}", -0.5 * (z**2).sum() - pt.log(pt.diagonal(root)).sum() - 0.5 * LOG_2PI * z.shape[0])
    return model


def reading_log_likelihood(data: xr.Dataset, sigma: np.ndarray, noise: np.ndarray) -> np.ndarray:
    """Return log p(y_i | y_1 … y_{i−1}, σ, s) (draw, reading): the columns add up to the joint density.

    Parameters
    ----------
    sigma, noise : ndarray
        Of every series, (draw, series).
    """
    found = []
    for k in range(data.sizes["series"]):
        y, mean, known, wander, error, noisy = (data[f"{part}_{k}"].values for part in PARTS)
        full = known + sigma[:, k, None, None] ** 2 * wander
        i = np.arange(y.size)
        full[:, i, i] += error**2 + noisy * noise[:, k, None] ** 2
        root = np.linalg.cholesky(full)
        z = np.linalg.solve(root, np.broadcast_to(y - mean, root.shape[:2])[..., None])[..., 0]
        found.append((-0.5 * z**2 - np.log(np.diagonal(root, axis1=1, axis2=2)) - 0.5 * LOG_2PI)[:, :-1])
    return np.concatenate(found, axis=1)
