"""The model of an edition: what it conditions on in each layer, and what it must not know."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from toy import COPIES, toy_edition, toy_with_canaries

from forecasting.elicitation.quantify import quantify
from forecasting.models.base import Layer
from forecasting.models.network.build import build_network
from forecasting.models.network.evidence import build_evidence
from forecasting.models.network.inputs import network_inputs
from forecasting.models.network.structure import build_structure


def differences(one: Any, other: Any, name: str = "") -> list[str]:
    """Return the names of all fields that are not the same to the last bit."""
    if dataclasses.is_dataclass(one):
        fields = [field.name for field in dataclasses.fields(one)]
        return [d for f in fields for d in differences(getattr(one, f), getattr(other, f), f"{name}.{f}")]
    if isinstance(one, np.ndarray):
        return (
            [] if one.dtype == other.dtype and one.shape == other.shape and one.tobytes() == other.tobytes() else [name]
        )
    return [] if one == other else [name]


@pytest.mark.parametrize("layer", ["base", "prior", "posterior"])
def test_nothing_dated_after_the_as_of_date_moves_a_bit(tmp_path: Path, layer: Layer) -> None:
    clean, spiked = toy_edition(), toy_with_canaries(tmp_path)
    assert differences(build_structure(clean, quantify(clean)), build_structure(spiked, quantify(spiked))) == []
    s = build_structure(clean, quantify(clean))
    assert differences(build_evidence(clean, s, quantify(clean), layer), build_evidence(spiked, s, quantify(spiked), layer)) == []


def test_the_same_records_dated_in_time_would_have_moved_them(tmp_path: Path) -> None:
    # the guard above would pass if the canaries were never read at all: seen from a later date they are
    spiked = toy_with_canaries(tmp_path)
    later = spiked.edition.model_copy(update={"as_of": spiked.as_of.replace(day=30)})
    from forecasting.dossier.edition import select_edition

    seen = select_edition(spiked.dossier, later)
    names = {claim.id for claim in seen.claims}
    assert {"n-900", "n-901", "n-902", "n-903"} <= names
    assert "n-001" not in names
    assert {"bridge-lowers-pact", "toll-raises-quay"} <= {effect.id for effect in seen.effects}
    assert "bridge-built" in seen.event_ids
    known = [(edition, quantify(edition)) for edition in (toy_edition(), seen)]
    changed = differences(*(build_evidence(one, build_structure(one, numbers), numbers) for one, numbers in known))
    assert {".claims.reading", ".history.count", ".drivers.reading", ".use_signals"} <= set(changed)


def test_each_layer_conditions_on_what_its_name_says() -> None:
    edition = toy_edition()
    s = build_structure(edition, quantify(edition))
    base, prior, posterior = (build_evidence(edition, s, quantify(edition), layer) for layer in ("base", "prior", "posterior"))
    rows = [(len(e.claims.reading), len(e.drivers.reading), len(e.history.count)) for e in (base, prior, posterior)]
    assert rows == [(0, 0, 0), (2, 1, 0), (2, 1, 4)]
    by_claim = np.array([signal.claim is not None for signal in s.signals])
    assert not base.use_signals.any()
    assert np.array_equal(prior.use_signals, by_claim)
    assert posterior.use_signals.all()


def test_a_claim_taken_out_takes_its_row_or_its_signal_and_nothing_else() -> None:
    edition = toy_edition()
    numbers = quantify(edition)
    s = build_structure(edition, numbers)
    full = build_evidence(edition, s, numbers)
    without = build_evidence(edition, s, numbers, without=frozenset({"n-001", COPIES[0]}))
    assert set(full.claims.claim_ids) - set(without.claims.claim_ids) == {"n-001"}
    gone = full.use_signals & ~without.use_signals
    assert [s.signals[i].claim for i in np.flatnonzero(gone)] == [COPIES[0]]
    assert differences(full.drivers, without.drivers) == []


@pytest.mark.slow
def test_the_model_names_what_forecasts_are_made_of() -> None:
    edition = toy_edition()
    inputs = network_inputs(edition, quantify(edition))
    model = build_network(inputs)
    shapes = {
        name: tuple(inputs.sizes[dim] for dim in model.named_vars_to_dims.get(name, ())) for name in model.named_vars
    }
    assert shapes["log_hazard"] == (5,)
    assert shapes["effect_beta"] == (5,)
    assert shapes["driver_level"] == (1,)
    assert shapes["loading_weight"] == (2,)
    assert shapes["signal_log_ratio"] == (7,)
    assert shapes["signal_overlap"] == ()
    assert [variable.name for variable in model.observed_RVs] == ["driver_claim"]
    assert [term.name for term in model.potentials] == ["claim", "known_past"]


def test_every_number_that_an_analyst_edits_is_data_of_the_model() -> None:
    edition = toy_edition()
    inputs = network_inputs(edition, quantify(edition))
    model = build_network(inputs)
    assert {variable.name for variable in model.data_vars} == set(inputs.data_vars)
    assert all(np.isfinite(values).all() for values in inputs.data_vars.values())
