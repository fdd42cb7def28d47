"""The pictures of a written page as files of their own: SVG, and PNG drawn with matplotlib's own font."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from forecasting.errors import UsageError
from forecasting.report.canvas import INK, wrap
from forecasting.shown.text import visible

SVG = "http://www.w3.org/2000/svg"
FONT = "DejaVu Sans"
LINE, EDGE = 15, 4  # pixels of a line of a warning, and beside it
SCALE = 2  # pixels of a PNG for one of the picture
_PART = re.compile(r'\sid="([a-z0-9-]+)"|<svg\b.*?</svg>', re.DOTALL)


@dataclass(frozen=True)
class Picture:
    """One picture of a page.

    Parameters
    ----------
    name : str
        For its file: where it stands on the page, and its number there.
    alt : str
        Its message in words.
    svg : str
        A document that needs nothing else.
    place : tuple of int
        Where its markup begins and ends on the page.
    """

    name: str
    alt: str
    svg: str
    place: tuple[int, int]


def pictures_of(page: str, warning: str = "") -> tuple[Picture, ...]:
    """Return the pictures of a page in its order, each once: of several for different windows and paper the wide one.

    A ``warning`` of the page stands above each picture, in full, that has not drawn it itself: pictures go where no page is.

    Examples
    --------
    >>> page = '<section id="gas"><svg viewBox="0 0 9 5" class="chart" aria-label="Gas falls."><path d="M0 0"/></svg></section>'
    >>> [(picture.name, picture.alt) for picture in pictures_of(page)]
    [('gas-1', 'Gas falls.')]
    """
    here, seen, found = "page", Counter[str](), []
    for part in _PART.finditer(page):
        if part[1]:
            here = part[1]
            continue
        drawn = ET.fromstring(part[0])
        if {"narrow", "paper"} & set(drawn.get("class", "").split()):
            continue
        seen[here] += 1
        alt = drawn.get("aria-label", "")
        if visible(warning) not in alt:
            alt = f"{visible(warning)}. {alt}"
        found.append(Picture(f"{here}-{seen[here]}", alt, _document(drawn, alt, warning), part.span()))
    return tuple(found)


def _document(drawn: ET.Element, alt: str, warning: str) -> str:
    """Return a picture of a page as a document: with a size, a font, a white sheet, and its message as title."""
    left, top, width, height = drawn.attrib["viewBox"].split()
    lines = [] if _says(drawn, warning) else wrap(warning, float(width) - 2 * EDGE, most=len(warning), bold=True)
    sheet = {}
    if lines:
        above = LINE * len(lines) + EDGE
        sheet = {"x": left, "y": f"{float(top) - above:g}"}
        height = f"{float(height) + above:g}"
    kept = {key: value for key, value in drawn.attrib.items() if key not in ("class", "style", "tabindex")}
    size = {"width": width, "height": height, "font-family": f"{FONT}, sans-serif", "lang": "en"}
    if lines:
        kept["viewBox"] = " ".join((*sheet.values(), width, height))
    made = ET.Element("svg", {"xmlns": SVG, **kept, **size})
    ET.SubElement(made, "title").text = alt
    ET.SubElement(made, "rect", {**sheet, "width": width, "height": height, "fill": "#ffffff"})
    for i, line in enumerate(lines, 1):
        at = {"x": f"{float(left) + EDGE:g}", "y": f"{float(sheet['y']) + LINE * i - 3:g}"}
        ET.SubElement(made, "text", {**at, "font-size": "12px", "font-weight": "bold", "fill": INK}).text = line
    made.extend(list(drawn))
    return ET.tostring(made, encoding="unicode") + "\n"


def _says(drawn: ET.Element, warning: str) -> bool:
    """Return whether the texts of a picture have a warning in full, on however many lines."""
    told = " ".join(text.text or "" for text in drawn.iter("text"))
    return " ".join(visible(warning).split()) in " ".join(told.split())


def png_of(picture: Picture) -> bytes:
    """Return a picture as PNG, two pixels for one.

    The font is the one that comes with matplotlib, so that every machine draws the same; letters that it lacks (Chinese, say)
    are left as boxes.

    Raises
    ------
    UsageError
        If resvg is not installed.
    """
    try:
        from resvg_py import svg_to_bytes
    except ImportError:
        raise UsageError("pictures as PNG need resvg; install it with: pip install 'forecasting[formats]'") from None
    import matplotlib as mpl

    fonts = Path(mpl.get_data_path()) / "fonts" / "ttf"
    faces = [str(fonts / name) for name in ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf")]
    drawn = svg_to_bytes(
        svg_string=picture.svg, zoom=SCALE, font_files=faces, skip_system_fonts=True, font_family=FONT, sans_serif_family=FONT
    )
    return bytes(drawn)
