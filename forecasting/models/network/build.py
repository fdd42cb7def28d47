"""The event network: claims, base rates and history as one PyMC model of marginal log hazards.

Read it from top to bottom: base rates give every event a marginal log hazard; effects, drivers and signals say how that
hazard is distributed over worlds and how today's world differs; claims and history are two readings of the same linear
predictor (`forecasting.models.network.predictor.row_predictor`).
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pymc as pm
import pytensor.tensor as pt
from pymc.distributions.transforms import log_exp_m1

from forecasting.models.network.evidence import Evidence, model_data
from forecasting.models.network.predictor import row_predictor
from forecasting.models.network.structure import Structure


def _positive(name: str, **dims: str) -> Any:
    """Return half-normal variables, sampled as log(1 + eʸ): with eʸ a large spread meets a steeper wall of history."""
    return pm.HalfNormal(name, default_transform=log_exp_m1, **dims)


def _scaled(name: str, dim: str, mean_sd: Any) -> Any:
    """Return Normal(mean, sd²) variables in their non-centred form, recorded under ``name``."""
    return pm.Deterministic(name, mean_sd[0] + mean_sd[1] * pm.Normal(f"{name}_offset", dims=dim), dims=dim)


def _member_offsets(omega: Any, seen: Any) -> Any:
    """Return z ~ Normal(0, 1) per event, sampled as v = h z with h = √(1 + n ω²), for n dated occurrences of the event.

    History knows log λ of an event that happened n times to about 1/√n, so z to 1/(√n ω): where ω is large the sampler's
    steps would overshoot a wall, as −exp(log λ) is. Given ω the spread of v is about one, whatever ω is.
    """
    h = pt.sqrt(1 + seen * omega**2)
    return pm.Deterministic("member_offset", pm.Normal("member_offset_scaled__", 0, h, dims="event") / h, dims="event")


def _log_class_hazard(model: pm.Model, classes: Any) -> Any:
    """Return log rates of the counted classes, then cloglog probabilities of those counted per trial."""
    n = model.dim_lengths["rate_class"]
    rate = pm.Gamma("class_rate", alpha=classes[0, :n], beta=classes[1, :n], dims="rate_class")
    p = pm.Beta("class_prob", alpha=classes[0, n:], beta=classes[1, n:], dims="trial_class")
    return pt.concatenate([pt.log(rate), pt.log(-pt.log1p(-p))])


def build_network(s: Structure, evidence: Evidence) -> pm.Model:
    """Build the model of one edition.

    Per event k (dims ``event``) of reference class r, with effects e, drivers d, signals i, claims c:

    - base rate: λ_r ~ Gamma(N_r + ½, E_r), or p_r ~ Beta per trial; m_k = log λ_r + ω_r z_k, ω_r ~ HalfNormal(spread_r)
    - age: log κ_r ~ Normal of the class's life table; the hazard is constant in operational time T (t/T)^κ
    - effects: β_e ~ Normal(±log grade, s²); drivers: f_d ~ Normal(0, 1), ℓ ~ Normal(±log grade, s²)
    - signals: γ_i ~ Normal(±log ratio, s²), shrunk by overlap r ~ Beta(2, 2)
    - claims: y_c ~ Normal(g_c + b_source + b_origin, σ_c² + τ²), with g_c the row's log cumulative hazard
    - driver claims: y_c ~ Normal(f_d + b_source + b_origin, σ_c² + τ²)
    - history: N_i ~ Poisson(Λ_i) over intervals; Bernoulli(1 − exp(−Λ)) on the date of a scheduled event

    Parameters
    ----------
    s : Structure
        The network's arrays.
    evidence : Evidence
        Rows of one layer; those of other layers go in through ``pm.Data`` without recompiling.

    Returns
    -------
    pm.Model
        With ``log_hazard`` (event; per year, or cloglog of p for scheduled events), ``effect_beta`` (effect),
        ``driver_level`` (driver), ``loading_weight`` (loading), ``signal_log_ratio`` (signal) and ``signal_overlap``:
        what forecasts are made of; and ``log_shape`` (ageing_class).
    """
    with pm.Model(coords=s.coords, check_bounds=False) as model:
        d = SimpleNamespace(**{name: pm.Data(name, value) for name, value in model_data(s, evidence).items()})
        event_class = d.events_at[0]
        log_class = _log_class_hazard(model, d.classes)
        omega = (_positive("class_spread_unit", dims="reference_class") * d.classes[2])[event_class]
        member = _member_offsets(omega, d.events[3])
        log_hazard = pm.Deterministic("log_hazard", log_class[event_class] + omega * member, dims="event")
        log_shape = _scaled("log_shape", "ageing_class", d.shapes)
        parameters = SimpleNamespace(
            log_hazard=log_hazard,
            kappa=pt.exp(pt.concatenate([pt.zeros(1), log_shape]))[d.events_at[1]],
            beta=_scaled("effect_beta", "effect", d.effects[8:]),
            driver=pm.Normal("driver_level", dims="driver"),
            loading=_scaled("loading_weight", "loading", d.loadings),
            signal=_scaled("signal_log_ratio", "signal", d.signals),
            overlap=pm.Beta("signal_overlap", 2, 2),
        )
        log_mass = row_predictor(pt, parameters, _network_arrays(s, d), _row_arrays(d))
        n_claims = d.claims.shape[1]
        _read_claims(d, log_mass[:n_claims], parameters)
        _read_history(d, log_mass[n_claims:])
    return model


def _network_arrays(s: Structure, d: SimpleNamespace) -> SimpleNamespace:
    """Give the stacked arrays of the network the names that the predictor reads (those of `Structure`)."""
    multiplies, enables, blocks, known, window, years, scheduled, into_date = (d.effects[i] for i in range(8))
    return SimpleNamespace(
        reference_years=d.events[0], event_scale=d.events[1], event_age=d.events[2], aged=d.aged_at[0],
        bent=d.bent_at[0], bent_offset=d.bent[0], bent_age=d.bent[1], enabler_depth=s.enabler_depth,
        ages=s.ages,
        effect_from=d.effects_at[0], effect_to=d.effects_at[1], effect_multiplies=multiplies, effect_enables=enables,
        effect_blocks=blocks, effect_known=known, effect_window=window, effect_years=years, effect_scheduled=scheduled,
        effect_into_date=into_date, loading_driver=d.loadings_at[0], loading_event=d.loadings_at[1],
    )  # fmt: skip


def _row_arrays(d: SimpleNamespace) -> SimpleNamespace:
    """Give the stacked arrays of the rows the names that the predictor reads (those of `rows.Rows`)."""
    return SimpleNamespace(
        event=d.rows_at[0], log_exposure=d.rows[0], in_known_world=d.rows[1],
        set_effect=d.given_at[0], set_row=d.given_at[1], set_on=d.given[0],
        active_signal=d.active_at[0], active_row=d.active_at[1], active_overlap=d.active,
        wait_event=d.waits_at[0], wait_row=d.waits_at[1],
        wait_years=d.waits[0], wait_window=d.waits[1], wait_scheduled=d.waits[2],
        aged_row=d.aged_rows_at[0], aged_age=d.aged_rows[0], aged_years=d.aged_rows[1],
        aged_wait=d.aged_waits_at[0], aged_wait_age=d.aged_waits[0],
    )  # fmt: skip


def _read_claims(d: SimpleNamespace, log_mass: Any, parameters: SimpleNamespace) -> None:
    """Add the likelihood of judgements and driver claims, with the errors that a source or an origin shares."""
    scales = d.error_scales[0]
    residual = _positive("claim_residual") * scales[2]
    by_source = _positive("source_spread") * scales[0] * pm.Normal("source_offset", dims="source_group")
    by_origin = _positive("origin_spread") * scales[1] * pm.Normal("origin_offset", dims="origin_group")
    error = by_source[d.claims_at[0]] + by_origin[d.claims_at[1]]
    pm.Normal("claim", mu=log_mass + error, sigma=pt.sqrt(d.claims[1] ** 2 + residual**2), observed=d.claims[0])
    error = by_source[d.reports_at[1]] + by_origin[d.reports_at[2]]
    spread = pt.sqrt(d.reports[1] ** 2 + residual**2)
    pm.Normal("driver_claim", mu=parameters.driver[d.reports_at[0]] + error, sigma=spread, observed=d.reports[0])


def _read_history(d: SimpleNamespace, log_mass: Any) -> None:
    """Add the likelihood of the known past: Poisson counts over intervals, one Bernoulli trial per scheduled date."""
    count, scheduled = d.history[0], d.history[1]
    mass = pt.exp(log_mass)
    on_date = count * pt.log(-pt.expm1(-mass)) - (1 - count) * mass
    pm.Potential("known_past", pt.switch(scheduled > 0, on_date, count * log_mass - mass))
