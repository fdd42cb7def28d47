"""The contract of every model: from its inputs to a section of a report, by functions that know the protocol alone.

``python contract.py`` runs it for the phrase model in a process of its own: its density takes a minute or two to compile, and
no other test's machine code is touched.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from forecasting.analysis.leave_one_out import COLUMNS, leave_one_out
from forecasting.fitting.model_fit import ModelFit, fit_model
from forecasting.inference.sample import Length
from forecasting.models.base import READING_COLUMNS, Model, ModelInputs, label
from forecasting.report.models import model_section
from forecasting.trace.models import trace_outcome

LENGTH = Length(chains=4, draws=1000, tune=500, target_accept=0.95)


@dataclass(frozen=True)
class Kept:
    """What the contract produced, for what a model's own test wants to know besides."""

    fit: ModelFit
    influence: pd.DataFrame
    text: str
    html: str


def keep_contract(
    model: Any, case: Any, *, claims: tuple[str, ...] = (), length: Length = LENGTH, seed: int = 11, passes: bool = True
) -> Kept:
    """Run one model from inputs to report; ``claims`` are left out, or all where none is named.

    The gate must pass, or, without ``passes``, its verdict be shown whatever it is: for a chain that is short on purpose.
    """
    assert isinstance(model, Model)
    inputs = model.inputs(case)
    check_inputs(model, inputs)
    fit = fit_model(model, case, length=length, random_seed=seed)
    assert fit.gate.passed or not passes, [v for v in fit.gate.verdicts if not v.passed]
    check_outcomes(model, case, fit)
    influence = leave_one_out(fit, claims=claims)
    assert tuple(influence.columns) == COLUMNS
    assert set(influence["claim"]) == set(claims or model.readings(inputs)["claim"])
    assert influence["mcse"].ge(0).all()
    assert np.isfinite(influence[["p", "p_without", "mcse"]].to_numpy()).all()
    outcome = str(fit.outcomes["outcome"].values[0])
    text, html = trace_outcome(fit, outcome, influence), model_section(fit, influence)
    for shown in (text, html):
        assert ("gate passed" in shown) is fit.gate.passed
        assert ("BLOCKED: " in shown) is not fit.gate.passed
    assert all(claim in text for claim in influence["claim"])
    return Kept(fit, influence, text, html)


def check_inputs(model: Model, inputs: ModelInputs) -> None:
    """Named, labelled, finite numbers with units; the same again; fewer observations without one of them."""
    assert inputs.data.data_vars
    assert all(values.attrs.get("units") for values in inputs.data.data_vars.values())
    assert all(np.isfinite(values.values).all() for values in inputs.data.data_vars.values())
    xr.testing.assert_identical(inputs.data, model.inputs(inputs.case).data)
    readings = model.readings(inputs)
    assert tuple(readings.columns) == READING_COLUMNS
    one = readings["claim"].iloc[0]
    assert one not in set(model.readings(model.inputs(inputs.case, without=frozenset({one})))["claim"])
    stated = {data.name for data in model.build(inputs).data_vars}
    assert stated <= set(model.arrays(inputs)), "what PyMC takes as data has to be what a refit puts in"


def check_outcomes(model: Model, case: Any, fit: ModelFit) -> None:
    """Every question is answered draw by draw, and exclusive outcomes sum to one."""
    wanted = [label(q, outcome) for q in model.questions(case) for outcome in fit.answers[q.id].outcomes]
    assert fit.outcomes["outcome"].values.tolist() == wanted
    assert fit.outcomes.sizes["chain"] == fit.length.chains
    assert fit.outcomes.sizes["draw"] == fit.length.draws
    assert ((fit.outcomes >= 0) & (fit.outcomes <= 1)).all()
    for answer in fit.answers.values():
        if len(answer.outcomes) > 1:
            assert np.abs(answer.p.sum(axis=1) - 1).max() < 1e-8
    again = model.simulate(fit.posterior, fit.inputs, until=None, random_seed=fit.random_seed)
    first = model.questions(case)[0]
    assert np.array_equal(model.outcomes(again, first).p, fit.answers[first.id].p)
    total = model.log_likelihood(fit.posterior, fit.inputs)
    assert total.shape[0] == fit.length.chains * fit.length.draws
    assert np.isfinite(total).all()


def main() -> None:
    """Run the contract for the phrase model on answers of made-up readers."""
    from forecasting.elicitation.meaning import Survey
    from forecasting.models.phrases.model import Phrases

    rng = np.random.default_rng(1)
    means = {"unlikely": 22, "possible": 40, "probable": 66, "likely": 72, "certain": 93}
    answers = [np.clip(5 * np.round(rng.normal(mean, 12, 60) / 5), 0, 100).astype(int) for mean in means.values()]
    survey = Survey("made-up", tuple(means), np.stack(answers, axis=1), "made up for a test")
    length = Length(chains=4, draws=150, tune=200, target_accept=0.9, adaptation="low_rank")
    kept = keep_contract(Phrases(), survey, claims=("reader-0",), length=length, passes=False)
    p = kept.fit.outcomes.mean(("chain", "draw"))
    assert float(p.sel(outcome="likely:yes")) > 0.9 > 0.1 > float(p.sel(outcome="unlikely:yes"))
    print("contract kept")


if __name__ == "__main__":
    main()
