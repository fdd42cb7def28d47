"""Draws of a network's variables without a sampler: the base layer, and what follows from draws under other numbers."""

from __future__ import annotations

import numpy as np
import xarray as xr

from forecasting.models.network.structure import Structure

SCALED = {"log_shape": "ageing_class", "effect_beta": "effect", "loading_weight": "loading", "signal_log_ratio": "signal",
          "occasion_log_mass": "occasion"}
NORMAL = {
    "member_offset": "event", "driver_level": "driver", "source_offset": "source_group", "origin_offset": "origin_group",
    **{f"{name}_offset": dim for name, dim in SCALED.items()},
}  # fmt: skip
HALF_NORMAL = {
    "class_spread_unit": "reference_class", "claim_residual": "", "claim_drift": "", "source_spread": "", "origin_spread": "",
}  # fmt: skip


def base_draws(s: Structure, *, chains: int, draws: int, random_seed: int) -> xr.Dataset:
    """Return draws under the reference classes alone, where there is no claim and no history to condition on.

    Every variable of `forecasting.models.network.build.build_network` then has its prior, so it is drawn from it: independent
    draws, exact, at no cost. Each variable has a stream of its own: another variable in the model moves no digit of it.

    Returns
    -------
    xr.Dataset
        Dims (chain, draw, …) and variables as `forecasting.models.network.engine.CompiledNetwork.sample` returns them.
    """
    coords, n = s.coords, len(s.rate_classes)
    found: dict[str, tuple[tuple[str, ...], np.ndarray]] = {}

    def take(name: str, dim: str, draw) -> None:
        rng = np.random.default_rng([random_seed, *name.encode()])
        shape = (chains, draws, len(coords[dim])) if dim else (chains, draws)
        found[name] = (("chain", "draw", dim) if dim else ("chain", "draw"), draw(rng, shape))

    take("class_rate", "rate_class", lambda rng, size: rng.gamma(s.class_shape[:n, 0], 1 / s.class_shape[:n, 1], size))
    take("class_prob", "trial_class", lambda rng, size: rng.beta(s.class_shape[n:, 0], s.class_shape[n:, 1], size))
    take("signal_overlap", "", lambda rng, size: rng.beta(2, 2, size))
    for name, dim in HALF_NORMAL.items():
        take(name, dim, lambda rng, size: np.abs(rng.standard_normal(size)))
    for name, dim in NORMAL.items():
        take(name, dim, lambda rng, size: rng.standard_normal(size))
    for name, dim in {"log_hazard": "event", **SCALED}.items():
        found[name] = (("chain", "draw", dim), np.empty((chains, draws, len(coords[dim]))))
    labels = {"chain": np.arange(chains), "draw": np.arange(draws), **coords}
    used = {dim for dims, _ in found.values() for dim in dims}
    return recomputed(xr.Dataset(found, {dim: values for dim, values in labels.items() if dim in used}), s)


def recomputed(posterior: xr.Dataset, s: Structure) -> xr.Dataset:
    """Return draws with everything that is computed from the free variables as a changed structure computes it."""
    n = len(s.rate_classes)
    rate, p = (posterior[name].values if name in posterior else np.zeros((posterior.sizes["chain"], posterior.sizes["draw"], 0))
               for name in ("class_rate", "class_prob"))  # fmt: skip
    log_class = np.concatenate([np.log(rate), np.log(-np.log1p(-p))], axis=-1)
    assert log_class.shape[-1] == n + len(s.trial_classes)
    omega = posterior["class_spread_unit"].values * s.class_spread
    log_hazard = log_class[..., s.event_class] + omega[..., s.event_class] * posterior["member_offset"].values
    computed = {"log_hazard": log_hazard}
    for name, mean, sd in (
        ("log_shape", s.shape_mean, s.shape_sd),
        ("effect_beta", s.effect_mean, s.effect_sd),
        ("loading_weight", s.loading_mean, s.loading_sd),
        ("signal_log_ratio", np.array([x.mean for x in s.signals]), np.array([x.sd for x in s.signals])),
        ("occasion_log_mass", s.occasion_mean, s.occasion_sd),
    ):
        if name in posterior:
            computed[name] = mean + sd * posterior[f"{name}_offset"].values
    return posterior.assign({name: (posterior[name].dims, value) for name, value in computed.items()})
