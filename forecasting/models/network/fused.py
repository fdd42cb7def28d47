"""The log density of a network and its gradient, fused into one pass over the arrays: what the sampler evaluates.

`forecasting.models.network.build.build_network` states the model. This is the same density, up to what does not depend on the
parameters, with its derivatives written out: forward through base rates, effects, rows and likelihood, then back. PyTensor
derives the same gradient as some 380 operations that each fill an array, four to eight times slower on networks of this
size (docs/decisions/speed.md); ``tests/models/test_fused.py`` holds the two to each other on networks of every kind.

The names in `FREE` are the blocks of the unconstrained point in their order; the data are the stacks of
`forecasting.models.network.stacked`. In the code, ``g_x`` is the derivative of the log density by x.
"""

from __future__ import annotations

from math import exp, expm1, log

import numpy as np
from numba import njit

from forecasting.models.network.fused_compensation import driver_held
from forecasting.models.network.fused_conditioned import back_from_conditions, condition
from forecasting.models.network.fused_effects import back_through_effects, enable, hold, places_of_bent
from forecasting.models.network.fused_following import (
    back_from_following,
    back_to_causes,
    cause_hazards,
    rows_with_following,
)
from forecasting.models.network.fused_priors import (
    back_to_members,
    class_terms,
    log_beta,
    log_half_normal,
    member_terms,
    standard_normal,
)
from forecasting.models.network.fused_rows import read_claims, read_history, signal_terms, wait_shares
from forecasting.models.network.fused_shares import UNAGED, operational_span
from forecasting.models.network.lasting import FADED, LEVELS
from forecasting.models.network.stacked import AGE, CLOCK, HORIZON, LEADS, MEAN, MULTIPLIES, SCALE, SD, SIDE

FREE = (
    "class_rate_log__", "class_prob_logodds__", "class_spread_unit_log_exp_m1__", "member_offset_scaled__",
    "log_shape_offset", "effect_beta_offset", "driver_level", "loading_weight_offset", "signal_log_ratio_offset",
    "occasion_log_mass_offset", "signal_overlap_logodds__", "claim_residual_log_exp_m1__", "claim_drift_log_exp_m1__",
    "source_spread_log_exp_m1__", "source_offset", "origin_spread_log_exp_m1__", "origin_offset",
)  # fmt: skip
SIZES = ("rate_class", "driver", "source_group", "origin_group")  # those that no array has


@njit(error_model="numpy")
def density_and_gradient(
    gradient, point, rate_class, driver, source_group, origin_group, classes, shapes, events, bent_times, effects, follows,
    conditions, lasting, loadings, signals, occasions, error_scales, claims, reports, rows, given, active, waits, led, aged_rows,
    aged_waits, history, events_at, aged_at, bent_at, effects_at, conditioned_at, loadings_at, driven_at, occasions_at, claims_at,
    reports_at, rows_at, given_at, active_at, waits_at, extra_at, led_at, dated_at, aged_rows_at, aged_waits_at,
):  # fmt: skip
    """Return the log density at an unconstrained point, up to a constant, and fill ``gradient``.

    Parameters
    ----------
    gradient, point : (n,) arrays
        Blocks in the order of `FREE`.
    rate_class, driver, source_group, origin_group : 0-d int arrays
        Sizes, in the order of `SIZES`.
    classes, shapes, … : 2-d arrays
        In the order of `forecasting.models.network.stacked.STACKS`.
    """
    n_rates, n_class, n_event = rate_class[()], classes.shape[1], events.shape[1]
    n_shape, n_effect, n_driver, n_loading = shapes.shape[1], effects.shape[1], driver[()], loadings.shape[1]
    n_signal, n_row, n_claim, n_wait = signals.shape[1], rows.shape[1], claims.shape[1], waits.shape[1]
    n_source, n_origin, n_occasion, n_extra = source_group[()], origin_group[()], occasions.shape[1], extra_at.shape[1]
    has_following = n_occasion > 0 or np.any(follows[LEADS] > 0)
    # where each block begins
    at_spread = n_class
    at_member = at_spread + n_class
    at_shape = at_member + n_event
    at_beta = at_shape + n_shape
    at_driver = at_beta + n_effect
    at_loading = at_driver + n_driver
    at_signal = at_loading + n_loading
    at_occasion = at_signal + n_signal
    at_overlap = at_occasion + n_occasion
    at_residual = at_overlap + 1
    at_drift = at_residual + 1
    at_source = at_drift + 2
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
    kappa, ages = np.full(n_event, UNAGED), np.zeros(n_event, dtype=np.bool_)
    for k in aged_at[0]:
        i = events_at[CLOCK, k] - 1
        kappa[k] = exp(shapes[0, i] + shapes[1, i] * point[at_shape + i])
        ages[k] = True
    world, alone, on_date, h = np.empty(n_event), np.empty(n_event), np.empty(n_event), np.empty(n_event)
    members = point[at_member:at_shape]
    total += member_terms(members, classes, events, events_at, log_class, unit, world, alone, on_date, h)

    # effects, drivers and signals
    enabled, span, span_kappa, cumulative = np.ones(n_event), np.empty(n_event), np.empty(n_event), np.empty(n_event)
    beta, growth, steep = np.empty(n_effect), np.empty(n_effect), np.empty(n_effect)
    for e in range(n_effect):
        beta[e] = effects[MEAN, e] + effects[SD, e] * point[at_beta + e]
        growth[e] = steep[e] = 0.0
        for n in range(FADED):
            if lasting[n, e] > 0:
                more = expm1(beta[e] * LEVELS[n])
                growth[e] += lasting[n, e] * more
                steep[e] += lasting[n, e] * LEVELS[n] * (1 + more)
    dates = np.empty(n_occasion)
    for i in range(n_occasion):
        dates[i] = exp(occasions[0, i] + occasions[1, i] * point[at_occasion + i])
    place = places_of_bent(bent_at, n_effect)
    for k in range(n_event):
        span[k], span_kappa[k] = events[HORIZON, k], 0.0
        if ages[k]:
            span[k], span_kappa[k], _ = operational_span(events[AGE, k], events[HORIZON, k], kappa[k], events[SCALE, k])
    own, before, before_share, masses = alone, np.empty((4, n_event)), np.zeros((5, n_effect)), np.zeros((7, n_effect))
    if conditions.shape[1] > 0:
        own = alone.copy()
        condition(
            effects, effects_at, follows, occasions, occasions_at, dates, has_following, bent_times, place, events, conditions,
            conditioned_at, world, alone, on_date, beta, kappa, span, growth, lasting[0], before, before_share,
            masses,
        )  # fmt: skip
    every, possible, marginal = alone, np.ones(n_event), world.copy()
    if has_following:  # an event's hazard as a cause of others
        every = np.empty(n_event)
        cause_hazards(effects, effects_at, follows, events, occasions, occasions_at, dates, alone, beta, kappa, every, possible)
        for k in range(n_event):
            on_date[k] = -expm1(-every[k])
    share, holds = np.zeros((5, n_effect)), np.empty((7, n_effect))
    enable(effects, effects_at, bent_times, place, events, every, on_date, kappa, enabled, share)
    for k in range(n_event):
        cumulative[k] = alone[k] * span[k]
    hold(
        effects, effects_at, bent_times, place, events, every, on_date, kappa, enabled, cumulative, growth, lasting[0],
        np.empty(0), holds,
    )  # fmt: skip
    variance = np.zeros(n_event)
    for i in range(n_loading):
        weight = loadings[0, i] + loadings[1, i] * point[at_loading + i]
        world[loadings_at[1, i]] += weight * point[at_driver + loadings_at[0, i]]
        variance[loadings_at[1, i]] += weight**2
    driven = np.empty((2, driven_at.shape[1]))  # derivatives of what keeps a driven event's probability
    for i in range(driven_at.shape[1]):
        k = driven_at[0, i]
        keeps, driven[0, i], driven[1, i] = driver_held(cumulative[k], variance[k])
        world[k] += keeps
    value, gradient[at_overlap], overlap = log_beta(point[at_overlap], 2.0, 2.0)
    total += value

    # rows: what claims speak of, and the known past
    log_mass = np.empty(n_row)
    for r in range(n_row):
        k = rows_at[0, r]
        log_mass[r] = world[k] + rows[0, r]
    for i in range(given.shape[1]):
        e = given_at[0, i]
        log_mass[given_at[1, i]] += beta[e] * effects[MULTIPLIES, e] * given[0, i] + holds[0, e]
    kept, kept_slope = np.empty(active.shape[1]), np.empty(active.shape[1])
    signal_terms(active, overlap, kept, kept_slope)
    for i in range(kept.size):
        s = active_at[0, i]
        log_mass[active_at[1, i]] += kept[i] * (signals[0, s] + signals[1, s] * point[at_signal + s])
    waiting = np.empty((4, n_wait))
    wait_shares(waits, waits_at, aged_waits, aged_waits_at, rows, rows_at, events, every, on_date, kappa, waiting)
    for w in range(n_wait):
        log_mass[waits_at[1, w]] += waiting[0, w]
    aged_slope = np.empty(aged_rows.shape[1])
    for i in range(aged_rows.shape[1]):
        r = aged_rows_at[0, i]
        k = rows_at[0, r]
        passed, slope, _ = operational_span(aged_rows[0, i], aged_rows[1, i], kappa[k], events[SCALE, k])
        log_mass[r] += log(passed / aged_rows[1, i])
        aged_slope[i] = slope / passed
    own_alone, follow, dated = np.empty(n_extra), np.empty(n_extra), np.empty(n_extra)
    if n_extra > 0:
        rows_with_following(
            extra_at, led, led_at, dated_at, aged_rows, aged_rows_at, rows, rows_at, effects_at, follows, events, marginal, beta,
            kappa, every, possible, dates, follow, dated, own_alone, log_mass,
        )  # fmt: skip

    # the likelihood
    g_mass, g_driver = np.zeros(n_row), np.zeros(reports.shape[1])
    by_source, g_source = np.zeros(1 + n_source), np.zeros(1 + n_source)
    by_origin, g_origin = np.zeros(1 + n_origin), np.zeros(1 + n_origin)
    error_at = (at_source - 1, at_origin - 1, at_residual, at_drift)
    sds, sd_slope, g_sds = np.empty(4), np.empty(4), np.zeros(4)  # in the order of `error_scale`
    for i in range(4):
        value, gradient[error_at[i]], unit_sd, slope = log_half_normal(point[error_at[i]])
        total += value
        sds[i], sd_slope[i] = unit_sd * error_scales[0, i], slope * error_scales[0, i]
    for g in range(n_source):
        by_source[1 + g] = sds[0] * point[at_source + g]
    for g in range(n_origin):
        by_origin[1 + g] = sds[1] * point[at_origin + g]
    total += read_claims(
        claims, claims_at, claims[SIDE], log_mass, by_source, by_origin, sds, g_mass, g_source, g_origin, g_sds
    )  # fmt: skip
    level = np.empty(reports.shape[1])
    for i in range(level.size):
        level[i] = point[at_driver + reports_at[0, i]]
    total += read_claims(
        reports, reports_at[1:], np.zeros(level.size), level, by_source, by_origin, sds, g_driver, g_source, g_origin, g_sds
    )  # fmt: skip
    total += read_history(history, log_mass[n_claim:], g_mass[n_claim:])

    # back from the errors
    for g in range(n_source):
        gradient[at_source + g] += g_source[1 + g] * sds[0]
        g_sds[0] += g_source[1 + g] * point[at_source + g]
    for g in range(n_origin):
        gradient[at_origin + g] += g_origin[1 + g] * sds[1]
        g_sds[1] += g_origin[1 + g] * point[at_origin + g]
    for i in range(4):
        gradient[error_at[i]] += g_sds[i] * sd_slope[i]
    for i in range(level.size):
        gradient[at_driver + reports_at[0, i]] += g_driver[i]

    # back from the rows
    g_marginal, g_cumulative, g_kappa = np.zeros(n_event), np.zeros(n_event), np.zeros(n_event)
    g_beta, g_held, g_variance = np.zeros(n_effect), np.zeros(n_effect), np.zeros(n_event)
    g_every, g_possible, g_dates, g_alone = np.zeros(n_event), np.zeros(n_event), np.zeros(n_occasion), np.zeros(n_extra)
    if n_extra > 0:
        back_from_following(
            extra_at, led, led_at, dated_at, effects_at, follows, events, beta, kappa, every, possible, dates, follow, dated,
            own_alone, log_mass, g_mass, g_alone, g_beta, g_kappa, g_every, g_possible, g_dates,
        )  # fmt: skip
    for r in range(n_row):
        g_marginal[rows_at[0, r]] += g_mass[r]
    for i in range(driven_at.shape[1]):
        k = driven_at[0, i]
        g_cumulative[k] += g_marginal[k] * driven[0, i]
        g_variance[k] = g_marginal[k] * driven[1, i]
    for i in range(n_loading):
        k, d = loadings_at[1, i], at_driver + loadings_at[0, i]
        weight = loadings[0, i] + loadings[1, i] * point[at_loading + i]
        gradient[at_loading + i] += (g_marginal[k] * point[d] + 2 * g_variance[k] * weight) * loadings[1, i]
        gradient[d] += g_marginal[k] * weight
    for i in range(given.shape[1]):
        e, slope = given_at[0, i], g_mass[given_at[1, i]]
        g_beta[e] += slope * effects[MULTIPLIES, e] * given[0, i]
        g_held[e] += slope
    g_overlap = 0.0
    for i in range(active.shape[1]):
        s, slope = active_at[0, i], g_mass[active_at[1, i]]
        gradient[at_signal + s] += slope * kept[i] * signals[1, s]
        g_overlap += slope * kept_slope[i] * (signals[0, s] + signals[1, s] * point[at_signal + s])
    gradient[at_overlap] += g_overlap * overlap * (1 - overlap)
    for i in range(aged_rows.shape[1]):
        r = aged_rows_at[0, i]
        g_kappa[rows_at[0, r]] += g_mass[r] * aged_slope[i]
        for place in range(n_extra):
            if extra_at[0, place] == r:
                g_kappa[rows_at[0, r]] += g_alone[place] * aged_slope[i]
    for place in range(n_extra):
        g_marginal[rows_at[0, extra_at[0, place]]] += g_alone[place]
    g_cause = np.zeros(n_event) if has_following else g_marginal  # by the log hazard of a cause
    for w in range(n_wait):
        j, r = waits_at[0, w], waits_at[1, w]
        g_cause[j] += g_mass[r] * waiting[1, w]
        g_kappa[j] += g_mass[r] * waiting[2, w]
        g_kappa[rows_at[0, r]] += g_mass[r] * waiting[3, w]

    # back from the effects and the marginals
    back_through_effects(
        effects, effects_at, share, holds, steep, every, on_date, enabled, g_beta, g_held,
        gradient[at_beta:at_driver], g_cumulative, g_cause, g_kappa,
    )  # fmt: skip
    for k in range(n_event):
        g_marginal[k] += g_cumulative[k]
        g_kappa[k] += g_cumulative[k] * span_kappa[k] / span[k]
    if has_following:
        for k in range(n_event):
            g_every[k] += g_cause[k] / every[k]
        g_led = np.zeros(n_effect)
        back_to_causes(
            effects, effects_at, follows, events, occasions, occasions_at, dates, alone, beta, kappa, every, possible,
            g_every, g_possible, g_marginal, g_led, g_kappa, g_dates,
        )  # fmt: skip
        for e in range(n_effect):
            gradient[at_beta + e] += g_led[e] * effects[SD, e]
        for i in range(n_occasion):
            gradient[at_occasion + i] += g_dates[i] * occasions[1, i]
    if conditions.shape[1] > 0:
        back_from_conditions(
            effects, effects_at, follows, occasions, occasions_at, dates, has_following, events, conditions, conditioned_at, own,
            beta, kappa, span, span_kappa, steep, before, before_share, masses, gradient[at_beta:at_driver],
            gradient[at_occasion : at_occasion + n_occasion], g_marginal, g_kappa,
        )  # fmt: skip
    back_to_members(
        members, classes, events, events_at, unit, unit_slope, class_slope, h, g_marginal, gradient[:n_class],
        gradient[at_spread:at_member], gradient[at_member:at_shape],
    )  # fmt: skip
    for k in aged_at[0]:
        i = events_at[CLOCK, k] - 1
        gradient[at_shape + i] += g_kappa[k] * kappa[k] * shapes[1, i]
    return total
