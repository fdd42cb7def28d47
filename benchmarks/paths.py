"""Paths per second: ours against plain NumPy on sixteen events, and against squigglepy on a chain of three."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from benchmarks.networks import AS_OF, DEADLINE, EDITION, write_network
from benchmarks.rivals import numpy_paths, squiggle_paths
from benchmarks.timing import Row, number, race, seconds
from forecasting.dossier.status import years_between
from forecasting.inference.sample import Length
from forecasting.models.network.engine import compile_network, layer_evidence
from forecasting.models.network.hazards import build_world
from forecasting.paths.inputs import MULTIPLIES, World
from forecasting.paths.simulate import simulate
from forecasting.rules.load import load_dossier

END = years_between(AS_OF, DEADLINE)
PER_DRAW = 64
RATES, RATIO, SQUIGGLES = (0.3, 0.4, 0.5), 3.0, 5_000


def path_rows(project: Path, runs: int) -> Iterator[Row]:
    """Yield paths per second; what both sides compute is held to agree first."""
    world, grid = sixteen_events(project), np.array([0.0, END])
    mine = simulate(world, grid, paths_per_draw=PER_DRAW, random_seed=1).times
    theirs = numpy_paths(world, END, 2, PER_DRAW)
    agree("NumPy", np.isfinite(mine).mean(axis=(0, 1)), np.isfinite(theirs).mean(axis=0), theirs.shape[0] / PER_DRAW)
    n, steps = theirs.shape[0], np.isfinite(mine).sum(axis=2).mean()
    yield rate("paths of 16 events", n, runs, lambda: simulate(world, grid, paths_per_draw=PER_DRAW, random_seed=1),
               lambda: numpy_paths(world, END, 1, PER_DRAW), "NumPy over all paths at once, without survival curves")  # fmt: skip
    spent = min(seconds(lambda: simulate(world, grid, paths_per_draw=PER_DRAW, random_seed=1)) for _ in range(runs))
    yield Row(f"the same, per step of a path ({number(steps)} of {len(world.event_ids)} events happen)", "µs",
              1e6 * spent / (n * steps))  # fmt: skip
    chain = three_events(64_000)
    mine = simulate(chain, grid, paths_per_draw=1, random_seed=1).times
    theirs = squiggle_paths(RATES, RATIO, END, 4 * SQUIGGLES)
    agree("squigglepy", np.isfinite(mine[..., 2]).mean(), theirs.mean(), theirs.size)
    ours = lambda: chain.n_draws / seconds(lambda: simulate(chain, grid, paths_per_draw=1, random_seed=1))  # noqa: E731
    rival = lambda: SQUIGGLES / seconds(lambda: squiggle_paths(RATES, RATIO, END, SQUIGGLES))  # noqa: E731
    yield versus("paths of a question about three events", ours, rival, runs, "squigglepy, a function per path")


def rate(what: str, n: int, runs: int, ours: Callable[[], object], rival: Callable[[], object], named: str) -> Row:
    """Return the row of a race in which both sides run ``n`` paths."""
    return versus(what, lambda: n / seconds(ours), lambda: n / seconds(rival), runs, named)


def versus(what: str, ours: Callable[[], float], rival: Callable[[], float], runs: int, named: str) -> Row:
    """Return the row of a race for paths per second."""
    mine, theirs = race(ours, rival, runs)
    return Row(what, "/s", mine, theirs, mine / theirs, "", named)


def agree(rival: str, mine: np.ndarray, theirs: np.ndarray, n: float) -> None:
    """Stop if two programs that are to be compared do not compute the same: five standard errors of ``n`` draws each."""
    error = np.sqrt(2 * np.maximum(mine * (1 - mine), 1e-4) / n)
    if np.any(worst := np.abs(mine - theirs) > 5 * error):
        raise SystemExit(f"{rival} gives other probabilities than we do: {mine} and {theirs} ({np.sum(worst)} too far apart)")


def sixteen_events(project: Path) -> World:
    """Return a generated network of sixteen events with 1,000 posterior draws and constant hazards (signals switched off)."""
    with tempfile.TemporaryDirectory() as folder:
        edition = load_dossier(write_network(Path(folder), project, 16)).edition(EDITION)
    network = compile_network(edition)
    trace = network.sample(layer_evidence(network, "posterior"), random_seed=1, length=Length(4, 250, 250, 0.9))
    none = np.zeros(len(network.structure.signals), dtype=bool)
    return build_world(edition, network.structure, trace["posterior"].to_dataset(), none, DEADLINE)


def three_events(n: int) -> World:
    """Return the chain that `benchmarks.rivals.squiggle_paths` states, with a draw of its rates for every path."""
    spread = np.log(2) / 1.6448536269514722
    hazard = np.array(RATES) * np.exp(spread * np.random.default_rng(3).standard_normal((n, 3)))
    return World(
        event_ids=("first", "second", "third"), as_of=AS_OF, hazard=hazard, first_piece=np.arange(4), piece_start=np.zeros(3),
        ratio=np.full((n, 2), RATIO), effect_from=np.array([0, 1]), effect_to=np.array([1, 2]),
        effect_kind=np.full(2, MULTIPLIES), effect_lag=np.zeros(2), effect_begins=np.full(2, -np.inf),
        effect_until=np.full(2, np.inf), effect_half_life=np.full(2, np.inf),
        occurred=np.full(3, np.inf), start=np.zeros(3), scheduled=np.full(3, np.inf),
        n_chains=1, kappa=np.ones((n, 0)), aged=np.full(3, -1), scale=np.ones(3), clock=np.full(3, np.nan),
    )  # fmt: skip
