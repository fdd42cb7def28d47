"""How an answer came from one edition to the next: a bar for every part of the change, from the old answer to the new."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from forecasting.inference.noticeable import noticeable
from forecasting.report.canvas import MUTED, PAPER, POSTERIOR, RULE, Canvas, Chart, drawing, wrap
from forecasting.report.change_parts import PARTS, part_title
from forecasting.report.formatting import percent, points, short_day, visible

WIDTH, LEFT, RIGHT, TOP, ROW = 420.0, 128.0, 52.0, 20.0, 32.0


def shown_parts(rows: Sequence[Mapping]) -> list[tuple[str, float]]:
    """Return the parts of one outcome that can be seen, with their changes, in reading order."""
    return [(str(row["part"]), float(row["change"])) for row in rows if noticeable(float(row["change"]))]


def waterfall_figure(
    rows: Sequence[Mapping], after: float, before_name: str | dt.date, after_name: str | dt.date, width: float = WIDTH
) -> Chart:
    """Draw the way from an earlier answer to a later one, part by part.

    Parameters
    ----------
    rows : sequence of mappings
        Rows of a run's ``changes`` table for one outcome: part, change.
    after : float
        The later probability; the earlier one is what the changes leave of it.
    before_name, after_name : str or date
        What stands beside the two dots.
    width : float, default 420
        Pixels.

    Returns
    -------
    Chart
        The hollow dot is the earlier answer, the full one the later. Each bar begins where the one above ends: filled
        where the part raised the probability, hollow where it lowered it. Parts below 0.05 points are left out.
    """
    before = after - sum(float(row["change"]) for row in rows)
    parts = shown_parts(rows)
    scale = width - LEFT - RIGHT
    bottom = TOP + ROW * (len(parts) + 2)
    with drawing():
        canvas = Canvas(width, bottom + 20)
        canvas.text(0, 12, "What changed the answer", bold=True)
        for tick in (0, 0.25, 0.5, 0.75, 1):
            x = LEFT + tick * scale
            canvas.line([x, x], [TOP, bottom], RULE, 0.8)
            canvas.text(x, bottom + 14, f"{100 * tick:.0f} %", size=10.5, color=MUTED, ha="center")
        at, y = before, TOP + ROW / 2
        _end(canvas, before_name, before, y, LEFT + before * scale, width, now=False)
        for part, change in parts:
            low, high = LEFT + min(at, at + change) * scale, LEFT + max(at, at + change) * scale
            canvas.line([LEFT + at * scale] * 2, [y + 6, y + ROW], MUTED, 0.8)
            y += ROW
            canvas.text(0, y - 1, part_title(part))
            canvas.text(0, y + 12, PARTS[part][1] if part in PARTS else "", size=10.5, color=MUTED)
            canvas.box(low, y - 7, max(high - low, 1.5), 14, MUTED if change > 0 else PAPER, MUTED)
            canvas.text(width, y + 4, points(change), ha="right")
            at += change
        canvas.line([LEFT + at * scale] * 2, [y + 6, y + ROW], MUTED, 0.8)
        _end(canvas, after_name, after, y + ROW, LEFT + after * scale, width, now=True)
    canvas.figure.alt = waterfall_alt(rows, after, before_name, after_name)
    return canvas.figure


def _end(canvas: Canvas, name: str | dt.date, p: float, y: float, x: float, width: float, *, now: bool) -> None:
    color = POSTERIOR if now else MUTED
    for i, line in enumerate(wrap(_label(name), LEFT - 8, 12, most=2, bold=True)):
        canvas.text(0, y + 4 + 13 * i, line, bold=True, color=color)
    canvas.dot(x, y, color, 5.5)
    if not now:
        canvas.dot(x, y, PAPER, 3.2)
    canvas.text(width, y + 4, percent(p), bold=True, color=color, ha="right")


def _label(name: str | dt.date) -> str:
    return short_day(name) if isinstance(name, dt.date) else name


def waterfall_alt(rows: Sequence[Mapping], after: float, before_name: str | dt.date, after_name: str | dt.date) -> str:
    """Return the message of `waterfall_figure`.

    Examples
    --------
    >>> rows = [{"part": "time", "change": -0.1}, {"part": "news", "change": 0.25}]
    >>> waterfall_alt(rows, 0.65, "then", "now")
    'From 50 % (then) to 65 % (now): time passing −10.0 points, news +25.0 points.'
    """
    before = after - sum(float(row["change"]) for row in rows)
    parts = ", ".join(f"{part_title(part).lower()} {points(change)} points" for part, change in shown_parts(rows))
    ends = f"From {percent(before)} ({_label(before_name)}) to {percent(after)} ({_label(after_name)})"
    return visible(f"{ends}: {parts or 'nothing moved it'}.")
