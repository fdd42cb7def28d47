"""A sheet to draw on in pixels, colours that mean the same on every picture, and a figure that knows its message."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.lines import Line2D
from matplotlib.patches import Ellipse, PathPatch, Polygon, Rectangle
from matplotlib.path import Path

from forecasting.report.formatting import visible
from forecasting.report.picture import Picture, themed_picture

INK = "#1f2328"
MUTED = "#57606a"
RULE = "#c9d1d9"
BAND = "#f1f4f7"
PAPER = "#ffffff"
# Okabe and Ito's grey, orange and blue, darkened until each has a contrast of 4.5 to 1 on white.
BASE = "#6b6b6b"
PRIOR = "#a85a00"
POSTERIOR = "#0b5394"
POSTERIOR_PALE = "#9fc0e0"
POSTERIOR_HALF = "#5f95cb"

# Texts are drawn as they are: a dollar sign in a title is a dollar sign.
STYLE = {
    "text.usetex": False,
    "text.parse_math": False,
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "svg.fonttype": "none",
    "svg.hashsalt": "forecasting",
    "path.simplify": False,
}
# what else a style can set of a picture: the caller's, or that of a file of settings in the folder one stands in
STYLED = ("axes.", "figure.", "font.", "hatch.", "image.", "lines.", "markers.", "patch.", "path.", "savefig.", "svg.", "text.")


@contextmanager
def drawing() -> Iterator[None]:
    """Hold the style still while something is drawn or saved, whatever the caller, or a file of settings, has set."""
    styled = ((name, value) for name, value in mpl.rcParamsDefault.items() if name.startswith(STYLED))
    plain = {name: value for name, value in styled if mpl.rcParams[name] != value}
    with mpl.rc_context(plain | STYLE), warnings.catch_warnings():
        # Saved as text, a letter that matplotlib's own font lacks is drawn by the reader's font.
        warnings.filterwarnings("ignore", message="Glyph .* missing from", category=UserWarning)
        yield


class Chart(Figure):
    """A figure with its message in words: a notebook shows the picture and hands ``alt`` to those who cannot see it.

    ``told`` holds what a shape says when a pointer is on it, by the id of the shape.
    """

    alt: str = ""
    told: dict[str, str]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.told = {}

    def picture(self) -> Picture:
        """Return the figure as a notebook shows it: a small SVG in the colours of the theme, with its message."""
        return themed_picture(svg_text(self), self.told, self.alt)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return self.picture()._repr_mimebundle_(include, exclude)


def svg_text(figure: Figure) -> str:
    """Return a figure as an SVG document, the same bytes every time."""
    out = io.StringIO()
    nothing = {"Date": None, "Creator": None, "Format": None, "Type": None}
    with drawing():
        # the whole sheet, whatever another package has set matplotlib to cut off
        figure.savefig(out, format="svg", bbox_inches=figure.bbox_inches, metadata=nothing)
    return out.getvalue()


@cache
def _advance(character: str, bold: bool) -> float:
    """Return the width of a character in ems; one em where matplotlib's font lacks it."""
    font = get_font(findfont(FontProperties(family="DejaVu Sans", weight="bold" if bold else "normal")))
    if not font.get_char_index(ord(character)):
        return 1.0
    font.set_size(100, 72)
    return font.load_char(ord(character)).linearHoriAdvance / 65536 / 100


def text_width(text: str, size: float, bold: bool = False) -> float:
    """Return the width of a text in pixels, in the widest of the usual sans-serif faces."""
    return size * sum(_advance(character, bold) for character in text)


def wrap(text: str, width: float, size: float = 12, most: int = 4, bold: bool = False) -> list[str]:
    """Break a text into lines of at most ``width`` pixels; what is beyond ``most`` lines is cut with "…".

    Examples
    --------
    >>> wrap("Will Russia still operate Khmeimim?", 150)
    ['Will Russia still operate', 'Khmeimim?']
    """
    lines = [""]
    for word in visible(text).split():
        if lines[-1] and text_width(f"{lines[-1]} {word}", size, bold) > width:
            lines.append("")
        for character in f" {word}" if lines[-1] else word:
            if text_width(lines[-1] + character, size, bold) > width:
                lines.append("")
            lines[-1] += character
    if len(lines) > most:
        cut = lines[most - 1]
        while text_width(cut + " …", size, bold) > width:
            cut = cut[:-1]
        lines[most - 1] = cut + " …"
    return lines[:most]


class Canvas:
    """A sheet of ``width`` × ``height`` pixels; x grows to the right and y downwards. Nothing on it is clipped."""

    def __init__(self, width: float, height: float):
        self.figure = Chart(figsize=(width / 72, height / 72), dpi=72, facecolor=PAPER)
        self.axes = self.figure.add_axes((0, 0, 1, 1))
        self.axes.set(xlim=(0, width), ylim=(height, 0))
        self.axes.set_axis_off()

    def text(self, x: float, y: float, text: str, *, size: float = 12, color: str = INK, ha: str = "left",
             bold: bool = False) -> None:  # fmt: skip
        """Write one line with its baseline at ``y``."""
        self.axes.text(
            x, y, visible(text), fontsize=size, color=color, ha=ha, va="baseline", parse_math=False, usetex=False,
            fontweight="bold" if bold else "normal", clip_on=False, zorder=5,
        )  # fmt: skip

    def lines(self, x: float, y: float, lines: list[str], *, bold: bool = False) -> None:
        """Write lines one below the other, the first with its baseline at ``y``."""
        for i, line in enumerate(lines):
            self.text(x, y + i * 15, line, bold=bold)

    def line(self, xs: list[float], ys: list[float], color: str, width: float = 1.0, dashes: Any = None) -> None:
        """Draw a line through points."""
        line = Line2D(xs, ys, color=color, linewidth=width, linestyle=(0, dashes) if dashes else "solid")
        line.set(solid_capstyle="butt", clip_on=False, zorder=3)
        self.axes.add_artist(line)

    def curve(self, stretches: list[tuple[tuple[float, float], tuple[float, float]]], color: str, width: float,
              dashes: Any = None, name: str = "") -> None:  # fmt: skip
        """Draw vertical stretches joined by curves that leave and arrive vertically; ``name`` tells this line from others."""
        points, codes = [stretches[0][0]], [Path.MOVETO]
        for (x, y), end in stretches:
            if points[-1] != (x, y):
                (x0, _), middle = points[-1], (points[-1][1] + y) / 2
                points += [(x0, middle), (x, middle), (x, y)]
                codes += [Path.CURVE4] * 3
            if end != (x, y):
                points.append(end)
                codes.append(Path.LINETO)
        patch = PathPatch(Path(points, codes), facecolor="none", edgecolor=color, linewidth=width, gid=name or None)
        patch.set(linestyle=(0, dashes) if dashes else "solid", capstyle="butt")
        self._add(patch, 3)

    def ring(self, x: float, y: float, radius: float, color: str) -> None:
        """Draw a hollow dot."""
        self._add(Ellipse((x, y), 2 * radius, 2 * radius, facecolor=PAPER, edgecolor=color, linewidth=1.8), 3.5)

    def box(self, x: float, y: float, width: float, height: float, fill: str, edge: str | None = None) -> None:
        """Draw a rectangle from its upper left corner."""
        patch = Rectangle((x, y), width, height, facecolor=fill, edgecolor=edge or "none", linewidth=1.2 if edge else 0)
        self._add(patch, 4 if edge else 1)

    def area(self, points: list[tuple[float, float]], fill: str) -> None:
        """Fill a polygon."""
        self._add(Polygon(points, closed=True, facecolor=fill, edgecolor="none"), 2)

    def dot(self, x: float, y: float, color: str, radius: float = 5, told: str = "") -> None:
        """Draw a filled dot with a thin rim that lifts it off what lies below; ``told`` is shown when a pointer is on it."""
        shape = Ellipse((x, y), 2 * radius, 2 * radius, facecolor=color, edgecolor=PAPER, linewidth=1)
        self._add(self._named(shape, told), 4.5)

    def triangle(self, x: float, y: float, color: str, *, up: bool, told: str = "") -> None:
        """Draw a small triangle that points up or down; ``told`` is shown when a pointer is on it."""
        tip = -5 if up else 5
        shape = Polygon([(x, y + tip), (x - 4.5, y - 0.6 * tip), (x + 4.5, y - 0.6 * tip)], facecolor=color, edgecolor=PAPER)
        self._add(self._named(shape, told), 4.5)

    def _named(self, shape: Any, told: str) -> Any:
        if told:
            name = f"told-{len(self.figure.told)}"
            self.figure.told[name] = visible(told)
            shape.set_gid(name)
        return shape

    def _add(self, patch: Any, zorder: float) -> None:
        patch.set(clip_on=False, zorder=zorder)
        self.axes.add_artist(patch)
