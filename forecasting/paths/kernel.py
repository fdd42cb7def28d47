"""The inner loop of the simulator: all paths of some draws, compiled.

Per path, events fire in the order of a heap. Firing touches only the targets of an event's effects: their integrated
hazard is brought up to date, and the time at which it will reach their threshold is found anew. An event that nothing
touches follows its *baseline*, the curve with no cause happened, which is computed once per draw; so a path costs what
happens on it, not the number of events times the number of dates.

State is kept in records, one array each for events, pieces and effects: a compiled function is handed few arrays, and what
belongs together lies together.
"""

from __future__ import annotations

from heapq import heappop, heappush

import numba
import numpy as np

FAR = np.inf
EPS = 1e-12
FIRES, DATE = 0, 1  # at one time what fires goes before what is decided on its date

EVENT = np.dtype(
    [
        # the same for all draws
        ("first_piece", "i8"), ("end_piece", "i8"),
        ("first_effect", "i8"), ("end_effect", "i8"),  # effects out of it
        ("aged", "i8"), ("scale", "f8"), ("clock0", "f8"),
        ("occurred", "f8"), ("start", "f8"), ("scheduled", "f8"),
        ("has_date", "b1"),  # its date lies ahead
        ("uncertain", "b1"),  # an open event is among its ancestors: its survival is an average over paths
        ("held", "b1"),  # kept from happening
        # the same for all paths of a draw
        ("kappa", "f8"), ("factor0", "f8"), ("waiting0", "i8"), ("blocked0", "b1"),
        ("total", "f8"),  # integrated hazard at the end of the baseline
        ("on_date", "f8"),  # sum over paths of P(not on its date)
        # changes along a path
        ("threshold", "f8"), ("time", "f8"),
        ("factor", "f8"),  # product of the ratios of what has happened
        ("waiting", "i8"),  # enablers that have not happened
        ("blocked", "b1"), ("clock", "f8"),
        ("since", "f8"), ("cumulative", "f8"),  # hazard integrated up to a time
        ("piece", "i8"), ("at_grid", "i8"),  # next date of the grid whose survival is to be added
        ("version", "i8"),  # entries of the heap with an older one are void
        ("is_touched", "b1"),
    ],
    align=True,
)  # fmt: skip
PIECE = np.dtype([("start", "f8"), ("hazard", "f8")], align=True)
EFFECT = np.dtype([("to", "i8"), ("kind", "i8"), ("ratio", "f8")], align=True)


@numba.njit(nogil=True, cache=True)
def passed(since, until, kappa, scale, clock):
    """Return the operational time between two times; for kappa = 1 that is time itself."""
    if kappa == 1.0:
        return until - since
    return scale * (max((until - clock) / scale, 0.0) ** kappa - max((since - clock) / scale, 0.0) ** kappa)


@numba.njit(nogil=True, cache=True)
def reached(since, span, kappa, scale, clock):
    """Return the time at which so much operational time has passed since another."""
    if kappa == 1.0:
        return since + span
    return clock + scale * (max((since - clock) / scale, 0.0) ** kappa + span / scale) ** (1 / kappa)


@numba.njit(nogil=True, cache=True)
def integrate(k, pieces, grid, until, last, out):
    """Bring an event's integrated hazard up to a time, adding its survival at the dates of the grid on the way.

    Dates before ``until`` are added to ``out``, and ``until`` itself if it is the ``last``.
    """
    factor = k.factor if k.waiting == 0 and not k.blocked else 0.0
    since, total, piece, g = k.since, k.cumulative, k.piece, k.at_grid
    while True:
        stop = pieces[piece + 1].start if piece + 1 < k.end_piece else FAR
        upto, rate = min(stop, until), pieces[piece].hazard * factor
        while g < grid.size and (grid[g] < upto or (last and grid[g] <= upto)):
            runs = rate > 0 and grid[g] > since
            out[g] += np.exp(-(total + rate * passed(since, grid[g], k.kappa, k.scale, k.clock) if runs else total))
            g += 1
        if upto > since:
            if rate > 0:
                total += rate * passed(since, upto, k.kappa, k.scale, k.clock)
            since = upto
        if stop > until:
            break
        piece += 1
    k.since, k.cumulative, k.piece, k.at_grid = since, total, piece, g


@numba.njit(nogil=True, cache=True)
def fires_at(k, pieces, end):
    """Return when an event's integrated hazard reaches its threshold if nothing touches it any more."""
    factor = k.factor if k.waiting == 0 and not k.blocked else 0.0
    since, piece, need = k.since, k.piece, max(k.threshold - k.cumulative, 0.0)
    if factor <= 0.0:
        return FAR
    while since <= end:
        stop = pieces[piece + 1].start if piece + 1 < k.end_piece else FAR
        rate = pieces[piece].hazard * factor
        if stop > since:
            if rate > 0 and (stop == FAR or need <= rate * passed(since, stop, k.kappa, k.scale, k.clock)):
                return reached(since, need / rate, k.kappa, k.scale, k.clock)
            if stop == FAR:
                return FAR
            if rate > 0:
                need -= rate * passed(since, stop, k.kappa, k.scale, k.clock)
            since = stop
        piece += 1
    return FAR


@numba.njit(nogil=True, cache=True)
def at_start(k, pieces, begin):
    """Put an event back to where every path begins."""
    since, piece = max(k.start, begin), k.first_piece
    while piece + 1 < k.end_piece and pieces[piece + 1].start <= since:
        piece += 1
    k.since, k.cumulative, k.piece, k.at_grid = since, 0.0, piece, 0
    k.factor, k.waiting, k.blocked, k.clock = k.factor0, k.waiting0, k.blocked0, k.clock0
    k.version, k.is_touched = 0, False


@numba.njit(nogil=True, cache=True)
def turn(k, effect, t):
    """Let an effect whose cause has happened act on its target's state."""
    if effect.kind == 0:
        k.factor *= effect.ratio
    elif effect.kind == 1:
        k.waiting -= 1
        if k.waiting == 0 and np.isnan(k.clock):
            k.clock = t
    else:
        k.blocked = True


@numba.njit(nogil=True, cache=True)
def act(cause, t, path, events, pieces, effects, grid, heap, touched, n_touched, survival, from_grid):
    """Let everything that an event causes act at a time; return the number of events touched so far."""
    for i in range(events[cause].first_effect, events[cause].end_effect):
        target = effects[i].to
        k = events[target]
        if k.occurred < FAR:
            continue
        if not k.is_touched:
            k.is_touched, touched[n_touched] = True, target
            n_touched += 1
            g = np.searchsorted(grid, t)
            k.at_grid = grid.size
            if k.scheduled == FAR:
                integrate(k, pieces, grid, t, False, survival[target])
            if k.uncertain or path == 0:
                from_grid[target, g] += 1
                k.at_grid = g
        elif k.scheduled == FAR:
            integrate(k, pieces, grid, t, False, survival[target])
        turn(k, effects[i], t)
        k.version += 1
        if k.scheduled == FAR and k.time == FAR and not k.held:
            fire = fires_at(k, pieces, grid[-1])
            if fire <= grid[-1]:
                heappush(heap, (fire, FIRES, target, k.version))
    return n_touched


@numba.njit(nogil=True, cache=True)
def on_its_date(k, pieces, path):
    """Decide an event that can only happen on its date; return whether it happens."""
    piece = k.first_piece
    while piece + 1 < k.end_piece and pieces[piece + 1].start < k.scheduled - EPS:
        piece += 1
    mass = pieces[piece].hazard * k.factor if k.waiting == 0 and not k.blocked else 0.0
    if k.uncertain or path == 0:
        k.on_date += np.exp(-mass)
    return mass > 0 and k.threshold <= mass and not k.held


@numba.njit(nogil=True, cache=True)
def run_path(path, begin, events, pieces, effects, grid, heap, touched, due, survival, from_grid):
    """Run one path."""
    for i in range(events.size):
        k = events[i]
        k.time = k.occurred
        if k.occurred < FAR:
            if begin < k.occurred <= grid[-1]:
                heappush(heap, (k.occurred, FIRES, i, 0))
        elif k.scheduled < FAR:
            if k.has_date:
                heappush(heap, (k.scheduled, DATE, i, 0))
        elif k.threshold < k.total and not k.held:
            heappush(heap, (fires_at(k, pieces, grid[-1]), FIRES, i, 0))
    n_touched, n_due, due_at = 0, 0, 0.0
    while len(heap) > 0 or n_due > 0:
        if n_due > 0 and (len(heap) == 0 or heap[0][0] > due_at or heap[0][1] == FIRES):
            for i in range(n_due):
                n_touched = act(
                    due[i], due_at, path, events, pieces, effects, grid, heap, touched, n_touched, survival, from_grid
                )
            n_due = 0
            continue
        t, what, i, version = heappop(heap)
        k = events[i]
        if what == DATE:
            if on_its_date(k, pieces, path):
                k.time, due[n_due], due_at = t, i, t
                n_due += 1
        elif version == k.version or k.occurred < FAR:
            k.time = t
            n_touched = act(i, t, path, events, pieces, effects, grid, heap, touched, n_touched, survival, from_grid)
    for i in range(n_touched):
        k = events[touched[i]]
        if k.scheduled == FAR and (k.uncertain or path == 0):
            integrate(k, pieces, grid, grid[-1], True, survival[touched[i]])
        at_start(k, pieces, begin)


@numba.njit(nogil=True, cache=True)
def begin_draw(begin, events, pieces, effects, grid, baseline):
    """Set the state on the eve of a draw's paths, and integrate every event's baseline."""
    for k in events:
        k.factor0, k.waiting0, k.blocked0, k.on_date = 1.0, 0, False, 0.0
    for effect in effects:
        events[effect.to].waiting0 += effect.kind == 1
    for k in events:
        at_start(k, pieces, begin)
    for cause in events:
        if cause.occurred <= begin:
            for i in range(cause.first_effect, cause.end_effect):
                turn(events[effects[i].to], effects[i], begin)
    for i in range(events.size):
        k = events[i]
        k.factor0, k.waiting0, k.blocked0 = k.factor, k.waiting, k.blocked
        if k.scheduled == FAR and k.occurred == FAR:
            integrate(k, pieces, grid, grid[-1], True, baseline[i])
            k.total = k.cumulative
        at_start(k, pieces, begin)


@numba.njit(nogil=True, cache=True)
def end_draw(events, grid, n_paths, baseline, from_grid, survival):
    """Turn the sums over a draw's paths into P(T > t | draw) of every event (event, grid)."""
    for i in range(events.size):
        k = events[i]
        n_counted = n_paths if k.uncertain else 1
        left = n_counted  # paths on which it had not been touched before the date
        for g in range(grid.size):
            left -= from_grid[i, g]
            if k.occurred < FAR:
                survival[i, g] = 1.0 if k.occurred > grid[g] else 0.0
            elif k.scheduled < FAR:
                survival[i, g] = k.on_date / n_counted if k.has_date and grid[g] >= k.scheduled - EPS else 1.0
            else:
                survival[i, g] = (survival[i, g] + baseline[i, g] * left) / n_counted


@numba.njit(nogil=True, cache=True)
def run_draws(begin, events, pieces, effects, grid, hazard, ratio, kappa, thresholds, times, survival):
    """Run all paths of some draws; ``survival`` (draw, event, grid) must be zero to begin with."""
    heap = [(0.0, 0, 0, 0)]
    heap.pop()
    touched, due = np.zeros(events.size, np.int64), np.zeros(events.size, np.int64)
    baseline, from_grid = np.zeros((events.size, grid.size)), np.zeros((events.size, grid.size + 1), np.int64)
    for d in range(thresholds.shape[0]):
        for i in range(pieces.size):
            pieces[i].hazard = hazard[d, i]
        for i in range(effects.size):
            effects[i].ratio = ratio[d, i]
        for k in events:
            k.kappa = kappa[d, k.aged] if k.aged >= 0 else 1.0
        baseline[:], from_grid[:] = 0.0, 0
        begin_draw(begin, events, pieces, effects, grid, baseline)
        for path in range(thresholds.shape[1]):
            for i in range(events.size):
                events[i].threshold = thresholds[d, path, i]
            run_path(path, begin, events, pieces, effects, grid, heap, touched, due, survival[d], from_grid)
            for i in range(events.size):
                times[d, path, i] = events[i].time
        end_draw(events, grid, thresholds.shape[1], baseline, from_grid, survival[d])
