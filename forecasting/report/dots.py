"""A dot with its interval for every row: how the probabilities of questions and outcomes are drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from forecasting.forecasts import LADDER, Outcome
from forecasting.report.canvas import (
    BAND,
    BASE,
    MUTED,
    PAPER,
    POSTERIOR,
    POSTERIOR_HALF,
    POSTERIOR_PALE,
    RULE,
    Canvas,
    Chart,
    drawing,
    wrap,
)

PHONE, ROW_LINE, PAD = 600.0, 15.0, 9.0


@dataclass(frozen=True)
class Row:
    """One line of a dot-and-interval picture, or a heading (``outcome`` is None)."""

    label: str
    outcome: Outcome | None = None


@dataclass(frozen=True)
class _Sheet:
    """Where things go: the scale of probability runs from ``left`` to ``right``, labels start at x = 0."""

    width: float

    @property
    def phone(self) -> bool:
        """Whether labels stand above their bars instead of beside them."""
        return self.width < PHONE

    @property
    def left(self) -> float:
        """Pixel of 0 %."""
        return 6.0 if self.phone else round(0.37 * self.width)

    @property
    def right(self) -> float:
        """Pixel of 100 %."""
        return self.width - (6.0 if self.phone else 58.0)

    def x(self, p: float) -> float:
        """Return the pixel of a probability."""
        return self.left + p * (self.right - self.left)

    def lines(self, row: Row) -> list[str]:
        """Return the label of a row, broken into lines."""
        room = self.width - 56 if self.phone else self.left - 18
        return wrap(row.label, room, 12)

    def height(self, row: Row) -> float:
        """Return the height of a row."""
        text = ROW_LINE * len(self.lines(row))
        if row.outcome is None:
            return text + 2 * PAD
        return text + (26 if self.phone else PAD)


def draw_rows(rows: Sequence[Row], width: float, alt: str) -> Chart:
    """Draw rows from top to bottom on the bands of ICD 203."""
    sheet = _Sheet(width)
    head = 66.0
    body = sum(sheet.height(row) for row in rows)
    with drawing():
        canvas = Canvas(width, head + body + 22)
        _key(canvas, sheet)
        _bands(canvas, sheet, head, body)
        y = head
        for row in rows:
            _row(canvas, sheet, row, y)
            y += sheet.height(row)
    canvas.figure.alt = alt
    return canvas.figure


def _key(canvas: Canvas, sheet: _Sheet) -> None:
    """Draw what the signs mean, in one line on top."""
    x, y = sheet.left if not sheet.phone else 6.0, 12.0
    canvas.dot(x + 5, y - 4, POSTERIOR)
    canvas.text(x + 15, y, "probability", size=11, color=MUTED)
    canvas.box(x + 98, y - 7, 22, 6, POSTERIOR_PALE)
    canvas.box(x + 104, y - 7, 10, 6, POSTERIOR_HALF)
    canvas.text(x + 126, y, "50, 90 % interval", size=11, color=MUTED)
    canvas.box(x + 230, y - 11, 4, 14, PAPER, BASE)
    canvas.text(x + 241, y, "base rate alone", size=11, color=MUTED)


def _bands(canvas: Canvas, sheet: _Sheet, top: float, height: float) -> None:
    """Draw the bands of ICD 203 with their words on top and their edges below."""
    lower = 0.0
    for i, (upper, words) in enumerate(LADDER):
        left, right = sheet.x(lower), sheet.x(upper)
        if i % 2 == 0:
            canvas.box(left, top, right - left, height, BAND)
        outer = i % 3 == 0
        x, ha = {0: (sheet.left, "left"), 6: (sheet.right, "right")}.get(i, ((left + right) / 2, "center"))
        canvas.text(x, top - (24 if outer else 8), words, size=10.5, color=MUTED, ha=ha)
        if outer:
            canvas.line([(left + right) / 2] * 2, [top - 20, top], RULE)
        if upper < 1:
            canvas.text(right, top + height + 14, f"{100 * upper:.0f} %", size=10, color=MUTED, ha="center")
        lower = upper


def _row(canvas: Canvas, sheet: _Sheet, row: Row, y: float) -> None:
    lines = sheet.lines(row)
    if row.outcome is None:
        canvas.line([0, sheet.width], [y + PAD - 4] * 2, RULE)
        canvas.lines(0 if not sheet.phone else 6, y + PAD + 11, lines, bold=True)
        return
    if sheet.phone:
        canvas.lines(6, y + 11, lines)
        canvas.text(sheet.right, y + 11, row.outcome.percent, bold=True, color=POSTERIOR, ha="right")
        middle = y + ROW_LINE * len(lines) + 8
    else:
        middle = y + (ROW_LINE * len(lines) + PAD) / 2
        canvas.lines(0, middle - ROW_LINE * len(lines) / 2 + 11, lines)
        canvas.text(sheet.width, middle + 4, row.outcome.percent, bold=True, color=POSTERIOR, ha="right")
    _mark(canvas, sheet, row.outcome, middle)


def _mark(canvas: Canvas, sheet: _Sheet, outcome: Outcome, y: float) -> None:
    """Draw the interval, the hollow tick of the base rate and the dot of one outcome."""
    low, high = sheet.x(outcome.low), sheet.x(outcome.high)
    canvas.line([sheet.left, sheet.right], [y, y], RULE, 0.6)
    canvas.line([low, max(high, low + 1)], [y, y], POSTERIOR_PALE, 6)
    canvas.line([sheet.x(outcome.low_50), max(sheet.x(outcome.high_50), sheet.x(outcome.low_50) + 1)], [y, y], POSTERIOR_HALF, 6)
    canvas.box(sheet.x(outcome.base_p) - 2, y - 8, 4, 16, PAPER, BASE)
    canvas.dot(sheet.x(outcome.p), y, POSTERIOR)
