"""Event-free exposure: how far it moves each answer that nothing happened for so long.

An interval that an event survived is evidence like any other: a hazard that has produced nothing in two years is likely low.
Here the fit is asked without those intervals. What is known of the present stays: an event that is still open cannot have
happened in them, so only what they teach of the hazard is taken out.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from forecasting.analysis.context import Context
from forecasting.analysis.leave_out import paired_changes, refit_without
from forecasting.analysis.registry import columns_of
from forecasting.fitting.fit import EditionFit
from forecasting.inference.gate_report import gated
from forecasting.inference.importance import smoothed_weights
from forecasting.models.network.evidence import Evidence
from forecasting.models.network.history_rows import HistoryRows
from forecasting.models.network.rows import build_rows

COLUMNS = columns_of("exposure")


def without_exposure(fit: EditionFit) -> tuple[Evidence, np.ndarray]:
    """Return the posterior's evidence without the intervals in which nothing happened, and which rows those are.

    Of an event that happened, the interval in which it did stays; a scheduled event that did not come on its date is no
    exposure but an outcome, and stays too.
    """
    evidence, known = fit.posterior.evidence, fit.posterior.evidence.history
    quiet = (known.count == 0) & (known.scheduled == 0)
    kept = np.flatnonzero(~quiet)
    history = HistoryRows(
        tuple(known.worlds[i] for i in kept), known.count[kept], known.scheduled[kept], tuple(known.spans[i] for i in kept)
    )
    rows = build_rows(fit.edition, fit.structure, (*evidence.claims.worlds, *history.worlds), evidence.use_signals)
    return replace(evidence, rows=rows, history=history), quiet


@gated
def survived_exposure(fit: EditionFit, context: Context | None = None) -> pd.DataFrame:
    """Return how far the event-free intervals of the history move each answer.

    Parameters
    ----------
    context : Context, optional
        The fit's, if there is one: it has every draw of the fit ready.

    Returns
    -------
    DataFrame
        Columns question, outcome, p, p_without, change = p − p_without, its Monte Carlo error, and how it was found: by
        importance weights, or by a refit where those are not to be trusted (`forecasting.inference.importance`). A
        negative change of *it happens* reads: that nothing happened so far makes it less likely than class and claims
        say.
    """
    draws = (context or Context.of(fit)).comparisons.every
    evidence, quiet = without_exposure(fit)
    if not quiet.any():
        return pd.DataFrame(columns=list(COLUMNS))
    first = len(fit.posterior.evidence.claims.reading) + len(fit.posterior.evidence.drivers.reading)
    weights = smoothed_weights(-draws.log_likelihood[:, first:][:, quiet].sum(axis=1))
    if weights.precise:
        changes, errors = paired_changes(weights.values, draws.probabilities, draws.probabilities)
        how = "weights"
    else:
        without = refit_without(fit, fit.structure, evidence, weights.k_hat)
        changes = {name: got.p.mean(axis=0) - without.probabilities[name] for name, got in fit.posterior.answers.items()}
        errors, how = without.mcse, without.how
    rows = []
    for name, got in fit.posterior.answers.items():
        for i, outcome in enumerate(got.outcomes):
            p, change = float(got.p[:, i].mean()), float(changes[name][i])
            rows.append((name, outcome, p, p - change, change, float(errors[name][i]), how))
    return pd.DataFrame(rows, columns=list(COLUMNS))
