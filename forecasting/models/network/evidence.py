"""What a layer of an edition conditions on: claims, driver readings and history as rows, and the signals that act."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import numpy as np

from forecasting.dossier.edition import EditionDossier
from forecasting.elicitation.numbers import Quantified
from forecasting.models.base import Layer
from forecasting.models.network.claim_rows import ClaimRows, DriverRows, build_claim_rows, build_driver_rows
from forecasting.models.network.history_rows import HistoryRows, build_history_rows
from forecasting.models.network.rows import Rows, build_rows
from forecasting.models.network.structure import Structure


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
    edition: EditionDossier, s: Structure, numbers: Quantified, layer: Layer = "posterior", without: frozenset[str] = frozenset(),
    *, aged_on: dt.date | None = None,
) -> Evidence:  # fmt: skip
    """Return the evidence of one layer.

    Parameters
    ----------
    numbers : Quantified
        What the edition's words and grades stand for, from `forecasting.elicitation.quantify.quantify`.
    layer : {"base", "prior", "posterior"}
        ``base`` has the reference classes only; ``prior`` adds the claims; ``posterior`` adds the history.
    without : frozenset of claim ids
        Claims that are taken out (what if this had not been said?).
    aged_on : date, optional
        The day until which claims have aged, if not the as-of date.
    """
    use = np.array([_signal_in(signal, layer, without) for signal in s.signals], dtype=bool)
    if layer == "base":
        without = frozenset(claim.id for claim in edition.claims)
    claims = build_claim_rows(edition, s, numbers, without, aged_on)
    history = build_history_rows(edition, s)
    if layer != "posterior":
        history = HistoryRows((), history.count[:0], history.scheduled[:0], ())
    rows = build_rows(edition, s, (*claims.worlds, *history.worlds), use)
    return Evidence(use, rows, claims, build_driver_rows(edition, s, numbers, without, aged_on), history)


def _signal_in(signal: Any, layer: Layer, without: frozenset[str]) -> bool:
    if signal.claim is None:
        return layer == "posterior"
    return layer != "base" and signal.claim not in without


def occurrences(s: Structure, evidence: Evidence) -> np.ndarray:
    """Return how often each event happened in the history that a layer conditions on (event,)."""
    event = evidence.rows.event[len(evidence.claims.reading) :]
    return np.bincount(event, weights=evidence.history.count, minlength=len(s.event_ids))
