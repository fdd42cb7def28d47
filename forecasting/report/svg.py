"""Put a figure into a page: a small SVG without ids, styles or anything that could fetch or run."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

from markupsafe import Markup

from forecasting.report.canvas import Chart, svg_text

KEPT = frozenset(("d", "x", "y", "viewBox", "fill", "stroke", "stroke-width", "stroke-dasharray", "fill-opacity",
                  "font-size", "font-weight", "text-anchor"))  # fmt: skip
_NUMBER = re.compile(r"-?[0-9]+\.[0-9]+")


def inline_svg(figure: Chart, kind: str = "") -> Markup:
    """Return a figure as markup for a page, with its message as the accessible name.

    Only paths and texts pass, a path perhaps with a title that shows when a pointer is on it, and of their attributes only those
    that place and paint: matplotlib's own ids would clash between the figures of a page, and its style sheet would apply to all
    of it. Fonts are the page's.

    Parameters
    ----------
    figure : Chart
        With its message in ``alt``.
    kind : str, optional
        Class of the element, for the page's style sheet.

    Returns
    -------
    Markup
        Safe to insert as it is: every text in it is escaped.
    """
    drawn = ET.fromstring(svg_text(figure))
    box = drawn.attrib["viewBox"]
    width = float(box.split()[2])
    page = ET.Element("svg", {
        "viewBox": box, "role": "img", "aria-label": figure.alt, "class": f"chart {kind}".strip(),
        "style": f"max-width:{width:.0f}px", "stroke-linecap": "butt", "stroke-linejoin": "round",
    })  # fmt: skip
    shapes = [element for element in drawn.iter() if _name(element) in ("path", "text")]
    told = {path: text for group in drawn.iter() if (text := figure.told.get(group.get("id", ""))) for path in group}
    page.extend(_clean(element, told.get(element, "")) for element in shapes[1:])  # the first is the sheet itself
    return Markup(ET.tostring(page, encoding="unicode", short_empty_elements=True))


def _name(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def _clean(element: ET.Element, told: str = "") -> ET.Element:
    style = dict(pair.split(": ", 1) for pair in element.attrib.get("style", "").split("; ") if ": " in pair)
    found = {**{k: v for k, v in element.attrib.items() if k in KEPT}, **{k: v for k, v in style.items() if k in KEPT}}
    if found.get("text-anchor") == "start":
        del found["text-anchor"]
    clean = ET.Element(_name(element), {key: _short(value) for key, value in found.items()})
    clean.text = element.text if _name(element) == "text" else None
    if told:
        ET.SubElement(clean, "title").text = told
    return clean


def _short(value: str) -> str:
    """Round numbers to a tenth of a pixel and join lines."""
    return _NUMBER.sub(lambda match: f"{float(match.group()):.1f}".removesuffix(".0"), " ".join(value.split()))
