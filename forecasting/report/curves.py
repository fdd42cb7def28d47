"""The chance that events have happened, over time: one panel per event, with the deadline marked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from forecasting.forecasts import warning_of
from forecasting.report.alt import curve_alt
from forecasting.report.canvas import BASE, MUTED, POSTERIOR, POSTERIOR_PALE, RULE, Canvas, Chart, drawing, wrap
from forecasting.report.formatting import number, percent, short_day

LEFT, LABELS, PANEL, TITLE, BELOW = 40.0, 84.0, 132.0, 15.0, 38.0
SCALES = (0.1, 0.2, 0.5, 1.0)


@dataclass(frozen=True)
class Panel:
    """A rectangle of time and probability on the sheet."""

    top: float
    right: float
    first: dt.date
    last: dt.date
    most: float

    def x(self, day: dt.date) -> float:
        """Return the pixel of a date."""
        return LEFT + (day - self.first).days / max((self.last - self.first).days, 1) * (self.right - LEFT)

    def y(self, p: float) -> float:
        """Return the pixel of a probability."""
        return self.top + PANEL * (1 - p / self.most)


def curve_figure(
    curves: pd.DataFrame, deadline: dt.date, titles: Mapping[str, str], width: float = 420, most: float | None = None
) -> Chart:
    """Draw P(T ≤ t): the chance that each event has happened by a date, posterior against base rate.

    Parameters
    ----------
    curves : DataFrame
        Columns event, layer, date (`datetime.date`), p, low, high; layers posterior and base are drawn.
    deadline : datetime.date
        Marked with the chance on that day.
    titles : mapping of event to title
        The events to draw, in order.
    width : float, default 420
        Pixels.
    most : float, optional
        Upper end of the scale of probability; by default the least of 10, 20, 50 and 100 % that holds all lines.

    Returns
    -------
    Chart
        The line is the mean, the band its 90 % interval, the dashed line the base rate alone; one scale for all. Above them
        stands what the gate found of the run, where it did not pass.

    Raises
    ------
    ValueError
        If ``curves`` has no row of an event in ``titles``.
    """
    missing = [event for event in titles if event not in set(curves["event"])]
    if missing or not titles:
        named = ", ".join(missing) or "any event"
        raise ValueError(f"no curve of {named}; give rows with columns event, layer, date, p, low, high")
    shown = curves[curves["event"].isin(list(titles))]
    most = most or scale_of(shown)
    heads = {event: wrap(title, width, 12, bold=True) for event, title in titles.items()}
    heights = {event: TITLE * len(lines) + 22 + PANEL + BELOW for event, lines in heads.items()}
    warning = warning_of(curves)
    marks = wrap(warning, width, 12, most=len(warning), bold=True) if warning else []
    with drawing():
        top = float(TITLE * len(marks))
        canvas = Canvas(width, top + sum(heights.values()))
        canvas.lines(0, 12, marks, bold=True)
        for event, lines in heads.items():
            rows = shown[shown["event"] == event]
            canvas.lines(0, top + 12, lines, bold=True)
            start = top + TITLE * len(lines) + 22
            panel = Panel(start, width - LABELS, min(rows["date"]), max(rows["date"]), most)
            frame(canvas, panel)
            _draw(canvas, panel, rows, deadline)
            top += heights[event]
    canvas.figure.alt = ". ".join(filter(None, (warning, curve_alt(curves, deadline, titles))))
    return canvas.figure


def scale_of(curves: pd.DataFrame) -> float:
    """Return the least upper end of the scale, of 10, 20, 50 and 100 %, that holds every line of some curves."""
    peak = max(curves[curves["layer"] == "posterior"]["high"].max(), curves[curves["layer"] == "base"]["p"].max())
    return next(scale for scale in SCALES if peak <= scale or scale == 1.0)


def frame(canvas: Canvas, panel: Panel) -> None:
    """Draw the grid with its percentages and dates."""
    for share in (0, 0.5, 1):
        p = share * panel.most
        canvas.line([LEFT, panel.right], [panel.y(p)] * 2, RULE, 0.8)
        canvas.text(LEFT - 6, panel.y(p) + 4, f"{100 * p:.0f} %", size=10.5, color=MUTED, ha="right")
    for day, label in _ticks(panel):
        canvas.line([panel.x(day)] * 2, [panel.top + PANEL, panel.top + PANEL + 4], RULE, 0.8)
        canvas.text(panel.x(day), panel.top + PANEL + 17, label, size=10.5, color=MUTED, ha="center")


def _ticks(panel: Panel) -> list[tuple[dt.date, str]]:
    """Return up to about five dates with labels: quarters of a short span, years of a long one."""
    years = (panel.last - panel.first).days / 365.25
    months = 3 if years <= 1.3 else 6 if years <= 2.5 else 12
    ticks: list[tuple[dt.date, str]] = []
    day = panel.first.replace(day=1)
    while day <= panel.last + dt.timedelta(days=1):
        if day >= panel.first and (day.month - 1) % months == 0:
            name = f"{day:%Y}" if months == 12 else short_day(day).split(" ", 1)[1]
            ticks.append((day, name if day.month == 1 or not ticks else name.split()[0]))
        day = (day.replace(day=1) + dt.timedelta(days=32)).replace(day=1)
    return ticks


def _draw(canvas: Canvas, panel: Panel, rows: pd.DataFrame, deadline: dt.date) -> None:
    """Draw band, lines, deadline and direct labels of one event."""
    layers = {name: rows[rows["layer"] == name].sort_values("date") for name in ("posterior", "base")}
    now, base = layers["posterior"], layers["base"]
    up = [(panel.x(d), panel.y(p)) for d, p in zip(now["date"], now["high"], strict=True)]
    down = [(panel.x(d), panel.y(p)) for d, p in zip(now["date"], now["low"], strict=True)]
    canvas.area(up + down[::-1], POSTERIOR_PALE + "80")
    _mark_deadline(canvas, panel, now, deadline)
    if len(base):
        canvas.line([panel.x(d) for d in base["date"]], [panel.y(p) for p in base["p"]], BASE, 1.6, (4, 2.5))
    canvas.line([panel.x(d) for d in now["date"]], [panel.y(p) for p in now["p"]], POSTERIOR, 2.4)
    label_ends(canvas, panel, now, base)


def _mark_deadline(canvas: Canvas, panel: Panel, now: pd.DataFrame, deadline: dt.date) -> None:
    before = now[now["date"] <= deadline]
    if not len(before):
        return
    x, p = panel.x(min(deadline, panel.last)), float(before["p"].iloc[-1])
    canvas.line([x, x], [panel.top - 4, panel.top + PANEL], MUTED, 1, (1.5, 2))
    side = "right" if x > (LEFT + panel.right) / 2 else "left"
    canvas.text(x, panel.top - 8, f"by {short_day(deadline)}: {percent(p)}", size=11, ha=side)
    canvas.dot(x, panel.y(p), POSTERIOR, 4.5)


def label_ends(
    canvas: Canvas, panel: Panel, now: pd.DataFrame, base: pd.DataFrame, name: str = "all evidence"
) -> None:
    """Name the lines at their right ends, moved apart where they would touch."""
    ends = [(float(now["p"].iloc[-1]), name, POSTERIOR)]
    if len(base):
        ends.append((float(base["p"].iloc[-1]), "base rate", BASE))
    ends.sort(key=lambda end: -end[0])
    lowest = panel.top + PANEL - 11
    ys = [min(panel.y(p) + 2, lowest) for p, _, _ in ends]
    if len(ys) == 2 and ys[1] - ys[0] < 27:
        upper = min(max((ys[0] + ys[1]) / 2 - 13.5, panel.top + 4), lowest - 27)
        ys = [upper, upper + 27]
    for y, (p, name, color) in zip(ys, ends, strict=True):
        canvas.text(panel.right + 8, y, f"{number(p)} %", size=11, color=color, bold=True)
        canvas.text(panel.right + 8, y + 12.5, name, size=10.5, color=color)
