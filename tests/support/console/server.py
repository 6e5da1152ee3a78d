"""An HTTPS server on loopback that passes each request to a function and its answer back."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from socketserver import ThreadingTCPServer
from threading import Event, Lock
from typing import Any

from support.console.wire import Answer, Request, request

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
