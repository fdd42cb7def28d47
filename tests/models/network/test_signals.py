"""Facts that shift a hazard: from when until when, how much, and what they repeat of each other."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from textwrap import dedent
from types import SimpleNamespace

import numpy as np
import pytest
from builders import write_dossier
from toy import COPIES, PROJECT, event_yaml, small_edition, toy_edition

from forecasting.dossier.status import years_between
from forecasting.elicitation.quantify import quantify
from forecasting.models.network.predictor import signal_shares
from forecasting.models.network.signals import Signal, overlaps
from forecasting.models.network.structure import build_structure
from forecasting.rules.load import load_dossier

DAYS = 365.25


def test_a_signal_lasts_for_the_reference_horizon_of_its_event() -> None:
    s = build_structure(toy_edition(), quantify(toy_edition()))
    signal = next(sig for sig in s.signals if sig.claim == COPIES[0])
    assert (signal.starts_on, signal.ends_on) == (dt.date(2024, 7, 1), dt.date(2026, 7, 1))  # two years of 365.25 days
    # a moderate fact (×2) of credibility 2 (q = 0.7): 0.7·2 + 0.3
    assert signal.mean == pytest.approx(np.log(1.7))
    booth = next(sig for sig in s.signals if sig.claim is None)
    assert (booth.id.split(":")[1], booth.starts_on, booth.mean) == ("toll-raised", dt.date(2024, 4, 10), np.log(1.5))


def test_a_signal_about_a_scheduled_event_lasts_through_its_date(tmp_path: Path) -> None:
    dated = {"due": event_yaml("due", "deadlines-kept", scheduled_on="2025-03-31")}
    edition = small_edition(tmp_path, dated, history="2024-05-01,due,signal,2,Test Gazette,confirmed,seen\n")
    s = build_structure(edition, quantify(edition))
    assert s.signals[0].ends_on == dt.date(2025, 4, 1)
    assert years_between(dt.date(2024, 1, 1), dt.date(2025, 3, 31)) == pytest.approx(455 / DAYS)


HEAD = "on,event,what,likelihood_ratio,until,half_life_years,source,status,note"


def test_a_signal_of_the_history_may_say_for_how_long_it_acts(tmp_path: Path) -> None:
    history = f"""\
        {HEAD}
        2024-05-01,pact-signed,signal,2,2024-09-01,,Test Gazette,confirmed,talks are to open by the end of August
        2024-05-02,pact-signed,signal,2,,0.5,Test Gazette,confirmed,anger
        2024-05-03,pact-signed,signal,2,,,Test Gazette,confirmed,a draft
        2024-06-30,pact-signed,survived,,,,Test Gazette,confirmed,none yet
        """
    root = write_dossier(tmp_path, PROJECT, {"history.csv": dedent(history)})
    edition = load_dossier(root).edition("2024-07-ferry")
    signals = build_structure(edition, quantify(edition)).signals
    promised, fades, lasts = [one for one in signals if one.claim is None]
    assert (promised.ends_on, fades.half_life_years, lasts.half_life_years) == (dt.date(2024, 9, 1), 0.5, None)
    assert fades.ends_on == dt.date(2024, 5, 2) + dt.timedelta(days=round(2.5 * DAYS))  # five half-lives
    assert fades.left_on(dt.date(2024, 12, 1)) == pytest.approx(0.5)
    assert lasts.ends_on == dt.date(2024, 5, 3) + dt.timedelta(days=round(2 * DAYS))
    read = [number.read for number in quantify(edition).of("signal")]
    assert [words.partition("beside it")[2] for words in read] == [", until 2024-09-01", ", half as much every 0.5 years", ""]


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
