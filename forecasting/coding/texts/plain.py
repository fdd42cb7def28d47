"""Read plain text, and bytes that should be text."""

from __future__ import annotations

from forecasting.coding.texts.extracted import AS_TEXT, Extracted, Refused


def read(raw: bytes) -> Extracted:
    """Return a text in UTF-8; what is not that is refused with the line of the first foreign byte."""
    if b"\0" in raw:
        raise Refused("binary data, or UTF-16 text")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise Refused(f"line {line}: byte 0x{raw[error.start]:02x} is not UTF-8, perhaps Latin-1") from None
    if not text.strip("\ufeff \t\r\n"):
        raise Refused("an empty text", f"{AS_TEXT}; nothing is in this file")
    return Extracted(text)
