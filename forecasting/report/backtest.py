"""The curve of an answer through time: what refits said of a question, day by day, with what happened marked on it."""

from __future__ import annotations

import datetime as dt
import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from forecasting.backtest.points import Point, Said
from forecasting.backtest.scores import Came
from forecasting.dossier.edition import Dossier
from forecasting.dossier.events import HistoryRow
from forecasting.dossier.forms.base import VOID
from forecasting.dossier.questions import Question
from forecasting.report.canvas import (
    MUTED,
    POSTERIOR,
    POSTERIOR_HALF,
    POSTERIOR_PALE,
    PRIOR,
    RULE,
    Canvas,
    Chart,
    drawing,
    wrap,
)  # fmt: skip
from forecasting.report.formatting import day, number, percent, short_day, visible
from forecasting.report.svg import inline_svg

WIDTH, LEFT, LABELS, PANEL, HEAD, BELOW = 640.0, 44.0, 92.0, 104.0, 16.0, 44.0
APART = 14.0  # pixels between two labels, one below the other
SETTLES, SIGN = "#9c1c1c", "#57606a"  # what settles an event, and what is only a sign or a survival


@dataclass(frozen=True)
class _Panel:
    """One outcome's rectangle of time and probability on the sheet."""

    top: float
    first: dt.date
    last: dt.date

    def x(self, on: dt.date) -> float:
        """Return the pixel of a day."""
        share = (on - self.first).days / max((self.last - self.first).days, 1)
        return LEFT + min(max(share, 0.0), 1.0) * (WIDTH - LABELS - LEFT)

    def y(self, p: float) -> float:
        """Return the pixel of a probability."""
        return self.top + PANEL * (1 - p)


def curve_of(points: Sequence[Point], question: Question, dossier: Dossier, came: Came | None) -> tuple[Chart, Markup]:
    """Return the figure of a question, and the same as markup in which every symbol says what it is about when pointed at.

    Parameters
    ----------
    points : sequence of Point
        Of one variant. What did not pass the gate is a cross on the axis, and no part of the curve.
    came : Came, optional
        The outcome, if it is known.

    Returns
    -------
    Chart, Markup
        The line is the probability, the bands its 50 and 90 % intervals; symbols below are rows of the history about its events.
    """
    ordered = sorted(points, key=lambda point: point.as_of)
    shown = [point for point in ordered if point.scored and question.id in point.answers]
    names = [name for name in (shown[0].answers[question.id] if shown else {"yes": None}) if name != VOID]
    first, last = ordered[0].as_of, min(question.deadline, came.on if came else question.deadline)
    last = max(last, *(point.as_of for point in shown)) if shown else max(last, ordered[-1].as_of)
    rows = [row for row in dossier.history if row.event in question.events() and first <= row.on <= last]
    titles = outcome_names(question, dossier)
    heads = [[] if name == "yes" else wrap(visible(titles.get(name, name)), WIDTH - LABELS, 11.5) for name in names]
    heights = [14 + HEAD * len(lines) + PANEL + BELOW for lines in heads]
    marks: list[str] = []
    with drawing():
        canvas, top = Canvas(WIDTH, sum(heights)), 0.0
        for name, lines, height in zip(names, heads, heights, strict=True):
            canvas.lines(LEFT, top + 12, lines)
            panel = _Panel(top + 14 + HEAD * len(lines), first, last)
            _frame(canvas, panel)
            _bands(canvas, panel, [(point.as_of, point.answers[question.id][name]) for point in shown])
            _blocked(canvas, panel, [point for point in ordered if not point.scored])
            marks += [_mark(panel, row, dossier) for row in rows]
            if came:
                _outcome(canvas, panel, came, name)
            _labels(canvas, panel, shown[-1].answers[question.id][name].p if shown else None, came, name)
            top += height
    canvas.figure.alt = curve_alt(question, shown, came, len(rows), titles)
    return canvas.figure, _with_marks(inline_svg(canvas.figure, "backtest"), marks)


def _frame(canvas: Canvas, panel: _Panel) -> None:
    for p in (0.0, 0.5, 1.0):
        canvas.line([LEFT, WIDTH - LABELS], [panel.y(p)] * 2, RULE, 0.8)
        canvas.text(LEFT - 6, panel.y(p) + 4, f"{100 * p:.0f} %", size=10.5, color=MUTED, ha="right")
    for on, ha in ((panel.first, "left"), (panel.last, "right")):
        canvas.text(panel.x(on), panel.top + PANEL + 34, short_day(on), size=10.5, color=MUTED, ha=ha)


def _bands(canvas: Canvas, panel: _Panel, said: Sequence[tuple[dt.date, Said]]) -> None:
    """Draw the intervals, the line, a dot for each refit and the last number."""
    if not said:
        canvas.text(LEFT + 8, panel.y(0.5) - 6, "no refit that passed the gate", size=11, color=MUTED)
        return
    xs = [panel.x(on) for on, _ in said]
    for low, high, fill in (("low", "high", POSTERIOR_PALE + "80"), ("low_50", "high_50", POSTERIOR_HALF + "80")):
        up = [(x, panel.y(getattr(one, high))) for x, (_, one) in zip(xs, said, strict=True)]
        down = [(x, panel.y(getattr(one, low))) for x, (_, one) in zip(xs, said, strict=True)]
        canvas.area(up + down[::-1], fill)
        if len(said) == 1:
            canvas.line(xs * 2, [panel.y(getattr(said[0][1], low)), panel.y(getattr(said[0][1], high))], fill[:7], 3)
    ys = [panel.y(one.p) for _, one in said]
    canvas.line(xs, ys, POSTERIOR, 2.2)
    for x, y in zip(xs, ys, strict=True):
        canvas.dot(x, y, POSTERIOR, 3)


def _blocked(canvas: Canvas, panel: _Panel, points: Sequence[Point]) -> None:
    for point in points:
        x, y = panel.x(point.as_of), panel.y(0)
        for sign in (-1, 1):
            canvas.line([x - 4, x + 4], [y - 4 * sign, y + 4 * sign], PRIOR, 1.6)


def _outcome(canvas: Canvas, panel: _Panel, came: Came, name: str) -> None:
    """Show on which side the outcome came down, on its day."""
    happened = came.outcome == name
    x, y = panel.x(came.on), panel.y(1.0 if happened else 0.0)
    canvas.line([x, x], [panel.y(1), panel.y(0)], SETTLES, 1, (2, 2))
    canvas.dot(x, y, SETTLES, 5)


def _labels(canvas: Canvas, panel: _Panel, p: float | None, came: Came | None, name: str) -> None:
    """Write the last number and what came to the right of the axis, the one below the other where they would touch."""
    beside, settled = WIDTH - LABELS + 8, panel.y(1.0 if came and came.outcome == name else 0.0) + 4
    if came:
        canvas.text(beside, settled, "came" if came.outcome == name else "did not come", size=10.5, color=SETTLES)
    if p is not None:
        height = panel.y(p) + 4
        if came and abs(height - settled) < APART:
            height = settled + (APART if came.outcome == name else -APART)
        canvas.text(beside, height, f"{number(p)} %", size=11, color=POSTERIOR, bold=True)


def _mark(panel: _Panel, row: HistoryRow, dossier: Dossier) -> str:
    """Return the symbol of a row of the history below the axis: what happened is a filled triangle, all else a tick."""
    x, y = panel.x(row.on), panel.top + PANEL + 6
    words = {"occurred": "happened", "survived": "had not happened", "signal": "a sign"}[row.what]
    note = f": {row.note}" if row.note else ""
    said = escape(visible(f"{day(row.on)}, {dossier.events[row.event].title} – {words}{note}"))
    if row.what == "occurred":
        shape = f'<path d="M{x:.1f} {y - 2:.1f}l6 10h-12z" fill="{SETTLES}"/>'
    else:
        dashes = ' stroke-dasharray="2 2"' if row.what == "signal" else ""
        shape = f'<path d="M{x:.1f} {y:.1f}v9" stroke="{SIGN}" stroke-width="3"{dashes}/>'
    return f"<g><title>{said}</title>{shape}</g>"


def _with_marks(markup: Markup, marks: Sequence[str]) -> Markup:
    """Return a figure with symbols on top of it; each is held to be whole XML."""
    for mark in marks:
        ET.fromstring(mark)
    return Markup(str(markup).removesuffix("</svg>") + "".join(marks) + "</svg>")


def outcome_names(question: Question, dossier: Dossier) -> dict[str, str]:
    """Return what to call each outcome: its title, that of its event, or *yes* and *no* as they are."""
    events = {name: question.form.called(name, dossier.events[name].title) for name in question.events()}
    return {**(events if question.stages or question.first_of else {}), **question.form.titles()}


def curve_alt(
    question: Question, shown: Sequence[Point], came: Came | None, n_rows: int, titles: Mapping[str, str]
) -> str:
    """Return the message of the figure in words."""
    if not shown:
        return visible(f"{question.title} No refit passed the gate.")
    first, last = (point.answers[question.id] for point in (shown[0], shown[-1]))
    names, begin, close = {**titles, "yes": ""}, day(shown[0].as_of), day(shown[-1].as_of)
    moves = "; ".join(
        f"{names.get(name, name)} {percent(first[name].p)} on {begin}, {percent(last[name].p)} on {close}".strip()
        for name in first if name in last and name != VOID
    )  # fmt: skip
    end = f" It was settled on {day(came.on)}: {titles.get(came.outcome, came.outcome)}." if came else " It is not settled."
    return visible(f"{question.title} {moves}.{end} {n_rows} rows of the history are marked.")
