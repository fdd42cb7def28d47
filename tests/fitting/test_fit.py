"""A fit of the toy edition: three layers, gated, answered, and the same again from the same seed."""

from __future__ import annotations

import datetime as dt
from importlib import import_module

import arviz as az
import numpy as np
import pytest
from toy import EDITION, toy_dossier, toy_edition, toy_fit, toy_network

from forecasting.errors import GateError, UsageError
from forecasting.fitting.fit import fit, gate_of
from forecasting.fitting.layers import LAYERS, answer_layer, fit_layer
from forecasting.inference.sample import Length
from forecasting.models.network.compensation import Driven, solved
from forecasting.paths.grids import forecast_grid

QUESTIONS = (
    "pact-by-2025", "toll-by-2025", "ferry-order-2025", "quay-by-2025", "deadline-kept-2025", "ferry-stages-2026",
    "trouble-2025",
)  # fmt: skip


@pytest.mark.slow
def test_the_toy_passes_the_gate_and_every_outcome_is_in_the_table() -> None:
    got = toy_fit()
    assert got.gate.passed
    table = got.forecasts()
    assert tuple(dict.fromkeys(table["question"])) == QUESTIONS
    assert list(table.columns) == [
        "question", "title", "outcome", "deadline", "base_p", "prior_p", "p", "low_50", "high_50", "low", "high", "mcse", "words",
        "reconstructed",
    ]  # fmt: skip
    assert len(table) == 5 + 3 + 3
    numbers = table[["base_p", "prior_p", "p", "low_50", "high_50", "low", "high", "mcse"]].to_numpy()
    assert np.isfinite(numbers).all()
    assert ((numbers >= 0) & (numbers <= 1)).all()
    assert (table["low"] < table["p"]).all()
    assert (table["p"] < table["high"]).all()
    assert got.seed == got.edition.edition.seed == 20240701


def test_scenarios_and_stages_sum_to_one_on_every_draw_of_every_layer() -> None:
    for layer in LAYERS:
        for name in ("ferry-order-2025", "ferry-stages-2026"):
            p = toy_fit().layers[layer].answers[name].p
            assert np.abs(p.sum(axis=1) - 1).max() <= 1e-8


def test_questions_that_contain_each_other_keep_their_order_on_every_draw() -> None:
    answers = toy_fit().posterior.answers
    # "trouble" is the toll or the quay; it cannot be less likely than the toll, but for the luck of 64 paths
    trouble, toll = answers["trouble-2025"].p[:, 0], answers["toll-by-2025"].p[:, 0]
    assert trouble.mean() > toll.mean()
    assert np.all(trouble > toll - 4 * np.sqrt(0.25 / 64))
    # a ferry that runs has its pact
    stages = answers["ferry-stages-2026"].p
    assert stages[:, 2].mean() < stages[:, 1:].sum(axis=1).mean()


def test_the_claims_move_the_prior_and_the_history_moves_the_posterior() -> None:
    outcome = toy_fit().forecast("pact-by-2025").headline
    # an article says "likely", a fact agrees; half a year without a pact says a little less
    assert outcome.prior_p > outcome.base_p + 0.15
    assert outcome.p < outcome.prior_p


def test_an_outcome_is_the_mean_of_its_draws_with_their_monte_carlo_error() -> None:
    got = toy_fit()
    answer = got.posterior.answers["pact-by-2025"]
    p, noise = answer.p[:, 0], answer.noise[:, 0].mean()
    outcome = got.forecast("pact-by-2025").headline
    assert outcome.p == pytest.approx(p.mean(), abs=1e-12)
    # a toll that may rise makes the answer an average over paths: their noise is not part of the interval
    kept = p.mean() + (p - p.mean()) * np.sqrt(1 - noise / p.var())
    assert 0 < noise < 0.01 * p.var()
    assert (outcome.low, outcome.high) == pytest.approx(tuple(np.quantile(kept, [0.05, 0.95])), abs=1e-12)
    assert outcome.mcse == pytest.approx(float(az.mcse(p.reshape(4, 1000))), abs=1e-12)
    # 4,000 draws worth at most that many independent ones
    assert p.std() / np.sqrt(4000) * 0.8 < outcome.mcse < 0.005


def test_a_curve_never_falls_and_meets_its_question_at_the_deadline() -> None:
    got = toy_fit()
    for event in got.structure.event_ids:
        for layer in LAYERS:
            curve = got.curve(event, layer)
            assert np.all(np.diff(curve["p"]) >= -1e-15)
            assert (curve["low"] <= curve["high"]).all()
    curve = got.curve("pact-signed").set_index("date")["p"]
    assert curve[dt.date(2025, 12, 31)] == pytest.approx(got.forecast("pact-by-2025").headline.p, abs=1e-12)


def test_the_grid_has_every_deadline_and_every_month() -> None:
    grid = forecast_grid(toy_edition())
    days = [round(t * 365.25) for t in grid]
    as_of = dt.date(2024, 7, 1)
    expected = {dt.date(2024 + month // 12, month % 12 + 1, 1) for month in range(6, 36)}
    expected |= {dt.date(2025, 3, 31), dt.date(2025, 12, 31), dt.date(2026, 12, 31)}
    assert days == sorted((day - as_of).days for day in expected)
    assert grid[0] == 0


def test_a_question_that_the_edition_does_not_ask_is_answered_with_its_neighbours() -> None:
    with pytest.raises(UsageError, match="pact-by-2025"):
        toy_fit().forecast("pact-by-2026")


@pytest.mark.slow
def test_the_same_seed_gives_the_same_forecasts_to_the_last_bit() -> None:
    stages = []
    again = fit(toy_edition(), network=toy_network(), progress=lambda stage, share: stages.append((stage, share)))
    assert again.all_forecasts() == toy_fit().all_forecasts()
    assert [stage for stage, _ in stages] == [*(f"sampling the {layer} layer" for layer in LAYERS), "checking the gate"]
    assert [share for _, share in stages] == sorted(share for _, share in stages)


@pytest.mark.slow
def test_another_seed_gives_the_same_forecasts_within_their_errors() -> None:
    network = toy_network()
    other = fit_layer(network, "posterior", random_seed=99)
    for name, got in toy_fit().posterior.answers.items():
        for i in range(got.p.shape[1]):
            one, two = got.p[:, i], other.answers[name].p[:, i]
            error = np.hypot(*(float(az.mcse(p.reshape(4, 1000))) for p in (one, two)))
            assert abs(one.mean() - two.mean()) <= 4 * error


@pytest.mark.slow
def test_twenty_seeds_give_each_published_probability_within_a_point() -> None:
    # fewer draws in coarser steps, and the 16 paths a draw of a layer that is only compared: what is published is steadier still
    network, got, steps = toy_network(), toy_fit(), Length(chains=2, draws=600, tune=200, target_accept=0.9)
    evidence, answers = got.posterior.evidence, []
    for seed in range(20):
        trace = network.sample(evidence, random_seed=seed, length=steps)
        answers.append(answer_layer(got.edition, got.structure, "prior", evidence, trace, seed).answers)
    for name in got.posterior.answers:
        p = np.array([answer[name].p.mean(axis=0) for answer in answers])
        assert np.all(p.std(axis=0, ddof=1) <= 0.01), name
    assert len({float(answer["quay-by-2025"].p.mean()) for answer in answers}) == 20


def test_a_fit_whose_draws_are_missing_is_blocked_by_name() -> None:
    got = toy_fit()
    last = got.posterior
    cut = {name: group.to_dataset().isel(draw=slice(0, 50)) for name, group in last.trace.children.items()}
    trace = type(last.trace).from_dict(cut)
    short = answer_layer(got.edition, got.structure, "posterior", last.evidence, trace, got.seed)
    report = gate_of(got.edition, got.structure, {**got.layers, "posterior": short})
    failed = {verdict.criterion: verdict for verdict in report.verdicts if not verdict.passed}
    assert (failed["draws returned"].value, failed["draws returned"].bound) == (200.0, "4 × 1000")
    with pytest.raises(GateError, match="draws returned: 200"):
        report.require("test")


def test_the_named_prior_of_an_event_is_the_prior_layer_of_the_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    prior_module = import_module("forecasting.fitting.event_prior")
    monkeypatch.setattr(prior_module, "compile_network", lambda _: toy_network())
    named = prior_module.prior(toy_dossier(), "toll-raised", edition=EDITION)
    fitted = toy_fit().layers["prior"].trace["posterior"]
    m = fitted["log_hazard"].sel(event="toll-raised").values.ravel()
    # the driver shifts it; no signal of a claim is about it, and the one of the history is not in this layer
    load = fitted["loading_weight"].sel(loading="empty-coffers:toll-raised").values.ravel()
    shift = load * fitted["driver_level"].sel(driver="empty-coffers").values.ravel()
    keeps = solved(np.exp(m) * 2.0, Driven(load**2))  # over its reference horizon of two years
    assert named.log_hazard == pytest.approx(m + shift + keeps, abs=1e-9)
    assert named.claims == ("n-002",)


@pytest.mark.parametrize(("known", "said"), [(object(), "reading the compiled model"), (None, "compiling the model")])
def test_compiling_is_said_only_when_the_model_is_compiled(
    known: object, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    stages: list[str] = []

    def stop(_: object) -> None:
        raise InterruptedError

    module = import_module("forecasting.fitting.fit")
    monkeypatch.setattr("forecasting.models.network.density.read_density", lambda: known)
    monkeypatch.setattr(module, "compile_network", stop)
    with pytest.raises(InterruptedError):
        fit(toy_edition(), progress=lambda stage, share: stages.append(stage))
    assert stages == [said]
