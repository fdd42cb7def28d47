"""Files of articles that are refused: which reader, the file, what must be found, and what to do; and files of a wrong name."""

from __future__ import annotations

from article_files import BODY, locked_pdf, mail, page, part, pdf, repacked, word

from forecasting.coding.texts import mail as mails
from forecasting.coding.texts import page as pages
from forecasting.coding.texts import pdf as pdfs
from forecasting.coding.texts import plain
from forecasting.coding.texts import word as words
from forecasting.coding.texts.limits import LIMITS

READ = {"page": pages.read, "pdf": pdfs.read, "word": words.read, "mail": mails.read, "text": plain.read}
BOMB = repacked(word(), {"word/media/picture.png": bytes(LIMITS.expanded)})
DOCUMENT = part(word())
ENTITY = DOCUMENT.replace(b"<w:document", b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><w:document', 1)
CHANGED = DOCUMENT.replace(b"<w:r>", b'<w:ins w:id="1" w:author="x"><w:r>', 1).replace(b"</w:r>", b"</w:r></w:ins>", 1)
DEEP = DOCUMENT.replace(b"<w:p>", b"<w:sdt>" * 300 + b"</w:sdt>" * 300 + b"<w:p>", 1)
REFUSED = {
    "a page without a main text": ("page", page("")[:400] + b"</body></html>", "a page without a main text", "reader view"),
    "a page with entities": (
        "page",
        b'<!DOCTYPE html [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + page(),
        "entities of its own",
        "reader view",
    ),
    "a page nested deeply": ("page", page("<div>" * 50_000 + BODY[0]), "elements 256 deep", "reader view"),
    "a scanned PDF": ("pdf", pdf((), pages=4), "a PDF of 4 pages without any text: pictures", "ocrmypdf"),
    "a PDF with a password": ("pdf", locked_pdf("secret"), "locked by a password", "print it to a new PDF"),
    "a PDF of many pages": ("pdf", pdf(pages=501), "a PDF of 501 pages; 500 are read", "take out the pages"),
    "a PDF that expands": ("pdf", pdf(stream=bytes(80_000_000)), "expands beyond 75,000,000 bytes", "plain UTF-8"),
    "half a PDF": ("pdf", pdf()[:120], "a damaged PDF", "save it anew"),
    "a zip bomb": ("word", BOMB, "bytes once unpacked; 75,000,000 are read", "take its pictures out"),
    "a zip of many files": (
        "word",
        repacked(word(), {f"{n}": b"" for n in range(2_001)}),
        "files; 2,000 are read",
        "save it anew",
    ),
    "an external entity": (
        "word",
        repacked(word(), {"word/document.xml": ENTITY}),
        "declares a document type or entities",
        "save it anew",
    ),
    "macros": ("word", repacked(word(), {"word/vbaProject.bin": b"x"}), "a Word document with macros", "macros off"),
    "changes": ("word", repacked(word(), {"word/document.xml": CHANGED}), "changes that nobody has accepted", "accept or reject"),
    "a deep document": ("word", repacked(word(), {"word/document.xml": DEEP}), "more than 200 deep", "save it anew"),
    "another zip archive": ("word", b"PK\x05\x06" + bytes(18), "no Word document", "name that"),
    "half a Word document": ("word", word()[:2_000], "a damaged zip archive", "save it anew"),
    "a document without text": ("word", word(()), "a Word document without text", ".txt"),
    "a mail without a text": (
        "mail",
        mail(None, attached=("map.png",)),
        "without a text part (image/png, multipart/mixed)",
        "save what is",
    ),
    "a mail with an empty text": ("mail", mail(" \n"), "whose text part is empty", "save what is attached"),
    "an encrypted mail": (
        "mail",
        b"Subject: x\nContent-Type: application/pkcs7-mime\n\nMIIB",
        "an encrypted mail",
        "mail program",
    ),
    "no mail": ("mail", b"The port closed.\n\nIt was cold.", "no mail: it does not begin with header lines", "what it is"),
    "a mail in no encoding": (
        "mail",
        b"Subject: x\nContent-Type: text/plain; charset=klingon\n\nabc",
        "cannot be decoded",
        "plain UTF-8",
    ),
    "a binary text": ("text", b"ab\0c", "binary data", "plain UTF-8"),
}
MISNAMED = [
    ("a.docm", word(), "may hold macros", "macros off"),
    ("a.txt", pdf(), "a PDF, but the file's name ends with '.txt'", "give it the ending .pdf"),
    ("a.txt", page(), "a web page, but the file's name ends with '.txt'", "give it the ending .html"),
    ("a.pdf", b"The port closed.", "no PDF, though the file's name ends with '.pdf'", "name it after what it is"),
    ("a.docx", b"\xd0\xcf\x11\xe0" + bytes(9), "or a newer one with a password", "save it as .docx"),
    ("a.pdf", word(), "a zip archive", "if it is a Word document, name it .docx"),
    ("article", word(), "a zip archive (.docx, .odt and .epub are such) without an ending", "name it .docx"),
    ("a.html", b"\x89PNG\r\n", "a picture", "plain UTF-8"),
    ("a.epub", word(), "an electronic book", "copy the article's text"),
    ("a.mhtml", b"From: x", "a web archive", "HTML only"),
]  # fmt: skip
