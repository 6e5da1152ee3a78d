"""The port that waits for the console's page to deliver a token: on 127.0.0.1 alone, for one sign-in.

What the page is answered, and the port itself; `delivery.py` has what it delivers.
"""

from __future__ import annotations

import contextlib
import re
import secrets
import socket
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread
from types import TracebackType
from typing import Any, Self

from codingplan_bar.commands.login.delivery import Parcel, token_in
from codingplan_bar.paths import NAME
from codingplan_bar.regions import ConsoleToken, Site

# What the page is answered, as data.
#
# What browsers do with each answer was tried in Chromium 156 and Firefox 153. `Origin` says nothing about who asks: a
# form sends `null` and a navigation none, so the `state` alone is the guard.

METHODS = ("GET", "POST", "PUT", "PATCH")
PAGE_PATH = "/signed-in"
ALWAYS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Connection": "close",
}
HTML = {"Content-Type": "text/html; charset=utf-8"}
_ORIGIN = re.compile(r"[\x21-\x7e]{1,255}")
_HEADER_NAMES = re.compile(r"[A-Za-z0-9,\- ]{1,1000}")
_PREFETCH = ("Sec-Purpose", "Purpose", "X-Moz")


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer: `body` is empty for what has none."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Sender:
    """Who asks, as far as the headers say it."""

    method: str
    headers: Message

    @property
    def navigates(self) -> bool:
        """Whether a person sees the answer as a page. Old browsers do not say so; they ask for HTML first."""
        mode = self.headers.get("Sec-Fetch-Mode", "").lower()
        return mode == "navigate" or (not mode and self.headers.get("Accept", "").startswith("text/html"))

    @property
    def only_looks(self) -> bool:
        """Whether no browser has gone there yet: a prefetch, or a HEAD."""
        hints = (self.headers.get(name, "").lower() for name in _PREFETCH)
        return self.method == "HEAD" or any("prefetch" in hint or "preview" in hint for hint in hints)


def preflight(asker: Sender) -> Reply:
    """Let a page's script ask, whatever page it is: it cannot do anything without the `state`."""
    wanted = asker.headers.get("Access-Control-Request-Headers", "")
    return Reply(
        204,
        {
            "Access-Control-Allow-Methods": ", ".join(METHODS),
            "Access-Control-Allow-Headers": wanted if _HEADER_NAMES.fullmatch(wanted) else "Content-Type",
            "Access-Control-Allow-Private-Network": "true",
        },
    )


def taken(asker: Sender) -> Reply:
    """A good delivery, the first or a later one.

    A GET that navigates has the token in its address: after a 204 the browser stays where it is and keeps no trace.
    A form that navigates is led on to a page, so that going back sends nothing twice.
    """
    if not asker.navigates:
        return Reply(200, {"Content-Type": "application/json"}, b'{"ok":true}')
    return Reply(204) if asker.method == "GET" else Reply(303, {"Location": PAGE_PATH})


def refused(asker: Sender, status: int, page: bytes) -> Reply:
    """Whatever is not a good delivery; `page` is for a person who sees it."""
    if asker.navigates:
        return Reply(status, HTML, page)
    return Reply(status, {"Content-Type": "application/json"}, b'{"ok":false}')


def headers_for(asker: Sender, reply: Reply) -> dict[str, str]:
    """All of an answer's headers. A credentialed request fails with `*`, so the origin is echoed, on errors, too."""
    origin = asker.headers.get("Origin", "")
    echoed = {"Access-Control-Allow-Origin": origin, "Access-Control-Allow-Credentials": "true"}
    length = {} if reply.status == 204 else {"Content-Length": str(len(reply.body))}
    return {**ALWAYS, "Vary": "Origin", **(echoed if _ORIGIN.fullmatch(origin) else {}), **reply.headers, **length}


# The port.

LOOPBACK = "127.0.0.1"
OWN_NAMES = (LOOPBACK, "localhost")
UNNAMED_PORT = 80
"""The one that no address of http names, and no `Host` either."""
NO_BROWSER_GOES_THERE = frozenset(
    (
        *(1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109),
        *(110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526, 530),
        *(531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045),
        *(4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080),
    )
)
"""The bad ports of the Fetch Standard (2.9): a page that wants to deliver there is kept from it without a word."""
LARGEST_BODY = 64 * 1024
MOST_DRAINED = 1024 * 1024
PER_CONNECTION = 10.0
"""Seconds that one connection may take, whatever it sends meanwhile."""
MOST_CONNECTIONS = 256
"""At once. More than that is not a sign-in."""
AFTERWARDS = 2.5
"""Seconds that the port still answers after the token has come: pages try more than one way."""
POLL = 0.1
_LENGTH = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class Pages:
    """What a person sees in the browser, in their language: a sign-in that arrived, and one that did not."""

    arrived: bytes
    refused: bytes


@dataclass(slots=True)
class SignInState:
    """What the port waits for, and what has come: the first good delivery counts."""

    site: Site
    value: str = field(default_factory=lambda: secrets.token_hex(16), repr=False)
    token: ConsoleToken | None = field(default=None, repr=False)
    arrived: Event = field(default_factory=Event)
    lock: Lock = field(default_factory=Lock)

    def take(self, parcel: Parcel) -> bool:
        """Whether the delivery is a good one; later ones change nothing."""
        token = token_in(parcel, state=self.value, site=self.site)
        if token is None:
            return False
        with self.lock:
            self.token = self.token or token
        self.arrived.set()
        return True


class Listener(ThreadingHTTPServer):
    """Listens while a `with` block lasts; `port` 0 means any free one. Raises `OSError` where it cannot be had."""

    daemon_threads = True
    allow_reuse_address = True  # a port that was named is free again at once; one that somebody listens on is not
    request_queue_size = 128

    def __init__(self, site: Site, pages: Pages, *, port: int = 0) -> None:
        """Take the port; nothing is answered before the block begins."""
        self.sign_in = SignInState(site)
        self.pages = pages
        self._open: dict[socket.socket, float] = {}
        self._doors = Lock()
        super().__init__((LOOPBACK, port), _Conversation)
        self._thread = Thread(target=self.serve_forever, args=(POLL,), name=f"{NAME} login", daemon=True)

    def __enter__(self) -> Self:
        """Begin to answer."""
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Give the port back."""
        with contextlib.suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)  # wakes whoever waits for callers; macOS waits for `POLL` instead
        self.shutdown()
        self._hang_up(time.monotonic() + 2 * PER_CONNECTION)
        self.server_close()

    def wait(self, seconds: float) -> ConsoleToken | None:
        """The token, None where it does not come within `seconds`."""
        self.sign_in.arrived.wait(seconds)
        return self.sign_in.token

    def verify_request(self, request: Any, client_address: Any) -> bool:  # noqa: ARG002 - as the library asks
        """Whether there is room for one more connection."""
        with self._doors:
            return len(self._open) < MOST_CONNECTIONS

    def finish_request(self, request: Any, client_address: Any) -> None:
        """Talk with one client, in a thread of its own; one that goes away is its own business."""
        with self._kept_open(request), contextlib.suppress(OSError, ValueError):
            super().finish_request(request, client_address)

    def service_actions(self) -> None:
        """End the connections that have had their time; the library calls this ten times a second."""
        self._hang_up(time.monotonic())

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Print nothing: a request's text may hold a token."""

    @contextlib.contextmanager
    def _kept_open(self, request: socket.socket) -> Iterator[None]:
        with self._doors:
            self._open[request] = time.monotonic()
        try:
            yield
        finally:
            with self._doors:
                self._open.pop(request, None)

    def _hang_up(self, now: float) -> None:
        with self._doors:
            late = [each for each, since in self._open.items() if now - since > PER_CONNECTION]
        for each in late:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)


class _Conversation(BaseHTTPRequestHandler):
    """One request and its answer."""

    protocol_version = "HTTP/1.1"
    server_version = NAME
    sys_version = ""
    timeout = PER_CONNECTION
    server: Listener

    def do_GET(self) -> None:
        """Answer any method: what is not a delivery is refused in one place."""
        asker = Sender(self.command, self.headers)
        self.close_connection = True
        reply = self._reply(asker)
        self.send_response(reply.status)
        for name, value in headers_for(asker, reply).items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(reply.body)
        if reply.status in (411, 413):
            self._drain()

    do_POST = do_PUT = do_PATCH = do_OPTIONS = do_HEAD = do_DELETE = do_GET  # noqa: N815 - http.server's names

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - http.server's name
        """Say nothing: the address may hold a token."""

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:  # noqa: ARG002
        """What http.server itself turns down; its own words would repeat the request."""
        super().send_error(400, "Bad Request", "")

    def _drain(self) -> None:
        """Read on for a moment: a connection that is closed with something unread takes the answer along."""
        self.connection.shutdown(socket.SHUT_WR)
        self.connection.settimeout(1)
        for _ in range(MOST_DRAINED // LARGEST_BODY):
            if not self.connection.recv(LARGEST_BODY):
                return

    def _reply(self, asker: Sender) -> Reply:
        problem = self._problem()
        if problem:
            return refused(asker, problem, self.server.pages.refused)
        if self.command == "OPTIONS":
            return preflight(asker)
        path, _, query = self.path.partition("#")[0].partition("?")
        if self.server.sign_in.arrived.is_set() and self.command in ("GET", "HEAD") and path == PAGE_PATH:
            return Reply(200, HTML, self.server.pages.arrived)
        body = self.rfile.read(self._length())
        parcel = Parcel(query, body, self.headers.get("Content-Type", ""))
        if self.command in METHODS and not asker.only_looks and self.server.sign_in.take(parcel):
            return taken(asker)
        return refused(asker, 400, self.server.pages.refused)

    def _problem(self) -> int:
        """The status for what is not even looked at, else 0: another host's request, or a body of unknown length."""
        port = self.server.server_port
        names = [f"{host}:{port}" for host in OWN_NAMES] + [*(OWN_NAMES if port == UNNAMED_PORT else ())]
        if self.headers.get_all("Host") not in [[name] for name in names]:
            return 421
        lengths = set(self.headers.get_all("Content-Length") or ["0"])
        if self.headers.get("Transfer-Encoding") or len(lengths) > 1 or not _LENGTH.fullmatch(lengths.pop()):
            return 411
        return 413 if self._length() > LARGEST_BODY else 0

    def _length(self) -> int:
        return int(self.headers.get("Content-Length", "0"))
