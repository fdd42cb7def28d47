"""What a layer of an edition conditions on: claims, driver readings and history as rows, and the signals that act."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from forecasting.dossier.edition import EditionDossier
from forecasting.elicitation.numbers import Quantified
from forecasting.models.base import Layer
from forecasting.models.network.rows import (
    ClaimRows,
    DriverRows,
    HistoryRows,
    Rows,
    build_claim_rows,
    build_driver_rows,
    build_history_rows,
    build_rows,
)
from forecasting.models.network.structure import Structure

# with the grades of priors/grades.csv: calibrated to how overconfident experts are (docs/decisions/grades.md)
SOURCE_SD = 0.4
ORIGIN_SD = 0.4
RESIDUAL_SD = 0.2
# the rows of what `model_data` stacks: classes; events and events_at; effects and effects_at
COUNT, EXPOSURE, SPREAD = range(3)
HORIZON, SCALE, AGE, SEEN = range(4)
CLASS, CLOCK = range(2)
MULTIPLIES, ENABLES, BLOCKS, KNOWN, WINDOW, YEARS, SCHEDULED, INTO_DATE, MEAN, SD = range(10)
CAUSE, TARGET, ORDER = range(3)


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
    edition: EditionDossier, s: Structure, numbers: Quantified, layer: Layer = "posterior", without: frozenset[str] = frozenset()
) -> Evidence:
    """Return the evidence of one layer.

    Parameters
    ----------
    numbers : Quantified
        What the edition's words and grades stand for, from `forecasting.elicitation.quantify.quantify`.
    layer : {"base", "prior", "posterior"}
        ``base`` has the reference classes only; ``prior`` adds the claims; ``posterior`` adds the history.
    without : frozenset of claim ids
        Claims that are taken out (what if this had not been said?).
    """
    use = np.array([_signal_in(signal, layer, without) for signal in s.signals], dtype=bool)
    if layer == "base":
        without = frozenset(claim.id for claim in edition.claims)
    claims = build_claim_rows(edition, s, numbers, without)
    history = build_history_rows(edition, s)
    if layer != "posterior":
        history = HistoryRows((), history.count[:0], history.scheduled[:0], ())
    rows = build_rows(edition, s, (*claims.worlds, *history.worlds), use)
    return Evidence(use, rows, claims, build_driver_rows(edition, s, numbers, without), history)


def _signal_in(signal: Any, layer: Layer, without: frozenset[str]) -> bool:
    if signal.claim is None:
        return layer == "posterior"
    return layer != "base" and signal.claim not in without


def occurrences(s: Structure, evidence: Evidence) -> np.ndarray:
    """Return how often each event happened in the history that a layer conditions on (event,)."""
    event = evidence.rows.event[len(evidence.claims.reading) :]
    return np.bincount(event, weights=evidence.history.count, minlength=len(s.event_ids))


def model_data(s: Structure, evidence: Evidence) -> dict[str, np.ndarray]:
    """Return every array of the model, under the names of its ``pm.Data``.

    Nothing of an edition is a constant of the model, so one compiled function serves them all. What runs over one
    dimension is stacked, numbers apart from positions (``…_at``), because every separate array costs compilation.
    """
    claims, drivers, rows = evidence.claims, evidence.drivers, evidence.rows
    numbers: dict[str, Any] = {
        "classes": [*s.class_shape.T, s.class_spread],
        "shapes": [s.shape_mean, s.shape_sd],
        "events": [s.reference_years, s.event_scale, s.event_age, occurrences(s, evidence)],
        "bent": [s.bent_offset, s.bent_age],
        "effects": [
            s.effect_multiplies, s.effect_enables, s.effect_blocks, s.effect_known, s.effect_window, s.effect_years,
            s.effect_scheduled, s.effect_into_date, s.effect_mean, s.effect_sd,
        ],
        "loadings": [s.loading_mean, s.loading_sd],
        "signals": [[signal.mean for signal in s.signals], [signal.sd for signal in s.signals]],
        "error_scales": [[SOURCE_SD, ORIGIN_SD, RESIDUAL_SD]],
        "claims": [claims.reading, claims.spread],
        "reports": [drivers.reading, drivers.spread],
        "rows": [rows.log_exposure, rows.in_known_world],
        "given": [rows.set_on],
        "active": rows.active_overlap,
        "waits": [rows.wait_years, rows.wait_window, rows.wait_scheduled],
        "aged_rows": [rows.aged_age, rows.aged_years],
        "aged_waits": [rows.aged_wait_age],
        "history": [evidence.history.count, evidence.history.scheduled],
    }  # fmt: skip
    positions: dict[str, Any] = {
        "events_at": [s.event_class, s.event_shape],
        "aged_at": [s.aged],
        "bent_at": [s.bent],
        "effects_at": [s.effect_from, s.effect_to, s.effect_order],
        "loadings_at": [s.loading_driver, s.loading_event],
        "claims_at": [claims.source_group, claims.origin_group],
        "reports_at": [drivers.driver, drivers.source_group, drivers.origin_group],
        "rows_at": [rows.event],
        "given_at": [rows.set_effect, rows.set_row],
        "active_at": [rows.active_signal, rows.active_row],
        "waits_at": [rows.wait_event, rows.wait_row],
        "aged_rows_at": [rows.aged_row],
        "aged_waits_at": [rows.aged_wait],
    }
    return {
        **{name: np.asarray(value, dtype="float64") for name, value in numbers.items()},
        **{name: np.asarray(value, dtype="int64") for name, value in positions.items()},
    }
