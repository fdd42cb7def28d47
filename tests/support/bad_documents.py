"""Articles in every form with every fault, given to their reader; and some of each to the command that begins a source."""

from __future__ import annotations

import re
from pathlib import Path

from article_files import BODY, mail, page, part, pdf, repacked, word
from bad_input import PROJECT, Answer, Bad, command
from builders import write_dossier
from refused_texts import MISNAMED, READ, REFUSED

from forecasting.coding.texts.child import answer as read_in_child
from forecasting.coding.texts.extracted import Refused
from forecasting.coding.texts.kinds import kind_of

DOCUMENT = part(word())
ENTITIES = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
RELATIONS = (
    b'<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    b'<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    b'Target="../../../../etc/passwd"/></Relationships>'
)


def locked(raw: bytes) -> bytes:
    """Return a zip archive whose list of contents says that each file is encrypted."""
    content = bytearray(raw)
    for found in re.finditer(rb"PK\x01\x02", raw):
        content[found.start() + 8] |= 1
    return bytes(content)


MORE: dict[str, tuple[str, bytes, str, str]] = {
    "a billion laughs": ("word", repacked(word(), {"word/document.xml": ENTITIES + DOCUMENT.split(b"?>", 1)[-1]}),
                         "declares a document type or entities", "save it anew"),
    "entities in its properties": ("word", repacked(word(), {"docProps/core.xml": ENTITIES + b"<x/>"}),
                                   "declares a document type or entities (docProps/core.xml", "save it anew"),
    "a part that is no XML": ("word", repacked(word(), {"word/document.xml": b"<w:document"}), "a damaged Word document", "anew"),
    "a relation out of the package": ("word", repacked(word(), {"_rels/.rels": RELATIONS}), "no Word document", "anew"),
    "a document without its list of contents": ("word", repacked(word(), {"[Content_Types].xml": b"<Types/>"}),
                                                "", "save it anew"),
    "macros under another name": ("word", repacked(word(), {"word/VBAPROJECT.BIN": b"x"}), "with macros", "macros off"),
    "a type with macros": ("word", repacked(word(), {"[Content_Types].xml": part(word(), "[Content_Types].xml").replace(
        b"wordprocessingml.document.main+xml", b"document.macroEnabled.main+xml")}), "with macros", "macros off"),
    "an encrypted archive": ("word", locked(word()), "locked by a password", "save it without one"),
    "a PDF of zeros": ("pdf", b"%PDF-1.7\n" + bytes(5000), "a damaged PDF", "save it anew"),
    "a PDF that ends in the middle": ("pdf", pdf()[:-300], "", ""),
    "a PDF whose pages hold each other": ("pdf", pdf().replace(b"/Kids [5 0 R]", b"/Kids [2 0 R]"), "", ""),
    "a PDF without a catalogue": ("pdf", pdf().replace(b"/Type /Catalog /Pages 2 0 R", b"/Type /Nothing"), "", ""),
    "a PDF of an unknown filter": ("pdf", pdf().replace(b"/FlateDecode", b"/NoSuchCode"), "", ""),
    "a PDF of a damaged stream": ("pdf", pdf(stream=b"\x00(" * 500), "without any text", "ocrmypdf"),
    "an empty page": ("page", b"<html><body></body></html>", "a page without a main text", "reader view"),
    "a page of one byte": ("page", b"<", "a page without a main text", "reader view"),
    "nothing at all for a page": ("page", b"", "no web page that can be read (Document is empty)", "reader view"),
    "a page in no encoding": ("page", b"<meta charset=klingon><p>The f\xe4hre left.</p>", "in 'klingon' and is not", "as UTF-8"),
    "a page of scripts": ("page", b"<html><body><script>document.write('The port closed.')</script></body></html>",
                          "built by scripts", "reader view"),
    "an entity in the middle": ("page", page() + b"<!ENTITY x SYSTEM 'http://example.org/'>", "entities of its own", "reader"),
    "a mail nested deeply": ("mail", b"Subject: x\n" + b"Content-Type: message/rfc822\n\n" * 400 + b"x", "", ""),
    "a mail of a page without text": ("mail", mail(None, "<p></p>"), "a page without a main text", "reader view"),
    "a mail of half a code": ("mail", b"Subject: x\nContent-Type: text/plain; charset=utf-8\n\n\xff\xfe\xfa", "", "UTF-8"),
    "a mail of an empty body": ("mail", b"Subject: x\n\n", "empty", "save what is attached"),
    "nothing at all for a mail": ("mail", b"", "no mail", "what it is"),
    "an empty text": ("text", b"", "an empty text", "nothing is in this file"),
    "a text of blanks": ("text", b" \n\t \r\n", "an empty text", "nothing is in this file"),
    "a text of marks of byte order": ("text", b"\xef\xbb\xbf", "an empty text", ""),
    "Latin-1": ("text", "Die Fähre legt ab.".encode("latin-1"), "byte 0xe4 is not UTF-8, perhaps Latin-1", "UTF-8"),
    "UTF-16": ("text", "The port.".encode("utf-16-le"), "UTF-16", "UTF-8"),
}  # fmt: skip


def read(kind: str, raw: bytes) -> Answer:
    """Return what a reader says of a file, as its process hands it on."""
    if kind == "text":
        try:
            return Answer(0, str(READ["text"](raw)))
        except Refused as refused:
            return Answer(2, f"{refused.found}; {refused.fix}")
    said = read_in_child(kind, raw)
    return Answer(2, f"{said['found']}; {said['fix']}") if "found" in said else Answer(0, str(said)[:300])


def named(name: str, raw: bytes) -> Answer:
    """Return what is said of a file by its name and its first bytes."""
    try:
        return Answer(0, kind_of(name, raw))
    except Refused as refused:
        return Answer(2, f"{refused.found}; {refused.fix}")


def begun(name: str, raw: bytes, *says: str) -> Bad:
    """Return a case of a file that is given to `forecast new source`, which reads it in a process; nothing is begun."""

    def given(folder: Path) -> Answer:
        root = write_dossier(folder, PROJECT)
        (folder / name).write_bytes(raw)
        answer = command("new", "source", "--id", "gazette", "--text", folder / name, "--priors", root)
        assert not (root / "sources/gazette.yaml").exists(), "half a source was begun"
        return answer

    return Bad("article", f"{name} for a new source", given, (name, *says))


CASES = [
    *(Bad(kind, name, lambda folder, kind=kind, raw=raw: read(kind, raw), (found, fix))
      for name, (kind, raw, found, fix) in {**REFUSED, **MORE}.items()),
    *(Bad("article", f"{name}, {found}", lambda folder, name=name, raw=raw: named(name, raw), (found, fix))
      for name, raw, found, fix in MISNAMED),
    begun("bomb.docx", REFUSED["a zip bomb"][1], "once unpacked"), begun("entity.docx", MORE["a billion laughs"][1], "entities"),
    begun("macro.docx", REFUSED["macros"][1], "macros"), begun("locked.pdf", REFUSED["a PDF with a password"][1], "password"),
    begun("bomb.pdf", REFUSED["a PDF that expands"][1], "expands beyond"),
    begun("deep.html", REFUSED["a page nested deeply"][1], "deep"),
    begun("empty.eml", MORE["a mail of an empty body"][1], "empty"), begun("article.txt", "Fähre".encode("latin-1"), "Latin-1"),
    begun("article.md", BODY[0].encode("utf-16"), "UTF-16"),
]  # fmt: skip
