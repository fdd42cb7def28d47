"""Where the evidence about an event conflicts, in plain words."""

from __future__ import annotations

from forecasting.report.formatting import sentence
from forecasting.runs.store import Run


def against(run: Run, event: str) -> tuple[str, ...]:
    """Return one sentence per conflict of evidence about an event; none where all agrees."""
    rows = run.conflicts[run.conflicts["event"] == event]
    return tuple(sentence(str(row.words)) for row in rows[rows["verdict"] != "agree"].itertuples())
