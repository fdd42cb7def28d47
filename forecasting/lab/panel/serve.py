"""The panel as a page for colleagues: loopback only, behind a token, without a kernel and without a file that it could give away.

Tornado, on which JupyterLab runs, rather than voila, Panel or Solara: voila starts a kernel for each visitor, which reads the
run anew and is there to run code; the other two want the page written in their own parts. Here the page is the widget's, and
a visitor can send the messages of a session and nothing else.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import signal
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import tornado.httpserver
import tornado.iostream
import tornado.netutil
import tornado.web
import tornado.websocket
from jinja2 import Environment
from pydantic_core import from_json
from tornado.log import app_log

from forecasting.errors import UsageError
from forecasting.lab.panel.session import Session
from forecasting.lab.panel.widget import STATIC
from forecasting.lab.parts.assets import SCRIPT as PARTS_SCRIPT
from forecasting.lab.parts.assets import STYLE as PARTS_STYLE

LOOPBACK = "127.0.0.1"
MOST_VISITORS = 8
MOST_BYTES = 16_384
MOST_CONNECTIONS = 64  # eight pages, each with its files and its session; more than a browser opens to one address
PATIENCE = 30  # seconds that a connection may take to say what it wants
TYPES = {".js": "text/javascript", ".css": "text/css"}
OWN = ("panel.js", "page.js", "panel.css", "page.css")
FILES = {path.name: path for path in (PARTS_SCRIPT, PARTS_STYLE, *(STATIC / name for name in OWN))}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; frame-ancestors 'none'; "
    "base-uri 'none'; form-action 'none'"
)

type Begin = Callable[[Callable[[dict[str, Any]], object]], Session]


@dataclass
class Panels:
    """What the handlers share: the token, who is there, and how a session begins."""

    begin: Begin
    title: str
    token: str
    port: int
    visitors: list[Live] = field(default_factory=list)

    @property
    def cookie(self) -> str:
        """Return the name of the cookie; all ports of loopback share their cookies."""
        return f"forecasting-panel-{self.port}"

    @property
    def hosts(self) -> tuple[str, str]:
        """Return the names under which the page may be asked for; another one would be a foreign page that resolves to here."""
        return f"{LOOPBACK}:{self.port}", f"localhost:{self.port}"


class Guarded(tornado.web.RequestHandler):
    """A handler that answers those who have the token, under the names of loopback, and tells browsers to keep to this page."""

    def initialize(self, panels: Panels) -> None:
        """Take what the handlers share."""
        self.panels = panels

    def set_default_headers(self) -> None:
        """Set what browsers may do with the answer."""
        for name, value in {
            "Content-Security-Policy": POLICY, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
            "Cache-Control": "no-store", "Cross-Origin-Resource-Policy": "same-origin",
        }.items():  # fmt: skip
            self.set_header(name, value)

    def prepare(self) -> None:
        """Refuse other names of this machine, and who has no token."""
        if self.request.host not in self.panels.hosts:
            raise tornado.web.HTTPError(403, reason="Not under this name")
        said = (self.get_query_argument("token", ""), self.get_cookie(self.panels.cookie, "") or "")
        if not any(hmac.compare_digest(self.panels.token.encode(), one.encode()) for one in said):
            raise tornado.web.HTTPError(403, reason="Open the whole address that forecast panel printed")

    def write_error(self, status_code: int, **known: Any) -> None:
        """Say in plain text what is wrong."""
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish(f"{status_code}: {self._reason}\n")


class Page(Guarded):
    """The page; the token moves from the address into a cookie, so that no history keeps it."""

    def get(self) -> None:
        """Return the page."""
        if self.get_query_argument("token", ""):
            self.set_cookie(self.panels.cookie, self.panels.token, httponly=True, samesite="Strict", path="/")
            self.redirect("/")
            return
        template = Environment(autoescape=True).from_string((STATIC / "page.html").read_text("utf-8"))
        self.finish(template.render(title=self.panels.title))


class File(Guarded):
    """One of the files that make the page; their names are fixed, so that no path can lead elsewhere."""

    def get(self, name: str) -> None:
        """Return a file."""
        self.set_header("Content-Type", f"{TYPES[FILES[name].suffix]}; charset=utf-8")
        self.finish(FILES[name].read_bytes())


class Live(Guarded, tornado.websocket.WebSocketHandler):
    """One visitor's session. Tornado takes connections from pages of this very origin only."""

    session: Session | None = None

    def open(self, *given: str, **named: str) -> None:
        """Begin a session and show it."""
        if len(self.panels.visitors) >= MOST_VISITORS:
            self.close(1013, f"There are {MOST_VISITORS} panels open already; close one.")
            return
        self.panels.visitors.append(self)
        loop = asyncio.get_running_loop()
        self.session = self.panels.begin(lambda view: loop.call_soon_threadsafe(self._show, json.dumps(view)))
        self.session.handle({"do": "show"})

    def on_message(self, message: str | bytes) -> None:
        """Have the session do what a message says."""
        try:
            said = from_json(message, allow_inf_nan=False)
        except ValueError:
            self.close(1003, "A message was not readable; reload the page.")
            return
        if self.session is not None:
            try:
                self.session.handle(said)
            except Exception:  # noqa: BLE001  the page, which stays, says so; whoever serves it sees the traceback
                app_log.exception("a message of a page could not be dealt with")

    def on_close(self) -> None:
        """End the session; its thread may run out meanwhile."""
        if self in self.panels.visitors:
            self.panels.visitors.remove(self)
        if self.session is not None:
            asyncio.get_running_loop().run_in_executor(None, self.session.close)

    def _show(self, view: str) -> None:
        if self.ws_connection is not None and not self.ws_connection.is_closing():
            self.write_message(view)


class FewConnections(tornado.httpserver.HTTPServer):
    """A server that takes so many connections at a time, and closes a further one at once.

    A connection needs no token, and Tornado tells of each that the system has no room for, again and again: a program of this
    machine that opened a thousand would keep a core busy and fill a log.
    """

    def initialize(self, *given: Any, **named: Any) -> None:
        """Begin with none."""
        super().initialize(*given, **named)
        self._streams: list[tornado.iostream.IOStream] = []

    def handle_stream(self, stream: tornado.iostream.IOStream, address: Any) -> None:
        """Take a connection, or close it."""
        self._streams = [one for one in self._streams if not one.closed()]
        if len(self._streams) >= MOST_CONNECTIONS:
            stream.close()
            return
        self._streams.append(stream)
        super().handle_stream(stream, address)


async def serve(begin: Begin, *, title: str, token: str, port: int, ready: Callable[[str], None]) -> None:
    """Serve panels on loopback until Ctrl-C or SIGTERM; then every session is closed.

    Parameters
    ----------
    begin : callable
        Given what shows a view, returns the session of a new visitor.
    title : str
        Heading of the page.
    token : str
        Who has it may look.
    port : int
        0 takes any that is free.
    ready : callable
        Called with the whole address once it can be opened.

    Raises
    ------
    UsageError
        If the port cannot be opened: it is taken, or needs rights that this user lacks.
    """
    try:
        sockets = tornado.netutil.bind_sockets(port, address=LOOPBACK)
    except OSError as error:
        found = f"port {port} of {LOOPBACK} cannot be opened: {error.strerror}"
        raise UsageError(f"{found}; name another with --port, or leave it out") from None
    panels = Panels(begin, title, token, sockets[0].getsockname()[1])
    shared = {"panels": panels}
    names = "|".join(name.replace(".", r"\.") for name in FILES)
    application = tornado.web.Application(
        [(r"/", Page, shared), (rf"/({names})", File, shared), (r"/live", Live, shared)],
        websocket_max_message_size=MOST_BYTES, log_function=lambda handler: None,
    )  # fmt: skip
    server = FewConnections(
        application, max_body_size=MOST_BYTES, max_header_size=MOST_BYTES, idle_connection_timeout=PATIENCE, body_timeout=PATIENCE
    )
    server.add_sockets(sockets)
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    ready(f"http://{LOOPBACK}:{panels.port}/?token={token}")
    await stop.wait()
    server.stop()
    sessions = [visitor.session for visitor in panels.visitors if visitor.session is not None]
    for visitor in list(panels.visitors):
        visitor.close(1001, "The panel has ended.")
    await asyncio.gather(*(asyncio.to_thread(session.close) for session in sessions))
    await server.close_all_connections()
