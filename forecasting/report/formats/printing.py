"""Print a page to PDF with Chromium, as a person would who prints it: the same style, tags for a screen reader, bookmarks."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from contextlib import suppress
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
        If it cannot be started, or prints nothing, or not all of it. Nothing of it runs on then.
    """
    browser = chromium()
    sized = page.replace("</head>", f"<style>@page {{ size: {paper.value} }}</style>\n</head>", 1)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        source, target, log = (Path(folder) / name for name in ("page.html", "page.pdf", "log"))
        source.write_text(sized, "utf-8")
        as_root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
        own = [f"--user-data-dir={folder}/profile", f"--print-to-pdf={target}", source.as_uri()]
        code = _run([browser, *FLAGS, *as_root, *own], log)
        printed = target.read_bytes() if target.is_file() else b""
        if not (printed.startswith(b"%PDF-") and b"%%EOF" in printed[-1024:]):
            said = log.read_text("utf-8", "replace").strip().splitlines()[-1:]
            what = "no whole PDF" if printed else "nothing"
            why = " ".join(said) or f"exit code {code}"
            raise ForecastingError(f"{browser} printed {what} ({why}); try again, or name another browser in {CHOSEN}")
        return printed


def _run(command: list[str], log: Path) -> int:
    """Run a browser to its end, with what it says in a file, and return its exit code; the processes it began end with it.

    A browser is many processes. They are a group of their own, which is ended as a whole however this ends: neither a helper that
    outlives its browser nor Ctrl-C leaves one behind.
    """
    with log.open("wb") as said:
        try:
            ran = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=said, start_new_session=True
            )
        except OSError as error:
            found = f"{command[0]} cannot be started ({error.strerror})"
            raise ForecastingError(f"{found}; name another browser in {CHOSEN}") from None
    try:
        return ran.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        found = f"{command[0]} printed nothing within {PATIENCE} s"
        raise ForecastingError(f"{found}; close other programs and try again") from None
    finally:
        with suppress(OSError):
            os.killpg(ran.pid, signal.SIGKILL) if hasattr(os, "killpg") else ran.kill()
        ran.wait()
