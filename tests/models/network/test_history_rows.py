"""The known past is cut where an event's world changed; exposures are worked by hand from the calendar."""

from __future__ import annotations

from pathlib import Path

import pytest
from toy import event_yaml, small_edition, toy_edition

from forecasting.dossier.edition import EditionDossier
from forecasting.elicitation.quantify import quantify
from forecasting.models.network.history_rows import HistoryRows, build_history_rows
from forecasting.models.network.structure import Structure, build_structure

DAYS = 365.25


def known_past(edition: EditionDossier) -> tuple[Structure, HistoryRows]:
    s = build_structure(edition, quantify(edition))
    return s, build_history_rows(edition, s)


def exposures(s: Structure, history: HistoryRows, event: str) -> list[tuple[int, float]]:
    """Return (days, count) of an event's rows."""
    k = s.event_ids.index(event)
    rows = zip(history.worlds, history.count, strict=True)
    return [(round(row.exposure * DAYS), count) for row, count in rows if row.event == k]


def test_the_known_past_is_cut_where_a_signal_begins() -> None:
    # toll-raised opened on 2024-01-01, a signal of 2024-04-10 begins 100 days later, known until 2024-06-30: 181 days
    s, history = known_past(toy_edition())
    assert exposures(s, history, "toll-raised") == [(100, 0.0), (81, 0.0)]
    assert exposures(s, history, "pact-signed") == [(181, 0.0)]
    assert exposures(s, history, "ferry-runs") == []
    assert exposures(s, history, "deadline-kept") == []


def test_an_event_that_happened_counts_once_in_the_last_of_its_rows(tmp_path: Path) -> None:
    events = {name: event_yaml(name, "pacts-signed") for name in ("cause", "target")}
    effect = "{id: a, from: cause, to: target, acts: multiplies, sign: raises, grade: strong, why: test}"
    history = """\
        2024-01-31,cause,signal,2,Test Gazette,confirmed,after 30 days
        2024-03-11,cause,occurred,,Test Gazette,confirmed,after 70 days
        """
    s, got = known_past(small_edition(tmp_path, events, f"[{effect}]", history, asked=("target",)))
    assert exposures(s, got, "cause") == [(30, 0.0), (40, 1.0)]


def test_waiting_and_blocked_time_is_no_exposure(tmp_path: Path) -> None:
    events = {name: event_yaml(name, "pacts-signed") for name in ("gate", "stop", "waits", "ends")}
    effects = """[
        {id: opens, from: gate, to: waits, acts: enables, why: test},
        {id: halts, from: stop, to: ends, acts: blocks, why: test}]"""
    history = """\
        2024-02-10,gate,occurred,,Test Gazette,confirmed,after 40 days
        2024-03-01,stop,occurred,,Test Gazette,confirmed,after 60 days
        2024-06-30,waits,survived,,Test Gazette,confirmed,141 days later
        2024-06-30,ends,survived,,Test Gazette,confirmed,long settled
        """
    s, got = known_past(small_edition(tmp_path, events, effects, history, asked=("waits", "ends")))
    assert exposures(s, got, "waits") == [(141, 0.0)]
    assert exposures(s, got, "ends") == [(60, 0.0)]
    assert exposures(s, got, "gate") == [(40, 1.0)]


@pytest.mark.parametrize(("what", "count"), [("occurred", 1.0), ("survived", 0.0)])
def test_a_scheduled_event_has_one_row_once_its_date_is_settled(tmp_path: Path, what: str, count: float) -> None:
    events = {
        "due": event_yaml("due", "deadlines-kept", scheduled_on="2024-05-01"),
        "open": event_yaml("open", "pacts-signed"),
    }
    effect = "{id: a, from: due, to: open, acts: multiplies, sign: raises, grade: weak, why: test}"
    history = f"2024-05-01,due,{what},,Test Gazette,confirmed,on the day\n"
    s, got = known_past(small_edition(tmp_path, events, f"[{effect}]", history, asked=("open",)))
    assert got.count.tolist() == [count]
    assert got.scheduled.tolist() == [1.0]
    assert got.worlds[0].event == s.event_ids.index("due")
    assert got.worlds[0].exposure == 1.0
