"""What keeps an event's probability, with its derivatives, one cause at a time: `compensation` in scalars, for numba."""

from __future__ import annotations

import math
from math import exp, expm1, log, sqrt

import numpy as np
from numba import njit

from forecasting.elicitation.held import LEAST_KEPT, MAX_CUMULATIVE, MAX_GIVEN, MAX_HELD, MAX_ON_DATE, Z_WEIGHTS, Z
from forecasting.models.network.ageing import WEIGHTS
from forecasting.models.network.compensation import Causes

NEAR = 1e-2  # where ν and y are so close, differences of their exponentials are summed as a series
# kinds of effects: of a cause that comes in time, of one on a date, where hazards age, of one that had happened
WAITED, ON_DATE, INTEGRATED, KNOWN = range(4)
MAX_STEPS, CLOSE, ROUNDING = 60, 1e-9, 1e-15
FAINT = 1e-8  # below it D is lost in the rounding of 1 − D, and N is linear
LEAST_SLOPE, LEAST_SHARE = 1e-12, 0.5  # of N, against division by rounding; of Newton's divisor that Halley's is at least


@njit(error_model="numpy")
def waited(y, nu, at_nu):
    """Return 1 − D(y) = e^{−ν} + ν (e^{−y} − e^{−ν})/(ν − y); then D′, D″, and the derivative of D by ν.

    ``at_nu`` is e^{−ν}. The error is one of rounding, which is what counts beside θ in N(θ).
    """
    at_y, gap = exp(-y), nu - y
    if abs(gap) < NEAR:
        between = at_y * (1 - gap * (1 / 2 - gap * (1 / 6 - gap * (1 / 24 - gap * (1 / 120 - gap / 720)))))
        by_y = nu * at_y * (1 / 2 - gap * (1 / 6 - gap * (1 / 24 - gap * (1 / 120 - gap / 720))))
        by_yy = nu * at_y * (1 / 6 - gap * (1 / 12 - gap * (1 / 40 - gap / 180))) - by_y
        by_gap = -at_nu * (1 / 2 + gap * (1 / 6 + gap * (1 / 24 + gap * (1 / 120 + gap / 720))))
    else:
        inverse = 1 / gap  # divisions are what takes time here
        between = (at_y - at_nu) * inverse
        by_y = nu * (at_y - between) * inverse
        by_yy = (2 * by_y - nu * at_y) * inverse
        by_gap = (at_nu - between) * inverse
    return at_nu + nu * between, by_y, by_yy, at_nu - between - nu * by_gap


@njit(error_model="numpy")
def deficit(kind, y, a, at_a, at, happened, window, decay):
    """Return 1 − D(y); then D′, D″, and the derivative of D by ``a``; and fill ``decay`` (node) where D is integrated.

    ``a`` is ν of a cause that comes in time, with e^{−ν} in ``at_a``, and the probability of one on a date; ``decay`` becomes
    e^{−yu} w at the nodes ``at``, with the weights w of the quadrature.
    """
    if kind == WAITED:
        return waited(y, a, at_a)
    if kind == ON_DATE:
        fall = expm1(-y)
        return 1 + a * fall, a * (1 + fall), -a * (1 + fall), -fall
    first = second = third = 0.0
    for q in range(WEIGHTS.size):
        decay[q] = exp(-y * at[q]) * WEIGHTS[q]
        weight = decay[q] * happened[q]
        first += weight
        second += weight * at[q]
        third += weight * at[q] * at[q]
    return 1 - y * window * first, window * (first - y * second), window * (y * third - 2 * second), 0.0


@njit(error_model="numpy")
def time_share(kind, a, at_a, at, happened, window):
    """Return the mean of U, the share of time for which the cause is on, its derivative by ``a``, and the variance of U."""
    if kind == WAITED:
        if a < NEAR:
            mean, by_a = a * (1 / 2 - a * (1 / 6 - a * (1 / 24 - a / 120))), 1 / 2 - a * (1 / 3 - a * (1 / 8 - a / 30))
            return mean, by_a, a / 3
        mean = 1 - (1 - at_a) / a
        return mean, (1 - at_a * (1 + a)) / a**2, max(1 - 2 * mean / a - mean**2, 0.0)
    if kind == ON_DATE:
        return a, 1.0, a * (1 - a)
    first = second = 0.0
    for q in range(WEIGHTS.size):
        first += happened[q] * WEIGHTS[q]
        second += happened[q] * WEIGHTS[q] * at[q]
    mean = window * first
    return mean, 0.0, max(2 * window * second - mean**2, 0.0)


@njit(error_model="numpy")
def first_guess(x, mean, variance):
    """Return θ with mean θ − variance θ²/2 = x, the equation N(θ) = x up to the second cumulant of the hazard's factor A."""
    return 2 * x / (mean + sqrt(max(mean**2 - 2 * variance * x, 0.0)))


@njit(error_model="numpy")
def halley(miss, slope, bend):
    """Return the step of Halley's method towards N(θ) = x, given x − N(θ), N′ and N″.

    It is Newton's, divided by 1 + Newton's N″/(2 N′): three times the digits per step. N is concave, so from below the root it
    is longer than Newton's, at most 1/`LEAST_SHARE` times.
    """
    twice = 2 * slope * slope
    return 2 * miss * slope / max(twice + miss * bend, LEAST_SHARE * twice)


@njit(error_model="numpy")
def held(kind, x, excess, a, at, happened, window, decay):
    """Return c = log(θ/x) for N(θ) = x, its derivatives by log x and by ``excess``, and by ``a``, and two more things.

    ``excess`` is r − 1, times the window of a cause that comes in time or on a date. The last two are y = θ · excess, and the
    factor −1/(θ N′(θ) (1 − D)) that turns a derivative of D(y) into one of c; ``decay`` is as `deficit` leaves it. At the cap
    all derivatives are zero.

    Derivatives are those at the θ of the last step but one, which differs from the last by less than `CLOSE`.
    """
    capped = min(x, MAX_CUMULATIVE)
    top, at_a = capped * exp(MAX_HELD), exp(-a)
    mean, mean_by_a, variance = time_share(kind, a, at_a, at, happened, window)
    theta = min(first_guess(capped, 1 + excess * mean, excess**2 * variance), top)
    y = by_y = by_a = 0.0
    left = slope = 1.0
    for _ in range(MAX_STEPS):
        y = theta * excess
        left, by_y, by_yy, by_a = deficit(kind, y, a, at_a, at, happened, window, decay)
        factor = excess / left
        ratio = factor * by_y
        slope = max(1 + ratio, LEAST_SLOPE)
        if capped <= FAINT:
            if theta >= top:
                return MAX_HELD, 0.0, 0.0, 0.0, 0.0, 0.0
            left, slope, by_y, by_a = 1.0, 1 + excess * mean, mean, y * mean_by_a
            break
        miss = capped - theta + log(left)
        if miss > 0 and theta >= top:
            return MAX_HELD, 0.0, 0.0, 0.0, 0.0, 0.0
        step = halley(miss, slope, factor * excess * by_yy + ratio * ratio)
        theta = min(theta + step, top)
        if abs(step) <= CLOSE * theta + ROUNDING:
            break
    steep = theta * slope
    through = -1 / (steep * left)
    by_log_x = capped / steep - 1 if x < MAX_CUMULATIVE else 0.0
    return log(theta / capped), by_log_x, through * by_y * theta, through * by_a, y, through


@njit(error_model="numpy")
def log_marginal_mass(kind, theta, excess, a, at, happened, window, decay):
    """Return log N(θ) with the derivatives that `held` returns, in its order; that by log x is here by log θ.

    N of more than `MAX_GIVEN` expected events, and of what can be blocked on its date of more than `MAX_ON_DATE`, is that of so
    many, and does not change with θ; where a block is as good as certain, N is `LEAST_KEPT` θ.
    """
    most = MAX_ON_DATE if kind == ON_DATE and excess <= -1 else MAX_GIVEN
    free = 1.0 if theta < most else 0.0
    theta = min(theta, most)
    y = theta * excess
    left, by_y, _, by_a = deficit(kind, y, a, exp(-a), at, happened, window, decay)
    mass = theta - log(left)
    if mass <= LEAST_KEPT * theta:
        return log(LEAST_KEPT * theta), free, 0.0, 0.0, y, 0.0
    through = 1 / (mass * left)
    return log(mass), free * theta * (1 + excess * by_y / left) / mass, through * by_y * theta, through * by_a, y, through


@njit(error_model="numpy")
def driver_held(x, variance):
    """Return log(θ/x) for a driver that shifts the log hazard by Normal(0, variance); its derivatives by log x and variance."""
    sd, capped = sqrt(max(variance, 1e-12)), min(x, MAX_CUMULATIVE)
    ratio, mean, square = np.empty(Z.size), 0.0, 0.0
    for q in range(Z.size):
        ratio[q] = exp(sd * Z[q])
        mean += Z_WEIGHTS[q] * ratio[q]
        square += Z_WEIGHTS[q] * ratio[q] * ratio[q]
    top = capped * exp(MAX_HELD)
    theta = min(first_guess(capped, mean, max(square - mean**2, 0.0)), top)
    slope = first = by_sd = 1.0
    for _ in range(MAX_STEPS):
        whole = first = second = by_sd = 0.0
        for q in range(Z.size):
            left = exp(-theta * ratio[q]) * Z_WEIGHTS[q]
            whole += left
            first += left * ratio[q]
            second += left * ratio[q] * ratio[q]
            by_sd += left * ratio[q] * Z[q]
        slope = first / whole
        miss = capped + log(whole)
        if miss > 0 and theta >= top:
            return MAX_HELD, 0.0, 0.0
        step = halley(miss, slope, slope**2 - second / whole)
        theta = min(theta + step, top)
        if abs(step) <= CLOSE * theta + ROUNDING:
            break
    by_log_x = capped / (theta * slope) - 1 if x < MAX_CUMULATIVE else 0.0
    return log(theta / capped), by_log_x, -by_sd / first / (2 * sd) if variance > 1e-12 else 0.0


@njit(error_model="numpy", nogil=True, cache=True)
def _held_many(kind, place, x, excess, when, nodes, happened, window):
    found, nothing, decay = np.zeros(x.shape), np.zeros(WEIGHTS.size), np.zeros(WEIGHTS.size)
    for d in range(x.shape[0]):
        for e in range(x.shape[1]):
            i = place[e]
            if excess[d, e] == 0.0:
                continue
            if kind[e] == KNOWN:
                found[d, e] = min(-log(max(1 + excess[d, e], exp(-MAX_HELD))), MAX_HELD)
            elif kind[e] == INTEGRATED:
                found[d, e] = held(INTEGRATED, x[d, e], excess[d, e], 0.0, nodes[d, i], happened[d, i], window[d, i], decay)[0]
            else:
                found[d, e] = held(kind[e], x[d, e], excess[d, e], when[d, e], nothing, nothing, 1.0, decay)[0]
    return found


@njit(error_model="numpy", nogil=True, cache=True)
def _drivers_held(x, variance):
    found = np.empty(x.size)
    for i in range(x.size):
        found[i] = driver_held(x[i], variance[i])[0]
    return found


def held_of_draws(x: np.ndarray, causes: Causes) -> np.ndarray:
    """Return `forecasting.models.network.compensation.solved` for draws (draw, effect), compiled: a few hundred times as fast."""
    kind = np.where(causes.dated > 0, ON_DATE, WAITED)
    place = np.full(kind.shape, -1)
    ages = causes.integrate > 0
    kind[causes.bent[ages]], place[causes.bent[ages]] = INTEGRATED, np.flatnonzero(ages)
    kind[causes.known > 0] = KNOWN
    width = np.where((kind == INTEGRATED) | (kind == KNOWN), 1.0, causes.width)
    when = np.where(kind == WAITED, causes.later, causes.chance)

    n = math.prod(x.shape[:-1])

    def flat(values: np.ndarray, last: int) -> np.ndarray:
        shape = np.broadcast_shapes(values.shape, (*x.shape[:-1], *values.shape[-last:]))
        return np.ascontiguousarray(np.broadcast_to(values, shape)).reshape(n, *values.shape[-last:])

    arrays = [flat(values, 1) for values in (x, causes.excess * width, when)]
    aged = [flat(causes.nodes, 2), flat(causes.happened, 2), flat(causes.window, 1)]
    return _held_many(kind, place, *arrays, *aged).reshape(x.shape)


def drivers_held(x: np.ndarray, variance: np.ndarray) -> np.ndarray:
    """Return `forecasting.models.network.compensation.solved` for driven events, compiled."""
    x, variance = np.broadcast_arrays(x, variance)
    return _drivers_held(x.ravel(), variance.ravel()).reshape(x.shape)
