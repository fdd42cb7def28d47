"""The panel as a page: for this machine and who has the token, no file beside its own, read-only unless told, ended by Ctrl-C."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from lab_server import CHROMIUM, browser_page
from tornado.httpclient import HTTPClientError, HTTPRequest
from tornado.websocket import websocket_connect
from toy import EDITION, toy_network, toy_priors

PROJECT = Path(__file__).resolve().parents[3]
pytestmark = pytest.mark.slow

@dataclass(frozen=True)
class Served:
    process: subprocess.Popen
    address: str

    @property
    def root(self) -> str:
        return self.address.partition("?")[0]

    @property
    def token(self) -> str:
        return self.address.partition("token=")[2]


def begin(folder: Path, *options: str) -> Served:
    """Start `forecast panel` on a copy of the test edition, shortened: there is no run, so that it is fitted first."""
    _ = toy_network().compiled  # once for the machine
    priors = Path(shutil.copytree(toy_priors(), folder / "priors"))
    edition = priors / f"editions/{EDITION}.yaml"
    edition.write_text(re.sub(r"(?m)^draws: \d+", "draws: 500", edition.read_text("utf-8")), "utf-8")
    where = ["--priors", str(priors), "--runs", str(folder / "runs"), "--question", "pact-by-2025"]
    command = [sys.executable, "-m", "forecasting.cli.main", "panel", EDITION, *where, *options]
    env = {**os.environ, "PYTHONPATH": str(PROJECT)}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=env)
    said = ""
    for line in process.stdout:
        said += line
        if found := re.search(r"Open (http://127\.0\.0\.1:\d+/\?token=\S+)", line):
            return Served(process, found[1])
    raise AssertionError(said + process.stderr.read())


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    found = begin(tmp_path_factory.mktemp("panel"))
    yield found
    found.process.kill()
    found.process.communicate()


def fetched(address: str, **headers: str) -> tuple[int, str, dict[str, str]]:
    request = urllib.request.Request(address, headers={name.replace("_", "-"): value for name, value in headers.items()})
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, answer.read().decode(), dict(answer.headers)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode(), dict(error.headers)


def test_nothing_is_shown_without_the_token(served: Served) -> None:
    for path in ("", "panel.js", "page.js", "panel.css", "live", "?token=", f"?token={served.token[:-1]}", "?token=é"):
        status, text, _ = fetched(served.root + path.replace("é", "%C3%A9"))
        assert status == 403, path
        assert "pact" not in text
    assert fetched(served.root, Cookie="forecasting-panel=x")[0] == 403


def test_it_answers_under_the_names_of_loopback_alone(served: Served) -> None:
    # a foreign name that resolves to this machine (DNS rebinding) sends its own name
    assert fetched(served.address, Host="panel.example.org")[0] == 403
    port = served.root.rstrip("/").rpartition(":")[2]
    for other in ("127.0.0.2", "::1"):  # a socket of all addresses would take these too
        with pytest.raises(OSError, match=r"refused|unreachable|assign|timed out|not supported"):
            socket.create_connection((other, int(port)), timeout=5)


def test_it_gives_no_file_but_its_own(served: Served) -> None:
    outside = ("..%2f..%2f..%2fetc/passwd", "%2e%2e/widget.py")
    for path in ("priors/effects.yaml", "static/panel.js", "widget.py", "panel.js/x", *outside):
        assert fetched(f"{served.root}{path}?token={served.token}")[0] == 404, path


def test_browsers_are_told_to_keep_to_this_page(served: Served) -> None:
    port = served.root.rstrip("/").rpartition(":")[2]
    status, text, headers = fetched(served.root, Cookie=f"forecasting-panel-{port}={served.token}")
    assert status == 200
    assert "what would change the answers" in text
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert served.token not in text


def connected(served: Served, origin: str, token: str) -> str:
    """Return the first message that a WebSocket gets, or the status with which it is refused."""

    async def connect() -> str:
        port = served.root.rstrip("/").rpartition(":")[2]
        headers = {"Origin": origin, "Cookie": f"forecasting-panel-{port}={token}"}
        request = HTTPRequest(served.root.replace("http", "ws", 1) + "live", headers=headers)
        try:
            panel = await websocket_connect(request)
        except HTTPClientError as error:
            return str(error.code)
        said = await panel.read_message()
        panel.close()
        while await panel.read_message() is not None:  # until the other side has closed too: no socket is left to the collector
            pass
        return str(said)

    return asyncio.run(connect())


def test_a_page_of_another_origin_or_without_the_token_cannot_connect(served: Served) -> None:
    port = int(served.root.rstrip("/").rpartition(":")[2])
    for origin in ("https://example.org", f"http://127.0.0.1:{port + 1}", "null"):
        assert connected(served, origin, served.token) == "403", origin
    assert connected(served, f"http://127.0.0.1:{port}", "guessed") == "403"
    assert "pact-by-2025" in connected(served, f"http://127.0.0.1:{port}", served.token)


@pytest.mark.parametrize(("sent", "code"), [("{", 1003), ('{"do": NaN}', 1003), ("[" * 10_000, 1003), ("x" * 20_000, 1009)])
def test_a_message_that_is_too_long_or_too_deep_ends_its_own_connection_alone(served: Served, sent: str, code: int) -> None:
    address = served.root.rstrip("/")
    headers = {"Origin": address, "Cookie": f"forecasting-panel-{address.rpartition(':')[2]}={served.token}"}

    async def closed() -> int | None:
        panel = await websocket_connect(HTTPRequest(f"{address.replace('http', 'ws', 1)}/live", headers=headers))
        await panel.write_message(sent)
        while await panel.read_message() is not None:
            pass
        panel.close()
        return panel.close_code

    assert asyncio.run(closed()) == code
    assert "pact-by-2025" in connected(served, address, served.token)


@pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")
@pytest.mark.parametrize("width", [1280, 390])
def test_a_colleague_moves_a_control_and_reads_the_number_and_cannot_write(served: Served, width: int) -> None:
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import expect

    with browser_page(width, 900) as page:
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.goto(served.address)
        answer = page.locator("[data-role='answer']").first
        answer.wait_for()
        before = answer.inner_text()
        assert "token" not in page.url
        page.locator("select[data-record='n-001'][data-field='wording']").select_option(label="unlikely (20 %)")
        expect(page.locator("[data-role='change']")).to_be_visible(timeout=20_000)
        expect(answer).not_to_have_text(before)
        expect(page.locator("[data-do='write']")).to_be_hidden()
        page.evaluate("const b = document.querySelector('[data-do=write]'); b.disabled = false; b.click()")
        expect(page.locator(".fc-failed")).to_contain_text("read-only")
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        head, search = page.locator(".fc-group").first, page.get_by_label("Find a record")
        whole = head.inner_text()
        search.fill("n-001")
        expect(head).to_have_text(re.compile(r"What is said \(1 of \d+\)"))
        search.fill("")
        expect(head).to_have_text(whole)
        # a reason is gone with the changes that it was written for, and stays while one of them is there
        reason = page.get_by_label("Reason")
        reason.fill("Nobody has confirmed it.")
        page.locator("select[data-record='n-001'][data-field='credibility']").select_option(index=5)
        expect(page.locator("[data-do='undo']")).to_have_count(2)
        expect(reason).to_have_value("Nobody has confirmed it.")
        page.locator("[data-do='undo']").first.click()
        expect(page.locator("[data-do='undo']")).to_have_count(1)
        expect(reason).to_have_value("")
        page.locator("[data-do='undo']").click()
        expect(answer).to_have_text(before, timeout=20_000)
        assert said == []


@pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")
def test_it_writes_where_it_was_told_and_ctrl_c_ends_it_while_a_page_is_open(tmp_path: Path) -> None:
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import expect

    served = begin(tmp_path, "--write")
    try:
        with browser_page() as page:
            page.goto(served.address)
            page.locator("select[data-record='n-001'][data-field='credibility']").select_option(index=5)
            page.get_by_label("Reason").fill("Nobody has confirmed it since.")
            page.locator("[data-do='write']").click()
            told = page.locator("section [role='status']")
            expect(told).to_contain_text("Writing …")
            expect(told).to_contain_text("Written to", timeout=20_000)
            expect(page.get_by_label("Reason")).to_have_value("")
            expect(page.locator(".fc-panel ol li")).to_contain_text("written")
            reason = page.get_by_label("Reason")
            reason.fill("Nobody has confirmed it since.")  # for a copy of what is written: it stays when the view comes
            page.locator("[data-do='yaml']").click()
            expect(page.locator(".fc-panel pre")).to_contain_text("credibility: 6")
            expect(reason).to_have_value("Nobody has confirmed it since.")
            page.locator("[data-do='undo']").click()
            expect(page.locator(".fc-back")).to_contain_text("Taken back here only: priors/claims/norland-times.yaml still says")
            found = Axe().run(page)
            assert found.violations_count == 0, found.generate_report()
            page.get_by_label("Reason").fill("It was right as it stood.")
            write = page.get_by_role("button", name="Write back to priors")
            write.click()
            expect(told).to_contain_text("Written back to", timeout=20_000)
            expect(page.locator(".fc-back")).to_be_hidden()
            expect(write).to_be_hidden()
            begun = time.monotonic()
            served.process.send_signal(signal.SIGINT)
            out, errors = served.process.communicate(timeout=20)
            assert served.process.returncode == 0, errors
            assert "Traceback" not in errors
            assert "the panel has ended" in out
            assert time.monotonic() - begun < 10
            expect(page.locator("#state")).to_contain_text("The panel has ended")
    finally:
        served.process.kill()
        served.process.communicate()
    text = " ".join((tmp_path / "priors/claims/norland-times.yaml").read_text("utf-8").split())
    assert "credibility 3 became 6: Nobody has confirmed it since." in text
    assert "credibility 6 became 3: It was right as it stood." in text


def test_an_unknown_question_is_refused_before_anything_is_fitted() -> None:
    from typer.testing import CliRunner

    from forecasting.cli.main import app

    ran = CliRunner().invoke(app, ["panel", EDITION, "--question", "pact-by-2035", "--priors", str(toy_priors())])
    assert ran.exit_code == 2
