"""Put a figure into a page: a small SVG without ids, styles or anything that could fetch or run."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from markupsafe import Markup

from forecasting.report.canvas import Chart, svg_text
from forecasting.report.shapes import shapes


def inline_svg(figure: Chart, kind: str = "") -> Markup:
    """Return a figure as markup for a page, with its message as the accessible name.

    Only paths and texts pass, a path perhaps with a title that shows when a pointer is on it, and of their attributes only those
    that place and paint (`forecasting.report.shapes`). Fonts are the page's.

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
    box, drawn = shapes(svg_text(figure), figure.told)
    page = ET.Element("svg", {
        "viewBox": box, "role": "img", "aria-label": figure.alt, "class": f"chart {kind}".strip(),
        "style": f"max-width:{float(box.split()[2]):.0f}px", "stroke-linecap": "butt", "stroke-linejoin": "round",
    })  # fmt: skip
    page.extend(drawn)
    return Markup(ET.tostring(page, encoding="unicode", short_empty_elements=True))
