"""The drawing of a network: events as boxes, effects as curves that say by colour, dash and the shape at the end what they do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from forecasting.dossier.effects import Effect
from forecasting.report.canvas import BAND, INK, MUTED, PAPER, POSTERIOR, Canvas, text_width
from forecasting.report.network_layout import PAD, SIZE, Placed, Point, Route

LOWERS = "#9c1c1c"
WIDTHS = {"weak": 1.0, "moderate": 2.0, "strong": 3.4, "decisive": 5.2}
PLAIN = 1.8  # of an effect that is exact
HEAD = 10.0
LONG = ("triangle", "diamond", "ring")  # shapes before which a line ends
LEGEND_LINE = 20.0


@dataclass(frozen=True)
class Kind:
    """How one kind of effect is drawn; ``label`` says in the table of labels what it does."""

    label: str
    color: str
    mark: str
    dashes: tuple[float, float] | None = None


KINDS = {
    "raises": Kind("makes likelier", POSTERIOR, "triangle"),
    "lowers": Kind("makes less likely", LOWERS, "bar", (11, 6)),
    "enables": Kind("makes possible", INK, "ring"),
    "blocks": Kind("rules out", LOWERS, "cross"),
    "leads_to": Kind("leads to", INK, "triangle", (3, 5)),
    "implies": Kind("implies", INK, "diamond"),
}


def kind_of(effect: Effect) -> str:
    """Return the key of an effect in `KINDS`: its sign where it multiplies, else what it does."""
    return effect.sign if effect.acts == "multiplies" and effect.sign else effect.acts


def draw_part(canvas: Canvas, part: Placed, left: float, top: float, happened: frozenset[str]) -> None:
    """Draw one connected part of a network from its upper left corner; what had happened is shaded."""
    for route in part.routes:
        _route(canvas, route, left, top)
    for box in part.boxes:
        canvas.box(left + box.x, top + box.y, box.width, box.height, BAND if box.event in happened else PAPER, MUTED)
        for i, line in enumerate(box.lines):
            canvas.text(left + box.x + PAD, top + box.y + PAD + SIZE - 1.5 + 14 * i, line, size=SIZE)


def _route(canvas: Canvas, route: Route, left: float, top: float) -> None:
    kind, width = KINDS[kind_of(route.effect)], WIDTHS.get(route.effect.grade or "", PLAIN)
    moved = [((a + left, b + top), (c + left, d + top)) for (a, b), (c, d) in route.stretches]
    (x, _), tip = moved[-1]
    down = tip[1] >= moved[0][0][1]
    step = 1.0 if down else -1.0
    short = (x, tip[1] - step * (HEAD if kind.mark in LONG else 2))
    # the last stretch may be shorter than the shape at its end: the curve before it then ends above that
    begin = moved[-1][0]
    begin = (x, min(begin[1], short[1]) if down else max(begin[1], short[1]))
    canvas.curve([*moved[:-1], (begin, short)], kind.color, width, _dashes(kind, width), name=route.effect.id)
    _mark(canvas, kind, tip, (0.0, step), width)


def _dashes(kind: Kind, width: float) -> tuple[float, ...] | None:
    """Return dashes as matplotlib counts them, in widths of the line: as long in pixels on each."""
    return tuple(max(1.0, length / width) for length in kind.dashes) if kind.dashes else None


def _mark(canvas: Canvas, kind: Kind, tip: Point, sense: Point, width: float) -> None:
    """Draw the shape at the end of an effect, which points along ``sense``."""
    (x, y), (dx, dy) = tip, sense
    half = (6 if kind.mark == "bar" else 4.5) + width / 2
    across = (-dy * half, dx * half)
    if kind.mark == "triangle":
        base = (x - dx * HEAD * 1.1, y - dy * HEAD * 1.1)
        canvas.area([tip, (base[0] + across[0], base[1] + across[1]), (base[0] - across[0], base[1] - across[1])], kind.color)
    elif kind.mark == "diamond":
        base, middle = (x - dx * 14, y - dy * 14), (x - dx * 7, y - dy * 7)
        sides = [(middle[0] + turn * across[0], middle[1] + turn * across[1]) for turn in (1, -1)]
        canvas.area([tip, sides[0], base, sides[1]], kind.color)
    elif kind.mark == "ring":
        canvas.ring(x - dx * 6, y - dy * 6, 4.2, kind.color)
    elif kind.mark == "bar":
        canvas.line([x - dx * HEAD, x - dx * 3], [y - dy * HEAD, y - dy * 3], kind.color, width)
        near = (x - dx * 3, y - dy * 3)
        canvas.line([near[0] - across[0], near[0] + across[0]], [near[1] - across[1], near[1] + across[1]], kind.color, 3)
    else:
        middle = (x - dx * 8, y - dy * 8)
        for turn in (1, -1):
            canvas.line([middle[0] - 5, middle[0] + 5], [middle[1] - 5 * turn, middle[1] + 5 * turn], kind.color, 2)


def legend_rows(kinds: Sequence[str], width: float, label: Callable[[str], str]) -> list[list[tuple[float, str, str]]]:
    """Return the legend in rows of (x, key of `KINDS` or nothing, words), none wider than ``width``."""
    items = [(key, label(KINDS[key].label)) for key in KINDS if key in kinds]
    items += [("", label("thicker: stronger; shaded box: had happened"))]
    rows: list[list[tuple[float, str, str]]] = [[]]
    x = 0.0
    for key, words in items:
        wide = (46 if key else 0) + text_width(words, SIZE)
        if rows[-1] and x + wide > width:
            rows.append([])
            x = 0.0
        rows[-1].append((x, key, words))
        x += wide + 22
    return rows


def draw_legend(canvas: Canvas, rows: Sequence[Sequence[tuple[float, str, str]]]) -> None:
    """Draw the legend at the top of a sheet."""
    for i, row in enumerate(rows):
        y = 13 + LEGEND_LINE * i
        for x, key, words in row:
            if key:
                kind = KINDS[key]
                end = x + 38 - (HEAD if kind.mark in LONG else 2)
                canvas.line([x, end], [y - 4, y - 4], kind.color, PLAIN, _dashes(kind, PLAIN))
                _mark(canvas, kind, (x + 38, y - 4), (1.0, 0.0), PLAIN)
            canvas.text(x + (46 if key else 0), y, words, size=SIZE, color=MUTED)
