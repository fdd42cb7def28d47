"""Each reader finds the article in its form of file, and says what it does not read: what was found, and what to do."""

from __future__ import annotations

import io

import docx
import pytest
from article_files import BODY, locked_pdf, mail, page, pdf, word
from refused_texts import MISNAMED, READ, REFUSED

from forecasting.coding.texts import mail as mails
from forecasting.coding.texts import page as pages
from forecasting.coding.texts import pdf as pdfs
from forecasting.coding.texts import word as words
from forecasting.coding.texts.extracted import Refused
from forecasting.coding.texts.kinds import kind_of


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


@pytest.mark.parametrize(("kind", "raw", "found", "fix"), REFUSED.values(), ids=REFUSED)
def test_what_is_not_read_is_refused_by_name_with_what_to_do(kind: str, raw: bytes, found: str, fix: str):
    with pytest.raises(Refused) as caught:
        READ[kind](raw)
    assert found in caught.value.found
    assert fix in caught.value.fix


@pytest.mark.parametrize(("name", "raw", "found", "fix"), MISNAMED)
def test_a_file_that_is_not_what_its_name_says_is_refused(name: str, raw: bytes, found: str, fix: str):
    with pytest.raises(Refused) as caught:
        kind_of(name, raw)
    assert found in caught.value.found
    assert fix in caught.value.fix
