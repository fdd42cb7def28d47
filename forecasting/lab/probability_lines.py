"""Points on a line of probability: what moved a number, what rival classes give, what was said and what happened."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from forecasting.report.canvas import (
    BAND,
    BASE,
    MUTED,
    PAPER,
    POSTERIOR,
    POSTERIOR_PALE,
    PRIOR,
    RULE,
    Canvas,
    Chart,
    drawing,
    text_width,
    wrap,
)
from forecasting.report.formatting import percent, points

WIDTH, LINE = 820.0, 15.0
OUTCOME = "#1a7f37"
TICKS = (0, 0.2, 0.4, 0.6, 0.8, 1)


@dataclass(frozen=True)
class Move:
    """How far one claim moved a probability; ``note`` says whose it is, ``warning`` what the gate found, if it did not pass."""

    label: str
    note: str
    change: float
    warning: str = ""


class Moves(list[Move]):
    """The moves of an answer, the largest first, with what the gate found of the run, which holds where there is none too."""

    def __init__(self, moves: Iterable[Move] = (), warning: str = "") -> None:
        super().__init__(moves)
        self.warning = warning


def warnings_of(moves: Sequence[Move]) -> list[str]:
    """Return what the gate found of some moves, and of the run in which there are none."""
    return [getattr(moves, "warning", ""), *(move.warning for move in moves)]


def influence_figure(moves: Sequence[Move], *, what: str, width: float = WIDTH) -> Chart:
    """Draw how many percentage points each claim moved a probability.

    Parameters
    ----------
    moves : sequence of Move
        Where there are none, the figure says so.
    what : str
        The probability that is moved, for the message.
    width : float, default 820
        Pixels.

    Returns
    -------
    Chart
        Bars to the left took probability away, bars to the right added some. What did not pass the gate is said above them.
    """
    text = 0.54 * width
    warnings, marks = _marks(warnings_of(moves), width)
    labels = [wrap(move.label, text, 12, most=3) for move in moves]
    heights = [LINE * len(lines) + 30 for lines in labels]
    widest = max((text_width(points(move.change), 12, bold=True) for move in moves), default=0.0)
    zero, room = text + (width - text) / 2 + 10, (width - text) / 2 - 18 - widest
    largest = max((abs(move.change) for move in moves), default=0.0)
    with drawing():
        top = LINE * len(marks)
        canvas, y = Canvas(width, top + sum(heights or [20.0]) + 28), top + 28.0
        canvas.lines(0, 12, marks, bold=True)
        if not moves:
            canvas.text(0, 40, "Nothing moves it by more than chance could.", color=MUTED)
        canvas.text(zero - 8, top + 12, "← less likely", size=10.5, color=MUTED, ha="right")
        canvas.text(zero + 8, top + 12, "more likely →", size=10.5, color=MUTED)
        for move, lines, height in zip(moves, labels, heights, strict=True):
            canvas.lines(0, y + 12, lines)
            canvas.text(0, y + 11 + LINE * len(lines), move.note, size=10.5, color=MUTED)
            end, middle = zero + move.change / largest * room, y + height / 2 - 6
            canvas.box(min(zero, end), middle - 8, max(abs(end - zero), 1), 16, POSTERIOR if move.change > 0 else PRIOR)
            ha, x = ("left", end + 6) if move.change > 0 else ("right", end - 6)
            canvas.text(x, middle + 4, points(move.change), bold=True, ha=ha)
            y += height
        canvas.line([zero, zero], [top + 20, y], RULE, 1)
    listed = "; ".join(f"{move.label.rstrip('.')} ({move.note}) {points(move.change)}" for move in moves)
    found = f"What moved {what} most, in percentage points: {listed or 'nothing, by more than chance could'}."
    canvas.figure.alt = ". ".join([*warnings, found])
    return canvas.figure


def _marks(found: Sequence[str], width: float) -> tuple[list[str], list[str]]:
    """Return what the gate found of numbers that did not pass it, once each, and the same in lines."""
    warnings = list(filter(None, dict.fromkeys(found)))
    return warnings, [line for words in warnings for line in wrap(words, width, 12, most=len(words), bold=True)]


@dataclass(frozen=True)
class Rival:
    """What a reference class gives alone, with its 90 % interval, and the answer with all evidence.

    ``bound`` is *ceiling* or *floor* of a class that can only be too high or too low for the event.
    """

    label: str
    note: str
    chosen: bool
    base_p: float
    low: float
    high: float
    p: float
    bound: str = ""
    warning: str = ""  # what the gate found, if the answer did not pass


def rivals_figure(rivals: Sequence[Rival], *, what: str, width: float = WIDTH) -> Chart:
    """Draw what each reference class gives alone (grey) and with all evidence (blue).

    Parameters
    ----------
    rivals : sequence of Rival
    what : str
        Whose probability it is, for axis and message.
    width : float, default 820
        Pixels.

    Returns
    -------
    Chart
        The chosen class is in bold. Where the blue dots lie close together, the choice of class decides little.
    """
    warnings, marks = _marks([rival.warning for rival in rivals], width)
    left, right, top = 270.0, width - 60.0, 26.0
    labels = [wrap(rival.label, left - 12, most=2, bold=rival.chosen) for rival in rivals]
    row = 31.0 + 15 * max(map(len, labels), default=1)
    bottom, named = top + row * len(rivals), wrap(what, width - left, 10.5, most=2)
    with drawing():
        canvas = Canvas(width, bottom + 27 + 13 * len(named) + LINE * len(marks))
        canvas.lines(0, bottom + 39 + 13 * len(named), marks, bold=True)
        canvas.dot(left + 5, 8, BASE)
        canvas.text(left + 15, 12, "class alone, with its 90 % interval", size=11, color=MUTED)
        canvas.dot(left + 255, 8, POSTERIOR)
        canvas.text(left + 265, 12, "with all evidence", size=11, color=MUTED)
        _axis(canvas, left, right, top, bottom)
        for i, line in enumerate(named):
            canvas.text((left + width) / 2, bottom + 33 + 13 * i, line, size=10.5, color=MUTED, ha="center")
        for i, (rival, label) in enumerate(zip(rivals, labels, strict=True)):
            y = top + row * (i + 0.5)
            first = y - 1 - 7.5 * (len(label) - 1)
            canvas.lines(0, first, label, bold=rival.chosen)
            canvas.text(0, first + 15 * len(label), rival.note, size=10.5, color=MUTED)
            low, high, base, p = (left + v * (right - left) for v in (rival.low, rival.high, rival.base_p, rival.p))
            canvas.line([low, high], [y + 3] * 2, RULE, 5)
            canvas.dot(base, y + 3, BASE)
            canvas.dot(p, y + 3, POSTERIOR, 6)
            canvas.text(width, y + 7, percent(rival.p), color=POSTERIOR, bold=True, ha="right")
    canvas.figure.alt = ". ".join([*warnings, f"{what}, by reference class: {'; '.join(_said(rival) for rival in rivals)}."])
    return canvas.figure


def _said(rival: Rival) -> str:
    name = f"{rival.label} (chosen)" if rival.chosen else rival.label
    return f"{name} {percent(rival.base_p)} alone and {percent(rival.p)} with all evidence"


def _axis(canvas: Canvas, left: float, right: float, top: float, bottom: float) -> None:
    for tick in TICKS:
        x = left + tick * (right - left)
        canvas.line([x, x], [top, bottom], RULE, 0.8)
        canvas.text(x, bottom + 15, f"{100 * tick:.0f} %", size=10.5, color=MUTED, ha="center")


def scores_figure(table: pd.DataFrame, width: float = WIDTH) -> Chart:
    """Draw forecasts beside what happened.

    Parameters
    ----------
    table : DataFrame
        From `forecasting.lab.outcomes.outcome_table`, rows in the order to draw; those still open are drawn as such.
    width : float, default 820
        Pixels.

    Returns
    -------
    Chart
        Blue dot: the forecast with its 90 % interval; hollow tick: the base rate alone; green square: what happened.
        The shorter the line from dot to square, the better the forecast. What did not pass the gate is said below.
    """
    left, right, top = 330.0, width - 88.0, 28.0
    warnings, marks = _marks(list(table["gate"]) if "gate" in table else [], width)
    labels = [wrap(title, left - 22, 12, most=3) for title in table["title"]]
    heights = [LINE * len(lines) + 13 for lines in labels]
    with drawing():
        canvas, y = Canvas(width, top + sum(heights) + 22 + LINE * len(marks)), top
        canvas.lines(0, top + sum(heights) + 34, marks, bold=True)
        _score_key(canvas, left)
        _axis(canvas, left, right, top, top + sum(heights))
        for row, lines, height in zip(table.itertuples(), labels, heights, strict=True):
            middle = y + height / 2
            canvas.lines(0, middle - LINE * len(lines) / 2 + 11, lines)
            _score_row(canvas, row, middle, left, right)
            y += height
    settled = table.dropna(subset=["happened"])
    told = "; ".join(f"“{r.title}” {percent(r.p)}, {'yes' if r.happened else 'no'}" for r in settled.itertuples())
    of = f"{len(settled)} settled questions, each with what happened: {told}" if told else f"{len(table)} questions, none settled"
    canvas.figure.alt = ". ".join([*warnings, f"Forecasts of {of}."])
    return canvas.figure


def _score_key(canvas: Canvas, left: float) -> None:
    canvas.dot(left + 5, 8, POSTERIOR)
    canvas.text(left + 15, 12, "forecast, 90 % interval", size=11, color=MUTED)
    canvas.box(left + 180, 1, 4, 14, PAPER, BASE)
    canvas.text(left + 191, 12, "base rate alone", size=11, color=MUTED)
    canvas.box(left + 308, 3, 10, 10, OUTCOME)
    canvas.text(left + 324, 12, "what happened", size=11, color=MUTED)


def _score_row(canvas: Canvas, row: Any, y: float, left: float, right: float) -> None:
    low, high, p, base, end = (left + v * (right - left) for v in (row.low, row.high, row.p, row.base_p, row.happened))
    canvas.line([left, right], [y, y], BAND, 1)
    canvas.line([low, max(high, low + 1)], [y, y], POSTERIOR_PALE, 6)
    if not np.isnan(end):
        canvas.line([p, end], [y, y], OUTCOME, 1.4)
        canvas.box(end - 5, y - 5, 10, 10, OUTCOME)
    canvas.box(base - 2, y - 8, 4, 16, PAPER, BASE)
    canvas.dot(p, y, POSTERIOR)
    word = "not settled" if np.isnan(end) else "yes" if row.happened else "no"
    canvas.text(right + 16, y + 4, word, size=11, bold=not np.isnan(end), color=MUTED if np.isnan(end) else OUTCOME)
