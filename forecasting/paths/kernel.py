"""The inner loop of the simulator: all paths of some draws, compiled.

Per path, events fire in the order of a heap. Firing touches only the targets of an event's effects: their integrated
hazard is brought up to date, and the time at which it will reach their threshold is found anew. An event that nothing
touches follows its *baseline*, the curve with no cause happened, which is computed once per draw; so a path costs what
happens on it, not the number of events times the number of dates.

State is kept in records (`forecasting.paths.records`); what follows from a cause after a while, and effects that begin, fade
or end, are in `forecasting.paths.following`.
"""

from __future__ import annotations

from heapq import heappop, heappush

import numba
import numpy as np

from forecasting.paths.following import FAR, at_once, follow, follows_at, known_before, not_followed, turn

EPS = 1e-12
FIRES, DATE, CHANGE = 0, 1, 2  # at one time what fires goes before what is decided on its date, and that before other changes

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
def integrate(k, pieces, leads, grid, until, last, out):
    """Bring an event's integrated hazard up to a time, adding its survival at the dates of the grid on the way.

    Dates before ``until`` are added to ``out``, and ``until`` itself if it is the ``last``.
    """
    factor = k.factor if k.waiting == 0 and k.blocked == 0 else 0.0
    led = k.first_lead < k.end_lead
    since, total, piece, g = k.since, k.cumulative, k.piece, k.at_grid
    while True:
        stop = pieces[piece + 1].start if piece + 1 < k.end_piece else FAR
        upto, rate = min(stop, until), pieces[piece].hazard * factor
        while g < grid.size and (grid[g] < upto or (last and grid[g] <= upto)):
            runs = rate > 0 and grid[g] > since
            left = np.exp(-(total + rate * passed(since, grid[g], k.kappa, k.scale, k.clock) if runs else total))
            out[g] += left * not_followed(k, leads, max(grid[g], k.since)) if led else left
            g += 1
        if upto > since:
            if rate > 0:
                total += rate * passed(since, upto, k.kappa, k.scale, k.clock)
            since = upto
        if stop > until:
            break
        piece += 1
    if led:
        follow(k, leads, since)
    k.since, k.cumulative, k.piece, k.at_grid = since, total, piece, g


@numba.njit(nogil=True, cache=True)
def fires_at(k, pieces, leads, end):
    """Return when an event happens if nothing touches it any more: by its own hazard, or following from a cause."""
    alone = reaches_at(k, pieces, end)
    return min(alone, follows_at(k, leads)) if k.first_lead < k.end_lead else alone


@numba.njit(nogil=True, cache=True)
def reaches_at(k, pieces, end):
    """Return when an event's integrated hazard reaches its threshold if nothing touches it any more."""
    factor = k.factor if k.waiting == 0 and k.blocked == 0 else 0.0
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
def at_start(k, pieces, leads, begin):
    """Put an event back to where every path begins."""
    since, piece = max(k.start, begin), k.first_piece
    while piece + 1 < k.end_piece and pieces[piece + 1].start <= since:
        piece += 1
    k.since, k.cumulative, k.piece, k.at_grid = since, 0.0, piece, 0
    k.factor, k.waiting, k.blocked, k.clock = k.factor0, k.waiting0, k.blocked0, k.clock0
    k.version, k.is_touched = 0, False
    for i in range(k.first_lead, k.end_lead):
        leads[i].begun, leads[i].mass = leads[i].begun0, leads[i].first


@numba.njit(nogil=True, cache=True)
def change(i, n, t, path, events, pieces, effects, leads, grid, heap, touched, n_touched, survival, from_grid):
    """Let the n-th change of an effect act at a time; return the number of events touched so far."""
    target = effects[i].to
    k = events[target]
    if k.occurred < FAR:
        return n_touched
    if not k.is_touched:
        k.is_touched, touched[n_touched] = True, target
        n_touched += 1
        g = np.searchsorted(grid, t)
        k.at_grid = grid.size
        if k.scheduled == FAR:
            integrate(k, pieces, leads, grid, t, False, survival[target])
        if k.uncertain or path == 0:
            from_grid[target, g] += 1
            k.at_grid = g
    elif k.scheduled == FAR:
        integrate(k, pieces, leads, grid, t, False, survival[target])
    after = turn(k, leads, effects[i], n, t)
    if after <= grid[-1]:
        heappush(heap, (after, CHANGE, i, n + 1))
    at_once(k, leads, t)
    k.version += 1
    if k.scheduled == FAR and k.time == FAR and not k.held:
        fire = fires_at(k, pieces, leads, grid[-1])
        if fire <= grid[-1]:
            heappush(heap, (fire, FIRES, target, k.version))
    return n_touched


@numba.njit(nogil=True, cache=True)
def act(cause, t, path, events, pieces, effects, leads, grid, heap, touched, n_touched, survival, from_grid):
    """Let everything that an event causes act at a time, or from when it begins; return the number of events touched so far."""
    for i in range(events[cause].first_effect, events[cause].end_effect):
        if effects[i].begins > t:
            if effects[i].begins <= grid[-1]:
                heappush(heap, (effects[i].begins, CHANGE, i, 0))
        else:
            n_touched = change(
                i, 0, t, path, events, pieces, effects, leads, grid, heap, touched, n_touched, survival, from_grid
            )
    return n_touched


@numba.njit(nogil=True, cache=True)
def on_its_date(k, pieces, path):
    """Decide an event that can only happen on its date; return whether it happens."""
    piece = k.first_piece
    while piece + 1 < k.end_piece and pieces[piece + 1].start < k.scheduled - EPS:
        piece += 1
    mass = pieces[piece].hazard * k.factor if k.waiting == 0 and k.blocked == 0 else 0.0
    if k.uncertain or path == 0:
        k.on_date += np.exp(-mass)
    return mass > 0 and k.threshold <= mass and not k.held


@numba.njit(nogil=True, cache=True)
def run_path(path, begin, events, pieces, effects, leads, grid, heap, touched, due, pending, survival, from_grid):
    """Run one path; ``pending`` lists the effects of known causes that change after the beginning."""
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
            heappush(heap, (fires_at(k, pieces, leads, grid[-1]), FIRES, i, 0))
        elif k.first_lead < k.end_lead and not k.held:
            fire = follows_at(k, leads)
            if fire <= grid[-1]:
                heappush(heap, (fire, FIRES, i, 0))
    for i in pending:
        heappush(heap, (effects[i].next0, CHANGE, i, effects[i].n0))
    n_touched, n_due, due_at = 0, 0, 0.0
    while len(heap) > 0 or n_due > 0:
        if n_due > 0 and (len(heap) == 0 or heap[0][0] > due_at or heap[0][1] == FIRES):
            for i in range(n_due):
                n_touched = act(
                    due[i], due_at, path, events, pieces, effects, leads, grid, heap, touched, n_touched, survival, from_grid
                )
            n_due = 0
            continue
        t, what, i, version = heappop(heap)
        if what == CHANGE:
            n_touched = change(
                i, version, t, path, events, pieces, effects, leads, grid, heap, touched, n_touched, survival, from_grid
            )
            continue
        k = events[i]
        if what == DATE:
            if on_its_date(k, pieces, path):
                k.time, due[n_due], due_at = t, i, t
                n_due += 1
        elif version == k.version or k.occurred < FAR:
            k.time = t
            n_touched = act(i, t, path, events, pieces, effects, leads, grid, heap, touched, n_touched, survival, from_grid)
    for i in range(n_touched):
        k = events[touched[i]]
        if k.scheduled == FAR and (k.uncertain or path == 0):
            integrate(k, pieces, leads, grid, grid[-1], True, survival[touched[i]])
        at_start(k, pieces, leads, begin)


@numba.njit(nogil=True, cache=True)
def happened_before(cause, begin, events, effects, leads):
    """Let an event that is known to have happened by the beginning act on the state on the eve of a draw's paths."""
    for i in range(cause.first_effect, cause.end_effect):
        effect, k = effects[i], events[effects[i].to]
        after, n = max(cause.occurred, effect.begins), 0
        while after <= begin:
            after = turn(k, leads, effect, n, after)
            n += 1
        effect.next0, effect.n0 = after, n
        if effect.kind == 1:
            k.enabled0 = max(k.enabled0, cause.occurred)


@numba.njit(nogil=True, cache=True)
def begin_draw(begin, events, pieces, effects, leads, grid, baseline):
    """Set the state on the eve of a draw's paths, and integrate every event's baseline."""
    for k in events:
        k.factor0, k.waiting0, k.blocked0, k.on_date, k.enabled0 = 1.0, 0, 0, 0.0, -FAR
    for lead in leads:
        lead.begun0, lead.mass0, lead.first = FAR, 0.0, 0.0
    for effect in effects:
        events[effect.to].waiting0 += effect.kind == 1
        effect.next0 = FAR
    for k in events:
        at_start(k, pieces, leads, begin)
    for cause in events:
        if cause.occurred <= begin:
            happened_before(cause, begin, events, effects, leads)
    for i in range(events.size):
        k = events[i]
        k.factor0, k.waiting0, k.blocked0 = k.factor, k.waiting, k.blocked
        known_before(k, leads)
        if k.scheduled == FAR and k.occurred == FAR:
            integrate(k, pieces, leads, grid, grid[-1], True, baseline[i])
            k.total = k.cumulative
        at_start(k, pieces, leads, begin)


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
def run_draws(begin, events, pieces, effects, leads, grid, hazard, ratio, kappa, thresholds, follows, times, survival):
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
            if effects[i].lead >= 0:
                leads[effects[i].lead].q = ratio[d, i]
        for k in events:
            k.kappa = kappa[d, k.aged] if k.aged >= 0 else 1.0
        baseline[:], from_grid[:] = 0.0, 0
        begin_draw(begin, events, pieces, effects, leads, grid, baseline)
        pending = np.array([i for i in range(effects.size) if effects[i].next0 <= grid[-1]], dtype=np.int64)
        for path in range(thresholds.shape[1]):
            for i in range(events.size):
                events[i].threshold = thresholds[d, path, i]
            for i in range(leads.size):
                leads[i].threshold = follows[d, path, i]
            run_path(path, begin, events, pieces, effects, leads, grid, heap, touched, due, pending, survival[d], from_grid)
            for i in range(events.size):
                times[d, path, i] = events[i].time
        end_draw(events, grid, thresholds.shape[1], baseline, from_grid, survival[d])
