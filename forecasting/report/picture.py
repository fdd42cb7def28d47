"""A figure as a notebook shows it: an image with its message, that follows the light or dark theme of what shows it.

The drawing stands in an ``<img>``, because JupyterLab takes ``<svg>`` out of outputs that it does not trust. The colour scheme of
that element decides which of its two sets of colours is used (CSS Color Adjustment, level 1): the one of JupyterLab's theme, and
on a page of its own the reader's. Of an output that is not trusted JupyterLab takes the style sheet away too, and the system's
setting decides against the theme. So each set brings its paper, in the very colour of JupyterLab's light and dark themes: it
cannot be seen there, and no text is ever left on the paper of the other set.
"""

from __future__ import annotations

import base64
import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from markupsafe import Markup

from forecasting.report.shapes import shapes

FONTS = "DejaVu Sans, Verdana, Helvetica, Arial, sans-serif"
LIGHT_PAPER, DARK_PAPER = "#ffffff", "#111111"  # of JupyterLab's light and dark themes
FOLLOWS = Markup(
    '<style>body[data-jp-theme-light="true"] .fc-chart{color-scheme:light}'
    'body[data-jp-theme-light="false"] .fc-chart{color-scheme:dark}</style>'
)


@dataclass(frozen=True)
class Picture:
    """A picture with its message: an ``<img>`` with alternative text, and the text itself where HTML is not shown."""

    data: bytes
    kind: str
    width: int
    alt: str

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        themed = self.kind == "svg+xml"
        image = Markup('<img{} alt="{}" width="{}" style="max-width:100%;height:auto" src="data:image/{};base64,{}">')
        source, kind = base64.b64encode(self.data).decode("ascii"), Markup(' class="fc-chart"') if themed else ""
        shown = image.format(kind, self.alt, self.width, self.kind, source)
        return {"text/html": str(FOLLOWS + shown if themed else shown), "text/plain": self.alt}


def themed_picture(document: str, told: Mapping[str, str], alt: str) -> Picture:
    """Return a drawing as a picture that follows the theme.

    Parameters
    ----------
    document, told
        As `forecasting.report.shapes.shapes` takes them.
    alt : str
        What the drawing says.
    """
    box, drawn = shapes(document, told)
    _, _, width, height = box.split()
    page = ET.Element("svg", {
        "xmlns": "http://www.w3.org/2000/svg", "viewBox": box, "width": width, "height": height,
        "font-family": FONTS, "stroke-linecap": "butt", "stroke-linejoin": "round",
    })  # fmt: skip
    page.append(ET.Element("path", {"d": f"M0 0H{width}V{height}H0Z", "fill": LIGHT_PAPER}))
    page.extend(drawn)
    ET.SubElement(page, "style").text = _dark_rules(page)
    return Picture(ET.tostring(page, encoding="utf-8"), "svg+xml", round(float(width)), alt)


@cache
def dark_colors() -> dict[str, str]:
    """Return the dark counterpart of every colour of a picture, as the style sheet of reports has them; paper is JupyterLab's.

    Examples
    --------
    >>> dark_colors()["#1f2328"], dark_colors()["#ffffff"]
    ('#e6e9ed', '#111111')
    """
    sheet = files("forecasting.report").joinpath("templates/dark.css").read_text("utf-8")
    names = dict(re.findall(r"--([a-z]+): (#[0-9a-f]{6})", sheet))
    pairs = re.findall(r'\[(?:fill|stroke)="(#[0-9a-f]{6})"\] \{ (?:fill|stroke): (?:var\(--([a-z]+)\)|(#[0-9a-f]{6}))', sheet)
    return {**{light: names.get(name, color) for light, name, color in pairs}, LIGHT_PAPER: DARK_PAPER}


def _dark_rules(page: ET.Element) -> str:
    """Return the rules that a page in the dark needs: one for each colour that the drawing fills or strokes with."""
    used = sorted({(part, element.attrib[part]) for element in page for part in ("fill", "stroke") if part in element.attrib})
    dark = dark_colors()
    rules = "".join(f'[{part}="{color}"]{{{part}:{dark[color]}}}' for part, color in used if color in dark)
    return f"@media (prefers-color-scheme:dark){{{rules}}}"
