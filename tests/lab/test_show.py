"""A figure in a notebook carries what it says as alternative text, or is refused."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser

import pytest
from matplotlib.figure import Figure

import forecasting as fc
from forecasting.errors import UsageError
from forecasting.lab.ridges import Ridge, normal_draws, ridge_figure
from forecasting.lab.show import picture


def attributes(html: str) -> dict[str, str]:
    found = {}

    class Parser(HTMLParser):
        def handle_starttag(self, tag, attrs):
            assert tag in ("img", "style")
            found.update(attrs)

    Parser().feed(html)
    return found


def test_a_figure_of_ours_brings_its_own_text():
    figure = ridge_figure([Ridge("Base rate", "8 in 42 years", "base", normal_draws(-1.6, 0.9))], says="Low and soft.")
    shown = picture(figure)._repr_mimebundle_()
    found = attributes(shown["text/html"])
    assert found["alt"].startswith("Low and soft. Mean and middle 90 % of the probability: Base rate 2")
    assert found["src"].startswith("data:image/svg+xml;base64,")
    assert shown["text/plain"] == found["alt"]
    assert figure._repr_mimebundle_() == shown  # and so it is where it is the last line of a cell


def test_the_same_figure_gives_the_same_bytes():
    ridge = Ridge("Base rate", "", "base", normal_draws(-1.6, 0.9))
    assert picture(ridge_figure([ridge])).data == picture(ridge_figure([ridge])).data


def test_a_figure_of_ours_is_a_drawing_that_stands_alone_with_its_paper():
    shown = picture(ridge_figure([Ridge("A <b> & a class", "", "base", normal_draws(-1.6, 0.9))]))
    drawn = ET.fromstring(shown.data)
    assert drawn.tag == "{http://www.w3.org/2000/svg}svg"
    assert drawn[0].attrib["fill"] == "#ffffff"
    assert {element.tag.rpartition("}")[2] for element in drawn} == {"path", "text", "style"}
    assert drawn[-1].text.startswith("@media (prefers-color-scheme:dark){")
    assert not re.search(r"url|@import|script", drawn[-1].text)
    assert "A <b> & a class" in [element.text for element in drawn]
    assert float(drawn.attrib["width"]) == shown.width
    assert len(shown.data) < 20_000


def test_any_other_figure_is_a_png_with_the_text_it_is_given():
    shown = picture(Figure(figsize=(2, 1)), "An empty sheet of two by one inches")
    assert shown.data.startswith(b"\x89PNG")
    assert (shown.kind, shown.width) == ("png", 144)


@pytest.mark.parametrize("alt", [None, "", "   ", "a plot", "figure 1 of this notebook"[:11]])
def test_a_figure_without_a_message_is_refused(alt):
    with pytest.raises(UsageError, match="write what the figure shows"):
        picture(Figure(), alt)


@pytest.mark.parametrize("alt", ['five words " onload="x of text', "<script>alert(1)</script> and four more words"])
def test_a_message_is_shown_literally(alt):
    found = attributes(picture(Figure(), alt)._repr_mimebundle_()["text/html"])
    assert found["alt"] == alt
    assert set(found) == {"alt", "width", "style", "src"}


def test_one_text_cannot_stand_for_two_figures():
    with pytest.raises(UsageError, match="once per figure"):
        fc.show(Figure(), Figure(), alt="a text of more than five words")


def test_a_text_that_names_a_file_or_an_address_is_shown_and_nothing_is_read_from_there(tmp_path, monkeypatch, capsys):
    shown = []
    monkeypatch.setattr("IPython.display.display", shown.append)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "note.md").write_text("what the file holds")
    said = ("note.md", str(tmp_path), "http://nowhere.invalid/page")
    fc.show(*said)
    assert tuple(one._repr_markdown_() for one in shown) == said
    with pytest.raises(UsageError, match="5 is no figure"):
        fc.show(5, alt="Five words that say it all")
