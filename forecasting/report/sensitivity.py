"""What an answer depends on, where its evidence conflicts, and which origins it depends on, in plain words."""

from __future__ import annotations

from forecasting.forecasts import Forecast
from forecasting.inference.noticeable import noticeable
from forecasting.report.change_parts import part_title
from forecasting.report.formatting import percent, points, sentence
from forecasting.runs.store import Run

MOST_ORIGINS = 6


def no_news(run: Run, forecast: Forecast) -> str:
    """Return what all event-free exposure moved, taken out alone, as a sentence; empty if not noticeably.

    What changed since another edition has a part *no news since*: another quantity, which is told apart in words.
    """
    rows = run.exposure
    found = rows[(rows["question"] == forecast.question) & (rows["outcome"] == forecast.headline.id)]
    if found.empty or not noticeable(found["change"].iloc[0], found["mcse"].iloc[0]):
        return ""
    change, before = found["change"].iloc[0], percent(found["p_without"].iloc[0])
    apart = "" if run.changes.empty else f"; “{part_title('no-news')}” below is a share of the change between two editions"
    return (
        f"No news at all: had nothing been known of the quiet time until now, it would be {before}; that nothing "
        f"happened moves it by {points(change)} points (taken out alone{apart})."
    )


def against(run: Run, event: str) -> tuple[str, ...]:
    """Return one sentence per conflict of evidence about an event; none where all agrees."""
    rows = run.conflicts[run.conflicts["event"] == event]
    return tuple(sentence(str(row.words)) for row in rows[rows["verdict"] != "agree"].itertuples())
