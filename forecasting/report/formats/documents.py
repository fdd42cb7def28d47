"""A page as Markdown and as a Word file, by pandoc."""

from __future__ import annotations

import io
import re
import tempfile
from pathlib import Path
from typing import Any

from forecasting.errors import UsageError
from forecasting.report.formats.archive import stable_zip
from forecasting.report.formats.figures import png_of
from forecasting.report.formats.names import Paper
from forecasting.report.formats.prepared import NEEDED, embedded, prepared

READ = "html-native_spans"
MARKDOWN = "gfm-raw_html+tex_math_dollars"  # no HTML; with formulas pandoc escapes the dollars of a text
HALF_ESCAPED = re.compile(r"(?<!\\)\\!\[")  # pandoc leaves the bracket of "![" open, a link in a picture's words
SIZES = {Paper.a4: (210.0, 297.0), Paper.letter: (215.9, 279.4)}  # mm
MARGIN = 20.0
LONGEST = 255  # characters of a title in a file's properties


def markdown_of(page: str, figures: str, warning: str = "") -> str:
    """Return a page as GitHub-flavoured Markdown without any HTML.

    Parameters
    ----------
    page : str
    figures : str
        Folder, beside the file, of the pictures as SVG.
    warning : str, optional
        What these pictures say first.
    """
    body = prepared(page, lambda picture: f"{figures}/{picture.name}.svg", within=False, warning=warning)
    text = _pandoc().convert_text(body, MARKDOWN, format=f"{READ}-native_divs", extra_args=["--wrap=none", "--sandbox"])
    return HALF_ESCAPED.sub(r"\\!\\[", text)


def word_of(page: str, *, title: str, head: str, warning: str, paper: Paper) -> bytes:
    """Return a page as a Word file: headings, tables with repeated heads, pictures with their message, numbered sheets.

    Parameters
    ----------
    page : str
    title : str
        For the file's properties.
    head : str
        At the head of each sheet.
    warning : str
        Below it, in red, and in every picture; empty where the run is fit to quote.
    paper : Paper
    """
    pandoc = _pandoc()
    try:
        from docx import Document
    except ImportError:
        raise UsageError("a Word file needs python-docx; install it with: pip install 'forecasting[texts,formats]'") from None
    body = prepared(page, lambda picture: embedded(png_of(picture)), within=True, warning=warning)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "page.docx"
        pandoc.convert_text(body, "docx", format=READ, outputfile=str(path), extra_args=["--sandbox"])
        document = Document(str(path))
    properties = document.core_properties
    properties.title = title if len(title) <= LONGEST else title[: LONGEST - 1] + "…"
    properties.language, properties.author, properties.last_modified_by = "en", "", ""
    for section in document.sections:
        _sheet(section, head, warning, paper)
    out = io.BytesIO()
    document.save(out)
    return stable_zip(out.getvalue())


def _sheet(section: Any, head: str, warning: str, paper: Paper) -> None:
    from docx.shared import Mm, Pt, RGBColor

    section.page_width, section.page_height = (Mm(side) for side in SIZES[paper])
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(MARGIN)
    top = section.header.paragraphs[0]
    top.add_run(head).font.size = Pt(8)
    if warning:
        said = section.header.add_paragraph().add_run(warning)
        said.font.size, said.bold, said.font.color.rgb = Pt(8), True, RGBColor(0xA4, 0x0E, 0x26)
    foot = section.footer.paragraphs[0]
    for text, field in (("Page ", "PAGE"), (" of ", "NUMPAGES")):
        foot.add_run(text).font.size = Pt(8)
        _field(foot, field)


def _field(paragraph: Any, name: str) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), name)
    field.append(OxmlElement("w:r"))
    field[0].append(OxmlElement("w:t"))
    field[0][0].text = "1"
    paragraph._p.append(field)


def _pandoc() -> Any:
    try:
        import pypandoc
    except ImportError:
        raise UsageError(f"this form {NEEDED}") from None
    return pypandoc
