"""The effects' part of `forecasting.models.network.fused`: shares of time, means, corrections, and the way back through them."""

from __future__ import annotations

from math import expm1, log, log1p

import numpy as np
from numba import njit

from forecasting.models.network.fused_shares import happened_by, operational_span, shares_after, shares_of_unit
from forecasting.models.network.predictor import MAX_CUMULATIVE, MIN_MEAN, TINY
from forecasting.models.network.stacked import (
    AGE,
    BLOCKS,
    CAUSE,
    ENABLES,
    HORIZON,
    INTO_DATE,
    KNOWN,
    MULTIPLIES,
    ORDER,
    SCALE,
    SCHEDULED,
    SD,
    TARGET,
    WINDOW,
    YEARS,
)  # fmt: skip


@njit(error_model="numpy")
def constant_share(hazard, on_date, scheduled, into_date, window, years):
    """Return the two rows of `effect_shares` for one effect between hazards that do not age."""
    can = 1.0 if window > 0 else 0.0
    if scheduled > 0 and into_date > 0:
        return (on_date * can, 0.0, can, 0.0, 0.0), (on_date * can, 0.0, can, 0.0, 0.0)
    if scheduled > 0:
        return (on_date * window, 0.0, window, 0.0, 0.0), (on_date * window**2, 0.0, window**2, 0.0, 0.0)
    if into_date > 0:
        fall = expm1(-hazard * years) * can
        by_then, slope = -fall, (can + fall) * years
        return (by_then, slope, 0.0, 0.0, 0.0), (by_then, slope, 0.0, 0.0, 0.0)
    value, slope, squared, squared_slope = shares_of_unit(hazard * years)
    return (
        (window * value, window * slope * years, 0.0, 0.0, 0.0),
        (window**2 * squared, window**2 * squared_slope * years, 0.0, 0.0, 0.0),
    )


@njit(error_model="numpy")
def aged_share(
    hazard, on_date, scheduled, into_date, window, years, cause, kappa, age, target, target_kappa, offset, restarts
):  # fmt: skip
    """Return the two rows of `effect_shares` for one effect that joins an event whose hazard changes with age."""
    if into_date > 0:
        can = 1.0 if window > 0 else 0.0
        f, f_h, f_p, f_c, _ = happened_by(hazard, on_date, scheduled, age, years, kappa, cause[SCALE])
        row = (f * can, f_h * can, f_p * can, f_c * can, 0.0)
        return row, row
    return shares_after(
        hazard, on_date, scheduled, kappa, cause[SCALE], age, target_kappa, target[AGE], years + offset, offset, restarts
    )  # fmt: skip


@njit(error_model="numpy")
def effect_shares(effects, effects_at, bent, bent_at, events, alone, on_date, kappa, enabled, share, square):
    """Fill, per effect, the share of time for which its cause is on, and its square; each with four derivatives.

    Rows of ``share`` and ``square`` (5, effect): the value, then its derivatives by the cause's hazard as its enablers leave
    it, by its probability on its date, by its κ and by the target's κ. ``alone`` and ``on_date`` (event) are every event's
    hazard and its probability if it is scheduled; ``enabled`` becomes the share that its enablers leave. Effects come in an
    order in which the enablers of a cause are looked at before it (`structure.Structure.effect_order`).
    """
    enables, known, window, years = effects[ENABLES], effects[KNOWN], effects[WINDOW], effects[YEARS]
    scheduled, into_date = effects[SCHEDULED], effects[INTO_DATE]
    cause, target, place_of = effects_at[CAUSE], effects_at[TARGET], np.full(effects_at.shape[1], -1)
    for i in range(bent_at.shape[1]):
        place_of[bent_at[0, i]] = i
    for e in effects_at[ORDER]:
        if known[e] > 0:
            share[0, e] = square[0, e] = 1.0
            share[1:, e] = square[1:, e] = 0.0
            continue
        j, place = cause[e], place_of[e]
        hazard, p_date = alone[j] * enabled[j], on_date[j] * enabled[j]
        if place < 0:
            over, over_square = constant_share(hazard, p_date, scheduled[e], into_date[e], window[e], years[e])
        else:
            over, over_square = aged_share(
                hazard, p_date, scheduled[e], into_date[e], window[e], years[e], events[:, j], kappa[j],
                bent[1, place], events[:, target[e]], kappa[target[e]], bent[0, place], enables[e],
            )  # fmt: skip
        for i in range(5):
            share[i, e], square[i, e] = over[i], over_square[i]
        if enables[e] > 0:
            enabled[target[e]] *= max(share[0, e], TINY)


@njit(error_model="numpy")
def effect_means(effects, effects_at, share, square, growth, mean, log_mean, variance, event_variance):
    """Fill, per effect, the mean 1 + π(r − 1), its log, and the squared coefficient of variation; sum log(1 + it) per event.

    ``growth`` (effect) is r − 1.
    """
    for e in range(growth.size):
        excess = effects[MULTIPLIES, e] * growth[e] - effects[BLOCKS, e]
        mean[e] = max(1 + share[0, e] * excess, MIN_MEAN)
        log_mean[e] = log(mean[e])
        variance[e] = max(square[0, e] - share[0, e] ** 2, 0.0) * excess**2 / mean[e] ** 2
        event_variance[effects_at[TARGET, e]] += log1p(variance[e])


@njit(error_model="numpy")
def corrections(events, alone, kappa, ages, event_variance, correction, by_marginal, by_kappa, by_variance):
    """Fill, per event, log((e^z − 1)/z) and its derivatives by m, by κ and by the summed log(1 + variance)."""
    for k in range(alone.size):
        v = expm1(event_variance[k])
        span, span_kappa = events[HORIZON, k], 0.0
        if ages[k]:
            span, span_kappa, _ = operational_span(events[AGE, k], events[HORIZON, k], kappa[k], events[SCALE, k])
        hazard = alone[k]
        cumulative = min(hazard * span, MAX_CUMULATIVE)
        z = max(cumulative * v, TINY)
        fall = -expm1(-z)
        correction[k] = z + log(fall / z)
        slope = 1 / fall - 1 / z if cumulative * v > TINY else 0.0
        below = 1.0 if hazard * span < MAX_CUMULATIVE else 0.0
        by_marginal[k] = slope * v * hazard * span * below
        by_kappa[k] = slope * v * hazard * span_kappa * below
        by_variance[k] = slope * cumulative * (v + 1)


@njit(error_model="numpy")
def back_through_effects(
    effects, effects_at, share, square, growth, mean, variance, alone, on_date, enabled, g_beta, g_log_mean, g_event_variance,
    g_offset, g_marginal, g_kappa,
):  # fmt: skip
    """Add the derivatives by the offsets of β (effect), and by the marginal log hazards and κ (event).

    Given those by β and by the logarithm of an effect's mean, where rows have them, and by the summed log(1 + variance) per
    event. A cause is looked at after what it enables.
    """
    g_enabled = np.zeros(alone.size)  # by the logarithm of what enablers leave
    for e in effects_at[ORDER, ::-1]:
        j, k = effects_at[CAUSE, e], effects_at[TARGET, e]
        excess, pi = effects[MULTIPLIES, e] * growth[e] - effects[BLOCKS, e], share[0, e]
        spread, g_share, g_square = max(square[0, e] - pi**2, 0.0), 0.0, 0.0
        g_variance = g_event_variance[k] / (1 + variance[e])
        if spread > 0:
            g_square = g_variance * excess**2 / mean[e] ** 2
            g_share = -2 * pi * g_square
        g_excess = 2 * g_variance * spread * excess / mean[e] ** 2
        if 1 + pi * excess > MIN_MEAN:
            slope = (g_log_mean[e] - 2 * g_variance * variance[e]) / mean[e]
            g_share += slope * excess
            g_excess += slope * pi
        g_offset[e] += (g_beta[e] + g_excess * effects[MULTIPLIES, e] * (1 + growth[e])) * effects[SD, e]
        if effects[KNOWN, e] > 0:  # known to have happened
            continue
        if effects[ENABLES, e] > 0 and pi > TINY:
            g_share += g_enabled[k] * effects[ENABLES, e] / pi
        g_hazard = (g_share * share[1, e] + g_square * square[1, e]) * alone[j] * enabled[j]
        g_date = (g_share * share[2, e] + g_square * square[2, e]) * enabled[j]
        g_enabled[j] += g_hazard + g_date * on_date[j]
        g_marginal[j] += g_hazard + g_date * alone[j] * (1 - on_date[j])
        g_kappa[j] += g_share * share[3, e] + g_square * square[3, e]
        g_kappa[k] += g_share * share[4, e] + g_square * square[4, e]
