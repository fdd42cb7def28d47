"""Read the text of a Word document (.docx), with python-docx."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import ParseError

from forecasting.coding.texts.archive import hold_to_sizes
from forecasting.coding.texts.extracted import AS_TEXT, Extracted, Refused
from forecasting.coding.texts.limits import LIMITS

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_CHANGES = {f"{_W}{name}" for name in ("ins", "del", "moveFrom", "moveTo")}
_ANEW = f"open it in a word processor and save it anew as .docx, or {AS_TEXT}"
_NO_MACROS = "open it with macros off and save it as .docx, which holds none"


def read(raw: bytes) -> Extracted:
    """Return the paragraphs and tables of a document, in order; a blank line stands between two of them.

    Headers, footers, footnotes, comments and text boxes are left out. The package is looked at before python-docx opens it: how
    much it unpacks to, whether it holds macros, entities or changes that nobody has accepted yet.
    """
    import docx
    from docx.opc.exceptions import PackageNotFoundError

    _unpacked(raw)
    try:
        document = docx.Document(io.BytesIO(raw))
        paragraphs = list(_texts(document))
        said = document.core_properties
        title, author, made = said.title, said.author, said.created
    except (PackageNotFoundError, KeyError, ValueError, AttributeError, SyntaxError) as error:
        raise Refused(f"no Word document that can be read ({error})", _ANEW) from None
    if not any(text.strip() for text in paragraphs):
        raise Refused("a Word document without text: pictures or text boxes alone", "copy its text into a .txt file")
    remarks = (f"the file was made on {made.date()}, which need not be the day the text appeared",) if made else ()
    text = "\n\n".join(text for text in paragraphs if text.strip())
    return Extracted(text, title.strip(), author.strip(), reader=f"python-docx {docx.__version__}", remarks=remarks)


def _texts(holder: Any) -> Iterator[str]:
    """Yield the text of each paragraph, those in the cells of tables among them, each cell once."""
    for item in holder.iter_inner_content():
        if not hasattr(item, "rows"):
            yield item.text
            continue
        seen = set()
        for cell in (cell for row in item.rows for cell in row.cells):
            if cell._tc not in seen:  # a cell that spans columns is handed out once for each of them
                seen.add(cell._tc)
                yield from _texts(cell)


def _unpacked(raw: bytes) -> None:
    """Refuse a package that is too large, is locked, or holds what a text does not."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as package:
            entries = package.infolist()
            hold_to_sizes(entries, _ANEW, f"take its pictures out, or {AS_TEXT}")
            names = {entry.filename.lower() for entry in entries}
            if "word/document.xml" not in names and "[content_types].xml" not in names:
                raise Refused(
                    "a zip archive that is no Word document", f"unpack it; if a .docx is in it, name that; else {AS_TEXT}"
                )
            if any(name.endswith(("vbaproject.bin", "vbadata.xml")) for name in names):
                raise Refused("a Word document with macros", _NO_MACROS)
            for entry in entries:
                if entry.filename.lower().endswith((".xml", ".rels")):
                    _look(entry.filename, package.read(entry))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError) as error:
        raise Refused(f"a damaged zip archive ({error})", _ANEW) from None


def _look(name: str, part: bytes) -> None:
    """Refuse a part of a package that is no plain XML, or that holds changes which nobody has accepted."""
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import iterparse

    depth = 0
    try:
        for event, element in iterparse(io.BytesIO(part), events=("start", "end"), forbid_dtd=True):
            depth += 1 if event == "start" else -1
            if depth > LIMITS.depth:
                raise Refused(f"a Word document with elements more than {LIMITS.depth} deep ({name})", _ANEW)
            if event == "start" and element.tag in _CHANGES and name.lower() == "word/document.xml":
                raise Refused(
                    "a Word document with changes that nobody has accepted or rejected", "accept or reject them, then save it"
                )
            if event == "end" and name == "[Content_Types].xml" and "macroEnabled" in element.get("ContentType", ""):
                raise Refused("a Word document with macros", _NO_MACROS)
            if event == "end":
                element.clear()
    except DefusedXmlException as error:
        found = f"a Word document that declares a document type or entities ({name}: {type(error).__name__})"
        raise Refused(found, _ANEW) from None
    except ParseError as error:
        raise Refused(f"a damaged Word document ({name}: {error})", _ANEW) from None
