"""The compared layers grow until their own answers pass the gate, and what the gate advises is enough."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
from toy import toy_edition, toy_network

from forecasting.dossier.edition import MOST_DRAWS
from forecasting.errors import UsageError
from forecasting.fitting.fit import EditionFit, fit, require_seed
from forecasting.fitting.growth import draws_wanted
from forecasting.fitting.layers import answer_layer, drawn_layer, gate_of_layer, grown_layer
from forecasting.inference.gate import longer_run
from forecasting.inference.sample import Length
from forecasting.rules.load import load_dossier


def coins(n: int) -> dict[str, np.ndarray]:
    """Return independent draws with sd ½ in four chains of n draws."""
    return {"p": np.random.default_rng(3).integers(0, 2, (4, n)).astype(float)}


def test_draws_wanted_are_those_that_bring_the_error_below_the_bound() -> None:
    wanted = draws_wanted(coins(1000))  # error 0.5 / √4000 = 0.0079
    assert 2500 <= wanted <= 3500
    assert draws_wanted(coins(wanted)) == wanted


def test_answers_that_never_vary_or_stand_still_in_a_chain_call_for_nothing() -> None:
    assert draws_wanted({"p": np.ones((4, 50))}) == 50
    assert draws_wanted({"p": np.full((4, 50), 0.1) + np.arange(4)[:, None] / 10}) == 50


@pytest.mark.slow
@pytest.mark.parametrize("layer", ["base", "prior"])
def test_a_compared_layer_that_begins_too_short_grows_until_the_gate_passes_it(
    layer, monkeypatch: pytest.MonkeyPatch
) -> None:
    network, said = toy_network(), []
    monkeypatch.setattr(type(network), "length", lambda self, name: Length(4, 60, 400, 0.95))
    fitted, length = grown_layer(network, layer, random_seed=5, say=said.append)
    assert 60 < length.draws < MOST_DRAWS
    assert f"{layer} layer again" in said[0]
    report = gate_of_layer(network.edition, network.structure, fitted, length)
    assert not [v for v in report.verdicts if v.criterion == "MCSE" and not v.passed]


def test_a_posterior_of_which_a_few_draws_diverged_is_drawn_again_with_smaller_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    network, said, lengths = toy_network(), [], []
    monkeypatch.setattr(type(network), "length", lambda self, name: Length(4, 300, 200, 0.9))

    def drawn(network, layer, *, random_seed, length):
        lengths.append(length)
        evidence, trace = drawn_layer(network, layer, random_seed=random_seed, length=length)
        trace["sample_stats"]["diverging"][:] = False
        trace["sample_stats"]["diverging"][0, 0] = length.target_accept < 0.97
        return evidence, trace

    def answered(*arguments):
        simulated.append(arguments)
        return answer_layer(*arguments)

    simulated = []
    monkeypatch.setattr("forecasting.fitting.layers.drawn_layer", drawn)
    monkeypatch.setattr("forecasting.fitting.layers.answer_layer", answered)
    _, length = grown_layer(network, "posterior", random_seed=5, say=said.append)
    assert len(simulated) == 1  # draws that are not kept are not simulated
    assert [one.target_accept for one in lengths] == pytest.approx([0.9, 0.95, 0.975])
    assert length == lengths[-1]
    assert said[0].startswith("drawing the posterior layer again: 300 draws at an acceptance of 0.95 instead of 300")


@pytest.mark.slow
def test_an_edition_that_is_too_short_passes_with_the_number_that_the_gate_names() -> None:
    def fitted(draws: int) -> EditionFit:
        edition = toy_edition()
        return fit(replace(edition, edition=edition.edition.model_copy(update={"draws": draws})), random_seed=5)

    asked = [100]
    while not (got := fitted(asked[-1])).gate.passed:
        failed = [verdict for verdict in got.gate.verdicts if not verdict.passed]
        named = [int(re.search(r"draws: (\d+)", verdict.fix)[1]) for verdict in failed]  # each failure names a number
        asked.append(max(named))
        assert asked[-1] > asked[-2]
    assert 2 <= len(asked) <= 4


def test_a_compared_layer_at_its_ceiling_is_told_to_take_more_chains() -> None:
    assert "'chains: 8'" in longer_run("p[prior a:yes]", (4, MOST_DRAWS), 1.5)
    assert "two ways" in longer_run("p[prior a:yes]", (4, MOST_DRAWS), 50.0)


@pytest.mark.parametrize("seed", [-1, 10**40, "x", 1.5, True])
def test_a_seed_that_is_none_is_refused_before_anything_runs(seed: object) -> None:
    with pytest.raises(UsageError, match="write a whole number from 0 to 4294967295"):
        fit(toy_edition(), random_seed=seed)
    assert require_seed(np.int64(7)) == 7


def test_what_is_no_edition_and_no_folder_is_refused_by_name() -> None:
    with pytest.raises(UsageError, match="'name' is no edition"):
        fit("name")
    with pytest.raises(UsageError, match="root is None"):
        load_dossier(None)
