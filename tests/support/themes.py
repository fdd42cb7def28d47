"""What the guideline says of two colours (WCAG 2.2), and how far the texts of a picture stand out in a screenshot of it."""

from __future__ import annotations

import io
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator

from PIL import Image

from forecasting.report.canvas import text_width

type Pixel = tuple[int, int, int]
SVG = "{http://www.w3.org/2000/svg}"


def hex_of(pixel: Pixel) -> str:
    """Return a pixel as a page writes its colour."""
    return "#{:02x}{:02x}{:02x}".format(*pixel)


def light(color: str) -> float:
    """Return the relative luminance of a colour."""
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, from 1 to 21."""
    least, most = sorted((light(one), light(other)))
    return (most + 0.05) / (least + 0.05)


def seen(drawing: bytes, screenshot: bytes) -> tuple[str, Iterator[tuple[str, float]]]:
    """Return the colour of a picture's corner, and each text with the contrast at which it was painted.

    Parameters
    ----------
    drawing : bytes
        The SVG.
    screenshot : bytes
        The picture as a browser painted it, in any size.

    Notes
    -----
    Of the pixels where a text stands, the commonest colour is what it stands on; its own is the one that stands out most from it.
    """
    image = Image.open(io.BytesIO(screenshot)).convert("RGB")
    page = ET.fromstring(drawing)
    scale = image.width / float(page.attrib["width"])
    return hex_of(image.getpixel((1, 1))), _texts(page, image, scale)


def _texts(page: ET.Element, image: Image.Image, scale: float) -> Iterator[tuple[str, float]]:
    for text in page.iter(f"{SVG}text"):
        if not (text.text or "").strip():
            continue
        size, x, y = (float(text.attrib[name].removesuffix("px")) for name in ("font-size", "x", "y"))
        wide = text_width(text.text, size, "font-weight" in text.attrib)
        left = x - wide * {"middle": 0.5, "end": 1.0}.get(text.attrib.get("text-anchor", ""), 0.0)
        box = [max(int(scale * at), 0) for at in (left, y - 0.8 * size, left + wide, y + 0.1 * size)]
        values = iter(image.crop(box).tobytes())
        found = Counter(zip(values, values, values, strict=True))
        below = hex_of(found.most_common(1)[0][0])
        yield text.text, max(contrast(hex_of(pixel), below) for pixel in found)
