"""Rows of one design: which causes are given, which enablers are waited for; exposures are worked by hand from the calendar."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from builders import CLAIMS
from toy import event_yaml, small_edition

from forecasting.elicitation.quantify import quantify
from forecasting.models.network.claim_rows import build_claim_rows
from forecasting.models.network.history_rows import build_history_rows
from forecasting.models.network.rows import build_rows
from forecasting.models.network.structure import build_structure

DAYS = 365.25


def test_a_cause_that_happened_cuts_the_row_and_is_on_from_its_day(tmp_path: Path) -> None:
    events = {name: event_yaml(name, "pacts-signed") for name in ("cause", "target")}
    effect = "{id: a, from: cause, to: target, acts: multiplies, sign: raises, grade: strong, why: test}"
    history = """\
        2024-03-11,cause,occurred,,Test Gazette,confirmed,after 70 days
        2024-06-30,target,survived,,Test Gazette,confirmed,after 181 days
        """
    edition = small_edition(tmp_path, events, f"[{effect}]", history, asked=("target",))
    s = build_structure(edition, quantify(edition))
    got = build_history_rows(edition, s)
    rows = build_rows(edition, s, got.worlds, np.zeros(0, dtype=bool))
    target = rows.event == s.event_ids.index("target")
    assert rows.given_row.tolist() == np.flatnonzero(target).tolist()
    assert rows.given_effect.tolist() == [0, 0]
    assert rows.given_on.tolist() == [0.0, 1.0]
    assert np.exp(rows.log_exposure[target]) == pytest.approx(np.array([70, 111]) / DAYS)


def test_a_judgement_about_an_event_that_waits_is_averaged_over_when_its_enabler_happens(tmp_path: Path) -> None:
    events = {name: event_yaml(name, "pacts-signed") for name in ("gate", "pact-signed")}
    effect = "[{id: opens, from: gate, to: pact-signed, acts: enables, why: test}]"
    edition = small_edition(tmp_path, events, effect, claims={"n-001": CLAIMS["n-001"]}, asked=("pact-signed",))
    s = build_structure(edition, quantify(edition))
    world = build_claim_rows(edition, s, quantify(edition)).worlds[0]
    assert [s.event_ids[k] for k in world.waits] == ["gate"]
    rows = build_rows(edition, s, (world,), np.zeros(0, dtype=bool))
    assert (rows.wait_years.tolist(), rows.wait_window.tolist(), rows.wait_scheduled.tolist()) == ([1.0], [1.0], [0.0])
