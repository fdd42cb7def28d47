"""The elicitation in a real JupyterLab and a real browser: drag a handle, read the number, press keys, undo, use the prior."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from lab_server import CHROMIUM, browser_page, lab, run_all, write_notebook

pytestmark = [pytest.mark.slow, pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")]
pytest.importorskip("playwright")

MADE = """\
import forecasting as fc
prior = fc.maxent("Beta", 0.1, 0.4, 0.8, id="deal-a", about="P(a deal <img src=x onerror=window.alive=1>)", years=1,
                  analyst="A. Analyst", made_on="2024-12-13")
"""
SHOW = """\
shown = fc.elicit(prior, folder=".")
shown
"""
NEXT = "print(shown.prior.id, shown.prior.analyst, dict(shown.prior.asked)['upper'], round(float(shown.prior.mean()), 3))"
PAUSE = 1500  # milliseconds, twice what elicit.js waits before keys that follow are a step of their own
CLOSE = """\
import threading
shown.close()
[thread.name for thread in threading.enumerate() if thread.name == "forecasting-elicit"]
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("lab")
    write_notebook(folder / "elicit.ipynb", MADE, SHOW)
    return folder


@pytest.fixture(scope="module")
def page(folder: Path) -> Iterator:
    from playwright.sync_api import expect

    expect.set_options(timeout=20_000)
    with lab(folder, dark=True) as address, browser_page(1500, 1500) as page:
        run_all(page, address.format("elicit.ipynb"))
        yield page


def quote(page) -> int:
    page.locator(".fc-elicit[data-state='settled']").wait_for()
    return int(re.fullmatch(r"(\d+) %", page.locator(".fc-elicit [data-role='quote']").inner_text())[1])


def handle(page, field: str):
    return page.locator(f".fc-elicit g[role=slider][data-field='{field}']")


def said(page, code: str) -> str:
    """Return what a new last cell prints."""
    cells = page.locator(".jp-Notebook .jp-CodeCell")
    before = cells.count()
    cells.last.locator(".jp-InputPrompt").click()
    page.locator("[data-command='notebook:insert-cell-below']").first.click()
    cells.nth(before).locator(".cm-content").click()
    page.keyboard.insert_text(code)
    page.keyboard.press("Shift+Enter")
    output = cells.nth(before).locator(".jp-OutputArea-output")
    output.wait_for()
    return output.inner_text().strip()


def test_a_handle_is_dragged_and_the_number_follows_while_it_is_held(page) -> None:
    from playwright.sync_api import expect

    assert quote(page) == 27
    grip = handle(page, "upper").locator(".fc-grip").bounding_box()
    plot = page.locator(".fc-elicit svg").first.bounding_box()
    x, y = grip["x"] + grip["width"] / 2, grip["y"] + grip["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 0.1 * plot["width"], y, steps=8)
    expect(page.locator(".fc-elicit [data-role='was']")).to_have_text("was 27 %")  # still held
    page.mouse.move(x + 0.2 * plot["width"], y, steps=8)
    page.mouse.up()
    expect(page.locator(".fc-elicit ol li")).to_have_count(1)
    expect(page.locator(".fc-elicit ol li")).to_contain_text("Upper end 40 % becomes 62 %")
    assert quote(page) == 39
    assert handle(page, "upper").get_attribute("aria-valuetext") == "62 %, up to here"


def test_it_works_by_keys_and_the_focus_stays(page) -> None:
    from playwright.sync_api import expect

    handle(page, "upper").focus()
    for key in ("ArrowLeft", "ArrowLeft", "Shift+ArrowLeft"):
        page.keyboard.press(key)
    expect(handle(page, "upper")).to_have_attribute("aria-valuetext", "55 %, up to here")
    expect(page.locator(".fc-elicit ol li")).to_have_count(2)  # what was pressed in one go is one step
    assert quote(page) == 35
    assert page.evaluate("document.activeElement.dataset.field") == "upper"
    page.wait_for_timeout(PAUSE)
    page.keyboard.press("Home")
    expect(handle(page, "upper")).to_have_attribute("aria-valuetext", "11 %, up to here")  # it cannot cross the lower end
    expect(page.locator(".fc-elicit ol li")).to_have_count(3)
    page.locator(".fc-elicit [data-do='undo']").click()
    expect(page.locator(".fc-elicit ol li")).to_have_count(2)


def test_undo_brings_back_step_by_step(page) -> None:
    from playwright.sync_api import expect

    page.locator(".fc-elicit [data-do='undo']").click()
    expect(page.locator(".fc-elicit ol li")).to_have_count(1)
    assert quote(page) == 39
    page.locator(".fc-elicit [data-do='clear']").click()
    expect(page.locator(".fc-elicit ol li")).to_have_count(0)
    assert quote(page) == 27
    expect(page.locator(".fc-elicit [data-role='was']")).to_have_count(0)


def test_a_number_is_typed_and_one_that_cannot_be_is_answered(page) -> None:
    from playwright.sync_api import expect

    typed = page.locator(".fc-elicit [data-typed='upper']")
    typed.fill("5")
    typed.press("Tab")
    expect(page.locator(".fc-elicit [data-role='failed']")).to_have_text(
        "Upper end cannot be 5 %; write a number between 10 % and 100 %"
    )
    expect(typed).to_have_attribute("aria-invalid", "true")
    typed.fill("55")
    typed.press("Tab")
    expect(page.locator(".fc-elicit ol li")).to_contain_text("Upper end 40 % becomes 55 %")
    expect(page.locator(".fc-elicit [data-role='failed']")).to_be_empty()
    assert quote(page) == 35


def test_the_next_cell_has_the_prior_unsigned_and_then_signed(page, folder: Path) -> None:
    from playwright.sync_api import expect

    assert said(page, NEXT) == "deal-a-draft not signed yet 0.55 0.354"
    expect(page.locator(".fc-elicit [data-do='write']")).to_be_disabled()
    page.get_by_label("Analyst: who says this").fill("B. Analyst")
    page.get_by_label("Reason").fill("The talks were put off.")
    page.locator(".fc-elicit [data-do='write']").click()
    expect(page.get_by_text("Written to deal-a-2.yaml")).to_be_visible()
    assert 'note: "Changed from deal-a of 2024-12-13: The talks were put off."' in (folder / "deal-a-2.yaml").read_text("utf-8")
    assert said(page, NEXT) == "deal-a-2 B. Analyst 0.55 0.354"


def test_a_text_of_the_prior_is_text(page) -> None:
    assert "<img" in page.locator(".fc-elicit h2").inner_text()
    assert page.evaluate("window.alive") is None


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_axe_finds_nothing_and_no_text_is_cut_in_either_theme(page, theme: str, tmp_path: Path) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page.evaluate(f"document.body.dataset.jpThemeLight = '{str(theme == 'light').lower()}'")
    if theme == "light":  # as its style sheet would: the colours that JupyterLab's light theme sets
        colours = "--jp-layout-color1: #fff; --jp-layout-color2: #eee; --jp-content-font-color1: #1f2328;"
        page.add_style_tag(content=f":root {{ {colours} }}")
    assert page.locator(".fc-elicit").get_attribute("data-theme") == theme
    found = Axe().run(page, context=".fc-elicit")
    assert found.violations_count == 0, found.generate_report()
    cut = page.locator(".fc-elicit :is(h2, h3, p, label, th, td, button)").evaluate_all(
        "all => all.filter(one => one.scrollWidth > one.clientWidth + 1 && one.clientWidth).map(one => one.textContent)"
    )
    assert cut == []
    page.locator(".fc-elicit").screenshot(path=tmp_path / f"{theme}.png")
    assert (tmp_path / f"{theme}.png").stat().st_size > 20_000


def test_an_elicitation_that_is_closed_leaves_no_thread(page) -> None:
    from playwright.sync_api import expect

    assert said(page, CLOSE) == "[]"
    expect(page.locator(".fc-elicit")).to_have_count(0)
