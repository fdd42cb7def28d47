"""The fused density against the one that PyMC states and PyTensor differentiates, on networks drawn at random.

Every kind of effect, clock, row and claim comes up, alone and together; value and gradient are held to each other at points
as far out as three standard deviations. Also: the shares with their derivatives, against their namesakes and differences.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pymc as pm
import pytest
from toy import toy_edition, toy_network

from forecasting.elicitation.quantify import quantify
from forecasting.inference.compiled import evaluate
from forecasting.models.network import ageing, predictor
from forecasting.models.network.build import build_network
from forecasting.models.network.density import compile_density, read_density
from forecasting.models.network.effects import enabler_depths
from forecasting.models.network.engine import layer_evidence
from forecasting.models.network.evidence import build_evidence
from forecasting.models.network.fused import FREE, SIZES
from forecasting.models.network.fused_shares import nodes_of_draws, operational_span, power, shares_after, shares_of_unit
from forecasting.models.network.inputs import INPUTS, named_inputs
from forecasting.models.network.lasting import FADED
from forecasting.models.network.stacked import STACKS
from forecasting.models.network.structure import build_structure

DEPTH = 2  # of the longest chain of enablers: PyTensor's graph holds a pass for each link
NETWORKS = 60


def flags(rng: np.random.Generator, n: int, p: float) -> np.ndarray:
    """Return n zeros and ones."""
    return (rng.random(n) < p).astype(float)


def levels(rng: np.random.Generator, n: int) -> np.ndarray:
    """Return shares of time with each level of n effects, some of which fade."""
    found = np.eye(1, FADED).T * np.ones(n)
    fades = rng.random(n) < 0.4
    found[:, fades] = rng.dirichlet(np.full(FADED, 0.5), fades.sum()).T * rng.uniform(0.2, 1, fades.sum())
    return found


def unstacked(data: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return the variables of some stacks under their own names."""
    wide, found = {"class_shape": 2, "active_overlap": 4, "effect_left": FADED}, {}
    for stack, names in STACKS.items():
        edges = np.cumsum([wide.get(name, 1) for name in names])
        assert edges[-1] == len(data[stack])
        for name, rows in zip(names, np.split(data[stack], edges[:-1]), strict=True):
            found[name] = rows if len(INPUTS[name][0]) == 2 else rows[0]
    return found


def random_network(rng: np.random.Generator) -> tuple[dict[str, np.ndarray], dict[str, list[str]]]:
    """Return data and coordinates of a network in which anything that a dossier can say may be said."""
    n_event, n_effect, n_driver, n_signal = rng.integers(2, 12), rng.integers(0, 14), rng.integers(1, 4), rng.integers(1, 6)
    n_rate, n_trial, n_shape = rng.integers(1, 5), rng.integers(1, 4), rng.integers(1, 3)
    n_class, n_loading, n_source, n_origin = n_rate + n_trial, rng.integers(0, 6), rng.integers(1, 4), rng.integers(1, 4)
    n_claim, n_report, n_history, n_active = (*rng.integers(0, 8, 3), rng.integers(0, 6))
    n_row, event_shape = n_claim + n_history, rng.integers(0, n_shape + 1, n_event) * (rng.random(n_event) < 0.4)
    aged, loads_on = np.flatnonzero(event_shape), rng.integers(0, n_event, n_loading)
    cause, target = rng.integers(0, n_event, (2, n_effect))
    acts = np.where(cause < target, rng.integers(0, 4, n_effect), 0)  # enablers come earlier: no cycle among them
    names = tuple(map(str, range(n_event)))
    enables, leads = (acts == 1).astype(float), (acts == 3).astype(float)
    # deeper chains than the passes of PyTensor's graph would not be the same model
    deep = enabler_depths(cause, target, enables + leads, names)[target] > DEPTH
    enables[deep], leads[deep] = 0, 0
    depths, chains = enabler_depths(cause, target, enables, names), enabler_depths(cause, target, enables + leads, names)
    n_occasion = rng.integers(0, 4)
    window, years = rng.random(n_effect) * flags(rng, n_effect, 0.9), rng.uniform(0.1, 4, n_effect)
    bent = np.array([e for e in range(n_effect) if event_shape[cause[e]] or event_shape[target[e]]], dtype=int)
    # the class of a target counts worlds with the cause of its first effect given
    _, firsts = np.unique(target, return_index=True)
    conditioned = np.array([e for e in firsts if acts[e] in (0, 2) and rng.random() < 0.3], dtype=int)
    row_event, n_given, n_wait = rng.integers(0, n_event, n_row), *rng.integers(0, 6, 2)
    extra = np.flatnonzero(rng.random(n_row) < 0.5)
    n_led, n_dated = rng.integers(0, 6) * (n_effect > 0), rng.integers(0, 4) * (n_occasion > 0)
    n_led, n_dated = (int(n) * (extra.size > 0) for n in (n_led, n_dated))
    n_given, n_wait, n_active = (n * (n_row > 0) for n in (n_given * (n_effect > 0), n_wait, n_active))
    aged_row = np.flatnonzero(event_shape[row_event])
    wait_event, wait_row = rng.integers(0, n_event, n_wait), rng.integers(0, max(n_row, 1), n_wait)
    ages = event_shape > 0
    aged_wait = np.flatnonzero(ages[wait_event] | ages[row_event[wait_row]]) if n_wait else np.zeros(0, dtype=int)
    numbers = {
        "classes": [rng.uniform(0.5, 20, n_class), rng.uniform(0.5, 60, n_class), rng.uniform(0.1, 1, n_class)],
        "shapes": [rng.normal(-0.3, 0.3, n_shape), rng.uniform(0.05, 0.3, n_shape)],
        "events": [rng.uniform(0.5, 5, n_event), rng.uniform(1, 6, n_event),
                   rng.uniform(0, 4, n_event) * flags(rng, n_event, 0.7), rng.integers(0, 3, n_event)],
        "bent_times": [rng.uniform(0, 2, bent.size) * flags(rng, bent.size, 0.7), rng.uniform(0, 4, bent.size)],
        "effects": [acts == 0, enables, acts == 2, flags(rng, n_effect, 0.2), window, years, flags(rng, n_effect, 0.25),
                   flags(rng, n_effect, 0.2), rng.normal(0, 1, n_effect) * (acts == 0), 0.4 * (acts == 0)],
        "follows": [leads, rng.uniform(0.05, 1.5, n_effect) * flags(rng, n_effect, 0.8),
                    rng.uniform(0, 3, n_effect) * ages[cause], rng.uniform(0, 2, n_effect)],
        "conditions": [flags(rng, conditioned.size, 0.5)],
        "lasting": levels(rng, n_effect),
        "loadings": [rng.normal(0, 0.5, n_loading), np.full(n_loading, 0.3)],
        "signals": [rng.normal(0, 1, n_signal), rng.uniform(0.1, 0.6, n_signal)],
        "occasions": [rng.normal(-1, 0.5, n_occasion), rng.uniform(0.1, 0.6, n_occasion), flags(rng, n_occasion, 0.7)],
        "error_scales": [[0.4, 0.4, 0.2, 0.35]],
        "claims": [rng.normal(-1, 1, n_claim), rng.uniform(0.3, 1, n_claim),
                   rng.uniform(0, 5, n_claim), rng.integers(-1, 2, n_claim)],
        "reports": [rng.normal(0, 1, n_report), rng.uniform(0.3, 1, n_report), rng.uniform(0, 5, n_report)],
        "rows": [rng.normal(0, 1, n_row)],
        "given": [flags(rng, n_given, 0.5)],
        "active": np.concatenate([rng.integers(0, 3, (4, n_active)), rng.uniform(0, 1, (1, n_active))]),
        "waits": [rng.uniform(0, 4, n_wait), rng.uniform(0, 1, n_wait), flags(rng, n_wait, 0.3)],
        "led": [flags(rng, n_led, 0.4), rng.uniform(0, 2, n_led), rng.uniform(0.05, 3, n_led), flags(rng, n_led, 0.3),
                rng.uniform(0, 3, n_led)],
        "aged_rows": [rng.uniform(0, 4, aged_row.size), rng.uniform(0.1, 4, aged_row.size)],
        "aged_waits": [rng.uniform(0, 4, aged_wait.size)],
        "history": [flags(rng, n_history, 0.4), flags(rng, n_history, 0.3)],
    }  # fmt: skip
    positions = {
        "events_at": [rng.integers(0, n_class, n_event), event_shape], "aged_at": [aged], "bent_at": [bent],
        "effects_at": [cause, target, np.argsort(depths[cause], kind="stable"), np.argsort(chains[cause], kind="stable")],
        "occasions_at": [rng.integers(0, n_event, n_occasion)], "extra_at": [extra],
        "led_at": [rng.integers(0, max(n_effect, 1), n_led), rng.integers(0, max(extra.size, 1), n_led)],
        "dated_at": [rng.integers(0, max(n_occasion, 1), n_dated), rng.integers(0, max(extra.size, 1), n_dated)],
        "conditioned_at": [target[conditioned], conditioned],
        "loadings_at": [rng.integers(0, n_driver, n_loading), loads_on], "driven_at": [np.unique(loads_on)],
        "claims_at": [rng.integers(0, n_source + 1, n_claim), rng.integers(0, n_origin + 1, n_claim)],
        "reports_at": [rng.integers(0, n_driver, n_report),
                       rng.integers(0, n_source + 1, n_report), rng.integers(0, n_origin + 1, n_report)],
        "rows_at": [row_event],
        "given_at": [rng.integers(0, max(n_effect, 1), n_given), rng.integers(0, max(n_row, 1), n_given)],
        "active_at": [rng.integers(0, n_signal, n_active), rng.integers(0, max(n_row, 1), n_active)],
        "waits_at": [wait_event, wait_row], "aged_rows_at": [aged_row], "aged_waits_at": [aged_wait],
    }  # fmt: skip
    sizes = {
        "event": n_event, "ageing_class": n_shape, "reference_class": n_class, "rate_class": n_rate, "trial_class": n_trial,
        "effect": n_effect, "driver": n_driver, "loading": n_loading, "signal": n_signal, "occasion": n_occasion,
        "source_group": n_source, "origin_group": n_origin,
    }  # fmt: skip
    data = {name: np.asarray(value, dtype="float64") for name, value in numbers.items()}
    data |= {name: np.asarray(value, dtype="int64") for name, value in positions.items()}
    return data, {dim: [f"{dim}-{i}" for i in range(n)] for dim, n in sizes.items()}


@pytest.fixture(scope="module")
def stated() -> tuple[pm.Model, Any, Any]:
    """PyMC's model with ageing hazards and chains of enablers, its log density and its gradient."""
    edition = toy_edition()
    numbers = quantify(edition)
    s = replace(
        build_structure(edition, numbers), enabler_depth=DEPTH, lead_depth=DEPTH, ageing_classes=("some",),
        shape_mean=np.zeros(1), shape_sd=np.ones(1),
        conditioned=np.array([4]), conditioned_effect=np.array([0]), conditioned_on=np.zeros(1),
    )  # fmt: skip
    model = build_network(named_inputs(s, build_evidence(edition, s, numbers)))
    return model, model.compile_logp(mode="FAST_COMPILE"), model.compile_dlogp(mode="FAST_COMPILE")


@pytest.mark.slow
def test_value_and_gradient_are_those_that_pytensor_derives(
    stated: tuple[pm.Model, Any, Any], measured: Callable[[str], None]
) -> None:
    model, log_density, slope = stated
    network = toy_network()
    evidence = layer_evidence(network, "posterior")
    density = read_density() or compile_density(named_inputs(network.structure, evidence))
    assert not density.layout.disagreement
    worst, names = 0.0, [v.name for v in model.value_vars]
    for seed in range(NETWORKS):
        rng = np.random.default_rng(seed)
        data, coords = random_network(rng)
        for dim, labels in coords.items():
            model.set_dim(dim, len(labels), coord_values=labels)
        named = unstacked(data)
        for name, value in named.items():
            model.set_data(name, value)
        start, constants = model.initial_point(), []
        for _ in range(2):
            point = {name: rng.uniform(-2, 2, start[name].shape) for name in names}
            bound = density.bind({**named, **data}, coords)
            got, gradient = evaluate(bound, np.concatenate([point[name].ravel() for name in names]))
            expected = slope(point)
            constants.append(got - float(log_density(point)))  # what does not depend on the parameters is left out
            worst = max(worst, np.max(np.abs(gradient - expected) / (1 + np.abs(expected))))
            assert gradient == pytest.approx(expected, rel=1e-7, abs=1e-7), f"network {seed}"
        assert constants[0] == pytest.approx(constants[1], abs=1e-10 * abs(got)), f"network {seed}"
    measured(f"fused density: gradient off PyTensor's by at most {worst:.0e} on {NETWORKS} random networks")


def test_the_blocks_of_the_point_are_those_of_the_model(stated: tuple[pm.Model, Any, Any]) -> None:
    model = stated[0]
    assert tuple(v.name for v in model.value_vars) == FREE
    assert sorted(name for names in STACKS.values() for name in names) == sorted(data.name for data in model.data_vars)
    assert set(SIZES) <= set(model.dim_lengths)
    assert not set(STACKS) & set(INPUTS), "a stack under the name of an input takes its place where PyMC's density is sampled"


@pytest.mark.parametrize("x", [1e-7, 1e-4, 9.9e-4, 1.1e-3, 0.3, 2.0, 40.0])
def test_shares_of_constant_hazards_are_their_namesakes_with_the_slope_of_a_difference(x: float) -> None:
    found = shares_of_unit(x)
    value, slope = found
    assert value == pytest.approx(float(predictor.share_after(np, x)), rel=1e-12)
    if x > predictor.TINY:
        step = 1e-4 * x
        difference = float(predictor.share_after(np, x + step) - predictor.share_after(np, x - step)) / (2 * step)
        assert slope == pytest.approx(difference, rel=1e-4, abs=1e-6)


@pytest.mark.parametrize(("restarts", "scheduled"), [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0)])
def test_shares_of_ageing_hazards_are_their_namesakes_with_the_slopes_of_differences(restarts: float, scheduled: float) -> None:
    # hazard, P on its date, scheduled, κ, T, age, target's κ, target's age, horizon, offset, restarts
    at = np.array([0.3, 0.2, scheduled, 0.6, 5.0, 0.7, 0.8, 1.3, 4.0, 0.9, restarts])

    def namesake(point: np.ndarray) -> np.ndarray:
        h, p, on_date, kappa, scale, age, target_kappa, target_age, horizon, offset, anew = (np.array([v]) for v in point)
        pair = ageing.Pair(h, p, on_date, kappa, scale, age, target_kappa, target_age, horizon, offset, anew)
        return ageing.shares_after(np, pair)

    row = np.array(shares_after(*at))
    assert row[0] == pytest.approx(namesake(at)[0], rel=1e-12)
    for column, place in enumerate((0, 1, 3, 6), start=1):
        step = np.zeros(at.size)
        step[place] = 1e-6
        difference = (namesake(at + step) - namesake(at - step)) / 2e-6
        assert row[column] == pytest.approx(difference[0], rel=1e-6, abs=1e-8)


def test_spans_and_powers_have_the_slopes_of_differences() -> None:
    age, years, kappa, scale, step = 0.7, 2.0, 0.6, 5.0, 1e-6
    value, by_kappa, by_years = operational_span(age, years, kappa, scale)
    span = ageing.operational_span
    assert value == pytest.approx(float(span(np, age, years, kappa, scale)), rel=1e-12)
    assert by_kappa == pytest.approx(
        float(span(np, age, years, kappa + step, scale) - span(np, age, years, kappa - step, scale)) / (2 * step), rel=1e-6
    )
    assert by_years == pytest.approx(
        float(span(np, age, years + step, kappa, scale) - span(np, age, years - step, kappa, scale)) / (2 * step), rel=1e-6
    )
    assert power(0.0, 0.5)[0] == pytest.approx(float(ageing.power(np, 0.0, 0.5)))
    assert power(0.0, 0.5)[2] == 0


@pytest.mark.parametrize("m", [30, 0])  # in a network without hazards that age there is no such pair
def test_nodes_of_draws_are_those_of_the_predictor(m: int) -> None:
    rng, n = np.random.default_rng(3), 40
    aged = [np.where(rng.random((n, m)) < 0.6, rng.uniform(0.3, 2.0, (n, m)), 1.0) for _ in range(2)]
    pairs = ageing.Pair(
        hazard=rng.uniform(0.01, 2, (n, m)), p_scheduled=rng.uniform(0, 1, (n, m)), scheduled=(rng.random(m) < 0.3) * 1.0,
        kappa=aged[0], scale=rng.uniform(1, 8, m), age=rng.uniform(0, 3, m), target_kappa=aged[1],
        target_age=rng.uniform(0, 3, m), horizon=rng.uniform(1, 4, m), offset=rng.uniform(0, 0.9, m),
        restarts=(rng.random(m) < 0.4) * 1.0,
    )  # fmt: skip
    for found, wanted in zip(nodes_of_draws(pairs), ageing.nodes_after(np, pairs), strict=True):
        assert found == pytest.approx(np.broadcast_to(wanted, found.shape), rel=1e-11, abs=1e-13)
