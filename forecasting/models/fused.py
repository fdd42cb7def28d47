"""The log density of a network and its gradient, fused into one pass over the arrays: what the sampler evaluates.

`forecasting.models.network.build_network` states the model. This is the same density, up to what does not depend on the
parameters, with its derivatives written out: forward through base rates, arrows, rows and likelihood, then back. PyTensor
derives the same gradient as some 380 operations that each fill an array, four to eight times slower on networks of this
size (docs/decisions/speed.md); ``tests/inference/test_density.py`` holds the two to each other on networks of every kind.

The names in `FREE` are the blocks of the unconstrained point in their order, and `ARRAYS` the data, as
`forecasting.models.evidence.model_data` stacks them. In the code, ``g_x`` is the derivative of the log density by x.
"""

from __future__ import annotations

from math import exp, expm1, log, log1p, sqrt

import numpy as np
from numba import njit

from forecasting.models.fused_shares import happened_by, operational_span, shares_after, shares_of_unit
from forecasting.models.predictor import MAX_CUMULATIVE, MIN_MEAN, OVERLAP_WEIGHTS, RETOLD, TINY

FREE = (
    "class_rate_log__", "class_prob_logodds__", "class_spread_unit_log_exp_m1__", "member_offset_scaled__",
    "log_shape_offset", "effect_beta_offset", "driver_level", "loading_weight_offset", "signal_log_ratio_offset",
    "signal_overlap_logodds__", "claim_residual_log_exp_m1__", "source_spread_log_exp_m1__", "source_offset",
    "origin_spread_log_exp_m1__", "origin_offset",
)  # fmt: skip
SAME, NEAR, APART = OVERLAP_WEIGHTS
SIZES = ("rate_class", "driver", "source_group", "origin_group")  # those that no array has
ARRAYS = (
    "classes", "shapes", "events", "bent", "arrows", "loadings", "signals", "error_scales", "claims", "reports", "rows",
    "given", "active", "waits", "aged_rows", "aged_waits", "history", "events_at", "aged_at", "bent_at", "arrows_at",
    "loadings_at", "claims_at", "reports_at", "rows_at", "given_at", "active_at", "waits_at", "aged_rows_at",
    "aged_waits_at",
)  # fmt: skip


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
        mass = classes[1, c] * exp(rate[c])
        total += classes[0, c] * rate[c] - mass
        g_rate[c] = classes[0, c] - mass
        log_class[c], g_class[c] = rate[c], 1.0
    for i in range(prob.size):  # log(−log(1 − p)) with p on its log odds
        c = n_rates + i
        value, g_prob[i], p = log_beta(prob[i], classes[0, c], classes[1, c])
        x, _ = softplus(prob[i])
        total += value
        log_class[c], g_class[c] = log(x), p / x
    return total


@njit(error_model="numpy")
def constant_share(hazard, on_date, scheduled, into_date, window, years):
    """Return the two rows of `arrow_shares` for one arrow between hazards that do not age."""
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
    """Return the two rows of `arrow_shares` for one arrow that joins an event whose hazard changes with age."""
    if into_date > 0:
        can = 1.0 if window > 0 else 0.0
        f, f_h, f_p, f_c, _ = happened_by(hazard, on_date, scheduled, age, years, kappa, cause[1])
        row = (f * can, f_h * can, f_p * can, f_c * can, 0.0)
        return row, row
    return shares_after(
        hazard, on_date, scheduled, kappa, cause[1], age, target_kappa, target[2], years + offset, offset, restarts
    )  # fmt: skip


@njit(error_model="numpy")
def arrow_shares(arrows, arrows_at, bent, bent_at, events, alone, on_date, kappa, enabled, share, square):
    """Fill, per arrow, the share of time for which its cause is on, and its square; each with four derivatives.

    Rows of ``share`` and ``square`` (5, arrow): the value, then its derivatives by the cause's hazard as its enablers leave
    it, by its probability on its date, by its κ and by the target's κ. ``alone`` and ``on_date`` (event) are every event's
    hazard and its probability if it is scheduled; ``enabled`` becomes the share that its enablers leave. Arrows come in an
    order in which the enablers of a cause are looked at before it (`forecasting.models.structure.Structure.arrow_order`).
    """
    enables, known, window, years = arrows[1], arrows[3], arrows[4], arrows[5]
    scheduled, into_date = arrows[6], arrows[7]
    cause, target, place_of = arrows_at[0], arrows_at[1], np.full(arrows_at.shape[1], -1)
    for i in range(bent_at.shape[1]):
        place_of[bent_at[0, i]] = i
    for e in arrows_at[2]:
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
def arrow_means(arrows, arrows_at, share, square, growth, mean, log_mean, variance, event_variance):
    """Fill, per arrow, the mean 1 + π(r − 1), its log, and the squared coefficient of variation; sum log(1 + it) per event.

    ``growth`` (arrow) is r − 1.
    """
    for e in range(growth.size):
        excess = arrows[0, e] * growth[e] - arrows[2, e]
        mean[e] = max(1 + share[0, e] * excess, MIN_MEAN)
        log_mean[e] = log(mean[e])
        variance[e] = max(square[0, e] - share[0, e] ** 2, 0.0) * excess**2 / mean[e] ** 2
        event_variance[arrows_at[1, e]] += log1p(variance[e])


@njit(error_model="numpy")
def corrections(events, alone, kappa, ages, event_variance, correction, by_marginal, by_kappa, by_variance):
    """Fill, per event, log((e^z − 1)/z) and its derivatives by m, by κ and by the summed log(1 + variance)."""
    for k in range(alone.size):
        v = expm1(event_variance[k])
        span, span_kappa = events[0, k], 0.0
        if ages[k]:
            span, span_kappa, _ = operational_span(events[2, k], events[0, k], kappa[k], events[1, k])
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
def wait_shares(waits, waits_at, aged_waits, aged_waits_at, rows, rows_at, events, alone, on_date, kappa, share):
    """Fill, per wait, the log share of a row for which its enabler is on, and its derivatives by m, κ and the row's κ."""
    for w in range(waits.shape[1]):
        j, window = waits_at[0, w], waits[1, w]
        hazard = alone[j]
        share[:, w] = 0.0
        if waits[2, w] > 0:
            share[0, w], share[1, w] = on_date[j] * window, (1 - on_date[j]) * window * hazard
        else:
            value, slope, _, _ = shares_of_unit(hazard * waits[0, w])
            share[0, w], share[1, w] = window * value, window * slope * waits[0, w] * hazard
    for i in range(aged_waits.shape[1]):
        w = aged_waits_at[0, i]
        j, row = waits_at[0, w], waits_at[1, w]
        hazard, horizon, k = alone[j], exp(rows[0, row]), rows_at[0, row]
        found, _ = shares_after(
            hazard, on_date[j], waits[2, w], kappa[j], events[1, j], aged_waits[0, i], kappa[k], 0.0, horizon,
            (1 - waits[1, w]) * horizon, 1.0,
        )  # fmt: skip
        share[0, w], share[1, w] = found[0], (found[1] + found[2] * (1 - on_date[j])) * hazard
        share[2, w], share[3, w] = found[3], found[4]
    for w in range(waits.shape[1]):
        if share[0, w] < TINY:
            share[1:, w] = 0.0
        else:
            share[1:, w] /= share[0, w]
        share[0, w] = log(max(share[0, w], TINY))


@njit(error_model="numpy")
def read_claims(claims, claims_at, expected, by_source, by_origin, residual, g_expected, g_source, g_origin):
    """Return the log likelihood of readings and its derivative by the residual; add those by mean and shared errors."""
    total = g_residual = 0.0
    for i in range(claims.shape[1]):
        source, origin = claims_at[0, i], claims_at[1, i]
        variance = claims[1, i] ** 2 + residual**2
        off = claims[0, i] - expected[i] - by_source[source] - by_origin[origin]
        total -= (off**2 / variance + log(variance)) / 2
        slope = off / variance
        g_expected[i] += slope
        g_source[source] += slope
        g_origin[origin] += slope
        g_residual += residual * (slope**2 - 1 / variance)
    return total, g_residual


@njit(error_model="numpy")
def read_history(history, log_mass, g_log_mass):
    """Return the log likelihood of the known past; fill its derivatives by the log cumulative hazards."""
    total = 0.0
    for i in range(history.shape[1]):
        count, mass = history[0, i], exp(log_mass[i])
        if history[1, i] > 0:
            total -= (1 - count) * mass
            g_log_mass[i] = -(1 - count) * mass
            if count > 0:
                total += count * log(-expm1(-mass))
                g_log_mass[i] += count * mass / expm1(mass)
        else:
            total += count * log_mass[i] - mass
            g_log_mass[i] = count - mass
    return total


@njit(error_model="numpy")
def density_and_gradient(
    gradient, point, rate_class, driver, source_group, origin_group, classes, shapes, events, bent, arrows, loadings, signals,
    error_scales, claims, reports, rows, given, active, waits, aged_rows, aged_waits, history, events_at, aged_at, bent_at,
    arrows_at, loadings_at, claims_at, reports_at, rows_at, given_at, active_at, waits_at, aged_rows_at, aged_waits_at,
):  # fmt: skip
    """Return the log density at an unconstrained point, up to a constant, and fill ``gradient``.

    Parameters
    ----------
    gradient, point : (n,) arrays
        Blocks in the order of `FREE`.
    rate_class, driver, source_group, origin_group : 0-d int arrays
        Sizes, in the order of `SIZES`.
    classes, shapes, … : 2-d arrays
        In the order of `ARRAYS`.
    """
    n_rates, n_class, n_event = rate_class[()], classes.shape[1], events.shape[1]
    n_shape, n_arrow, n_driver, n_loading = shapes.shape[1], arrows.shape[1], driver[()], loadings.shape[1]
    n_signal, n_row, n_claim, n_wait = signals.shape[1], rows.shape[1], claims.shape[1], waits.shape[1]
    n_source, n_origin = source_group[()], origin_group[()]
    # where each block begins
    at_spread = n_class
    at_member = at_spread + n_class
    at_shape = at_member + n_event
    at_beta = at_shape + n_shape
    at_driver = at_beta + n_arrow
    at_loading = at_driver + n_driver
    at_signal = at_loading + n_loading
    at_overlap = at_signal + n_signal
    at_source = at_overlap + 3
    at_origin = at_source + n_source + 1
    last = at_origin + n_origin

    # base rates, and the marginal log hazard of every event
    log_class, class_slope = np.empty(n_class), np.empty(n_class)
    total = class_terms(n_rates, classes, point[:n_rates], point[n_rates:n_class], gradient[:n_rates],
                        gradient[n_rates:n_class], log_class, class_slope)  # fmt: skip
    unit, unit_slope = np.empty(n_class), np.empty(n_class)
    for c in range(n_class):
        value, gradient[at_spread + c], unit[c], unit_slope[c] = log_half_normal(point[at_spread + c])
        total += value
    for start, end in ((at_shape, at_overlap), (at_source, at_origin - 1), (at_origin, last)):
        total += standard_normal(point[start:end], gradient[start:end])
    kappa, ages = np.ones(n_event), np.zeros(n_event, dtype=np.bool_)
    for k in aged_at[0]:
        i = events_at[1, k] - 1
        kappa[k] = exp(shapes[0, i] + shapes[1, i] * point[at_shape + i])
        ages[k] = True
    world, alone, on_date, h = np.empty(n_event), np.empty(n_event), np.empty(n_event), np.empty(n_event)
    for k in range(n_event):
        c = events_at[0, k]
        omega, v = unit[c] * classes[2, c], point[at_member + k]
        h[k] = 1.0
        if events[3, k] > 0:
            h[k] = sqrt(1 + events[3, k] * omega**2)
            total -= log(h[k])
        total -= (v / h[k]) ** 2 / 2
        world[k] = log_class[c] + omega * v / h[k]
        alone[k] = exp(world[k])
        on_date[k] = -expm1(-alone[k])

    # arrows, drivers and signals
    enabled, event_variance = np.ones(n_event), np.zeros(n_event)
    share, square = np.empty((5, n_arrow)), np.empty((5, n_arrow))
    arrow_shares(arrows, arrows_at, bent, bent_at, events, alone, on_date, kappa, enabled, share, square)
    beta, growth, variance = np.empty(n_arrow), np.empty(n_arrow), np.empty(n_arrow)
    mean, log_mean = np.empty(n_arrow), np.empty(n_arrow)
    for e in range(n_arrow):
        beta[e] = arrows[8, e] + arrows[9, e] * point[at_beta + e]
        growth[e] = expm1(beta[e])
    arrow_means(arrows, arrows_at, share, square, growth, mean, log_mean, variance, event_variance)
    correction, by_marginal, by_kappa, by_variance = np.empty(n_event), np.empty(n_event), np.empty(n_event), np.empty(n_event)
    corrections(events, alone, kappa, ages, event_variance, correction, by_marginal, by_kappa, by_variance)
    for i in range(n_loading):
        weight = loadings[0, i] + loadings[1, i] * point[at_loading + i]
        world[loadings_at[1, i]] += weight * point[at_driver + loadings_at[0, i]] - weight**2 / 2
    value, gradient[at_overlap], overlap = log_beta(point[at_overlap], 2.0, 2.0)
    total += value

    # rows: what claims speak of, and the known past
    log_mass = np.empty(n_row)
    for r in range(n_row):
        k = rows_at[0, r]
        log_mass[r] = world[k] + correction[k] * rows[1, r] + rows[0, r]
    for i in range(given.shape[1]):
        e = given_at[0, i]
        log_mass[given_at[1, i]] += beta[e] * arrows[0, e] * given[0, i] - log_mean[e]
    kept, kept_slope = np.empty(active.shape[1]), np.empty(active.shape[1])
    log_kept = (log(RETOLD), log1p(-SAME * overlap), log1p(-NEAR * overlap), log1p(-APART * overlap))
    slope_kept = (-SAME / (1 - SAME * overlap), -NEAR / (1 - NEAR * overlap), -APART / (1 - APART * overlap))
    for i in range(active.shape[1]):
        s, log_keeps, slope = active_at[0, i], active[0, i] * log_kept[0], 0.0
        for kind in range(3):
            log_keeps += active[kind + 1, i] * log_kept[kind + 1]
            slope += active[kind + 1, i] * slope_kept[kind]
        kept[i] = exp(log_keeps) if log_keeps < 0 else 1.0
        kept_slope[i] = kept[i] * slope
        log_mass[active_at[1, i]] += kept[i] * (signals[0, s] + signals[1, s] * point[at_signal + s])
    waiting = np.empty((4, n_wait))
    wait_shares(waits, waits_at, aged_waits, aged_waits_at, rows, rows_at, events, alone, on_date, kappa, waiting)
    for w in range(n_wait):
        log_mass[waits_at[1, w]] += waiting[0, w]
    aged_slope = np.empty(aged_rows.shape[1])
    for i in range(aged_rows.shape[1]):
        r = aged_rows_at[0, i]
        k = rows_at[0, r]
        span, slope, _ = operational_span(aged_rows[0, i], aged_rows[1, i], kappa[k], events[1, k])
        log_mass[r] += log(span / aged_rows[1, i])
        aged_slope[i] = slope / span

    # the likelihood
    g_mass, g_driver = np.zeros(n_row), np.zeros(reports.shape[1])
    by_source, by_origin, g_source, g_origin = np.empty(n_source), np.empty(n_origin), np.zeros(n_source), np.zeros(n_origin)
    residual_value, gradient[at_overlap + 1], residual, residual_slope = log_half_normal(point[at_overlap + 1])
    source_value, gradient[at_overlap + 2], source_spread, source_slope = log_half_normal(point[at_overlap + 2])
    origin_value, gradient[at_origin - 1], origin_spread, origin_slope = log_half_normal(point[at_origin - 1])
    total += residual_value + source_value + origin_value
    for g in range(n_source):
        by_source[g] = source_spread * error_scales[0, 0] * point[at_source + g]
    for g in range(n_origin):
        by_origin[g] = origin_spread * error_scales[0, 1] * point[at_origin + g]
    scaled = residual * error_scales[0, 2]
    value, g_residual = read_claims(claims, claims_at, log_mass, by_source, by_origin, scaled, g_mass, g_source, g_origin)
    total += value
    level = np.empty(reports.shape[1])
    for i in range(level.size):
        level[i] = point[at_driver + reports_at[0, i]]
    value, more = read_claims(reports, reports_at[1:], level, by_source, by_origin, scaled, g_driver, g_source, g_origin)
    total += value
    gradient[at_overlap + 1] += (g_residual + more) * error_scales[0, 2] * residual_slope
    total += read_history(history, log_mass[n_claim:], g_mass[n_claim:])

    # back from the errors
    for g in range(n_source):
        gradient[at_source + g] += g_source[g] * source_spread * error_scales[0, 0]
        gradient[at_overlap + 2] += g_source[g] * point[at_source + g] * error_scales[0, 0] * source_slope
    for g in range(n_origin):
        gradient[at_origin + g] += g_origin[g] * origin_spread * error_scales[0, 1]
        gradient[at_origin - 1] += g_origin[g] * point[at_origin + g] * error_scales[0, 1] * origin_slope
    for i in range(level.size):
        gradient[at_driver + reports_at[0, i]] += g_driver[i]

    # back from the rows
    g_marginal, g_correction, g_kappa, g_beta = np.zeros(n_event), np.zeros(n_event), np.zeros(n_event), np.zeros(n_arrow)
    g_mean = np.zeros(n_arrow)  # by log(mean)
    for r in range(n_row):
        g_marginal[rows_at[0, r]] += g_mass[r]
        g_correction[rows_at[0, r]] += g_mass[r] * rows[1, r]
    for i in range(n_loading):
        slope, d = g_marginal[loadings_at[1, i]], at_driver + loadings_at[0, i]
        weight = loadings[0, i] + loadings[1, i] * point[at_loading + i]
        gradient[at_loading + i] += slope * (point[d] - weight) * loadings[1, i]
        gradient[d] += slope * weight
    for i in range(given.shape[1]):
        e, slope = given_at[0, i], g_mass[given_at[1, i]]
        g_beta[e] += slope * arrows[0, e] * given[0, i]
        g_mean[e] -= slope
    g_overlap = 0.0
    for i in range(active.shape[1]):
        s, slope = active_at[0, i], g_mass[active_at[1, i]]
        gradient[at_signal + s] += slope * kept[i] * signals[1, s]
        g_overlap += slope * kept_slope[i] * (signals[0, s] + signals[1, s] * point[at_signal + s])
    gradient[at_overlap] += g_overlap * overlap * (1 - overlap)
    for i in range(aged_rows.shape[1]):
        r = aged_rows_at[0, i]
        g_kappa[rows_at[0, r]] += g_mass[r] * aged_slope[i]
    for w in range(n_wait):
        j, r = waits_at[0, w], waits_at[1, w]
        g_marginal[j] += g_mass[r] * waiting[1, w]
        g_kappa[j] += g_mass[r] * waiting[2, w]
        g_kappa[rows_at[0, r]] += g_mass[r] * waiting[3, w]

    # back from the corrections and the arrows, causes after what they enable
    g_enabled = np.zeros(n_event)
    for k in range(n_event):
        g_marginal[k] += g_correction[k] * by_marginal[k]
        g_kappa[k] += g_correction[k] * by_kappa[k]
    for e in arrows_at[2, ::-1]:
        j, k = arrows_at[0, e], arrows_at[1, e]
        excess, pi = arrows[0, e] * growth[e] - arrows[2, e], share[0, e]
        spread, g_share, g_square = max(square[0, e] - pi**2, 0.0), 0.0, 0.0
        g_variance = g_correction[k] * by_variance[k] / (1 + variance[e])
        if spread > 0:
            g_square = g_variance * excess**2 / mean[e] ** 2
            g_share = -2 * pi * g_square
        g_excess = 2 * g_variance * spread * excess / mean[e] ** 2
        if 1 + pi * excess > MIN_MEAN:
            slope = (g_mean[e] - 2 * g_variance * variance[e]) / mean[e]
            g_share += slope * excess
            g_excess += slope * pi
        gradient[at_beta + e] += (g_beta[e] + g_excess * arrows[0, e] * (1 + growth[e])) * arrows[9, e]
        if arrows[3, e] > 0:  # known to have happened
            continue
        if arrows[1, e] > 0 and pi > TINY:
            g_share += g_enabled[k] * arrows[1, e] / pi
        g_hazard = (g_share * share[1, e] + g_square * square[1, e]) * alone[j] * enabled[j]
        g_date = (g_share * share[2, e] + g_square * square[2, e]) * enabled[j]
        g_enabled[j] += g_hazard + g_date * on_date[j]  # by its logarithm
        g_marginal[j] += g_hazard + g_date * alone[j] * (1 - on_date[j])
        g_kappa[j] += g_share * share[3, e] + g_square * square[3, e]
        g_kappa[k] += g_share * share[4, e] + g_square * square[4, e]

    # back from the marginals
    for k in range(n_event):
        c, v = events_at[0, k], point[at_member + k]
        omega, slope = unit[c] * classes[2, c], g_marginal[k]
        gradient[c] += slope * class_slope[c]
        gradient[at_member + k] = (slope * omega - v / h[k]) / h[k]
        g_h = -slope * omega * v / h[k] ** 2 + v**2 / h[k] ** 3 - 1 / h[k]
        g_omega = slope * v / h[k] + g_h * events[3, k] * omega / h[k]
        gradient[at_spread + c] += g_omega * classes[2, c] * unit_slope[c]
    for k in aged_at[0]:
        i = events_at[1, k] - 1
        gradient[at_shape + i] += g_kappa[k] * kappa[k] * shapes[1, i]
    return total
