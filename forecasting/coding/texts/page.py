"""Read the main text of a web page, with trafilatura."""

from __future__ import annotations

import re

from forecasting.coding.texts.extracted import Extracted, Refused
from forecasting.coding.texts.limits import LIMITS

_CHARSET = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([\w.:-]{1,40})""", re.IGNORECASE)
# the end of a sentence, in whichever script, or thirty words in a row
_PROSE = re.compile(
    r"[.!?\u2026\u061f\u06d4\u0964\u3002\uff01\uff1f][\"'\u201d\u2019\u00bb)\]]*\s*$|(?:\S+\s+){30}", re.MULTILINE
)
_READER_VIEW = "open the page in the browser's reader view and copy its text into a .txt file"


def read(raw: bytes) -> Extracted:
    """Return the main text of a page: without menus, comments of readers, and what surrounds it.

    Title, author, publisher and day are what the page says of itself. Nothing is fetched: neither pictures nor entities.

    References
    ----------
    Barbaresi, A. (2021). "Trafilatura: a web scraping library and command-line tool for text discovery and extraction",
    *Proceedings of ACL-IJCNLP 2021: System Demonstrations*: how the main text is told from the rest.
    """
    import trafilatura
    from lxml import etree, html

    source = decoded(raw)
    if re.search(r"<!ENTITY", source, re.IGNORECASE):
        raise Refused("a page that declares entities of its own, which can name files of this machine", _READER_VIEW)
    try:
        tree = html.document_fromstring(source.encode("utf-8"), parser=html.HTMLParser(encoding="utf-8"))
    except (ValueError, AssertionError, LookupError, etree.LxmlError) as error:
        raise Refused(f"no web page that can be read ({error})", _READER_VIEW) from None
    if (levels := _depth(tree)) > LIMITS.depth:
        raise Refused(f"a page with elements {levels} deep or more; {LIMITS.depth} are read", _READER_VIEW)
    said = trafilatura.bare_extraction(
        tree, include_comments=False, with_metadata=True,
        date_extraction_params={"extensive_search": False, "original_date": True, "max_date": None},
    )  # fmt: skip
    text = (said.text or "") if said else ""  # type: ignore[union-attr]
    if not _PROSE.search(text):
        raise Refused("a page without a main text: a list of links, a page built by scripts, or a login", _READER_VIEW)
    day = said.date or ""  # type: ignore[union-attr]
    return Extracted(
        text, said.title or "", said.author or "", said.sitename or "", day,  # type: ignore[union-attr]
        "as the page says, in its head or beside the text" if day else "", f"trafilatura {trafilatura.__version__}",
    )  # fmt: skip


def decoded(raw: bytes) -> str:
    """Return a page as text: in UTF-8, or in the encoding that it names; none is guessed.

    Raises
    ------
    Refused
        If it is neither.
    """
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        byte = raw[error.start]
    named = _CHARSET.search(raw[:4096])
    charset = named[1].decode("ascii") if named else ""
    try:
        if charset:
            return raw.decode(charset)
    except (LookupError, UnicodeDecodeError):
        raise Refused(f"a page that says it is in {charset!r} and is not", "save it from a browser as UTF-8") from None
    raise Refused(f"a page that is not UTF-8 (byte 0x{byte:02x}) and names no encoding", "save it from a browser as UTF-8")


def _depth(tree: object) -> int:
    """Return how many levels of elements stand within one another."""
    deepest, level = 0, [(tree, 1)]
    while level:
        node, depth = level.pop()
        deepest = max(deepest, depth)
        level.extend((child, depth + 1) for child in node)  # type: ignore[attr-defined]
    return deepest
