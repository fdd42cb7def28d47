"""The picture of an elicitation as points of a drawing: the density now and at first, bars of chips, rows of shares."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any

import numpy as np

from forecasting.elicitation.elicited import ElicitedPrior
from forecasting.elicitation.families import Marginal
from forecasting.lab.elicit.axis import Axis, tick_words
from forecasting.lab.elicit.handles import Answers, quantity

WIDTH, LEFT, RIGHT = 560, 26, 26
TOP, BOTTOM = 56, 270  # of the plot; above it stand the values of the handles, below it the axis
BAR = (8, 58)  # of the row of shares
ROW, NAME = 64, 22  # of one outcome's density below it, and of the line with its name
CELLS = 240
HIGHER = 2.5  # than the density now that at first may be drawn
CUT = 1.6  # a density that runs off at an end of its range is cut at so many times its height in the middle


@dataclass(frozen=True)
class Frame:
    """Where values and heights stand: from ``left`` to ``right`` and from ``bottom`` up to ``top``."""

    axis: Axis
    top: float = TOP
    bottom: float = BOTTOM

    def x(self, value: float) -> float:
        """Return the pixel of a value."""
        share = (value - self.axis.low) / (self.axis.high - self.axis.low)
        return round(LEFT + (WIDTH - LEFT - RIGHT) * min(max(share, 0.0), 1.0), 1)

    def y(self, share: float) -> float:
        """Return the pixel of a height, given as a share of the whole."""
        return round(self.bottom - (self.bottom - self.top) * min(max(share, 0.0), 1.0), 1)

    def line(self, x: np.ndarray, height: np.ndarray) -> str:
        """Return a curve as the ``d`` of an SVG path."""
        return "M" + "L".join(f"{self.x(a)} {self.y(b)}" for a, b in zip(x, height, strict=True))

    def area(self, x: np.ndarray, height: np.ndarray) -> str:
        """Return what lies below a curve as a closed path."""
        return f"{self.line(x, height)}L{self.x(x[-1])} {self.bottom}L{self.x(x[0])} {self.bottom}Z"


def density(marginal: Marginal, axis: Axis) -> tuple[np.ndarray, np.ndarray]:
    """Return points of a density on an axis: the probability of each of many cells by its width, which is finite."""
    edges = np.linspace(axis.low, axis.high, CELLS + 1)
    with np.errstate(divide="ignore"):
        found = np.diff(marginal.cdf(edges)) / np.diff(edges)
    return (edges[:-1] + edges[1:]) / 2, found


def highest(marginal: Marginal, axis: Axis) -> float:
    """Return the height that a drawing of a density needs: its peak, but for one that runs off at an end of the range."""
    x, found = density(marginal, axis)
    low, high = marginal.ppf([0.05, 0.95])
    inside = found[(x >= low) & (x <= high)]
    return float(min(found.max(), CUT * inside.max()) if inside.size else found.max())


def _top(pairs: list[tuple[Marginal, Marginal]], axis: Axis) -> float:
    """Return the height of the plot: that of the densities now, and of those at first where they are not far higher."""
    was, now = (max(highest(pair[n], axis) for pair in pairs) for n in (0, 1))
    return 1.06 * min(max(was, now), HIGHER * now)


def parts(prior: ElicitedPrior, answers: Answers) -> list[tuple[str, float]]:
    """Return the parts into which what was asked divides the range, each with its probability."""
    names = {
        "maxent": (("below", "between", "above"), ("lower", "upper")),
        "quartile": (("first quarter", "second", "third", "last"), ("q1", "q2", "q3")),
    }  # fmt: skip
    words, at = names[prior.method]
    found = np.diff([0.0, *(float(prior.cdf(answers[name])) for name in at), 1.0])
    return list(zip(words, map(float, found), strict=True))


def picture(first: ElicitedPrior, now: ElicitedPrior, answers: Answers, axis: Axis, most: int) -> dict[str, Any]:
    """Return the drawing of a prior as it is and as it was at first, for the page to put together.

    Parameters
    ----------
    first, now : ElicitedPrior
        The one that the elicitation began with, and the one that met what was asked last.
    answers : mapping
        What is asked now, which ``now`` need not have met.
    most : int
        Chips that a bin can hold.
    """
    frame = Frame(axis)
    ticks = [{"x": frame.x(at), "text": text} for at, text in zip(axis.ticks, tick_words(axis, now.support), strict=True)]
    found: dict[str, Any] = {
        "width": WIDTH, "left": LEFT, "right": WIDTH - RIGHT, "top": TOP, "bottom": BOTTOM, "height": BOTTOM + 46,
        "low": axis.low, "high": axis.high, "ticks": ticks, "alt": alt(first, now),
    }  # fmt: skip
    if now.method == "dirichlet":
        return {**found, **_rows(first, now, axis)}
    if now.method == "roulette":
        return {**found, **_chips(first, now, answers, axis, most)}
    was, is_now = first.marginals[0], now.marginals[0]
    top = _top([(was, is_now)], axis)
    x, height = density(is_now, axis)
    ends = [now.asked[name] for name in (("lower", "upper") if now.method == "maxent" else ("q1", "q3"))]
    inside = np.array([ends[0], *x[(x > ends[0]) & (x < ends[1])], ends[1]])
    area = frame.area(inside, np.interp(inside, x, height) / top)
    return {**found, "now": frame.line(x, height / top), "inside": area, "was": frame.line(x, density(was, axis)[1] / top)}


def _chips(first: ElicitedPrior, now: ElicitedPrior, answers: Answers, axis: Axis, most: int) -> dict[str, Any]:
    """Return bars, and both densities in the chips that they would give a bin."""
    frame, chips = Frame(axis, top=16), answers["chips"]
    edges = np.linspace(answers["lower"], answers["upper"], len(chips) + 1)
    scale = (edges[1] - edges[0]) * max(sum(chips), 1) / most
    x, height = density(now.marginals[0], axis)
    steps = sorted({0, most, *range(0, most + 1, max(1, most // 5))})
    return {
        "top": 16, "most": most, "inside": "",
        "bars": [[frame.x(a), frame.x(b)] for a, b in itertools.pairwise(edges)],
        "lines": [{"y": frame.y(n / most), "text": str(n)} for n in steps],
        "now": frame.line(x, height * scale), "was": frame.line(x, density(first.marginals[0], axis)[1] * scale),
    }  # fmt: skip


def _rows(first: ElicitedPrior, now: ElicitedPrior, axis: Axis) -> dict[str, Any]:
    """Return a row for each outcome: the density of its share, now and at first."""
    begin = BAR[1] + 18
    pairs = list(zip(first.marginals, now.marginals, strict=True))
    top = _top(pairs, axis)
    rows = []
    for n, (was, is_now) in enumerate(pairs):
        frame = Frame(axis, begin + n * ROW + NAME, begin + (n + 1) * ROW - 4)
        x, height = density(is_now, axis)
        rows.append({
            "name": f"{n + 1} {now.outcomes[n]}", "y": begin + n * ROW + NAME - 6, "bottom": frame.bottom,
            "now": frame.line(x, height / top), "inside": frame.area(x, height / top),
            "was": frame.line(x, density(was, axis)[1] / top),
        })  # fmt: skip
    bottom = begin + len(rows) * ROW
    return {"rows": rows, "bar": list(BAR), "bottom": bottom, "height": bottom + 36, "top": BAR[0]}


def alt(first: ElicitedPrior, now: ElicitedPrior) -> str:
    """Return what the picture shows, for those who do not see it."""
    if now.method == "dirichlet":
        said = [f"{name} {quantity(share, 'simplex')}" for name, share in zip(now.outcomes, map(float, now.mean()), strict=True)]
        return f"Densities of the shares; means: {', '.join(said)}"
    median, low, high = (quantity(float(x), now.support) for x in now.quantile([0.5, 0.05, 0.95]))
    moved = "" if first == now else f"; the median was {quantity(float(first.quantile(0.5)), now.support)}"
    return f"Density: median {median}, 90 % between {low} and {high}{moved}"
