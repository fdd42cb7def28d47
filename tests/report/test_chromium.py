"""The report in a real browser: it asks for nothing, runs nothing, complains of nothing, and fits a phone."""

from __future__ import annotations

import pytest
from browser import CHROMIUM, Browser
from poison import PAYLOADS, poison
from shown_editions import project_edition, report_of

from forecasting.report.render import write_report

pytestmark = [
    pytest.mark.skipif(not CHROMIUM, reason="chromium is not installed (Debian: apt-get install chromium)"),
    pytest.mark.slow,
]


@pytest.fixture(scope="module")
def browser():
    with Browser() as opened:
        yield opened


@pytest.fixture(scope="module")
def edition():
    return project_edition("2024-12-syria")


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    path = tmp_path_factory.mktemp("report") / "2024-12-syria.html"
    path.write_text(report_of("2024-12-syria"), "utf-8")
    return path


@pytest.fixture(scope="module")
def nasty_report(edition, tmp_path_factory):
    return write_report(*poison(edition, PAYLOADS), tmp_path_factory.mktemp("nasty"))


@pytest.mark.slow
@pytest.mark.parametrize("width", [1200, 400])
@pytest.mark.parametrize("kind", ["report", "nasty_report"])
def test_a_report_requests_nothing_runs_nothing_and_fits_the_window(browser, kind, width, request):
    browser.open(request.getfixturevalue(kind), width)
    browser.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
    assert browser.requests() == []
    assert browser.complaints() == []
    assert browser.evaluate("document.scripts.length") == 0
    assert browser.evaluate("document.documentElement.scrollWidth") <= width


def test_the_browser_test_would_find_a_request_and_a_handler(browser, tmp_path):
    page = tmp_path / "bad.html"
    page.write_text("<img src='https://example.invalid/x.png' onerror='console.log(1)'>", "utf-8")
    browser.open(page)
    assert browser.requests() == ["https://example.invalid/x.png"]
    assert browser.complaints()


def test_the_policy_of_the_page_stops_what_escaping_might_miss(browser, report, tmp_path):
    hole = "<img src='https://example.invalid/x.png'><script>window.bitten = 1</script></body>"
    page = tmp_path / "hole.html"
    page.write_text(report.read_text("utf-8").replace("</body>", hole), "utf-8")
    browser.open(page)
    assert browser.evaluate("window.bitten === undefined")
    assert len([line for line in browser.complaints() if "Content Security Policy" in line]) >= 2


@pytest.mark.slow
def test_each_picture_shows_in_the_variant_for_the_window(browser, report):
    shown = "[...document.querySelectorAll('svg.{0}')].every(svg => svg.getBoundingClientRect().width > 300)"
    for width, kind, other in ((1200, "wide", "narrow"), (400, "narrow", "wide")):
        browser.open(report, width)
        assert browser.evaluate(shown.format(kind))
        assert not browser.evaluate(shown.format(other))


def test_paper_shows_what_a_screen_folds_away(browser, report):
    browser.open(report, 800)
    inside = "[...document.querySelectorAll('details > *:not(summary)')]"
    heights = f"{inside}.map(part => part.checkVisibility() && part.offsetHeight)"
    folded = browser.evaluate(heights)
    browser.page("Emulation.setEmulatedMedia", media="print")
    printed = browser.evaluate(heights)
    browser.page("Emulation.setEmulatedMedia", media="")
    assert folded
    assert not any(folded)
    assert all(printed)


def test_text_has_a_contrast_of_four_and_a_half_to_one(browser, report):
    browser.open(report, 1200)
    assert browser.evaluate(CONTRAST) >= 4.5


CONTRAST = """
(() => {
  const part = v => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
  const rgb = text => text.match(/[0-9.]+/g).map(Number);
  const ground = element => {
    for (let at = element; at; at = at.parentElement) {
      const color = rgb(getComputedStyle(at).backgroundColor);
      if (color.length === 3 || color[3] > 0) return color;
    }
    return [255, 255, 255];
  };
  let least = 21;
  for (const element of document.querySelectorAll('body *')) {
    const texts = [...element.childNodes].filter(node => node.nodeType === 3 && node.data.trim());
    if (!texts.length) continue;
    const style = getComputedStyle(element);
    const ink = light(rgb(element.tagName === 'text' ? style.fill : style.color));
    const paper = element.tagName === 'text' ? light([241, 244, 247]) : light(ground(element));
    least = Math.min(least, (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05));
  }
  return least;
})()
"""
