"""The model of a balance: its two statements agree, levels have their moments, and nothing later than the as-of date enters."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from balances import ALIKE, BALANCE, TOLL_HOUSE
from scipy import stats
from town_balance import MANY, look, town_edition

from forecasting.analysis.leave_one_out import leave_one_out
from forecasting.fitting.model_fit import fit_inputs
from forecasting.inference.compiled import evaluate
from forecasting.inference.sample import Length
from forecasting.models.balance.build import build_balance
from forecasting.models.balance.inputs import grade_bounds, location, named_bounds
from forecasting.models.balance.layout import FREE
from forecasting.models.balance.levels import drawn, readings_of, student
from forecasting.models.balance.model import BalanceModel


@pytest.mark.slow
def test_the_fused_density_is_that_of_pymc_and_its_gradient_is_its_own(tmp_path: Path, project_dir: Path) -> None:
    model = BalanceModel()
    inputs = model.inputs(town_edition(tmp_path, project_dir, MANY), without=frozenset({"o-011"}))
    bound, stated = model.density(inputs), build_balance(inputs.data)
    logp, start, rng = stated.compile_logp(mode="FAST_COMPILE"), stated.initial_point(), np.random.default_rng(1)
    apart = []
    for _ in range(3):
        point = {name: rng.normal(size=values.shape) for name, values in start.items()}
        flat = np.concatenate([point[rv.name].ravel() for rv in stated.free_RVs])
        value, gradient = evaluate(bound, flat)
        apart.append(value - float(logp(point)))
        for j in rng.choice(flat.size, 12, replace=False):
            step = np.eye(flat.size)[j] * 1e-6
            slope = (evaluate(bound, flat + step)[0] - evaluate(bound, flat - step)[0]) / 2e-6
            assert gradient[j] == pytest.approx(slope, abs=1e-5, rel=1e-5)
    assert np.ptp(apart) < 1e-8


@pytest.mark.parametrize(("tail", "off"), [(3.0, 0.075), (4.0, 0.04), (10.0, 0.006)])
def test_steps_are_students_up_to_wallaces_error(tail: float, off: float) -> None:
    at = np.array([0.001, 0.01, 0.1, 0.3, 0.7, 0.99, 0.999])
    exact = stats.t.ppf(at, tail)
    assert student(stats.norm.ppf(at), tail) == pytest.approx(exact, rel=off)


def test_a_grade_is_an_interval_of_steps(tmp_path: Path, project_dir: Path) -> None:
    edition = town_edition(tmp_path, project_dir, MANY)
    balance, seen = edition.dossier.balances["upper-hand"], edition.dossier.observations
    assert grade_bounds(balance, seen["o-001"], seen["o-001"].codings[0]) == (0.25, 1000.0)
    assert named_bounds(balance, seen["o-001"], seen["o-001"].codings[0]) == (0.25, 0.75)
    assert grade_bounds(balance, seen["o-001"], seen["o-001"].codings[1]) == (-0.25, 0.25)
    assert grade_bounds(balance, seen["o-011"], seen["o-011"].codings[0]) == (-1000.0, -1.5)
    assert location(balance, balance.theatres[1].starts) == -2.0


LATER = {
    "happened later": look("o-099", "river", "level", "2024-07-02", "sudland, by: clearly"),
    "published later": look("o-099", "river", "level", "2024-05-02", "sudland, by: clearly").replace(
        "published_on: 2024-05-02", "published_on: 2024-07-02"),
}  # fmt: skip


@pytest.mark.parametrize("later", LATER.values(), ids=LATER.keys())
def test_no_digit_moves_by_what_is_dated_or_published_later(later: str, tmp_path: Path, project_dir: Path) -> None:
    model = BalanceModel()
    without, with_it = (
        model.inputs(town_edition(tmp_path / name, project_dir, text)).data
        for name, text in (("a", TOLL_HOUSE), ("b", TOLL_HOUSE + later))
    )
    assert without.identical(with_it)


def test_a_claim_that_the_edition_does_not_know_is_no_observation(tmp_path: Path, project_dir: Path) -> None:
    edition = town_edition(tmp_path, project_dir, MANY)
    known = set(BalanceModel().inputs(edition).data["observation"].values)
    unlisted = replace(edition, edition=edition.edition.model_copy(update={"sources": ("another-paper",)}))
    assert known - set(BalanceModel().inputs(unlisted).data["observation"].values) == {"o-002"}


def test_layers_are_what_was_said_and_then_what_happened(tmp_path: Path, project_dir: Path) -> None:
    edition, model = town_edition(tmp_path, project_dir, MANY), BalanceModel()
    used = {layer: set(model.readings(model.inputs(edition, layer))["claim"]) for layer in ("base", "prior", "posterior")}
    assert used["base"] == set()
    assert used["prior"] == {"o-002", "o-013", "o-014", "o-016"}
    assert used["posterior"] == {"o-001", "o-002", *(f"o-01{n}" for n in range(1, 7))}


def test_ten_statements_of_one_speaker_and_origin_say_less_than_ten_speakers(tmp_path: Path, project_dir: Path) -> None:
    model, widths = BalanceModel(), {}
    for name, told in (("one", lambda n: "the ferryman"), ("ten", lambda n: f"speaker {n}")):
        looks = "".join(
            look(f"o-1{n:02}", "river", "level", "2024-06-20", "sudland, by: somewhat").replace(
                f"origin: o-1{n:02}", f"origin: {'gazette' if name == 'one' else f'paper-{n}'}"
            ).replace("  codings", f"  speaker: {told(n)}\n  codings")
            for n in range(10)
        )  # fmt: skip
        inputs = model.inputs(town_edition(tmp_path / name, project_dir, looks))
        fit = fit_inputs(model, inputs, model.density(inputs), length=Length(4, 800, 300, 0.8), until=None, random_seed=1)
        widths[name] = float(drawn(fit.posterior, inputs.data).level[:, 0, -1].std())
    assert widths["one"] > 1.15 * widths["ten"]


@pytest.mark.slow
def test_an_observation_changes_weights_by_a_bounded_factor(tmp_path: Path, project_dir: Path) -> None:
    """Weights up to a k̂ of 0.7 give what a long refit gives, within their errors."""
    model = BalanceModel(brief_length=Length(4, 4000, 400, 0.9))
    inputs = model.inputs(town_edition(tmp_path, project_dir, MANY))
    assert model.bounded_ratios(inputs)
    fit = fit_inputs(model, inputs, model.density(inputs), length=Length(4, 4000, 400, 0.9), until=None, random_seed=1)
    least = np.log(float(inputs.data["fixed"].sel(constant="slip")) / inputs.data["obs_bounds"].sel(bound="grades").values.max())
    assert model.log_likelihood(fit.posterior, inputs).min() >= least
    told = leave_one_out(fit)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("forecasting.inference.importance.PRECISE_K_HAT", -9.0)
        patch.setattr(BalanceModel, "bounded_ratios", lambda self, inputs: False)
        again = leave_one_out(fit)
    weighted = told["how"] == "weights"
    assert weighted.sum() >= 4 * len(fit.outcomes["outcome"])
    assert (again["how"] == "refit").all()
    apart = (told["change"] - again["change"]) / np.hypot(told["mcse"], again["mcse"]).clip(lower=1e-4)
    assert np.abs(apart[weighted]).max() < 4


def test_without_weights_all_theatres_count_alike(tmp_path: Path, project_dir: Path) -> None:
    model = BalanceModel()
    made = model.inputs(town_edition(tmp_path / "alike", project_dir, TOLL_HOUSE, ALIKE))
    assert model.constants(made)["weights"].tolist() == [True, True]  # or the gate would say that they are stuck
    open_ones = model.inputs(town_edition(tmp_path / "open", project_dir, TOLL_HOUSE))
    assert model.constants(open_ones)["weights"].tolist() == [False, False]
    inputs = made.data
    rng = np.random.default_rng(5)
    prior = xr.Dataset({
        name: (("chain", "draw", dim), rng.standard_normal((1, 50, inputs.sizes[dim]))) for name, dim in FREE.items()
    })  # fmt: skip
    draws = drawn(prior, inputs)
    assert (draws.weights == 0.5).all()
    assert draws.level[:, 2] == pytest.approx(draws.level[:, :2].mean(axis=1))


def test_a_word_on_the_whole_says_which_theatre_counts(tmp_path: Path, project_dir: Path) -> None:
    """Where one theatre is Sudland's and the other Norland's, a word on who is ahead at large moves the weights."""
    model, share = BalanceModel(), {}
    fixed = BALANCE.replace("neither, spread: 1.0, why: Both", "sudland, by: clearly, spread: 0.05, why: Both")
    fixed = fixed.replace("spread: 0.5, why: The market", "spread: 0.05, why: The market")
    for side in ("sudland", "norland"):
        said = look("o-101", "upper-hand", "level", "2024-06-20", f"{side}, by: clearly")
        inputs = model.inputs(town_edition(tmp_path / side, project_dir, said, fixed))
        fit = fit_inputs(model, inputs, model.density(inputs), length=Length(4, 800, 300, 0.8), until=None, random_seed=1)
        share[side] = float(fit.posterior["weights"].sel(theatre="river").mean())
    assert share["norland"] < 0.45 < 0.55 < share["sudland"]
    assert share["norland"] + share["sudland"] == pytest.approx(1, abs=0.05)


def test_prior_levels_have_the_moments_that_are_written_down(tmp_path: Path, project_dir: Path) -> None:
    model = BalanceModel()
    balance = BALANCE.replace("log_spread: 0.5", "log_spread: 0.0001").replace("log_spread: 0.4", "log_spread: 0.0001")
    balance = balance.replace("value: 4", "value: 5000")
    inputs = model.inputs(town_edition(tmp_path, project_dir, TOLL_HOUSE, balance), "base")
    rng = np.random.default_rng(3)
    prior = xr.Dataset({
        name: (("chain", "draw", dim), rng.standard_normal((1, 4000, inputs.data.sizes[dim]))) for name, dim in FREE.items()
    })  # fmt: skip
    draws = drawn(prior, inputs.data)
    levels = draws.level
    # the market: a start of its own (−2 ± 0.5), then 6 months of steps of its own (0.1) and of what all share (0.05)
    phi = 2 ** (-1 / 96)
    own = sum(phi ** (2 * k) for k in range(6))
    variance = 0.25 * phi**12 + (1 - phi**6) ** 2 + 0.1**2 * own + 6 * 0.05**2
    assert levels[:, 1, -1].mean() == pytest.approx(-1 - phi**6, abs=4 * np.sqrt(variance / 4000))
    assert levels[:, 1, -1].var() == pytest.approx(variance, rel=0.1)
    assert levels[:, 2] == pytest.approx((draws.weights[:, :, None] * levels[:, :2]).sum(axis=1))
    ratio = np.log(draws.weights[:, 0] / draws.weights[:, 1])
    assert draws.weights.sum(axis=1) == pytest.approx(1)
    assert ratio.mean() == pytest.approx(0, abs=4 * 0.7 * np.sqrt(2 / 4000))
    assert ratio.std() == pytest.approx(0.7 * np.sqrt(2), rel=0.05)
    mean, sd = readings_of(draws, inputs.data, inputs.data["obs_index"].values[:, 0])
    assert mean[:, 0] == pytest.approx(levels[:, 0, 2] - levels[:, 0, 1])
    assert sd[:, 0] == pytest.approx(np.sqrt(2 * 0.31**2 + 2 * 0.3**2), rel=1e-3)
