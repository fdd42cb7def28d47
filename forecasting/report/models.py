"""A section of a report about any model: its answers, what moved them, what was read, and the gate's verdict."""

from __future__ import annotations

import pandas as pd

from forecasting.fitting.model_fit import ModelFit
from forecasting.inference.noticeable import noticeable
from forecasting.report.environment import environment
from forecasting.trace.models import amount

SHOWN = 10  # claims: a reader has five minutes


def model_section(fit: ModelFit, influence: pd.DataFrame) -> str:
    """Return an HTML section: a heading, the gate, a table of outcomes, and the claims that moved one of them most.

    Parameters
    ----------
    influence : DataFrame
        From `forecasting.analysis.leave_one_out.leave_one_out`.

    Returns
    -------
    str
        Every text escaped; it needs no script, no style and no network.
    """
    counted = influence[noticeable(influence["change"], influence["mcse"])]
    strongest = counted.iloc[counted["change"].abs().argsort()[::-1]].drop_duplicates("claim").head(SHOWN)
    return environment().get_template("model.html.j2").render(
        amount=amount, title=fit.model.title, gate=fit.gate.mark.words, outcomes=fit.table().to_dict("records"),
        influence=strongest.to_dict("records"), readings=fit.model.readings(fit.inputs).head(SHOWN * 3).to_dict("records"),
    )  # fmt: skip
