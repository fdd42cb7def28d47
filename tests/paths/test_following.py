"""What follows from a cause after a lag, or at once, and effects that begin, fade and end: against independent answers."""

from __future__ import annotations

import math

import numpy as np
import pytest
from master_equation import BLOCKS, ENABLES, MULTIPLIES, undated, world
from phase_type import PhaseType
from scipy.integrate import quad

from forecasting.paths.inputs import LEADS, World
from forecasting.paths.simulate import simulate

DRAWS, PATHS, UNTIL = 400, 4000, 1.5  # 1.6 million paths: one standard error of a share is below 0.0004


def led(hazards: list[float], effects: list[tuple[int, int, int, float]], lags: dict[int, float], **changes) -> World:
    """Return a network of constant hazards; ``lags`` maps effects that lead to their mean lag."""
    dates = undated(len(effects))
    dates["effect_lag"][list(lags)] = list(lags.values())
    return world(np.tile(hazards, (DRAWS, 1)), effects, **dates, **changes)


NETWORKS = {
    "one leads to another": led([0.8, 0.3], [(0, 1, LEADS, 0.7)], {0: 0.25}),
    "a chain that also raises": led(
        [0.9, 0.2, 0.15], [(0, 1, LEADS, 0.6), (1, 2, LEADS, 0.8), (0, 2, MULTIPLIES, 3.0)], {0: 0.4, 1: 0.1}
    ),
    "one decision behind two events, one of them blocked": led(
        [0.7, 0.1, 0.2, 0.5], [(0, 1, LEADS, 0.9), (0, 2, LEADS, 0.8), (3, 2, BLOCKS, 1.0)], {0: 0.3, 1: 0.6}
    ),
    "one implies another, which raises a third": led([0.6, 0.3, 0.4], [(0, 1, LEADS, 1.0), (1, 2, MULTIPLIES, 4.0)], {0: 0.0}),
    "what follows waits for an enabler": led([1.2, 0.9, 0.5], [(0, 2, LEADS, 0.85), (1, 2, ENABLES, 1.0)], {0: 0.5}),
    "what follows acts back on its cause": led(
        [0.5, 0.6, 0.3], [(0, 1, LEADS, 0.5), (1, 2, LEADS, 0.9), (2, 0, MULTIPLIES, 5.0)], {0: 0.2, 1: 0.7}
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", NETWORKS)
def test_six_networks_follow_the_master_equation_with_phases(name: str) -> None:
    w = NETWORKS[name]
    grid = np.array([UNTIL / 3, UNTIL])
    paths = simulate(w, grid, paths_per_draw=PATHS, random_seed=5)
    for i, t in enumerate(grid):
        exact = PhaseType(w).distribution(t)
        for k in range(len(w.event_ids)):
            survival = sum(p for happened, p in exact.items() if k not in happened)
            assert paths.survival[:, k, i].mean() == pytest.approx(survival, abs=1e-3)
        happened = paths.times <= t + 1e-6
        for events, p in exact.items():
            share = np.all(happened == [k in events for k in range(len(w.event_ids))], axis=-1).mean()
            assert share == pytest.approx(p, abs=1.6e-3)  # four standard errors of a share of one half
            assert p > 1e-12 or share == 0


def test_what_is_implied_happens_at_the_same_moment_on_every_path() -> None:
    w = NETWORKS["one implies another, which raises a third"]
    times = simulate(w, np.array([UNTIL]), paths_per_draw=200, random_seed=6).times
    assert np.all(times[..., 1] <= times[..., 0])
    assert (times[..., 1] == times[..., 0])[np.isfinite(times[..., 0])].any()


def test_what_is_implied_needs_what_the_same_cause_implies_in_whatever_order_they_stand() -> None:
    # the cause implies an enabler and what it enables: both come with it
    for effects in ([(0, 2, LEADS, 1.0), (0, 1, LEADS, 1.0), (1, 2, ENABLES, 1.0)],
                    [(0, 1, LEADS, 1.0), (0, 2, LEADS, 1.0), (1, 2, ENABLES, 1.0)]):  # fmt: skip
        times = simulate(led([1.0, 0.1, 0.1], effects, {}), np.array([UNTIL]), paths_per_draw=50, random_seed=1).times
        assert np.all(times[..., 1:] <= times[..., :1])


def test_a_known_cause_without_what_it_leads_to_has_its_closed_form() -> None:
    # the cause happened 0.4 years ago and nothing has followed: −log(1 − q + q e^{−u/L}) from u = 0.4 on, beside 0.3 a year
    q, lag, own = 0.7, 0.25, 0.3
    w = led([0.5, own], [(0, 1, LEADS, q)], {0: lag}, occurred=np.array([-0.4, np.inf]), start=np.array([-0.4, 0.0]))
    grid = np.array([0.0, 0.1, 0.5, 2.0])
    paths = simulate(w, grid, paths_per_draw=2000, random_seed=2)

    def cumulative(u: np.ndarray) -> np.ndarray:
        return -np.log(1 - q + q * np.exp(-u / lag))

    closed = np.exp(-own * grid - cumulative(grid + 0.4) + cumulative(np.array(0.4)))
    assert paths.survival[:, 1] == pytest.approx(np.tile(closed, (DRAWS, 1)), abs=1e-12)
    share = (paths.times[..., 1][..., None] > grid + 1e-6).mean(axis=(0, 1))
    assert share == pytest.approx(closed, abs=4 * math.sqrt(0.25 / paths.times[..., 1].size))
    phases = PhaseType(led([0.5, own], [(0, 1, LEADS, q)], {0: lag})).distribution(0.5, known={0: 0.4})
    assert phases[frozenset({0})] == pytest.approx(closed[2], abs=1e-12)


def test_an_event_that_is_made_to_happen_today_takes_with_it_what_it_implies() -> None:
    w = led([0.5, 0.3], [(0, 1, LEADS, 1.0)], {}, occurred=np.array([0.0, np.inf]))
    paths = simulate(w, np.array([0.0, 1.0]), paths_per_draw=10, random_seed=3)
    assert np.all(paths.survival[:, 1] == 0)
    assert np.all(paths.times[..., 1] == 0)


def test_curves_of_what_follows_agree_with_counted_paths_and_scatter_less() -> None:
    w = NETWORKS["one leads to another"]
    paths = simulate(w, np.array([1.0]), paths_per_draw=64, random_seed=4)
    counted = (paths.times[:, :, 1] > 1.0).mean(axis=1)
    assert paths.survival[:, 1, 0].mean() == pytest.approx(counted.mean(), abs=4 * counted.std() / math.sqrt(DRAWS))
    assert paths.survival[:, 1, 0].std() < counted.std()


def test_a_lead_that_is_void_leaves_every_other_threshold_as_it_was() -> None:
    # common random numbers: an event's own time is the same with and without a cause that it may follow
    with_it, without = (led([0.8, 0.3], [(0, 1, LEADS, q)], {0: 0.25}) for q in (0.7, 0.0))
    one, other = (simulate(w, np.array([2.0]), paths_per_draw=20, random_seed=7).times for w in (with_it, without))
    plain = simulate(led([0.8, 0.3], [], {}), np.array([2.0]), paths_per_draw=20, random_seed=7).times
    assert np.array_equal(other, plain)
    assert np.all(one[..., 1] <= other[..., 1])
    assert np.any(one[..., 1] < other[..., 1])


def steps(u: float, half_life: float) -> float:
    """Return what is left of a log ratio after u years, in quarters of a half-life; nothing after five half-lives."""
    n = math.floor(4 * u / half_life)
    return 2 ** (-n / 4) if n < 20 else 0.0


def dated(ratio: float, kind: int = MULTIPLIES, hazards: tuple[float, float] = (0.8, 0.5), **changes) -> World:
    """Return a cause and a target with an effect that has dates or a half-life."""
    dates = undated(1) | {name: np.array([changes.pop(name)]) for name in list(changes) if name.startswith("effect_")}
    return world(np.tile(hazards, (DRAWS, 1)), [(0, 1, kind, ratio)], **dates, **changes)


def exact_survival(t: float, a: float, b: float, multiplier) -> float:
    """Return P(T > t) of a target by quadrature over the time of its cause; ``multiplier(s, v)`` is its ratio at v."""
    grid = np.linspace(0, t, 4001)

    def given(s: float) -> float:
        after = grid[grid > s]
        edges = np.concatenate([[s], after])
        middles = (edges[1:] + edges[:-1]) / 2
        return math.exp(-b * s - b * sum(np.diff(edges) * [multiplier(s, v) for v in middles]))

    whole = quad(lambda s: a * math.exp(-a * s) * given(s), 0, t, limit=50, epsabs=1e-4)[0]
    return math.exp(-a * t) * math.exp(-b * t) + whole


@pytest.mark.slow
def test_an_effect_that_fades_follows_the_quadrature_over_the_time_of_its_cause() -> None:
    w, grid = dated(6.0, effect_half_life=0.3), np.array([0.5, 1.0, 2.0])
    paths = simulate(w, grid, paths_per_draw=1000, random_seed=8)
    for i, t in enumerate(grid):
        exact = exact_survival(t, 0.8, 0.5, lambda s, v: 6.0 ** steps(v - s, 0.3))
        assert paths.survival[:, 1, i].mean() == pytest.approx(exact, abs=1e-3)


def test_an_effect_that_fades_from_a_known_day_has_its_closed_form() -> None:
    # happened half a year ago with a half-life of 0.4: five quarters are over, and the sixth ends at 0.1
    w = dated(5.0, effect_half_life=0.4, occurred=np.array([-0.5, np.inf]), start=np.array([-0.5, 0.0]))
    grid = np.array([0.0, 0.05, 0.7, 2.5])
    lasts = np.linspace(0, 2.5, 250001)
    rate = 0.5 * np.array([5.0 ** steps(u + 0.5 + 5e-6, 0.4) for u in lasts[:-1]])
    sums = np.concatenate([[0.0], np.cumsum(rate) * 1e-5])
    expected = np.exp(-sums[np.searchsorted(lasts, grid - 1e-9)])
    paths = simulate(w, grid, paths_per_draw=3, random_seed=9)
    assert paths.survival[:, 1] == pytest.approx(np.tile(expected, (DRAWS, 1)), abs=1e-4)
    assert np.ptp(paths.survival[:, 1], axis=0).max() < 1e-15
    assert rate[-1] == 0.5  # five half-lives after the cause, at 1.5, nothing is left


@pytest.mark.parametrize("kind", [MULTIPLIES, BLOCKS])
def test_an_effect_acts_between_its_two_dates(kind: int) -> None:
    ratio = 6.0
    w, grid = dated(ratio, kind, effect_begins=0.4, effect_until=1.1), np.array([0.3, 0.8, 1.0, 2.0])
    paths = simulate(w, grid, paths_per_draw=1000, random_seed=10)
    on = {MULTIPLIES: ratio, BLOCKS: 0.0}[kind]
    for i, t in enumerate(grid):
        exact = exact_survival(t, 0.8, 0.5, lambda s, v: on if 0.4 <= v < 1.1 else 1.0)
        assert paths.survival[:, 1, i].mean() == pytest.approx(exact, abs=1.2e-3)


def test_a_ban_that_is_known_and_bites_later_has_its_closed_form() -> None:
    w = dated(1.0, BLOCKS, effect_begins=0.5, effect_until=1.5, occurred=np.array([-1.0, np.inf]), start=np.array([-1.0, 0.0]))
    grid = np.array([0.25, 0.5, 1.0, 1.5, 2.0])
    expected = np.exp(-0.5 * np.array([0.25, 0.5, 0.5, 0.5, 1.0]))
    paths = simulate(w, grid, paths_per_draw=200, random_seed=11)
    assert paths.survival[:, 1] == pytest.approx(np.tile(expected, (DRAWS, 1)), abs=1e-12)
    times = paths.times[..., 1]
    assert not np.any((times > 0.5 + 1e-6) & (times < 1.5 - 1e-6))
    assert np.any((times > 1.5) & (times <= 2.0))
