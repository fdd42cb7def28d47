"""The draws of a fit in four tables: answers, hazards and curves under each layer of evidence, and the gate's verdicts."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from forecasting.analysis.registry import columns_of
from forecasting.fitting.fit import EditionFit
from forecasting.fitting.layers import LAYERS
from forecasting.models.network.ahead import led_ahead
from forecasting.models.network.hazards import marginal_log_hazard, signal_shift, stacked_parameters, years_of_hazard
from forecasting.models.network.occasions import occasions_between
from forecasting.models.network.parameters import Parameters
from forecasting.models.network.predictor import row_predictor_of_draws
from forecasting.models.network.rows import World, build_rows
from forecasting.paths.questions import epistemic_draws

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


def layer_table(fit: EditionFit) -> pd.DataFrame:
    """Return quantiles of P(outcome | θ) under the three layers."""
    rows = []
    for layer in LAYERS:
        for name, got in fit.layers[layer].answers.items():
            for i, outcome in enumerate(got.outcomes):
                p = got.p[:, i]
                spread = np.clip(np.quantile(epistemic_draws(p, got.noise[:, i]), QUANTILES), 0, 1)
                rows.append((name, outcome, layer, p.mean(), *spread))
    return pd.DataFrame(rows, columns=list(columns_of("layers")))


def event_table(fit: EditionFit) -> pd.DataFrame:
    """Return marginal hazards and one-year probabilities as of today, with drivers and signals, under the layers.

    A hazard that changes with age is given as its mean over the coming year, in which what leads to an event and its occasions
    count too.
    """
    rows = []
    for layer in LAYERS:
        fitted = fit.layers[layer]
        p = stacked_parameters(fitted.trace["posterior"].to_dataset(), fit.structure)
        log_hazard, more = marginal_log_hazard(p, fit.structure), _with_following(fit, p, fitted.evidence.use_signals)
        for k, event_id in enumerate(fit.structure.event_ids):
            shift = signal_shift(p, fit.structure, k, fit.edition.as_of, fitted.evidence.use_signals)
            own = np.exp(log_hazard[:, k] + shift) * years_of_hazard(fit.edition, fit.structure, p, k)
            hazard = more.get(k, own)
            p_1y = -np.expm1(-hazard)
            rows.append(
                (event_id, layer, np.median(hazard), *np.quantile(hazard, [0.05, 0.95]),
                 p_1y.mean(), *np.quantile(p_1y, [0.05, 0.95]))
            )  # fmt: skip
    return pd.DataFrame(rows, columns=list(columns_of("events")))


def _with_following(fit: EditionFit, p: Parameters, use_signals: np.ndarray) -> dict[int, np.ndarray]:
    """Return the cumulative hazard over the coming year (draw,) of the events that may follow from others or have occasions."""
    s, today = fit.structure, fit.edition.as_of
    found = {}
    for k in range(len(s.event_ids)):
        led = led_ahead(fit.edition, s, k, today, 1.0, known_on=today, given={})
        dates = occasions_between(s.occasions, k, today, today + dt.timedelta(days=365))
        if led or dates:
            found[k] = World(k, today, 1.0, {}, led=led, occasions=dates)
    rows = build_rows(fit.edition, s, list(found.values()), use_signals)
    return dict(zip(found, np.exp(row_predictor_of_draws(p, s, rows)).T, strict=True)) if found else {}


def curve_table(fit: EditionFit) -> pd.DataFrame:
    """Return P(T ≤ t) of every event under the three layers."""
    frames = [
        fit.curve(event_id, layer).assign(event=event_id, layer=layer)
        for layer in LAYERS
        for event_id in fit.structure.event_ids
    ]
    return pd.concat(frames)[list(columns_of("curves"))]


def gate_table(fit: EditionFit) -> pd.DataFrame:
    """Return the gate's verdicts."""
    columns = columns_of("gate")
    return pd.DataFrame([{name: getattr(v, name) for name in columns} for v in fit.gate.verdicts], columns=list(columns))
