"""Forecasts beside what became of their questions, as far as the dossier's history says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pandas as pd

from forecasting.arguments import DAY, DOSSIER, FORECAST, ID, many, takes
from forecasting.dossier.edition import Dossier, lookup
from forecasting.dossier.forms.base import VOID
from forecasting.dossier.resolution import History, outcome_of
from forecasting.forecasts import Forecast

COLUMNS = ("question", "title", "deadline", "outcome", "happened", "p", "low", "high", "base_p", "mcse")


@takes(dossier=DOSSIER, event_id=ID, by=DAY, known_on=DAY)
def has_happened(dossier: Dossier, event_id: str, by: dt.date, known_on: dt.date) -> bool | None:
    """Return whether an event had happened by the end of a day; None where the history up to ``known_on`` does not say."""
    lookup(dossier.events, event_id, "event")
    return History(dossier, known_on).happened(event_id, by).value


@takes(dossier=DOSSIER, forecasts=many(FORECAST), known_on=DAY)
def outcome_table(dossier: Dossier, forecasts: Sequence[Forecast], known_on: dt.date) -> pd.DataFrame:
    """Return every outcome of some forecasts with what became of it.

    Returns
    -------
    DataFrame
        Columns question, title, deadline, outcome, happened (1.0, 0.0, or NaN while open), p, low, high, base_p, mcse.
        A yes/no question has one row, its ``yes``, given that it is not void; a void one is never settled.
    """
    rows = []
    for f in forecasts:
        settled = outcome_of(dossier, dossier.questions[f.question], known_on)
        for o in f.outcomes:
            if o.id == VOID:
                continue
            happened = float("nan") if settled in (None, VOID) else float(settled == o.id)
            title = f.title if f.kind == "yes/no" else f"{f.title}: {o.title}"
            rows.append((f.question, title, f.deadline, o.id, happened, o.p, o.low, o.high, o.base_p, o.mcse))
    return pd.DataFrame(rows, columns=list(COLUMNS))
