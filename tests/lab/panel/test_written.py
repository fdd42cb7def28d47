"""A session whose changes are written: what the files keep after an undo, what is written back, and writes that fail."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from panels import SOFTER, on_its_own_copy, settled
from tornado.httpclient import HTTPRequest
from tornado.websocket import websocket_connect

from forecasting.coding.write import locked
from forecasting.lab.panel.follow import Follower
from forecasting.lab.panel.serve import serve
from forecasting.lab.panel.session import Session


def test_undoing_what_was_written_says_that_the_file_keeps_it(follower: Follower, tmp_path: Path) -> None:
    session = Session(on_its_own_copy(follower, tmp_path), lambda view: None, question="pact-by-2025", write=True)
    path = tmp_path / "priors/claims/norland-times.yaml"
    view = settled(session, SOFTER)
    assert (view["unwritten"], view["edits"][0]["kept"]) == (["n-001 credibility"], "")
    view = settled(session, {"do": "write", "reason": "Nobody has confirmed it."})
    assert view["said"].startswith("Written to priors/claims/norland-times.yaml. ")
    assert (view["unwritten"], view["taken_back"], view["edits"][0]["kept"], view["writes"]) == ([], [], "written", 1)
    assert "credibility: 6" in path.read_text("utf-8")
    view = settled(session, {"do": "undo", "index": 0})
    assert view["edits"] == []
    label = "6 – truth cannot be judged (not known; weighs less than 5 in this scale)"
    told = f"Taken back here only: priors/claims/norland-times.yaml still says Information: {label} (n-001)"
    assert view["taken_back"] == [told]
    assert view["unwritten"] == ["n-001 credibility"]
    other = {"do": "set", "record": "n-001", "field": "reliability", "value": "F"}
    assert settled(session, other)["taken_back"] == [told]  # it stays said, whatever comes next
    assert settled(session, {"do": "clear"})["taken_back"] == [told]
    view = settled(session, {"do": "write", "reason": "It was right as it stood."})
    assert view["said"].startswith("Written back to priors/claims/norland-times.yaml")
    assert (view["taken_back"], view["unwritten"], view["failed"]) == ([], [], "")
    text = path.read_text("utf-8")
    assert "credibility: 6" not in text
    assert "credibility 6 became 3: It was right as it stood." in " ".join(text.split())
    session.close()


def test_another_value_than_the_written_one_says_what_the_file_has(follower: Follower, tmp_path: Path) -> None:
    session = Session(on_its_own_copy(follower, tmp_path), lambda view: None, question="pact-by-2025", write=True)
    settled(session, SOFTER, {"do": "write", "reason": "Nobody has confirmed it."})
    view = settled(session, {**SOFTER, "value": 5})
    assert view["edits"][0]["kept"].startswith("the file says 6 – truth cannot be judged")
    assert (view["taken_back"], view["unwritten"]) == ([], ["n-001 credibility"])
    session.close()


def test_whatever_happens_in_a_write_the_page_is_told_that_it_is_over(
    follower: Follower, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    views: list[dict[str, Any]] = []
    session = Session(on_its_own_copy(follower, tmp_path), views.append, question="pact-by-2025", write=True)
    settled(session, SOFTER)
    write = {"do": "write", "reason": "Nobody has confirmed it."}
    monkeypatch.setattr("forecasting.coding.write.PATIENCE", 0.05)
    with locked(tmp_path / "priors"):
        session.handle(write)
    assert "another command is writing into" in views[-1]["failed"]
    assert views[-1]["writes"] == 1

    def failing(error: Exception) -> None:
        def raises(*given: Any) -> Any:
            raise error

        monkeypatch.setattr("forecasting.lab.panel.session.write_changes", raises)

    failing(PermissionError(13, "Permission denied"))
    session.handle(write)
    assert "Permission denied" in views[-1]["failed"]
    assert views[-1]["writes"] == 2
    failing(IndexError("list index out of range"))
    with pytest.raises(IndexError, match="out of range"):  # with its traceback, for whoever runs the panel
        session.handle(write)
    assert "nobody foresaw" in views[-1]["failed"]
    assert views[-1]["writes"] == 3
    assert len(views[-1]["edits"]) == 1
    session.close()


def test_a_page_stays_open_when_a_message_meets_what_nobody_foresaw(
    follower: Follower, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def raises(*given: Any) -> Any:
        raise IndexError

    monkeypatch.setattr("forecasting.lab.panel.session.write_changes", raises)

    async def asked() -> tuple[dict[str, Any], dict[str, Any]]:
        told: list[str] = []
        begin = partial(Session, follower, question="pact-by-2025", write=True)
        served = asyncio.create_task(serve(begin, title="Test", token="secret", port=0, ready=told.append))
        while not told:
            await asyncio.sleep(0.01)
        address = told[0].partition("/?")[0]
        headers = {"Origin": address, "Cookie": f"forecasting-panel-{address.rpartition(':')[2]}=secret"}
        page = await websocket_connect(HTTPRequest(f"{address.replace('http', 'ws', 1)}/live", headers=headers))
        views = []
        for message in (None, {"do": "write", "reason": "Nobody has confirmed it."}, {"do": "show"}):
            if message:
                await page.write_message(json.dumps(message))
            views.append(json.loads(await page.read_message()))
        page.close()
        while await page.read_message() is not None:
            pass
        os.kill(os.getpid(), signal.SIGINT)
        await served
        return views[1], views[2]

    failed, shown = asyncio.run(asked())
    assert "nobody foresaw" in failed["failed"]
    assert (failed["writes"], shown["failed"]) == (1, "")
    assert "IndexError" in caplog.text
