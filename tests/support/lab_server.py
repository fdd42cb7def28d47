"""JupyterLab on loopback with a token, and a page of Debian's Chromium to look at it: for tests and for pictures in docs."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat

if TYPE_CHECKING:
    from playwright.sync_api import Page

CHROMIUM = shutil.which("chromium")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
PROJECT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    """Return a port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def answers(address: str, seconds: float) -> None:
    """Wait until something answers at an address."""
    end = time.monotonic() + seconds
    while True:
        try:
            urllib.request.urlopen(address, timeout=5).close()
            return
        except OSError:
            assert time.monotonic() < end, f"nothing answers at {address}"
            time.sleep(0.2)


def write_notebook(path: Path, *sources: str) -> None:
    """Write a notebook of code cells, to be run with this project's own kernel."""
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), path)


@contextmanager
def lab(folder: Path, *, dark: bool = False) -> Iterator[str]:
    """Yield the address, token included, of a JupyterLab whose root is ``folder``; its settings stay in there."""
    settings = folder / ".lab"
    for name, text in {
        "notification.jupyterlab-settings": '{"fetchNews": "false", "checkForUpdates": false}',
        "themes.jupyterlab-settings": '{"theme": "JupyterLab Dark"}' if dark else "{}",
    }.items():
        path = settings / "user-settings/@jupyterlab/apputils-extension" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    token, port = secrets.token_hex(16), free_port()
    env = {
        **os.environ, "JUPYTER_CONFIG_DIR": str(settings), "JUPYTER_RUNTIME_DIR": str(settings / "runtime"),
        "JUPYTER_DATA_DIR": str(settings / "share"),
        "JUPYTERLAB_SETTINGS_DIR": str(settings / "user-settings"), "JUPYTERLAB_WORKSPACES_DIR": str(settings / "spaces"),
        "JUPYTER_TOKEN": token, "PYTHONPATH": os.pathsep.join([str(PROJECT), str(PROJECT / "tests/support")]),
        "IPYTHONDIR": str(settings / "ipython"),
    }  # fmt: skip
    command = [
        sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ServerApp.ip=127.0.0.1",
        f"--ServerApp.port={port}", "--ServerApp.port_retries=0", f"--ServerApp.root_dir={folder}",
        "--MappingKernelManager.transport_encryption=auto",
    ]  # fmt: skip
    with (folder / "lab.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, env=env, stdout=log, stderr=log)
        try:
            answers(f"http://127.0.0.1:{port}/api", 60)
            yield f"http://127.0.0.1:{port}/lab/tree/{{}}?token={token}"
        finally:
            process.terminate()
            process.wait(30)


@contextmanager
def browser_page(width: int = 1280, height: int = 900, **options: object) -> Iterator[Page]:
    """Yield a page of Debian's Chromium, driven through Playwright."""
    from playwright.sync_api import sync_playwright

    assert CHROMIUM, "chromium is not installed"
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            yield browser.new_page(viewport={"width": width, "height": height}, **options)
        finally:
            browser.close()


def run_all(page: Page, address: str, seconds: float = 120, until: str = ".fc-panel[data-state='settled']") -> None:
    """Open a notebook and run all of its cells until something is there; the kernel is ready before."""
    page.goto(address)
    page.get_by_text("| Idle").wait_for(timeout=60_000)  # before that the command does nothing
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.locator("[data-command='runmenu:run-all']").click()
    page.locator(until).last.wait_for(timeout=seconds * 1000)
