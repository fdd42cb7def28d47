"""The tree of draws is the one that nutpie's own conversion gives, number by number."""

from __future__ import annotations

import nutpie
import xarray as xr
from toy import toy_network

from forecasting.models.network.engine import GLANCE, layer_evidence
from forecasting.models.network.inputs import named_inputs
from forecasting.models.network.stacked import compiled_arrays


def test_draws_and_statistics_are_those_of_nutpie() -> None:
    network = toy_network()
    evidence = layer_evidence(network, "posterior")
    ours = network.sample(evidence, random_seed=5, length=GLANCE)
    known = {shared.name for shared in network.compiled.shared_var_keys}
    data = {name: value for name, value in compiled_arrays(named_inputs(network.structure, evidence)).items() if name in known}
    theirs = nutpie.sample(
        network.compiled.with_data(**data), draws=GLANCE.draws, tune=GLANCE.tune, chains=GLANCE.chains, seed=5, cores=2,
        target_accept=GLANCE.target_accept, progress_bar=False, save_warmup=False,
    )  # fmt: skip
    for group in ("posterior", "sample_stats"):
        mine, other = ours[group].to_dataset(), theirs[group].to_dataset()
        missing = set(other.data_vars) - set(mine.data_vars)  # what nutpie says of divergent draws, or of other adaptations
        assert all(name.startswith(("divergence_", "transformation_")) for name in missing)
        assert {"diverging", "energy", "n_steps"} <= set(mine.data_vars) or group == "posterior"
        assert set(mine.coords) == set(other.coords)
        for name, array in mine.data_vars.items():
            assert array.dtype == other[name].dtype
            xr.testing.assert_equal(array, other[name])
