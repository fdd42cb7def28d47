"""The rows' part of `forecasting.models.network.fused`: signals, waits for enablers, readings and the known past."""

from __future__ import annotations

from math import erfc, exp, expm1, log, log1p, sqrt

from numba import njit

from forecasting.models.network.constants import HALF_LOG_TAU, OVERLAP_WEIGHTS, RETOLD
from forecasting.models.network.fused_shares import shares_after, shares_of_unit
from forecasting.models.network.stacked import READING, SCALE, SINCE, WIDTH
from forecasting.models.network.sums import TINY

SAME, NEAR, APART = OVERLAP_WEIGHTS
SQRT2 = sqrt(2)


@njit(error_model="numpy")
def signal_terms(active, overlap, kept, kept_slope):
    """Fill what each active signal keeps beside the stronger ones, and its derivative by the overlap r.

    As in `forecasting.models.network.predictor.signal_shares`: 0.1^n_retold · Π (1 − w r)^n.
    """
    log_kept = (log(RETOLD), log1p(-SAME * overlap), log1p(-NEAR * overlap), log1p(-APART * overlap))
    slope_kept = (-SAME / (1 - SAME * overlap), -NEAR / (1 - NEAR * overlap), -APART / (1 - APART * overlap))
    for i in range(kept.size):
        log_keeps, slope = active[0, i] * log_kept[0], 0.0
        for kind in range(3):
            log_keeps += active[kind + 1, i] * log_kept[kind + 1]
            slope += active[kind + 1, i] * slope_kept[kind]
        kept[i] = (exp(log_keeps) if log_keeps < 0 else 1.0) * active[4, i]
        kept_slope[i] = kept[i] * slope


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
            value, slope = shares_of_unit(hazard * waits[0, w])
            share[0, w], share[1, w] = window * value, window * slope * waits[0, w] * hazard
    for i in range(aged_waits.shape[1]):
        w = aged_waits_at[0, i]
        j, row = waits_at[0, w], waits_at[1, w]
        hazard, horizon, k = alone[j], exp(rows[0, row]), rows_at[0, row]
        found = shares_after(
            hazard, on_date[j], waits[2, w], kappa[j], events[SCALE, j], aged_waits[0, i], kappa[k], 0.0, horizon,
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
def log_normal_cdf(z):
    """Return log Φ(z) and its derivative φ(z)/Φ(z); below −20 by the asymptotic series, whose error is under 3e-12 there."""
    if z > -20:
        value = log(erfc(-z / SQRT2) / 2)
    else:
        u = 1 / z**2
        value = -(z**2) / 2 - log(-z) - HALF_LOG_TAU + log1p(-u * (1 - u * (3 - u * (15 - u * (105 - 945 * u)))))
    return value, exp(-(z**2) / 2 - HALF_LOG_TAU - value)


@njit(error_model="numpy")
def read_claims(claims, claims_at, side, expected, by_source, by_origin, sds, g_expected, g_source, g_origin, g_sds):
    """Return the log likelihood of readings; add its derivatives by mean, shared errors and standard deviations.

    ``sds`` (4,) are those of source, origin, residual and drift; ``side`` is 0 for a level, 1 for a floor, −1 for a ceiling.
    """
    total = 0.0
    for i in range(claims.shape[1]):
        source, origin, age = claims_at[0, i], claims_at[1, i], claims[SINCE, i]
        variance = claims[WIDTH, i] ** 2 + sds[2] ** 2 + sds[3] ** 2 * age
        if source == 0:
            variance += sds[0] ** 2
        if origin == 0:
            variance += sds[1] ** 2
        off = claims[READING, i] - expected[i] - by_source[source] - by_origin[origin]
        if side[i] == 0:
            total -= (off**2 / variance + log(variance)) / 2
            slope = off / variance
            by_variance = (slope**2 - 1 / variance) / 2
        else:
            sd = sqrt(variance)
            value, mills = log_normal_cdf(-side[i] * off / sd)
            total += value
            slope = side[i] * mills / sd
            by_variance = slope * off / variance / 2
        g_expected[i] += slope
        g_source[source] += slope
        g_origin[origin] += slope
        g_sds[2] += 2 * sds[2] * by_variance
        g_sds[3] += 2 * sds[3] * age * by_variance
        if source == 0:
            g_sds[0] += 2 * sds[0] * by_variance
        if origin == 0:
            g_sds[1] += 2 * sds[1] * by_variance
    return total


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
