"""The whole console: an account at the provider, served on loopback HTTPS while a `with` block lasts."""

from __future__ import annotations

import socket
import ssl
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import ThreadingTCPServer
from threading import Event, Lock, Thread
from types import TracebackType
from typing import Any, Self

from support.console import account
from support.console.account import Account
from support.console.answers import Answer, Request, request
from support.console.certificate import Certificate, issue
from support.console.demands import Refused

LARGEST_BODY = 1 << 20  # bytes; a quota request has less than two thousand
IDLE = 30  # seconds that a connection may say nothing


class Server(ThreadingTCPServer):
    """Serves on a free port of 127.0.0.1. Not http.server's own class, which looks its host's name up in the DNS."""

    allow_reuse_address = True
    request_queue_size = 64

    def __init__(
        self, context: ssl.SSLContext, answer: Callable[[Request], Answer], complain: Callable[[str], None]
    ) -> None:
        """`answer` and `complain` are called from many threads; `complain` is told of what is no request at all."""
        self.context = context
        self.answer = answer
        self.complain = complain
        self.closing = Event()
        self._open: set[socket.socket] = set()
        self._doors = Lock()
        super().__init__(("127.0.0.1", 0), _Conversation)

    def finish_request(self, request: Any, client_address: Any) -> None:
        """Talk with one client, in its own thread; the handshake is part of the talk, so that no other has to wait."""
        wrapped = self.context.wrap_socket(request, server_side=True, do_handshake_on_connect=False)
        with wrapped, self._kept_open(wrapped):
            self._converse(wrapped, client_address)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Print nothing: what needs to be told has been told already."""

    def close(self) -> None:
        """Hang up on everybody and wait for the threads to end."""
        _hang_up(self.socket)  # wakes whoever waits for callers
        self.shutdown()
        with self._doors:
            self.closing.set()
            for connection in self._open:
                _hang_up(connection)
        self.server_close()

    def _converse(self, connection: socket.socket, client_address: Any) -> None:
        """Let a client go that went away or did not trust the certificate; tell any other error, which is ours."""
        try:
            super().finish_request(connection, client_address)
        except OSError:
            return
        except Exception as error:
            self.complain(f"the console itself failed: {error!r:.200}")
            raise

    @contextmanager
    def _kept_open(self, connection: socket.socket) -> Iterator[None]:
        with self._doors:
            if self.closing.is_set():
                raise ConnectionAbortedError
            self._open.add(connection)
        try:
            yield
        finally:
            with self._doors:
                self._open.discard(connection)


def _hang_up(connection: socket.socket) -> None:
    """Wake whoever reads or writes; past `SSLSocket.shutdown`, which would pull TLS away from under them."""
    try:
        socket.socket.shutdown(connection, socket.SHUT_RDWR)
    except OSError:
        return  # the client was quicker


class _Conversation(BaseHTTPRequestHandler):
    """One client's connection, with one request after another on it."""

    protocol_version = "HTTP/1.1"
    server_version = "demo"
    sys_version = ""
    timeout = IDLE
    disable_nagle_algorithm = True
    server: Server

    def do_GET(self) -> None:
        """Answer a request without a body."""
        self._serve(b"")

    def do_POST(self) -> None:
        """Answer a request with a body of a known length."""
        length = self.headers.get("Content-Length", "")
        if not (length.isascii() and length.isdecimal() and int(length) <= LARGEST_BODY):
            self.close_connection = True
            self.send_error(413 if length else 411)
            return
        body = self.rfile.read(int(length))
        if len(body) < int(length):
            raise ConnectionResetError
        self._serve(body)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """What http.server itself turns down, such as an unknown method, is a complaint as well."""
        self.server.complain(f"HTTP {int(code)}: {message or self.responses[code][0]:.80}")
        super().send_error(code, message, explain)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - http.server's name
        """Say nothing: a demo's output is the bars'."""

    def _serve(self, body: bytes) -> None:
        asked = request(self.command, self.path, self.headers.items(), body)
        self._send(self.server.answer(asked))

    def _send(self, answer: Answer) -> None:
        body = answer.body
        self._wait(answer.delay)
        self.send_response(answer.status)
        for name, value in {**answer.headers, **_framing(body)}.items():
            self.send_header(name, value)
        self.end_headers()
        if isinstance(body, bytes):
            self.wfile.write(body)
        else:
            self._send_chunks(body, delay=answer.delay)

    def _send_chunks(self, pieces: Iterable[bytes], *, delay: float) -> None:
        for piece in filter(None, pieces):  # an empty chunk would be the last one
            self._wait(delay)
            self.wfile.write(b"%x\r\n%b\r\n" % (len(piece), piece))
        self.wfile.write(b"0\r\n\r\n")

    def _wait(self, seconds: float) -> None:
        if self.server.closing.wait(seconds):
            raise ConnectionAbortedError


def _framing(body: bytes | Iterable[bytes]) -> dict[str, str]:
    if isinstance(body, bytes):
        return {"Content-Length": str(len(body))}
    return {"Transfer-Encoding": "chunked"}


POLL = 0.02  # seconds until the accepting thread notices that it is to end


class Console(Account):
    """Both regions' consoles on one port of 127.0.0.1, told apart by what is asked for.

    `with Console() as console:` and `environment` is all that a fetcher needs. How it answers is data of `Account`,
    what it was asked is in `requests`, and why it turned something down is in `refusals`.
    """

    host: str
    """Where it listens, as "127.0.0.1:PORT". There only inside the `with` block, as is `ca_file`."""
    ca_file: str
    """The certificate authority to trust, as a PEM file in a folder of mode 0700."""

    def __init__(self, *, certificate: Certificate | None = None, clock: Callable[[], float] = time.time) -> None:
        """`certificate` stands in for the fresh one of loopback's names; `clock` tells the epoch seconds."""
        super().__init__(clock=clock)
        self._certificate = certificate
        self._requests: list[Request] = []
        self._refusals: list[str] = []
        self._record = Lock()
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        """Make the certificate, listen, serve in a thread of its own."""
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="codingplan-bar-demo-")))
            context = self._trusted_through(folder)
            server = Server(context, self.answer, self.refuse)
            thread = Thread(target=server.serve_forever, args=(POLL,), name="demo console")
            thread.start()
            stack.callback(thread.join)
            stack.callback(server.close)
            self._stack = stack.pop_all()
        self.host = f"127.0.0.1:{server.server_address[1]}"
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Hang up, wait for every thread, remove the folder."""
        self._stack.close()

    @property
    def environment(self) -> dict[str, str]:
        """The variables that lead the real fetcher here, past any proxy, in web mode.

        For API-key mode, put `api_key` into a variable of the provider's.
        """
        direct = "127.0.0.1,localhost,::1"
        return {
            "ALIBABA_CODING_PLAN_HOST": self.host,
            "ALIBABA_CODING_PLAN_COOKIE": self.cookie_header,
            "REQUESTS_CA_BUNDLE": self.ca_file,
            "NO_PROXY": direct,
            "no_proxy": direct,  # where both are set, the one in small letters is heard
        }

    @property
    def requests(self) -> list[Request]:
        """What has arrived so far, the oldest first."""
        with self._record:
            return list(self._requests)

    @property
    def refusals(self) -> list[str]:
        """What was wrong with requests so far, in words without secrets, the oldest first."""
        with self._record:
            return list(self._refusals)

    def forget(self) -> None:
        """Let `requests` and `refusals` begin anew."""
        with self._record:
            self._requests.clear()
            self._refusals.clear()

    def refuse(self, reason: str) -> None:
        """Remember what was wrong with a request."""
        with self._record:
            self._refusals.append(reason)

    def answer(self, request: Request) -> Answer:
        """What the provider says to this request."""
        with self._record:
            self._requests.append(request)
        try:
            return account.answer(request, self)
        except Refused as refused:
            self.refuse(f"{request.method} {request.path:.80}: {refused.reason}")
            return refused.answer

    def _trusted_through(self, folder: Path) -> ssl.SSLContext:
        """The server's side of TLS; its key lies in the private folder only while OpenSSL reads it."""
        certificate = self._certificate or issue(now=time.time())
        authority, server = folder / "authority.pem", folder / "server.pem"
        authority.write_text(certificate.authority)
        server.write_text(certificate.server)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(server)
        server.unlink()
        self.ca_file = str(authority)
        return context
