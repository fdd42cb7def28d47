"""A small dossier's ledger with outcomes, for tests of scores and of pages that show them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from ledgers import clock, forecast, outcome

from forecasting.ledger.store import Ledger, append, read_ledger

TODAY = dt.date(2028, 6, 1)


def ledger_of(folder: Path, *drafts: dict[str, Any]) -> Ledger:
    """Return a ledger with some forecasts of 1 March 2026 and outcomes of 2028."""
    early = [draft for draft in drafts if draft["entry"] == "forecast"]
    append(folder, early, clock=clock())
    append(folder, [d for d in drafts if d["entry"] != "forecast"], clock=clock(dt.datetime(2028, 1, 5, tzinfo=dt.UTC)))
    return read_ledger(folder, now=dt.datetime(2028, 6, 1, tzinfo=dt.UTC))


def settled(question: str, p: float, came: str, **changes: Any) -> list[dict[str, Any]]:
    """Return a forecast and its outcome."""
    return [forecast(question, p, **changes), outcome(question, came, on="2027-05-01")]
