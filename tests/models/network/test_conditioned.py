"""Classes that count worlds with a cause given: what they say there, and what follows for the event."""

from __future__ import annotations

import math
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from scipy.linalg import expm
from toy import event_yaml, small_edition

from forecasting.elicitation.held import LEAST_KEPT, MAX_ON_DATE
from forecasting.elicitation.quantify import quantify
from forecasting.models.network.ageing import NODES
from forecasting.models.network.compensation import Causes
from forecasting.models.network.fused_compensation import ON_DATE, held, log_marginal_mass
from forecasting.models.network.predictor import effect_terms, marginals
from forecasting.models.network.structure import Structure, build_structure

CAUSE, TARGET = 0, 1


def network(root: Path, state: str, effect: str) -> Structure:
    events = {
        "cause": event_yaml("cause", "pacts-signed", reference_years=1.0),
        "target": event_yaml("target", "pacts-signed", reference_years=1.0, class_given=f"{{cause: {state}}}"),
    }
    edition = small_edition(root, events, f"[{{id: effect, from: cause, to: target, {effect}, why: test}}]")
    return build_structure(edition, quantify(edition))


def exact(cause: float, target: float, ratio: float) -> float:
    """Return P(target within a year) from the master equation: none, cause only, target."""
    q = np.zeros((3, 3))
    q[0, 1], q[0, 2], q[1, 2] = cause, target, target * ratio
    return float(expm(q - np.diag(q.sum(axis=1)))[0, 2])


MULTIPLIES = "acts: multiplies, sign: raises, grade: decisive"


@pytest.mark.parametrize("ratio", [10.0, 0.25])
@pytest.mark.parametrize("state", ["false", "true"])
def test_the_class_is_the_hazard_in_its_world_and_the_marginal_follows(tmp_path: Path, state: str, ratio: float) -> None:
    s = network(tmp_path, state, MULTIPLIES)
    counted, cause = 0.03, 0.2
    p = SimpleNamespace(
        log_hazard=np.log([[cause, counted]]), beta=np.full((1, 1), math.log(ratio)), kappa=np.ones((1, 2)),
        occasion=np.zeros((1, 0)),
    )  # fmt: skip
    m = marginals(np, p, s)[0]
    before = counted if state == "false" else counted / ratio  # the hazard while the cause has not happened
    assert -math.expm1(-math.exp(m[TARGET])) == pytest.approx(exact(cause, before, ratio), abs=1e-10)
    assert m[CAUSE] == math.log(cause)
    # and a row in which the cause is given reads the class again: m + c + s β = h
    p.log_hazard = m[None]
    terms = effect_terms(np, p, s)
    row = m[TARGET] + terms.held[0, 0] + (terms.beta[0, 0] if state == "true" else 0.0)
    assert row == pytest.approx(math.log(counted), abs=1e-10)


def test_an_event_counted_while_nothing_blocks_it_is_less_likely_than_its_class(tmp_path: Path) -> None:
    s = network(tmp_path, "false", "acts: blocks")
    p = SimpleNamespace(
        log_hazard=np.log([[0.5, 0.2]]), beta=np.zeros((1, 1)), kappa=np.ones((1, 2)), occasion=np.zeros((1, 0))
    )
    m = marginals(np, p, s)[0, TARGET]
    assert -math.expm1(-math.exp(m)) == pytest.approx(exact(0.5, 0.2, 0.0), abs=1e-10)
    assert m < math.log(0.2)


def kept_on_date(theta: float, blocked: float) -> float:
    """Return N(θ) of an event on a date that is blocked with some probability."""
    one, each, none = np.ones((1, 1)), np.ones(1), np.zeros(0, dtype=int)
    at = Causes(
        excess=-one, width=each, later=0 * one, chance=blocked * one, dated=each, known=0 * each, bent=none,
        integrate=np.zeros(0), window=np.zeros((1, 0)), nodes=np.zeros((1, 0, NODES.size)),
        happened=np.zeros((1, 0, NODES.size)),
    )  # fmt: skip
    return float(at.kept(np, theta * one)[0, 0])


@pytest.mark.parametrize("counted", [3.0, 100.0, 700.0, 1e4, 1e9])
def test_an_event_that_is_sure_in_its_world_is_as_likely_as_that_world(counted: float) -> None:
    """e^θ is no number from θ = 709 on; what is left of an event is then the chance of its block, whatever θ is."""
    blocked = 0.3
    expected = math.log(-math.log(blocked + (1 - blocked) * math.exp(-counted)))
    n = kept_on_date(counted, blocked)
    assert math.log(n) == pytest.approx(expected, abs=1e-10)
    empty = np.zeros(NODES.size)
    fused = log_marginal_mass(ON_DATE, counted, -1.0, blocked, empty, empty, 1.0, np.zeros(NODES.size))
    assert fused[0] == pytest.approx(expected, abs=1e-10)
    assert np.isfinite(fused).all()
    assert fused[1] == 0.0 or counted < MAX_ON_DATE


@pytest.mark.parametrize("open_for", [1e-3, 1e-9, 1e-11, 1e-13, 1e-16, 0.0])
@pytest.mark.parametrize("counted", [0.1, 3.0, 20.0, 1e3])
def test_an_event_that_is_almost_surely_blocked_keeps_a_share_of_its_hazard(open_for: float, counted: float) -> None:
    n = kept_on_date(counted, 1 - open_for)
    empty = np.zeros(NODES.size)
    fused = log_marginal_mass(ON_DATE, counted, -1.0, 1 - open_for, empty, empty, 1.0, np.zeros(NODES.size))
    assert np.isfinite(fused).all()
    back = held(ON_DATE, math.exp(fused[0]), -1.0, 1 - open_for, empty, empty, 1.0, np.zeros(NODES.size))
    assert np.isfinite(back).all()
    # what is left of the event is as likely as its world, and no smaller than rounding can tell
    exact = -math.log1p(open_for * math.expm1(-min(counted, MAX_ON_DATE)))
    least = LEAST_KEPT * min(counted, MAX_ON_DATE)
    assert n == pytest.approx(max(exact, least), rel=1e-3, abs=4e-15 * (1 + counted))
    assert math.exp(fused[0]) == pytest.approx(max(exact, least), rel=1e-3, abs=4e-15 * (1 + counted))


def test_without_a_condition_hazards_are_the_marginals(tmp_path: Path) -> None:
    events = {name: event_yaml(name, "pacts-signed", reference_years=1.0) for name in ("cause", "target")}
    edition = small_edition(tmp_path, events, f"[{{id: effect, from: cause, to: target, {MULTIPLIES}, why: test}}]")
    p = SimpleNamespace(log_hazard=np.log([[0.5, 0.2]]))
    assert marginals(np, p, build_structure(edition, quantify(edition))) is p.log_hazard  # type: ignore[arg-type]
