"""A TLS server on loopback that behaves as badly as it is told to."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Self


@dataclass
class Talk:
    """One connection whose request has been read: what came, and the way to answer."""

    sock: socket.socket
    head: str
    body: bytes
    over: threading.Event

    @property
    def path(self) -> str:
        return self.head.split(" ")[1]

    @property
    def headers(self) -> dict[str, str]:
        """Names in lower case; the values as UTF-8."""
        lines = self.head.split("\r\n")[1:]
        return {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}

    def send(self, data: bytes) -> None:
        self.sock.sendall(data)

    def send_for_ever(self, block: bytes) -> None:
        while not self.over.is_set():
            self.sock.sendall(block)

    def trickle(self, data: bytes, pause: float = 0.02) -> None:
        """A byte at a time."""
        for byte in data:
            self.sock.sendall(bytes([byte]))
            if self.over.wait(pause):
                return

    def wait(self) -> None:
        """Say nothing until the test is over."""
        self.over.wait(30)

    def finish(self) -> None:
        """Say good-bye as TLS wants it."""
        with contextlib.suppress(OSError):
            if isinstance(self.sock, ssl.SSLSocket):
                self.sock.unwrap()
            self.sock.shutdown(socket.SHUT_WR)

    def drop(self) -> None:
        """End it without a good-bye."""
        self.sock.shutdown(socket.SHUT_RDWR)

    def reset(self) -> None:
        """End it with a RST."""
        reset(self.sock)


Answering = Callable[[Talk], None]
Greeting = Callable[["Server", socket.socket], socket.socket]


@dataclass
class Server:
    """Listens while the `with` lasts. `greeting` makes a connection of what was accepted, `answering` does the rest."""

    answering: Answering
    context: ssl.SSLContext | None = None
    greeting: Greeting | None = None
    talks: list[Talk] = field(default_factory=list)
    connections: int = 0
    over: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Self:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        for sock in list(self._open):
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
        for thread in list(self._threads):
            thread.join(5)
            assert not thread.is_alive()
        self._listener.close()

    @property
    def port(self) -> int:
        return self._listener.getsockname()[1]

    def url(self, path: str = "/") -> str:
        return f"https://localhost:{self.port}{path}"

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                accepted, _ = self._listener.accept()
                self.connections += 1
                self._open.append(accepted)
                self._threads.append(threading.Thread(target=self._serve, args=(accepted,)))
                self._threads[-1].start()

    def _serve(self, accepted: socket.socket) -> None:
        accepted.settimeout(10)
        accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # else each answer takes 40 ms
        sock = accepted
        try:
            sock = self.greeting(self, accepted) if self.greeting else self._handshake(accepted)
            talk = Talk(sock, *_read_request(sock), self.over)
            self.talks.append(talk)
            self.answering(talk)
            talk.finish()
        except (OSError, ValueError):
            pass  # the client has had enough, or the behaviour was to break off
        finally:
            sock.close()
            accepted.close()

    def _handshake(self, accepted: socket.socket) -> socket.socket:
        if self.context is None:
            return accepted
        sock = self.context.wrap_socket(accepted, server_side=True)
        self._open.append(sock)
        return sock


def _read_request(sock: socket.socket) -> tuple[str, bytes]:
    received = b""
    while b"\r\n\r\n" not in received:
        if not (more := sock.recv(65536)):
            raise ConnectionError
        received += more
    head, _, body = received.partition(b"\r\n\r\n")
    text = head.decode()
    length = next((int(line[15:]) for line in text.split("\r\n") if line.lower().startswith("content-length:")), 0)
    while len(body) < length:
        body += sock.recv(65536)
    return text, body


def reset(sock: socket.socket) -> None:
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    raw = socket.socket(fileno=sock.detach())  # a TLS socket would say good-bye first
    raw.close()
