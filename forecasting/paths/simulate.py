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
from dataclasses import dataclass

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
    uncertain = np.array([any(not np.isfinite(world.occurred[j]) for j in above) for above in ancestors(world)])
    times, survival = _run(world, grid, thresholds, uncertain, -1)
    for event, above in enumerate(ancestors(world)):
        if event in above and not np.isfinite(world.occurred[event]):
            _, alone = _run(world, grid, thresholds, uncertain, event)
            survival[:, event] = alone[:, event]
    return Paths(world, grid, times, survival)


def _run(
    world: World, grid: np.ndarray, thresholds: np.ndarray, uncertain: np.ndarray, held: int
) -> tuple[np.ndarray, np.ndarray]:
    """Run the kernel over all draws, in threads; ``held`` is an event kept from happening, or −1."""
    stops = np.unique(
        np.concatenate([grid, world.bounds, world.start[world.start < grid[-1]], world.scheduled[world.scheduled <= grid[-1]]])
    )
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
    return times, survival


@numba.njit(nogil=True, cache=True)
def _kernel(
    hazard, ratio, bounds, arrow_from, arrow_to, arrow_kind, occurred, start, scheduled, stops, grid, thresholds,
    uncertain, held, times, survival,
):  # fmt: skip
    n_draws, n_paths, n = thresholds.shape
    n_arrows, eps = arrow_from.size, 1e-12
    left, cumulative, multiplier, rate = np.empty(n), np.empty(n), np.empty(n), np.empty(n)
    waiting, blocked, done = np.empty(n, np.int64), np.empty(n, np.bool_), np.empty(n, np.bool_)
    for d in range(n_draws):
        for path in range(n_paths):
            multiplier[:], cumulative[:], waiting[:], blocked[:] = 1.0, 0.0, 0, False
            for k in range(n):
                left[k] = thresholds[d, path, k]
                done[k] = np.isfinite(occurred[k])
                times[d, path, k] = occurred[k]
            for e in range(n_arrows):
                if done[arrow_from[e]]:
                    if arrow_kind[e] == 0:
                        multiplier[arrow_to[e]] *= ratio[d, e]
                    elif arrow_kind[e] == 2:
                        blocked[arrow_to[e]] = True
                elif arrow_kind[e] == 1:
                    waiting[arrow_to[e]] += 1
            t, segment, g = stops[0], 0, 0
            for s in range(stops.size):
                stop = stops[s]
                while True:
                    # the next event before this stop, at today's hazards
                    first, when = -1, stop
                    for k in range(n):
                        rate[k] = 0.0
                        if waiting[k] == 0 and not blocked[k] and t >= start[k] - eps and not np.isfinite(scheduled[k]):
                            rate[k] = hazard[d, segment, k] * multiplier[k]
                            if not done[k] and k != held and rate[k] > 0:
                                reach = t + left[k] / rate[k]
                                if reach < when:
                                    first, when = k, reach
                    for k in range(n):
                        cumulative[k] += rate[k] * (when - t)
                        left[k] -= rate[k] * (when - t)
                    t = when
                    if first < 0:
                        break
                    _happen(first, t, d, path, times, done, arrow_from, arrow_to, arrow_kind, ratio, multiplier, blocked, waiting)
                for k in range(n):
                    if abs(scheduled[k] - stop) < eps and waiting[k] == 0 and not blocked[k] and not np.isfinite(occurred[k]):
                        mass = hazard[d, segment, k] * multiplier[k]
                        cumulative[k] += mass
                        if left[k] <= mass and k != held:
                            _happen(k, t, d, path, times, done, arrow_from, arrow_to, arrow_kind, ratio, multiplier, blocked, waiting)
                while segment + 1 < bounds.size and bounds[segment + 1] <= t + eps:
                    segment += 1
                while g < grid.size and grid[g] <= t + eps:
                    for k in range(n):
                        if uncertain[k]:
                            survival[d, k, g] += np.exp(-cumulative[k]) / n_paths
                        elif path == 0:
                            survival[d, k, g] = np.exp(-cumulative[k])
                    g += 1


@numba.njit(nogil=True, cache=True, inline="always")
def _happen(k, t, d, path, times, done, arrow_from, arrow_to, arrow_kind, ratio, multiplier, blocked, waiting):
    done[k] = True
    times[d, path, k] = t
    for e in range(arrow_from.size):
        if arrow_from[e] == k:
            if arrow_kind[e] == 0:
                multiplier[arrow_to[e]] *= ratio[d, e]
            elif arrow_kind[e] == 1:
                waiting[arrow_to[e]] -= 1
            else:
                blocked[arrow_to[e]] = True
