"""What keeps an event's probability, with its derivatives, one cause at a time: `compensation` in scalars, for numba."""

from __future__ import annotations

import math
from math import exp, expm1, log, log1p, sqrt

import numpy as np
from numba import njit

from forecasting.elicitation.held import MAX_CUMULATIVE, MAX_HELD, Z_WEIGHTS, Z
from forecasting.models.network.ageing import WEIGHTS
from forecasting.models.network.compensation import Causes

FEW = 0.7  # up to here the deficit is summed as a series, beyond it its closed form loses no digits
TERMS = 16
NEAR = 1e-2
# kinds of effects: of a cause that comes in time, of one on a date, where hazards age, of one that had happened
WAITED, ON_DATE, INTEGRATED, KNOWN = range(4)
MAX_STEPS, CLOSE = 60, 1e-8


@njit(error_model="numpy")
def waited(y, nu):
    """Return D(y) = 1 − e^{−ν} − ν (e^{−y} − e^{−ν})/(ν − y) and its derivatives by y and ν.

    For small y and ν by D = y ν Σ_n (−1)^n h_n(y, ν)/(n + 2)!, with h_n the complete homogeneous symmetric polynomials.
    """
    most = max(abs(y), nu)
    if most < FEW:
        h, h_y, h_nu, nu_n, factor, bound = 1.0, 0.0, 0.0, 1.0, 0.5, 1.0
        total, by_y, by_nu = factor, 0.0, 0.0
        for n in range(1, TERMS):
            nu_n *= nu
            h_nu, h_y = h + nu * h_nu, h + y * h_y
            h = y * h + nu_n
            factor /= -(n + 2)
            total, by_y, by_nu = total + factor * h, by_y + factor * h_y, by_nu + factor * h_nu
            bound *= most
            if abs(factor) * n * (n + 1) * bound < 1e-17:
                break
        return y * nu * total, nu * (total + y * by_y), y * (total + nu * by_nu)
    at_y, at_nu, gap = exp(-y), exp(-nu), nu - y
    if abs(gap) < NEAR:
        between = at_y * (1 - gap / 2 + gap**2 / 6 - gap**3 / 24 + gap**4 / 120 - gap**5 / 720)
        by_y = nu * at_y * (1 / 2 - gap / 6 + gap**2 / 24 - gap**3 / 120 + gap**4 / 720)
        by_gap = -at_nu * (1 / 2 + gap / 6 + gap**2 / 24 + gap**3 / 120 + gap**4 / 720)
    else:
        between = (at_y - at_nu) / gap
        by_y = nu * (at_y - between) / gap
        by_gap = (at_nu - between) / gap
    return 1 - at_nu - nu * between, by_y, at_nu - between - nu * by_gap


@njit(error_model="numpy")
def deficit(kind, y, a, at, happened, window):
    """Return D(y) and its derivative by y; ``a`` is ν of a cause that comes in time, and the probability of one on a date."""
    if kind == WAITED:
        d, by_y, _ = waited(y, a)
        return d, by_y
    if kind == ON_DATE:
        return -a * expm1(-y), a * exp(-y)
    first = second = 0.0
    for q in range(WEIGHTS.size):
        decay = exp(-y * at[q]) * happened[q] * WEIGHTS[q]
        first += decay
        second += decay * at[q]
    return y * window * first, window * (first - y * second)


@njit(error_model="numpy")
def held(kind, x, excess, a, at, happened, window):
    """Return c = log(θ/x) for N(θ) = x, its derivatives by log x and by ``excess``, and by ``a``, and two more things.

    ``excess`` is r − 1, times the window of a cause that comes in time or on a date. The last two are y = θ · excess, and the
    factor −1/(θ N′(θ) (1 − D)) that turns a derivative of D(y) into one of c. At the cap all derivatives are zero.
    """
    capped = min(x, MAX_CUMULATIVE)
    theta, top = 0.0, capped * exp(MAX_HELD)
    for _ in range(MAX_STEPS):
        d, by_y = deficit(kind, theta * excess, a, at, happened, window)
        slope = max(1 + excess * by_y / (1 - d), 1e-12)
        step = max(capped - theta + log1p(-d), 0.0) / slope
        theta += step
        if not theta < top:
            return MAX_HELD, 0.0, 0.0, 0.0, 0.0, 0.0
        if step <= CLOSE * theta:  # Newton squares what is left
            break
    y = theta * excess
    if kind == WAITED:
        d, by_y, by_a = waited(y, a)
    else:
        d, by_y = deficit(kind, y, a, at, happened, window)
        by_a = -expm1(-y)  # of a cause on a date
    steep = theta * (1 + excess * by_y / (1 - d))
    through = -1 / (steep * (1 - d))
    by_log_x = capped / steep - 1 if x < MAX_CUMULATIVE else 0.0
    return log(theta / capped), by_log_x, through * by_y * theta, through * by_a, y, through


@njit(error_model="numpy")
def log_marginal_mass(kind, theta, excess, a, at, happened, window):
    """Return log N(θ) with the derivatives that `held` returns, in its order; that by log x is here by log θ."""
    y = theta * excess
    if kind == WAITED:
        d, by_y, by_a = waited(y, a)
    else:
        d, by_y = deficit(kind, y, a, at, happened, window)
        by_a = -expm1(-y)
    mass = theta - log1p(-d)
    through = 1 / (mass * (1 - d))
    return log(mass), theta * (1 + excess * by_y / (1 - d)) / mass, through * by_y * theta, through * by_a, y, through


@njit(error_model="numpy")
def driver_held(x, variance):
    """Return log(θ/x) for a driver that shifts the log hazard by Normal(0, variance); its derivatives by log x and variance."""
    sd, capped = sqrt(max(variance, 1e-12)), min(x, MAX_CUMULATIVE)
    ratio = np.empty(Z.size)
    for q in range(Z.size):
        ratio[q] = exp(sd * Z[q])
    theta, top = 0.0, capped * exp(MAX_HELD)
    done = False
    for _ in range(MAX_STEPS):
        whole = first = by_sd = 0.0
        for q in range(Z.size):
            left = exp(-theta * ratio[q]) * Z_WEIGHTS[q]
            whole += left
            first += left * ratio[q]
            by_sd += left * ratio[q] * Z[q]
        slope = first / whole
        if done:
            break
        step = max(capped + log(whole), 0.0) / slope
        theta += step
        if not theta < top:
            return MAX_HELD, 0.0, 0.0
        done = step <= CLOSE * theta
    by_log_x = capped / (theta * slope) - 1 if x < MAX_CUMULATIVE else 0.0
    return log(theta / capped), by_log_x, -by_sd / first / (2 * sd) if variance > 1e-12 else 0.0


@njit(error_model="numpy", nogil=True, cache=True)
def _held_many(kind, place, x, excess, when, nodes, happened, window):
    found, nothing = np.zeros(x.shape), np.zeros(WEIGHTS.size)
    for d in range(x.shape[0]):
        for e in range(x.shape[1]):
            i = place[e]
            if excess[d, e] == 0.0:
                continue
            if kind[e] == KNOWN:
                found[d, e] = min(-log(max(1 + excess[d, e], exp(-MAX_HELD))), MAX_HELD)
            elif kind[e] == INTEGRATED:
                found[d, e] = held(INTEGRATED, x[d, e], excess[d, e], 0.0, nodes[d, i], happened[d, i], window[d, i])[0]
            else:
                found[d, e] = held(kind[e], x[d, e], excess[d, e], when[d, e], nothing, nothing, 1.0)[0]
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
