"""Pictures of a page as files: complete, named after where they stand, harmless, drawn the same every time."""

from __future__ import annotations

import io
import xml.etree.ElementTree as ET

import pytest
from builders import write_dossier
from PIL import Image
from poison import PAYLOADS, poison
from sample_runs import sample_run

from forecasting.dossier.load import read_dossier
from forecasting.report.formats.figures import SVG, pictures_of, png_of
from forecasting.report.render import render_report


@pytest.fixture(scope="module")
def edition(tmp_path_factory, project_dir):
    dossier, _ = read_dossier(write_dossier(tmp_path_factory.mktemp("ferry"), project_dir))
    return dossier.edition("2024-07-ferry")


@pytest.fixture(scope="module")
def page(edition):
    return render_report(sample_run(edition), edition)


def test_each_picture_of_a_page_is_a_document_with_its_message(page):
    found = pictures_of(page)
    assert len(found) == page.count("<svg") - page.count('class="chart narrow"') - page.count('class="chart paper"')
    assert len({picture.name for picture in found}) == len(found)
    for picture in found:
        root = ET.fromstring(picture.svg)
        assert root.tag == f"{{{SVG}}}svg"
        assert root.find(f"{{{SVG}}}title").text == picture.alt != ""
        assert page[slice(*picture.place)].startswith("<svg")


def test_a_png_has_twice_the_size_and_is_the_same_every_time(page):
    picture = pictures_of(page)[0]
    png = png_of(picture)
    width = float(ET.fromstring(picture.svg).attrib["width"])
    image = Image.open(io.BytesIO(png))
    assert image.width == pytest.approx(2 * width, abs=2)
    assert len(image.convert("L").getcolors()) > 20, "nothing is drawn"
    assert png_of(picture) == png


def test_nothing_that_a_title_holds_lives_in_a_picture(edition):
    allowed = {f"{{{SVG}}}{name}" for name in ("svg", "title", "rect", "path", "text")}
    for picture in pictures_of(render_report(*poison(edition, PAYLOADS))):
        for element in ET.fromstring(picture.svg).iter():
            assert element.tag in allowed
            assert not [name for name in element.attrib if name.startswith("on") or name.endswith("href")]
