"""How people turn what they mean into a whole per cent: the five habits that the phrase model knows.

Cutting the probability scale at 0.5, 1.5, … 99.5 % and at 15, 25, … 85 % leaves 109 *atoms*: no habit tells two meanings of
one atom apart. A habit is a map from atoms to answers, so the chance of an answer is the mass of its atoms, summed over
habits by their weights. The habits are

- ``ones``: the nearest whole per cent;
- ``fives``: the nearest multiple of five;
- ``tens``: the nearest multiple of ten, and of five beyond 10 and 90;
- ``beside-even``: 51 for all that is up to five points above even and 49 for as much below, otherwise ``ones``;
- ``edges``: 0 for all below 2.5 % and 100 for all above 97.5 %, otherwise ``ones`` (the pile-up at both ends).

``fives`` and ``tens`` give way to ``ones`` below 2.5 % and above 97.5 %: in the survey of 2026 almost everybody who rounds
elsewhere writes 1, 2, 98 or 99 there.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

N_ANSWERS = 101
HABITS = ("ones", "fives", "tens", "beside-even", "edges")
CUTS = np.union1d(np.arange(0.5, 100), np.arange(15.0, 90, 10))
"""Edges between atoms, in per cent."""
N_ATOMS = len(CUTS) + 1
_OUTER = (2.5, 97.5)


def _nearest(step: int) -> Callable[[float], float]:
    return lambda percent: step * np.floor(percent / step + 0.5)


def _tens(percent: float) -> float:
    return _nearest(5)(percent) if percent < 7.5 or percent > 92.5 else _nearest(10)(percent)


def _beside_even(percent: float) -> float:
    return (51 if percent > 50 else 49) if abs(percent - 50) < 5 else _nearest(1)(percent)


def _answer(habit: str, percent: float) -> int:
    """Return what somebody of a habit answers who means ``percent``."""
    low, high = _OUTER
    if not low < percent < high:
        return int((0 if percent < low else 100) if habit == "edges" else _nearest(1)(percent))
    rule = {"fives": _nearest(5), "tens": _tens, "beside-even": _beside_even}.get(habit, _nearest(1))
    return int(rule(percent))


def habit_maps() -> np.ndarray:
    """Return the maps from atoms to answers, one for each habit.

    Returns
    -------
    ndarray
        Dims (habit, atom, answer), ones and zeros; every atom has one answer per habit.

    References
    ----------
    Heaping as a mixture of ways to coarsen: Heitjan, D. F. and Rubin, D. B. (1990), *Inference from coarse data via
    multiple imputation with application to age heaping*, Journal of the American Statistical Association 85.

    Examples
    --------
    >>> maps = habit_maps()
    >>> maps.shape, bool((maps.sum(axis=2) == 1).all())
    ((5, 109, 101), True)
    """
    # 50 is a cut of no habit but beside-even, which therefore splits the atom 49.5 to 50.5 in two equal halves
    ends = np.concatenate([[0.0], CUTS, [100.0]])
    middles = (ends[:-1] + ends[1:]) / 2
    maps = np.zeros((len(HABITS), N_ATOMS, N_ANSWERS))
    for h, habit in enumerate(HABITS):
        maps[h, np.arange(N_ATOMS), [_answer(habit, percent) for percent in middles]] = 1
    beside, middle = HABITS.index("beside-even"), int(np.flatnonzero(middles == 50)[0])
    maps[beside, middle] = 0
    maps[beside, middle, [49, 51]] = 0.5
    return maps
