"""A page as pandoc is given it: without what only a screen needs, tables plain, pictures as images with their message."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

from forecasting.errors import UsageError
from forecasting.report.formats.figures import Picture, pictures_of

NEEDED = "needs pandoc and lxml; install them with: pip install 'forecasting[formats]'"
DROPPED = "//style | //nav | //svg | //*[contains(@class, 'every-page')]"
WIDEST = 600  # pixels of a picture on a sheet


def prepared(page: str, address: Callable[[Picture], str], *, within: bool, warning: str = "") -> str:
    """Return the body of a page for pandoc.

    Parameters
    ----------
    page : str
    address : callable
        From a picture to where it is.
    within : bool
        Whether links to places of the page are kept; else their text alone is.
    warning : str, optional
        To stand in every picture.
    """
    try:
        from lxml import html
    except ImportError:
        raise UsageError(f"this form {NEEDED}") from None
    for picture in reversed(pictures_of(page, warning)):
        begin, end = picture.place
        page = page[:begin] + _image(picture, address(picture)) + page[end:]
    body = html.document_fromstring(page).find("body")
    for element in body.xpath(DROPPED):
        element.drop_tree()
    for link in body.xpath("//a[starts-with(@href, '#')]") if not within else []:
        link.drop_tag()
    _open(body)
    for part in body.xpath("//header | //main"):
        part.tag = "div"  # pandoc leaves out a header
    for table in body.iter("table"):
        _plain(table)
    return html.tostring(body, encoding="unicode")


def _image(picture: Picture, address: str) -> str:
    from lxml import html

    width = picture.svg.split(' width="', 1)[1].split('"', 1)[0]
    made = html.Element("img", {"src": address, "alt": picture.alt, "width": f"{min(float(width), WIDEST):.0f}"})
    return html.tostring(made, encoding="unicode")


def embedded(png: bytes) -> str:
    """Return a picture as an address that holds it."""
    return "data:image/png;base64," + base64.b64encode(png).decode("ascii")


def _open(body: Any) -> None:
    """Let what a screen folds away stand open, its summary above it in bold."""
    for summary in list(body.iter("summary")):
        summary.tag = "p"
        bold = summary.makeelement("b", {})
        bold.text, summary.text = summary.text, None
        bold.extend(list(summary))
        summary.append(bold)
    for details in list(body.iter("details")):
        details.tag = "div"


def _plain(table: Any) -> None:
    """Leave one body, and cells of one column each: Markdown knows no others."""
    bodies = table.findall("tbody")
    for more in bodies[1:]:
        bodies[0].extend(list(more))
        table.remove(more)
    for cell in table.xpath(".//*[@colspan]"):
        empty = int(cell.attrib.pop("colspan")) - 1
        for _ in range(empty):
            cell.addnext(table.makeelement("td", {}))
