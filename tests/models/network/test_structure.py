"""A dossier's records become the arrays of its network."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pytest
from toy import COPIES, event_yaml, small_edition, toy_edition

from forecasting.dossier.status import years_between
from forecasting.elicitation.quantify import quantify
from forecasting.errors import UsageError
from forecasting.models.network.structure import RIVAL_RATE, RIVAL_TRIAL, build_structure, enabler_depths

DAYS = 365.25


def test_events_classes_and_effects_of_the_toy_stand_where_the_records_say() -> None:
    s = build_structure(toy_edition(), quantify(toy_edition()))
    assert s.event_ids == ("deadline-kept", "ferry-runs", "pact-signed", "quay-closed", "toll-raised")
    assert s.event_scheduled.tolist() == [1, 0, 0, 0, 0]
    assert s.reference_years.tolist() == [1, 2, 2, 2, 2]
    assert s.rate_classes == ("pacts-signed", "tolls-raised", RIVAL_RATE)
    assert s.trial_classes == ("deadlines-kept", RIVAL_TRIAL)
    assert [(*s.rate_classes, *s.trial_classes)[i] for i in s.event_class] == [
        "deadlines-kept", "pacts-signed", "pacts-signed", "tolls-raised", "tolls-raised",
    ]  # fmt: skip
    # Gamma(N + ½, E), and Beta(N + ½, n − N + ½) for the class counted per trial
    assert s.class_shape[[0, 1, 3]].tolist() == [[6.5, 40.0], [2.5, 30.0], [7.5, 3.5]]
    effects = {
        name: (s.event_ids[a], s.event_ids[b]) for name, a, b in zip(s.effect_ids, s.effect_from, s.effect_to, strict=True)
    }
    assert effects["pact-lets-ferry-run"] == ("pact-signed", "ferry-runs")
    at = s.effect_ids.index
    assert (s.effect_multiplies[at("toll-lowers-pact")], s.effect_enables[at("pact-lets-ferry-run")]) == (1, 1)
    assert s.effect_mean[at("pact-lowers-toll")] == pytest.approx(-np.log(4))
    assert s.effect_mean[at("quay-stops-ferry")] == 0
    assert s.enabler_depth == 1
    # what opens the gate for a cause is looked at before the cause
    into = {int(s.effect_to[e]): i for i, e in enumerate(s.effect_order) if s.effect_enables[e]}
    assert all(into.get(int(s.effect_from[e]), -1) < i for i, e in enumerate(s.effect_order))
    assert sorted(s.effect_order) == list(range(len(s.effect_ids)))


def test_a_scheduled_cause_acts_in_the_part_of_the_horizon_after_its_date() -> None:
    # the deadline falls on 2025-03-31, 455 days after the ferry's clock starts; its horizon is two years
    s = build_structure(toy_edition(), quantify(toy_edition()))
    e = s.effect_ids.index("deadline-raises-ferry")
    assert s.effect_window[e] == pytest.approx(1 - 455 / DAYS / 2)
    assert (s.effect_scheduled[e], s.effect_into_date[e], s.effect_known[e]) == (1, 0, 0)


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


def test_a_chain_of_enablers_has_its_length_and_a_cycle_is_refused_by_name() -> None:
    names = ("talks", "treaty", "border")
    chain = np.array([0, 1]), np.array([1, 2]), np.ones(2)
    assert enabler_depths(*chain, names).tolist() == [0, 1, 2]
    assert enabler_depths(chain[0], chain[1], np.zeros(2), names).tolist() == [0, 0, 0]
    with pytest.raises(UsageError, match="form a cycle: treaty → border → talks → treaty; none"):
        enabler_depths(np.array([0, 1, 2]), np.array([1, 2, 0]), np.ones(3), names)
