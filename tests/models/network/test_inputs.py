"""Every number of the network under its own name: what it is, in which unit, over which dimension, and how it is stacked."""

from __future__ import annotations

import math
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from toy import toy_edition

from forecasting.elicitation.quantify import quantify
from forecasting.models.network.constants import DRIFT_SD, ORIGIN_SD, RESIDUAL_SD, SOURCE_SD
from forecasting.models.network.inputs import GROUP, INPUTS, POSITION, coords_of, network_inputs
from forecasting.models.network.parameters import Parameters
from forecasting.models.network.rows import Rows
from forecasting.models.network.stacked import (
    CAUSE,
    CLASS,
    EXPOSURE,
    HORIZON,
    MULTIPLIES,
    SD,
    SEEN,
    SPREAD,
    STACKS,
    TARGET,
    compiled_arrays,
)
from forecasting.models.network.structure import build_structure

EDITION = toy_edition()
NUMBERS = quantify(EDITION)


@pytest.fixture(scope="module")
def inputs() -> xr.Dataset:
    """Return the numbers of the toy's posterior layer."""
    return network_inputs(EDITION, NUMBERS)


def test_every_variable_says_its_unit_and_what_it_is(inputs: xr.Dataset) -> None:
    assert set(inputs.data_vars) == set(INPUTS)
    for name, variable in inputs.data_vars.items():
        dims, unit, says = INPUTS[str(name)]
        assert (variable.dims, variable.attrs) == (dims, {"units": unit, "long_name": says})
        assert variable.dtype == ("int64" if unit in (POSITION, GROUP) else "float64"), name


def test_numbers_can_be_looked_up_by_label(inputs: xr.Dataset) -> None:
    # 6 events in 40 years; strong is ×4, and the pact lowers the toll; "likely" reads 0.3305
    assert inputs["class_shape"].sel(reference_class="pacts-signed").values.tolist() == [6.5, 40.0]
    assert float(inputs["effect_mean"].sel(effect="pact-lowers-toll")) == -math.log(4)
    assert float(inputs["claim_reading"].sel(claim="n-001:pact-signed")) == pytest.approx(0.330457, abs=2e-6)
    assert float(inputs["driver_claim_reading"].sel(driver_claim="n-020")) == -math.log(2)
    assert float(inputs["loading_mean"].sel(loading="empty-coffers:quay-closed")) == math.log(1.3)
    assert float(inputs["error_scale"].sel(error="origin")) == ORIGIN_SD
    assert inputs["error_scale"].values.tolist() == [SOURCE_SD, ORIGIN_SD, RESIDUAL_SD, DRIFT_SD]
    assert float(inputs["reference_years"].sel(event="deadline-kept")) == 1.0


def test_a_position_points_to_the_label_that_is_meant(inputs: xr.Dataset) -> None:
    events = inputs["event"].values
    effect = inputs.sel(effect="quay-stops-ferry")
    assert (events[int(effect["effect_from"])], events[int(effect["effect_to"])]) == ("quay-closed", "ferry-runs")
    assert (float(effect["effect_blocks"]), float(effect["effect_multiplies"]), float(effect["effect_sd"])) == (1.0, 0.0, 0.0)
    claim = inputs.sel(claim="n-002:toll-raised")
    assert (int(claim["claim_source"]), int(claim["claim_origin"])) == (0, 0)  # it shares its errors with no other claim
    assert events[inputs["row_event"].values[1]] == "toll-raised"  # rows begin with the claims


def test_a_layer_has_the_rows_that_it_conditions_on() -> None:
    sizes = {
        layer: [network_inputs(EDITION, NUMBERS, layer).sizes[dim] for dim in ("claim", "driver_claim", "history", "row")]
        for layer in ("base", "prior", "posterior")
    }
    assert sizes == {"base": [0, 0, 0, 0], "prior": [2, 1, 0, 2], "posterior": [2, 1, 4, 6]}


def test_a_claim_that_is_left_out_takes_its_row_or_its_signal_with_it(inputs: xr.Dataset) -> None:
    judgement, fact = (network_inputs(EDITION, NUMBERS, without=frozenset({name})) for name in ("n-001", "n-003"))
    assert judgement["claim"].values.tolist() == ["n-002:toll-raised"]
    assert judgement.sizes["row"] == inputs.sizes["row"] - 1
    assert fact.sizes["row"] == inputs.sizes["row"]
    gone = inputs["signal"].values.tolist().index("n-003:pact-signed")
    assert gone in inputs["active_signal"].values
    assert gone not in fact["active_signal"].values
    xr.testing.assert_identical(fact["signal_mean"], inputs["signal_mean"])


def test_stacks_have_each_variable_in_its_row(inputs: xr.Dataset) -> None:
    arrays = compiled_arrays(inputs)
    assert arrays["effects"][MULTIPLIES].tolist() == inputs["effect_multiplies"].values.tolist()
    assert arrays["effects"][SD].tolist() == inputs["effect_sd"].values.tolist()
    assert np.array_equal(arrays["effects_at"][[CAUSE, TARGET]], [inputs["effect_from"], inputs["effect_to"]])
    assert arrays["events"][[HORIZON, SEEN]].tolist() == [inputs["reference_years"].values.tolist(), [0.0] * 5]
    assert arrays["events_at"][CLASS].tolist() == inputs["event_class"].values.tolist()
    # classes in order: pacts-signed, tolls-raised, the place kept free for a rival, deadlines-kept, another
    assert arrays["classes"][EXPOSURE].tolist() == [40.0, 30.0, 1.0, 3.5, 1.0]
    assert arrays["classes"][SPREAD].tolist() == [0.5] * 5
    assert all(array.ndim == 2 for name, array in arrays.items() if name in STACKS)
    assert sorted(name for names in STACKS.values() for name in names) == sorted(INPUTS)


def test_labels_are_those_of_the_structure_and_survive_a_file(inputs: xr.Dataset, tmp_path: Path) -> None:
    s = build_structure(EDITION, NUMBERS)
    assert coords_of(inputs) == s.coords
    inputs.to_netcdf(tmp_path / "inputs.nc", engine="netcdf4")
    with xr.open_dataset(tmp_path / "inputs.nc", engine="netcdf4") as again:
        xr.testing.assert_equal(again.load(), inputs)
        assert again.attrs["enabler_depth"] == s.enabler_depth == 1


def test_rows_of_the_predictor_are_all_among_the_inputs() -> None:
    named = {"event", "log_exposure"}
    assert {f"row_{field.name}" if field.name in named else field.name for field in fields(Rows)} <= set(INPUTS)


def test_parameters_are_cut_draw_by_draw() -> None:
    whole = Parameters(*(np.arange(4.0)[:, None] + 10 * i for i in range(8)))
    part = whole.part(1, 3)
    assert part.log_hazard.ravel().tolist() == [1.0, 2.0]
    assert part.overlap.ravel().tolist() == [61.0, 62.0]
