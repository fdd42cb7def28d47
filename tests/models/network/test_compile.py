"""The fused density is held to PyMC's when it is compiled; where the two differ, PyMC's own is sampled, and a line says so."""

from __future__ import annotations

import logging

import pymc as pm
import pytest
import xarray as xr
from toy import toy_edition, toy_network

from forecasting.elicitation.quantify import quantify
from forecasting.inference.compiled import CompiledDensity, Layout
from forecasting.models.network import build, compile, engine
from forecasting.models.network.compile import disagreement, unknown_variables
from forecasting.models.network.density import read_density
from forecasting.models.network.engine import bind_network
from forecasting.models.network.inputs import network_inputs


def toy_inputs() -> xr.Dataset:
    """Return every number of the toy's posterior layer."""
    edition = toy_edition()
    return network_inputs(edition, quantify(edition))


@pytest.fixture
def edited(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody edits a prior in build.py, Beta(2, 2) to Beta(20, 2), and forgets fused.py."""
    beta = pm.Beta

    def other(name: str, *args: float, **kwargs: object) -> object:
        return beta(name, 20, 2) if name == "signal_overlap" else beta(name, *args, **kwargs)

    monkeypatch.setattr(build.pm, "Beta", other)


def test_the_density_that_is_shipped_is_that_of_the_model() -> None:
    inputs = toy_inputs()
    assert toy_network().compiled is not None  # compiled, if it was not
    assert unknown_variables(build.build_network(inputs)) == ""
    assert disagreement(build.build_network(inputs), read_density(), inputs) == ""


def test_a_prior_that_is_edited_in_one_place_only_is_found(edited: None) -> None:
    inputs = toy_inputs()
    assert toy_network().compiled is not None
    # 18 log(overlap) is not the same number at three points
    assert "differ by up to" in disagreement(build.build_network(inputs), read_density(), inputs)


def test_a_variable_that_the_fused_density_does_not_know_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compile, "FREE", (*compile.FREE[:-1], "gone_offset"))
    said = unknown_variables(build.build_network(toy_inputs()))
    assert said == "variables that only build.py has: origin_offset; that only fused.py has: gone_offset"


@pytest.mark.slow
def test_where_the_two_differ_the_model_as_pymc_states_it_is_compiled_and_a_line_says_so(
    edited: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    # compiling PyMC's own density takes over a minute for a network: what is compiled is looked at, and the contract test
    # samples models that have no density of their own
    other = CompiledDensity(Layout((), (), {}, "they differ by 2.1"), {})
    monkeypatch.setattr("forecasting.models.network.density.read_density", lambda: other)
    monkeypatch.setattr(engine, "compile_model", lambda model: model)
    with caplog.at_level(logging.WARNING):
        model = bind_network(toy_inputs())
    assert caplog.messages == [
        "models/network/fused.py is not the density of models/network/build.py (they differ by 2.1): sampling PyMC's own"
    ]
    # Beta(20, 2) has its mean at 20/22
    draws = pm.draw(model["signal_overlap"], draws=2000, random_seed=1)
    assert draws.mean() == pytest.approx(20 / 22, abs=0.01)
