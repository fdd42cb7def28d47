"""A dossier's records become the arrays of its network."""

from __future__ import annotations

import numpy as np
import pytest
from toy import toy_edition

from forecasting.elicitation.quantify import quantify
from forecasting.models.network.structure import RIVAL_RATE, RIVAL_TRIAL, build_structure


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
