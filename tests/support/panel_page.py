"""The panel's page with a payload in place of every text of its view, as the browser draws it."""

from __future__ import annotations

import itertools
import json
import re
import tempfile
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from browser import Browser
from injection import Alive, turned
from toy import toy_asked

from forecasting.lab.panel.follow import Follower
from forecasting.lab.panel.session import Session
from forecasting.lab.panel.widget import SCRIPT
from forecasting.lab.parts.assets import script

DRAWN = re.compile(r"M ?-?[0-9.]+[ ,]")
PAGE = """<!doctype html><meta charset=utf-8><link rel=icon href='data:,'><title>Panel</title><div id="panel"></div>
<script type="module" data-own>{code}
const view = JSON.parse(document.getElementById("view").textContent);
const model = {{ get: () => view, on: () => null, off: () => null, send: () => null }};
panel.render({{ model, el: document.getElementById("panel") }});
window.drawn = document.getElementById("panel").textContent.length;
</script><script type="application/json" id="view" data-own>{view}</script>"""


@cache
def view() -> dict[str, Any]:
    """Return what a real session shows after two changes and a curve, and what it failed at."""
    follower = Follower(toy_asked())
    follower.prepare()
    session = Session(follower, lambda view: None, question="pact-by-2025", write=True)
    for message in (
        {"do": "set", "record": "n-001", "field": "credibility", "value": 6}, {"do": "curve", "event": "pact-signed"},
        {"do": "yaml", "reason": "Nobody has confirmed it."},
    ):  # fmt: skip
        session.handle(message)
        session.wait()
    shown = session.view()
    session.close()
    return shown


def poisoned(value: Any, turn: Iterator[str]) -> Any:
    """Return plain values with a payload in place of every text; the points of a drawn line are worked out, and stay."""
    if isinstance(value, dict):
        return {key: poisoned(part, turn) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [poisoned(part, turn) for part in value]
    return next(turn) if isinstance(value, str) and value and not DRAWN.match(value) else value


def panel_page(payloads: Sequence[str]) -> str:
    """Return the panel as a page, drawn by its own module from a poisoned view."""
    code = script(SCRIPT).replace("export default", "const panel =", 1)
    said = json.dumps(poisoned(view(), itertools.cycle(payloads))).replace("<", "\\u003c")
    return PAGE.format(code=code, view=said)


def look_at_panel(browser: Browser, turns: Sequence[int]) -> Alive:
    """Return what comes alive in the panel's page over some turns of the payloads."""
    alive = Alive()
    with tempfile.TemporaryDirectory() as folder:
        for turn in turns:
            path = Path(folder) / "panel.html"
            path.write_text(panel_page(turned(turn)), "utf-8")
            alive.look(browser, path)
            assert browser.evaluate("window.drawn") > 100, "the panel drew nothing"
    return alive
