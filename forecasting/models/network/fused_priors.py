"""The priors' part of `forecasting.models.network.fused`: base rates, spreads and members on their unconstrained scales."""

from __future__ import annotations

from math import exp, expm1, log, log1p, sqrt

from numba import njit

from forecasting.models.network.stacked import CLASS, COUNT, EXPOSURE, SEEN, SPREAD


@njit(error_model="numpy")
def softplus(y):
    """Return log(1 + eʸ) and its derivative, 1/(1 + e⁻ʸ)."""
    tail = exp(-abs(y))
    slope = 1 / (1 + tail)
    if y < 0:
        slope *= tail
    return max(y, 0.0) + log1p(tail), slope


@njit(error_model="numpy")
def log_half_normal(y):
    """Return the log density at y of x = log(1 + eʸ) ~ HalfNormal(1), its derivative by y, x, and dx/dy."""
    x, slope = softplus(y)
    return -(x**2) / 2 + y - x, -x * slope + 1 - slope, x, slope  # log dx/dy = y − x


@njit(error_model="numpy")
def log_beta(y, a, b):
    """Return the log density at y of p ~ Beta(a, b) with log odds y, its derivative, and p."""
    x, p = softplus(y)
    return a * (y - x) - b * x, a - (a + b) * p, p


@njit(error_model="numpy")
def standard_normal(point, gradient):
    """Return the log density of a block of standard normal variables, and fill its part of the gradient."""
    total = 0.0
    for i in range(point.size):
        total -= point[i] ** 2 / 2
        gradient[i] = -point[i]
    return total


@njit(error_model="numpy")
def class_terms(n_rates, classes, rate, prob, g_rate, g_prob, log_class, g_class):
    """Return the log density of the base rates; fill log hazards per class and their derivatives by the block's values."""
    total = 0.0
    for c in range(n_rates):  # Gamma on its log
        mass = classes[EXPOSURE, c] * exp(rate[c])
        total += classes[COUNT, c] * rate[c] - mass
        g_rate[c] = classes[COUNT, c] - mass
        log_class[c], g_class[c] = rate[c], 1.0
    for i in range(prob.size):  # log(−log(1 − p)) with p on its log odds
        c = n_rates + i
        value, g_prob[i], p = log_beta(prob[i], classes[COUNT, c], classes[EXPOSURE, c])
        x, _ = softplus(prob[i])
        total += value
        log_class[c], g_class[c] = log(x), p / x
    return total


@njit(error_model="numpy")
def member_terms(point, classes, events, events_at, log_class, unit, world, alone, on_date, h):
    """Return the log density of the members' offsets, v ~ Normal(0, h²) of `forecasting.models.network.build`.

    Fill, per event, ``h``, the marginal log hazard (``world``), its exponential (``alone``) and 1 − exp(−alone) (``on_date``).
    """
    total = 0.0
    for k in range(point.size):
        c = events_at[CLASS, k]
        omega, v = unit[c] * classes[SPREAD, c], point[k]
        h[k] = 1.0
        if events[SEEN, k] > 0:
            h[k] = sqrt(1 + events[SEEN, k] * omega**2)
            total -= log(h[k])
        total -= (v / h[k]) ** 2 / 2
        world[k] = log_class[c] + omega * v / h[k]
        alone[k] = exp(world[k])
        on_date[k] = -expm1(-alone[k])
    return total


@njit(error_model="numpy")
def back_to_members(point, classes, events, events_at, unit, unit_slope, class_slope, h, g_marginal, g_class, g_spread, g_member):
    """Add the derivatives by base rates and spreads (class), and fill those by the members' offsets (event)."""
    for k in range(point.size):
        c, v = events_at[CLASS, k], point[k]
        omega, slope = unit[c] * classes[SPREAD, c], g_marginal[k]
        g_class[c] += slope * class_slope[c]
        g_member[k] = (slope * omega - v / h[k]) / h[k]
        g_h = -slope * omega * v / h[k] ** 2 + v**2 / h[k] ** 3 - 1 / h[k]
        g_omega = slope * v / h[k] + g_h * events[SEEN, k] * omega / h[k]
        g_spread[c] += g_omega * classes[SPREAD, c] * unit_slope[c]
