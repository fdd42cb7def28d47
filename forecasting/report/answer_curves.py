"""An answer over time, in the sense of its question: one curve, with the answer marked at every date that is asked about."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pandas as pd

from forecasting.report.canvas import BASE, MUTED, PAPER, POSTERIOR, POSTERIOR_PALE, Canvas, Chart, drawing
from forecasting.report.curves import BELOW, LEFT, PANEL, Panel, frame, label_ends, scale_of
from forecasting.report.formatting import day, interval, percent, short_day

MOST_ANSWERS = 4
READ_OFF = 2  # points of a curve, besides the answers, that tell their value


def answer_curve(
    rows: pd.DataFrame, answers: Sequence[tuple[dt.date, float]], *, title: str, falling: bool = False, may_be_void: bool = False,
    width: float = 420,
) -> Chart:  # fmt: skip
    """Draw the chance over time that an event has happened, or, ``falling``, that it has not.

    Parameters
    ----------
    rows : DataFrame
        One event's rows of a run's ``curves``: columns layer, date (`datetime.date`), p, low, high.
    answers : sequence of (date, probability)
        The answers to show on the curve, the earliest first; a question asks on these dates.
    title : str
        What the curve shows, over it.
    falling : bool, default False
        Draw 1 − P(T ≤ t), for a question that asks whether something still holds.
    may_be_void : bool, default False
        The answers are given that the question is not void; the curve is not, and both numbers are told.
    width : float, default 420
        Pixels.

    Returns
    -------
    Chart
        The line is the mean, the band its 90 % interval, the dashed line the base rate alone. Some points tell
        their exact values to a pointer.
    """
    shown = _turned(rows) if falling else rows
    top = 15.0 + 15.0 * min(len(answers), MOST_ANSWERS) + 8
    with drawing():
        canvas = Canvas(width, top + PANEL + BELOW)
        canvas.text(0, 12, title, bold=True)
        now = shown[shown["layer"] == "posterior"].sort_values("date")
        base = shown[shown["layer"] == "base"].sort_values("date")
        panel = Panel(top, width - 84, min(shown["date"]), max(shown["date"]), 1.0 if falling else scale_of(shown))
        frame(canvas, panel)
        _lines(canvas, panel, now, base)
        _answers(canvas, panel, answers, now if may_be_void else None)
        label_ends(canvas, panel, now, base, "outright" if may_be_void else "all evidence")
    canvas.figure.alt = _alt(title, answers, now, base, " if not void" if may_be_void else "")
    return canvas.figure


def _turned(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the complement of every probability; the ends of an interval change places."""
    return rows.assign(p=1 - rows["p"], low=1 - rows["high"], high=1 - rows["low"])


def _lines(canvas: Canvas, panel: Panel, now: pd.DataFrame, base: pd.DataFrame) -> None:
    up = [(panel.x(d), panel.y(p)) for d, p in zip(now["date"], now["high"], strict=True)]
    down = [(panel.x(d), panel.y(p)) for d, p in zip(now["date"], now["low"], strict=True)]
    canvas.area(up + down[::-1], POSTERIOR_PALE + "80")
    if len(base):
        canvas.line([panel.x(d) for d in base["date"]], [panel.y(p) for p in base["p"]], BASE, 1.6, (4, 2.5))
    canvas.line([panel.x(d) for d in now["date"]], [panel.y(p) for p in now["p"]], POSTERIOR, 2.4)
    for i in range(1, READ_OFF + 1):
        point = now.iloc[round(i * (len(now) - 1) / READ_OFF)]
        told = f"{short_day(point['date'])}: {percent(point['p'])} ({interval(point['low'], point['high'])})"
        canvas.dot(panel.x(point["date"]), panel.y(point["p"]), POSTERIOR, 2.6, told)


def outright(now: pd.DataFrame, when: dt.date) -> float:
    """Return the value of a curve on a day, or on the last day before."""
    return float(now[now["date"] <= when]["p"].iloc[-1])


def _answers(
    canvas: Canvas, panel: Panel, answers: Sequence[tuple[dt.date, float]], apart: pd.DataFrame | None = None
) -> None:
    """Show each answer on the curve, and name it on a line of its own above: names never meet.

    With a curve ``apart`` from the answers, its own value is told and shown besides, and the answer is a hollow square.
    """
    shown = list(answers)[-MOST_ANSWERS:]
    for i, (when, p) in enumerate(shown):
        x = panel.x(min(when, panel.last))
        y = panel.top - 8 - 15 * (len(shown) - 1 - i)
        canvas.line([x, x], [y + 3, panel.top + PANEL], MUTED, 1, (1.5, 2))
        side = "right" if x > (LEFT + panel.right) / 2 else "left"
        told = percent(p) if apart is None else f"{percent(outright(apart, when))} outright; {percent(p)} if not void"
        canvas.text(x, y, f"by {short_day(when)}: {told}", size=11, ha=side)
        if apart is None:
            canvas.dot(x, panel.y(p), POSTERIOR, 4.5)
        else:
            canvas.dot(x, panel.y(outright(apart, when)), POSTERIOR, 4.5)
            canvas.box(x - 3.5, panel.y(p) - 3.5, 7, 7, PAPER, POSTERIOR)


def _alt(title: str, answers: Sequence[tuple[dt.date, float]], now: pd.DataFrame, base: pd.DataFrame, given: str) -> str:
    last = now.iloc[-1]
    said = "; ".join(f"{percent(p)}{given} by {day(when)}" for when, p in answers)
    ends = f"{percent(last['p'])} by {day(last['date'])}, 90 % interval {interval(last['low'], last['high'])}"
    against = f", against {percent(base.iloc[-1]['p'])} from the base rate alone" if len(base) else ""
    return f"{title}, over time. {said + '. ' if said else ''}At its end: {ends}{against}."
