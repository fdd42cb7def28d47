"""Each reader finds the article in its form of file, and says what it does not read: what was found, and what to do."""

from __future__ import annotations

import io

import docx
import pytest
from article_files import BODY, locked_pdf, mail, page, part, pdf, repacked, word

from forecasting.coding.texts import mail as mails
from forecasting.coding.texts import page as pages
from forecasting.coding.texts import pdf as pdfs
from forecasting.coding.texts import plain
from forecasting.coding.texts import word as words
from forecasting.coding.texts.extracted import Refused
from forecasting.coding.texts.kinds import kind_of
from forecasting.coding.texts.limits import LIMITS

READ = {"page": pages.read, "pdf": pdfs.read, "word": words.read, "mail": mails.read, "text": plain.read}


def test_a_page_gives_its_article_without_menus_and_what_it_says_of_itself():
    found = pages.read(page())
    assert all(text in found.text for text in BODY)
    assert "Section 3" not in found.text
    assert "newsletter" not in found.text
    assert (found.title, found.author, found.publisher) == ("The garrison’s last winter", "Jon Ode", "The Gazette of Lume")
    assert (found.published_on, found.published_how[:16]) == ("2024-05-03", "as the page says")


def test_a_page_in_the_encoding_that_it_names_is_read_and_in_no_other():
    assert "Ödön’s ferry" in pages.read(page(f"<p>Ödön’s ferry. {BODY[0]}</p><p>{BODY[1]}</p>", charset="windows-1252")).text
    with pytest.raises(Refused, match=r"not UTF-8 \(byte 0xd6\) and names no encoding"):
        pages.read("<html><body><p>Ödön</p></body></html>".encode("latin-1"))
    with pytest.raises(Refused, match="says it is in 'ascii' and is not"):
        pages.read(b"<html><head><meta charset=ascii></head><body>\xd6</body></html>")


def test_a_pdf_gives_the_text_of_all_its_pages():
    found = pdfs.read(pdf(pages=3))
    assert found.text.splitlines() == list(BODY) * 3
    assert (found.title, found.author, found.published_on) == ("The last winter", "Jon Ode", "")
    assert found.remarks == ("the file was made on 2024-06-01, which need not be the day the text appeared",)


def test_a_pdf_that_opens_without_a_password_is_read_though_it_is_encrypted():
    assert pdfs.read(locked_pdf("")).text.splitlines() == list(BODY)


def test_a_word_document_gives_paragraphs_and_tables_in_order_each_cell_once():
    document, out = docx.Document(io.BytesIO(word(cells=(("Port", "Tonnes"), ("Lume", "4.1"))))), io.BytesIO()
    document.tables[0].cell(0, 0).merge(document.tables[0].cell(0, 1))
    document.add_paragraph("After the table.")
    document.save(out)
    found = words.read(out.getvalue())
    assert found.text.split("\n\n") == [*BODY, "Port", "Tonnes", "Lume", "4.1", "After the table."]
    assert (found.title, found.author) == ("The last winter", "Jon Ode")


def test_a_mail_gives_its_plain_part_or_else_the_main_text_of_its_page():
    found = mails.read(mail(html="<p>Another text altogether.</p>", attached=("map.png", "graph.png")))
    assert found.text.strip().split("\n\n") == list(BODY)
    assert (found.title, found.author, found.published_on) == ("The last winter", "Jon Ode", "2024-05-03")
    assert found.remarks == ("2 attachments left out; save and name one to read it",)
    assert BODY[1] in mails.read(mail(None, html=page().decode())).text


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
        "files; a Word document has some",
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


@pytest.mark.parametrize(("kind", "raw", "found", "fix"), REFUSED.values(), ids=REFUSED)
def test_what_is_not_read_is_refused_by_name_with_what_to_do(kind: str, raw: bytes, found: str, fix: str):
    with pytest.raises(Refused) as caught:
        READ[kind](raw)
    assert found in caught.value.found
    assert fix in caught.value.fix


@pytest.mark.parametrize(
    ("name", "raw", "found", "fix"),
    [
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
    ],
)  # fmt: skip
def test_a_file_that_is_not_what_its_name_says_is_refused(name: str, raw: bytes, found: str, fix: str):
    with pytest.raises(Refused) as caught:
        kind_of(name, raw)
    assert found in caught.value.found
    assert fix in caught.value.fix
