"""The likelihood in NumPy, which importance weights rest on, against PyMC's own log density, term by term."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from pytensor.compile.mode import Mode
from shown_editions import project_dossier
from toy import toy_edition

from forecasting.dossier.edition import EditionDossier
from forecasting.elicitation.quantify import quantify
from forecasting.models.network.build import build_network
from forecasting.models.network.evidence import build_evidence
from forecasting.models.network.hazards import stacked_parameters
from forecasting.models.network.inputs import named_inputs
from forecasting.models.network.likelihood import log_likelihood, reading_errors
from forecasting.models.network.structure import build_structure

PURE_PYTHON = Mode(linker="py", optimizer=None)  # nothing is compiled: a second per edition
PROJECT = Path(__file__).resolve().parents[3]


def real(name: str) -> EditionDossier:
    return project_dossier().edition(name)


def dataset(names: list[str], values: list[np.ndarray]) -> xr.Dataset:
    """Return one draw as a posterior of one chain."""
    dims = {name: [f"{name}_{i}" for i in range(np.ndim(v))] for name, v in zip(names, values, strict=True)}
    return xr.Dataset(
        {n: (("chain", "draw", *dims[n]), np.asarray(v)[None, None]) for n, v in zip(names, values, strict=True)}
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    "make",
    [toy_edition, *(partial(real, name) for name in ("2020-11-karabakh", "2024-12-syria", "2026-02-outlook"))],
    ids=["toy", "2020", "2024", "2026"],
)
def test_both_evaluations_of_the_likelihood_agree_row_by_row(make: Callable[[], EditionDossier]) -> None:
    edition = make()
    s = build_structure(edition, quantify(edition))
    evidence = build_evidence(edition, s, quantify(edition))
    model = build_network(named_inputs(s, evidence))
    stated = {term.name: term for term in (*model.observed_RVs, *model.potentials)}
    assert set(stated) <= {"claim", "driver_claim", "known_past"}
    terms = [stated[name] for name in ("claim", "driver_claim", "known_past") if name in stated]
    density = model.compile_fn(
        model.logp(vars=terms, sum=False), inputs=model.value_vars, mode=PURE_PYTHON, on_unused_input="ignore"
    )
    state = model.compile_fn(
        model.replace_rvs_by_values(model.unobserved_RVs),
        inputs=model.value_vars,
        mode=PURE_PYTHON,
        on_unused_input="ignore",
    )
    names = [variable.name for variable in model.unobserved_RVs]
    rng = np.random.default_rng(7)
    for scale in (0.1, 0.7, 1.5):
        point = {name: rng.normal(0, scale, np.shape(value)) for name, value in model.initial_point().items()}
        theirs = np.concatenate([np.atleast_1d(term) for term in density(point)])
        draw = dataset(names, state(point))
        ours = log_likelihood(stacked_parameters(draw, s), reading_errors(draw), s, evidence)[0]
        assert len(ours) == len(evidence.claims.reading) + len(evidence.drivers.reading) + len(evidence.history.count)
        # the same double-precision operations in another order
        assert ours == pytest.approx(theirs, rel=1e-10, abs=1e-12)
