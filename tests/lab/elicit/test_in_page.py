"""Every way of asking in a browser: bars, borders and quartiles by pointer, touch and keys; narrow, in both themes, refused."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from elicit_page import show
from elicitations import chipped, quartered, ranged, shared
from lab_server import CHROMIUM, browser_page

from forecasting.lab.elicit.session import Session

pytestmark = [pytest.mark.slow, pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")]
pytest.importorskip("playwright")


MOVES = """one => {
  for (let n = 0; n < 60; n++) { one.value = 0.3 + n / 100; one.dispatchEvent(new Event("input")); }
  one.dispatchEvent(new Event("change"));
}"""


def begun(make: Callable) -> Session:
    session = Session(make(), lambda view: None)
    session.begin()
    session.wait()
    return session


def middle(page, selector: str) -> tuple[float, float]:
    box = page.locator(selector).bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def settled(page, session: Session, count: int):
    page.locator(".fc-elicit ol li").nth(count - 1).wait_for()
    return session.prior


def test_a_bar_is_raised_by_a_drag_by_a_press_and_by_keys() -> None:
    session = begun(chipped)
    with browser_page(1200, 900) as page:
        show(page, session)
        plot = page.locator(".fc-elicit svg").bounding_box()
        chip = (270 - 16) / 10 * plot["width"] / 560
        x, y = middle(page, "g[data-at='3'] .fc-grip")
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x, y - chip, steps=4)
        page.mouse.move(x, y - 2 * chip, steps=4)
        page.mouse.up()
        assert settled(page, session, 1).asked["chips"] == (1, 3, 4, 4, 0, 0, 0, 0, 0, 0)
        x, y = middle(page, "g[data-at='4'] .fc-grip")
        page.mouse.click(x, y - 2 * chip)
        assert settled(page, session, 2).asked["chips"][4] == 2
        page.locator("g[data-at='0']").focus()
        page.keyboard.press("ArrowUp")
        page.keyboard.press("ArrowUp")
        page.keyboard.press("Tab")
        assert settled(page, session, 3).asked["chips"] == (3, 3, 4, 4, 2, 0, 0, 0, 0, 0)
        assert page.locator("g[data-at='0']").get_attribute("aria-valuetext") == "3 of 16 chips, 19 %"


def test_a_border_is_dragged_and_stops_at_the_margin() -> None:
    session = begun(shared)
    with browser_page(1200, 900) as page:
        show(page, session)
        x, y = middle(page, "g[data-at='0'] .fc-grip")
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x - 400, y, steps=6)
        page.mouse.up()
        mode = settled(page, session, 1).asked["mode"]
        assert mode == (0.11, 0.69, 0.2)


def test_a_handle_follows_a_finger_on_a_narrow_screen_and_cannot_cross() -> None:
    session = begun(ranged)
    with browser_page(390, 800, has_touch=True, is_mobile=True) as page:
        show(page, session)
        x, y = middle(page, "g[data-field='lower'] .fc-grip")
        touch = page.context.new_cdp_session(page)
        for kind, to in (("touchStart", x), ("touchMove", x + 40), ("touchMove", x + 300), ("touchEnd", None)):
            points = [{"x": to, "y": y}] if to is not None else []
            touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
            page.wait_for_timeout(150)
        assert settled(page, session, 1).asked["lower"] == 0.39
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_quartiles_that_are_not_met_are_said_and_put_back() -> None:
    from playwright.sync_api import expect

    session = begun(quartered)
    with browser_page(1200, 900) as page:
        show(page, session)
        page.locator("[data-typed='q3']").fill("26")
        page.keyboard.press("Tab")
        refused = page.locator("[data-role='refused']")
        expect(refused).to_contain_text("Not met, so the prior stays as it was")
        expect(refused).to_contain_text("choose another family; look at the quartiles again")
        assert session.prior is session.first
        page.locator("[data-do='back']").click()
        expect(refused).to_be_hidden()
        expect(page.locator("[data-typed='q3']")).to_have_value("40")


def test_positions_are_sent_one_at_a_time_and_the_last_one_in_any_case() -> None:
    """While a position has no answer, of all that come the last is kept: what is sent is far less than what is moved."""
    session, sent = begun(ranged), []
    real = session.handle
    session.handle = lambda message: (sent.append(message), real(message))[1]
    with browser_page(1200, 900) as page:
        show(page, session)
        slider = page.locator("[data-typed='mass']")
        slider.evaluate(MOVES)
        page.locator(".fc-elicit ol li", has_text="80 % becomes 89 %").wait_for()
        page.wait_for_timeout(300)
    assert session.prior.asked["mass"] == 0.89
    assert len(sent) <= 3


@pytest.mark.parametrize("make", [ranged, quartered, chipped, shared])
@pytest.mark.parametrize(("theme", "width"), [("light", 1200), ("dark", 1200), ("light", 390), ("dark", 390)])
def test_axe_finds_nothing_and_nothing_is_cut(make: Callable, theme: str, width: int) -> None:
    from axe_playwright_python.sync_playwright import Axe

    session = begun(make)
    message = {
        "maxent": {"field": "upper", "value": 0.5},
        "quartile": {"field": "q3", "value": 0.26},
        "roulette": {"field": "chips", "at": 0, "value": 2.0},
        "dirichlet": {"field": "mode", "at": 0, "value": 0.4},
    }
    session.handle({"do": "set", **message[session.first.method]})
    with browser_page(width, 900, color_scheme=theme) as page:
        show(page, session)
        page.wait_for_timeout(600)
        found = Axe().run(page, context=".fc-elicit")
        assert found.violations_count == 0, found.generate_report()
        cut = page.locator(".fc-elicit :is(h2, h3, p, label, th, td, button)").evaluate_all(
            "all => all.filter(one => one.scrollWidth > one.clientWidth + 1 && one.clientWidth).map(one => one.textContent)"
        )
        assert cut == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
