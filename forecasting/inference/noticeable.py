"""The one rule for whether a change of a probability counts: what is listed, printed and drawn, and what is left out."""

from __future__ import annotations

from typing import Any

LEAST = 0.0005
ERRORS = 4.0
INDIRECT = 1.5


def noticeable(change: Any, mcse: Any = 0.0, *, indirect: Any = False) -> Any:
    """Return whether a change of a probability counts.

    From 0.05 points, because a change is printed to a tenth of a point and a smaller one would read 0.0; and from four of
    its Monte Carlo errors, because each change is one of many: an edition of forty answers and forty claims has 1,600 of
    them, of which chance alone brings four beyond three errors and none beyond four (0.1 expected). Both bounds are
    half as high again for an influence that is only indirect, through a shared reference class or driver: there are far
    more of those. Every table, page and picture asks this and nothing else,
    so that they list the same changes.

    Parameters
    ----------
    change, mcse : float or array
        The change, and its Monte Carlo standard error where that is not in the table already (rows of a run's tables on
        influence have passed this rule).
    indirect : bool or array, default False
        Whether only a shared reference class or driver joins cause and answer.

    Returns
    -------
    bool or array of bool

    Examples
    --------
    Two points with an error of half a point; one point with the same; two points, but only through a shared class:

    >>> noticeable(0.02, 0.005), noticeable(-0.01, 0.005), noticeable(0.02, 0.005, indirect=True)
    (True, False, False)
    >>> noticeable(0.0004), noticeable(-0.0005)
    (False, True)
    """
    times = 1 + (INDIRECT - 1) * indirect
    size = abs(change)
    return (size >= times * LEAST) & (size >= times * ERRORS * mcse)
