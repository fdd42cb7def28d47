"""The event network: claims, base rates and history as one PyMC model of marginal log hazards.

Read it from top to bottom: base rates give every event a marginal log hazard; arrows, drivers and signals say how that
hazard is distributed over worlds and how today's world differs; claims and history are two readings of the same linear
predictor (`forecasting.models.predictor.row_predictor`).
"""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, Literal

import numpy as np
import pymc as pm
import pytensor.tensor as pt

from forecasting.claims.edition import EditionDossier
from forecasting.models.predictor import row_predictor
from forecasting.models.rows import (
    ClaimRows,
    DriverRows,
    HistoryRows,
    Rows,
    build_claim_rows,
    build_driver_rows,
    build_history_rows,
    build_rows,
)
from forecasting.models.structure import Structure

Layer = Literal["base", "prior", "posterior"]
SOURCE_SD = 0.5
ORIGIN_SD = 0.5
RESIDUAL_SD = 0.3


@dataclass(frozen=True)
class Evidence:
    """All rows that a layer conditions on, and which signals it lets act.

    ``rows`` holds the judgements first, then the intervals of history.
    """

    use_signals: np.ndarray
    rows: Rows
    claims: ClaimRows
    drivers: DriverRows
    history: HistoryRows


def build_evidence(
    edition: EditionDossier, s: Structure, layer: Layer = "posterior", without: frozenset[str] = frozenset()
) -> Evidence:
    """Return the evidence of one layer.

    Parameters
    ----------
    layer : {"base", "prior", "posterior"}
        ``base`` has the reference classes only; ``prior`` adds the claims; ``posterior`` adds the history.
    without : frozenset of claim ids
        Claims that are taken out (what if this had not been said?).
    """
    use = np.array([_signal_in(signal, layer, without) for signal in s.signals], dtype=bool)
    if layer == "base":
        without = frozenset(claim.id for claim in edition.claims)
    claims = build_claim_rows(edition, s, without)
    history = build_history_rows(edition, s)
    if layer != "posterior":
        history = HistoryRows((), history.count[:0], history.scheduled[:0], ())
    rows = build_rows(edition, s, (*claims.worlds, *history.worlds), use)
    return Evidence(use, rows, claims, build_driver_rows(edition, s, without), history)


def _signal_in(signal: Any, layer: Layer, without: frozenset[str]) -> bool:
    if signal.claim is None:
        return layer == "posterior"
    return layer != "base" and signal.claim not in without


def model_data(s: Structure, evidence: Evidence) -> dict[str, np.ndarray]:
    """Return every array that an edit may change, under the names of the model's ``pm.Data``.

    Vectors over one dimension are stacked because every separate array costs about half
    a second of compilation.
    """
    claims, drivers, rows = evidence.claims, evidence.drivers, evidence.rows
    data: dict[str, Any] = {
        "classes": [*s.class_shape.T, s.class_spread],
        "event_class": s.event_class,
        "effects": [s.arrow_mean, s.arrow_sd],
        "loadings": [s.loading_mean, s.loading_sd],
        "signals": [[signal.mean for signal in s.signals], [signal.sd for signal in s.signals]],
        "error_scales": [SOURCE_SD, ORIGIN_SD, RESIDUAL_SD],
        "claims": [claims.reading, claims.spread],
        "claim_groups": [claims.source_group, claims.origin_group],
        "reports": [drivers.reading, drivers.spread],
        "report_groups": [drivers.driver, drivers.source_group, drivers.origin_group],
        "rows": [rows.log_exposure, rows.in_known_world],
        "row_event": rows.event,
        "row_arrows": np.vstack([rows.arrow_set, rows.arrow_on]),
        "active_signal": rows.active_signal,
        "active_overlap": rows.active_overlap,
        "active_row": rows.active_row,
        "waits": [rows.wait_years, rows.wait_window, rows.wait_scheduled],
        "wait_event": rows.wait_event,
        "wait_row": rows.wait_row,
        "history": [evidence.history.count, evidence.history.scheduled],
    }
    integers = {"event_class", "claim_groups", "report_groups", "row_event", "wait_event", "active_signal"}
    return {name: np.asarray(value, dtype="int64" if name in integers else "float64") for name, value in data.items()}


def _normal(name: str, dim: str, coords: dict[str, Any]) -> Any:
    """Return standard normal variables over a dimension, or nothing at all when the dimension is empty."""
    return pm.Normal(name, dims=dim) if len(coords[dim]) else pt.zeros(0)


def _scaled(name: str, dim: str, mean_sd: Any, coords: dict[str, Any]) -> Any:
    """Return Normal(mean, sd²) variables in their non-centred form, recorded under ``name``."""
    if not len(coords[dim]):
        return pt.zeros(0)
    return pm.Deterministic(name, mean_sd[0] + mean_sd[1] * pm.Normal(f"{name}_offset", dims=dim), dims=dim)


def _log_class_hazard(s: Structure, classes: Any) -> Any:
    """Return log rates of the counted classes, then cloglog probabilities of those counted per trial."""
    n = len(s.rate_classes)
    parts = []
    if n:
        rate = pm.Gamma("class_rate", alpha=classes[0, :n], beta=classes[1, :n], shape=n)
        parts.append(pt.log(rate))
    if s.trial_classes:
        p = pm.Beta("class_prob", alpha=classes[0, n:], beta=classes[1, n:], shape=len(s.trial_classes))
        parts.append(pt.log(-pt.log1p(-p)))
    return pt.concatenate(parts)


def build_network(s: Structure, evidence: Evidence) -> pm.Model:
    """Build the model of one edition.

    Per event k (dims ``event``) of reference class r, with arrows e, drivers d, signals i, claims c:

    - base rate: λ_r ~ Gamma(N_r + ½, E_r), or p_r ~ Beta per trial; m_k = log λ_r + ω_r z_k, ω_r ~ HalfNormal(spread_r)
    - arrows: β_e ~ Normal(±log grade, s²); drivers: f_d ~ Normal(0, 1), ℓ ~ Normal(±log grade, s²)
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
        what forecasts are made of.
    """
    coords = s.coords
    with pm.Model(coords=coords) as model:
        d = SimpleNamespace(**{name: pm.Data(name, value) for name, value in model_data(s, evidence).items()})
        log_class = _log_class_hazard(s, d.classes)
        omega = pm.HalfNormal("class_spread_unit", dims="reference_class") * d.classes[2]
        member = pm.Normal("member_offset", dims="event")
        log_hazard = pm.Deterministic("log_hazard", log_class[d.event_class] + omega[d.event_class] * member, dims="event")
        parameters = SimpleNamespace(
            log_hazard=log_hazard,
            beta=_scaled("effect_beta", "effect", d.effects, coords),
            driver=_normal("driver_level", "driver", coords),
            loading=_scaled("loading_weight", "loading", d.loadings, coords),
            signal=_scaled("signal_log_ratio", "signal", d.signals, coords),
            overlap=pm.Beta("signal_overlap", 2, 2),
        )
        log_mass = row_predictor(pt, parameters, s, _unstack_rows(s, d))
        n_claims = d.claims.shape[1]
        _read_claims(d, log_mass[:n_claims], parameters, coords)
        _read_history(d, log_mass[n_claims:])
    return model


def _unstack_rows(s: Structure, d: SimpleNamespace) -> SimpleNamespace:
    """Give the stacked arrays the names that the predictor reads (those of `forecasting.models.rows.Rows`)."""
    n = len(s.arrow_ids)
    return SimpleNamespace(
        event=d.row_event,
        log_exposure=d.rows[0],
        in_known_world=d.rows[1],
        arrow_set=d.row_arrows[:n],
        arrow_on=d.row_arrows[n:],
        active_signal=d.active_signal,
        active_overlap=d.active_overlap,
        active_row=d.active_row,
        wait_event=d.wait_event,
        wait_years=d.waits[0],
        wait_window=d.waits[1],
        wait_scheduled=d.waits[2],
        wait_row=d.wait_row,
    )


def _read_claims(d: SimpleNamespace, log_mass: Any, parameters: SimpleNamespace, coords: dict[str, Any]) -> None:
    """Add the likelihood of judgements and driver claims, with the errors that a source or an origin shares."""
    scales = d.error_scales
    if not coords["source_group"]:
        return
    residual = pm.HalfNormal("claim_residual") * scales[2]
    by_source = pm.HalfNormal("source_spread") * scales[0] * pm.Normal("source_offset", dims="source_group")
    by_origin = pm.HalfNormal("origin_spread") * scales[1] * pm.Normal("origin_offset", dims="origin_group")
    error = by_source[d.claim_groups[0]] + by_origin[d.claim_groups[1]]
    pm.Normal("claim", mu=log_mass + error, sigma=pt.sqrt(d.claims[1] ** 2 + residual**2), observed=d.claims[0])
    if coords["driver"]:
        error = by_source[d.report_groups[1]] + by_origin[d.report_groups[2]]
        expected = parameters.driver[d.report_groups[0]] + error
        spread = pt.sqrt(d.reports[1] ** 2 + residual**2)
        pm.Normal("driver_claim", mu=expected, sigma=spread, observed=d.reports[0])


def _read_history(d: SimpleNamespace, log_mass: Any) -> None:
    """Add the likelihood of the known past: Poisson counts over intervals, one Bernoulli trial per scheduled date."""
    count, scheduled = d.history[0], d.history[1]
    mass = pt.exp(log_mass)
    on_date = count * pt.log(-pt.expm1(-mass)) - (1 - count) * mass
    pm.Potential("known_past", pt.switch(scheduled > 0, on_date, count * log_mass - mass))
