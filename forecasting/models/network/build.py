"""The event network: claims, base rates and history as one PyMC model of marginal log hazards.

Read it from top to bottom: base rates give every event a marginal log hazard; effects, drivers and signals say how that
hazard is distributed over worlds and how today's world differs; claims and history are two readings of the same linear
predictor (`forecasting.models.network.predictor.row_predictor`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

import numpy as np
import pymc as pm
import pytensor.tensor as pt
import xarray as xr
from pymc.distributions.transforms import log_exp_m1

from forecasting.models.network.inputs import ROW, coords_of
from forecasting.models.network.parameters import Network, Parameters
from forecasting.models.network.predictor import marginals, row_predictor
from forecasting.models.network.readings import ReadingErrors, Readings
from forecasting.models.network.rows import Rows

Data = Mapping[str, Any]  # a model's data by the names of `forecasting.models.network.inputs.INPUTS`


def _positive(name: str, **dims: str) -> Any:
    """Return half-normal variables, sampled as log(1 + eʸ): with eʸ a large spread meets a steeper likelihood of history."""
    return pm.HalfNormal(name, default_transform=log_exp_m1, **dims)


def _scaled(name: str, dim: str, mean: Any, sd: Any) -> Any:
    """Return Normal(mean, sd²) variables in their non-centred form, recorded under ``name``."""
    return pm.Deterministic(name, mean + sd * pm.Normal(f"{name}_offset", dims=dim), dims=dim)


def _member_offsets(omega: Any, seen: Any) -> Any:
    """Return z ~ Normal(0, 1) per event, sampled as v = h z with h = √(1 + n ω²), for n dated occurrences of the event.

    History knows log λ of an event that happened n times to about 1/√n, so z to 1/(√n ω): where ω is large the sampler's
    steps would overshoot where −exp(log λ) is steep. Given ω the spread of v is about one, whatever ω is.
    """
    h = pt.sqrt(1 + seen * omega**2)
    return pm.Deterministic("member_offset", pm.Normal("member_offset_scaled__", 0, h, dims="event") / h, dims="event")


def _log_class_hazard(model: pm.Model, shape: Any) -> Any:
    """Return log rates of the counted classes, then cloglog probabilities of those counted per trial."""
    n = model.dim_lengths["rate_class"]
    rate = pm.Gamma("class_rate", alpha=shape[0, :n], beta=shape[1, :n], dims="rate_class")
    p = pm.Beta("class_prob", alpha=shape[0, n:], beta=shape[1, n:], dims="trial_class")
    return pt.concatenate([pt.log(rate), pt.log(-pt.log1p(-p))])


def build_network(inputs: xr.Dataset) -> pm.Model:
    """Build the model of one layer of an edition.

    Per event k (dims ``event``) of reference class r, with effects e, drivers d, signals i, claims c:

    - base rate: λ_r ~ Gamma(N_r + ½, E_r), or p_r ~ Beta per trial; m_k = log λ_r + ω_r z_k, ω_r ~ HalfNormal(spread_r); of a
      class that counts worlds with a cause given, that sum is the log hazard there, and m_k follows
    - age: log κ_r ~ Normal of the class's life table; the hazard is constant in operational time T (t/T)^κ
    - effects: β_e ~ Normal(±log grade, s²); drivers: f_d ~ Normal(0, 1), ℓ ~ Normal(±log grade, s²)
    - what leads to an event: cloglog q_e ~ Normal(words, s²); occasions: log O_o ~ Normal(words or class, s²)
    - signals: γ_i ~ Normal(±log ratio, s²), shrunk by overlap r ~ Beta(2, 2)
    - claims: y_c ~ Normal(g_c + b_source + b_origin, s_c²) with s_c² = σ_c² + τ² + δ² · age and g_c the row's log cumulative
      hazard, if the words are a level; a floor is the outcome of a trial of probability Φ((g_c + b_source + b_origin − y_c)/s_c),
      a ceiling that of its complement
    - driver claims: y_c ~ Normal(f_d + b_source + b_origin, s_c²)
    - history: N_i ~ Poisson(Λ_i) over intervals; Bernoulli(1 − exp(−Λ)) on the date of a scheduled event

    Parameters
    ----------
    inputs : xr.Dataset
        From `forecasting.models.network.inputs.network_inputs`. Every variable is ``pm.Data`` under its own name: nothing of an
        edition is a constant of the model, so the numbers of other layers and editions go in without recompiling.

    Returns
    -------
    pm.Model
        With ``log_hazard`` (event; per year, or cloglog of p for scheduled events, in the worlds that its class counts; for
        most events that is the marginal, `forecasting.models.network.predictor.marginals`), ``effect_beta`` (effect),
        ``driver_level`` (driver), ``loading_weight`` (loading), ``signal_log_ratio`` (signal) and ``signal_overlap``:
        what forecasts are made of; and ``log_shape`` (ageing_class).
    """
    coords = coords_of(inputs)
    with pm.Model(coords=coords, check_bounds=False) as model:
        d = {str(name): pm.Data(str(name), value.values) for name, value in inputs.data_vars.items()}
        log_class = _log_class_hazard(model, d["class_shape"])
        omega = (_positive("class_spread_unit", dims="reference_class") * d["class_spread"])[d["event_class"]]
        member = _member_offsets(omega, d["event_seen"])
        log_hazard = pm.Deterministic("log_hazard", log_class[d["event_class"]] + omega * member, dims="event")
        log_shape = _scaled("log_shape", "ageing_class", d["shape_mean"], d["shape_sd"])
        parameters = Parameters(
            log_hazard=log_hazard,
            kappa=pt.exp(pt.concatenate([pt.zeros(1), log_shape]))[d["event_shape"]],
            beta=_scaled("effect_beta", "effect", d["effect_mean"], d["effect_sd"]),
            driver=pm.Normal("driver_level", dims="driver"),
            loading=_scaled("loading_weight", "loading", d["loading_mean"], d["loading_sd"]),
            signal=_scaled("signal_log_ratio", "signal", d["signal_mean"], d["signal_sd"]),
            occasion=_scaled("occasion_log_mass", "occasion", d["occasion_mean"], d["occasion_sd"]),
            overlap=pm.Beta("signal_overlap", 2, 2),
        )
        depths = {**inputs.attrs, "ages": bool(coords["ageing_class"]), "conditions": bool(inputs.sizes["conditioned_event"])}
        network, rows = _designs(d, depths)
        parameters = replace(parameters, log_hazard=marginals(pt, parameters, network))
        log_mass = row_predictor(pt, parameters, network, rows)
        n_claims = d["claim_reading"].shape[0]
        _read_claims(d, log_mass[:n_claims], parameters.driver)
        _read_history(d, log_mass[n_claims:])
    return model


def _designs(d: Data, fixed: Mapping[str, Any]) -> tuple[Network, Rows]:
    """Return the data as what the predictor reads: the arrays of the network and those of its rows."""
    known = {**d, **fixed}
    network = Network(**{field.name: known[field.name] for field in fields(Network)})
    return network, Rows(**{field.name: d[ROW.get(field.name, field.name)] for field in fields(Rows)})


def _read_claims(d: Data, log_mass: Any, driver: Any) -> None:
    """Add the likelihood of judgements, levels and bounds, and of driver claims, with the errors that readings share."""
    scale, none = d["error_scale"], pt.zeros(1)
    residual, drift = _positive("claim_residual") * scale[2], _positive("claim_drift") * scale[3]
    source = _positive("source_spread") * scale[0]
    by_source = pt.concatenate([none, source * pm.Normal("source_offset", dims="source_group")])
    origin = _positive("origin_spread") * scale[1]
    by_origin = pt.concatenate([none, origin * pm.Normal("origin_offset", dims="origin_group")])
    errors = ReadingErrors(residual, drift, source, origin, by_source, by_origin)
    shift, sd = errors.of(pt, _readings(d, "claim", d["claim_side"]))
    level = pm.logp(pm.Normal.dist(log_mass + shift, sd), d["claim_reading"])
    bound = _log_normal_cdf(d["claim_side"] * (log_mass + shift - d["claim_reading"]) / sd)
    pm.Potential("claim", pt.switch(pt.eq(d["claim_side"], 0), level, bound))
    shift, sd = errors.of(pt, _readings(d, "driver_claim", 0.0))
    pm.Normal("driver_claim", driver[d["driver_claim_driver"]] + shift, sd, observed=d["driver_claim_reading"])


def _log_normal_cdf(z: Any) -> Any:
    """Return log Φ(z). PyMC's own `normal_lcdf` takes √2 in single precision and is off by 2e-8."""
    unit = z / np.sqrt(2)
    below = pt.log(pt.erfcx(-unit) / 2) - unit**2
    return pt.switch(z < -1, below, pt.log1p(-pt.erfc(unit) / 2))


def _readings(d: Data, name: str, side: Any) -> Readings:
    """Return the data of some claims under the names that `ReadingErrors.of` reads."""
    return Readings(
        claim_ids=(), reading=d[f"{name}_reading"], spread=d[f"{name}_spread"], side=side, age=d[f"{name}_age"],
        source_group=d[f"{name}_source"], origin_group=d[f"{name}_origin"],
    )  # fmt: skip


def _read_history(d: Data, log_mass: Any) -> None:
    """Add the likelihood of the known past: Poisson counts over intervals, one Bernoulli trial per scheduled date."""
    count, scheduled = d["history_count"], d["history_scheduled"]
    mass = pt.exp(log_mass)
    on_date = count * pt.log(-pt.expm1(-mass)) - (1 - count) * mass
    pm.Potential("known_past", pt.switch(scheduled > 0, on_date, count * log_mass - mass))
