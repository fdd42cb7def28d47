"""Two rivals of the path simulator: plain NumPy over all paths at once, and squigglepy path by path."""

from __future__ import annotations

import numpy as np
import squigglepy as sq

from forecasting.paths.inputs import BLOCKS, ENABLES, MULTIPLIES, World


def numpy_paths(world: World, end: float, random_seed: int, paths_per_draw: int, at_once: int = 2_000) -> np.ndarray:
    """Return when each event happens on each path, (path, event), inf if not before ``end``.

    The next-event method with everything vectorised over paths: per round, each path jumps to the first of its events
    to reach its threshold, and the effects out of it change the rates of their targets. Hazards must be constant.
    """
    rng, n = np.random.default_rng(random_seed), len(world.event_ids)
    hazard = np.repeat(world.hazard[:, world.first_piece[:-1]], paths_per_draw, axis=0)
    ratio = np.repeat(world.ratio, paths_per_draw, axis=0)
    out = [np.flatnonzero(world.effect_from == k) for k in range(n)]
    enablers = np.bincount(world.effect_to[world.effect_kind == ENABLES], minlength=n)
    chunks = [slice(i, i + at_once) for i in range(0, len(hazard), at_once)]
    return np.concatenate([_rounds(world, rng, hazard[part], ratio[part], out, enablers, end) for part in chunks])


def _rounds(
    world: World, rng: np.random.Generator, hazard: np.ndarray, ratio: np.ndarray, out: list[np.ndarray],
    enablers: np.ndarray, end: float,
) -> np.ndarray:  # fmt: skip
    paths, n = hazard.shape
    left, waiting = rng.standard_exponential((paths, n)), np.tile(enablers, (paths, 1))
    rate, times = np.where(waiting > 0, 0.0, hazard), np.full((paths, n), np.inf)
    factor, shut = np.ones((paths, n)), np.zeros((paths, n), dtype=bool)
    now, running = np.zeros(paths), np.arange(paths)
    while running.size:
        with np.errstate(divide="ignore", invalid="ignore"):
            wait = np.where(rate[running] > 0, left[running] / rate[running], np.inf)
        first = wait.argmin(axis=1)
        step = wait[np.arange(running.size), first]
        goes_on = now[running] + step <= end
        running, first, step = running[goes_on], first[goes_on], step[goes_on]
        left[running] -= rate[running] * step[:, None]
        now[running] += step
        times[running, first], rate[running, first], shut[running, first] = now[running], 0.0, True
        for k in np.unique(first):
            those = running[first == k]
            for effect in out[k]:
                target, kind = world.effect_to[effect], world.effect_kind[effect]
                if kind == MULTIPLIES:
                    factor[those, target] *= ratio[those, effect]
                elif kind == ENABLES:
                    waiting[those, target] -= 1
                elif kind == BLOCKS:
                    shut[those, target] = True
                open_now = (waiting[those, target] == 0) & ~shut[those, target]
                rate[those, target] = np.where(open_now, hazard[those, target] * factor[those, target], 0.0)
    return times


def squiggle_paths(rates: tuple[float, ...], ratio: float, end: float, n: int) -> np.ndarray:
    """Return on which of ``n`` paths the last of a chain of events happens, as squigglepy's guide writes a model.

    Each event multiplies the rate of the next one by ``ratio``; the rates are known to a factor of two either way (90 %).
    """
    spread = [sq.lognorm(rate / 2, rate * 2) for rate in rates]

    def path() -> bool:
        earlier = np.inf
        for one in spread:
            rate, threshold = ~one, ~sq.exponential(1)
            before = rate * earlier
            when = threshold / rate if threshold <= before else earlier + (threshold - before) / (rate * ratio)
            earlier = when if when <= end else np.inf
        return earlier <= end

    return np.array(sq.sample(path, n=n))
