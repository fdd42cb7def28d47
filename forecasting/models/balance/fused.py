"""The density of a balance with its gradient, in one pass forward over the months and one back; for numba.

It computes what `forecasting.models.balance.build` states, up to a constant, some fifty times as fast as the derived graph;
a test holds value and gradient to PyMC's. ``sizes`` holds the numbers of months, speakers and origins; the last numbers of a
point are those of the theatres' weights.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

ROOT_2, ROOT_2PI = math.sqrt(2), math.sqrt(2 * math.pi)


@njit(error_model="numpy")
def student(unit, tail):
    """Return Student's variate at the quantile of a normal one, as `forecasting.models.balance.build.student`, and its slope."""
    wide = (8 * tail + 3) / (8 * tail + 1)
    grown = math.expm1((wide * unit) ** 2 / tail)
    if grown < 1e-12:  # the ratio below would be 0/0
        return wide * unit, wide
    value = math.copysign(math.sqrt(tail * grown), unit)
    return value, wide**2 * unit * (1 + grown) / value


@njit(error_model="numpy")
def weights(point, n_theatres, spread):
    """Return how much each theatre counts in the balance at large."""
    first = point.shape[0] - n_theatres
    found = np.exp(spread * (point[first:] - point[first:].max()))
    return found / found.sum()


@njit(error_model="numpy")
def walk(point, scale, step_kind, start_prior, fixed, n_months, counts):
    """Return every level (field, month), that of the balance at large last, and value and slope of every step's variate."""
    n_fields, at = start_prior.shape[0], scale.shape[0]
    common, steps = n_fields - 1, at + n_fields
    level, variate = np.empty((n_fields, n_months)), np.empty((step_kind.shape[0], 2))
    for j in range(step_kind.shape[0]):
        variate[j, 0], variate[j, 1] = student(point[steps + j], fixed[1])
    shared = np.empty(n_months)
    shared[0] = start_prior[common, 0] + start_prior[common, 1] * point[at + common]
    for t in range(1, n_months):
        j = common * (n_months - 1) + t - 1
        shared[t] = shared[t - 1] + scale[step_kind[j]] * variate[j, 0]
    level[common] = 0.0
    for i in range(common):
        apart = start_prior[i, 0] + start_prior[i, 1] * point[at + i] - shared[0]
        for t in range(n_months):
            if t > 0:
                j = i * (n_months - 1) + t - 1
                apart = fixed[0] * apart + scale[step_kind[j]] * variate[j, 0]
            level[i, t] = shared[t] + apart
            level[common, t] += counts[i] * level[i, t]
    return level, variate


@njit(error_model="numpy")
def scales(point, scale_prior):
    """Return the scales and spreads of a point."""
    return np.exp(scale_prior[:, 0] + scale_prior[:, 1] * point[: scale_prior.shape[0]])


@njit(error_model="numpy")
def density_and_gradient(out, point, obs_index, obs_bounds, weight, step_kind, scale_prior, start_prior, fixed, look_at, sizes):
    """Return the log density of a point, and write its gradient to ``out``."""
    n_months, n_scales, n_fields = sizes[0], scale_prior.shape[0], start_prior.shape[0]
    steps = n_scales + n_fields
    speakers = steps + n_fields * (n_months - 1)
    origins = speakers + sizes[1]
    scale = scales(point, scale_prior)
    counts = weights(point, n_fields - 1, fixed[4])
    level, variate = walk(point, scale, step_kind, start_prior, fixed, n_months, counts)
    pull, by_scale = np.zeros((n_fields, n_months)), np.zeros(n_scales)  # derivatives by level and by scale
    out[:] = 0.0
    value = graded(out, pull, by_scale, level, scale, point, obs_index, obs_bounds, weight, fixed, speakers, origins)
    back(out, pull, by_scale, scale, step_kind, variate, start_prior, fixed, n_months, counts)
    by_weights(out, pull, level, counts, fixed[4])
    for k in range(n_scales):
        out[k] = by_scale[k] * scale[k] * scale_prior[k, 1]
    for j in range(point.shape[0]):
        value -= 0.5 * point[j] ** 2
        out[j] -= point[j]
    return value


@njit(error_model="numpy")
def graded(out, pull, by_scale, level, scale, point, obs_index, obs_bounds, weight, fixed, speakers, origins):
    """Return the log likelihood of all grades; add its derivatives by levels, scales and offsets."""
    value = 0.0
    for n in range(obs_index.shape[0]):
        if weight[n] == 0:
            continue
        field, month, start, kind, speaker, origin = obs_index[n]
        mean, variance = level[field, month], obs_bounds[n, 4]
        if start >= 0:
            mean -= level[field, start]
        base = fixed[3] if kind == 2 else scale[3 + kind]
        variance += base**2
        if speaker >= 0:
            mean += scale[5] * point[speakers + 1 + speaker]
        elif speaker == -2:
            variance += scale[5] ** 2
        if origin >= 0:
            mean += scale[6] * point[origins + 1 + origin]
        elif origin == -2:
            variance += scale[6] ** 2
        sd = math.sqrt(variance)
        hit, by_mean, by_sd = 0.0, 0.0, 0.0
        for c in range(2):
            high, low = (obs_bounds[n, 2 * c + 1] - mean) / sd, (obs_bounds[n, 2 * c] - mean) / sd
            up, down = math.exp(-0.5 * high**2) / ROOT_2PI, math.exp(-0.5 * low**2) / ROOT_2PI
            hit += 0.25 * (math.erf(high / ROOT_2) - math.erf(low / ROOT_2))
            by_mean -= 0.5 * (up - down) / sd
            by_sd -= 0.5 * (up * high - down * low) / sd
        p = (1 - fixed[2]) * hit + fixed[2] / obs_bounds[n, 5]
        value += weight[n] * math.log(p)
        by_mean *= weight[n] * (1 - fixed[2]) / p
        by_sd *= weight[n] * (1 - fixed[2]) / p / sd  # by the variance, twice
        pull[field, month] += by_mean
        if start >= 0:
            pull[field, start] -= by_mean
        if kind < 2:
            by_scale[3 + kind] += by_sd * base
        if speaker >= 0:
            out[speakers + 1 + speaker] += by_mean * scale[5]
            by_scale[5] += by_mean * point[speakers + 1 + speaker]
        elif speaker == -2:
            by_scale[5] += by_sd * scale[5]
        if origin >= 0:
            out[origins + 1 + origin] += by_mean * scale[6]
            by_scale[6] += by_mean * point[origins + 1 + origin]
        elif origin == -2:
            by_scale[6] += by_sd * scale[6]
    return value


@njit(error_model="numpy")
def back(out, pull, by_scale, scale, step_kind, variate, start_prior, fixed, n_months, counts):
    """Carry derivatives by levels back over the months to steps, starts and the scales of steps."""
    n_fields, at = start_prior.shape[0], scale.shape[0]
    common, steps = n_fields - 1, at + n_fields
    shared = np.zeros(n_months)
    for i in range(common):
        carried = 0.0
        for t in range(n_months - 1, -1, -1):
            here = pull[i, t] + counts[i] * pull[common, t]
            shared[t] += here
            carried = fixed[0] * carried + here
            if t > 0:
                j = i * (n_months - 1) + t - 1
                out[steps + j] += scale[step_kind[j]] * variate[j, 1] * carried
                by_scale[step_kind[j]] += variate[j, 0] * carried
        out[at + i] += start_prior[i, 1] * carried
        shared[0] -= carried  # the deviation starts at the theatre's own start less what is shared
    carried = 0.0
    for t in range(n_months - 1, -1, -1):
        carried += shared[t]
        if t > 0:
            j = common * (n_months - 1) + t - 1
            out[steps + j] += scale[step_kind[j]] * variate[j, 1] * carried
            by_scale[step_kind[j]] += variate[j, 0] * carried
    out[at + common] += start_prior[common, 1] * carried


@njit(error_model="numpy")
def by_weights(out, pull, level, counts, spread):
    """Add the derivatives by the numbers behind the weights: s·w_i·Σ_t p_t (x_it − x_t), p_t by the balance at large."""
    common = counts.shape[0]
    for i in range(common):
        gained = 0.0
        for t in range(level.shape[1]):
            gained += pull[common, t] * (level[i, t] - level[common, t])
        out[out.shape[0] - common + i] += spread * counts[i] * gained


@njit(error_model="numpy")
def derived(point, obs_index, obs_bounds, weight, step_kind, scale_prior, start_prior, fixed, look_at, sizes):
    """Return the point followed by the scales, the weights of the theatres and the published levels."""
    scale = scales(point, scale_prior)
    counts = weights(point, start_prior.shape[0] - 1, fixed[4])
    level, _ = walk(point, scale, step_kind, start_prior, fixed, sizes[0], counts)
    return (np.concatenate((point, scale, counts, level.ravel()[look_at])),)


@njit(error_model="numpy")
def start(point, obs_index, obs_bounds, weight, step_kind, scale_prior, start_prior, fixed, look_at, sizes):
    """Return where sampling starts: at the middle of every prior."""
    return (np.zeros(point.shape[0]),)
