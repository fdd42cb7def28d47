"""A section of a report about any model: its answers, what moved them, what was read, and the gate's verdict."""

from __future__ import annotations

import pandas as pd

from forecasting.fitting.model_fit import ModelFit
from forecasting.report.render import environment
from forecasting.trace.models import gate_words

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
    p = fit.outcomes.stack(d=("chain", "draw"))
    low, high = p.quantile([0.05, 0.95], dim="d").values
    outcomes = [
        {"id": str(name), "p": float(mean), "low": float(a), "high": float(b)}
        for name, mean, a, b in zip(p["outcome"].values, p.mean("d").values, low, high, strict=True)
    ]
    strongest = influence.iloc[influence["change"].abs().argsort()[::-1]].drop_duplicates("claim").head(SHOWN)
    return environment().get_template("model.html.j2").render(
        title=fit.model.title, gate=gate_words(fit), outcomes=outcomes, influence=strongest.to_dict("records"),
        readings=fit.model.readings(fit.inputs).head(SHOWN * 3).to_dict("records"),
    )  # fmt: skip
