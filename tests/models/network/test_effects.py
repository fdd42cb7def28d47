"""Effects as arrays: when a cause can happen, and which enabler comes before which."""

from __future__ import annotations

import numpy as np
import pytest
from toy import toy_edition

from forecasting.elicitation.quantify import quantify
from forecasting.errors import UsageError
from forecasting.models.network.effects import enabler_depths
from forecasting.models.network.structure import build_structure

DAYS = 365.25


def test_a_scheduled_cause_acts_in_the_part_of_the_horizon_after_its_date() -> None:
    # the deadline falls on 2025-03-31, 455 days after the ferry's clock starts; its horizon is two years
    s = build_structure(toy_edition(), quantify(toy_edition()))
    e = s.effect_ids.index("deadline-raises-ferry")
    assert s.effect_window[e] == pytest.approx(1 - 455 / DAYS / 2)
    assert (s.effect_scheduled[e], s.effect_into_date[e], s.effect_known[e]) == (1, 0, 0)


def test_a_chain_of_enablers_has_its_length_and_a_cycle_is_refused_by_name() -> None:
    names = ("talks", "treaty", "border")
    chain = np.array([0, 1]), np.array([1, 2]), np.ones(2)
    assert enabler_depths(*chain, names).tolist() == [0, 1, 2]
    assert enabler_depths(chain[0], chain[1], np.zeros(2), names).tolist() == [0, 0, 0]
    with pytest.raises(UsageError, match="form a cycle: treaty → border → talks → treaty; none"):
        enabler_depths(np.array([0, 1, 2]), np.array([1, 2, 0]), np.ones(3), names)
