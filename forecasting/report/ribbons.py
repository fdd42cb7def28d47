"""What a model thinks of something through time: a ribbon per panel, with what was observed and the levels asked about."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass

import pandas as pd

from forecasting.report.canvas import (
    INK,
    MUTED,
    POSTERIOR,
    POSTERIOR_HALF,
    POSTERIOR_PALE,
    PRIOR,
    RULE,
    Canvas,
    Chart,
    drawing,
    text_width,
    wrap,
)
from forecasting.report.formatting import short_day

LEFT, RIGHT, PANEL, TITLE, BELOW = 62.0, 26.0, 190.0, 15.0, 30.0
STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True)
class _Sheet:
    """A rectangle of days and values."""

    top: float
    right: float
    first: dt.date
    last: dt.date
    least: float
    most: float

    def x(self, day: dt.date) -> float:
        return LEFT + (day - self.first).days / max((self.last - self.first).days, 1) * (self.right - LEFT)

    def y(self, value: float) -> float:
        return self.top + PANEL * (1 - (value - self.least) / (self.most - self.least))


def ribbon_figure(bands: pd.DataFrame, points: pd.DataFrame, as_of: dt.date, width: float = 420) -> Chart:
    """Draw the ribbons of a model: what is thought of each of its panels on every day, with what was observed.

    Parameters
    ----------
    bands, points : DataFrame
        Of `forecasting.models.base.Pictured`, of one panel or more. A point may be of the further kind *change*: who gained, and
        not where things stood (`with_changes`).
    as_of : date
        What is right of it is forecast.
    width : float, default 420
        Pixels.

    Returns
    -------
    Chart
        The line is the median; the dark band holds the middle half and the pale one nine tenths of what fits. Dots are observed
        values, triangles on the line observed changes, which point to the side that gains; dashed lines are levels that a
        question asks about, dotted ones days on which something happened. Before the first observation a ribbon is paler.
    """
    panels = dict(zip(bands["panel"], bands["title"], strict=True))
    heads = {panel: wrap(f"{title}, {_unit(bands, panel)}", width, 12, bold=True) for panel, title in panels.items()}
    heights = {panel: TITLE * len(lines) + 16 + PANEL + BELOW for panel, lines in heads.items()}
    with drawing():
        canvas, top = Canvas(width, sum(heights.values())), 0.0
        for panel, lines in heads.items():
            rows, dots = bands[bands["panel"] == panel].sort_values("on"), points[points["panel"] == panel]
            canvas.lines(0, top + 12, lines, bold=True)
            sheet = _sheet(rows, dots, top + TITLE * len(lines) + 16, width - RIGHT)
            _grid(canvas, sheet)
            seen = dots[dots["kind"].isin(("observed", "change"))].dropna(subset=["value"])
            first = min(seen["on"], default=rows["on"].iloc[0])
            known = rows[rows["on"] >= first]
            known = rows if len(known) < 2 else known  # nothing to draw apart
            _before(canvas, sheet, rows[rows["on"] <= known["on"].iloc[0]])
            _ribbon(canvas, sheet, known)
            _points(canvas, sheet, dots, as_of)
            _changes(canvas, sheet, rows, dots[dots["kind"] == "change"])
            top += heights[panel]
    canvas.figure.alt = ribbon_alt(bands, points, as_of)
    return canvas.figure


def with_changes(points: pd.DataFrame, readings: pd.DataFrame) -> pd.DataFrame:
    """Return points in which an observation that a model reads as a change has the kind *change*: its size is no level."""
    changes = readings.loc[readings["reads"].astype(str).str.startswith("change:"), "claim"]
    return points.assign(kind=points["kind"].mask((points["kind"] == "observed") & points["claim"].isin(changes), "change"))


def ribbon_alt(bands: pd.DataFrame, points: pd.DataFrame, as_of: dt.date) -> str:
    """Return the message of a ribbon figure in words: the last value and the levels asked about, panel by panel."""
    told = []
    for panel, rows in bands.groupby("panel", sort=False):
        last = rows.sort_values("on").iloc[-1]
        span = f"{value_words(last.low)} to {value_words(last.high)}"
        told.append(
            f"{last.title}: {value_words(last.middle)} {last.unit} on {short_day(last.on)} (90 % interval {span}), "
            f"as of {short_day(as_of)}"
        )
        levels = points[(points["panel"] == panel) & (points["kind"] == "level")]
        told += [f"asked about: {row.label}" for row in levels.itertuples()]
    return "; ".join(told) + "."


def value_words(value: float) -> str:
    """Return a value to three digits, with thousands apart.

    Examples
    --------
    >>> value_words(2901478.0), value_words(15.75), value_words(-0.31)
    ('2,900,000', '15.8', '-0.31')
    """
    if value == 0 or not math.isfinite(value):
        return f"{value:g}"
    digits = 2 - math.floor(math.log10(abs(value)))
    rounded = round(value, digits)
    return f"{rounded:,.0f}" if digits <= 0 else f"{rounded:,.{digits}f}".rstrip("0").rstrip(".")


def _unit(bands: pd.DataFrame, panel: str) -> str:
    return str(bands.loc[bands["panel"] == panel, "unit"].iloc[0])


def _sheet(rows: pd.DataFrame, dots: pd.DataFrame, top: float, right: float) -> _Sheet:
    valued = dots[dots["kind"] != "change"].dropna(subset=["value"])
    values = [*rows["low"], *rows["high"], *valued["value"]]
    least, most = min(values), max(values)
    least = 0.0 if 0 <= least < 0.6 * most else least
    spare = 0.04 * (most - least) or 1.0
    days = [*rows["on"], *dots.dropna(subset=["value"]).loc[dots["kind"].isin(("observed", "change")), "on"]]
    return _Sheet(top, right, min(days), max(days), least if least == 0 else least - spare, most + spare)


def _grid(canvas: Canvas, sheet: _Sheet) -> None:
    span = sheet.most - sheet.least
    size = 10.0 ** math.floor(math.log10(span / 4))
    step = next(size * factor for factor in STEPS if span / (size * factor) <= 5)
    value = math.ceil(sheet.least / step) * step
    while value <= sheet.most + 1e-9 * span:
        canvas.line([LEFT, sheet.right], [sheet.y(value)] * 2, RULE, 0.8)
        canvas.text(LEFT - 6, sheet.y(value) + 4, _tick(value), size=10.5, color=MUTED, ha="right")
        value += step
    for year in range(sheet.first.year, sheet.last.year + 2):
        day = dt.date(year, 1, 1)
        if not sheet.first <= day <= sheet.last:
            continue
        canvas.line([sheet.x(day)] * 2, [sheet.top + PANEL, sheet.top + PANEL + 4], RULE, 0.8)
        if _room(sheet) or year % 2 == 0:
            canvas.text(sheet.x(day), sheet.top + PANEL + 17, str(year), size=10.5, color=MUTED, ha="center")


def _tick(value: float) -> str:
    return f"{value / 1e6:g} m" if abs(value) >= 1e6 else f"{value:,.10g}"


def _room(sheet: _Sheet) -> bool:
    """Return whether every year has room for its number."""
    years = max((sheet.last - sheet.first).days / 365.25, 1)
    return (sheet.right - LEFT) / years > text_width("2020", 10.5) + 8


def _ribbon(canvas: Canvas, sheet: _Sheet, rows: pd.DataFrame) -> None:
    for low, high, fill in (("low", "high", POSTERIOR_PALE + "80"), ("low_50", "high_50", POSTERIOR_HALF + "90")):
        up = [(sheet.x(day), sheet.y(value)) for day, value in zip(rows["on"], rows[high], strict=True)]
        down = [(sheet.x(day), sheet.y(value)) for day, value in zip(rows["on"], rows[low], strict=True)]
        canvas.area(up + down[::-1], fill)
    canvas.line([sheet.x(day) for day in rows["on"]], [sheet.y(value) for value in rows["middle"]], POSTERIOR, 2)


def _before(canvas: Canvas, sheet: _Sheet, rows: pd.DataFrame) -> None:
    """Draw a ribbon before its first observation: the outer band and the median alone, both pale."""
    up = [(sheet.x(day), sheet.y(value)) for day, value in zip(rows["on"], rows["high"], strict=True)]
    down = [(sheet.x(day), sheet.y(value)) for day, value in zip(rows["on"], rows["low"], strict=True)]
    if len(rows) > 1:
        canvas.area(up + down[::-1], POSTERIOR_PALE + "40")
        canvas.line([sheet.x(day) for day in rows["on"]], [sheet.y(value) for value in rows["middle"]], POSTERIOR_HALF, 1)


def _changes(canvas: Canvas, sheet: _Sheet, rows: pd.DataFrame, dots: pd.DataFrame) -> None:
    """Draw each change as a triangle on the line, which points to the side that gains; a dot where neither does."""
    for row in dots.dropna(subset=["value"]).itertuples():
        before = rows[rows["on"] <= row.on]
        x, y = sheet.x(row.on), sheet.y((before if len(before) else rows.iloc[:1])["middle"].iloc[-1])
        if row.value:
            canvas.triangle(x, y, INK, up=row.value > 0, told=row.label)
        else:
            canvas.dot(x, y, INK, 2.2, told=row.label)


def _points(canvas: Canvas, sheet: _Sheet, dots: pd.DataFrame, as_of: dt.date) -> None:
    if sheet.first < as_of < sheet.last:
        canvas.line([sheet.x(as_of)] * 2, [sheet.top, sheet.top + PANEL], MUTED, 1)
    for row in dots.itertuples():
        if row.kind == "day" and sheet.first <= row.on <= sheet.last:
            canvas.line([sheet.x(row.on)] * 2, [sheet.top, sheet.top + PANEL], MUTED, 1, (1.5, 2))
        if row.kind == "level":
            canvas.line([LEFT, sheet.right], [sheet.y(row.value)] * 2, PRIOR, 1.4, (5, 3))
        if row.kind == "observed" and row.value == row.value:  # one that is no point of the picture has no value
            canvas.dot(sheet.x(row.on), sheet.y(row.value), INK, 3.2, told=row.label)
