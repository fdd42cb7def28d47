"""The prior in NumPy, which power-scaling raises to a power, against PyMC's own density, variable by variable."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr
from pytensor.compile.mode import Mode
from toy import toy_edition

from forecasting.elicitation.quantify import quantify
from forecasting.models.network.build import build_network
from forecasting.models.network.evidence import build_evidence
from forecasting.models.network.inputs import named_inputs
from forecasting.models.network.prior_density import BASE, ERRORS, GRADES, log_prior
from forecasting.models.network.structure import build_structure

PURE_PYTHON = Mode(linker="py", optimizer=None)  # nothing is compiled


def test_every_free_variable_has_the_density_that_pymc_gives_it_without_jacobians() -> None:
    edition = toy_edition()
    s = build_structure(edition, quantify(edition))
    evidence = build_evidence(edition, s, quantify(edition))
    happened = replace(evidence, history=replace(evidence.history, count=evidence.history.count + 9))
    model = build_network(named_inputs(s, happened))
    # what is sampled is a member's offset times h, whose density is that of the offset over h
    scaled = model["member_offset_scaled__"]
    names = ["member_offset" if variable is scaled else variable.name for variable in model.free_RVs]
    # no variable of the model is left out of the three parts, and none stands in two
    assert sorted(names) == sorted((*BASE, *GRADES, *ERRORS))
    density = model.compile_fn(
        model.logp(vars=model.free_RVs, jacobian=False, sum=False),
        inputs=model.value_vars, mode=PURE_PYTHON, on_unused_input="ignore",
    )  # fmt: skip
    stated = [model["member_offset"] if variable is scaled else variable for variable in model.free_RVs]
    values = model.compile_fn(
        model.replace_rvs_by_values(stated), inputs=model.value_vars, mode=PURE_PYTHON, on_unused_input="ignore"
    )
    rng = np.random.default_rng(11)
    for scale in (0.2, 0.9):
        point = {name: rng.normal(0, scale, np.shape(value)) for name, value in model.initial_point().items()}
        draw = xr.Dataset(
            {
                name: (("chain", "draw", *(f"{name}_{i}" for i in range(np.ndim(value)))), np.asarray(value)[None, None])
                for name, value in zip(names, values(point), strict=True)
            }
        )
        ours = dict(log_prior(draw, s))
        h = point[scaled.name] / draw["member_offset"].values[0, 0]
        assert h.max() > 1.05
        ours["member_offset"] = ours["member_offset"] - np.log(h)
        for name, theirs in zip(names, density(point), strict=True):
            # PyMC takes log B(2, 2) of the integers that stand in the model in single precision
            off = 1e-7 if name == "signal_overlap" else 1e-11
            assert ours[name][0] == pytest.approx(np.atleast_1d(theirs), rel=1e-10, abs=off), name
