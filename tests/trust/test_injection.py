"""No text of a record comes alive in anything that is shared: no script, no handler, no request, in a real browser.

``python -m benchmarks.injection`` has each of the 60 payloads in each text field, by turning them 60 times; here are two turns.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from browser import CHROMIUM, Browser
from injection import Alive, look_at, n_fields, surfaces
from poison import PAYLOADS

pytestmark = pytest.mark.skipif(not CHROMIUM, reason="chromium is not installed (Debian: apt-get install chromium)")


def test_there_are_60_payloads_and_every_form_that_is_shared() -> None:
    assert len(set(PAYLOADS)) == len(PAYLOADS) >= 60
    assert n_fields() >= 60


@pytest.fixture(scope="module")
def browser():
    with Browser() as opened:
        yield opened


@pytest.mark.slow
def test_nothing_comes_alive_in_anything_that_is_shared(browser: Browser, tmp_path: Path) -> None:
    found = look_at(browser, (0, 31), tmp_path)
    assert {name: (alive.scripts, alive.handlers, alive.requests, alive.other) for name, alive in found.items()} == dict.fromkeys(
        found, (0, 0, 0, 0)
    )
    assert len(found) == 9


def test_a_text_that_came_alive_would_be_found(browser: Browser, tmp_path: Path) -> None:
    pages = {"script": "<script>1</script>", "handlers": "<p onclick='1'>x</p>", "requests": "<img src='https://example.invalid/x.png'>",
             "other": "<a href='javascript:alert(1)'>x</a>"}  # fmt: skip
    for kind, hole in pages.items():
        path = tmp_path / f"{kind}.html"
        path.write_text(f"<!doctype html><link rel=icon href='data:,'>{hole}", "utf-8")
        alive = Alive()
        alive.look(browser, path)
        assert alive.found(), kind


@pytest.mark.slow
def test_every_payload_is_shown_somewhere() -> None:
    shown = dict(surfaces(0))["notebook"]
    assert "alert(1)" in shown
    assert "<script" not in shown.lower()
