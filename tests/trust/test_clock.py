"""A clock that is wrong: what is said is to set it, and no record is to be changed for it."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import pytest
from ledger_changes import chained
from ledgers import DAY, clock, forecast
from toy import toy_dossier

from forecasting.ledger.chain import LedgerError, follow, parse_line
from forecasting.ledger.store import LEDGER, append, read_ledger
from forecasting.rules import tables


class Unset(dt.date):
    """The day of a machine whose clock begins anew."""

    @classmethod
    def today(cls) -> dt.date:
        return dt.date(1970, 1, 1)


def test_a_clock_that_is_behind_is_named_beside_the_history_that_it_takes_for_the_future(monkeypatch) -> None:
    dossier = toy_dossier()
    monkeypatch.setattr(tables, "dt", SimpleNamespace(date=Unset, timedelta=dt.timedelta))
    results = list(tables.history_to_come(dossier))
    assert len(results) == len(dossier.history)
    for result in results:
        assert result.fix == "mend the date; where it is right, set the clock, which says 1970-01-01"


def test_a_ledger_of_a_clock_that_was_ahead_is_set_right_by_the_clock_or_from_what_was_kept(tmp_path) -> None:
    append(tmp_path, [forecast()], clock=clock(DAY.replace(year=2027)))
    with pytest.raises(LedgerError, match="still to come; set the clock, or where it is right restore the file"):
        read_ledger(tmp_path, now=DAY)
    before = (tmp_path / LEDGER).read_bytes()
    said = "2026-03-01 12:00 in UTC, and the last record is of 2027-03-01T12:00:00Z; set the clock, or where it is right wait"
    with pytest.raises(LedgerError, match=said):
        append(tmp_path, [forecast("b")], clock=clock())
    assert (tmp_path / LEDGER).read_bytes() == before


def test_a_first_record_before_its_as_of_date_is_refused(tmp_path) -> None:
    with pytest.raises(LedgerError, match="was written on 1970-01-01, before its as-of date"):
        append(tmp_path, [forecast()], clock=clock(dt.datetime(1970, 1, 1, tzinfo=dt.UTC)))


RETRACTION = {"schema": 1, "entry": "retraction", "retracts": "a" * 64, "by": "Ann", "reason": "a slip"}


@pytest.mark.parametrize("stamp", ["2026-02-30T12:00:00Z", "2026-13-01T12:00:00Z", "0000-01-01T00:00:00Z", "2026-01-01T24:00:00Z",
                                   "2026-01-01T00:00:60Z"])  # fmt: skip
@pytest.mark.parametrize("entry", [RETRACTION, forecast()], ids=["a retraction", "a forecast"])
def test_a_time_that_no_clock_shows_is_found(stamp: str, entry: dict) -> None:
    (line,) = chained([{**entry, "schema": 1, "written_at": stamp}])
    with pytest.raises(LedgerError, match=f"ledger:1: found .*'{stamp}' is no time of the calendar; restore the file"):
        follow([parse_line(line.rstrip(b"\n"), "ledger:1")], "ledger", now=DAY)
