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
        {id: halts, from: stop, to: ends, acts: blocks, why: test},
        {id: pulls, from: ends, to: waits, acts: multiplies, sign: raises, grade: weak, why: test}]"""
    history = """\
        2024-02-10,gate,occurred,,Test Gazette,confirmed,after 40 days
        2024-03-01,stop,occurred,,Test Gazette,confirmed,after 60 days
        2024-06-30,waits,survived,,Test Gazette,confirmed,141 days later
        2024-06-30,ends,survived,,Test Gazette,confirmed,long settled
        """
    s, got = known_past(small_edition(tmp_path, events, effects, history, asked=("waits",)))
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


LEADS = "{id: a, from: cause, to: target, acts: leads_to, wording: likely, lexicon: plain, lag_years: 0.5, why: test}"


def led_rows(tmp_path: Path, history: str, effect: str = LEADS, **more: object) -> tuple[Structure, HistoryRows]:
    events = {"cause": event_yaml("cause", "pacts-signed"), "target": event_yaml("target", "pacts-signed", **more),
              "later": event_yaml("later", "pacts-signed")}  # fmt: skip
    on = "{id: b, from: target, to: later, acts: multiplies, sign: raises, grade: weak, why: test}"
    return known_past(small_edition(tmp_path, events, f"[{effect}, {on}]", history, asked=("later",)))


def led_of(s: Structure, history: HistoryRows) -> list[tuple[int, int]]:
    """Return, of the target's rows, the days since the cause at the beginning and those that follow; zeros without it."""
    rows = [row for row in history.worlds if row.event == s.event_ids.index("target")]
    return [tuple(round(x * DAYS) for one in row.led for x in (one.since, one.years)) or (0, 0) for row in rows]


def test_what_may_follow_is_counted_from_its_cause_and_the_last_day_stands_alone(tmp_path: Path) -> None:
    # the cause happened after 40 days, the target after 100; then 59 days without it and the day on which it came
    history = """\
        2024-02-10,cause,occurred,,Test Gazette,confirmed,after 40 days
        2024-04-10,target,occurred,,Test Gazette,confirmed,after 100 days
        """
    s, got = led_rows(tmp_path, history)
    assert exposures(s, got, "target") == [(40, 0.0), (59, 0.0), (1, 1.0)]
    assert led_of(s, got) == [(0, 0), (0, 59), (59, 1)]


def test_what_comes_on_the_day_of_its_cause_had_a_day_to_follow_in(tmp_path: Path) -> None:
    history = """\
        2024-02-10,cause,occurred,,Test Gazette,confirmed,after 40 days
        2024-02-10,target,occurred,,Test Gazette,confirmed,on the same day
        """
    s, got = led_rows(tmp_path, history)
    assert exposures(s, got, "target") == [(39, 0.0), (1, 1.0)]
    assert led_of(s, got) == [(0, 0), (0, 1)]


def test_what_is_implied_on_its_day_says_nothing_of_its_own_hazard(tmp_path: Path) -> None:
    history = """\
        2024-02-10,cause,occurred,,Test Gazette,confirmed,after 40 days
        2024-02-10,target,occurred,,Test Gazette,confirmed,and with it the target
        """
    s, got = led_rows(tmp_path, history, "{id: a, from: cause, to: target, acts: implies, why: test}")
    assert exposures(s, got, "target") == [(39, 0.0), (1, 0.0)]
    assert led_of(s, got) == [(0, 0), (0, 0)]
    assert exposures(s, got, "cause") == [(40, 1.0)]


def test_an_occasion_is_in_the_interval_that_ends_on_its_day_or_later(tmp_path: Path) -> None:
    day = "[{on: 2024-05-01, wording: likely, lexicon: plain, why: An election., source: the electoral law}]"
    # 2024-05-01 is 121 days after the opening
    for survived, held in (("2024-04-30", [()]), ("2024-05-01", [(0,)]), ("2024-06-30", [(0,)])):
        history = f"{survived},target,survived,,Test Gazette,confirmed,nothing yet\n"
        _, got = led_rows(tmp_path / survived, history, occasions=day)
        assert [row.occasions for row in got.worlds] == held
    s, got = led_rows(tmp_path / "on", "2024-05-01,target,occurred,,Test Gazette,confirmed,it lost\n", occasions=day)
    assert exposures(s, got, "target") == [(120, 0.0), (1, 1.0)]
    assert [row.occasions for row in got.worlds] == [(), (0,)]
