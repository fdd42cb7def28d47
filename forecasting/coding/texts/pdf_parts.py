"""All that stands in a PDF, whether a reader is shown it or not: for a look before it is shared."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from forecasting.coding.texts import pdf
from forecasting.coding.texts.extracted import Extracted, Refused

_ANEW = "print it to a new PDF, which holds what is shown alone"
_NO_TEXT = {"/Image", "/Type1C", "/CIDFontType0C", "/OpenType"}  # kinds of streams: pictures and fonts


def read(raw: bytes) -> Extracted:
    """Return the text of all pages, and behind it every other text: of notes, links, forms, bookmarks, scripts and properties.

    Raises
    ------
    Refused
        As `forecasting.coding.texts.pdf.read` does; or if it holds files, or earlier versions of itself.
    """
    shown = pdf.read(raw)
    import pypdf

    if raw.count(b"startxref") > (2 if b"/Linearized" in raw[:2048] else 1):
        raise Refused("a PDF that holds earlier versions of itself, which nobody is shown and everybody can read", _ANEW)
    reader = pypdf.PdfReader(io.BytesIO(raw))
    if reader.is_encrypted:
        reader.decrypt("")
    texts = dict.fromkeys(text for one in _objects(reader) for text in _texts(one))
    return replace(shown, text="\n".join((shown.text, *texts)))


def _objects(reader: Any) -> Iterator[Any]:
    """Yield every object of a PDF, also what no page leads to."""
    from pypdf.generic import IndirectObject

    yield reader.trailer
    listed = [(number, generation) for generation, numbers in reader.xref.items() for number in numbers]
    for number, generation in dict.fromkeys([*listed, *((number, 0) for number in reader.xref_objStm)]):
        yield reader.get_object(IndirectObject(number, generation, reader))


def _texts(one: Any) -> Iterator[str]:
    """Yield the texts of an object and of what stands within it; what it refers to is an object of its own."""
    from pypdf.generic import ByteStringObject, StreamObject, TextStringObject

    waiting = [one]
    while waiting:
        item = waiting.pop()
        if isinstance(item, TextStringObject):
            yield str(item)
        elif isinstance(item, ByteStringObject):
            yield item.decode("utf-8", "replace")
        elif isinstance(item, dict):
            waiting += dict.values(item)
            if isinstance(item, StreamObject):
                yield from _streamed(item)
        elif isinstance(item, list):
            waiting += list.__iter__(item)


def _streamed(stream: Any) -> Iterator[str]:
    """Yield the text of a stream: properties, scripts, forms; what is no text is passed over."""
    if stream.get("/Type") == "/EmbeddedFile":
        raise Refused("a PDF with files attached to it", "take them out, and look through each by itself")
    if stream.get("/Subtype") in _NO_TEXT or "/Length1" in stream or stream.get("/Type") in ("/XRef", "/ObjStm"):
        return
    try:
        yield stream.get_data().decode("utf-8")
    except UnicodeDecodeError:
        return
