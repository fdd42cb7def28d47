"""What a document says beside its body is looked through before it is shared; what nobody can decode is refused."""

from __future__ import annotations

import base64
import io
import os
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import pytest
from article_files import pdf, repacked, word
from bad_input import command
from builders import write_dossier
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.worksheet.worksheet import Worksheet
from sample_runs import sample_run

from forecasting.coding.sheets.bring import export_tables
from forecasting.coding.texts.limits import LIMITS
from forecasting.dossier.load import read_dossier
from forecasting.errors import UsageError
from forecasting.report import sharing
from forecasting.report.formats.documents import word_of
from forecasting.report.formats.tables import answers_csv, answers_xlsx
from forecasting.report.formats.twin import twin_of
from forecasting.report.render import render_report
from forecasting.report.sharing import look_through, shared_parts

KEY, HOME = "AKIA" + "A1B2" * 4, "/home/ann/notes"
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
DTD = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory, project_dir: Path) -> Path:
    return write_dossier(tmp_path_factory.mktemp("ferry"), project_dir)


def book(change: Callable[[Worksheet], object]) -> bytes:
    made, out = Workbook(), io.BytesIO()
    made.active.append(["a", "b"])
    change(made.active)
    made.save(out)
    return out.getvalue()


def split(text: str, tag: str = "w:t") -> str:
    """Return runs of a few letters each, as word processors part what was corrected."""
    return "".join(f"<w:r><w:rPr><w:b/></w:rPr><{tag}>{text[n : n + 5]}</{tag}></w:r>" for n in range(0, len(text), 5))


def part_of_word(name: str, text: str) -> bytes:
    return repacked(word(), {f"word/{name}.xml": f"<w:x {W}><w:p>{split(text)}</w:p></w:x>".encode()})


def mailed(change: Callable[[EmailMessage], object]) -> bytes:
    message = EmailMessage()
    message["From"] = "Jon Ode <ode@lume.example>"
    message["MIME-Version"] = "1.0"
    change(message)
    return message.as_bytes()


def coded(text: str) -> bytes:
    return mailed(lambda mail: mail.set_content(text, cte="base64"))


def attach(mail: EmailMessage, content: bytes, name: str) -> None:
    mail.set_content("see below")
    mail.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)


def changed_pdf(kind: str, text: str) -> bytes:
    """Return a PDF that says something where no page shows it."""
    import pypdf
    from pypdf import generic
    from pypdf.generic import NameObject as Name
    from pypdf.generic import TextStringObject as Text

    writer, out = pypdf.PdfWriter(clone_from=io.BytesIO(pdf())), io.BytesIO()

    def noted(**fields: generic.PdfObject) -> None:
        entries = {Name(f"/{name}"): value for name, value in {"Type": Name("/Annot"), **fields}.items()}
        writer.pages[0][Name("/Annots")] = generic.ArrayObject([writer._add_object(generic.DictionaryObject(entries))])

    stream = generic.DecodedStreamObject()
    stream.set_data(text.encode())
    match kind:
        case "subject":
            writer.add_metadata({"/Subject": text})
        case "note":
            noted(Subtype=Name("/Text"), Contents=Text(text))
        case "link":
            noted(Subtype=Name("/Link"), A=generic.DictionaryObject({Name("/S"): Name("/URI"), Name("/URI"): Text(f"file://{text}")}))
        case "script" | "script in a stream":
            script = Text(f"app.alert('{text}')") if kind == "script" else writer._add_object(stream)
            action = generic.DictionaryObject({Name("/S"): Name("/JavaScript"), Name("/JS"): script})
            writer.root_object[Name("/OpenAction")] = action
        case "xml":
            writer.root_object[Name("/Metadata")] = writer._add_object(stream.flate_encode())
        case "bookmark":
            writer.add_outline_item(title=text, page_number=0)
        case "form":
            noted(Subtype=Name("/Widget"), FT=Name("/Tx"), V=Text(text))
        case "orphan":
            writer._add_object(generic.DictionaryObject({Name("/X"): Text(text)}))
    writer.write(out)
    return out.getvalue()


def test_a_pdf_with_files_or_earlier_versions_in_it_is_refused(tmp_path: Path) -> None:
    import pypdf

    writer, out = pypdf.PdfWriter(clone_from=io.BytesIO(pdf())), io.BytesIO()
    writer.add_attachment("notes.csv", b"a")
    writer.write(out)
    (tmp_path / "attached.pdf").write_bytes(out.getvalue())
    with pytest.raises(UsageError, match=r"attached\.pdf: .*a PDF with files attached to it; take them out"):
        shared_parts(tmp_path / "attached.pdf")
    writer, out = pypdf.PdfWriter(io.BytesIO(pdf()), incremental=True), io.BytesIO()
    writer.add_metadata({"/Title": "Another"})
    writer.write(out)
    (tmp_path / "again.pdf").write_bytes(out.getvalue())
    with pytest.raises(UsageError, match="a PDF that holds earlier versions of itself"):
        shared_parts(tmp_path / "again.pdf")


DOCUMENTS = {
    "head.xlsx": lambda text: book(lambda sheet: sheet.cell(1, 1, text)),
    "cell.xlsx": lambda text: book(lambda sheet: sheet.cell(2, 1, text)),
    "formula.xlsx": lambda text: book(lambda sheet: sheet.cell(2, 1, f'="{text}"')),
    "comment.xlsx": lambda text: book(lambda sheet: setattr(sheet["A1"], "comment", Comment(text, "x"))),
    "author.xlsx": lambda text: book(lambda sheet: setattr(sheet["A1"], "comment", Comment("x", text))),
    "property.xlsx": lambda text: book(lambda sheet: setattr(sheet.parent.properties, "title", text)),
    "footer.xlsx": lambda text: book(lambda sheet: setattr(sheet.oddFooter.left, "text", text)),
    "link.xlsx": lambda text: book(lambda sheet: setattr(sheet["A1"], "hyperlink", f"file://{text}")),
    **{f"{name}.docx": lambda text, name=name: part_of_word(name, text)
       for name in ("document", "comments", "footnotes", "endnotes", "header1", "footer1")},
    "deleted.docx": lambda text: repacked(
        word(), {"word/document.xml": f"<w:x {W}><w:p><w:del>{split(text, 'w:delText')}</w:del></w:p></w:x>".encode()}),
    "property.docx": lambda text: repacked(word(), {"docProps/custom.xml": f"<a><b>{text}</b></a>".encode()}),
    "attribute.docx": lambda text: repacked(word(), {"docProps/custom.xml": f'<a descr="{text}"/>'.encode()}),
    "picture.docx": lambda text: repacked(word(), {"word/media/a.png": b"\x89PNG\r\n\x1a\n\0tEXtComment\0" + text.encode()}),
    "embedded.docx": lambda text: repacked(word(), {"word/embeddings/a.xlsx": book(lambda sheet: sheet.cell(1, 1, text))}),
    "slide.pptx": lambda text: repacked(
        word(), {"ppt/slides/slide1.xml": f"<p><r><t>{text[:9]}</t></r><r><t>{text[9:]}</t></r></p>".encode()}),
    "text.odt": lambda text: repacked(word(), {"content.xml": f"<p><span>{text[:9]}</span>{text[9:]}</p>".encode()}),
    **{f"{coding}.{kind}": lambda text, coding=coding: f"a\n{text}".encode(coding)
       for coding in ("utf-16", "utf-32") for kind in ("csv", "md", "html")},
    "be.csv": lambda text: b"\xfe\xff" + f"a\n{text}".encode("utf-16-be"),
    "title.pdf": lambda text: pdf(title=text),
    **{f"{kind}.pdf": lambda text, kind=kind: changed_pdf(kind, text)
       for kind in ("subject", "note", "link", "script", "script in a stream", "xml", "bookmark", "form", "orphan")},
    "subject.eml": lambda text: b"Subject: =?utf-8?b?" + base64.b64encode(text.encode()) + b"?=\n\na\n",
    "quoted.eml": lambda text: mailed(lambda mail: mail.set_content(f"Ä {text}", cte="quoted-printable")),
    "wrapped.eml": lambda text: b"Subject: a\nContent-Transfer-Encoding: quoted-printable\n\n" + "=\n".join(text).encode(),
    "base64.eml": lambda text: coded(text),
    "page.eml": lambda text: mailed(lambda mail: mail.set_content(text.replace("/", "&#47;"), subtype="html", cte="base64")),
    "latin.eml": lambda text: mailed(lambda mail: mail.set_content(f"Ä {text}", charset="iso-8859-1", cte="base64")),
    "attached.eml": lambda text: mailed(lambda mail: attach(mail, text.encode(), "notes.csv")),
    "name.eml": lambda text: mailed(lambda mail: attach(mail, b"a", f"{text}.csv")),
    "document.eml": lambda text: mailed(lambda mail: attach(mail, part_of_word("comments", text), "a.docx")),
    "pdf.eml": lambda text: mailed(lambda mail: attach(mail, pdf(title=text), "a.pdf")),
    "picture.eml": lambda text: mailed(lambda mail: attach(mail, b"\x89PNG\r\n\x1a\n\0tEXtComment\0" + text.encode(), "a.png")),
    "forwarded.eml": lambda text: mailed(lambda mail: attach(mail, coded(text), "b.eml")),
    "archive.mhtml": lambda text: mailed(lambda mail: mail.set_content(text, subtype="html", cte="base64")),
    "named-otherwise.txt": lambda text: coded(text),
    "mail.zip": lambda text: repacked(word(), {"a.eml": coded(text)}),
}  # fmt: skip


def test_a_mail_that_nobody_can_read_is_refused(tmp_path: Path) -> None:
    whole = b"Subject: a\nMIME-Version: 1.0\nContent-Type: "
    for content, says in (
        (whole + b'multipart/encrypted; boundary="b"\n\n--b\n\na\n--b--\n', "an encrypted mail"),
        (whole + b"text/plain; charset=klingon\n\na\n", "a damaged mail"),
        (whole + b"application/octet-stream\n\n\xff\xff\n", "part 1: byte 0xff"),
        (b"no mail at all", "no mail"),
    ):
        (tmp_path / "a.eml").write_bytes(content)
        with pytest.raises(UsageError, match=says):
            shared_parts(tmp_path / "a.eml")


@pytest.mark.parametrize("text", [KEY, HOME], ids=["key", "home"])
@pytest.mark.parametrize("name", DOCUMENTS)
def test_what_stands_beside_the_body_counts_too(name: str, text: str, root: Path, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(DOCUMENTS[name](text))
    found = look_through([path], read_dossier(root)[0])
    assert any("a key of Amazon's" in one.found if text == KEY else "/home/ann" in one.found for one in found), found
    assert all(str(one.where).startswith(str(path)) for one in found)


def test_the_name_of_a_sheet_counts(root: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(book(lambda sheet: setattr(sheet, "title", KEY)))
    assert "a.xlsx!xl/workbook.xml" in str(look_through([path], read_dossier(root)[0]))


def test_the_projects_own_documents_show_nothing(root: Path, tmp_path: Path) -> None:
    dossier = read_dossier(root)[0]
    edition = dossier.edition("2024-07-ferry")
    run = sample_run(edition)
    page, twin = render_report(run, edition, public=True), twin_of(run, edition)
    made = {"a-public.html": page.encode(), "a-public.docx": word_of(page, title="A", head="B", warning="", paper="A4"),
            "a-public.xlsx": answers_xlsx(twin), "a-public.csv": answers_csv(twin),
            "records.xlsx": export_tables(root, ["claims", "history", "classes"])[0]}  # fmt: skip
    for name, content in made.items():
        (tmp_path / name).write_bytes(content)
    assert look_through([tmp_path / name for name in made], dossier, {"ferry": "no such words " * 20}) == ()
    assert load_workbook(tmp_path / "records.xlsx").sheetnames  # what was looked through is still a workbook


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("latin.csv", "a,\xe9t\xe9".encode("latin-1"), "byte 0xe9 at 2 is not UTF-8"),
        ("half.md", b"\xff\xfea", "is not UTF-16"),
        ("bare.md", "bare".encode("utf-16-le"), "UTF-16 text without a byte order mark"),
        ("old.doc", b"\xd0\xcf\x11\xe0" + bytes(40), "is not UTF-8"),
        ("text.xlsx", b"a,b", "no .xlsx document"), ("cut.docx", word()[:-40], "a damaged zip archive"),
        ("entity.docx", repacked(word(), {"word/comments.xml": DTD}), "comments.xml declares a document type or entities"),
        ("broken.docx", repacked(word(), {"word/comments.xml": b"<a><b></a>"}), "comments.xml is damaged"),
        ("macro.xlsm", repacked(word(), {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0"}), "vbaProject.bin in it: byte 0xd0"),
        ("deep.docx", repacked(word(), {"a.xml": b"<a>" * 300 + b"</a>" * 300}), "deep"),
        ("large.docx", repacked(word(), {"a.xml": bytes(LIMITS.expanded)}), "once unpacked"),
        ("nested.zip", repacked(word(), {"a": repacked(word(), {"b": repacked(word(), {"c": word()})})}), "files within files"),
    ],
)  # fmt: skip
def test_what_cannot_be_looked_through_is_refused(name: str, content: bytes, says: str, root: Path, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    answer = command("verify", "--shared", tmp_path / name, "--priors", root)
    assert (answer.code, answer.foreign) == (2, "")
    for part in (str(tmp_path / name), "cannot be looked through", says):
        assert part in answer.said.replace("\n", " "), answer.said


def test_only_files_are_read_and_none_that_is_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    for path, found in ((tmp_path / "pipe.md", "a pipe or a device"), (Path("/dev/zero"), "a pipe or a device"),
                        (tmp_path, "a folder"), (tmp_path / "none.md", "no such file")):  # fmt: skip
        with pytest.raises(UsageError, match=rf"{path}: cannot be read \({found}\); name the file"):
            shared_parts(path)
    monkeypatch.setattr(sharing, "MAX_BYTES", 10)
    (tmp_path / "long.md").write_text("eleven long")
    with pytest.raises(UsageError, match="larger than 10 bytes; look through parts of it"):
        shared_parts(tmp_path / "long.md")
