"""Hazards that change with age: shares of operational time by simulation, and the predictor and likelihood in it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pytest
from toy import CLASSES, event_yaml, small_edition

from forecasting.elicitation.quantify import quantify
from forecasting.models.network.ageing import Pair, nodes_after, operational_span, shares_after
from forecasting.models.network.compensation import integrated
from forecasting.models.network.evidence import build_evidence
from forecasting.models.network.hazards import build_world, stacked_parameters
from forecasting.models.network.parameters import Parameters
from forecasting.models.network.predictor import effect_terms, row_predictor
from forecasting.models.network.structure import Structure, build_structure
from forecasting.paths.simulate import simulate

AGEING = CLASSES.replace("tolls-raised,,2,30,", "tolls-raised,,20,175,")
TABLE = """\
    reference_class,until_years,at_risk,failed,citation
    tolls-raised,1,50,12,made up
    tolls-raised,2,38,4,made up
    tolls-raised,5,34,4,made up
    """


def edition(root: Path, effects: str = "[]", history: str = "", asked: tuple[str, ...] = (), **target: object):
    events = {
        "cause": event_yaml("cause", "pacts-signed", reference_years=2.0),
        "target": event_yaml("target", "tolls-raised", reference_years=2.0, **target),
    }
    return small_edition(root, events, effects, history, classes=AGEING, life_tables=TABLE, until="2026-06-30", asked=asked)


def columns(**values: float) -> dict[str, np.ndarray]:
    return {name: np.array([value]) for name, value in values.items()}


@pytest.mark.parametrize("restarts", [0.0, 1.0])
@pytest.mark.parametrize(("kappa", "target_kappa", "offset"), [(0.6, 0.5, 0.0), (1.4, 0.7, 0.5), (1.0, 1.8, 1.2)])
def test_shares_of_operational_time_are_those_of_simulated_causes(
    kappa: float, target_kappa: float, offset: float, restarts: float
) -> None:
    rate, scale, age, target_age, horizon = 0.4, 5.0, 0.3, 0.0 if restarts else 0.2, 3.0
    pair = Pair(**columns(
        hazard=rate, p_scheduled=0.0, scheduled=0.0, kappa=kappa, scale=scale, age=age, target_kappa=target_kappa,
        target_age=target_age, horizon=horizon, offset=offset, restarts=restarts,
    ))  # fmt: skip
    n = 400_000
    e = np.random.default_rng(1).exponential(size=n)
    at = offset + scale * ((age / scale) ** kappa + e / rate / scale) ** (1 / kappa) - age
    if restarts:
        left = np.clip(1 - at / horizon, 0, None) ** target_kappa
    else:
        whole = operational_span(np, target_age, horizon, target_kappa, scale)
        before = operational_span(np, target_age, np.minimum(at, horizon), target_kappa, scale)
        left = 1 - before / whole
    assert shares_after(np, pair)[0] == pytest.approx(left.mean(), abs=4 * left.std() / np.sqrt(n) + 1e-4)
    window, at_nodes, happened = nodes_after(np, pair)
    for y in (0.3, 2.0, -0.8):  # 1 − E e^{−yU}
        expected, error = (1 - np.exp(-y * left)).mean(), np.exp(-y * left).std() / np.sqrt(n)
        assert integrated(np, at_nodes, happened, window)(np.array([y]))[0][0] == pytest.approx(expected, abs=4 * error + 1e-4)


def test_a_scheduled_cause_takes_the_share_after_its_date() -> None:
    pair = Pair(**columns(
        hazard=0.0, p_scheduled=0.3, scheduled=1.0, kappa=1.0, scale=1.0, age=0.0, target_kappa=0.5, target_age=0.0,
        horizon=4.0, offset=1.0, restarts=0.0,
    ))  # fmt: skip
    # half the operational time lies before a quarter of the horizon
    assert shares_after(np, pair)[0] == pytest.approx(0.3 * 0.5, abs=1e-6)


def parameters(s: Structure, rate: tuple[float, float], kappa: float, ratio: float = 1.0) -> Parameters:
    n = 1
    return Parameters(
        log_hazard=np.log([rate]), kappa=np.array([[1.0, kappa]]), beta=np.full((n, len(s.effect_ids)), np.log(ratio)),
        driver=np.zeros((n, 0)), loading=np.zeros((n, 0)), signal=np.zeros((n, len(s.signals))), overlap=np.zeros((n, 1)),
        occasion=np.zeros((n, 0)),
    )  # fmt: skip


def test_history_is_read_in_operational_time_and_its_end_on_the_day(tmp_path: Path) -> None:
    history = "    2024-05-01,target,occurred,,Test Gazette,confirmed,it happened\n"
    back = "[{id: effect, from: target, to: cause, acts: multiplies, sign: raises, grade: strong, why: test}]"
    made = edition(tmp_path, back, history, asked=("cause",), clock_starts_on="2023-07-01")
    s = build_structure(made, quantify(made))
    evidence = build_evidence(made, s, quantify(made))
    p = parameters(s, (0.2, 0.3), 0.5)
    k = s.event_ids.index("target")
    rows = np.flatnonzero(evidence.rows.event == k)
    log_mass = row_predictor(np, p, s, evidence.rows)[0, rows]
    assert evidence.history.count[rows].tolist() == [0.0, 1.0]
    # its clock starts half a year before it opens on 2024-01-01; 121 days later it happened
    age, year = 184 / 365.25, 365.25
    span = operational_span(np, age, 120 / year, 0.5, 5.0), operational_span(np, age + 120 / year, 1 / year, 0.5, 5.0)
    assert np.exp(log_mass) == pytest.approx(0.3 * np.array(span), rel=1e-12)
    # Poisson counts over that day are the density of the day times its length: κ/T (a/T)^(κ−1) per year at age a
    day = age + 120.5 / year
    assert np.exp(log_mass[1]) * year == pytest.approx(0.3 * 0.5 * (day / 5) ** -0.5, rel=1e-4)


@pytest.mark.parametrize("ratio", [4.0, 0.25])
def test_an_effect_leaves_the_probability_of_a_target_that_ages(tmp_path: Path, ratio: float) -> None:
    effect = "[{id: effect, from: cause, to: target, acts: multiplies, sign: raises, grade: strong, why: test}]"
    made = edition(tmp_path, effect)
    s = build_structure(made, quantify(made))
    p = parameters(s, (0.4, 0.25), 0.5, ratio)
    p_target = simulated_target(made, s, p)
    plain = -np.expm1(-0.25 * operational_span(np, 0.0, 2.0, 0.5, 5.0))
    assert p_target == pytest.approx(plain, abs=0.002)
    # read at constant hazards, the same effect would miss: early failures come before the cause
    flat = parameters(s, (0.4, 0.25), 1.0, ratio)
    wrong = effect_terms(np, flat, s).held[0, 0] - effect_terms(np, p, s).held[0, 0]
    assert abs(wrong) > 0.05


def test_an_enabled_event_is_as_old_as_its_enabling(tmp_path: Path) -> None:
    made = edition(tmp_path, "[{id: effect, from: cause, to: target, acts: enables, why: test}]")
    s = build_structure(made, quantify(made))
    p = parameters(s, (0.4, 0.25), 0.5)
    # P = E[1 − exp(−λ T ((H − t)/T)^κ)] over the time t of the enabler
    t = np.random.default_rng(3).exponential(1 / 0.4, 400_000)
    exact = -np.expm1(-0.25 * operational_span(np, 0.0, np.clip(2 - t, 0, None), 0.5, 5.0)).mean()
    assert simulated_target(made, s, p) == pytest.approx(exact, abs=0.002)


def simulated_target(made, s: Structure, p: Parameters) -> float:
    """Return P(target within two years of the opening) by paths from the opening on."""
    import xarray as xr

    posterior = xr.Dataset({
        "log_hazard": (("chain", "draw", "event"), np.tile(p.log_hazard, (1, 400, 1))),
        "log_shape": (("chain", "draw", "ageing_class"), np.full((1, 400, 1), np.log(p.kappa[0, 1]))),
        "effect_beta": (("chain", "draw", "effect"), np.tile(p.beta, (1, 400, 1))),
    })  # fmt: skip
    assert np.allclose(stacked_parameters(posterior, s).kappa, p.kappa)
    world = build_world(made, s, posterior, np.zeros(0, dtype=bool), dt.date(2026, 6, 30))
    opening = (made.events[0].opens_on - made.as_of).days / 365.25
    paths = simulate(world, np.array([0.0, opening + 2.0]), paths_per_draw=500, random_seed=1)
    return float(1 - paths.survival[:, s.event_ids.index("target"), 1].mean())


def test_what_keeps_a_probability_is_finite_for_every_age(tmp_path: Path) -> None:
    effect = "[{id: effect, from: target, to: cause, acts: multiplies, sign: raises, grade: strong, why: test}]"
    made = edition(tmp_path, effect)
    s = build_structure(made, quantify(made))
    for kappa in (0.3, 1.0, 2.5):
        assert np.isfinite(effect_terms(np, parameters(s, (0.2, 0.3), kappa, 4.0), s).held).all()
