"""Which reader a file is for, by its name and by its first bytes, and what to do with a file that is for none."""

from __future__ import annotations

import re
from pathlib import PurePath

from forecasting.coding.texts.extracted import AS_TEXT, Refused

KINDS = {
    "": "text", ".txt": "text", ".text": "text", ".md": "text", ".html": "page", ".htm": "page", ".xhtml": "page", ".pdf": "pdf",
    ".docx": "word", ".eml": "mail",
}  # fmt: skip
SUFFIXES = {"text": ".txt", "page": ".html", "pdf": ".pdf", "word": ".docx", "mail": ".eml"}
NAMES = {"text": "plain text", "page": "a web page", "pdf": "a PDF", "word": "a Word document", "mail": "a mail",
         "pdf_parts": "a PDF"}  # fmt: skip
_AS_DOCX = "open it in a word processor and save it as .docx, or copy the text into a .txt file"
_FOREIGN = {
    ".docm": ("a Word document that may hold macros", "open it with macros off and save it as .docx, which holds none"),
    ".dotm": ("a Word template that may hold macros", "open it with macros off and save it as .docx, which holds none"),
    ".doc": ("an old Word document", _AS_DOCX),
    ".rtf": ("an RTF document", _AS_DOCX),
    ".odt": ("an OpenDocument text", _AS_DOCX),
    ".epub": ("an electronic book", "copy the article's text into a .txt file"),
    ".mht": ("a web archive", "save the page as 'HTML only' (.html)"),
    ".mhtml": ("a web archive", "save the page as 'HTML only' (.html)"),
    ".msg": ("a mail in Outlook's own form", "save it as .eml, or copy the text into a .txt file"),
}
# what a file is by its first bytes, whatever its name says; of the last two kinds of text no reader is left to try
_MAGIC: tuple[tuple[bytes, str, str], ...] = (
    (rb"%PDF-", "pdf", ""),
    (rb"PK\x03\x04|PK\x05\x06", "word", ""),
    (rb"\xd0\xcf\x11\xe0", "", "an old Office file, or a newer one with a password"),
    (rb"\{\\rtf", "", "an RTF document"),
    (rb"\x89PNG|\xff\xd8\xff|GIF8|RIFF....WEBP|II\*\x00|MM\x00\*", "", "a picture"),
    (rb"\xff\xfe|\xfe\xff", "", "UTF-16 text"),
    (rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]{0,200}>\s*)?(?i:<!doctype html|<html[\s>])", "page", ""),
)


def kind_of(name: str, raw: bytes) -> str:
    """Return which reader a file is for: text, page, pdf, word or mail.

    Parameters
    ----------
    name : str
        The file's name; its ending says what somebody takes it for.
    raw : bytes
        Its content, which must be that.

    Raises
    ------
    Refused
        If no reader reads such a file, or its ending says something else than its first bytes.

    Examples
    --------
    >>> kind_of("article.txt", b"The port closed."), kind_of("Report.PDF", b"%PDF-1.7")
    ('text', 'pdf')
    """
    suffix = PurePath(name).suffix.lower()
    if suffix in _FOREIGN:
        raise Refused(*_FOREIGN[suffix])
    content, other = _content(raw)
    if other:
        raise Refused(other, _AS_DOCX if "Office" in other or "RTF" in other else AS_TEXT)
    said = KINDS.get(suffix) if suffix in KINDS or content else "text"
    if content and content != said:
        shown = "a zip archive (.docx, .odt and .epub are such)" if content == "word" else NAMES[content]
        fix = (
            f"give it the ending {SUFFIXES[content]}"
            if content != "word"
            else f"if it is a Word document, name it .docx; else {AS_TEXT}"
        )
        raise Refused(f"{shown}, but the file's name ends with '{suffix}'" if suffix else f"{shown} without an ending", fix)
    if said in ("pdf", "word") and not content:
        raise Refused(
            f"no {NAMES[said].partition(' ')[2]}, though the file's name ends with '{suffix}'", "name it after what it is"
        )
    return said or "text"


def _content(raw: bytes) -> tuple[str, str]:
    """Return the reader that the first bytes ask for, or what they are that no reader reads."""
    head = raw[:1024]
    if re.match(rb"\s*%PDF-", head):  # some writers put blank lines before it
        return "pdf", ""
    return next(((kind, other) for magic, kind, other in _MAGIC if re.match(magic, head, re.DOTALL)), ("", ""))
