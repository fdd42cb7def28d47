"""Files of one made-up article in every form that is read, and of every fault that is refused. All of it is made here."""

from __future__ import annotations

import io
import zipfile
import zlib
from email.message import EmailMessage

BODY = (
    "The garrison will probably leave the port of Lume before the winter, the envoy said on Monday.",
    "A return to war cannot be ruled out, and nobody on the quay of Lume expects the talks to end soon.",
    "Belmar has moved two battalions to the Tarn; Astor, whose fleet was driven out in March, has none there.",
)
MENU = "".join(f"<li><a href='/{n}'>Section {n}</a></li>" for n in range(20))


def page(body: str = "".join(f"<p>{text}</p>" for text in BODY), head: str = "", charset: str = "utf-8") -> bytes:
    """Return a web page with menus around its article."""
    said = (
        '<meta name="author" content="Jon Ode"><meta property="article:published_time" content="2024-05-03T10:00:00Z">'
        '<meta property="og:site_name" content="The Gazette of Lume">'
    )
    text = (
        f"<!doctype html><html lang='en'><head><meta charset='{charset}'><title>The garrison’s last winter</title>"
        f"{said}{head}</head>"
        f"<body><nav><ul>{MENU}</ul></nav><article><h1>The garrison’s last winter</h1>{body}</article>"
        "<footer><p>All rights reserved. Subscribe to our newsletter.</p></footer></body></html>"
    )
    return text.encode(charset)


def pdf(lines: tuple[str, ...] = BODY, *, pages: int = 1, title: str = "The last winter", stream: bytes | None = None) -> bytes:
    """Return a PDF with the lines on each of its pages, or with a content stream as it is given, deflated."""
    text = "BT /F1 12 Tf 14 TL 40 800 Td " + " ".join(f"({line}) Tj T*" for line in lines) + " ET"
    content = zlib.compress(text.encode("latin-1") if stream is None else stream, 9)
    kids = " ".join(f"{5 + n} 0 R" for n in range(pages))
    page_object = (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 840] /Resources << /Font << /F1 3 0 R >> >> /Contents 4 0 R >>"
    )
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {pages} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(content), content),
        *([page_object] * pages),
        f"<< /Title ({title}) /Author (Jon Ode) /CreationDate (D:20240601120000Z) >>".encode("latin-1"),
    ]
    out, places = io.BytesIO(b"%PDF-1.7\n"), []
    out.seek(0, io.SEEK_END)
    for number, body in enumerate(objects, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + b"".join(b"%010d 00000 n \n" % at for at in places))
    sizes = (len(objects) + 1, len(objects), start)
    out.write(b"trailer\n<< /Size %d /Root 1 0 R /Info %d 0 R >>\nstartxref\n%d\n%%%%EOF\n" % sizes)
    return out.getvalue()


def locked_pdf(password: str) -> bytes:
    """Return a PDF that opens with a password alone; an empty one opens for everybody."""
    import pypdf

    writer, out = pypdf.PdfWriter(clone_from=io.BytesIO(pdf())), io.BytesIO()
    writer.encrypt(user_password=password, owner_password="owner", algorithm="RC4-128")
    writer.write(out)
    return out.getvalue()


def word(paragraphs: tuple[str, ...] = BODY, cells: tuple[tuple[str, ...], ...] = ()) -> bytes:
    """Return a Word document with some paragraphs, and a table if there are cells."""
    import docx

    document, out = docx.Document(), io.BytesIO()
    document.core_properties.title, document.core_properties.author = "The last winter", "Jon Ode"
    for text in paragraphs:
        document.add_paragraph(text)
    if cells:
        table = document.add_table(len(cells), len(cells[0]))
        for row, texts in zip(table.rows, cells, strict=True):
            for cell, text in zip(row.cells, texts, strict=True):
                cell.text = text
    document.save(out)
    return out.getvalue()


def repacked(raw: bytes, changes: dict[str, bytes]) -> bytes:
    """Return a zip archive with some of its files replaced or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as before, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after:
        for entry in before.infolist():
            if entry.filename not in changes:
                after.writestr(entry.filename, before.read(entry))
        for name, content in changes.items():
            after.writestr(name, content)
    return out.getvalue()


def part(raw: bytes, name: str = "word/document.xml") -> bytes:
    """Return one file of a zip archive."""
    with zipfile.ZipFile(io.BytesIO(raw)) as package:
        return package.read(name)


def mail(text: str | None = "\n\n".join(BODY), html: str | None = None, attached: tuple[str, ...] = ()) -> bytes:
    """Return a mail with a plain part, a page, or both, and with attachments."""
    message = EmailMessage()
    message["Subject"], message["From"] = "The last winter", "Jon Ode <ode@lume.example>"
    message["Date"] = "Fri, 03 May 2024 10:00:00 +0200"
    if text is not None:
        message.set_content(text)
    if html is not None:
        (message.add_alternative if text is not None else message.set_content)(html, subtype="html")
    for name in attached:
        message.add_attachment(b"\x89PNG\r\n", maintype="image", subtype="png", filename=name)
    return message.as_bytes()


WHOLE = {
    "page.html": page(),
    "report.pdf": pdf(),
    "memo.docx": word(cells=(("Lume", "4.1"), ("Tarn", "0.3"))),
    "letter.eml": mail(),
}
