"""The shapes of a drawing without what could clash, fetch or run: paths and texts, and what places and paints them."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping

KEPT = frozenset(("d", "x", "y", "viewBox", "fill", "stroke", "stroke-width", "stroke-dasharray", "fill-opacity",
                  "font-size", "font-weight", "text-anchor"))  # fmt: skip
_NUMBER = re.compile(r"-?[0-9]+\.[0-9]+")


def shapes(document: str, told: Mapping[str, str]) -> tuple[str, list[ET.Element]]:
    """Return the view box of an SVG that matplotlib wrote, and its shapes without the sheet below them.

    Parameters
    ----------
    document : str
        As `forecasting.report.canvas.svg_text` writes it: its ids would clash between the figures of a page, and its style sheet
        would apply to all of it.
    told : mapping
        What a shape says when a pointer is on it, by the id of its group; it becomes a title.
    """
    drawn = ET.fromstring(document)
    found = [element for element in drawn.iter() if _name(element) in ("path", "text")]
    titles = {path: text for group in drawn.iter() if (text := told.get(group.get("id", ""))) for path in group}
    return drawn.attrib["viewBox"], [_clean(element, titles.get(element, "")) for element in found[1:]]


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
