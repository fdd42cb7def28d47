"""Shares of time with their derivatives, one effect at a time: `predictor` and `ageing` in scalars, for numba.

Every function returns what its namesake in `predictor` or `ageing` does, followed by the derivatives that `fused` needs.
Times are in years, hazards per (operational) year.
"""

from __future__ import annotations

from math import exp, expm1, log

from numba import njit

from forecasting.models.network.ageing import NODES, TINY_AGE, WEIGHTS
from forecasting.models.network.predictor import TINY

SERIES_BELOW = 1e-3  # where `predictor.squared_share_after` takes its series


@njit(error_model="numpy")
def shares_of_unit(x):
    """Return f(x) = 1 − (1 − e^{−x})/x, f′(x), g(x) = 1 − 2/x + 2(1 − e^{−x})/x² (small x: its series) and g′(x)."""
    if x < TINY:
        return 1 + expm1(-TINY) / TINY, 0.0, TINY / 3 - TINY**2 / 12, 0.0
    fall = expm1(-x)
    ratio, left = fall / x, 1 + fall
    slope = -(left + ratio) / x
    if x < SERIES_BELOW:
        return 1 + ratio, slope, x / 3 - x**2 / 12, 1 / 3 - x / 6
    return 1 + ratio, slope, 1 - 2 / x - 2 * ratio / x, (2 + 2 * left + 4 * ratio) / x**2


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
    end, end_kappa, end_base = power((age + years) / scale, kappa)
    begin, begin_kappa, _ = power(age / scale, kappa)
    return scale * (end - begin), scale * (end_kappa - begin_kappa), end_base


@njit(error_model="numpy")
def happened_by(hazard, p_scheduled, scheduled, age, years, kappa, scale):
    """Return F = P(cause has happened) and its derivatives by hazard, p_scheduled, κ and the years passed."""
    if scheduled > 0:
        return p_scheduled, 0.0, 1.0, 0.0, 0.0
    span, by_kappa, by_years = operational_span(age, years, kappa, scale)
    left = exp(-hazard * span)
    return -expm1(-hazard * span), left * span, 0.0, left * hazard * by_kappa, left * hazard * by_years


@njit(error_model="numpy")
def shares_after(
    hazard, p_scheduled, scheduled, kappa, scale, age, target_kappa, target_age, horizon, offset, restarts
):  # fmt: skip
    """Return two rows, E[1 − v(T)] and E[(1 − v(T))²], each with derivatives by hazard, p_scheduled, κ and the target's κ.

    The integrals of `forecasting.models.network.ageing.shares_after`, on the same nodes.
    """
    begin, begin_kappa, _ = power(target_age, target_kappa)
    end, end_kappa, _ = power(target_age + horizon, target_kappa)
    whole, whole_kappa = end - begin, end_kappa - begin_kappa
    if restarts > 0:
        window, window_kappa, _ = power(1 - offset / horizon, target_kappa)
    else:
        start, start_kappa, _ = power(target_age + offset, target_kappa)
        window = 1 - (start - begin) / whole
        window_kappa = -((start_kappa - begin_kappa) - (start - begin) / whole * whole_kappa) / whole
    share = share_h = share_p = share_c = share_t = 0.0
    square = square_h = square_p = square_c = square_t = 0.0
    for q in range(NODES.size):
        left = 1 - NODES[q]
        rest = window * left
        if restarts > 0:
            v, v_kappa = rest, window_kappa * left
        else:
            v = begin + (1 - rest) * whole
            v_kappa = begin_kappa + (1 - rest) * whole_kappa - window_kappa * left * whole
        root, root_exponent, root_base = power(v, 1 / target_kappa)
        at_kappa = root_base * v_kappa - root_exponent / target_kappa**2
        at = root - target_age
        if restarts > 0:
            at, at_kappa = horizon * (1 - root), -horizon * at_kappa
        since = max(at - offset, 0.0)
        f, f_h, f_p, f_c, f_y = happened_by(hazard, p_scheduled, scheduled, age, since, kappa, scale)
        f_t = f_y * at_kappa if at > offset else 0.0
        w, u = WEIGHTS[q], 2 * left * WEIGHTS[q]
        share, share_h, share_p, share_c, share_t = (
            share + w * f, share_h + w * f_h, share_p + w * f_p, share_c + w * f_c, share_t + w * f_t
        )  # fmt: skip
        square, square_h, square_p, square_c, square_t = (
            square + u * f, square_h + u * f_h, square_p + u * f_p, square_c + u * f_c, square_t + u * f_t
        )  # fmt: skip
    w2 = window**2
    return (
        (window * share, window * share_h, window * share_p, window * share_c, window * share_t + window_kappa * share),
        (w2 * square, w2 * square_h, w2 * square_p, w2 * square_c, w2 * square_t + 2 * window * window_kappa * square),
    )
