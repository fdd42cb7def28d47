"""One compiled network serves every edit; the same seed gives the same digits, and a cut-short run is refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import nutpie
import pytest
import xarray as xr
from toy import toy_edition, toy_network, toy_with_canaries

from forecasting.elicitation.quantify import quantify
from forecasting.errors import ForecastingError
from forecasting.inference import traces
from forecasting.models.network import engine
from forecasting.models.network.engine import QUICK, CompiledNetwork, layer_evidence
from forecasting.models.network.evidence import build_evidence
from forecasting.models.network.structure import build_structure


def quick(seed: int = 5, cores: int | None = None, network: CompiledNetwork | None = None) -> xr.Dataset:
    network = network or toy_network()
    evidence = layer_evidence(network, "posterior")
    trace = network.sample(evidence, random_seed=seed, length=QUICK, cores=cores)
    return trace["posterior"].to_dataset()


def same(one: xr.Dataset, other: xr.Dataset) -> bool:
    assert set(one.data_vars) == set(other.data_vars)
    return all(one[name].values.tobytes() == other[name].values.tobytes() for name in one.data_vars)


def test_the_same_seed_gives_the_same_bits_on_one_core_and_on_two() -> None:
    first = quick(cores=1)
    assert same(first, quick(cores=2))
    assert not same(first, quick(seed=6, cores=2))


def test_what_is_dated_after_the_as_of_date_does_not_move_a_bit_of_the_posterior(tmp_path: Path) -> None:
    spiked = toy_with_canaries(tmp_path)
    network = CompiledNetwork(spiked, build_structure(spiked, quantify(spiked)))
    vars(network)["compiled"] = toy_network().compiled
    assert same(quick(), quick(network=network))


def test_steps_of_a_large_network_are_accepted_less_often(monkeypatch: pytest.MonkeyPatch) -> None:
    network = toy_network()
    small = [network.length(layer).target_accept for layer in ("prior", "posterior")]
    monkeypatch.setattr(engine, "LARGE", len(network.structure.event_ids))
    assert small == [engine.COMPARED_ACCEPT, engine.TARGET_ACCEPT]
    assert [network.length(layer).target_accept for layer in ("prior", "posterior")] == [engine.LARGE_ACCEPT] * 2


def test_evidence_goes_in_without_compiling_again() -> None:
    network = toy_network()
    with_it = quick()["log_hazard"].sel(event="pact-signed")
    out = build_evidence(toy_edition(), network.structure, quantify(toy_edition()), "posterior", frozenset({"n-001", "n-003"}))
    trace = network.sample(out, random_seed=5, length=QUICK)
    without = trace["posterior"]["log_hazard"].sel(event="pact-signed")
    # "likely" within a year against a class of 6 in 40 years: the marginal hazard rises by far more than its error
    assert float(with_it.mean() - without.mean()) > 0.2


def test_a_class_is_edited_without_compiling_again() -> None:
    network = toy_network()
    shape = network.structure.class_shape.copy()
    shape[network.structure.rate_classes.index("tolls-raised")] = (200.5, 30.0)
    evidence = layer_evidence(network, "base")
    trace = network.sample(evidence, random_seed=5, length=QUICK, structure=replace(network.structure, class_shape=shape))
    rates = trace["posterior"]["class_rate"].mean(("chain", "draw")).values
    assert rates[network.structure.rate_classes.index("tolls-raised")] == pytest.approx(200.5 / 30, rel=0.02)
    assert rates[network.structure.rate_classes.index("pacts-signed")] == pytest.approx(6.5 / 40, rel=0.1)


@pytest.mark.parametrize("found", [(4, 700), (3, 1000), None])
def test_a_run_that_was_cut_short_is_refused(monkeypatch: pytest.MonkeyPatch, found: tuple[int, int] | None) -> None:
    edition = toy_edition()
    s = build_structure(edition, quantify(edition))
    short = found and xr.DataTree.from_dict({"posterior": xr.Dataset({"x": (("chain", "draw"), np.zeros(found))})})
    monkeypatch.setattr(nutpie, "sample", lambda *_, **__: None)
    monkeypatch.setattr(traces, "read_trace", lambda *_: short)  # nothing where chains are not of one length
    compiled = SimpleNamespace(shared_var_keys=(), with_data=lambda **_: None)
    network = CompiledNetwork(edition, s)
    vars(network)["compiled"] = compiled
    said = "{} × {}".format(*found) if found else "0 × 0"
    with pytest.raises(ForecastingError, match=f"sampling stopped at {said} draws of 4 × 1000"):
        network.sample(build_evidence(edition, s, quantify(edition)), random_seed=1)
