"""Show a figure in a notebook together with what it says, for readers who cannot see it."""

from __future__ import annotations

import base64
import io
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup
from matplotlib.figure import Figure

from forecasting.errors import UsageError
from forecasting.report.canvas import PAPER, Chart, drawing
from forecasting.report.svg import inline_svg

RESOLUTION = 144
FEWEST_WORDS = 5
FONTS = "DejaVu Sans, Verdana, Helvetica, Arial, sans-serif"


@dataclass(frozen=True)
class Picture:
    """A picture with its message: an ``<img>`` with alternative text, and the text itself where HTML is not shown."""

    data: bytes
    kind: str
    width: int
    alt: str

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        image = Markup('<img alt="{}" width="{}" style="max-width:100%;height:auto" src="data:image/{};base64,{}">')
        source = base64.b64encode(self.data).decode("ascii")
        return {"text/html": str(image.format(self.alt, self.width, self.kind, source)), "text/plain": self.alt}


def picture(figure: Any, alt: str | None = None) -> Picture:
    """Return a matplotlib figure as a picture with alternative text.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        Those of this package know their message, and become a small SVG; any other needs ``alt``, and becomes a PNG.
    alt : str, optional
        What the figure says, in a sentence with its numbers.

    Raises
    ------
    UsageError
        If there is no message, or one of fewer than five words.
    """
    alt = getattr(figure, "alt", "") if alt is None else alt
    alt = alt.strip() if isinstance(alt, str) else ""
    if len(alt.split()) < FEWEST_WORDS:
        raise UsageError(f"alt text {alt!r} says too little; write what the figure shows, with its numbers, in a sentence")
    width = round(figure.get_figwidth() * 72)
    if isinstance(figure, Chart):
        return Picture(_svg(figure), "svg+xml", width, alt)
    out = io.BytesIO()
    with drawing():
        figure.savefig(out, format="png", dpi=RESOLUTION, metadata={"Software": None})
    return Picture(out.getvalue(), "png", width, alt)


def _svg(figure: Chart) -> bytes:
    """Return a figure as a file of its own: on white, whatever the page's colours are, with fonts that most readers have."""
    inner = ET.fromstring(str(inline_svg(figure)))
    _, _, width, height = inner.attrib["viewBox"].split()
    page = ET.Element("svg", {
        "xmlns": "http://www.w3.org/2000/svg", "viewBox": inner.attrib["viewBox"], "width": width, "height": height,
        "font-family": FONTS, "stroke-linecap": "butt", "stroke-linejoin": "round",
    })  # fmt: skip
    page.append(ET.Element("path", {"d": f"M0 0H{width}V{height}H0Z", "fill": PAPER}))
    page.extend(inner)
    return ET.tostring(page, encoding="utf-8")


def show(*figures: Any, alt: str | None = None) -> None:
    """Show figures, sentences and tables in a notebook, one below the other; each figure with its message as alternative text.

    Parameters
    ----------
    *figures : matplotlib.figure.Figure, str or Table
        Figures for example of ``fc.figures``; a text is read as Markdown, and shows nothing if it is empty; a table of
        ``fc.tables`` is shown as it shows itself.
    alt : str, optional
        What the figure says, if it does not know that itself; then one figure at a time.

    Raises
    ------
    UsageError
        If a figure comes without a message, or one message with several figures.

    Examples
    --------
    >>> fc.show("**Held:**", fc.open_run("2024-12-syria").forecast("khmeimim-held-2025").plot())  # doctest: +SKIP
    """
    from IPython.display import Markdown, display

    if alt is not None and len(figures) != 1:
        raise UsageError(f"one alt text for {len(figures)} figures; call show once per figure")
    for figure in figures:
        if isinstance(figure, str):
            if figure:
                display(Markdown(figure))
        elif hasattr(figure, "_repr_html_") and not isinstance(figure, Figure):
            display(figure)
        else:
            display(picture(figure, alt))
