"""Places among surveyed phrases: weights, what is refused, and the rule by which surveyed phrases themselves are placed."""

from __future__ import annotations

import numpy as np
import pytest

from forecasting.elicitation.placements import FREE, PHRASES, PLACED, Placement, weights
from forecasting.elicitation.survey_traits import read_traits


def test_a_place_between_two_phrases_counts_each_by_how_near_it_is() -> None:
    table = weights([Placement("b"), Placement("a", "c", 0.25)], ("a", "b", "c"))
    np.testing.assert_array_equal(table, [[0, 1, 0], [0.75, 0, 0.25]])


def test_a_place_at_a_phrase_that_no_survey_asked_about_is_refused_with_those_that_were() -> None:
    with pytest.raises(ValueError, match="no survey asked about 'maybe'; place it among: likely, unlikely"):
        weights([Placement("maybe")], ("unlikely", "likely"))


@pytest.mark.parametrize(("towards", "share"), [("", 0.5), ("likely", 0.0), ("likely", 1.5), ("likely", -0.1)])
def test_a_share_goes_with_a_second_phrase_and_lies_inside(towards: str, share: float) -> None:
    with pytest.raises(ValueError, match="a share between 0 and 1 goes with a second phrase"):
        Placement("unlikely", towards, share)


def test_every_surveyed_phrase_is_either_free_or_placed_among_the_free() -> None:
    surveyed = {phrase for found in read_traits().values() for phrase in found[0].phrases}
    assert set(PHRASES) == surveyed
    assert len(PHRASES) == len(surveyed) == 24
    assert {phrase for place in PLACED.values() for phrase in (place.at, place.towards) if phrase} <= set(FREE)


def test_the_rule_uses_no_share_but_at_and_half_way() -> None:
    # a share chosen by looking at the answers would make the phrases nearer to their places than hedges are to theirs
    assert {place.share for place in PLACED.values()} == {0.0, 0.5}
