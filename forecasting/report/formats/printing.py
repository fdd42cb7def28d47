"""Print a page to PDF with Chromium, as a person would who prints it: the same style, tags for a screen reader, bookmarks."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from forecasting.errors import ForecastingError, UsageError
from forecasting.report.formats.names import Paper

CHOSEN = "FORECAST_CHROMIUM"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge")
PATIENCE = 120  # seconds; the longest report takes six
FLAGS = (
    "--headless", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-extensions", "--host-resolver-rules=MAP * ~NOTFOUND",
    "--no-pdf-header-footer", "--export-tagged-pdf", "--generate-pdf-document-outline", "--lang=en",
)  # fmt: skip


def chromium() -> str:
    """Return the path of the browser that prints: the one named in FORECAST_CHROMIUM, or the first that is found.

    Raises
    ------
    UsageError
        If there is none.
    """
    chosen = os.environ.get(CHOSEN)
    for name in [chosen] if chosen else NAMES:
        if path := shutil.which(name):
            return path
    found = f"{CHOSEN} names {chosen}, which is no program" if chosen else "no Chromium or Chrome was found"
    fix = f"install it (Debian: apt-get install chromium) or name one in {CHOSEN}"
    raise UsageError(f"a PDF is printed by Chromium: {found}; {fix}")


def print_page(page: str, paper: Paper) -> bytes:
    """Return a page as PDF, as the browser writes it.

    Parameters
    ----------
    page : str
        A page that needs nothing else. The browser reaches no network, whatever the page asks for.
    paper : Paper

    Raises
    ------
    UsageError
        If there is no browser.
    ForecastingError
        If it prints nothing.
    """
    browser = chromium()
    sized = page.replace("</head>", f"<style>@page {{ size: {paper.value} }}</style>\n</head>", 1)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        source, target = Path(folder) / "page.html", Path(folder) / "page.pdf"
        source.write_text(sized, "utf-8")
        as_root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
        own = [f"--user-data-dir={folder}/profile", f"--print-to-pdf={target}", source.as_uri()]
        try:
            ran = subprocess.run([browser, *FLAGS, *as_root, *own], capture_output=True, timeout=PATIENCE, check=False)
        except subprocess.TimeoutExpired:
            raise ForecastingError(f"{browser} printed nothing within {PATIENCE} s; close other programs and try again") from None
        if not target.is_file():
            said = ran.stderr.decode("utf-8", "replace").strip().splitlines()[-1:]
            why = " ".join(said) or f"exit code {ran.returncode}"
            raise ForecastingError(f"{browser} printed nothing ({why}); name another browser in {CHOSEN}")
        return target.read_bytes()
