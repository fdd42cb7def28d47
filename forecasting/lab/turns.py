"""When the upper hand turned: a bar for every month, as likely as that month is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

import numpy as np

from forecasting.report.canvas import MUTED, POSTERIOR, RULE, Canvas, Chart, drawing, text_width, wrap
from forecasting.report.formatting import percent, short_day, short_month

LEFT, RIGHT, HEIGHT, ROW = 48.0, 20.0, 150.0, 15.0
SCALES = (0.05, 0.1, 0.2, 0.5, 1.0)
NAMED, LEAST = 3, 0.05  # months that get a label, and how likely they are at least


def turn_figure(
    months: Sequence[dt.date], p: np.ndarray, marked: Mapping[dt.date, str], *, what: str, width: float = 640
) -> Chart:
    """Draw how likely each month is to be the one in which something turned.

    Parameters
    ----------
    months : sequence of date
        First days of the months, in order.
    p : (month,) array
        Their probabilities; what is missing to one is that it did not turn.
    marked : mapping of date to str
        Days that get a dotted line, and what they are called in the message.
    what : str
        What turned, for heading and message.

    Returns
    -------
    Chart
        The likeliest months are named above their bars.
    """
    most = next(scale for scale in SCALES if p.max() <= 0.92 * scale or scale == 1.0)
    head = wrap(what, width, 12, bold=True)
    top = ROW * len(head) + 44
    with drawing():
        canvas = Canvas(width, top + HEIGHT + 26)
        canvas.lines(0, 12, head, bold=True)
        step = (width - LEFT - RIGHT) / len(months)
        for share in (0, 0.5, 1):
            y = top + HEIGHT * (1 - share)
            canvas.line([LEFT, width - RIGHT], [y, y], RULE, 0.8)
            canvas.text(LEFT - 6, y + 4, f"{100 * share * most:g} %", size=10.5, color=MUTED, ha="right")
        for i, month in enumerate(months):
            if month.month == 1:
                canvas.line([LEFT + i * step] * 2, [top + HEIGHT, top + HEIGHT + 4], RULE, 0.8)
                if i + 12 <= len(months) or text_width("2020", 10.5) < step * (len(months) - i):
                    canvas.text(LEFT + i * step, top + HEIGHT + 17, f"{month:%Y}", size=10.5, color=MUTED, ha="center")
            height = HEIGHT * float(p[i]) / most
            canvas.box(LEFT + i * step + 0.1 * step, top + HEIGHT - height, 0.8 * step, height, POSTERIOR)
        for day in marked:
            x = LEFT + step * (12 * (day.year - months[0].year) + day.month - months[0].month + (day.day - 1) / 31)
            canvas.line([x, x], [top - 8, top + HEIGHT], MUTED, 1, (1.5, 2))
            ha, at = ("right", min(x + 30, width - 2)) if x > width - 80 else ("center", x)
            canvas.text(at, top - 12, short_day(day), size=10.5, color=MUTED, ha=ha)
        _name(canvas, months, p, (top, most, step, width))
    told = ", ".join(f"{short_month(months[i])} {percent(float(p[i]))}" for i in _likeliest(p))
    days = "; ".join(f"{short_day(day)}, {name}" for day, name in marked.items())
    canvas.figure.alt = f"{what}. The likeliest months: {told}. Marked: {days or 'no day'}."
    return canvas.figure


def _likeliest(p: np.ndarray) -> list[int]:
    return [int(i) for i in np.argsort(-p, kind="stable")[:NAMED] if p[i] > 0]


def _name(canvas: Canvas, months: Sequence[dt.date], p: np.ndarray, sheet: tuple[float, float, float, float]) -> None:
    """Write the likeliest months above their bars, leaving out what would lie on another label."""
    top, most, step, width = sheet
    taken: list[tuple[float, float, float]] = []
    for i in [i for i in _likeliest(p) if p[i] >= LEAST]:
        text = f"{short_month(months[i])}: {percent(float(p[i]))}"
        half = text_width(text, 11, bold=True) / 2
        x = min(max(LEFT + (i + 0.5) * step, LEFT + half), width - half - 2)
        y = top + HEIGHT * (1 - float(p[i]) / most) - 6
        if all(abs(x - other) >= half + wide + 6 or abs(y - height) >= 15 for other, wide, height in taken):
            canvas.text(x, y, text, size=11, bold=True, ha="center")
            taken.append((x, half, y))
