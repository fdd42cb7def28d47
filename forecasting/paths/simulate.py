"""Exact event paths: each event fires when its integrated hazard reaches its own Exponential(1) threshold.

This is the next-reaction method in its random-time-change form. Between changes (an event happens, a signal expires) an
event's hazard is constant in its operational time, so the time at which a threshold is reached is exact and there are no
time steps. With thresholds drawn before the simulation, the same seed gives the same paths on any number of cores, and a
what-if sees common random numbers.

References
----------
Gibson, M. A. and Bruck, J. (2000), *Efficient exact stochastic simulation of chemical systems with many species and many
channels*, J. Phys. Chem. A 104.
Anderson, D. F. (2007), *A modified next reaction method for simulating chemical systems with time dependent propensities
and delays*, J. Chem. Phys. 127.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np

from forecasting.dossier.graph import joined, reach
from forecasting.paths.inputs import LEADS, World
from forecasting.paths.records import EFFECT, EVENT, LEAD, PIECE

BLOCK = 64  # draws whose thresholds share a seed


@dataclass(frozen=True)
class Paths:
    """Simulated futures.

    ``times`` (draw, path, event): when each event happens, in years from the as-of date, inf if not before the end.
    ``survival`` (draw, event, grid): P(T > t | draw) from the hazard integrated along the paths, without counting hits:
    exact to rounding for an event that no uncertain cause acts on.
    ``survival_noise`` (event, grid): the variance that a finite number of paths adds to ``survival``, as its mean over draws;
    zero where survival is exact.
    """

    world: World
    grid: np.ndarray
    times: np.ndarray
    survival: np.ndarray
    survival_noise: np.ndarray

    def __repr__(self) -> str:
        draws, paths, events = self.times.shape
        return f"<Paths of {events} events: {draws:,} draws × {paths} paths each; .times, .survival>"


def ancestors(world: World) -> list[frozenset[int]]:
    """Return, per event, the events with a chain of effects into it (itself included if it feeds back)."""
    causes = joined(zip(world.effect_to.tolist(), world.effect_from.tolist(), strict=True))
    return [reach(causes, causes(event)) for event in range(len(world.event_ids))]


def simulate(
    world: World, grid: np.ndarray, *, paths_per_draw: int, random_seed: int, events: Iterable[int] | None = None
) -> Paths:
    """Simulate paths for every draw and integrate every event's hazard along them.

    P(T_k > t | θ) is the mean over paths of exp(−∫₀ᵗ λ_k), where k itself is kept from happening if what it causes acts
    back on it: such an event gets a simulation of its own.

    The paths of a draw are run in two halves of n₁ and n₂. With s₁ and s₂ the survival that each gives, their difference is
    chance alone, so E[(s₁ − s₂)²] n₁ n₂ / (n₁ + n₂)² is the variance of the mean over all paths, whatever drives it.

    Parameters
    ----------
    grid : (grid,) array
        Times in years from the as-of date, rising, none negative.
    paths_per_draw : int
        Paths for each posterior draw; of a single one the noise cannot be known and is nan.
    random_seed : int
        Seed of the thresholds.
    events : iterable of int, optional
        The events to simulate, with all that acts on them; the paths are then of these only, and the same as among all.
    """
    above = ancestors(world)
    uncertain = np.array([any(not np.isfinite(world.occurred[j]) for j in causes) for causes in above])
    wanted = range(len(world.event_ids)) if events is None else set(events)
    kept = np.array(sorted({*wanted}.union(*(above[k] for k in wanted))), dtype=int)
    times = np.empty((world.n_draws, paths_per_draw, kept.size), dtype=np.float32)
    survival = np.zeros((world.n_draws, kept.size, len(grid)))
    noise = _run(world, grid, uncertain, random_seed, kept, times, survival)
    for place, event in enumerate(kept):
        if event in above[event] and not np.isfinite(world.occurred[event]):
            keep = np.array(sorted(above[event]))
            unused = np.empty((world.n_draws, paths_per_draw, keep.size), dtype=np.float32)
            alone = np.zeros((world.n_draws, keep.size, len(grid)))
            held, at = _run(world, grid, uncertain, random_seed, keep, unused, alone, held=event), np.searchsorted(keep, event)
            survival[:, place], noise[place] = alone[:, at], held[at]
    return Paths(world if kept.size == len(world.event_ids) else restrict(world, kept), grid, times, survival, noise)


def descendants(world: World, events: Iterable[int]) -> frozenset[int]:
    """Return some events and all that a chain of effects leads to from them: what a change of their hazards can change."""
    return reach(joined(zip(world.effect_from.tolist(), world.effect_to.tolist(), strict=True)), events)


def restrict(world: World, keep: np.ndarray) -> World:
    """Return the world of some events only; they must include every cause of each other."""
    effects = np.isin(world.effect_to, keep)
    pieces = [np.arange(world.first_piece[k], world.first_piece[k + 1]) for k in keep]
    inside = np.concatenate([np.zeros(0, dtype=int), *pieces])
    return replace(
        world,
        event_ids=tuple(world.event_ids[k] for k in keep),
        hazard=np.ascontiguousarray(world.hazard[:, inside]),
        first_piece=np.concatenate([[0], np.cumsum([len(part) for part in pieces])]),
        piece_start=world.piece_start[inside],
        ratio=np.ascontiguousarray(world.ratio[:, effects]),
        effect_from=np.searchsorted(keep, world.effect_from[effects]),
        effect_to=np.searchsorted(keep, world.effect_to[effects]),
        effect_kind=world.effect_kind[effects],
        effect_lag=world.effect_lag[effects],
        effect_begins=world.effect_begins[effects],
        effect_until=world.effect_until[effects],
        effect_half_life=world.effect_half_life[effects],
        occurred=world.occurred[keep],
        start=world.start[keep],
        scheduled=world.scheduled[keep],
        aged=world.aged[keep],
        scale=world.scale[keep],
        clock=world.clock[keep],
    )


def _run(
    world: World, grid: np.ndarray, uncertain: np.ndarray, seed: int, keep: np.ndarray,
    times: np.ndarray, survival: np.ndarray, held: int = -1,
) -> np.ndarray:  # fmt: skip
    """Run the kernel over all draws, in threads, and return the noise of survival (event, grid).

    ``held`` is an event kept from happening, or −1.

    Thresholds are drawn for all events, in blocks of draws with a seed of their own: neither the number of threads nor
    leaving events out moves a digit of the others, and memory is what one block needs. What follows from causes has a
    stream of its own: a network without it sees the same thresholds.
    """
    part = world if keep.size == len(world.event_ids) else restrict(world, keep)
    grid = np.ascontiguousarray(grid, dtype=float)
    by_cause = np.argsort(part.effect_from, kind="stable")
    ratio = np.ascontiguousarray(part.ratio[:, by_cause])
    n_draws, n_paths, n = times.shape
    leading, here = np.flatnonzero(world.effect_kind == LEADS), np.isin(world.effect_to, keep)
    by_target = np.argsort(part.effect_to[part.effect_kind == LEADS], kind="stable")
    drawn_for = np.flatnonzero(here[leading])[by_target]

    halves = [slice(0, n_paths // 2), slice(n_paths // 2, n_paths)] if n_paths > 1 else [slice(0, 1)]

    from forecasting.paths.kernel import run_draws  # numba: nobody who asks only the draws at hand should wait for it

    def block(first: int) -> np.ndarray:
        some = slice(first, min(first + BLOCK, n_draws))
        size = (some.stop - some.start, n_paths, len(world.event_ids))
        drawn = np.random.default_rng([seed, first // BLOCK]).standard_exponential(size, dtype=np.float32)[:, :, keep]
        follows = np.random.default_rng([seed, first // BLOCK, 1]).random((*size[:2], len(leading)))[:, :, drawn_for]
        events, leads = _event_records(part, by_cause, world.begin, grid[-1], uncertain[keep]), np.zeros(len(by_target), LEAD)
        events["held"] = keep == held
        leads["lag"] = part.effect_lag[part.effect_kind == LEADS][by_target]
        pieces, effects = np.zeros(len(part.piece_start), PIECE), _effect_records(part, by_cause)
        pieces["start"] = part.piece_start
        found = np.zeros((len(halves), *survival[some].shape))
        for half, alive in zip(halves, found, strict=True):
            when = np.empty((size[0], half.stop - half.start, n), dtype=times.dtype)
            run_draws(
                world.begin, events, pieces, effects, leads, grid, part.hazard[some], ratio[some], part.kappa[some],
                np.ascontiguousarray(drawn[:, half]), np.ascontiguousarray(follows[:, half]), when, alive,
            )  # fmt: skip
            times[some, half] = when
        n_in = np.array([half.stop - half.start for half in halves])
        survival[some] = np.einsum("h,hdeg->deg", n_in, found) / n_paths
        return ((found[0] - found[-1]) ** 2).sum(axis=0) * n_in.prod() / n_paths**2

    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        noise = sum(pool.map(block, range(0, n_draws, BLOCK))) / n_draws
    return np.where(uncertain[keep, None], np.nan, noise) if n_paths == 1 else noise


def _event_records(w: World, by_cause: np.ndarray, begin: float, end: float, uncertain: np.ndarray) -> np.ndarray:
    """Return the kernel's record of every event."""
    events, causes = np.zeros(len(w.event_ids), EVENT), w.effect_from[by_cause]
    events["first_piece"], events["end_piece"] = w.first_piece[:-1], w.first_piece[1:]
    events["first_effect"] = np.searchsorted(causes, np.arange(len(events)))
    events["end_effect"] = np.searchsorted(causes, np.arange(len(events)), side="right")
    for name, values in (("aged", w.aged), ("scale", w.scale), ("clock0", w.clock), ("occurred", w.occurred),
                         ("start", w.start), ("scheduled", w.scheduled), ("uncertain", uncertain)):  # fmt: skip
        events[name] = values
    led = np.sort(w.effect_to[w.effect_kind == LEADS])
    events["first_lead"] = np.searchsorted(led, np.arange(len(events)))
    events["end_lead"] = np.searchsorted(led, np.arange(len(events)), side="right")
    ahead = (w.start < w.scheduled) & (begin <= w.scheduled) & (w.scheduled <= end)
    events["has_date"] = np.isinf(w.occurred) & ahead
    return events


def _effect_records(w: World, by_cause: np.ndarray) -> np.ndarray:
    """Return the kernel's record of every effect, in the order of causes; leads are numbered in the order of targets."""
    effects, leading = np.zeros(len(by_cause), EFFECT), np.flatnonzero(w.effect_kind == LEADS)
    lead = np.full(len(by_cause), -1)
    lead[leading[np.argsort(w.effect_to[leading], kind="stable")]] = np.arange(len(leading))
    for name, values in (("to", w.effect_to), ("kind", w.effect_kind), ("lead", lead), ("begins", w.effect_begins),
                         ("until", w.effect_until), ("quarter", w.effect_half_life / 4)):  # fmt: skip
        effects[name] = values[by_cause]
    return effects
