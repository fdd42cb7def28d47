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
STEP_KINDS = 3  # quiet months, the balance at large, eventful months: the first of the scales
MOST = 0.35  # up to which 13 terms of the series are exact to rounding


@njit(error_model="numpy")
def students(units, tail):
    """Return Student's variates at the quantiles of normal ones, as `forecasting.models.balance.build.student`, and their slopes.

    With x = (wide·u)²/ν the variate is wide·u·√r and its slope wide·(1 + x·r)/√r, r = (eˣ − 1)/x. Of x/64, small, r is a short
    power series; six times doubled by e²ʸ − 1 = 2(eʸ − 1)·(1 + (eʸ − 1)/2) it is that of x. There is no branch, and nothing to
    divide by at zero, so many steps are carried at once.
    """
    wide, far = (8 * tail + 3) / (8 * tail + 1), 0
    per = wide**2 / (64 * tail)
    value, slope = np.empty(units.shape[0]), np.empty(units.shape[0])
    for j in range(units.shape[0]):
        y = units[j] ** 2 * per
        r = 1 / 6227020800 * y + 1 / 479001600
        r = (r * y + 1 / 39916800) * y + 1 / 3628800
        r = (r * y + 1 / 362880) * y + 1 / 40320
        r = (r * y + 1 / 5040) * y + 1 / 720
        r = (r * y + 1 / 120) * y + 1 / 24
        r = ((r * y + 1 / 6) * y + 1 / 2) * y + 1
        grown = r * y
        for _ in range(6):
            r *= 1 + grown / 2
            grown *= 2 + grown
        root = math.sqrt(r)
        value[j], slope[j] = wide * units[j] * root, wide * (1 + grown) / root
        far += y > MOST
    if far > 0:
        for j in range(units.shape[0]):
            if units[j] ** 2 * per > MOST:
                grown = math.expm1((wide * units[j]) ** 2 / tail)
                value[j] = math.copysign(math.sqrt(tail * grown), units[j])
                slope[j] = wide**2 * units[j] * (1 + grown) / value[j]
    return value, slope


@njit(error_model="numpy")
def weights(point, n_theatres, spread):
    """Return how much each theatre counts in the balance at large."""
    first = point.shape[0] - n_theatres
    found = np.exp(spread * (point[first:] - point[first:].max()))
    return found / found.sum()


@njit(error_model="numpy")
def walk(point, scale, step_kind, start_prior, fixed, n_months, counts):
    """Return every level (field, month), that of the balance at large last, and values and slopes of all steps' variates.

    All theatres go on by one month together: their sums do not wait for each other.
    """
    n_fields, at, ahead = start_prior.shape[0], scale.shape[0], n_months - 1
    common, steps = n_fields - 1, at + n_fields
    value, slope = students(point[steps : steps + step_kind.shape[0]], fixed[1])
    level, apart = np.empty((n_fields, n_months)), np.empty(common)
    shared = start_prior[common, 0] + start_prior[common, 1] * point[at + common]
    for i in range(common):
        apart[i] = start_prior[i, 0] + start_prior[i, 1] * point[at + i] - shared
    for t in range(n_months):
        if t > 0:
            shared += scale[step_kind[common * ahead + t - 1]] * value[common * ahead + t - 1]
        at_large = 0.0
        for i in range(common):
            if t > 0:
                j = i * ahead + t - 1
                apart[i] = fixed[0] * apart[i] + scale[step_kind[j]] * value[j]
            level[i, t] = shared + apart[i]
            at_large += counts[i] * level[i, t]
        level[common, t] = at_large
    return level, value, slope


@njit(error_model="numpy")
def scales(point, scale_prior):
    """Return the scales and spreads of a point."""
    return np.exp(scale_prior[:, 0] + scale_prior[:, 1] * point[: scale_prior.shape[0]])


@njit(error_model="numpy")
def density_and_gradient(out, point, obs_index, obs_bounds, weight, step_kind, scale_prior, start_prior, fixed, look_at, sizes):
    """Return the log density of a point, and write its gradient to ``out``."""
    if not weight.any():
        return independent(out, point)
    n_months, n_scales, n_fields = sizes[0], scale_prior.shape[0], start_prior.shape[0]
    steps = n_scales + n_fields
    speakers = steps + n_fields * (n_months - 1)
    origins = speakers + sizes[1]
    scale = scales(point, scale_prior)
    counts = weights(point, n_fields - 1, fixed[4])
    level, variate, slope = walk(point, scale, step_kind, start_prior, fixed, n_months, counts)
    pull, by_scale = np.zeros((n_fields - 1, n_months)), np.zeros(n_scales)  # derivatives by level and by scale
    out[:] = 0.0
    by_count = np.zeros(n_fields - 1)
    value = graded(
        out, pull, by_scale, by_count, level, scale, counts, point, obs_index, obs_bounds, weight, fixed, speakers, origins
    )
    back(out, pull, by_scale, scale, step_kind, variate, slope, start_prior, fixed, n_months)
    for i in range(n_fields - 1):
        out[out.shape[0] - n_fields + 1 + i] += fixed[4] * counts[i] * (by_count[i] - (counts * by_count).sum())
    for k in range(n_scales):
        out[k] = by_scale[k] * scale[k] * scale_prior[k, 1]
    for j in range(point.shape[0]):
        out[j] -= point[j]
    return value - 0.5 * square(point)


@njit(error_model="numpy")
def independent(out, point):
    """Return the log density of independent normal variates, all that is left without an observation, and its gradient."""
    for j in range(point.shape[0]):
        out[j] = -point[j]
    return -0.5 * square(point)


@njit(error_model="numpy", fastmath={"reassoc"})
def square(point):
    """Return the sum of squares, many terms at once."""
    found = 0.0
    for j in range(point.shape[0]):
        found += point[j] * point[j]
    return found


@njit(error_model="numpy")
def graded(out, pull, by_scale, by_count, level, scale, counts, point, obs_index, obs_bounds, weight, fixed, speakers, origins):
    """Return the log likelihood of all grades; add its derivatives by levels, scales, weights of theatres and offsets."""
    value, common = 0.0, counts.shape[0]
    hits, slopes = np.empty(common), np.empty(common)
    for n in range(obs_index.shape[0]):
        if weight[n] == 0:
            continue
        field, month, start, kind, speaker, origin = obs_index[n]
        offset, variance = 0.0, obs_bounds[n, 4]
        base = fixed[3] if kind == 2 else scale[3 + kind]
        variance += base**2
        if speaker >= 0:
            offset += scale[5] * point[speakers + 1 + speaker]
        elif speaker == -2:
            variance += scale[5] ** 2
        if origin >= 0:
            offset += scale[6] * point[origins + 1 + origin]
        elif origin == -2:
            variance += scale[6] ** 2
        sd = math.sqrt(variance)
        at_large = field == common  # it is of one of the theatres, nobody knows which
        hit, by_mean, by_sd = 0.0, 0.0, 0.0
        agreed = obs_bounds[n, 0] == obs_bounds[n, 2] and obs_bounds[n, 1] == obs_bounds[n, 3]
        share = 1.0 if agreed else 0.5
        first, last = (0, common) if at_large else (field, field + 1)
        for i in range(first, last):
            mean, meant = level[i, month] + offset, counts[i] if at_large else 1.0
            if start >= 0:
                mean -= level[i, start]
            hits[i], slopes[i] = 0.0, 0.0
            for c in range(1 if agreed else 2):
                high, low = (obs_bounds[n, 2 * c + 1] - mean) / sd, (obs_bounds[n, 2 * c] - mean) / sd
                up, down = math.exp(-0.5 * high**2) / ROOT_2PI, math.exp(-0.5 * low**2) / ROOT_2PI
                hits[i] += 0.5 * share * (math.erf(high / ROOT_2) - math.erf(low / ROOT_2))
                slopes[i] -= meant * share * (up - down) / sd
                by_sd -= meant * share * (up * high - down * low) / sd
            hit += meant * hits[i]
            by_mean += slopes[i]
        p = (1 - fixed[2]) * hit + fixed[2] / obs_bounds[n, 5]
        value += weight[n] * math.log(p)
        counted = weight[n] * (1 - fixed[2]) / p
        by_mean *= counted
        by_sd *= counted / sd  # by the variance, twice
        for i in range(first, last):
            pull[i, month] += counted * slopes[i]
            if start >= 0:
                pull[i, start] -= counted * slopes[i]
            if at_large:
                by_count[i] += counted * hits[i]
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
def back(out, pull, by_scale, scale, step_kind, variate, slope, start_prior, fixed, n_months):
    """Carry derivatives by levels back over the months to steps, starts and the scales of steps."""
    n_fields, at, ahead = start_prior.shape[0], scale.shape[0], n_months - 1
    common, steps = n_fields - 1, at + n_fields
    by_step, carried, shared = np.empty(step_kind.shape[0]), np.zeros(common), 0.0
    for t in range(ahead, -1, -1):
        for i in range(common):
            shared += pull[i, t]
            carried[i] = fixed[0] * carried[i] + pull[i, t]
            if t > 0:
                by_step[i * ahead + t - 1] = carried[i]
        if t > 0:
            by_step[common * ahead + t - 1] = shared
    for j in range(step_kind.shape[0]):
        out[steps + j] += scale[step_kind[j]] * slope[j] * by_step[j]
    for k in range(STEP_KINDS):
        by_scale[k] += product_of(k, step_kind, variate, by_step)
    for i in range(common):  # a deviation starts at the theatre's own start less what is shared
        out[at + i] += start_prior[i, 1] * carried[i]
        shared -= carried[i]
    out[at + common] += start_prior[common, 1] * shared


@njit(error_model="numpy", fastmath={"reassoc"})
def product_of(kind, step_kind, variate, by_step):
    """Return the sum of products over the steps of one kind, many terms at once."""
    found = 0.0
    for j in range(step_kind.shape[0]):
        found += variate[j] * by_step[j] if step_kind[j] == kind else 0.0
    return found


@njit(error_model="numpy", nogil=True, cache=True)
def every_draw(points, step_kind, scale_prior, start_prior, fixed, n_months):
    """Return of all draws (draw, number) the levels (draw, field, month), what theatres share at last, scales and weights."""
    n, n_fields, n_scales = points.shape[0], start_prior.shape[0], scale_prior.shape[0]
    level, shared = np.empty((n, n_fields, n_months)), np.empty(n)
    scale, counts = np.empty((n, n_scales)), np.empty((n, n_fields - 1))
    for d in range(n):
        scale[d], counts[d] = scales(points[d], scale_prior), weights(points[d], n_fields - 1, fixed[4])
        level[d], variate, _ = walk(points[d], scale[d], step_kind, start_prior, fixed, n_months, counts[d])
        shared[d] = start_prior[-1, 0] + start_prior[-1, 1] * points[d, n_scales + n_fields - 1]
        for t in range(n_months - 1):
            j = (n_fields - 1) * (n_months - 1) + t
            shared[d] += scale[d, step_kind[j]] * variate[j]
    return level, shared, scale, counts


@njit(error_model="numpy")
def derived(point, obs_index, obs_bounds, weight, step_kind, scale_prior, start_prior, fixed, look_at, sizes):
    """Return the point followed by the scales, the weights of the theatres and the published levels."""
    scale = scales(point, scale_prior)
    counts = weights(point, start_prior.shape[0] - 1, fixed[4])
    level, _, _ = walk(point, scale, step_kind, start_prior, fixed, sizes[0], counts)
    return (np.concatenate((point, scale, counts, level.ravel()[look_at])),)


@njit(error_model="numpy")
def start(point, obs_index, obs_bounds, weight, step_kind, scale_prior, start_prior, fixed, look_at, sizes):
    """Return where sampling starts: at the middle of every prior."""
    return (np.zeros(point.shape[0]),)
