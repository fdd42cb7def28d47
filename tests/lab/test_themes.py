"""A picture in a notebook can be read in JupyterLab's light and dark themes: its colours by the guideline, and as painted."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from lab_server import CHROMIUM, browser_page, lab, run_all, write_notebook
from sample_runs import sample_run
from themes import SVG, contrast, seen

from forecasting.lab import figures as fc_figures
from forecasting.lab.probability_lines import Move, influence_figure
from forecasting.lab.ridges import Ridge, normal_draws, ridge_figure
from forecasting.lab.show import picture
from forecasting.report.canvas import BAND, BASE, MUTED, PAPER, POSTERIOR, PRIOR
from forecasting.report.picture import DARK_PAPER, LIGHT_PAPER, dark_colors
from forecasting.rules.load import load_dossier

READABLE, VISIBLE = 4.5, 3.0  # WCAG 2.2, 1.4.3 and 1.4.11
DRAWN = """\
import forecasting as fc
from forecasting.lab.ridges import Ridge, normal_draws, ridge_figure
figure = ridge_figure([Ridge("Words", "likely", "words", normal_draws(-0.3, 0.5)), Ridge("Counts", "8 in 42", "base",
                       normal_draws(-1.6, 0.9))], says="Words say more than counts.")
fc.show(figure)
"""


def figure():
    """The figure of the notebook."""
    return ridge_figure(
        [Ridge("Words", "likely", "words", normal_draws(-0.3, 0.5)), Ridge("Counts", "8 in 42", "base", normal_draws(-1.6, 0.9))],
        says="Words say more than counts.",
    )


@pytest.fixture(scope="module")
def drawings(project_dir) -> dict[str, ET.Element]:
    """Pictures of every kind that notebooks show."""
    edition = load_dossier(project_dir / "priors").edition("2024-12-syria")
    run = sample_run(edition)
    forecast = run.forecast("khmeimim-held-2025")
    rows = run.layers[run.layers["question"] == forecast.question].to_dict("records")
    several = next(one for one in run.forecasts if len(one.outcomes) > 1)
    event = edition.questions[0].events()[0]
    made = {
        "ridges": figure(),
        "influence": influence_figure([Move("Planes leave.", "c-1", -0.117), Move("A deal nears.", "c-2", 0.02)], what="held"),
        "questions": fc_figures.questions_figure(run.forecasts),
        "outcomes": fc_figures.outcomes_figure([forecast, several]),
        "scenario": fc_figures.scenario_figure(several),
        "layers": fc_figures.layers_figure(rows),
        "curve": fc_figures.curve_figure(run.curves, forecast.deadline, {event: "It happens"}),
        "rivals": fc_figures.rivals_figure(fc_figures.rivals_of(run, edition.dossier, forecast.question), what="held"),
        "network": fc_figures.network_figure(edition),
    }
    return {name: ET.fromstring(picture(one).data) for name, one in made.items()}


def test_every_colour_of_every_picture_has_a_dark_counterpart(drawings) -> None:
    for name, drawn in drawings.items():
        used = {color for shape in drawn for part in ("fill", "stroke") if (color := shape.get(part, "none")) != "none"}
        assert used <= set(dark_colors()), name
        rules = drawn[-1].text
        assert {color for color in used if color not in rules} == set(), name


@pytest.mark.parametrize("paper", [PAPER, BAND])
def test_every_text_has_a_contrast_of_four_and_a_half_to_one_in_both_themes(drawings, paper: str) -> None:
    dark = dark_colors()
    for name, drawn in drawings.items():
        fills = {text.attrib.get("fill", "#000000") for text in drawn.iter(f"{SVG}text")}
        assert fills, name
        for fill in fills:
            assert contrast(fill, paper) >= READABLE, (name, fill)
            assert contrast(dark[fill], dark[paper]) >= READABLE, (name, fill)


@pytest.mark.parametrize("mark", [POSTERIOR, PRIOR, BASE, MUTED])
def test_what_carries_a_number_can_be_seen_in_both_themes(mark: str) -> None:
    assert contrast(mark, LIGHT_PAPER) >= VISIBLE
    assert contrast(dark_colors()[mark], DARK_PAPER) >= VISIBLE


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A notebook to be run, and one that was run by somebody whom this JupyterLab does not trust."""
    folder = tmp_path_factory.mktemp("lab")
    write_notebook(folder / "mine.ipynb", DRAWN, "figure")
    write_notebook(folder / "theirs.ipynb", DRAWN)
    theirs = nbformat.read(folder / "theirs.ipynb", as_version=4)
    bundle = picture(figure())._repr_mimebundle_()
    theirs.cells[0].outputs = [nbformat.v4.new_output("display_data", bundle)]
    theirs.cells[0].execution_count = 1
    nbformat.write(theirs, folder / "theirs.ipynb")
    return folder


def look(page, place: int, name: str = "") -> tuple[str, list[tuple[str, float]]]:
    """Return the paper of a picture and how its texts stand out, as this browser painted it."""
    image = page.locator(".jp-OutputArea-output img").nth(place)
    image.scroll_into_view_if_needed()
    shot = image.screenshot(path=f"{name}.png" if name else None)
    corner, texts = seen(picture(figure()).data, shot)
    return corner, list(texts)


def ground(page) -> str:
    """Return the colour that the cell's output stands on."""
    found = page.evaluate("getComputedStyle(document.body).getPropertyValue('--jp-layout-color0')").strip()
    return {"#111": "#111111", "white": "#ffffff"}.get(found, found)


def theme(page, name: str) -> None:
    page.get_by_role("menuitem", name="Settings", exact=True).click()
    page.locator(".lm-Menu-item", has_text=re.compile("^Theme$")).hover()
    page.locator(".lm-Menu-item", has_text=re.compile(f"^{name}$")).click()
    page.wait_for_selector(f"body[data-jp-theme-name='{name}']", state="attached")
    page.wait_for_timeout(1000)  # the old sheet goes after the new one has come


@pytest.fixture(scope="module", params=["light", "dark"])
def page(request, folder: Path) -> Iterator:
    """JupyterLab on a system that is itself set to light or to dark: its theme decides, not the system."""
    from playwright.sync_api import expect

    expect.set_options(timeout=20_000)
    options = {"color_scheme": request.param, "device_scale_factor": 2}
    with lab(folder, dark=True) as address, browser_page(1300, 1300, **options) as page:
        run_all(page, address.format("mine.ipynb"), until=".jp-OutputArea-output img >> nth=1")
        page.address = address
        yield page


browser = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")


@browser
@pytest.mark.slow
@pytest.mark.parametrize(("chosen", "paper"), [("JupyterLab Light", LIGHT_PAPER), ("JupyterLab Dark", DARK_PAPER)])
def test_in_jupyterlab_a_picture_follows_the_theme_and_every_text_can_be_read(page, chosen: str, paper: str) -> None:
    theme(page, chosen)
    for place in (0, 1):  # by fc.show, and as the last line of a cell
        corner, texts = look(page, place)
        assert corner == paper == ground(page)  # no box of another colour
        assert len(texts) > 8
        assert [(text, ratio) for text, ratio in texts if ratio < READABLE] == []


@browser
@pytest.mark.slow
def test_an_output_that_is_not_trusted_can_be_read_too_and_shows_no_style_sheet(page) -> None:
    page.goto(page.address.format("theirs.ipynb"))
    page.locator(".jp-OutputArea-output img").first.wait_for(timeout=60_000)
    assert "color-scheme" not in page.locator(".jp-OutputArea-output").first.inner_text()
    assert not re.search("<style", page.locator(".jp-OutputArea-output").first.inner_html())
    corner, texts = look(page, 0)
    assert corner in (LIGHT_PAPER, DARK_PAPER)
    assert [(text, ratio) for text, ratio in texts if ratio < READABLE] == []
