"""From a level to a side of an index: the analyst's link, moved by how the index came out before."""

from __future__ import annotations

import zlib
from collections.abc import Collection, Mapping, Sequence

import numpy as np
from scipy.special import ndtr

from forecasting.dossier.forms.favours import REST, SIDES, Index, IndexCase, Margin
from forecasting.models.balance.bars import chosen, weigh
from forecasting.models.balance.future import Futures

OFF = 1.0  # steps by which a stated bound may be off: one grade
POINTS = 33  # of each bound, a quarter of `OFF` apart, up to four times `OFF` either way


def bounds(
    index: Index, levels: np.ndarray, sides: Sequence[str], rng: np.random.Generator, without: Collection[int] = (),
) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    r"""Return the bounds of an index, one pair per draw, given the cases that are known.

    With l₀ and h₀ the bounds as stated, x the levels of the cases and s the error of the index,

    .. math::

        l \sim N(l_0, 1), \quad h \sim N(h_0, 1), \quad l \le h, \quad
        P(low) = \Phi((l - x)/s), \quad P(high) = \Phi((x - h)/s)

    and *neither* has the rest. Where what a side needs had not happened, the others have their shares of what is left. A pair
    is drawn from its posterior given the levels of the draw, on a grid of 33 × 33 points; a test holds it to one of 801 × 801.
    The cases move the link and not the level (a cut): an index has more causes than that.

    Parameters
    ----------
    levels : ndarray
        Level of each case in steps (draw, case).
    sides : sequence of {"low", "neither", "high"}
        How each came out.
    rng : numpy.random.Generator
        Draws the pairs.
    without : collection of int
        Numbers of the cases in which what a side needs had not happened.

    Returns
    -------
    (low_to, high_from) : tuple of ndarray
        In steps (draw,), low_to ≤ high_from.

    References
    ----------
    Ordinal probit with unknown bounds: McKelvey, R. D. and Zavoina, W. (1975), *A statistical model for the analysis of ordinal
    level dependent variables*, Journal of Mathematical Sociology 4.
    """
    z = np.linspace(-4, 4, POINTS)
    low, high = index.low_to + OFF * z, index.high_from + OFF * z
    apart = np.clip((high - low[:, None]) / (OFF * (z[1] - z[0])), -1, 1)
    ordered = np.where(apart < 0, (1 + apart) ** 2 / 2, 1 - (1 - apart) ** 2 / 2)  # share of a cell in which low ≤ high
    prior = np.exp(-(z[:, None] ** 2 + z**2) / 2) * ordered
    place = [SIDES.index(side) for side in sides]
    left = np.array([[n not in without or side in index.left for side in SIDES] for n in range(len(sides))]).reshape(-1, 3)
    at, where = np.unique(np.concatenate([low, high]), return_inverse=True)
    grid = (at, where[:POINTS], where[POINTS:])
    known = np.array([bool((levels[:, n] == levels[0, n]).all()) for n in range(len(sides))], dtype=bool)
    below = ndtr((at - levels[:1].T) / index.spread)  # of cases whose level is one thing in all draws, once
    for n in np.flatnonzero(known):
        weigh(prior, below[n], *grid[1:], place[n], left[n])
    varied = np.flatnonzero(~known)
    pair = chosen(
        *grid, prior, np.ascontiguousarray(levels[:, varied]), index.spread, np.array(place, dtype=np.int64)[varied],
        left[varied], rng.random(len(levels)),
    )  # fmt: skip
    return low[pair // POINTS], np.maximum(low[pair // POINTS], high[pair % POINTS])


def _share(index: Index, side: str, below: np.ndarray, upto: np.ndarray) -> np.ndarray:
    """Return the share of a side: below the one bound, above the other, or between them, nothing where they are the wrong way."""
    if side == "neither":
        return np.maximum(upto - below, 0)
    return below if side == "low" else 1 - upto


def _left(index: Index, side: str, below: np.ndarray, upto: np.ndarray, left: Collection[str] | None = None) -> np.ndarray:
    """Return the share of a side among those that are left; *neither* has all where the link leaves nothing.

    By default those are left that need nothing that has not happened.
    """
    left = index.left if left is None else left
    total = sum(_share(index, one, below, upto) for one in left)
    share = _share(index, side, below, upto) if side in left else np.zeros(())
    return np.divide(share, total, out=np.full(np.shape(total), float(side == "neither")), where=total > 0)


def shares(
    index: Index, bars: tuple[np.ndarray, np.ndarray], level: np.ndarray, chance: float | None = None,
    told: Mapping[str, np.ndarray] | None = None,
) -> np.ndarray:  # fmt: skip
    r"""Return P(low), P(neither), P(high) at a level (draw, path, side).

    Where a side needs an event, of which the event network says that it happens with probability c, and N are the sides that need
    it,

    .. math::

        P(s) = c \, L(s) + (1 - c) \frac{L(s) \, 1[s \notin N]}{\sum_{t \notin N} L(t)}

    with L the shares of the link. So no side is likelier than what it needs, and the link is a statement about the cases in which
    each side could be. Where the sides in M are events of the network, which says q of each,

    .. math::

        P(s) = q_s \; (s \in M), \quad
        P(s) = \Bigl(1 - \sum_{t \in M} q_t\Bigr) \frac{L(s)}{\sum_{t \notin M} L(t)} \; (s \notin M)

    so that the network and the index do not disagree about one thing, and the balance divides what is left.

    Parameters
    ----------
    bars : (ndarray, ndarray)
        The two bounds of each draw (draw,), from `bounds`.
    level : ndarray
        In steps (draw, path).
    chance : float, optional
        c; None where nothing is needed, or the network is not asked of it.
    told : mapping, optional
        q of each side that is an event of the network (draw,), and of ``rest``, that it is none of these.

    Examples
    --------
    >>> index = Index(balance="river", outcomes={"low": "one", "neither": "both", "high": "two"}, counts="tolls",
    ...               settled_by="council", low_to=0, high_from=0, spread=1, why_link="one step",
    ...               in_network=({"side": "high", "needs": {"occurs": "talks"}},))
    >>> shares(index, (np.zeros(1), np.zeros(1)), np.zeros((1, 1)), chance=0.3)[0, 0].round(2).tolist()
    [0.85, 0.0, 0.15]
    """
    below, upto = (ndtr((bar[:, None] - level) / index.spread) for bar in bars)
    if told:
        among = [side for side in SIDES if side not in told]
        shown = [told[side][:, None] if side in told else told[REST][:, None] * _left(index, side, below, upto, among)
                 for side in SIDES]  # fmt: skip
        return np.stack(np.broadcast_arrays(*shown), axis=2)
    every, left = (np.stack([share(index, side, below, upto) for side in SIDES], axis=2) for share in (_share, _left))
    return every if chance is None else chance * every + (1 - chance) * left


def carried(margin: Margin, lead: int) -> np.ndarray:
    r"""Return P(side of the period | side of what is left of it), rows and columns in the order of `SIDES`.

    Whoever wins the rest wins it by G, a whole number of 1 or more with log G ~ Normal(log median, spread²) before it is rounded.
    A lead d so far makes that d + G, d − G, or d where nobody wins the rest, and its sign is the side.

    Parameters
    ----------
    margin : Margin
        Median and spread of G.
    lead : int
        d: the count of the high side less that of the low one.

    Examples
    --------
    >>> carried(Margin(median=2, spread=0.7, why="one round to four"), -2).round(2).tolist()
    [[1.0, 0.0, 0.0], [1.0, 0.0, 0.0], [0.34, 0.28, 0.37]]
    """
    def by(k: int) -> float:
        """P(G ≤ k)."""
        return float(ndtr((np.log(k + 0.5) - np.log(margin.median)) / margin.spread)) if k >= 1 else 0.0

    def won(ahead: int) -> list[float]:
        """P(ahead + G is below, at, and above zero)."""
        return [by(-ahead - 1), by(-ahead) - by(-ahead - 1), 1 - by(-ahead)]

    stays = [float(lead < 0), float(lead == 0), float(lead > 0)]
    return np.array([won(-lead)[::-1], stays, won(lead)])


def bounds_on(paths: Futures, question_id: str, index: Index) -> tuple[np.ndarray, np.ndarray]:
    """Return the bounds of an index under the draws of a fit, given its cases that had ended by the as-of date.

    They are drawn by a generator of the question's own, so that no other question changes a digit. Whether what a side needs had
    happened counts only where the network is asked of it.
    """
    known = [(case, paths.balance.months_to(case.on)) for case in index.cases if case.on <= paths.as_of]
    if not known:
        n_draws = len(paths.draws.level)
        return np.full(n_draws, index.low_to), np.full(n_draws, index.high_from)
    without = [n for n, (case, _) in enumerate(known) if not case.occurred and index.needed in paths.chances]
    kept, key = paths.draws.kept, f"bounds {question_id} {paths.seed} {paths.as_of} {without} {index.model_dump_json()}"
    if key not in kept:
        kept[key] = _bounds_on(paths, question_id, index, known, without)
    return kept[key]


def _bounds_on(
    paths: Futures, question_id: str, index: Index, known: Sequence[tuple[IndexCase, int]], without: Collection[int]
) -> tuple[np.ndarray, np.ndarray]:
    field, levels = paths.balance.fields.index(index.balance), np.empty((len(paths.draws.level), len(known)))
    for n, (case, month) in enumerate(known):
        levels[:, n] = paths.draws.level[:, field, month] if case.level is None else case.level
    rng = np.random.default_rng((paths.seed, zlib.crc32(question_id.encode())))
    return bounds(index, levels, [case.side for case, _ in known], rng, without)
