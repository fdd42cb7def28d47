"""Every number that enters the network, under its own name, with dimensions, labels, units and what it says."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np
import xarray as xr

from forecasting.dossier.edition import EditionDossier
from forecasting.elicitation.numbers import Quantified
from forecasting.models.base import Layer
from forecasting.models.network.constants import DRIFT_SD, ORIGIN_SD, RESIDUAL_SD, SOURCE_SD
from forecasting.models.network.evidence import Evidence, build_evidence, occurrences
from forecasting.models.network.lasting import FADED
from forecasting.models.network.structure import Structure, build_structure

POSITION, GROUP, SWITCH, SIDE = "position", "position or 0", "0 or 1", "−1, 0 or 1"
# name: (dimensions, unit, what it says). `Structure` and `Rows` have the arrays of the network and of its rows under these names.
INPUTS: dict[str, tuple[tuple[str, ...], str, str]] = {
    "class_shape": (("parameter", "reference_class"), "1 and years, or 1", "Gamma(shape, rate) of the rate or Beta(a, b) of p"),
    "class_spread": (("reference_class",), "log hazard", "half-normal scale of the sd between members"),
    "shape_mean": (("ageing_class",), "log Weibull shape", "mean"),
    "shape_sd": (("ageing_class",), "log Weibull shape", "sd"),
    "event_class": (("event",), POSITION, "reference class"),
    "event_shape": (("event",), POSITION, "1 + ageing class; 0 if its hazard is constant"),
    "event_scale": (("event",), "years", "T of its life table; 1 if its hazard is constant"),
    "event_age": (("event",), "years", "on its clock when it opens"),
    "event_seen": (("event",), "count", "how often it happened in the history that is read"),
    "reference_years": (("event",), "years", "horizon on which the marginal is held; 1 for a scheduled event"),
    "aged": (("ageing_event",), POSITION, "event whose hazard changes with age"),
    "effect_from": (("effect",), POSITION, "event that is the cause"),
    "effect_to": (("effect",), POSITION, "event whose hazard changes"),
    "effect_order": (("effect",), POSITION, "effects, those into an enabler before those out of it"),
    "effect_multiplies": (("effect",), SWITCH, "multiplies the hazard"),
    "effect_enables": (("effect",), SWITCH, "cannot happen before the cause"),
    "effect_blocks": (("effect",), SWITCH, "cannot happen after the cause"),
    "effect_known": (("effect",), SWITCH, "the cause had happened when the target opened"),
    "effect_window": (("effect",), "share", "of the target's horizon in which the cause can happen"),
    "effect_years": (("effect",), "years", "the same"),
    "effect_scheduled": (("effect",), SWITCH, "the cause can only happen on its date"),
    "effect_into_date": (("effect",), SWITCH, "the target can only happen on its date"),
    "effect_leads": (("effect",), SWITCH, "the target follows from the cause"),
    "effect_lag": (("effect",), "years", "mean of the lag after which it follows; 0 if at once"),
    "effect_age": (("effect",), "years", "on the cause's clock when it can first happen"),
    "effect_since": (("effect",), "years", "that a known cause lies back when the target opens"),
    "effect_lead_order": (("effect",), POSITION, "effects, those into a cause before those out of it"),
    "effect_left": (("level", "effect"), "share", "of the time after its cause in which that much of its log ratio is left"),
    "effect_mean": (("effect",), "log hazard ratio", "mean"),
    "effect_sd": (("effect",), "log hazard ratio", "sd; 0 for an exact effect"),
    "bent": (("bent_effect",), POSITION, "effect that joins an event whose hazard changes with age"),
    "bent_offset": (("bent_effect",), "years", "from the target's opening until the cause can happen"),
    "bent_age": (("bent_effect",), "years", "on the cause's clock by then"),
    "conditioned": (("conditioned_event",), POSITION, "event whose class counts in worlds with a cause given"),
    "conditioned_effect": (("conditioned_event",), POSITION, "effect of that cause"),
    "conditioned_on": (("conditioned_event",), SWITCH, "it is given as having happened"),
    "loading_driver": (("loading",), POSITION, "driver"),
    "loading_event": (("loading",), POSITION, "event"),
    "driven": (("driven_event",), POSITION, "event on which drivers load"),
    "loading_mean": (("loading",), "log hazard ratio per sd of the driver", "mean"),
    "loading_sd": (("loading",), "log hazard ratio per sd of the driver", "sd"),
    "signal_mean": (("signal",), "log likelihood ratio", "mean"),
    "signal_sd": (("signal",), "log likelihood ratio", "sd"),
    "occasion_event": (("occasion",), POSITION, "event that can happen on that day"),
    "occasion_inside": (("occasion",), SWITCH, "within the event's reference horizon"),
    "occasion_mean": (("occasion",), "log cumulative hazard", "mean"),
    "occasion_sd": (("occasion",), "log cumulative hazard", "sd"),
    "error_scale": (("error",), "log hazard", "half-normal scales of errors beyond words and grades"),
    "claim_reading": (("claim",), "log cumulative hazard", "what the words stand for"),
    "claim_spread": (("claim",), "log cumulative hazard", "of words and grades, wider for what is retold"),
    "claim_side": (("claim",), SIDE, "1 if the words are a floor, −1 if a ceiling, 0 if a level"),
    "claim_age": (("claim",), "years", "since it was made"),
    "claim_source": (("claim",), GROUP, "1 + source group; 0 if it shares its source's error with none"),
    "claim_origin": (("claim",), GROUP, "1 + origin group; 0 if it shares its origin's error with none"),
    "driver_claim_reading": (("driver_claim",), "sd of the driver", "what the strength stands for"),
    "driver_claim_spread": (("driver_claim",), "sd of the driver", "of strength and grades, wider for what is retold"),
    "driver_claim_driver": (("driver_claim",), POSITION, "driver"),
    "driver_claim_age": (("driver_claim",), "years", "since it was made"),
    "driver_claim_source": (("driver_claim",), GROUP, "1 + source group; 0 if it shares its source's error with none"),
    "driver_claim_origin": (("driver_claim",), GROUP, "1 + origin group; 0 if it shares its origin's error with none"),
    "history_count": (("history",), "count", "how often the event happened in the interval"),
    "history_scheduled": (("history",), SWITCH, "the row is the event's one date"),
    "row_event": (("row",), POSITION, "event; claims first, then history"),
    "row_log_exposure": (("row",), "log years", "that the row speaks of"),
    "given_effect": (("given",), POSITION, "effect whose cause's state is given"),
    "given_row": (("given",), POSITION, "in this row"),
    "given_on": (("given",), "share", "as having happened; what is left of an effect that fades"),
    "active_signal": (("active",), POSITION, "signal that acts"),
    "active_row": (("active",), POSITION, "in this row"),
    "active_left": (("active",), "share", "what is left of it; 1 unless it fades"),
    "active_overlap": (("overlap_kind", "active"), "count", "stronger signals of the same sign beside it"),
    "wait_event": (("wait",), POSITION, "enabler that had not happened yet"),
    "wait_row": (("wait",), POSITION, "for this row"),
    "wait_years": (("wait",), "years", "in which it can; 0 if it is scheduled"),
    "wait_window": (("wait",), "share", "of the row's exposure in which it can"),
    "wait_scheduled": (("wait",), SWITCH, "it can only happen on its date"),
    "extra_row": (("extra",), POSITION, "row with occasions, or whose event may follow from another"),
    "led_effect": (("led",), POSITION, "effect that leads to the row's event"),
    "led_place": (("led",), POSITION, "its row, among those with more than their own hazard"),
    "led_known": (("led",), SWITCH, "the time of the cause is known"),
    "led_since": (("led",), "years", "that the cause lies back when the row begins"),
    "led_years": (("led",), "years", "of the row after it; of an unknown cause, in which it can happen"),
    "led_scheduled": (("led",), SWITCH, "the cause is unknown and can only happen on its date"),
    "led_age": (("led",), "years", "on the clock of an unknown cause when it can first happen"),
    "dated_occasion": (("dated",), POSITION, "occasion that falls into a row"),
    "dated_place": (("dated",), POSITION, "that row, among those with more than their own hazard"),
    "aged_row": (("ageing_row",), POSITION, "row of an event whose hazard changes with age"),
    "aged_age": (("ageing_row",), "years", "on the event's clock when the row begins"),
    "aged_years": (("ageing_row",), "years", "the row's exposure"),
    "aged_wait": (("ageing_wait",), POSITION, "wait in which a hazard changes with age"),
    "aged_wait_age": (("ageing_wait",), "years", "on the enabler's clock when the row begins"),
}  # fmt: skip
ROW = {"event": "row_event", "log_exposure": "row_log_exposure"}
MODEL_DIMS = (
    "event", "ageing_class", "reference_class", "rate_class", "trial_class", "effect", "driver", "loading", "signal",
    "occasion",
    "source_group", "origin_group",
)  # fmt: skip
OTHER_LABELS = {
    "parameter": ["first", "second"],
    "error": ["source", "origin", "residual", "drift per √year"],
    "level": [f"2^(-{n}/4)" for n in range(FADED)],
    "overlap_kind": ["retold", "same origin", "same source", "apart"],
}


def network_inputs(
    edition: EditionDossier, numbers: Quantified, layer: Layer = "posterior", without: frozenset[str] = frozenset()
) -> xr.Dataset:
    """Return every number of one layer of an edition.

    Parameters
    ----------
    numbers : Quantified
        From `forecasting.elicitation.quantify.quantify`.
    layer : {"base", "prior", "posterior"}
        What is conditioned on: reference classes only; claims too; history too.
    without : frozenset of claim ids
        Claims that are left out.

    Returns
    -------
    xr.Dataset
        Variables as in `INPUTS`, with ``attrs`` ``units`` and ``long_name``; ``attrs["enabler_depth"]`` is the length of the
        longest chain of enablers, and ``attrs["lead_depth"]`` of those and of what leads to an event: they decide how often the
        model passes over them.
    """
    s = build_structure(edition, numbers)
    return named_inputs(s, build_evidence(edition, s, numbers, layer, without))


def named_inputs(s: Structure, evidence: Evidence) -> xr.Dataset:
    """Return the arrays of a network and of its evidence as one data set with names, dimensions, labels and units."""
    values = {**_of_network(s), **_of_evidence(s, evidence)}
    labels = {**s.coords, **OTHER_LABELS, "claim": _row_labels(s, evidence), "driver_claim": list(evidence.drivers.claim_ids)}
    variables = {
        name: xr.Variable(dims, np.asarray(values[name], dtype=kind_of(unit)), {"units": unit, "long_name": says})
        for name, (dims, unit, says) in INPUTS.items()
    }
    depths = {"enabler_depth": s.enabler_depth, "lead_depth": s.lead_depth}
    return xr.Dataset(
        variables, {dim: np.array(known, dtype=object) for dim, known in labels.items()}, depths
    )


def kind_of(unit: str) -> str:
    """Return the type of a variable: positions are whole, all else is a float."""
    return "int64" if unit in (POSITION, GROUP) else "float64"


def _row_labels(s: Structure, evidence: Evidence) -> list[str]:
    claims = evidence.claims
    return [f"{name}:{s.event_ids[row.event]}" for name, row in zip(claims.claim_ids, claims.worlds, strict=True)]


def _of_network(s: Structure) -> dict[str, Any]:
    own = {name: getattr(s, name) for name in INPUTS if hasattr(s, name)}
    signals = {"signal_mean": [x.mean for x in s.signals], "signal_sd": [x.sd for x in s.signals]}
    return {**own, "class_shape": s.class_shape.T, **signals, "error_scale": [SOURCE_SD, ORIGIN_SD, RESIDUAL_SD, DRIFT_SD]}


def _of_evidence(s: Structure, evidence: Evidence) -> dict[str, Any]:
    claims, drivers, rows = evidence.claims, evidence.drivers, evidence.rows
    return {
        "event_seen": occurrences(s, evidence),
        "claim_reading": claims.reading, "claim_spread": claims.spread, "claim_side": claims.side, "claim_age": claims.age,
        "claim_source": claims.source_group, "claim_origin": claims.origin_group,
        "driver_claim_reading": drivers.reading, "driver_claim_spread": drivers.spread, "driver_claim_driver": drivers.driver,
        "driver_claim_age": drivers.age, "driver_claim_source": drivers.source_group, "driver_claim_origin": drivers.origin_group,
        "history_count": evidence.history.count, "history_scheduled": evidence.history.scheduled,
        **{ROW.get(field.name, field.name): getattr(rows, field.name) for field in fields(rows)},
    }  # fmt: skip


def coords_of(inputs: xr.Dataset) -> dict[str, list[str]]:
    """Return the labels of every dimension that variables of the model run over."""
    return {dim: inputs[dim].values.tolist() for dim in MODEL_DIMS}
