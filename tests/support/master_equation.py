"""The exact answer for small networks: the master equation over sets of happened events, by matrix exponentials.

An independent method: it shares no code with the simulator. Time is in years from the as-of date, as in `World`.
"""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import numpy as np
from scipy import sparse
from scipy.sparse.linalg import expm_multiply

from forecasting.paths.inputs import BLOCKS, ENABLES, MULTIPLIES, World

NAMES = tuple("abcdefghij")


def undated(n: int) -> dict[str, np.ndarray]:
    """Return the dates, lags and half-lives of effects that have none."""
    return {
        "effect_lag": np.zeros(n), "effect_begins": np.full(n, -np.inf), "effect_until": np.full(n, np.inf),
        "effect_half_life": np.full(n, np.inf),
    }  # fmt: skip


def world(hazard: np.ndarray, effects: list[tuple[int, int, int, float]] = (), **changes) -> World:
    """Return a world of constant hazards (draw, event), or (draw, segment, event) with ``bounds`` among the changes.

    ``effects`` are (cause, target, kind, hazard ratio).
    """
    hazard = np.asarray(hazard, dtype=float)
    hazard = hazard[:, None, :] if hazard.ndim == 2 else hazard
    n_draws, _, n = hazard.shape
    cause, target, kind, ratio = (np.array([effect[i] for effect in effects]) for i in range(4))
    bounds = np.asarray(changes.pop("bounds", np.zeros(1)))
    fields = {
        "event_ids": NAMES[:n], "as_of": dt.date(2024, 1, 1),
        "hazard": np.ascontiguousarray(hazard.transpose(0, 2, 1).reshape(n_draws, -1)),
        "first_piece": len(bounds) * np.arange(n + 1), "piece_start": np.tile(bounds, n),
        "kappa": np.zeros((n_draws, 0)), "aged": np.full(n, -1), "scale": np.ones(n), "clock": np.full(n, np.nan),
        "ratio": np.tile(ratio, (n_draws, 1)).reshape(n_draws, len(effects)), "effect_from": cause.astype(int),
        "effect_to": target.astype(int), "effect_kind": kind.astype(np.int64), **undated(len(effects)),
        "occurred": np.full(n, np.inf), "start": np.zeros(n), "scheduled": np.full(n, np.inf), "n_chains": 1,
    }  # fmt: skip
    return World(**{**fields, **changes})


def state_distribution(w: World, until: float, draw: int = 0) -> np.ndarray:
    """Return P(state at ``until``) over the 2ⁿ sets of happened events; bit k of a state is event k.

    Al-Mohy and Higham (2011), SIAM J. Sci. Comput. 33: the action of the matrix exponential, without the matrix.
    """
    n = len(w.event_ids)
    first = w.begin
    p = np.zeros(2**n)
    p[sum(1 << k for k in range(n) if w.occurred[k] <= first)] = 1.0
    marks = {first, until, *w.piece_start, *w.start, *w.scheduled, *w.occurred}
    marks = sorted(float(t) for t in marks if first <= t <= until)
    for left, right in pairwise(marks):
        p = expm_multiply(_generator(w, draw, left, right) * (right - left), p)
        p = _on_the_day(w, draw, right, p)
    return p


def not_happened(w: World, p: np.ndarray) -> np.ndarray:
    """Return P(T_k > t) of every event, from `state_distribution` at t."""
    states = np.arange(p.size)
    return np.array([p[(states >> k) & 1 == 0].sum() for k in range(len(w.event_ids))])


def _mass(w: World, draw: int, state: int, k: int, at: float) -> float:
    """Return the hazard (or the mass of a scheduled date) of event k in a state; zero where it cannot happen."""
    own = slice(w.first_piece[k], w.first_piece[k + 1])
    rate = w.hazard[draw, own][np.searchsorted(w.piece_start[own], at, side="right") - 1]
    for cause, target, kind, ratio in zip(w.effect_from, w.effect_to, w.effect_kind, w.ratio[draw], strict=True):
        if target == k:
            on = bool(state >> cause & 1)
            if kind == MULTIPLIES and on:
                rate *= ratio
            if (kind == ENABLES and not on) or (kind == BLOCKS and on):
                return 0.0
    return rate


def _generator(w: World, draw: int, left: float, right: float) -> sparse.csr_array:
    """Return the generator Q′ (to state, from state): rates of one more event, and minus their sum on the diagonal."""
    n, middle = len(w.event_ids), (left + right) / 2
    q = sparse.lil_array((2**n, 2**n))
    for state in range(2**n):
        for k in range(n):
            running = w.start[k] <= left and np.isinf(w.scheduled[k]) and np.isinf(w.occurred[k])
            if running and not state >> k & 1:
                rate = _mass(w, draw, state, k, middle)
                q[state | 1 << k, state] = rate
                q[state, state] -= rate
    return q.tocsr()


def _on_the_day(w: World, draw: int, day: float, p: np.ndarray) -> np.ndarray:
    """Let what happens on a date happen: events whose date it is, and events known to have happened then."""
    for k in range(len(w.event_ids)):
        known = w.occurred[k] == day
        if known or (w.scheduled[k] == day and w.start[k] < day and np.isinf(w.occurred[k])):
            moved = p.copy()
            for state in np.flatnonzero(p):
                if not state >> k & 1:
                    # just before the day, so that a calendar segment that begins on it does not count yet
                    chance = 1.0 if known else -np.expm1(-_mass(w, draw, int(state), k, day - 1e-9))
                    moved[state] -= chance * p[state]
                    moved[state | 1 << k] += chance * p[state]
            p = moved
    return p


def simulated_distribution(times: np.ndarray, until: float) -> np.ndarray:
    """Return the share of all simulated paths in each state at ``until``."""
    n = times.shape[-1]
    code = ((times <= until) << np.arange(n)).sum(axis=-1).ravel()
    return np.bincount(code, minlength=2**n) / code.size
