"""Drive Debian's Chromium over its debugging pipe: what a page requests, logs and measures, with no further package."""

from __future__ import annotations

import base64
import fcntl
import json
import os
import select
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

CHROMIUM = shutil.which("chromium")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--hide-scrollbars", "--remote-debugging-pipe",
)  # fmt: skip


class Browser:
    """One headless Chromium with one page. Use as a context manager."""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []
        self._id, self._rest = 0, b""

    def __enter__(self) -> Browser:
        assert CHROMIUM, "chromium is not installed"
        self._profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        self._start([CHROMIUM, *FLAGS, f"--user-data-dir={self._profile.name}", "about:blank"])
        try:
            self._attach()
        except BaseException:
            self.__exit__()
            raise
        return self

    def _start(self, command: list[str]) -> None:
        """Start the browser with the protocol's pipes as its descriptors 3 and 4, whatever is open here."""
        pairs = (os.pipe(), os.pipe())
        read_by_it, self._to = pairs[0]
        self._from, written_by_it = pairs[1]
        high = [fcntl.fcntl(end, fcntl.F_DUPFD, 10) for end in (read_by_it, written_by_it)]
        shell = f'exec "$0" "$@" 3<&{high[0]} 4>&{high[1]}'
        self._process = subprocess.Popen(
            ["bash", "-c", shell, *command], pass_fds=high, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        for end in (read_by_it, written_by_it, *high):
            os.close(end)

    def _attach(self) -> None:
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Network", "Log", "Runtime", "Audits"):
            self.page(f"{domain}.enable")

    def __exit__(self, *error: object) -> None:
        self._process.terminate()
        self._process.wait(20)
        os.close(self._to)
        os.close(self._from)
        self._profile.cleanup()

    def call(self, method: str, session: str | None = None, **params: Any) -> dict[str, Any]:
        """Call a method of the protocol and wait for its result."""
        self._id += 1
        message = {"id": self._id, "method": method, "params": params} | ({"sessionId": session} if session else {})
        os.write(self._to, json.dumps(message).encode() + b"\0")
        while True:
            got = self._next(60)
            if got.get("id") == self._id:
                assert "error" not in got, got
                return got["result"]

    def page(self, method: str, **params: Any) -> dict[str, Any]:
        """Call a method on the page."""
        return self.call(method, self._session, **params)

    def _next(self, seconds: float) -> dict[str, Any]:
        end = time.monotonic() + seconds
        while b"\0" not in self._rest:
            left = end - time.monotonic()
            ready, _, _ = select.select([self._from], [], [], max(left, 0))
            assert ready, f"no answer from chromium within {seconds} s"
            chunk = os.read(self._from, 1 << 20)
            assert chunk, "chromium went away"
            self._rest += chunk
        message, _, self._rest = self._rest.partition(b"\0")
        got = json.loads(message)
        if "method" in got:
            self.events.append(got)
        return got

    def open(self, path: Path, width: int = 1200, height: int = 900) -> None:
        """Load a file at a window size and wait until it has settled; earlier events are forgotten."""
        self.page("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        self.events.clear()
        self.page("Page.navigate", url=path.resolve().as_uri())
        while not any(event["method"] == "Page.loadEventFired" for event in self.events):
            self._next(60)
        self.evaluate("new Promise(done => setTimeout(done, 300))")

    def evaluate(self, expression: str) -> Any:
        """Return the value of a JavaScript expression on the page."""
        got = self.page("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in got, got
        return got["result"].get("value")

    def requests(self) -> list[str]:
        """Return the addresses that the page asked for since it was opened, its own left out."""
        sent = [e["params"] for e in self.events if e["method"] == "Network.requestWillBeSent"]
        addresses = [p["request"]["url"] for p in sent if p["type"] != "Document"]
        return [address for address in addresses if not address.startswith("data:")]

    def complaints(self) -> list[str]:
        """Return what the page logged: console messages, errors, breaches of its own security policy."""
        kinds = ("Log.entryAdded", "Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Audits.issueAdded",
                 "Page.javascriptDialogOpening")  # fmt: skip
        return [json.dumps(event["params"]) for event in self.events if event["method"] in kinds]

    def screenshot(self, path: Path, *, top: float = 0, height: float | None = None) -> None:
        """Save a picture of the page, or of a part of it."""
        size = self.page("Page.getLayoutMetrics")["cssContentSize"]
        clip = {"x": 0, "y": top, "width": size["width"], "height": height or size["height"] - top, "scale": 1}
        got = self.page("Page.captureScreenshot", clip=clip, captureBeyondViewport=True)
        path.write_bytes(base64.b64decode(got["data"]))
