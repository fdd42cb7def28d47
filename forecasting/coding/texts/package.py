"""Read all that stands in a document that is a zip archive (Word, Excel, OpenDocument, …): each part of it, shown or not.

An article is its body alone, which `forecasting.coding.texts.word` reads. Here are comments, headers, footnotes, names of sheets,
properties, link targets and file names as well: what a document says to whoever unpacks it.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from xml.etree.ElementTree import ParseError

from forecasting.coding.texts.archive import hold_to_sizes
from forecasting.coding.texts.extracted import Refused
from forecasting.coding.texts.limits import LIMITS

ZIP = re.compile(rb"PK\x03\x04|PK\x05\x06")
UNSEEN = "cannot be looked through: "  # how a finding begins
_ANEW = "open it in its own program and save it anew, or share it as a page or a PDF"
type Whole = Callable[[str, bytes, int], Mapping[str, str]]
_BOMS = (
    (b"\xff\xfe\x00\x00", "utf-32"), (b"\x00\x00\xfe\xff", "utf-32"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"),
    (b"\xef\xbb\xbf", "utf-8-sig"),
)  # fmt: skip
_PICTURE = re.compile(
    rb"\x89PNG|\xff\xd8\xff|GIF8|RIFF....WEBP|II\*\x00|MM\x00\*|BM....\x00\x00\x00\x00|\x01\x00\x00\x00.{36} EMF", re.S
)
_SKIMMED = re.compile(r"printersettings[^/]*\.bin$|\.(?:wmf|odttf|ttf|otf|woff2?|ico)$", re.IGNORECASE)
_MARKUP = re.compile(r"\.(?:xml|rels|vml|rdf|opf|ncx)$", re.IGNORECASE)
# what holds runs of text that a reader sees as one; all else parts texts
_HOLDERS = frozenset({"p", "h", "si", "is", "text", "li", "td", "th", "div", *(f"h{n}" for n in range(1, 7))})
_CODES = re.compile(r"&(?:[LCR]|\"[^\"]*\"|K[0-9A-F]{6})")  # where the parts and fonts of a sheet's header begin
_BREAKS = {"tab": "\t", "br": "\n", "cr": "\n", "line-break": "\n", "s": " ", "noBreakHyphen": "-"}


def decoded(raw: bytes) -> str:
    """Return a text in UTF-8, or in UTF-16 or UTF-32 with a byte order mark.

    Raises
    ------
    Refused
        If it is anything else.

    Examples
    --------
    >>> decoded("Ω".encode("utf-16")), decoded("Ω".encode())
    ('Ω', 'Ω')
    """
    coding = next((name for bom, name in _BOMS if raw.startswith(bom)), "utf-8")
    try:
        text = raw.decode(coding)
    except UnicodeDecodeError as error:
        found = f"byte 0x{raw[error.start]:02x} at {error.start} is not {coding.removesuffix('-sig').upper()}"
        raise Refused(f"cannot be looked through: {found}", "save it as UTF-8") from None
    if "\0" in text:
        raise Refused("cannot be looked through: binary data, or UTF-16 text without a byte order mark", "save it as UTF-8")
    return text


def skimmed(raw: bytes) -> str:
    r"""Return the plain words in a picture, a font or a printer's settings; they may name who made it, and where.

    Examples
    --------
    >>> skimmed(b"\x89PNG\x00\x01made in /home/ann\xff")
    'made in /home/ann'
    """
    runs = [*re.findall(rb"[\x20-\x7e]{6,}", raw), *re.findall(rb"(?:[\x20-\x7e]\x00){6,}", raw)]
    return "\n".join(run.replace(b"\0", b"").decode("ascii") for run in runs)


def is_picture(raw: bytes) -> bool:
    """Return whether a file begins as a picture does.

    Examples
    --------
    >>> is_picture(b"GIF89a")
    True
    """
    return bool(_PICTURE.match(raw))


def package_parts(raw: bytes, nested: int, whole: Whole) -> dict[str, str]:
    """Return the text of each part of a document that is a zip archive, by the part's name.

    Of a part in XML these are the texts, those of adjoining runs as one, a line for each paragraph or cell, and the attributes
    after them; of pictures, fonts and settings of printers the plain words.

    Parameters
    ----------
    raw : bytes
        The document.
    nested : int
        How many files it lies in.
    whole : callable
        Reads a part that is none of these, such as a mail or another archive, from its name, its bytes and how deep it lies.

    Raises
    ------
    Refused
        If it is damaged, locked, too large once unpacked, declares entities, or holds what cannot be read.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as package:
            entries = [entry for entry in package.infolist() if not entry.is_dir()]
            hold_to_sizes(entries, _ANEW, "share parts of it", UNSEEN)
            parts = {"names of its parts": "\n".join([*package.namelist(), skimmed(package.comment)])}
            for entry in entries:
                for name, text in _part(entry.filename, package.read(entry), nested, whole):
                    parts[name] = f"{parts[name]}\n{text}" if name in parts else text
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError) as error:
        raise Refused(f"cannot be looked through: a damaged zip archive ({error})", _ANEW) from None
    return parts


def _part(name: str, raw: bytes, nested: int, whole: Whole) -> Iterator[tuple[str, str]]:
    packed = ZIP.match(raw)
    if not packed and (is_picture(raw) or _SKIMMED.search(name)):
        yield name, skimmed(raw)
    elif not packed and _MARKUP.search(name):
        yield name, _markup(name, raw)
    else:
        try:
            for inner, text in whole(name, raw, nested + 1).items():
                yield f"{name}!{inner}" if inner else name, text
        except Refused as refused:
            found = refused.found.removeprefix(UNSEEN)
            raise Refused(f"{UNSEEN}{name} in it: {found}", f"take it out; {_ANEW}") from None


def _markup(name: str, raw: bytes) -> str:
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import XMLParser

    parser = XMLParser(target=_Texts(), forbid_dtd=True)
    try:
        parser.feed(raw)
        return str(parser.close())
    except DefusedXmlException as error:
        found = f"cannot be looked through: {name} declares a document type or entities ({type(error).__name__})"
        raise Refused(found, _ANEW) from None
    except ParseError as error:
        raise Refused(f"cannot be looked through: {name} is damaged ({error})", _ANEW) from None


class _Texts:
    """What a parser of XML tells its texts to: a line for each paragraph or cell, whatever its runs, then the attributes."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.said: dict[str, None] = {}
        self.held: list[list[str]] = [[]]  # of each holder that is open; the first is of no holder
        self.depth = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > LIMITS.depth:
            raise Refused(f"cannot be looked through: elements more than {LIMITS.depth} deep", _ANEW)
        self.said.update(dict.fromkeys(attributes.values()))
        name = tag.rpartition("}")[2]
        if name in _HOLDERS:
            self.held[-1].append("\n")
            self.held.append([])
        elif len(self.held) == 1:
            self._flush()
        if name in _BREAKS:
            self.held[-1].append(_BREAKS[name])

    def data(self, text: str) -> None:
        self.held[-1].append(text)

    def end(self, tag: str) -> None:
        self.depth -= 1
        if tag.rpartition("}")[2] in _HOLDERS:
            self._flush()
            self.held.pop()
        elif len(self.held) == 1:
            self._flush()

    def close(self) -> str:
        return "\n".join([*self.lines, *self.said])

    def _flush(self) -> None:
        text = _CODES.sub("\n", "".join(self.held[-1]))
        if text.strip():
            self.lines.append(text)
        self.held[-1].clear()
