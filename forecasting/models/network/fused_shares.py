"""Shares of time with their derivatives, one effect at a time: `predictor` and `ageing` in scalars, for numba.

Every function returns what its namesake in `predictor` or `ageing` does, followed by the derivatives that `fused` needs.
Times are in years, hazards per (operational) year. A κ of `UNAGED` says that a hazard does not age: its operational time is
time, without a power to take.
"""

from __future__ import annotations

import math
from math import exp, expm1, log

import numpy as np
from numba import njit

from forecasting.models.network.ageing import NODES, TINY_AGE, WEIGHTS, Pair
from forecasting.models.network.sums import TINY

UNAGED = 0.0  # no hazard that ages has this κ, which is e to some power


@njit(error_model="numpy")
def shares_of_unit(x):
    """Return f(x) = 1 − (1 − e^{−x})/x and f′(x)."""
    if x < TINY:
        return 1 + expm1(-TINY) / TINY, 0.0
    fall = expm1(-x)
    ratio = fall / x
    return 1 + ratio, -(1 + fall + ratio) / x


@njit(error_model="numpy")
def power(base, exponent):
    """Return b^e, its derivative by e, and its derivative by b, for bases ≥ 0."""
    log_base = log(max(base, TINY_AGE))
    value = exp(exponent * log_base)
    by_base = exponent * value / base if base > TINY_AGE else 0.0
    return value, value * log_base, by_base


@njit(error_model="numpy")
def operational_span(age, years, kappa, scale):
    """Return T [((a + t)/T)^κ − (a/T)^κ], its derivative by κ, and its derivative by t."""
    if kappa == UNAGED:
        return years, 0.0, 1.0
    end, end_kappa, end_base = power((age + years) / scale, kappa)
    begin, begin_kappa, _ = power(age / scale, kappa)
    return scale * (end - begin), scale * (end_kappa - begin_kappa), end_base


@njit(error_model="numpy")
def happened_by(hazard, p_scheduled, scheduled, age, years, kappa, scale):
    """Return F = P(cause has happened) and its derivatives by hazard, p_scheduled, κ and the years passed."""
    if scheduled > 0:
        return p_scheduled, 0.0, 1.0, 0.0, 0.0
    span, by_kappa, by_years = operational_span(age, years, kappa, scale)
    return happened_after(hazard, span, by_kappa, by_years)


@njit(error_model="numpy")
def happened_after(hazard, span, span_kappa, span_years):
    """Return F = 1 − e^{−hazard · span} and its derivatives in the order of `happened_by`."""
    f = -expm1(-hazard * span)
    left = 1 - f
    return f, left * span, 0.0, left * hazard * span_kappa, left * hazard * span_years


@njit(error_model="numpy")
def nodes_after(
    hazard, p_scheduled, scheduled, kappa, scale, age, target_kappa, target_age, horizon, offset, restarts, rest, rest_kappa,
    happened, by,
):  # fmt: skip
    """Return the window and its derivative by the target's κ; fill nodes u, their derivatives, and P(U > u).

    As `forecasting.models.network.ageing.nodes_after`. ``rest`` and ``rest_kappa`` (node) are u and ∂u/∂κ of the target;
    ``happened`` (node) is P(U > u); ``by`` (4 or more, node) its derivatives by hazard, p_scheduled, κ and the target's κ.
    """
    begin = begin_kappa = whole_kappa = 0.0
    whole = horizon
    if target_kappa != UNAGED:
        begin, begin_kappa, _ = power(target_age, target_kappa)
        end, end_kappa, _ = power(target_age + horizon, target_kappa)
        whole, whole_kappa = end - begin, end_kappa - begin_kappa
    if target_kappa == UNAGED:
        window, window_kappa = 1 - offset / horizon, 0.0
    elif restarts > 0:
        window, window_kappa, _ = power(1 - offset / horizon, target_kappa)
    else:
        start, start_kappa, _ = power(target_age + offset, target_kappa)
        window = 1 - (start - begin) / whole
        window_kappa = -((start_kappa - begin_kappa) - (start - begin) / whole * whole_kappa) / whole
    cause, cause_kappa, _ = power(age / scale, kappa)
    for q in range(NODES.size):
        left = 1 - NODES[q]
        rest[q], rest_kappa[q] = window * left, window_kappa * left
        if target_kappa == UNAGED:
            at, at_kappa = (1 - rest[q]) * horizon, 0.0
        else:
            at, at_kappa = time_at(
                rest[q], rest_kappa[q], target_kappa, target_age, horizon, restarts, begin, begin_kappa, whole, whole_kappa
            )
        since = max(at - offset, 0.0)
        if scheduled > 0:
            f, f_h, f_p, f_c, f_y = p_scheduled, 0.0, 1.0, 0.0, 0.0
        elif kappa == UNAGED:
            f, f_h, f_p, f_c, f_y = happened_after(hazard, since, 0.0, 1.0)
        else:
            then, then_kappa, by_years = power((age + since) / scale, kappa)
            span, by_kappa = scale * (then - cause), scale * (then_kappa - cause_kappa)
            f, f_h, f_p, f_c, f_y = happened_after(hazard, span, by_kappa, by_years)
        happened[q], by[0, q], by[1, q], by[2, q] = f, f_h, f_p, f_c
        by[3, q] = f_y * at_kappa if at > offset else 0.0
    return window, window_kappa


@njit(error_model="numpy")
def time_at(rest, rest_kappa, target_kappa, target_age, horizon, restarts, begin, begin_kappa, whole, whole_kappa):
    """Return when the share ``rest`` of a target's operational time is left, in years, and its derivative by the target's κ.

    ``begin`` and ``whole`` are the operational time at the beginning of the horizon and within it.
    """
    if restarts > 0:
        v, v_kappa = rest, rest_kappa
    else:
        v = begin + (1 - rest) * whole
        v_kappa = begin_kappa + (1 - rest) * whole_kappa - rest_kappa * whole
    root, root_exponent, root_base = power(v, 1 / target_kappa)
    at_kappa = root_base * v_kappa - root_exponent / target_kappa**2
    if restarts > 0:
        return horizon * (1 - root), -horizon * at_kappa
    return root - target_age, at_kappa


@njit(error_model="numpy")
def shares_after(
    hazard, p_scheduled, scheduled, kappa, scale, age, target_kappa, target_age, horizon, offset, restarts
):  # fmt: skip
    """Return E[U], and its derivatives by hazard, p_scheduled, κ and the target's κ.

    The integral of `forecasting.models.network.ageing.shares_after`, on the same nodes.
    """
    rest, rest_kappa, happened, by = np.empty(NODES.size), np.empty(NODES.size), np.empty(NODES.size), np.empty((4, NODES.size))
    window, window_kappa = nodes_after(
        hazard, p_scheduled, scheduled, kappa, scale, age, target_kappa, target_age, horizon, offset, restarts, rest, rest_kappa,
        happened, by,
    )  # fmt: skip
    share = share_h = share_p = share_c = share_t = 0.0
    for q in range(NODES.size):
        share += WEIGHTS[q] * happened[q]
        share_h += WEIGHTS[q] * by[0, q]
        share_p += WEIGHTS[q] * by[1, q]
        share_c += WEIGHTS[q] * by[2, q]
        share_t += WEIGHTS[q] * by[3, q]
    return window * share, window * share_h, window * share_p, window * share_c, window * share_t + window_kappa * share


@njit(error_model="numpy", nogil=True, cache=True)
def _nodes_many(hazard, p_scheduled, scheduled, kappa, scale, age, target_kappa, target_age, horizon, offset, restarts):
    window = np.empty(hazard.shape)
    rest, happened = np.empty((*hazard.shape, NODES.size)), np.empty((*hazard.shape, NODES.size))
    unused, by = np.empty(NODES.size), np.empty((4, NODES.size))
    for d in range(hazard.shape[0]):
        for i in range(hazard.shape[1]):
            cause = UNAGED if kappa[d, i] == 1 else kappa[d, i]  # without derivatives the two are the same
            target = UNAGED if target_kappa[d, i] == 1 else target_kappa[d, i]
            window[d, i], _ = nodes_after(
                hazard[d, i], p_scheduled[d, i], scheduled[i], cause, scale[i], age[i], target, target_age[i], horizon[i],
                offset[i], restarts[i], rest[d, i], unused, happened[d, i], by,
            )  # fmt: skip
    return window, rest, happened


def nodes_of_draws(pairs: Pair) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return `forecasting.models.network.ageing.nodes_after` for draws: hazards and κ are (..., pair), all else (pair,)."""
    drawn = [pairs.hazard, pairs.p_scheduled, pairs.kappa, pairs.target_kappa]
    shape = np.broadcast_shapes(*(values.shape for values in drawn))
    n = math.prod(shape[:-1])
    hazard, p, kappa, target_kappa = (
        np.ascontiguousarray(np.broadcast_to(values, shape), dtype=float).reshape(n, shape[-1]) for values in drawn
    )
    fixed = pairs.scheduled, pairs.scale, pairs.age, pairs.target_age, pairs.horizon, pairs.offset, pairs.restarts
    scheduled, scale, age, target_age, horizon, offset, restarts = (
        np.ascontiguousarray(np.broadcast_to(values, shape[-1:]), dtype=float) for values in fixed
    )
    found = _nodes_many(hazard, p, scheduled, kappa, scale, age, target_kappa, target_age, horizon, offset, restarts)
    return tuple(values.reshape(*shape, *values.shape[2:]) for values in found)
