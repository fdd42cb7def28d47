"""Hold an open page to axe-core's rules of accessibility, in the browser of `browser`."""

from __future__ import annotations

import json

from axe_playwright_python.base import AXE_SCRIPT
from browser import Browser

TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
RUN = "axe.run({runOnly: %s, resultTypes: ['violations']}).then(found => found.violations.map(one => one.id + ' at ' + "
RUN += "one.nodes.slice(0, 3).map(node => node.target.join(' ') + ': ' + node.failureSummary).join('; ')))"


def violations(browser: Browser) -> list[str]:
    """Return each rule that the open page breaks, with where it does."""
    browser.evaluate(f"{AXE_SCRIPT}; true")
    return browser.evaluate(RUN % json.dumps(list(TAGS)))


def theme(browser: Browser, name: str) -> None:
    """Show pages in the light or the dark theme from now on."""
    browser.page("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": name}])
