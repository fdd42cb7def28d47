"""A record is read as of a day: what came later is not in it."""

from __future__ import annotations

import datetime as dt

import pytest
from ledgers import clock, forecast, outcome
from toy import toy_priors

from forecasting.errors import UsageError
from forecasting.lab.record import open_record
from forecasting.ledger.store import append


def noon(day: str) -> dt.datetime:
    return dt.datetime.fromisoformat(f"{day}T12:00").replace(tzinfo=dt.UTC)


def test_what_was_issued_or_came_about_after_the_day_is_left_out(tmp_path):
    append(tmp_path, [forecast("pact-by-2025", 0.3, edition="first")], clock=clock(noon("2026-08-01")))
    append(tmp_path, [forecast("pact-by-2025", 0.6, edition="second")], clock=clock(noon("2026-09-01")))
    append(tmp_path, [outcome("pact-by-2025", "yes", on="2026-10-01")], clock=clock(noon("2026-10-02")))

    def states(on: str) -> dict[str, dict[str, tuple[str, ...]]]:
        record = open_record(priors=toy_priors(), ledger=tmp_path, on=on)
        assert record.head.number == 3
        return {count.edition: count.states for count in record.counts}

    settled, still = {"scored": ("pact-by-2025",)}, {"open": ("pact-by-2025",)}
    assert states("2026-10-01") == {"first": settled, "second": settled}
    assert states("2026-09-30") == {"first": still, "second": still}
    assert states("2026-08-31") == {"first": still}
    with pytest.raises(UsageError, match="no forecast that speaks from a day up to 2026-07-31; take a later one"):
        open_record(priors=toy_priors(), ledger=tmp_path, on="2026-07-31")
