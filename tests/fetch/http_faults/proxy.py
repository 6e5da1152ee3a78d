"""A proxy on loopback that knows CONNECT, and writes down whom it was asked for."""

from __future__ import annotations

import contextlib
import socket
import threading
from dataclasses import dataclass, field

from .replies import saying
from .server import Server, Talk


@dataclass
class Proxy:
    """`refusal` is said instead of a tunnel."""

    refusal: bytes = b""
    asked: list[str] = field(default_factory=list)
    authorizations: list[str | None] = field(default_factory=list)

    def server(self) -> Server:
        return Server(self.answer)

    def answer(self, talk: Talk) -> None:
        self.asked.append(talk.path)
        self.authorizations.append(talk.headers.get("proxy-authorization"))
        (saying(self.refusal) if self.refusal else tunnel)(talk)


def tunnel(talk: Talk) -> None:
    host, _, port = talk.path.rpartition(":")
    with socket.create_connection((host, int(port)), 5) as target:
        talk.send(b"HTTP/1.1 200 Go on\r\n\r\n")
        back = threading.Thread(target=_pour, args=(target, talk.sock))
        back.start()
        _pour(talk.sock, target)
        back.join(10)


def _pour(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
    with contextlib.suppress(OSError):
        sink.shutdown(socket.SHUT_WR)
