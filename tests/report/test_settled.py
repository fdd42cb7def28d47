"""Scores of settled questions, and which of them are one story, against figures worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from forecasting.dossier.effects import Effect
from forecasting.report.settled import Settled
from forecasting.scoring.rules import brier
from forecasting.scoring.uncertainty import stories


def effect(cause: str, then: str, acts: str) -> Effect:
    strength = {"sign": "raises", "grade": "weak"} if acts == "multiplies" else {}
    return Effect.model_validate({"id": f"{cause}-{then}", "from": cause, "to": then, "acts": acts, "why": "a test", **strength})


@pytest.mark.parametrize(
    ("p", "came", "score"), [([0.7, 0.3], 0, 0.09), ([0.7, 0.3], 1, 0.49), ([0.2, 0.3, 0.5], 2, 0.19)]
)
def test_brier_is_half_the_squared_distance(p: list[float], came: int, score: float) -> None:
    assert brier(p, came) == pytest.approx(score)


def test_what_follows_or_waits_is_one_story_and_what_multiplies_is_not() -> None:
    asked = [frozenset(some) for some in ({"war"}, {"city", "gas"}, {"treaty"}, {"border"}, {"war", "treaty"}, {"gas"})]
    effects = [effect("war", "post", "multiplies"), effect("text", "treaty", "enables"), effect("treaty", "border", "multiplies")]
    assert len(set(stories(asked[:4], effects))) == 4
    joined = stories(asked, [*effects, effect("war", "city", "implies")])
    assert joined[0] == joined[1] == joined[2] == joined[4] == joined[5] != joined[3]


def test_the_interval_draws_whole_stories() -> None:
    scores = np.array([[0.0, 0.0, 0.1], [0.0, 0.0, 0.1], [0.0, 0.0, 0.4]])
    mean, low, high = Settled(scores, (0, 0, 1)).interval([0.0, 0.0, 1.0])
    assert (mean, low, high) == pytest.approx((0.2, 0.1, 0.4))
    one = Settled(scores, (0, 0, 0)).interval([0.0, 0.0, 1.0])
    assert one == pytest.approx((0.2, 0.2, 0.2))
