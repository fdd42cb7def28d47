"""The linear predictor: effects redistribute hazard over worlds and leave its headline where evidence put it."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from master_equation import undated
from scipy import integrate, optimize
from scipy.linalg import expm
from toy import event_yaml, small_edition

from forecasting.elicitation.quantify import quantify
from forecasting.models.network.compensation import Causes, solved
from forecasting.models.network.predictor import (
    Effects,
    cause_share,
    driver_shift,
    effect_terms,
    share_after,
    signal_shares,
    sum_into,
)
from forecasting.models.network.structure import Structure, build_structure
from forecasting.paths.inputs import World
from forecasting.paths.simulate import simulate

EVENTS = {name: event_yaml(name, "pacts-signed", reference_years=1.0) for name in ("cause", "target")}
CAUSE, TARGET = 0, 1
MULTIPLIES = "{id: cause-to-target, from: cause, to: target, acts: multiplies, sign: raises, grade: strong, why: test}"


def pair(root: Path, effects: str = f"[{MULTIPLIES}]") -> Structure:
    return build_structure(small_edition(root, EVENTS, effects), quantify(small_edition(root, EVENTS, effects)))


def terms(s: Structure, log_hazard: np.ndarray, ratio: float) -> Effects:
    """Return the terms of effects that all have one ratio, between events of constant hazards."""
    beta, kappa = np.full(len(s.effect_ids), math.log(ratio)), np.ones_like(log_hazard)
    return effect_terms(np, SimpleNamespace(log_hazard=log_hazard, beta=beta, kappa=kappa), s)


def eta(s: Structure, marginal: tuple[float, float], ratio: float) -> np.ndarray:
    """Return the hazards with no cause happened, for marginal hazards per year and hazard ratios of all effects."""
    log_hazard = np.log(np.array(marginal))
    effects = terms(s, log_hazard, ratio)
    return np.exp(log_hazard + sum_into(np, effects.held, s.effect_to, 2))


def exact_pair(cause: float, target: float, ratio: float, back: float = 1.0) -> tuple[float, float, float]:
    """Return P(cause), P(target), P(both) within a year from the master equation of two events.

    States: none, cause only, target only, both. ``back`` is the ratio of an effect from the target to the cause.
    """
    q = np.zeros((4, 4))
    q[0, 1], q[0, 2], q[1, 3], q[2, 3] = cause, target, target * ratio, cause * back
    p = expm(q - np.diag(q.sum(axis=1)))[0]
    return p[1] + p[3], p[2] + p[3], p[3]


def simulated_pair(s: Structure, hazard: np.ndarray, ratio: float) -> tuple[np.ndarray, np.ndarray]:
    """Return P(cause), P(target), P(both) within a year by counting 1.6 million simulated paths, with their errors."""
    n = 400
    world = World(
        event_ids=s.event_ids, as_of=None, hazard=np.tile(hazard, (n, 1)),  # type: ignore[arg-type]
        first_piece=np.arange(3), piece_start=np.zeros(2), ratio=np.full((n, 1), ratio),
        effect_from=s.effect_from, effect_to=s.effect_to,
        effect_kind=np.zeros(1, dtype=np.int64), **undated(1), occurred=np.full(2, np.inf), start=np.zeros(2),
        scheduled=np.full(2, np.inf), n_chains=1, kappa=np.zeros((n, 0)), aged=np.full(2, -1), scale=np.ones(2),
        clock=np.full(2, np.nan),
    )  # fmt: skip
    hit = simulate(world, np.array([0.0, 1.0]), paths_per_draw=4000, random_seed=1).times <= 1.0
    p = np.array([hit[..., 0].mean(), hit[..., 1].mean(), hit.all(axis=-1).mean()])
    return p, np.sqrt(p * (1 - p) / hit[..., 0].size)


GRADES = (1.3, 2.0, 4.0, 10.0)


@pytest.mark.parametrize("ratio", [*GRADES, *(1 / grade for grade in GRADES)])
def test_an_effect_of_any_grade_keeps_both_probabilities_and_moves_their_joint(tmp_path: Path, ratio: float) -> None:
    s = pair(tmp_path)
    for cause, target in itertools.product((0.05, 0.2, 0.5, 1.0, 2.0), repeat=2):
        p_cause, p_target, p_both = exact_pair(*eta(s, (cause, target), ratio), ratio)
        apart = (1 - math.exp(-cause), 1 - math.exp(-target))
        assert (p_cause, p_target) == pytest.approx(apart, abs=1e-9)
        lift = p_both - apart[0] * apart[1]
        assert math.copysign(1, lift) == math.copysign(1, ratio - 1)


def test_paths_come_out_as_the_master_equation_says(tmp_path: Path) -> None:
    s = pair(tmp_path)
    for ratio in (4.0, 0.1):
        hazard = eta(s, (0.2, 0.5), ratio)
        got, error = simulated_pair(s, hazard, ratio)
        assert np.all(np.abs(got - np.array(exact_pair(*hazard, ratio))) <= 4 * error)


def test_an_effect_whose_mean_alone_is_held_would_be_caught(tmp_path: Path) -> None:
    # with the mean of the hazard held, log(1 + π (r − 1)), the same effect moves the target by −0.019
    s = pair(tmp_path)
    share = 1 - (1 - math.exp(-0.2)) / 0.2
    first_order = eta(s, (0.2, 0.5), 1.0) / np.array([1.0, 1 + 3 * share])
    assert exact_pair(*first_order, 4.0)[1] - (1 - math.exp(-0.5)) == pytest.approx(-0.019, abs=0.001)


def test_several_effects_are_added_and_what_that_costs(tmp_path: Path, measured: Callable[[str], None]) -> None:
    # exact: the chain of all causes, each on or off, and of the target; compensations are solved one by one and added
    rng, off = np.random.default_rng(1), {2: [], 3: []}
    for n, _ in itertools.product(off, range(150)):
        target, cause = np.exp(rng.uniform(np.log(0.05), np.log(1), 1 + n)).tolist()[0], rng.uniform(0.05, 1, n)
        ratios = np.exp(rng.choice([-1, 1], n) * np.log(rng.choice(GRADES[:3], n)))
        x = np.full(n, target)
        causes = Causes(ratios - 1, np.ones(n), cause, np.zeros(n), np.zeros(n), np.zeros(n), np.zeros(0, dtype=int),
                        np.zeros(0), np.zeros(0), np.zeros((0, 16)), np.zeros((0, 16)))  # fmt: skip
        hazard = target * math.exp(solved(x, causes).sum())
        off[n].append(exact_several(hazard, ratios, cause) - (1 - math.exp(-target)))
    rms = {n: float(np.sqrt(np.mean(np.square(values)))) for n, values in off.items()}
    assert rms[2] < 0.005
    assert rms[3] < 0.01
    assert max(np.abs(off[2] + off[3])) < 0.05
    measured(f"effects up to strong, causes and target at 0.05 to 1 a year: off by {rms[2]:.4f} (two) and {rms[3]:.4f} (three)")


def exact_several(target: float, ratios: np.ndarray, causes: np.ndarray) -> float:
    """Return P(target within a year) from the master equation of its causes, each on or off, and itself."""
    n = len(causes)
    done, q = 2**n, np.zeros((2**n + 1, 2**n + 1))
    for state in range(2**n):
        on = [i for i in range(n) if state >> i & 1]
        q[state, done] = target * np.prod(ratios[on])
        for i in set(range(n)) - set(on):
            q[state, state | 1 << i] = causes[i]
    return float(expm(q - np.diag(q.sum(axis=1)))[0, done])


# of the target of a pair that act on each other, by the master equation
DRIFT = {2.0: -0.0038, 0.5: -0.0018, 0.25: -0.0047, 4.0: -0.0185}


def test_two_events_that_raise_each_other_keep_their_probabilities(tmp_path: Path) -> None:
    back = MULTIPLIES.replace("cause-to-target, from: cause, to: target", "target-to-cause, from: target, to: cause")
    s = pair(tmp_path, f"[{MULTIPLIES}, {back}]")
    # each is held as if the other came at a constant hazard, so that a cycle needs no fixed point; what that costs
    for ratio, drift in DRIFT.items():
        p_cause, p_target, p_both = exact_pair(*eta(s, (0.2, 0.5), ratio), ratio, ratio)
        assert p_target - (1 - math.exp(-0.5)) == pytest.approx(drift, abs=1e-4)
        assert abs(p_cause - (1 - math.exp(-0.2))) < 0.02
        assert (p_both > 0.0713) == (ratio > 1)


def test_a_cause_that_had_happened_before_the_target_opened_changes_nothing(tmp_path: Path) -> None:
    # its share of the horizon is one, so η + β is the marginal log hazard itself
    history = "2023-12-20,cause,occurred,,Test Gazette,confirmed,done\n"
    early = {"cause": event_yaml("cause", "pacts-signed", opens_on="2023-01-01"), "target": EVENTS["target"]}
    edition = small_edition(tmp_path, early, f"[{MULTIPLIES}]", history, asked=("target",))
    s = build_structure(edition, quantify(edition))
    assert s.effect_known.tolist() == [1.0]
    assert eta(s, (0.2, 0.5), 4.0)[TARGET] * 4.0 == pytest.approx(0.5, rel=1e-12)


def test_an_event_that_can_be_blocked_keeps_its_probability(tmp_path: Path) -> None:
    s = pair(tmp_path, "[{id: cause-stops-target, from: cause, to: target, acts: blocks, why: test}]")
    for cause, target in itertools.product((0.05, 0.2, 0.5, 1.0), repeat=2):
        p_target, p_both = exact_pair(*eta(s, (cause, target), 1.0), 0.0)[1:]
        assert p_target == pytest.approx(1 - math.exp(-target), abs=1e-9)
        assert p_both < (1 - math.exp(-cause)) * (1 - math.exp(-target))  # only target first, then cause
    # held up to fifty times the hazard: an event as likely as not cannot come before a block that is nearly there
    assert eta(s, (20.0, 3.0), 1.0)[TARGET] == pytest.approx(150.0)


def test_the_hazard_of_an_event_that_waits_is_its_hazard_once_it_may_happen(tmp_path: Path) -> None:
    s = pair(tmp_path, "[{id: cause-lets-target, from: cause, to: target, acts: enables, why: test}]")
    assert eta(s, (0.2, 0.5), 1.0) == pytest.approx([0.2, 0.5], rel=1e-4)


def test_an_effect_into_a_scheduled_date_keeps_the_probability_of_the_date(tmp_path: Path) -> None:
    dated = event_yaml("target", "deadlines-kept", scheduled_on="2025-01-01")  # 366 days after it opened
    edition = small_edition(tmp_path, {"cause": EVENTS["cause"], "target": dated}, f"[{MULTIPLIES}]")
    s = build_structure(edition, quantify(edition))
    assert s.effect_into_date.tolist() == [1.0]
    before = 1 - math.exp(-0.5 * 366 / 365.25)
    for ratio in (10.0, 4.0, 0.25, 0.1):
        mass = eta(s, (0.5, 0.9), ratio)[TARGET]
        p = before * -math.expm1(-mass * ratio) + (1 - before) * -math.expm1(-mass)
        assert p == pytest.approx(1 - math.exp(-0.9), abs=1e-12)


@pytest.mark.parametrize("x", [1e-5, 4e-4, 9.99e-4, 1.001e-3, 0.02, 0.7, 3.0, 40.0])
def test_the_share_of_a_horizon_is_the_mean_of_the_time_left(x: float) -> None:
    # E[(1 − T)₊] for T ~ Exponential(x), by quadrature; the formula loses at most 1e-9 to cancellation at small x
    first, _ = integrate.quad(lambda t: (1 - t) * x * math.exp(-x * t), 0, 1)
    assert share_after(np, x) == pytest.approx(first, abs=1e-9)


def test_a_scheduled_cause_is_on_from_its_date_or_not_at_all() -> None:
    # p = 1 − e^−0.7, with a quarter of the horizon left after the date
    assert cause_share(np, 0.7, 3.0, 0.25, 1.0) == pytest.approx((1 - math.exp(-0.7)) * 0.25)


def test_a_scheduled_cause_that_waits_for_an_enabler_is_on_only_if_it_was_let(tmp_path: Path) -> None:
    # P(on its date) = p · P(the enabler has happened by then)
    events = {
        "opener": event_yaml("opener", "pacts-signed"), "target": event_yaml("target", "pacts-signed"),
        "due": event_yaml("due", "deadlines-kept", scheduled_on="2025-07-01"),
    }  # fmt: skip
    effects = (
        "[{id: lets, from: opener, to: due, acts: enables, why: test}, "
        "{id: moves, from: due, to: target, acts: multiplies, sign: raises, grade: strong, why: test}]"
    )
    s = build_structure(small_edition(tmp_path, events, effects), quantify(small_edition(tmp_path, events, effects)))
    at = s.event_ids.index
    hazard = np.zeros(3)
    hazard[at("opener")], hazard[at("due")], hazard[at("target")] = 0.6, 0.9, 0.3
    lets, moves = s.effect_ids.index("lets"), s.effect_ids.index("moves")
    happens = (1 - math.exp(-0.9)) * (1 - math.exp(-0.6 * s.effect_years[lets]))
    found = terms(s, np.log(hazard), 4.0)
    # on with P(happens) for the rest of the horizon: e^−θ (1 − P + P e^{−3θw}) = e^−x
    x, w = 0.3 * s.reference_years[at("target")], s.effect_window[moves]
    theta = optimize.brentq(lambda v: v - math.log(1 - happens + happens * math.exp(-3 * v * w)) - x, 0, x)
    assert found.held[moves] == pytest.approx(math.log(theta / x), abs=1e-12)
    assert found.held[lets] == 0.0


@pytest.mark.parametrize("years", [0.05, 0.4, 1.0, 4.0])
def test_drivers_spread_a_hazard_and_leave_its_probability(years: float) -> None:
    """Two drivers, moderate and strong, on one event: averaged over their levels it is as likely as without them."""
    weight = np.log([2.0, 4.0])
    s = SimpleNamespace(
        loading_driver=np.array([0, 1]), loading_event=np.array([0, 0]), driven=np.array([0]), reference_years=np.full(1, years),
        aged=np.zeros(0, dtype=int), event_age=np.zeros(1), event_scale=np.ones(1),
    )  # fmt: skip
    nodes, weights = np.polynomial.hermite_e.hermegauss(80)
    f = np.stack([g.ravel() for g in np.meshgrid(nodes, nodes)], axis=1)
    n = len(f)
    p = SimpleNamespace(
        log_hazard=np.full((n, 1), math.log(0.55)), kappa=np.ones((n, 1)), driver=f, loading=np.tile(weight, (n, 1))
    )
    hazard, w = 0.55 * np.exp(driver_shift(np, p, s)[:, 0]), np.outer(weights, weights).ravel() / (2 * math.pi)
    kept = w @ -np.expm1(-hazard * years)
    assert kept == pytest.approx(-math.expm1(-0.55 * years), abs=0.003)
    # held at their mean the same drivers would take away up to a third of it without anybody having said anything
    lower = w @ -np.expm1(-0.55 * years * np.exp(f @ weight - weight @ weight / 2))
    assert lower < kept


def shares(gamma: list[float], overlap: float, counts: list[list[float]]) -> np.ndarray:
    p = SimpleNamespace(signal=np.array([gamma]), overlap=np.array([[overlap]]))
    return signal_shares(p, np.arange(len(gamma)), np.array(counts, dtype=float).T)[0]


def test_signals_count_by_what_they_do_not_share_with_stronger_ones() -> None:
    # r = 0.4: retold 0.1, same origin 1 − 0.4, same source 1 − 0.3, apart 1 − 0.2; the last has a stronger one of each kind
    got = shares([0.9, 0.8, 0.8, 0.7, 0.6], 0.4, [[0, 0, 0, 0], [1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [1, 1, 1, 1]])
    assert got == pytest.approx([0.9, 0.8 * 0.1, 0.8 * 0.6, 0.7 * 0.7, 0.6 * 0.1 * 0.6 * 0.7 * 0.8])


@pytest.mark.parametrize("overlap", [0.0, 0.5, 1.0])
def test_five_copies_of_one_report_weigh_a_ninth_more_than_one(overlap: float) -> None:
    # 1 + 0.1 + 0.01 + 0.001 + 0.0001, whatever other facts share
    assert shares([0.5] * 5, overlap, [[i, 0, 0, 0] for i in range(5)]).sum() == pytest.approx(0.5 * 1.1111)


def test_facts_that_share_nothing_add_up_and_facts_that_share_all_count_as_three_quarters_or_half_taken() -> None:
    assert shares([0.5] * 3, 0.0, [[0, 0, i, 0] for i in range(3)]).sum() == pytest.approx(1.5)
    assert shares([0.5] * 3, 1.0, [[0, 0, i, 0] for i in range(3)]).sum() == pytest.approx(0.5 * (1 + 1 / 4 + 1 / 16))
    assert shares([0.5] * 3, 1.0, [[0, 0, 0, i] for i in range(3)]).sum() == pytest.approx(0.5 * (1 + 1 / 2 + 1 / 4))


def test_another_concordant_signal_never_lowers_the_total() -> None:
    for overlap in np.linspace(0, 1, 21):
        totals = [shares([0.5] * n, overlap, [[0, i, 0, 0] for i in range(n)]).sum() for n in range(1, 7)]
        assert np.all(np.diff(totals) >= 0)
