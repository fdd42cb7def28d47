"""A dot with its interval for every row: how the probabilities of questions and outcomes are drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from forecasting.forecasts import Outcome
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
    text_width,
    wrap,
)
from forecasting.report.formatting import weighs
from forecasting.standards.scale import Segment, Standard
from forecasting.standards.tables import DEFAULT, standard

PHONE, ROW_LINE, PAD = 600.0, 15.0, 9.0
WORDS, LEVEL, GAP = 10.5, 16.0, 6.0  # size of the words over the bands, height of a line of them, space between two


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
    """Draw rows from top to bottom on the bands of the standard in whose words they are said."""
    sheet = _Sheet(width)
    scale = standard(next((row.outcome.standard for row in rows if row.outcome), DEFAULT))
    labels = _placed(scale, sheet)
    head = 34.0 + LEVEL * max(label.level + 1 for label in labels)
    body = sum(sheet.height(row) for row in rows)
    with drawing():
        canvas = Canvas(width, head + body + 22)
        _key(canvas, sheet)
        _bands(canvas, sheet, labels, scale, head, body)
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


@dataclass(frozen=True)
class _Label:
    """A word over its band: how wide it is, where its middle lies, and how many lines above the bands it stands."""

    segment: Segment
    x: float
    level: int

    def over(self, x: float) -> bool:
        """Return whether a line at ``x`` would cross the word."""
        return abs(x - self.x) < text_width(self.segment.words, WORDS) / 2 + 2


def _placed(scale: Standard, sheet: _Sheet) -> list[_Label]:
    """Return the words of a standard over their bands, each as low as it goes without touching another one."""
    found: list[_Label] = []
    ends: list[float] = []  # where the last word of each line ends
    told = [segment for segment in scale.segments if segment.words]
    for segment in sorted(told, key=lambda segment: segment.low):
        half = text_width(segment.words, WORDS) / 2
        x = min(max((sheet.x(segment.low) + sheet.x(segment.high)) / 2, sheet.left + half), sheet.right - half)
        level = next((i for i, end in enumerate(ends) if x - half > end + GAP), len(ends))
        ends[level : level + 1] = [x + half]
        found.append(_Label(segment, x, level))
    return found


def _bands(canvas: Canvas, sheet: _Sheet, labels: Sequence[_Label], scale: Standard, top: float, height: float) -> None:
    """Draw the bands of a standard with their words on top and their edges below; a gap that it leaves stays white."""
    gaps = any(not segment.words for segment in scale.segments)
    inset = 0.75 if gaps else 0.0  # every band is tinted then, also two that touch
    for i, label in enumerate(labels):
        left, right = sheet.x(label.segment.low), sheet.x(label.segment.high)
        if gaps or i % 2 == 0:
            canvas.box(left + inset, top, right - left - 2 * inset, height, BAND)
        canvas.text(label.x, top - 8 - LEVEL * label.level, label.segment.words, size=WORDS, color=MUTED, ha="center")
        middle = (left + right) / 2
        if label.level and not any(other.over(middle) for other in labels if other.level < label.level):
            canvas.line([middle] * 2, [top - 4 - LEVEL * label.level, top], RULE)
    last = -GAP
    for edge in sorted({segment.high for segment in scale.segments if segment.high < 1}):
        text = f"{100 * edge:.0f} %"
        if sheet.x(edge) - text_width(text, 10) / 2 > last + GAP / 2:
            canvas.text(sheet.x(edge), top + height + 14, text, size=10, color=MUTED, ha="center")
            last = sheet.x(edge) + text_width(text, 10) / 2


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
    if weighs(outcome.low, outcome.high):
        half = sheet.x(outcome.low_50)
        canvas.line([low, max(high, low + 1)], [y, y], POSTERIOR_PALE, 6)
        canvas.line([half, max(sheet.x(outcome.high_50), half + 1)], [y, y], POSTERIOR_HALF, 6)
    canvas.box(sheet.x(outcome.base_p) - 2, y - 8, 4, 16, PAPER, BASE)
    canvas.dot(sheet.x(outcome.p), y, POSTERIOR)
