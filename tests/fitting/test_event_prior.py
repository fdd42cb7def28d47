"""What the records say of an event as a named distribution; the draws are made up, so that every number is known."""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
from importlib import import_module
from types import SimpleNamespace

import numpy as np
import pytest
import xarray as xr
from toy import made_up_posterior, toy_dossier, toy_edition, toy_fit

from forecasting.elicitation.quantify import quantify
from forecasting.errors import UsageError
from forecasting.fitting.layers import LAYERS, gate_of_layer
from forecasting.forecasts import Gate
from forecasting.models.base import Layer
from forecasting.models.network.evidence import build_evidence
from forecasting.models.network.hazards import marginal_log_hazard, signal_shift, stacked_parameters
from forecasting.models.network.structure import build_structure

prior_module = import_module("forecasting.fitting.event_prior")


@pytest.fixture
def layers(monkeypatch: pytest.MonkeyPatch) -> xr.Dataset:
    """Answer every layer with the same made-up draws, without a model."""
    edition = toy_edition()
    s = build_structure(edition, quantify(edition))
    posterior = made_up_posterior(s, n=400)

    def layer_of(_: object, layer: Layer) -> tuple:
        evidence = build_evidence(edition, s, quantify(edition), layer)
        trace = {"posterior": SimpleNamespace(to_dataset=lambda: posterior)}
        judged = Gate(11, ("R-hat 1.03 at log_hazard[pact-signed], wanted ≤ 1.01",))
        return SimpleNamespace(trace=trace, evidence=evidence), s, judged

    monkeypatch.setattr(prior_module, "_layer", layer_of)
    return posterior


def test_location_and_scale_are_those_of_the_hazard_as_it_stands_on_the_as_of_date(layers: xr.Dataset) -> None:
    s = build_structure(toy_edition(), quantify(toy_edition()))
    p, k = stacked_parameters(layers, s), s.event_ids.index("pact-signed")
    evidence = build_evidence(toy_edition(), s, quantify(toy_edition()), "prior")
    # no driver loads on the pact; the fact n-003 acts on the as-of date
    assert marginal_log_hazard(p, s)[:, k] == pytest.approx(p.log_hazard[:, k])
    draws = p.log_hazard[:, k] + signal_shift(p, s, k, dt.date(2024, 7, 1), evidence.use_signals)
    got = prior_module.prior(toy_dossier(), "pact-signed")
    assert got.log_hazard == pytest.approx(draws, abs=1e-15)
    assert (got.location, got.scale) == pytest.approx((draws.mean(), draws.std()), abs=1e-12)
    assert got.probability(2.0) == pytest.approx(np.mean(1 - np.exp(-2 * np.exp(draws))), abs=1e-12)


@pytest.mark.usefixtures("layers")
def test_a_prior_names_its_class_claims_and_sources() -> None:
    got = prior_module.prior(toy_dossier(), "pact-signed")
    assert (got.event, got.layer, got.reference_class) == ("pact-signed", "prior", "pacts-signed")
    assert got.claims == ("n-001", "n-003")
    assert got.sources == ("norland-times",)
    assert "from class pacts-signed and claims n-001, n-003" in repr(got)


@pytest.mark.usefixtures("layers")
def test_the_base_layer_rests_on_no_claim_and_lets_no_signal_act() -> None:
    base = prior_module.prior(toy_dossier(), "quay-closed", layer="base")
    assert (base.claims, base.sources) == ((), ())
    assert "claims none" in repr(base)
    assert base.location != pytest.approx(prior_module.prior(toy_dossier(), "quay-closed").location, abs=1e-3)


@pytest.mark.usefixtures("layers")
def test_it_says_what_the_gate_found_of_its_layer() -> None:
    got = prior_module.prior(toy_dossier(), "pact-signed")
    assert got.gate.words == "BLOCKED: R-hat 1.03 at log_hazard[pact-signed], wanted ≤ 1.01"
    assert repr(got).splitlines()[0].strip() == got.gate.words


@pytest.mark.parametrize("layer", LAYERS)
def test_each_layer_alone_is_held_to_the_gate(layer: Layer) -> None:
    fit = toy_fit()
    fitted, length = fit.layers[layer], fit.network.length(layer)
    assert gate_of_layer(fit.edition, fit.structure, fitted, length).mark.words == "gate passed"
    # chains that disagree do not pass, whichever layer it is
    posterior = fitted.trace["posterior"].to_dataset()
    apart = posterior.assign(log_hazard=posterior["log_hazard"] + 3.0 * (posterior["chain"] == 0))
    groups = {"posterior": apart} | ({} if layer == "base" else {"sample_stats": fitted.trace["sample_stats"].to_dataset()})
    moved = dataclasses.replace(fitted, trace=xr.DataTree.from_dict(groups))
    assert gate_of_layer(fit.edition, fit.structure, moved, length).mark.warning.startswith("BLOCKED: R-hat")


@pytest.mark.usefixtures("layers")
def test_it_enters_an_analysts_own_model_as_a_normal_variable() -> None:
    import pymc as pm

    got = prior_module.prior(toy_dossier(), "toll-raised")
    with pm.Model():
        variable = got.to_pymc("log_hazard")
    middle = float(pm.logp(variable, got.location).eval())
    # the density of Normal(location, scale²) at its middle is 1/(scale √(2π))
    assert math.exp(middle) == pytest.approx(1 / (got.scale * math.sqrt(2 * math.pi)), rel=1e-9)


def test_an_event_that_nobody_asks_about_is_refused_by_name() -> None:
    with pytest.raises(UsageError, match=r"no event 'pact-sighned'.*pact-signed"):
        prior_module.prior(toy_dossier(), "pact-sighned")
    with pytest.raises(UsageError, match="no edition '2030'"):
        prior_module.prior(toy_dossier(), "pact-signed", edition="2030")
