"""The effects' part of `forecasting.models.network.fused`: when causes come, what keeps targets' probability, the way back."""

from __future__ import annotations

from math import exp, expm1, log

import numpy as np
from numba import njit

from forecasting.elicitation.held import MAX_HELD
from forecasting.models.network.ageing import NODES
from forecasting.models.network.fused_compensation import INTEGRATED, ON_DATE, WAITED, held, log_marginal_mass
from forecasting.models.network.fused_shares import happened_by, nodes_after, shares_after, shares_of_unit
from forecasting.models.network.stacked import (
    AGE,
    BLOCKS,
    CAUSE,
    ENABLES,
    INTO_DATE,
    MULTIPLIES,
    ORDER,
    SCALE,
    SCHEDULED,
    SD,
    TARGET,
    WINDOW,
    YEARS,
)  # fmt: skip
from forecasting.models.network.stacked import KNOWN as IS_KNOWN
from forecasting.models.network.sums import TINY


@njit(error_model="numpy")
def enabling_share(effect, hazard, on_date, bent, cause, kappa, target, target_kappa):
    """Return the share of time for which a cause enables its target; its derivatives by hazard, P on its date, κ and target's κ.

    ``bent`` is empty for an effect between hazards that do not age.
    """
    scheduled, window, years = effect[SCHEDULED], effect[WINDOW], effect[YEARS]
    if effect[INTO_DATE] > 0:
        can = 1.0 if window > 0 else 0.0
        if bent.size:
            f, f_h, f_p, f_c, _ = happened_by(hazard, on_date, scheduled, bent[1], years, kappa, cause[SCALE])
            return f * can, f_h * can, f_p * can, f_c * can, 0.0
        if scheduled > 0:
            return on_date * can, 0.0, can, 0.0, 0.0
        fall = expm1(-hazard * years) * can
        return -fall, (can + fall) * years, 0.0, 0.0, 0.0
    if bent.size:
        return shares_after(
            hazard, on_date, scheduled, kappa, cause[SCALE], bent[1], target_kappa, target[AGE], years + bent[0], bent[0], 1.0
        )  # fmt: skip
    if scheduled > 0:
        return on_date * window, 0.0, window, 0.0, 0.0
    value, slope = shares_of_unit(hazard * years)
    return window * value, window * slope * years, 0.0, 0.0, 0.0


@njit(error_model="numpy")
def places_of_bent(bent_at, n_effect):
    """Return where each effect stands among those that join an event whose hazard ages, or −1."""
    place = np.full(n_effect, -1)
    for i in range(bent_at.shape[1]):
        place[bent_at[0, i]] = i
    return place


@njit(error_model="numpy")
def enable(effects, effects_at, bent, place, events, alone, on_date, kappa, enabled, share):
    """Fill the share of time that each event's enablers leave (event), and each enabling effect's share with its derivatives.

    ``alone`` and ``on_date`` (event) are every event's hazard and its probability if it is scheduled. Effects come in an order in
    which the enablers of a cause are looked at before it (`structure.Structure.effect_order`).
    """
    for e in effects_at[ORDER]:
        if effects[ENABLES, e] == 0:
            continue
        if effects[IS_KNOWN, e] > 0:
            share[0, e] = 1.0
            continue
        j, k = effects_at[CAUSE, e], effects_at[TARGET, e]
        at = bent[:, place[e]] if place[e] >= 0 else bent[:0, 0] if bent.shape[1] else np.empty(0)
        found = enabling_share(
            effects[:, e], alone[j] * enabled[j], on_date[j] * enabled[j], at, events[:, j], kappa[j], events[:, k], kappa[k]
        )
        for i in range(5):
            share[i, e] = found[i]
        enabled[k] *= max(found[0], TINY)


@njit(error_model="numpy")
def hold(effects, effects_at, bent, place, events, alone, on_date, kappa, enabled, cumulative, growth, left, theta, found):
    """Fill, per effect, c and its derivatives: by the target's log cumulative hazard, r, the cause's hazard, its P, both κ.

    ``cumulative`` (event) is the cumulative hazard over the reference horizon, ``growth`` (effect) r − 1 in the mean
    over the time after the cause, ``left`` (effect) the share of it in which a block acts, ``found`` (7, effect).
    If ``theta`` (effect) is not empty, log N(θ) is filled instead, with its derivative by log θ in the second row, for those
    effects whose θ is not zero.
    """
    evaluates = theta.size > 0
    happened, by = np.empty(NODES.size), np.empty((5, NODES.size))
    rest, rest_kappa, decay = np.empty(NODES.size), np.empty(NODES.size), np.empty(NODES.size)
    for e in range(growth.size):
        found[:, e] = 0.0
        if (effects[MULTIPLIES, e] == 0 and effects[BLOCKS, e] == 0) or (evaluates and theta[e] == 0):
            continue
        multiplies, window = effects[MULTIPLIES, e], effects[WINDOW, e]
        excess = multiplies * growth[e] - effects[BLOCKS, e] * left[e]
        if effects[IS_KNOWN, e] > 0:
            sign = 1.0 if evaluates else -1.0
            found[0, e] = sign * log(max(1 + excess, exp(-MAX_HELD)))
            if 1 + excess > exp(-MAX_HELD):
                found[2, e] = sign * multiplies / (1 + excess)
            if evaluates:
                found[0, e] += log(theta[e])
                found[1, e] = 1.0
            continue
        j, k, years = effects_at[CAUSE, e], effects_at[TARGET, e], effects[YEARS, e]
        hazard, p_date, x = alone[j] * enabled[j], on_date[j] * enabled[j], cumulative[k]
        scheduled, into_date = effects[SCHEDULED, e] > 0, effects[INTO_DATE, e] > 0
        if place[e] >= 0 and not into_date:
            offset, age = bent[0, place[e]], bent[1, place[e]]
            whole, whole_kappa = nodes_after(
                hazard, p_date, effects[SCHEDULED, e], kappa[j], events[SCALE, j], age, kappa[k], events[AGE, k], years + offset,
                offset, 0.0, rest, rest_kappa, happened, by,
            )  # fmt: skip
            if evaluates:
                c, by_x, by_excess, _, y, through = log_marginal_mass(
                    INTEGRATED, theta[e], excess, 0.0, rest, happened, whole, decay
                )
            else:
                c, by_x, by_excess, _, y, through = held(INTEGRATED, x, excess, 0.0, rest, happened, whole, decay)
            first = 0.0
            for q in range(NODES.size):
                first += decay[q] * happened[q]
                for i in range(3):
                    found[3 + i, e] += through * y * whole * decay[q] * by[i, q]
                found[6, e] += through * y * whole * decay[q] * (by[3, q] - y * happened[q] * rest_kappa[q])
            found[6, e] += through * y * whole_kappa * first
            found[0, e], found[1, e], found[2, e] = c, by_x, by_excess * multiplies
            continue
        if into_date:
            can = 1.0 if window > 0 else 0.0
            if scheduled:
                a, a_h, a_p, a_kappa = p_date * can, 0.0, can, 0.0
            elif place[e] >= 0:
                f, f_h, f_p, f_c, _ = happened_by(hazard, p_date, 0.0, bent[1, place[e]], years, kappa[j], events[SCALE, j])
                a, a_h, a_p, a_kappa = f * can, f_h * can, f_p * can, f_c * can
            else:
                fall = expm1(-hazard * years) * can
                a, a_h, a_p, a_kappa = -fall, (can + fall) * years, 0.0, 0.0
            kind, width = ON_DATE, 1.0
        elif scheduled:
            kind, width, a, a_h, a_p, a_kappa = ON_DATE, window, p_date, 0.0, 1.0, 0.0
        else:
            kind, width, a, a_h, a_p, a_kappa = WAITED, window, hazard * years, years, 0.0, 0.0
        if evaluates:
            c, by_x, by_excess, by_a, _, _ = log_marginal_mass(kind, theta[e], excess * width, a, rest, happened, 1.0, decay)
        else:
            c, by_x, by_excess, by_a, _, _ = held(kind, x, excess * width, a, rest, happened, 1.0, decay)
        found[0, e], found[1, e], found[2, e] = c, by_x, by_excess * width * multiplies
        found[3, e], found[4, e], found[5, e] = by_a * a_h, by_a * a_p, by_a * a_kappa


@njit(error_model="numpy")
def back_through_effects(
    effects, effects_at, share, found, steep, alone, on_date, enabled, g_beta, g_held, g_offset, g_cumulative, g_marginal,
    g_kappa,
):  # fmt: skip
    """Add the derivatives by the offsets of β (effect), by log cumulative hazards, marginal log hazards and κ (event).

    Given those by β and by c (effect), and ``steep`` (effect), that of r − 1 in the mean by β. A cause is looked at after
    what it enables.
    """
    g_enabled = np.zeros(alone.size)  # by the logarithm of what enablers leave
    for e in range(steep.size):
        g_offset[e] += (g_beta[e] + g_held[e] * found[2, e] * steep[e]) * effects[SD, e]
        if g_held[e] != 0.0:
            j, k = effects_at[CAUSE, e], effects_at[TARGET, e]
            g_cumulative[k] += g_held[e] * found[1, e]
            g_hazard = g_held[e] * found[3, e] * alone[j] * enabled[j]
            g_date = g_held[e] * found[4, e] * enabled[j]
            g_enabled[j] += g_hazard + g_date * on_date[j]
            g_marginal[j] += g_hazard + g_date * alone[j] * (1 - on_date[j])
            g_kappa[j] += g_held[e] * found[5, e]
            g_kappa[k] += g_held[e] * found[6, e]
    for e in effects_at[ORDER, ::-1]:
        if effects[ENABLES, e] == 0 or effects[IS_KNOWN, e] > 0 or share[0, e] <= TINY:
            continue
        j, k = effects_at[CAUSE, e], effects_at[TARGET, e]
        g_share = g_enabled[k] / share[0, e]
        g_hazard = g_share * share[1, e] * alone[j] * enabled[j]
        g_date = g_share * share[2, e] * enabled[j]
        g_enabled[j] += g_hazard + g_date * on_date[j]
        g_marginal[j] += g_hazard + g_date * alone[j] * (1 - on_date[j])
        g_kappa[j] += g_share * share[3, e]
        g_kappa[k] += g_share * share[4, e]
