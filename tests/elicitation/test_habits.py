"""Meanings become answers by habit."""

from __future__ import annotations

import numpy as np
import pytest

from forecasting.elicitation.habits import CUTS, HABITS, N_ATOMS, habit_maps, habit_shares


@pytest.mark.parametrize(
    ("percent", "ones", "fives", "tens", "beside_even", "edges"),
    [
        (13.2, 13, 15, 10, 13, 13),
        (51.3, 51, 50, 50, 51, 51),
        (47.2, 47, 45, 50, 49, 47),  # less than five below even
        (55.2, 55, 55, 60, 55, 55),
        (93.1, 93, 95, 95, 93, 93),  # beyond 90 the tens know 95 too
        (6.2, 6, 5, 5, 6, 6),
        (2.2, 2, 2, 2, 2, 0),  # near an end all but those who pile up are exact
        (98.9, 99, 99, 99, 99, 100),
        (0.2, 0, 0, 0, 0, 0),
    ],
)
def test_each_habit_has_its_own_answer_to_one_meaning(percent, ones, fives, tens, beside_even, edges) -> None:
    atom = int(np.searchsorted(CUTS, percent))
    answers = [int(np.flatnonzero(row)[0]) for row in habit_maps()[:, atom]]
    assert answers == [ones, fives, tens, beside_even, edges]


def test_every_meaning_has_one_answer_and_the_scale_has_no_side() -> None:
    maps = habit_maps()
    assert maps.shape == (len(HABITS), N_ATOMS, 101)
    assert (maps.sum(axis=2) == 1).all()
    # turning the scale round turns every habit round
    np.testing.assert_array_equal(maps, maps[:, ::-1, ::-1])


def test_the_fives_never_say_zero_or_a_hundred_to_what_is_not_at_the_end() -> None:
    fives = habit_maps()[HABITS.index("fives")].sum(axis=0)
    assert set(np.flatnonzero(fives)) == {0, 1, 2, *range(5, 100, 5), 98, 99, 100}


def test_shares_of_habits_are_worked_by_hand_at_even_at_the_ends_and_elsewhere() -> None:
    shares = habit_shares(np.array([0.1, 0.6, 0.3]), np.array(0.5), np.array([0.2, 0.4]))
    at = {percent: shares[:, int(np.searchsorted(CUTS, percent))] for percent in (1.2, 30, 50, 54.4, 55.2, 98.2)}
    np.testing.assert_allclose(at[30], [0.1, 0.6, 0.3, 0, 0])
    np.testing.assert_allclose(at[55.2], [0.1, 0.6, 0.3, 0, 0])
    np.testing.assert_allclose(at[50], [0.05, 0.3, 0.15, 0.5, 0])
    np.testing.assert_allclose(at[54.4], [0.05, 0.3, 0.15, 0.5, 0])
    np.testing.assert_allclose(at[1.2], [0.08, 0.48, 0.24, 0, 0.2])
    np.testing.assert_allclose(at[98.2], [0.06, 0.36, 0.18, 0, 0.4])
    np.testing.assert_allclose(shares.sum(axis=0), 1)
