"""The gate blocks nine kinds of bad fits, each with its reason, and lets good ones through."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import xarray as xr
from bad_fits import BAD
from densities import sample, value_and_gradient
from good_fits import GOOD

from forecasting.errors import GateError
from forecasting.inference.gate import check_fit
from forecasting.inference.gate_report import GateReport, Verdict

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
    return check_fit(**(fit | {"chains": CHAINS, "draws": DRAWS}))


def failed(report: GateReport) -> set[str]:
    return {verdict.criterion for verdict in report.verdicts if not verdict.passed}


def chains_stuck_apart() -> dict:
    x = good()
    x[..., 2] = np.arange(CHAINS)[:, None]
    return sampled(x)


def low_energy_exploration() -> dict:
    # an energy that wanders: its steps are small beside its spread
    walk = np.random.default_rng(3).normal(size=(CHAINS, DRAWS)).cumsum(axis=1)
    return sampled(good(), energy=walk)


def noisy_probability() -> dict:
    fit = sampled(good())
    drift = np.repeat(np.random.default_rng(4).uniform(0, 1, (CHAINS, DRAWS // 10)), 10, axis=1)
    return fit | {"probabilities": {"q:yes": drift}}


# by hand, because no sampler does them to order
MADE: dict[str, tuple[Callable[[], dict], set[str]]] = {
    "chains stuck apart": (chains_stuck_apart, {"R-hat", "ESS (bulk)", "stuck"}),
    "low E-BFMI": (low_energy_exploration, {"E-BFMI"}),
    "noisy probability": (noisy_probability, {"MCSE"}),
    "three divergences": (lambda: sampled(good(), diverging=3), {"divergences"}),
    "cut short": (lambda: sampled(good(draws=700)), {"draws returned"}),
}
CASES = {
    **BAD,
    **{name: (lambda make=make: make() | {"chains": CHAINS, "draws": DRAWS}, why) for name, (make, why) in MADE.items()},
}


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_a_bad_fit_is_blocked_and_its_reason_named(name: str) -> None:
    make, reasons = CASES[name]
    report = check_fit(**make())
    assert not report.passed
    assert reasons <= failed(report)
    with pytest.raises(GateError, match="edition 2024-07-ferry: the fit may not be published") as caught:
        report.require("2024-07-ferry")
    for verdict in report.verdicts:
        if not verdict.passed:
            assert f"  {verdict.criterion}: " in str(caught.value)
            assert verdict.worst in str(caught.value)
            assert verdict.fix in str(caught.value)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("three divergences", "divergences"), ("cut short", "draws returned"), ("low E-BFMI", "E-BFMI"),
        ("one chain", "chains"), ("not a number", "finite"), ("prior–data conflict", "prior–data conflict"),
    ],
)  # fmt: skip
def test_a_fault_that_spares_the_draws_is_the_only_reason_given(name: str, reason: str) -> None:
    assert failed(check_fit(**CASES[name][0]())) == {reason}


def test_there_are_nine_bad_kinds_and_twenty_good_models() -> None:
    assert len(BAD) == 9
    assert len(GOOD) == 20


@pytest.mark.slow
@pytest.mark.parametrize("name", GOOD)
def test_a_good_fit_passes(name: str) -> None:
    report = check_fit(**sample(GOOD[name]))
    assert report.passed, failed(report)
    report.require("2024-07-ferry")


@pytest.mark.parametrize("name", GOOD)
def test_the_gradient_of_a_good_model_is_that_of_finite_differences(name: str) -> None:
    evaluate = value_and_gradient(GOOD[name])
    x = np.random.default_rng(2).normal(0, 0.5, GOOD[name].n)
    steps = 1e-5 * np.eye(GOOD[name].n)
    slopes = [(evaluate(x + step)[0] - evaluate(x - step)[0]) / 2e-5 for step in steps]
    assert evaluate(x)[1] == pytest.approx(slopes, rel=1e-4, abs=1e-4)


def test_the_worst_quantity_is_named_with_its_element() -> None:
    x = good()
    x[0, :, 2] += 3
    report = judged(sampled(x))
    worst = {verdict.criterion: verdict.worst for verdict in report.verdicts}
    assert worst["R-hat"] == "log_hazard[2]"


def test_what_is_certain_by_construction_blocks_nothing() -> None:
    # an event that has happened has probability one on every draw, and an effect of known size one value
    x = good()
    x[..., 1] = 0.7
    fit = sampled(x)
    certain = {**fit["probabilities"], "past:yes": np.ones((CHAINS, DRAWS)), "never:yes": np.zeros((CHAINS, DRAWS))}
    report = judged(fit | {"probabilities": certain, "fixed": {"log_hazard": np.array([False, True, False])}})
    assert report.passed


def test_one_value_on_every_draw_is_stuck_unless_it_is_said_to_be_fixed() -> None:
    x = good()
    x[..., 1] = 0.7
    worst = {verdict.criterion: verdict for verdict in judged(sampled(x)).verdicts}
    assert (worst["stuck"].passed, worst["stuck"].value, worst["stuck"].worst) == (False, 4.0, "log_hazard[1] in chain 0")
    # what is fixed has one value in all chains, or it is not fixed
    x[2, :, 1] = 0.8
    fixed = {"log_hazard": np.array([False, True, False])}
    assert "stuck" in failed(judged(sampled(x) | {"fixed": fixed}))


def test_a_probability_is_certain_at_none_and_one_and_nowhere_else() -> None:
    fit = sampled(good())
    report = judged(fit | {"probabilities": {**fit["probabilities"], "q:no": np.full((CHAINS, DRAWS), 0.37)}})
    assert {v.worst for v in report.verdicts if not v.passed} == {"p[q:no] in chain 0"}


def test_one_chain_that_stands_where_the_others_wander_is_stuck() -> None:
    x = good()
    x[3, :, 0] = x[..., 0].mean()
    assert "stuck" in failed(judged(sampled(x)))


def test_surprise_is_judged_over_all_observations_together() -> None:
    fit = sampled(good())
    # 0.01/4 = 0.0025
    tails = {"a": 0.5, "b": 0.003, "c": 0.9, "d": 1.0}
    assert judged(fit | {"tails": tails}).passed
    report = judged(fit | {"tails": tails | {"b": 0.002}})
    assert failed(report) == {"prior–data conflict"}
    assert next(v.worst for v in report.verdicts if not v.passed) == "b"


def test_a_run_interrupted_before_its_first_draw_is_blocked() -> None:
    fit = sampled(np.zeros((CHAINS, 0, 3)))
    assert failed(judged(fit)) == {"draws returned", "ESS (bulk)"}


def test_too_few_draws_for_any_diagnostic_are_blocked_even_if_no_more_were_asked_for() -> None:
    assert failed(check_fit(**sampled(good(draws=3)), chains=CHAINS, draws=3)) == {"ESS (bulk)"}


def test_a_fit_in_which_nothing_moved_is_blocked() -> None:
    fit = sampled(np.full((CHAINS, DRAWS, 3), 0.3))
    assert "R-hat" in failed(judged(fit))


@pytest.mark.parametrize("make", [lambda: sampled(good(draws=3)), lambda: sampled(np.random.default_rng(1).normal(
    size=(CHAINS, DRAWS, 3)).cumsum(axis=1)), lambda: sampled(np.full((CHAINS, DRAWS, 3), np.nan))])  # fmt: skip
def test_a_model_that_is_no_edition_is_not_told_to_mend_one(make: Callable[[], dict]) -> None:
    fit = make()
    asked = {"chains": CHAINS, "draws": fit["posterior"].sizes["draw"]}
    reports = {what: check_fit(**fit, **asked, what=what) for what in ("edition", "model")}
    fixes = {what: [v.fix for v in report.verdicts if not v.passed] for what, report in reports.items()}
    assert len(fixes["model"]) == len(fixes["edition"]) > 0
    assert any("edition" in fix for fix in fixes["edition"])
    assert not any("edition" in fix for fix in fixes["model"]), fixes["model"]


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


def judged_alone(p: np.ndarray) -> dict[str, Verdict]:
    """Hold directly drawn values of one probability (chain, draw) to the gate."""
    drawn = xr.Dataset(coords={"chain": range(len(p)), "draw": range(p.shape[1])})
    report = check_fit(drawn, None, {"base q:yes": p}, chains=len(p), draws=p.shape[1])
    return {verdict.criterion: verdict for verdict in report.verdicts}


def test_an_answer_without_doubt_is_no_fault_of_a_sampler() -> None:
    sure = judged_alone(np.full((CHAINS, DRAWS), 1 - 1e-13))
    assert "leave no doubt" in sure["constant answer"].fix
    assert sure["stuck"].passed
    assert "constant answer" not in judged_alone(np.ones((CHAINS, DRAWS)))


def test_a_chain_on_which_an_answer_is_one_is_not_stuck_and_one_that_stands_elsewhere_is() -> None:
    p = np.random.default_rng(3).uniform(0.9, 1.0, (CHAINS, DRAWS))
    p[0] = 1.0
    assert judged_alone(p)["stuck"].passed
    p[0] = 0.95
    assert not judged_alone(p)["stuck"].passed
