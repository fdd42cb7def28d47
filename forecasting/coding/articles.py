"""Read the text of an article that somebody has saved, and refuse what is no text."""

from __future__ import annotations

from pathlib import Path

from forecasting.dossier.anchors import normalise
from forecasting.dossier.parse import ParseError
from forecasting.errors import Where

MAX_BYTES = 50_000_000
# What a file is by its first bytes, whatever its name says.
_KINDS = {
    b"%PDF": "a PDF",
    b"PK\x03\x04": "a zip archive (docx, odt and epub are such)",
    b"\xd0\xcf\x11\xe0": "an old Word document",
    b"{\\rtf": "an RTF document",
    b"\xff\xfe": "UTF-16 text",
    b"\xfe\xff": "UTF-16 text",
}
_SAVE = "save the article as plain UTF-8 text"


def read_article(path: Path, name: str) -> str:
    """Return the normalised text of an article.

    Parameters
    ----------
    path : Path
        The file.
    name : str
        What it is called in a message.

    Raises
    ------
    ParseError
        If the file cannot be read, is empty, larger than 50 MB, binary (a PDF that was renamed, say), or not UTF-8;
        for text in another encoding the line of the first foreign byte is named.
    """
    raw = _bytes(path, name)
    kind = next((kind for magic, kind in _KINDS.items() if raw.startswith(magic)), None)
    if kind:
        raise ParseError("text-form", Where(name), f"{kind}, not plain text", _SAVE)
    if b"\0" in raw:
        raise ParseError("text-form", Where(name), "binary data, or UTF-16 text", _SAVE)
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        where = Where(name, raw[: error.start].count(b"\n") + 1)
        found = f"byte 0x{raw[error.start]:02x} is not UTF-8, perhaps Latin-1"
        raise ParseError("text-form", where, found, _SAVE) from None
    if not text.strip("\ufeff \t\r\n"):
        raise ParseError("text-form", Where(name), "an empty text", "save the article's text there")
    return normalise(text)


def _bytes(path: Path, name: str) -> bytes:
    try:
        if not path.is_file():
            found = "a folder, not a file" if path.is_dir() else "not a file" if path.exists() else "no such file"
            raise ParseError("text-form", Where(name), found, "name the text itself, a .txt file")
        if path.stat().st_size > MAX_BYTES:
            found = f"{path.stat().st_size:,} bytes, too long for an article"
            raise ParseError("text-form", Where(name), found, f"keep it under {MAX_BYTES:,} bytes")
        return path.read_bytes()
    except OSError as error:
        raise ParseError("text-form", Where(name), f"cannot be read: {error.strerror}", "make it readable") from None
