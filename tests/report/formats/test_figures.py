"""Pictures of a page as files: complete, named after where they stand, harmless, drawn the same every time."""

from __future__ import annotations

import datetime as dt
import io
import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest
from builders import write_dossier
from manifests import FAILED, made_up_manifest
from PIL import Image
from poison import PAYLOADS, poison
from sample_runs import sample_run

from forecasting.dossier.load import read_dossier
from forecasting.forecasts import Override
from forecasting.report.formats.figures import SVG, pictures_of, png_of
from forecasting.report.formats.names import Format
from forecasting.report.formats.write import write_formats
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


LONG = "the talks end tonight, and whoever reads this knows that it is a first look; " * 3
STOPPED = {
    "overridden": {"gate": replace(FAILED, override=Override("duty officer", dt.date(2024, 7, 2), "talks end tonight"))},
    "for a long reason": {"gate": replace(FAILED, override=Override("duty officer", dt.date(2024, 7, 2), LONG.strip()))},
    "a draft": {"gate": FAILED, "draft": FAILED.words},
}


@pytest.mark.parametrize("how", STOPPED)
def test_every_picture_of_a_run_that_did_not_pass_says_so_in_full_and_nothing_is_covered(edition, page, tmp_path, how):
    passed = sample_run(edition)
    run = replace(
        passed, manifest=made_up_manifest(edition, **STOPPED[how]),
        forecasts=tuple(replace(forecast, gate=STOPPED[how]["gate"]) for forecast in passed.forecasts),
    )  # fmt: skip
    shown = tmp_path / "page.html"
    shown.write_text(render_report(run, edition), "utf-8")
    write_formats(shown, run, edition, [Format.svg])
    written = sorted((tmp_path / "page-figures").glob("*.svg"))
    assert len(written) == len(pictures_of(page)) > 3
    for path in written:
        root = ET.fromstring(path.read_text("utf-8"))
        texts = root.findall(f".//{{{SVG}}}text")
        assert " ".join(run.warning.split()) in " ".join(" ".join(text.text for text in texts).split()), path.name
        assert run.warning in root.find(f"{{{SVG}}}title").text
        _, top, width, height = map(float, root.attrib["viewBox"].split())
        assert (width, height) == (float(root.attrib["width"]), float(root.attrib["height"]))
        added = [text for text in texts if float(text.attrib["y"]) <= 0]
        assert bool(added) == (top < 0)
        assert all(float(text.attrib["y"]) > top for text in added)


def test_a_run_that_passed_has_its_pictures_as_the_page_has_them(page):
    assert all(picture.svg.count(' viewBox="0 0 ') == 1 for picture in pictures_of(page))
    assert pictures_of(page, "") == pictures_of(page)
