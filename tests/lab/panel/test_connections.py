"""The panel's page and those without a token: who opens a thousand connections is turned away, and others are let in."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import threading
from collections.abc import Callable
from typing import Any

from forecasting.lab.panel import serve
from forecasting.lab.panel.serve import MOST_CONNECTIONS

ASKED = b"GET / HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nCookie: forecasting-panel-%d=sesame\r\nConnection: close\r\n\r\n"


def served(visit: Callable[[int], None]) -> None:
    """Serve a page until a visitor, in a thread of its own, has seen what he came for."""
    failures: list[BaseException] = []

    def visited(port: int) -> None:
        try:
            visit(port)
        except BaseException as error:  # noqa: BLE001
            failures.append(error)
        finally:
            os.kill(os.getpid(), signal.SIGTERM)

    def ready(address: str) -> None:
        port = int(address.split(":")[2].split("/")[0])
        threading.Thread(target=visited, args=(port,)).start()

    def begin(show: Any) -> Any:
        raise AssertionError("nobody asked for a session")

    asyncio.run(serve.serve(begin, title="A page", token="sesame", port=0, ready=ready))
    if failures:
        raise failures[0]


def connected(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=20)


def answer(connection: socket.socket) -> bytes:
    found = b""
    while part := connection.recv(65_536):
        found += part
    return found


def test_connections_beyond_the_most_are_closed_at_once_and_one_that_ends_makes_room() -> None:
    def visit(port: int) -> None:
        held = [connected(port) for _ in range(MOST_CONNECTIONS)]
        for _ in range(3 * MOST_CONNECTIONS):
            with connected(port) as more:
                assert more.recv(1) == b""
        held[0].sendall(ASKED % (port, port))
        assert answer(held[0]).startswith(b"HTTP/1.1 200 OK")
        with connected(port) as later:
            later.sendall(ASKED % (port, port))
            assert answer(later).startswith(b"HTTP/1.1 200 OK")
        for one in held:
            one.close()

    served(visit)


def test_a_connection_that_says_nothing_is_closed_after_a_while(monkeypatch) -> None:
    monkeypatch.setattr(serve, "PATIENCE", 0.2)

    def visit(port: int) -> None:
        for begun in (b"", b"GET / HT", b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9\r\n\r\nabc"):
            with connected(port) as silent:
                silent.sendall(begun)
                assert b"200 OK" not in answer(silent)

    served(visit)
