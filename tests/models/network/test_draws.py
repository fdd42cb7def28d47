"""The base layer drawn directly is the one that the sampler finds; another sampler's draws follow the same formulas."""

from __future__ import annotations

import numpy as np
import pytest
from toy import toy_fit, toy_network

from forecasting.inference.diagnostics import diagnose
from forecasting.models.network.draws import base_draws, recomputed
from forecasting.models.network.engine import layer_evidence


def test_the_base_layer_needs_no_sampler() -> None:
    network = toy_network()
    sampled = network.sample(layer_evidence(network, "base"), random_seed=8)["posterior"].to_dataset()
    drawn = base_draws(network.structure, chains=4, draws=5000, random_seed=8)
    filled = {name for name in sampled.data_vars if sampled[name].size}
    assert filled == {name for name in drawn.data_vars if drawn[name].size}
    for name in filled:
        assert drawn[name].dims == sampled[name].dims, name
        for power in (1, 2):  # means, then second moments
            x, y = (
                np.moveaxis(values.reshape(*values.shape[:2], -1), -1, 0) ** power
                for values in (sampled[name].values, drawn[name].values)
            )
            error = np.hypot(diagnose(x).mcse, y.std(axis=(1, 2)) / np.sqrt(y[0].size))
            assert (np.abs(x.mean(axis=(1, 2)) - y.mean(axis=(1, 2))) <= 5 * error).all(), (name, power)


def test_a_base_draw_depends_on_its_seed_and_its_name_alone() -> None:
    s = toy_network().structure
    first, again, other = (base_draws(s, chains=2, draws=50, random_seed=seed) for seed in (1, 1, 2))
    assert first.identical(again)
    assert not np.array_equal(first["class_rate"], other["class_rate"])
    assert not np.array_equal(first["member_offset"][..., 0], first["driver_level"][..., 0])


@pytest.mark.parametrize("layer", ["base", "posterior"])
def test_what_is_computed_from_draws_is_what_the_model_computes(layer: str) -> None:
    posterior = toy_fit().layers[layer].trace["posterior"].to_dataset()
    again = recomputed(posterior, toy_network().structure)
    for name in posterior.data_vars:
        assert np.allclose(again[name], posterior[name], rtol=1e-12, atol=1e-12), name
