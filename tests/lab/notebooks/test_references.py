"""Sampled numbers of notebooks are held to stored ones, within what chance alone can do, and no further."""

from __future__ import annotations

import dataclasses
import json
import math

import numpy as np
import pytest
from sample_runs import sample_run

from forecasting.errors import ForecastingError
from forecasting.lab.notebooks.references import all_references, distance, hold, reference_numbers, sampled_number
from forecasting.rules.load import load_dossier


@pytest.fixture(scope="module")
def run(project_dir):
    return sample_run(load_dossier(project_dir / "priors").edition("2020-11-karabakh"))


@pytest.fixture
def stored(run, tmp_path):
    """Return a function that stores the run's numbers after a change, and the path of the file."""

    def write(change=lambda numbers: None, events=None):
        numbers = reference_numbers(run)
        change(numbers)
        path = tmp_path / "references.json"
        path.write_text(json.dumps({"2020-11-karabakh": {"questions": numbers, "events": events or {}}}))
        return path

    return write


def test_a_run_agrees_with_its_own_numbers(run, stored):
    # 13 yes/no questions and a set of five scenarios
    assert hold(run, stored()) == (
        "2020-11-karabakh: all 20 numbers lie within 4 Monte Carlo standard errors of the stored ones"
    )


@pytest.mark.parametrize(("errors", "agrees"), [(3.9, True), (4.1, False), (-3.9, True), (-4.1, False)])
def test_a_number_may_be_four_combined_standard_errors_off_and_no_more(run, stored, errors, agrees):
    # two errors of 0.003 and 0.004 make one of 0.005
    name = "gyumri-closed-2025"
    now = reference_numbers(run)[name]
    off = {"p": now["p"] + errors * math.hypot(now["mcse"], 0.004), "mcse": 0.004}
    path = stored(lambda numbers: numbers.update({name: off}))
    if agrees:
        assert "all 20 numbers" in hold(run, path)
    else:
        with pytest.raises(ForecastingError, match=r"gyumri-closed-2025: .* 4\.1 standard errors apart"):
            hold(run, path)


def test_a_question_that_is_new_or_gone_is_named(run, stored):
    path = stored(lambda numbers: numbers.update({"gone-2025": numbers.pop("gyumri-closed-2025")}))
    with pytest.raises(ForecastingError, match=r"(?s)gone-2025: not asked any more.*gyumri-closed-2025: no reference"):
        hold(run, path)


def test_numbers_of_an_event_are_held_too(run, stored):
    path = stored(events={"e:prior": {"p": 0.4, "mcse": 0.003}, "e:base": {"p": 0.1, "mcse": 0.003}})
    assert "all 21 numbers" in hold(run, path, events={"e:prior": {"p": 0.41, "mcse": 0.004}})
    with pytest.raises(ForecastingError, match="e:prior"):
        hold(run, path, events={"e:prior": {"p": 0.43, "mcse": 0.004}})
    assert all_references(path)["e:base"] == {"p": 0.1, "mcse": 0.003}


def test_without_monte_carlo_error_numbers_have_to_be_the_same():
    assert distance({"p": 0.0, "mcse": 0.0}, {"p": 0.0, "mcse": 0.0}) == 0
    assert distance({"p": 0.1, "mcse": 0.0}, {"p": 0.2, "mcse": 0.0}) == math.inf


def test_distance_is_the_same_both_ways():
    a, b = {"p": 0.30, "mcse": 0.003}, {"p": 0.31, "mcse": 0.004}  # 0.01 / 0.005
    assert distance(a, b) == distance(b, a) == 2


def test_an_edition_without_references_is_refused(run, tmp_path):
    path = tmp_path / "references.json"
    path.write_text("{}")
    with pytest.raises(ForecastingError, match="store them anew: make notebooks"):
        hold(run, path)


def test_the_error_of_a_mean_shrinks_with_the_root_of_the_draws():
    # independent draws of standard deviation 0.1: 0.1 / √4000 = 0.00158
    draws = np.random.default_rng(1).normal(0.5, 0.1, 4000)
    number = sampled_number(draws)
    assert number["p"] == pytest.approx(draws.mean(), abs=1e-6)
    assert number["mcse"] == pytest.approx(0.00158, rel=0.15)


def test_references_keep_six_decimals(run):
    f = run.forecasts[0]
    odd = dataclasses.replace(f, outcomes=(dataclasses.replace(f.headline, p=1 / 3, mcse=2 / 3000),))
    numbers = reference_numbers(dataclasses.replace(run, forecasts=(odd,)))
    assert numbers == {f.question: {"p": 0.333333, "mcse": 0.000667}}
