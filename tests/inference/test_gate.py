"""The gate blocks nine kinds of bad fits, each with its reason, and lets good ones through."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import xarray as xr

from forecasting.errors import GateError
from forecasting.inference.gate import GateReport, check_fit

CHAINS, DRAWS = 4, 1000


def sampled(values: np.ndarray, energy: np.ndarray | None = None, diverging: int = 0, seed: int = 0) -> dict:
    """Return a fit of a parameter with dims (chain, draw, event), and a probability that follows its first element."""
    chains, draws = values.shape[:2]
    energy = np.random.default_rng(seed).normal(size=(chains, draws)) if energy is None else energy
    flags = np.zeros((chains, draws), dtype=bool)
    flags.flat[:diverging] = True
    return {
        "posterior": xr.Dataset({"log_hazard": (("chain", "draw", "event"), values)}),
        "sample_stats": xr.Dataset({"diverging": (("chain", "draw"), flags), "energy": (("chain", "draw"), energy)}),
        "probabilities": {"q:yes": 1 / (1 + np.exp(-values[..., 0]))},
    }


def good(seed: int = 1, chains: int = CHAINS, draws: int = DRAWS) -> np.ndarray:
    return np.random.default_rng(seed).normal(-1.5, 0.4, size=(chains, draws, 3))


def judged(fit: dict) -> GateReport:
    return check_fit(**fit, chains=CHAINS, draws=DRAWS)


def failed(report: GateReport) -> set[str]:
    return {verdict.criterion for verdict in report.verdicts if not verdict.passed}


def funnel() -> dict:
    """A random-walk sampler in Neal's funnel: it creeps into the neck and out again."""
    rng = np.random.default_rng(2)
    x = np.zeros((CHAINS, DRAWS, 3))
    for chain in range(CHAINS):
        v, u = rng.normal(0, 3), rng.normal()
        for i in range(DRAWS):
            new_v, new_u = v + rng.normal(0, 0.6), u + rng.normal(0, 0.6)
            log_ratio = (v**2 - new_v**2) / 18 + (v - new_v) / 2 + (u**2 * np.exp(-v) - new_u**2 * np.exp(-new_v)) / 2
            if np.log(rng.random()) < log_ratio:
                v, u = new_v, new_u
            x[chain, i] = v, u, rng.normal()
    return sampled(x)


def label_switching() -> dict:
    x = good()
    x[:2, :, 1], x[2:, :, 1] = x[:2, :, 1] - 2, x[2:, :, 1] + 2
    return sampled(x)


def stuck_chain() -> dict:
    x = good()
    x[1, 400:] = x[1, 400]
    return sampled(x)


def chains_stuck_apart() -> dict:
    x = good()
    x[..., 2] = np.arange(CHAINS)[:, None]
    return sampled(x)


def not_a_number() -> dict:
    x = good()
    x[3, 17, 1] = np.nan
    return sampled(x)


def low_energy_exploration() -> dict:
    # an energy that wanders: its steps are small beside its spread
    walk = np.random.default_rng(3).normal(size=(CHAINS, DRAWS)).cumsum(axis=1)
    return sampled(good(), energy=walk)


def noisy_probability() -> dict:
    fit = sampled(good())
    drift = np.repeat(np.random.default_rng(4).uniform(0, 1, (CHAINS, DRAWS // 10)), 10, axis=1)
    return fit | {"probabilities": {"q:yes": drift}}


BAD: dict[str, tuple[Callable[[], dict], set[str]]] = {
    "funnel": (funnel, {"R-hat", "ESS (bulk)"}),
    "label switching": (label_switching, {"R-hat", "ESS (bulk)"}),
    "stuck chain": (stuck_chain, {"R-hat"}),
    "chains stuck apart": (chains_stuck_apart, {"R-hat", "ESS (bulk)"}),
    "one chain": (lambda: sampled(good(chains=1)), {"chains", "draws returned"}),
    "50 draws": (lambda: sampled(good(draws=50)), {"ESS (bulk)", "draws returned"}),
    "divergent": (lambda: sampled(good(), diverging=3), {"divergences"}),
    "interrupted": (lambda: sampled(good(draws=700)), {"draws returned"}),
    "not a number": (not_a_number, {"finite"}),
    "low E-BFMI": (low_energy_exploration, {"E-BFMI"}),
    "noisy probability": (noisy_probability, {"MCSE"}),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_fit_is_blocked_and_its_reason_named(name: str) -> None:
    make, reasons = BAD[name]
    report = judged(make())
    assert not report.passed
    assert reasons <= failed(report)
    with pytest.raises(GateError, match="edition 2024-07-ferry: the fit may not be published") as caught:
        report.require("2024-07-ferry")
    for verdict in report.verdicts:
        if not verdict.passed:
            assert f"  {verdict.criterion}: " in str(caught.value)
            assert verdict.worst in str(caught.value)
            assert verdict.fix in str(caught.value)


@pytest.mark.parametrize("reason", ["divergences", "draws returned", "E-BFMI"])
def test_a_fault_of_the_sampler_is_the_only_reason_given_where_the_draws_are_fine(reason: str) -> None:
    fits = {"divergences": "divergent", "draws returned": "interrupted", "E-BFMI": "low E-BFMI"}
    assert failed(judged(BAD[fits[reason]][0]())) == {reason}


@pytest.mark.parametrize("seed", range(20))
def test_a_good_fit_passes(seed: int) -> None:
    report = judged(sampled(good(100 + seed), seed=seed))
    assert report.passed, failed(report)
    report.require("2024-07-ferry")


def test_the_worst_quantity_is_named_with_its_element() -> None:
    x = good()
    x[0, :, 2] += 3
    report = judged(sampled(x))
    worst = {verdict.criterion: verdict.worst for verdict in report.verdicts}
    assert worst["R-hat"] == "log_hazard[2]"


def test_what_is_certain_by_construction_blocks_nothing() -> None:
    # an event that has happened has probability one on every draw, and an arrow of known size one value
    x = good()
    x[..., 1] = 0.7
    fit = sampled(x)
    report = judged(fit | {"probabilities": {**fit["probabilities"], "past:yes": np.ones((CHAINS, DRAWS))}})
    assert report.passed


def test_a_fit_in_which_nothing_moved_is_blocked() -> None:
    fit = sampled(np.full((CHAINS, DRAWS, 3), 0.3))
    assert "R-hat" in failed(judged(fit))


def test_every_probability_is_looked_at_and_not_only_parameters() -> None:
    fit = sampled(good())
    wandering = np.random.default_rng(5).normal(size=(CHAINS, DRAWS)).cumsum(axis=1)
    report = judged(fit | {"probabilities": {**fit["probabilities"], "bad:yes": 1 / (1 + np.exp(-wandering / 20))}})
    worst = {verdict.criterion: verdict.worst for verdict in report.verdicts if not verdict.passed}
    assert worst["R-hat"] == "p[bad:yes]"
    assert worst["MCSE"] == "p[bad:yes]"


def test_three_chains_are_not_enough() -> None:
    report = check_fit(**sampled(good(chains=3)), chains=3, draws=DRAWS)
    assert "chains" in failed(report)
