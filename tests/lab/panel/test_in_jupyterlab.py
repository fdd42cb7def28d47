"""The panel in a real JupyterLab and a real browser: run all, move a control, read the number, undo, press keys, look."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from lab_server import CHROMIUM, browser_page, lab, run_all, write_notebook
from toy import EDITION, toy_network, toy_priors

pytestmark = [pytest.mark.slow, pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")]
pytest.importorskip("playwright")

FIT = f"""\
import forecasting as fc
fit = fc.fit(fc.load_dossier("priors").edition("{EDITION}"))
"""
SHOW = """\
shown = fc.panel(fit, question="pact-by-2025")
shown
"""
CLOSE = """\
import threading
shown.close()
[thread.name for thread in threading.enumerate() if thread.name == "forecasting-panel"]
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with the test edition and a notebook that shows its panel; the density is compiled before JupyterLab starts."""
    _ = toy_network().compiled
    folder = tmp_path_factory.mktemp("lab")
    shutil.copytree(toy_priors(), folder / "priors")
    write_notebook(folder / "panel.ipynb", FIT, SHOW)
    return folder


@pytest.fixture(scope="module")
def page(folder: Path) -> Iterator:
    from playwright.sync_api import expect

    expect.set_options(timeout=20_000)
    with lab(folder, dark=True) as address, browser_page(1500, 1500) as page:
        run_all(page, address.format("panel.ipynb"))
        yield page


def number(page) -> float:
    page.locator(".fc-panel[data-state='settled']").wait_for()
    text = page.locator(".fc-panel [data-role='answer']").first.inner_text()
    return float(re.fullmatch(r"(\d+) %", text)[1])


def test_a_control_is_moved_the_number_follows_and_undo_brings_it_back(page) -> None:
    from playwright.sync_api import expect

    before = number(page)
    assert 5 < before < 95
    wording = page.get_by_label("Wording").first
    first = wording.evaluate("menu => menu.selectedIndex")
    wording.select_option(label="unlikely (20 %)")
    expect(page.locator(".fc-panel [data-role='change']")).to_be_visible()
    after = number(page)
    assert after < before - 5
    assert f"was {before:.0f} %" in page.locator(".fc-panel [data-role='change']").inner_text()
    expect(page.locator(".fc-panel ol li")).to_have_count(1)
    page.locator("[data-do='undo']").click()
    expect(page.locator(".fc-panel ol li")).to_have_count(0)
    assert number(page) == before
    assert wording.evaluate("menu => menu.selectedIndex") == first


def test_what_a_count_moves_comes_later_and_leaves_the_page_as_it_is(page) -> None:
    from playwright.sync_api import expect

    told = page.locator(".fc-panel details[data-id='pacts-signed'] [data-role='moves']")
    expect(told).to_contain_text("one more case would move the answer by +")


def test_it_works_by_keys_alone_and_the_focus_stays(page) -> None:
    from playwright.sync_api import expect

    page.locator("summary", has_text=re.compile("^Tolls raised")).focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".fc-panel ol li")).to_have_count(1)
    number(page)
    assert page.evaluate("document.activeElement.dataset.field") == "events"
    expect(page.locator(".fc-panel ol li")).to_contain_text("Times it happened: 2 becomes 3")
    page.locator("[data-do='clear']").click()


def test_a_rival_class_is_chosen_by_keys_and_taken_back_by_keys(page) -> None:
    from playwright.sync_api import expect

    expect(page.locator(".fc-panel ol li")).to_have_count(0)  # the change before is taken back, and the page drawn anew
    before = number(page)
    page.locator("summary", has_text="counted in: pacts signed").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    expect(page.locator(".fc-panel ol li")).to_have_count(1)
    expect(page.locator(".fc-panel [data-role='change']")).to_be_visible()  # weights do not carry here: it is fitted anew
    assert number(page) < before
    assert page.evaluate("document.activeElement.dataset.field") == "reference_class"
    expect(page.locator(".fc-panel ol li")).to_contain_text("Counted in: Pacts signed (6 in 40 years")
    page.keyboard.press("ArrowUp")
    expect(page.locator(".fc-panel ol li")).to_have_count(0)
    assert number(page) == before


def test_yaml_needs_a_reason_and_then_holds_the_change(page) -> None:
    from playwright.sync_api import expect

    expect(page.locator(".fc-panel ol li")).to_have_count(0)  # the change before is taken back, and the page drawn anew
    page.locator("summary", has_text="n-001").evaluate("summary => summary.parentElement.open = true")
    page.locator("select[data-record='n-001'][data-field='credibility']").select_option(index=5)
    expect(page.locator(".fc-panel ol li")).to_have_count(1)
    expect(page.locator("[data-do='yaml']")).to_be_disabled()
    expect(page.locator("[data-do='write']")).to_be_disabled()
    page.get_by_label("Reason").fill("Nobody has confirmed it since.")
    page.locator("[data-do='yaml']").click()
    expect(page.locator(".fc-panel pre")).to_contain_text("credibility: 6")
    expect(page.locator(".fc-panel pre")).to_contain_text("# Reason: Nobody has confirmed it since.")


def test_what_is_written_stands_in_the_records(page, folder: Path) -> None:
    from playwright.sync_api import expect

    page.locator("[data-do='write']").click()
    expect(page.get_by_text("Written to priors/claims/norland-times.yaml")).to_be_visible()
    assert "Nobody has confirmed it since." in (folder / "priors/claims/norland-times.yaml").read_text("utf-8")
    page.locator("[data-do='clear']").click()


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_axe_finds_nothing_and_no_text_is_cut_in_either_theme(page, theme: str, tmp_path: Path) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page.evaluate(f"document.body.dataset.jpThemeLight = '{str(theme == 'light').lower()}'")
    dark = page.locator(".fc-panel").get_attribute("data-theme") == "dark"
    if theme == "light":  # as its style sheet would: the colours that JupyterLab's light theme sets
        colours = "--jp-layout-color1: #fff; --jp-layout-color2: #eee; --jp-content-font-color1: #1f2328;"
        page.add_style_tag(content=f":root {{ {colours} }}")
    assert dark == (theme == "dark")
    found = Axe().run(page, context=".fc-panel")
    assert found.violations_count == 0, found.generate_report()
    cut = page.locator(".fc-panel :is(h2, h3, p, label, th, td, button, summary)").evaluate_all(
        "all => all.filter(one => one.scrollWidth > one.clientWidth + 1 && one.clientWidth).map(one => one.textContent)"
    )
    assert cut == []
    page.locator(".fc-panel").screenshot(path=tmp_path / f"{theme}.png")
    assert (tmp_path / f"{theme}.png").stat().st_size > 20_000


def test_a_panel_that_is_closed_leaves_no_thread(page) -> None:
    from playwright.sync_api import expect

    page.locator(".jp-Notebook .jp-CodeCell").last.click()
    page.locator("[data-command='notebook:insert-cell-below']").first.click()
    page.keyboard.press("Enter")
    page.keyboard.insert_text(CLOSE)
    page.keyboard.press("Shift+Enter")
    expect(page.locator(".jp-OutputArea-output").last).to_have_text("[]")
    expect(page.locator(".fc-panel")).to_have_count(0)
