"""How people turn what they mean into a whole per cent: the habits that the phrase model knows.

Cutting the probability scale at 0.5, 1.5, … 99.5 % and at 15, 25, … 85 % leaves 109 *atoms*: no habit tells two meanings of
one atom apart. A habit is a map from atoms to answers, so the chance of an answer is the mass of its atoms, summed over
habits by their shares. Everybody rounds in one of three ways (`ROUNDING`):

- ``ones``: to the nearest whole per cent;
- ``fives``: to the nearest multiple of five;
- ``tens``: to the nearest multiple of ten, and of five beyond 10 and 90.

Below 2.5 % and above 97.5 % all three write whole per cents: in the survey of 2026 almost everybody who rounds elsewhere
writes 1, 2, 98 or 99 there. In two places some do not round:

- ``beside-even``: 51 for all that is up to five points above even, 49 for as much below;
- ``edges``: 0 for all below 2.5 % and 100 for all above 97.5 %, the pile-up at both ends.

Each of these has a share among meanings of its place only. How many would write 51 cannot be learned from a phrase that
nobody reads as near even, and takes nothing away from how people round there.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

N_ANSWERS = 101
ROUNDING = ("ones", "fives", "tens")
HABITS = (*ROUNDING, "beside-even", "edges")
CUTS = np.union1d(np.arange(0.5, 100), np.arange(15.0, 90, 10))
"""Edges between atoms, in per cent."""
N_ATOMS = len(CUTS) + 1
_OUTER = (2.5, 97.5)
_EVEN = (45.0, 55.0)


def _nearest(step: int) -> Callable[[float], float]:
    return lambda percent: step * np.floor(percent / step + 0.5)


def _tens(percent: float) -> float:
    return _nearest(5)(percent) if percent < 7.5 or percent > 92.5 else _nearest(10)(percent)


def _answer(habit: str, percent: float) -> int:
    """Return what somebody of a habit answers who means ``percent``; outside its place a habit writes whole per cents."""
    low, high = _OUTER
    if not low < percent < high:
        return int((0 if percent < low else 100) if habit == "edges" else _nearest(1)(percent))
    if habit == "beside-even" and _EVEN[0] < percent < _EVEN[1]:
        return 51 if percent > 50 else 49
    return int({"fives": _nearest(5), "tens": _tens}.get(habit, _nearest(1))(percent))


def _middles() -> np.ndarray:
    ends = np.concatenate([[0.0], CUTS, [100.0]])
    return (ends[:-1] + ends[1:]) / 2


@cache
def habit_maps() -> np.ndarray:
    """Return the maps from atoms to answers, one for each habit; always the same array, which cannot be written to.

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
    middles = _middles()
    maps = np.zeros((len(HABITS), N_ATOMS, N_ANSWERS))
    for h, habit in enumerate(HABITS):
        maps[h, np.arange(N_ATOMS), [_answer(habit, percent) for percent in middles]] = 1
    beside, middle = HABITS.index("beside-even"), int(np.flatnonzero(middles == 50)[0])
    maps[beside, middle] = 0
    maps[beside, middle, [49, 51]] = 0.5
    maps.setflags(write=False)
    return maps


def habit_shares(rounding: Any, beside_even: Any, pile_up: Any) -> Any:
    """Return the share of each habit among those who mean a given atom.

    With r the shares of rounding, q of ``beside-even`` and e₀, e₁₀₀ of ``edges``: in the middle (45 to 55 %) the three ways
    to round have (1 − q)·r and ``beside-even`` q; below 2.5 % they have (1 − e₀)·r and ``edges`` e₀, above 97.5 % likewise
    with e₁₀₀; everywhere else r. Only arithmetic, so that NumPy arrays and PyTensor variables do alike.

    Parameters
    ----------
    rounding : array or tensor
        Dims (…, rounding), summing to one.
    beside_even : array or tensor
        Dims (…), in [0, 1].
    pile_up : array or tensor
        Dims (…, end): at 0 and at 100, in [0, 1].

    Returns
    -------
    array or tensor
        Dims (…, habit, atom), summing to one over habits.

    Examples
    --------
    >>> shares = habit_shares(np.array([0.1, 0.5, 0.4]), np.array(0.2), np.array([0.3, 0.1]))
    >>> [float(shares[HABITS.index("fives"), np.searchsorted(CUTS, p)].round(3)) for p in (1, 30, 52)]
    [0.35, 0.5, 0.4]
    """
    middles = _middles()
    even = ((middles > _EVEN[0]) & (middles < _EVEN[1])).astype(float)
    ends = np.stack([middles < _OUTER[0], middles > _OUTER[1]]).astype(float)
    own = np.eye(len(HABITS))
    at_even = beside_even[..., None, None] * even
    at_ends = (pile_up @ ends)[..., None, :]
    rounders = (rounding @ own[: len(ROUNDING)])[..., None] * (1 - at_even - at_ends)
    return rounders + own[HABITS.index("beside-even")][:, None] * at_even + own[HABITS.index("edges")][:, None] * at_ends
