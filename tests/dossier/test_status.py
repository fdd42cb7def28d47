"""The history says of an event that it happened on a day, or that it was open until one."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from broken_dossiers import read_broken

from forecasting.dossier.status import event_status, statuses, years_between

HISTORY, NAME = "history.csv", "2024-07-ferry"


def test_an_event_with_rows_of_survival_is_open_since_the_last_of_them(tmp_path: Path, project_dir: Path):
    earlier = (HISTORY, "", "2024-03-31,pact-signed,survived,,Gazette,confirmed,\n")
    status = event_status(read_broken(tmp_path, project_dir, earlier).edition(NAME), "pact-signed")
    assert (status.is_open, status.occurred_on, status.known_until) == (True, None, dt.date(2024, 6, 30))


def test_an_event_without_rows_is_open_since_it_opened(tmp_path: Path, project_dir: Path):
    unknown = (HISTORY, "2024-06-30,pact-signed,survived", "2024-07-02,pact-signed,survived")
    status = event_status(read_broken(tmp_path, project_dir, unknown).edition(NAME), "pact-signed")
    assert status.known_until == dt.date(2024, 1, 1)


def test_a_signal_tells_nothing_of_the_state(tmp_path: Path, project_dir: Path):
    signal = (HISTORY, "", "2024-07-01,pact-signed,signal,2,Gazette,confirmed,\n")
    status = event_status(read_broken(tmp_path, project_dir, signal).edition(NAME), "pact-signed")
    assert status.known_until == dt.date(2024, 6, 30)


def test_an_event_that_happened_is_known_for_good_from_that_day(tmp_path: Path, project_dir: Path):
    happened = (HISTORY, "", "2024-07-01,toll-raised,occurred,,Gazette,confirmed,\n")
    pact, toll = statuses(read_broken(tmp_path, project_dir, happened).edition(NAME))
    assert (pact.event, pact.is_open) == ("pact-signed", True)
    assert (toll.event, toll.is_open) == ("toll-raised", False)
    assert toll.occurred_on == toll.known_until == dt.date(2024, 7, 1)


def test_a_year_has_365_and_a_quarter_days():
    assert years_between(dt.date(2023, 3, 1), dt.date(2027, 3, 1)) == 4.0  # 1,461 days, one of them 29 February
    assert years_between(dt.date(2024, 7, 1), dt.date(2024, 6, 1)) == -30 / 365.25


IMPLIES = ("effects.yaml", "acts: multiplies, sign: lowers, grade: strong", "acts: implies")


def test_what_implies_an_event_had_not_happened_while_that_was_open(tmp_path: Path, project_dir: Path):
    # the pact implies the toll; the toll was known not to be raised on 30 June, the pact last heard of in January
    unheard = (HISTORY, "2024-06-30,pact-signed,survived", "2024-01-31,pact-signed,survived")
    before, after = (
        event_status(read_broken(tmp_path / name, project_dir, unheard, *more).edition(NAME), "pact-signed")
        for name, more in (("plain", ()), ("implied", (IMPLIES,)))
    )
    assert (before.known_until, after.known_until) == (dt.date(2024, 1, 31), dt.date(2024, 6, 30))


def test_what_implies_an_event_had_not_happened_before_the_day_on_which_that_did(tmp_path: Path, project_dir: Path):
    happened = (HISTORY, "2024-06-30,toll-raised,survived", "2024-06-10,toll-raised,occurred")
    unheard = (HISTORY, "2024-06-30,pact-signed,survived", "2024-01-31,pact-signed,survived")
    status = event_status(read_broken(tmp_path, project_dir, happened, unheard, IMPLIES).edition(NAME), "pact-signed")
    assert (status.is_open, status.known_until) == (True, dt.date(2024, 6, 9))
