"""The curve of the panel as points of a drawing: before and after, in pixels, with the texts of its axes."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import numpy as np

from forecasting.dossier.status import DAYS_PER_YEAR
from forecasting.forecasts import percent
from forecasting.lab.panel.follow import Curve
from forecasting.report.formatting import short_day, short_month

WIDTH, HEIGHT = 560, 250
LEFT, RIGHT, TOP, BOTTOM = 58, 16, 12, 32
MOST_TICKS = 5


@dataclass(frozen=True)
class Frame:
    """Where days and probabilities stand in the drawing; the scale ends at a round share of one."""

    as_of: dt.date
    years: float
    top: float

    def x(self, years: float) -> float:
        """Return the pixel of a time in years from the as-of date."""
        return round(LEFT + (WIDTH - LEFT - RIGHT) * min(years / self.years, 1.0), 1)

    def y(self, p: float) -> float:
        """Return the pixel of a probability."""
        return round(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * min(p / self.top, 1.0), 1)

    def day(self, years: float) -> dt.date:
        """Return the day of a time."""
        return self.as_of + dt.timedelta(days=round(years * DAYS_PER_YEAR))

    def path(self, grid: np.ndarray, p: np.ndarray) -> str:
        """Return a line as the ``d`` of an SVG path."""
        return "M" + "L".join(f"{self.x(t)} {self.y(v)}" for t, v in zip(grid, p, strict=True))

    def band(self, curve: Curve) -> str:
        """Return the interval of a curve as a closed path."""
        return f"{self.path(curve.grid, curve.high)}L{self.path(curve.grid[::-1], curve.low[::-1])[1:]}Z"


def drawing(before: Curve, after: Curve, as_of: dt.date, deadline: dt.date, title: str, occurs: bool = True) -> dict[str, Any]:
    """Return the drawing of one event's curve until a question's deadline, for the page to put together.

    Parameters
    ----------
    before, after : Curve
        As the fit has it, and under the changes; the same where there are none.
    deadline : date
        The drawing ends there.
    occurs : bool, default True
        Whether the question asks that the event happens; otherwise the curves fall: P(T > t).
    """
    years = max((deadline - as_of).days / DAYS_PER_YEAR, float(before.grid[1] if before.grid.size > 1 else 1.0))
    before, after = (_until(curve if occurs else _mirrored(curve), years) for curve in (before, after))
    highest = max(float(curve.high.max()) for curve in (before, after))
    top = next(edge for edge in (0.1, 0.2, 0.4, 0.6, 0.8, 1.0) if highest <= edge + 1e-9)
    frame = Frame(as_of, years, top)
    what = "has happened" if occurs else "has not happened"
    words = f"that it {what} by {short_day(deadline)}"
    moved = "" if before is after or np.allclose(before.p, after.p) else f", {percent(after.p[-1])} with the changes"
    return {
        "width": WIDTH, "height": HEIGHT, "left": LEFT, "right": WIDTH - RIGHT, "bottom": HEIGHT - BOTTOM,
        "before": frame.path(before.grid, before.p), "after": frame.path(after.grid, after.p), "band": frame.band(after),
        "changed": bool(moved),
        "y_ticks": [{"y": frame.y(p), "text": f"{100 * p:.0f} %"} for p in np.linspace(0, top, 5 if top > 0.15 else 3)],
        "x_ticks": [{"x": frame.x(t), "text": text} for t, text in _days(frame)],
        "alt": f"{title}: the probability {words} is {percent(before.p[-1])}{moved}",
        "words": f"Probability that it {what} by a day, with the 90 % interval",
    }  # fmt: skip


def _mirrored(curve: Curve) -> Curve:
    return Curve(curve.grid, 1 - curve.p, 1 - curve.high, 1 - curve.low)


def _until(curve: Curve, years: float) -> Curve:
    """Return the part of a curve until a time; the grid has every deadline on it."""
    keep = curve.grid <= years + 1e-6
    return Curve(curve.grid[keep], curve.p[keep], curve.low[keep], curve.high[keep])


def _days(frame: Frame) -> list[tuple[float, str]]:
    """Return some days of the axis, its ends among them."""
    return [(float(t), short_month(frame.day(float(t)))) for t in np.linspace(0, frame.years, MOST_TICKS)]
