"""The simulator against the matrix exponential, closed forms and itself."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from master_equation import BLOCKS, ENABLES, MULTIPLIES, not_happened, simulated_distribution, state_distribution, world
from scipy import stats

from forecasting.paths import simulate as module
from forecasting.paths.inputs import World
from forecasting.paths.simulate import Paths, descendants, simulate

DRAWS, PATHS = 500, 400


def random_network(n: int, seed: int) -> World:
    """Return a network of all three kinds of effects with feedback; only `enables` effects run one way."""
    rng = np.random.default_rng(seed)
    effects = []
    for cause in range(n):
        for target in range(n):
            if cause != target and (rng.random() < 0.45 or (cause, target) == (0, 1)):
                kind = int(rng.choice([MULTIPLIES, MULTIPLIES, MULTIPLIES, ENABLES, BLOCKS]))
                kind = MULTIPLIES if kind == ENABLES and cause > target else kind
                effects.append((cause, target, kind, float(np.exp(rng.normal(0, 1.2)))))
    return world(np.tile(rng.uniform(0.1, 1.5, n), (DRAWS, 1)), effects)


def run(w: World, *times: float, paths: int = PATHS, seed: int = 3) -> Paths:
    return simulate(w, np.array(times), paths_per_draw=paths, random_seed=seed)


def hold_to_the_exact_answer(w: World, until: float, batches: int = 1) -> None:
    """Hold 200,000 paths a batch to the master equation: their joint distribution, each state, each survival curve."""
    exact, got = state_distribution(w, until), np.zeros(2 ** len(w.event_ids))
    curves = not_happened(w, state_distribution(w, until / 2)), not_happened(w, exact)
    for seed in range(3, 3 + batches):
        paths = run(w, until / 2, until, seed=seed)
        got += simulated_distribution(paths.times, until + 1e-6) / batches
    # 64 states and 200,000 paths scatter by about 0.005 in total variation, 1,024 states and four times the paths by 0.007
    assert np.abs(exact - got).sum() / 2 <= 0.01
    assert np.all(got[exact < 1e-300] == 0)
    # Sharper than any one tolerance: the counts fit (20 tests at one in ten thousand). If one ratio of an effect were off by
    # 10 %, this would be found among six events nearly always (half of the effects would move χ² by 230 or more, where 90
    # above its mean are enough), among ten with 800,000 paths for more than half of the effects; with 400,000 for about half.
    n = DRAWS * PATHS * batches
    common = exact > 5 / n
    counts = got[common] * n
    expected = exact[common] / exact[common].sum() * counts.sum()
    assert stats.chisquare(counts, expected).pvalue > 1e-4
    for i, curve in enumerate(curves):
        p, error = paths.survival[:, :, i].mean(axis=0), paths.survival[:, :, i].std(axis=0) / math.sqrt(DRAWS)
        assert np.all(
            np.abs(p - curve)[np.isinf(w.occurred)] <= (4.5 * error + 1e-9)[np.isinf(w.occurred)]
        )


def test_some_events_run_the_same_paths_as_among_all() -> None:
    # 0 → 1 ⇄ 2, and 3 → 4 apart from them
    effects = [(0, 1, MULTIPLIES, 3.0), (1, 2, MULTIPLIES, 2.0), (2, 1, MULTIPLIES, 0.5), (3, 4, ENABLES, 1.0)]
    w = world(np.tile([0.5, 0.4, 0.3, 0.6, 0.8], (DRAWS, 1)), effects)
    grid = np.array([0.0, 1.0, 2.0])
    every = simulate(w, grid, paths_per_draw=20, random_seed=3)
    for wanted, kept in (([1], [0, 1, 2]), ([4], [3, 4]), ([0, 4], [0, 3, 4]), ([], [])):
        few = simulate(w, grid, paths_per_draw=20, random_seed=3, events=wanted)
        assert few.world.event_ids == tuple(w.event_ids[k] for k in kept)
        assert np.array_equal(few.times, every.times[:, :, kept])
        assert np.array_equal(few.survival, every.survival[:, kept])
    assert [sorted(descendants(w, found)) for found in ([0], [1], [4], [3, 2])] == [[0, 1, 2], [1, 2], [4], [1, 2, 3, 4]]


@pytest.mark.slow
@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize("n", [2, 3, 4, 5, 6])
def test_random_networks_follow_the_master_equation(n: int, seed: int) -> None:
    w = random_network(n, 10 * n + seed)
    hold_to_the_exact_answer(w, 1.3)


@pytest.mark.slow
def test_a_network_of_ten_events_follows_it_too() -> None:
    hold_to_the_exact_answer(random_network(10, 100), 1.3, batches=4)


def test_feedback_calendar_and_a_scheduled_date_follow_the_master_equation() -> None:
    hazard = np.random.default_rng(0).uniform(0.2, 1, (1, 3, 3))
    ring = [(0, 1, MULTIPLIES, 3.0), (1, 2, MULTIPLIES, 0.2), (2, 0, MULTIPLIES, 5.0)]
    w = world(
        np.tile(hazard, (DRAWS, 1, 1)), ring, bounds=np.array([-0.5, 0.2, 0.6]), start=np.array([-0.5, -0.1, 0.0]),
        scheduled=np.array([np.inf, 0.4, np.inf]),
    )  # fmt: skip
    hold_to_the_exact_answer(w, 1.0)


def test_a_block_in_a_ring_with_states_known_on_different_days_follows_the_master_equation() -> None:
    hazard = np.random.default_rng(1).uniform(0.2, 1, (1, 3, 3))
    ring = [(0, 1, MULTIPLIES, 3.0), (1, 2, BLOCKS, 1.0), (2, 0, MULTIPLIES, 5.0)]
    starts = {"bounds": np.array([-0.5, 0.2, 0.6]), "start": np.array([-0.5, -0.1, -0.3])}
    hold_to_the_exact_answer(world(np.tile(hazard, (DRAWS, 1, 1)), ring, **starts), 1.0)


@pytest.mark.parametrize("kind", [MULTIPLIES, ENABLES, BLOCKS])
def test_a_cause_acts_from_the_day_it_is_known_to_have_happened(kind: int) -> None:
    # the target's state is known until −1 year, the cause happened at −0.4
    w = world(
        np.tile([0.7, 0.5], (DRAWS, 1)), [(0, 1, kind, 4.0)], bounds=np.array([-1.0]),
        occurred=np.array([-0.4, np.inf]), start=np.array([-0.4, -1.0]),
    )  # fmt: skip
    hold_to_the_exact_answer(w, 1.0)
    before, after = {MULTIPLIES: (0.6, 4 * 1.4), ENABLES: (0.0, 1.4), BLOCKS: (0.6, 0.0)}[kind]
    assert run(w, 1.0, paths=1).survival[0, 1, 0] == pytest.approx(math.exp(-0.5 * (before + after)), abs=1e-12)


def test_a_date_that_passed_without_the_event_is_over() -> None:
    # known to have survived its date at −0.5, while another event's state was last known a year ago
    w = world(
        np.tile([0.7, 5.0], (DRAWS, 1)), bounds=np.array([-1.0]), start=np.array([-1.0, -0.2]),
        scheduled=np.array([np.inf, -0.5]),
    )  # fmt: skip
    paths = run(w, 0.0, 1.0, paths=50)
    assert np.all(np.isinf(paths.times[:, :, 1]))
    assert np.all(paths.survival[:, 1] == 1)


def test_an_event_without_causes_has_its_closed_form_on_every_draw() -> None:
    # hazards of three segments from −0.25, 0.1 and 0.7; the state was last known at −0.2
    hazard = np.random.default_rng(2).uniform(0.05, 2.0, (7, 3, 1))
    w = world(hazard, bounds=np.array([-0.25, 0.1, 0.7]), start=np.array([-0.2]))
    grid = np.array([0.0, 0.05, 0.1, 0.4, 0.7, 1.9])
    spans = np.stack([np.clip(grid, -0.2, 0.1) + 0.2, np.clip(grid - 0.1, 0, 0.6), np.clip(grid - 0.7, 0, None)])
    paths = run(w, *grid, paths=3)
    assert paths.survival[:, 0] == pytest.approx(np.exp(-hazard[:, :, 0] @ spans), abs=1e-12)


def test_a_scheduled_event_happens_on_its_date_or_never() -> None:
    w = world(np.full((DRAWS, 1), 0.8), scheduled=np.array([0.5]))
    paths = run(w, 0.0, 0.49, 0.5, 2.0)
    assert paths.survival[:, 0] == pytest.approx(np.tile([1, 1, math.exp(-0.8), math.exp(-0.8)], (DRAWS, 1)), abs=1e-12)
    assert set(np.unique(paths.times)) == {np.float32(0.5), np.float32(np.inf)}
    share = (paths.times == 0.5).mean()
    assert share == pytest.approx(-math.expm1(-0.8), abs=4 * math.sqrt(0.25 / paths.times.size))


def test_curves_never_rise() -> None:
    paths = run(random_network(5, 7), *np.linspace(0, 2, 41), paths=20)
    assert np.all(np.diff(paths.survival, axis=2) <= 1e-15)
    assert np.all((paths.survival > 0) & (paths.survival <= 1))
    assert np.all(paths.survival[:, :, 0] == 1)


def test_what_cannot_happen_has_probability_zero_and_not_a_rounding_below_it() -> None:
    # waits for an event that a date keeps away until later; 49 paths, because 49 times 1/49 is not one
    w = world(np.full((4, 2), 0.5), [(0, 1, ENABLES, 1.0)], scheduled=np.array([2.0, np.inf]))
    assert np.all(run(w, 0.0, 1.0, paths=49).survival == 1)


def test_integrated_hazards_scatter_less_than_counted_hits() -> None:
    w = world(np.tile([0.4, 0.3], (DRAWS, 1)), [(0, 1, MULTIPLIES, 4.0)])
    paths = run(w, 1.0, paths=64)
    counted = (paths.times[:, :, 1] > 1.0).mean(axis=1)
    assert paths.survival[:, 1, 0].mean() == pytest.approx(counted.mean(), abs=4 * counted.std() / math.sqrt(DRAWS))
    assert paths.survival[:, 1, 0].std() < counted.std() / 2


@pytest.mark.parametrize("cores", [1, 2, 3])
def test_the_number_of_cores_does_not_move_a_bit(monkeypatch: pytest.MonkeyPatch, cores: int) -> None:
    w = random_network(5, 11)
    here = run(w, 0.5, 1.5, paths=10)
    monkeypatch.setattr(module.os, "cpu_count", lambda: cores)
    there = run(w, 0.5, 1.5, paths=10)
    assert here.times.tobytes() == there.times.tobytes()
    assert here.survival.tobytes() == there.survival.tobytes()


def test_the_seed_decides_the_paths() -> None:
    w = random_network(4, 5)
    first, again, other = (run(w, 1.0, paths=10, seed=seed).times.tobytes() for seed in (3, 3, 4))
    assert first == again
    assert first != other


def test_a_what_if_sees_common_random_numbers() -> None:
    # another hazard of one event leaves the times of all events that it does not cause as they were
    w = world(np.tile([0.4, 0.3, 0.6], (20, 1)), [(0, 1, MULTIPLIES, 4.0)])
    changed = replace(w, hazard=w.hazard * np.array([2.0, 1.0, 1.0]))
    before, after = run(w, 3.0, paths=50).times, run(changed, 3.0, paths=50).times
    assert np.array_equal(before[:, :, 2], after[:, :, 2])
    assert np.all(after[:, :, 0] <= before[:, :, 0])
    assert np.all(after[:, :, 1] <= before[:, :, 1])
