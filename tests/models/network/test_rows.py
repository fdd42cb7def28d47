"""Claims and history become rows of one design; exposures are worked by hand from the calendar."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from builders import CLAIMS
from toy import COPIES, event_yaml, small_edition, toy_edition

from forecasting.dossier.edition import EditionDossier
from forecasting.elicitation.quantify import quantify
from forecasting.models.network.predictor import signal_shares
from forecasting.models.network.rows import (
    HistoryRows,
    build_claim_rows,
    build_driver_rows,
    build_history_rows,
    build_rows,
    overlaps,
    repeated_spread,
)
from forecasting.models.network.structure import Signal, Structure, build_structure

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


def test_a_cause_that_happened_cuts_the_row_and_is_on_from_its_day(tmp_path: Path) -> None:
    events = {name: event_yaml(name, "pacts-signed") for name in ("cause", "target")}
    effect = "{id: a, from: cause, to: target, acts: multiplies, sign: raises, grade: strong, why: test}"
    history = """\
        2024-03-11,cause,occurred,,Test Gazette,confirmed,after 70 days
        2024-06-30,target,survived,,Test Gazette,confirmed,after 181 days
        """
    edition = small_edition(tmp_path, events, f"[{effect}]", history, asked=("target",))
    s, got = known_past(edition)
    assert exposures(s, got, "target") == [(70, 0.0), (111, 0.0)]
    rows = build_rows(edition, s, got.worlds, np.zeros(0, dtype=bool))
    target = rows.event == s.event_ids.index("target")
    assert rows.given_row.tolist() == np.flatnonzero(target).tolist()
    assert rows.given_effect.tolist() == [0, 0]
    assert rows.given_on.tolist() == [0.0, 1.0]
    assert rows.in_known_world.tolist() == [1.0] * 3
    assert np.exp(rows.log_exposure[target]) == pytest.approx(np.array([70, 111]) / DAYS)


def test_a_judgement_reads_the_hazard_over_its_own_horizon() -> None:
    edition = toy_edition()
    s = build_structure(edition, quantify(edition))
    rows = build_claim_rows(edition, s, quantify(edition))
    assert rows.claim_ids == ("n-001", "n-002")
    assert [world.exposure for world in rows.worlds] == [1.0, 1.0]
    assert not any(world.known_world for world in rows.worlds)
    # "likely", 0.60 0.67 0.75 0.80 0.90, has cloglogs −0.08742 0.10315 0.32663 0.47588 0.83403: mean 0.33045,
    # slope (1.644854·0.92145 + 0.674490·0.37273)/6.320960 = 0.27955; grades B (0.31) and 3 (0.44) add √0.2897
    assert rows.reading[0] == pytest.approx(0.33045, abs=2e-5)
    assert rows.spread[0] == pytest.approx(np.hypot(0.27955, np.sqrt(0.2897)), abs=2e-5)
    assert build_claim_rows(edition, s, quantify(edition), frozenset({"n-001"})).claim_ids == ("n-002",)


def test_a_judgement_about_an_event_that_waits_is_averaged_over_when_its_enabler_happens(tmp_path: Path) -> None:
    events = {name: event_yaml(name, "pacts-signed") for name in ("gate", "pact-signed")}
    effect = "[{id: opens, from: gate, to: pact-signed, acts: enables, why: test}]"
    edition = small_edition(tmp_path, events, effect, claims={"n-001": CLAIMS["n-001"]}, asked=("pact-signed",))
    s = build_structure(edition, quantify(edition))
    world = build_claim_rows(edition, s, quantify(edition)).worlds[0]
    assert [s.event_ids[k] for k in world.waits] == ["gate"]
    rows = build_rows(edition, s, (world,), np.zeros(0, dtype=bool))
    assert (rows.wait_years.tolist(), rows.wait_window.tolist(), rows.wait_scheduled.tolist()) == ([1.0], [1.0], [0.0])


def test_a_driver_claim_reads_the_pressure_in_standard_deviations() -> None:
    edition = toy_edition()
    rows = build_driver_rows(edition, build_structure(edition, quantify(edition)), quantify(edition))
    assert rows.claim_ids == ("n-020",)
    assert rows.reading == pytest.approx([-np.log(2)])
    # moderate 0.3, reliability C 0.44, credibility 3 0.44
    assert rows.spread == pytest.approx([np.sqrt(0.09 + 0.1936 + 0.1936)])


def signal(name: str, mean: float, origin: str = "wire", source: str = "paper") -> Signal:
    return Signal(name, 0, dt.date(2024, 1, 1), dt.date(2026, 1, 1), mean, 0.3, origin, source, name)


def test_a_signal_overlaps_with_the_stronger_ones_of_its_sign_only() -> None:
    signals = [
        signal("a", 1.0), signal("b", 0.8), signal("c", 0.6, origin="other"), signal("d", 0.4, "third", "journal"),
        signal("e", -0.9), signal("f", -0.2, source="journal"),
    ]  # fmt: skip
    # (retold from another source, same origin and source, same source, apart)
    assert [overlaps(signals, one) for one in signals] == [
        (0, 0, 0, 0),
        (0, 1, 0, 0),
        (0, 0, 2, 0),
        (0, 0, 0, 3),
        (0, 0, 0, 0),
        (1, 0, 0, 0),
    ]


def test_equal_signals_are_ranked_so_that_one_of_them_counts_in_full() -> None:
    facts = [signal(name, 0.5) for name in COPIES]
    assert sorted(overlaps(facts, one) for one in facts) == [(0, i, 0, 0) for i in range(5)]


def test_one_wire_in_five_papers_weighs_a_ninth_more_than_the_wire(measured) -> None:
    papers = [signal(name, 0.5, source=f"paper-{name}") for name in COPIES]
    counts = np.array([overlaps(papers, one) for one in papers], dtype=float).T
    p = SimpleNamespace(signal=np.full((1, 5), 0.5), overlap=np.array([[0.3]]))
    # 1 + 0.1 + 0.01 + 0.001 + 0.0001: what shifts the hazard is 1.11 times what one paper shifts it by
    weight = signal_shares(p, np.arange(5), counts).sum() / 0.5
    assert weight == pytest.approx(1.1111)
    measured(f"circular reporting: five copies of one wire weigh {weight:.2f} times one as facts")


PAPERS = [("wire", name) for name in "abcde"]


def test_five_copies_of_a_judgement_carry_a_ninth_more_information_than_one(measured) -> None:
    spread = repeated_spread(np.full(5, 0.6), PAPERS, list("abcde"))
    information = (spread**-2).sum() * 0.6**2
    assert information == pytest.approx(1.1111)
    measured(f"circular reporting: five copies of one judgement carry {information:.2f} times the information of one")


def test_a_further_reading_of_one_origin_never_takes_information_away() -> None:
    information = [
        (repeated_spread(np.array([0.4, *more]), PAPERS[: 1 + len(more)], list("abc")[: 1 + len(more)]) ** -2).sum()
        for more in ([], [2.0], [2.0, 0.3])
    ]
    assert information == sorted(information)


def test_other_origins_targets_conditions_and_sentences_of_one_source_are_no_copies() -> None:
    wire, envoy, toll, given = ("wire", "pact", ()), ("envoy", "pact", ()), ("wire", "toll", ()), ("wire", "pact", ("quay",))
    told = [(wire, "a"), (envoy, "b"), (toll, "b"), (given, "b"), (wire, "a")]
    assert repeated_spread(np.full(5, 0.5), told, list("abcde")).tolist() == [0.5] * 5
    # the order in which claims are written changes nothing
    two = [(wire, "b"), (wire, "a")]
    assert repeated_spread(np.array([0.5, 0.4]), two, ["b", "a"]) == pytest.approx([0.5 * 10**0.5, 0.4])
    assert repeated_spread(np.array([0.5, 0.5]), two, ["b", "a"]) == pytest.approx([0.5 * 10**0.5, 0.5])
