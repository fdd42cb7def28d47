"""Split the value of a coalition fairly over its players: the average of what each adds, over all orders of joining.

References
----------
Shapley, L. S. (1953), *A value for n-person games*, Contributions to the Theory of Games II.
Shorrocks, A. F. (2013), *Decomposition procedures for distributional analysis: a unified framework based on the Shapley
value*, Journal of Economic Inequality 11 (the same for causes of a change between two dates).
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

Coalition = frozenset[str]


def coalitions(players: Sequence[str]) -> tuple[Coalition, ...]:
    """Return all 2ⁿ sets of players, the empty one first and the full one last.

    Examples
    --------
    >>> [sorted(members) for members in coalitions(("a", "b"))]
    [[], ['a'], ['b'], ['a', 'b']]
    """
    return tuple(frozenset(c) for n in range(len(players) + 1) for c in itertools.combinations(players, n))


def coefficients(players: Sequence[str], player: str) -> dict[Coalition, float]:
    """Return how often each coalition's value counts in the part of one player.

    The part is Σ_S |S|! (n − |S| − 1)! / n! · (v(S ∪ {i}) − v(S)) over the coalitions S without player i. The parts of all
    players add up to v(all) − v(none), whatever v is; a player who adds nothing to any coalition gets nothing.

    Returns
    -------
    dict
        Coalition to coefficient, positive with the player and negative without.

    Examples
    --------
    >>> {"".join(sorted(members)): c for members, c in coefficients(("a", "b"), "a").items()}
    {'': -0.5, 'a': 0.5, 'b': -0.5, 'ab': 0.5}
    """
    n = len(players)
    found = {}
    for members in coalitions(players):
        joined = len(members - {player})
        weight = math.factorial(joined) * math.factorial(n - joined - 1) / math.factorial(n)
        found[members] = weight if player in members else -weight
    return found
