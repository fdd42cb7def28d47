"""The axis under a density: from where to where, its ticks, and the step by which a handle moves on it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from forecasting.elicitation.elicited import ElicitedPrior
from forecasting.lab.elicit.handles import Answers, digits, quantity

ROUND = (1.0, 2.0, 5.0, 10.0)
TAIL = 0.01  # what may lie beyond either end of the axis
PAD = 0.35  # of what is shown, left free on either side for handles to go to
WHOLE = 0.45  # of the range of a probability: what takes more is shown on all of it
LARGER = 3.0  # than what is asked now the first prior may be, to be shown whole
MOST_TICKS = 10


@dataclass(frozen=True)
class Axis:
    """The range that is drawn, the step of an arrow key on it, and its ticks."""

    low: float
    high: float
    step: float
    ticks: tuple[float, ...]


def rounded_up(x: float) -> float:
    """Return the next number above of the form 1, 2 or 5 times a power of ten.

    Examples
    --------
    >>> rounded_up(0.013), rounded_up(700.0)
    (0.02, 1000.0)
    """
    power = 10.0 ** math.floor(math.log10(x))
    return digits(next(one for one in ROUND if one * power >= x * (1 - 1e-9)) * power)


def axis_of(now: ElicitedPrior, first: ElicitedPrior, answers: Answers) -> Axis:
    """Return the axis on which a prior and what is asked can be seen, and the first prior where it is not of another size.

    Examples
    --------
    >>> from forecasting.elicitation.fitting import maxent
    >>> said = dict(id="deal-a", about="P(a deal within a year)", analyst="A. Analyst", made_on="2024-12-13")
    >>> prior, rare = maxent("Beta", 0.1, 0.4, 0.8, **said), maxent("Beta", 0.001, 0.004, 0.8, **said)
    >>> axis_of(prior, prior, prior.asked).step, axis_of(rare, prior, rare.asked).high
    (0.01, 0.01)
    """
    if now.method == "roulette":
        edges = np.linspace(answers["lower"], answers["upper"], len(answers["chips"]) + 1)
        every = math.ceil((len(edges) - 1) / MOST_TICKS)
        return Axis(answers["lower"], answers["upper"], 1.0, tuple(float(edge) for edge in edges[::every]))
    if now.method == "dirichlet":
        return _ticked(0.0, 1.0)
    asked = [value for name, value in answers.items() if name != "mass"]
    own = [*asked, *now.quantile([TAIL, 1 - TAIL]).tolist()]
    both = [*own, *first.quantile([TAIL, 1 - TAIL]).tolist()]
    seen = both if np.ptp(both) <= LARGER * np.ptp(own) else own
    return _ticked(*_padded(min(seen), max(seen), now.support))


def _padded(low: float, high: float, support: str) -> tuple[float, float]:
    pad = PAD * (high - low)
    least, most = {"probability": (0.0, 1.0), "positive": (0.0, math.inf)}.get(support, (-math.inf, math.inf))
    if support == "probability" and high - low > WHOLE:
        return least, most
    low, high = low - pad, high + pad
    if low < least + pad:
        low = least
    return low, most if high > most - pad else high


def _ticked(low: float, high: float) -> Axis:
    """Return an axis whose ends are ticks; the range of a family has no more than its own ends."""
    tick = rounded_up((high - low) / 6)
    first, last = math.floor(low / tick + 1e-9), math.ceil(high / tick - 1e-9)
    ticks = tuple(digits(n * tick) for n in range(first, last + 1))
    return Axis(ticks[0], ticks[-1], rounded_up((ticks[-1] - ticks[0]) / 110), ticks)


def tick_words(axis: Axis, support: str) -> list[str]:
    """Return what stands at each tick."""
    return [quantity(tick, support) for tick in axis.ticks]
