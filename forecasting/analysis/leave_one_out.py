"""What each claim moves, for any model behind the protocol: the posterior without it, by weights or by a refit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from forecasting.errors import UsageError, near
from forecasting.fitting.model_fit import ModelFit, answers_of, outcome_array
from forecasting.inference.importance import smoothed_weights
from forecasting.inference.monte_carlo import mean_errors, paired_errors, weighted_mean
from forecasting.models.base import INFLUENCE_COLUMNS

COLUMNS = INFLUENCE_COLUMNS


def leave_one_out(fit: ModelFit, *, claims: Sequence[str] = ()) -> pd.DataFrame:
    """Leave claims of a fit out, one at a time; return how far each moves each outcome.

    The draws are weighted by L_without(θ) / L(θ), Pareto-smoothed, and asked again under the inputs without the claim, on
    common random numbers; where the weights cannot be trusted, the model is sampled again, for as long as its ``brief_length``
    says, by default as long as the fit. They can up to a k̂ of ½, where their variance exists; those of a model whose
    ``bounded_ratios(inputs)`` hold have one in any case, and are taken up to 0.7 if they still stand for enough draws.

    Parameters
    ----------
    claims : sequence of str
        Ids of the claims; all of them by default.

    Returns
    -------
    DataFrame
        One row per claim and outcome, columns claim, outcome, p, p_without, change (p − p_without: what the claim added),
        mcse (of the change), k_hat, how (*weights* or *refit*). A change of less than three mcse is noise.

    Raises
    ------
    UsageError
        If the model reads no claim of that name in this layer: what is not there moves nothing, and would look like a result.

    References
    ----------
    Vehtari, A., Simpson, D., Gelman, A., Yao, Y. and Gabry, J. (2024), *Pareto smoothed importance sampling*, JMLR 25.
    """
    known = fit.model.log_likelihood(fit.posterior, fit.inputs).sum(axis=1)
    read = dict.fromkeys(fit.model.readings(fit.inputs)["claim"])
    if unknown := [claim for claim in claims if claim not in read]:
        raise UsageError(f"{fit.model.name} reads no claim '{unknown[0]}' here; {near(unknown[0], read, 'claims that it reads')}")
    wanted = claims or read
    rows = [row for claim in wanted for row in _without(fit, claim, known)]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _without(fit: ModelFit, claim: str, known: np.ndarray) -> Iterator[tuple]:
    inputs = fit.model.inputs(fit.inputs.case, fit.inputs.layer, without=fit.inputs.without | {claim})
    weights = smoothed_weights(fit.model.log_likelihood(fit.posterior, inputs).sum(axis=1) - known)
    full = fit.outcomes.values.reshape(known.size, -1)
    bounded = getattr(fit.model, "bounded_ratios", lambda inputs: False)
    if weights.precise or (weights.reliable and bounded(inputs)):
        answers = answers_of(fit.model, fit.posterior, inputs, until=fit.until, random_seed=fit.random_seed)
        given = outcome_array(fit.model, inputs.case, answers, fit.length.chains).values.reshape(full.shape)
        after, error, how = weighted_mean(weights.values, given), paired_errors(weights.values, given, full), "weights"
    else:
        again = fit.refit(inputs, length=getattr(fit.model, "brief_length", fit.length))
        given = again.outcomes.values.reshape(-1, full.shape[1])
        after, how = given.mean(axis=0), "refit"
        error = np.hypot(*(mean_errors(values, run.length.chains) for run, values in ((again, given), (fit, full))))
    before = full.mean(axis=0)
    for i, outcome in enumerate(fit.outcomes["outcome"].values):
        yield claim, str(outcome), before[i], after[i], before[i] - after[i], error[i], weights.k_hat, how
