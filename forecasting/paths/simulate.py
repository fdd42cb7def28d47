"""Exact event paths: each event fires when its integrated hazard reaches its own Exponential(1) threshold.

This is the next-reaction method in its random-time-change form. Hazards are constant between changes (an event happens, a
signal lapses), so the time at which a threshold is reached is exact and there are no time steps. With thresholds drawn
before the simulation, the same seed gives the same paths on any number of cores, and a what-if sees the same luck.

References
----------
Gibson, M. A. and Bruck, J. (2000), *Efficient exact stochastic simulation of chemical systems with many species and many
channels*, J. Phys. Chem. A 104.
Anderson, D. F. (2007), *A modified next reaction method for simulating chemical systems with time dependent propensities
and delays*, J. Chem. Phys. 127.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numba
import numpy as np

from forecasting.paths.world import World


@dataclass(frozen=True)
class Paths:
    """Simulated futures.

    ``times`` (draw, path, event): when each event happens, in years from the as-of date, inf if not before the end.
    ``survival`` (draw, event, grid): P(T > t | draw) from the hazard integrated along the paths, without counting hits:
    exact to rounding for an event that no uncertain cause acts on.
    """

    world: World
    grid: np.ndarray
    times: np.ndarray
    survival: np.ndarray


def ancestors(world: World) -> list[set[int]]:
    """Return, per event, the events with a chain of arrows into it (itself included if it feeds back)."""
    n = len(world.event_ids)
    parents: list[set[int]] = [set() for _ in range(n)]
    for cause, target in zip(world.arrow_from, world.arrow_to, strict=True):
        parents[target].add(int(cause))
    found = []
    for event in range(n):
        seen: set[int] = set()
        frontier = set(parents[event])
        while frontier:
            seen |= frontier
            frontier = set().union(*(parents[k] for k in frontier)) - seen
        found.append(seen)
    return found


def simulate(world: World, grid: np.ndarray, *, paths_per_draw: int, random_seed: int) -> Paths:
    """Simulate paths for every draw and integrate every event's hazard along them.

    P(T_k > t | θ) is the mean over paths of exp(−∫₀ᵗ λ_k), where k itself is kept from happening if what it causes acts
    back on it: such an event gets a simulation of its own.

    Parameters
    ----------
    grid : (grid,) array
        Times in years from the as-of date, rising, none negative.
    paths_per_draw : int
        Paths for each posterior draw.
    random_seed : int
        Seed of the thresholds.
    """
    thresholds = np.random.default_rng(random_seed).standard_exponential(
        (world.n_draws, paths_per_draw, len(world.event_ids)), dtype=np.float32
    )
    above = ancestors(world)
    uncertain = np.array([any(not np.isfinite(world.occurred[j]) for j in causes) for causes in above])
    times, survival = _run(world, grid, thresholds, uncertain, -1)
    for event, causes in enumerate(above):
        if event in causes and not np.isfinite(world.occurred[event]):
            keep = np.array(sorted(causes))
            part = restrict(world, keep)
            at = int(np.searchsorted(keep, event))
            survival[:, event] = _run(part, grid, thresholds[:, :, keep], uncertain[keep], at)[1][:, at]
    return Paths(world, grid, times, survival)


def restrict(world: World, keep: np.ndarray) -> World:
    """Return the world of some events only; they must include every cause of each other."""
    arrows = np.isin(world.arrow_to, keep)
    return replace(
        world,
        event_ids=tuple(world.event_ids[k] for k in keep),
        hazard=np.ascontiguousarray(world.hazard[:, :, keep]),
        ratio=np.ascontiguousarray(world.ratio[:, arrows]),
        arrow_from=np.searchsorted(keep, world.arrow_from[arrows]),
        arrow_to=np.searchsorted(keep, world.arrow_to[arrows]),
        arrow_kind=world.arrow_kind[arrows],
        occurred=world.occurred[keep],
        start=world.start[keep],
        scheduled=world.scheduled[keep],
    )


def _run(
    world: World, grid: np.ndarray, thresholds: np.ndarray, uncertain: np.ndarray, held: int
) -> tuple[np.ndarray, np.ndarray]:
    """Run the kernel over all draws, in threads; ``held`` is an event kept from happening, or −1."""
    stops = np.unique(np.concatenate([grid, world.bounds, world.scheduled[world.scheduled <= grid[-1]]]))
    stops = stops[stops >= min(world.bounds[0], 0.0)]
    times = np.empty(thresholds.shape, dtype=np.float32)
    survival = np.zeros((world.n_draws, len(world.event_ids), len(grid)))
    workers = os.cpu_count() or 1
    edges = np.linspace(0, world.n_draws, 4 * workers + 1).astype(int)

    def chunk(i: int) -> None:
        part = slice(edges[i], edges[i + 1])
        _kernel(
            world.hazard[part], world.ratio[part], world.bounds, world.arrow_from, world.arrow_to, world.arrow_kind,
            world.occurred, world.start, world.scheduled, stops, grid, thresholds[part], uncertain, held,
            times[part], survival[part],
        )  # fmt: skip

    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(chunk, range(len(edges) - 1)))
    survival[:, uncertain] /= thresholds.shape[1]  # divided once, so that certainty is one and not a rounding above it
    return times, survival


@numba.njit(nogil=True, cache=True)
def _kernel(
    hazard, ratio, bounds, arrow_from, arrow_to, arrow_kind, occurred, start, scheduled, stops, grid, thresholds,
    uncertain, held, times, survival,
):  # fmt: skip
    """Run all paths of some draws.

    Per event: ``left`` of its threshold and ``cumulative`` hazard as of ``since``, the current ``rate``, and the time
    ``fire`` at which the threshold is reached at that rate. They change only when the event is ``touched``: a cause has
    happened or a calendar segment has begun.
    """
    n_draws, n_paths, n = thresholds.shape
    eps, far = 1e-12, np.inf
    left, cumulative, multiplier = np.empty(n), np.empty(n), np.empty(n)
    rate, since, fire = np.empty(n), np.empty(n), np.empty(n)
    waiting, blocked, done, touched = np.empty(n, np.int64), np.empty(n, np.bool_), np.empty(n, np.bool_), np.empty(n, np.bool_)
    acting = np.empty(n, np.bool_)
    for d in range(n_draws):
        for path in range(n_paths):
            for k in range(n):
                left[k], cumulative[k], multiplier[k], waiting[k] = thresholds[d, path, k], 0.0, 1.0, 0
                # what is known to have happened later than the first stop acts from its own day
                blocked[k], done[k], touched[k], times[d, path, k] = False, occurred[k] <= stops[0], True, occurred[k]
                since[k], rate[k], fire[k], acting[k] = max(start[k], stops[0]), 0.0, far, done[k]
            for e in range(arrow_from.size):
                waiting[arrow_to[e]] += arrow_kind[e] == 1
            t, segment, g, s, any_acting = stops[0], 0, 0, 0, True
            while s < stops.size:
                if any_acting:
                    for e in range(arrow_from.size):
                        if acting[arrow_from[e]]:
                            k = arrow_to[e]
                            if arrow_kind[e] == 0:
                                multiplier[k] *= ratio[d, e]
                            elif arrow_kind[e] == 1:
                                waiting[k] -= 1
                            elif arrow_kind[e] == 2:
                                blocked[k] = True
                            touched[k] = True
                    acting[:] = False
                    any_acting = False
                first = 0
                for k in range(n):
                    if touched[k]:
                        passed = rate[k] * max(t - since[k], 0.0)
                        cumulative[k] += passed
                        left[k] -= passed
                        since[k] = max(since[k], t)
                        free = waiting[k] == 0 and not blocked[k] and scheduled[k] == far
                        rate[k] = hazard[d, segment, k] * multiplier[k] if free else 0.0
                        firing = rate[k] > 0 and not done[k] and k != held and occurred[k] == far
                        fire[k] = since[k] + max(left[k], 0.0) / rate[k] if firing else far
                        if not done[k] and occurred[k] < far:
                            fire[k] = occurred[k]
                        touched[k] = False
                    if fire[k] < fire[first]:
                        first = k
                if fire[first] <= stops[s]:
                    t = fire[first]
                    done[first], fire[first], times[d, path, first], acting[first], any_acting = True, far, t, True, True
                    continue
                t = stops[s]
                for k in range(n):
                    due = abs(scheduled[k] - t) < eps and start[k] < scheduled[k] and occurred[k] == far
                    if due and waiting[k] == 0 and not blocked[k]:
                        mass = hazard[d, segment, k] * multiplier[k]
                        cumulative[k] += mass
                        if left[k] <= mass and k != held:
                            done[k], times[d, path, k], acting[k], any_acting = True, t, True, True
                if g < grid.size and grid[g] <= t + eps:
                    for k in range(n):
                        if uncertain[k] or path == 0:
                            now = cumulative[k] + rate[k] * max(t - since[k], 0.0)
                            survival[d, k, g] += np.exp(-now)
                    g += 1
                if segment + 1 < bounds.size and bounds[segment + 1] <= t + eps:
                    segment += 1
                    touched[:] = True
                s += 1
