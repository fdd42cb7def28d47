"""Distributions of a probability, one below the other: from a wording to a prior, and from a prior to a posterior."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from forecasting.elicitation.wording import cloglog, inverse_cloglog
from forecasting.report.canvas import BASE, INK, MUTED, POSTERIOR, PRIOR, RULE, Canvas, Chart, drawing, wrap
from forecasting.report.formatting import interval, percent

COLORS = {"base": BASE, "prior": PRIOR, "posterior": POSTERIOR, "words": MUTED, "own": INK}
TICKS = {"even": (0.0, 0.2, 0.4, 0.6, 0.8, 1.0), "hazard": (0.002, 0.01, 0.05, 0.2, 0.5, 0.8, 0.999)}
WIDTH, LABELS, ROW = 820.0, 260.0, 76.0


@dataclass(frozen=True)
class Ridge:
    """One distribution of a probability.

    ``x`` are draws, or evenly spaced quantiles, of cloglog(p); ``kind`` names the colour (base, prior, posterior,
    words, own); ``marks``: probabilities to show under the ridge, such as a lexicon's quantiles.
    """

    label: str
    note: str
    kind: str
    x: np.ndarray
    marks: tuple[float, ...] = ()

    @property
    def p(self) -> np.ndarray:
        """The draws as probabilities."""
        return inverse_cloglog(self.x)

    @property
    def summary(self) -> str:
        """Mean and middle 90 % of the probability, in per cent."""
        low, high = np.quantile(self.p, [0.05, 0.95])
        return f"{percent(float(self.p.mean()))}  ({interval(float(low), float(high))})"


def normal_draws(location: float, spread: float, n: int = 2000) -> np.ndarray:
    """Return evenly spaced quantiles of Normal(location, spread²), to draw a named distribution without chance.

    Examples
    --------
    >>> float(normal_draws(0.3, 0.5).mean().round(6))
    0.3
    """
    from scipy.stats import norm

    return norm.ppf((np.arange(n) + 0.5) / n, location, spread)


@dataclass(frozen=True)
class _Axis:
    """Where a probability goes on the sheet; ``hazard`` spaces them by cloglog(p), ``even`` by p."""

    scale: str
    left: float
    right: float

    def place(self, p: ArrayLike) -> np.ndarray:
        """Return the position of probabilities on the axis' own scale."""
        return cloglog(p) if self.scale == "hazard" else np.asarray(p, dtype=float)

    def x(self, position: ArrayLike) -> np.ndarray:
        """Return the pixels of positions on the axis' own scale, held inside the sheet."""
        first, last = self.place([TICKS[self.scale][0], TICKS[self.scale][-1]])
        share = (np.clip(np.asarray(position, dtype=float), first, last) - first) / (last - first)
        return self.left + share * (self.right - self.left)

    def pixel(self, p: float) -> float:
        """Return the pixel of a probability; what lies beyond the axis is drawn at its end."""
        return float(self.x(self.place(np.clip(p, TICKS[self.scale][0], TICKS[self.scale][-1]))))


def ridge_figure(ridges: Sequence[Ridge], *, scale: str = "hazard", says: str = "", width: float = WIDTH) -> Chart:
    """Draw distributions of a probability, one below the other.

    Parameters
    ----------
    ridges : sequence of Ridge
    scale : {"hazard", "even"}
        ``hazard`` spaces the axis by cloglog(p), the log of the cumulative hazard, on which readings of words are
        normal and evidence adds up; ``even`` spaces it by p itself.
    says : str, optional
        The message, put before the numbers in the alternative text.
    width : float, default 820
        Pixels.

    Returns
    -------
    Chart
        Each ridge is scaled to its own height. The dot is the mean of the probability and the bar its middle 90 %; both
        stand on the right as numbers.
    """
    if scale not in TICKS:
        raise ValueError(f"no scale {scale!r}; write 'hazard' or 'even'")
    bottom = ROW * len(ridges)
    with drawing():
        canvas, axis = Canvas(width, bottom + 40), _Axis(scale, LABELS, width - 118.0)
        for tick in TICKS[scale]:
            x = axis.pixel(tick)
            canvas.line([x, x], [6, bottom], RULE, 0.8)
            canvas.text(x, bottom + 15, f"{100 * tick:g} %", size=10.5, color=MUTED, ha="center")
        name = "probability, spaced by the log of the hazard" if scale == "hazard" else "probability"
        canvas.text((axis.left + axis.right) / 2, bottom + 33, name, size=10.5, color=MUTED, ha="center")
        for i, ridge in enumerate(ridges):
            _draw(canvas, axis, ridge, ROW * (i + 1) - 14)
    listed = "; ".join(f"{ridge.label} {ridge.summary}" for ridge in ridges)
    canvas.figure.alt = f"{says} Mean and middle 90 % of the probability: {listed}.".strip()
    return canvas.figure


def _draw(canvas: Canvas, axis: _Axis, ridge: Ridge, floor: float) -> None:
    color = COLORS[ridge.kind]
    _label(canvas, ridge, floor)
    canvas.text(axis.right + 118, floor + 4, ridge.summary, color=color, bold=True, ha="right", size=11)
    at, heights = smooth_density(ridge.x if axis.scale == "hazard" else ridge.p)
    xs, ys = axis.x(at).tolist(), (floor - heights / heights.max() * (ROW - 26)).tolist()
    canvas.area([(xs[0], floor), *zip(xs, ys, strict=True), (xs[-1], floor)], f"{color}38")
    canvas.line(xs, ys, color, 1.6)
    low, high = np.quantile(ridge.p, [0.05, 0.95])
    canvas.line([axis.pixel(low), axis.pixel(high)], [floor + 4] * 2, color, 4)
    canvas.dot(axis.pixel(ridge.p.mean()), floor + 4, color, 5)
    for mark in ridge.marks:
        canvas.line([axis.pixel(mark)] * 2, [floor - 10, floor + 1], INK, 1.6)


def _label(canvas: Canvas, ridge: Ridge, floor: float) -> None:
    lines = wrap(ridge.label, LABELS - 24, 12, bold=True, most=2)
    notes = wrap(ridge.note, LABELS - 24, 10.5, most=3)
    y = floor + 4 - 15 * (len(lines) - 1) - 13 * len(notes)
    for k, line in enumerate(lines):
        canvas.text(0, y + 15 * k, line, color=COLORS[ridge.kind], bold=True)
    for k, note in enumerate(notes):
        canvas.text(0, y + 15 * (len(lines) - 1) + 14 + 13 * k, note, size=10.5, color=MUTED)


def smooth_density(x: np.ndarray, n: int = 300) -> tuple[np.ndarray, np.ndarray]:
    """Return (positions, heights) of a density: a fine histogram smoothed with Silverman's robust bandwidth.

    References
    ----------
    Silverman, B. W. (1986), *Density Estimation for Statistics and Data Analysis*, eq. 3.31.
    """
    quartiles = np.quantile(x, [0.25, 0.75])
    bandwidth = max(0.9 * min(x.std(), (quartiles[1] - quartiles[0]) / 1.34) * x.size**-0.2, 1e-3)
    low, high = np.quantile(x, [0.002, 0.998])
    counts, edges = np.histogram(x, bins=n, range=(low - 3 * bandwidth, high + 3 * bandwidth))
    middle = (edges[1:] + edges[:-1]) / 2
    return middle, np.exp(-0.5 * ((middle[:, None] - middle[None, :]) / bandwidth) ** 2) @ counts
