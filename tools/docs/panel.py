"""Write docs/images/panel.png from the page that ``forecast panel`` serves: ``python tools/docs/panel.py``.

An edition's panel with two changes, one by importance weights and one by a refit, in Debian's Chromium. Where the edition has
no current run it is fitted first, which takes minutes.
"""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(PROJECT), str(PROJECT / "tests/support")]

from lab_server import browser_page  # noqa: E402
from playwright.sync_api import expect  # noqa: E402

PICTURE = PROJECT / "docs/images/panel.png"
EDITION, QUESTION = "2024-12-syria", "khmeimim-held-2025"
CHANGES = (("c-004", "reads", "about so much"), ("e-001", "grade", "weak (× 1.3)"))
SCROLL = """one => {
  const record = one.closest("details"), list = one.closest(".fc-list");
  list.scrollTop += record.getBoundingClientRect().top - list.getBoundingClientRect().top - 40;
  document.activeElement.blur();
}"""


def main() -> None:
    """Serve the panel, change two records, take the picture, end the server."""
    command = [sys.executable, "-m", "forecasting.cli.main", "panel", EDITION, "--question", QUESTION]
    server = subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True)
    try:
        address = next(found[1] for line in server.stdout if (found := re.search(r"Open (http\S+)", line)))
        with browser_page(1200, 1150, device_scale_factor=1.5, color_scheme="light") as page:
            page.goto(address)
            panel = page.locator(".fc-panel")
            for n, (record, field, label) in enumerate(CHANGES, 1):
                control = panel.locator(f"select[data-record='{record}'][data-field='{field}']")
                control.evaluate("one => { one.closest('details').open = true; }")
                control.select_option(label=label)
                panel.locator("ol li").nth(n - 1).wait_for()
            expect(panel).to_have_attribute("data-state", "settled", timeout=120_000)
            expect(panel.locator("ol li", has_text="…")).to_have_count(0, timeout=120_000)
            panel.locator(f"[data-record='{CHANGES[0][0]}']").first.evaluate(SCROLL)
            page.screenshot(path=PICTURE)
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(30)


if __name__ == "__main__":
    main()
